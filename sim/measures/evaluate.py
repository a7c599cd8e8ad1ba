"""All measures of one world and its twin, as the tables that a result folder holds."""

from collections import Counter

from sim.measures import dashboard, indirect, truth
from sim.model.calendar import HOURS_PER_WEEK, SECONDS_PER_HOUR
from sim.model.record import Columns, Record
from sim.scenario.schema import Scenario


def outcomes(scenario: Scenario, record: Record, twin: Record, deals: Columns) -> dict[str, float]:
    """One row: what the hours bought, what records show of it, and what they do not."""
    window, margin = truth.Window.of(scenario), scenario.sales.margin
    row = dashboard.hours_and_cost(record, scenario)
    row |= truth.net_deals(record, twin, window, margin)
    row |= truth.net_renewals(record, twin, window, margin)
    spent = row["cost"] + row["alternative"]
    for estimator in ("", "_expected"):
        row[f"net_return_deals{estimator}"] = row[f"net_margin{estimator}"] - spent
        row[f"net_return{estimator}"] = row[f"net_return_deals{estimator}"] + row[f"net_renewal_margin{estimator}"]
    row["net_return_deals_by_horizon_expected"] = row["net_margin_by_horizon_expected"] - spent
    labels, netted = Counter(deals["label"]), Counter(deals["net_label"])
    row |= {f"gross_{label}": float(labels[label]) for label in truth.LABELS}
    row |= {f"netted_{label}": float(netted[label]) for label in (*truth.LABELS, truth.ANOTHER_NEED)}
    row |= dashboard.audience(record, window)
    row |= dashboard.leads(record, window)
    row |= dashboard.credit(record, window)
    row |= dashboard.measured_return(row, margin)
    row |= indirect.presence(record, twin, window)
    row |= indirect.loyalty(record, twin, window)
    row |= indirect.dialogue(record, window)
    row |= indirect.sales_without_touch(deals)
    row["run_off_weeks"] = record.run_off_hours / HOURS_PER_WEEK
    return row


def hours_by_activity(scenario: Scenario, record: Record) -> Columns:
    """Hours of the window by member and activity; with switching and idle they sum to the hours given."""
    seconds: Counter[tuple[str, str]] = Counter()
    for week, member, activity, spent, _ in record.hours.rows:
        if week >= scenario.time.warm_up_weeks:
            seconds[member, activity] += spent
    rows = sorted(seconds.items())
    return {
        "member": [member for (member, _), _ in rows],
        "activity": [activity for (_, activity), _ in rows],
        "hours": [spent / SECONDS_PER_HOUR for _, spent in rows],
    }


def evaluate(scenario: Scenario, record: Record, twin: Record) -> dict[str, Columns]:
    """The tables of one replication of one point: outcomes, deals, decisions, renewals, hours, weeks."""
    window = truth.Window.of(scenario)
    deals = truth.paired_deals(record, twin, window)
    kept = set(zip(deals["account"], deals["need"], strict=True))
    row = outcomes(scenario, record, twin, deals)
    return {
        "outcomes": {name: [value] for name, value in row.items()},
        "deals": deals,
        "decisions": truth.decisions(record, twin, tuple(scenario.sales.stages), kept),
        "renewals": truth.paired_renewals(record, twin, window),
        "hours": hours_by_activity(scenario, record),
        "weeks": record.weeks.as_columns(),
    }
