"""All measures of one world and its twin, as the tables that a result folder holds."""

from collections import Counter

from sim.measures import attribution, causal_effects, community, dashboard, indirect, spillover, work
from sim.measures.quarters import quarters
from sim.model.calendar import HOURS_PER_WEEK, SECONDS_PER_HOUR
from sim.model.record import Columns, Record
from sim.scenario.schema import Scenario


def outcomes(
    scenario: Scenario,
    record: Record,
    twin: Record,
    deals: Columns,
    by_source: Columns,
    new_deals: int,
    third: Record | None = None,
) -> dict[str, float]:
    """Build the row of outcomes: what the hours bought, what records show of it, and what they do not."""
    window, margin = causal_effects.Window.of(scenario), scenario.sales.margin
    row = dashboard.hours_and_cost(record, scenario)
    row |= causal_effects.net_deals(record, twin, window, margin)
    row |= causal_effects.net_selling(record, twin, scenario, window)
    for when in ("", "_by_horizon"):
        for estimator in ("", "_expected"):
            row[f"net_margin{when}{estimator}"] -= row[f"net_selling_cost{when}{estimator}"]
    row |= causal_effects.net_renewals(record, twin, window, margin)
    row |= spillover.divided(row, third, twin, window, margin)
    row |= causal_effects.value_ahead(record, twin, scenario)
    spent = row["cost"] + row["alternative"]
    for estimator in ("", "_expected"):
        row[f"net_return_deals{estimator}"] = row[f"net_margin{estimator}"] - spent
        row[f"gross_return{estimator}"] = row[f"net_margin{estimator}"] + row[f"net_renewal_margin{estimator}"]
        row[f"net_return{estimator}"] = row[f"net_return_deals{estimator}"] + row[f"net_renewal_margin{estimator}"]
    row["net_return_deals_by_horizon_expected"] = row["net_margin_by_horizon_expected"] - spent
    labels, netted = Counter(deals["label"]), Counter(deals["net_label"])
    row |= {f"gross_{label}": float(labels[label]) for label in causal_effects.LABELS}
    row |= {f"netted_{label}": float(netted[label]) for label in (*causal_effects.LABELS, causal_effects.ANOTHER_NEED)}
    row |= dashboard.audience(record, window)
    row |= dashboard.leads(record, window)
    row |= dashboard.credit(by_source)
    row["deals_of_new_leads"] = float(new_deals)
    row |= dashboard.measured_return(row, margin)
    row |= indirect.presence(record, twin, window)
    row |= indirect.credibility(record, twin, window)
    row |= indirect.loyalty(record, twin, window)
    row |= indirect.dialogue(record, window)
    row |= indirect.service(record, window)
    row |= indirect.sales_without_touch(deals)
    row |= indirect.signals(record, window, scenario.weak_signals.share_of_ideas_used)
    row |= indirect.crises(record, twin, window)
    row |= community.turnover(record, window)
    row |= community.participation(record, window)
    row |= indirect.research(record, twin, window)
    row |= indirect.hearsay(record, twin, window)
    row["no_decision_share"] = causal_effects.no_decision_share(record, window)
    row["needs_cut"] = causal_effects.needs_cut(record, twin, window)
    row["run_off_weeks"] = record.run_off_hours / HOURS_PER_WEEK
    return row


def hours_by_activity(scenario: Scenario, record: Record) -> Columns:
    """Sum hours of the window by member and activity; with switching and idle they are the hours given."""
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


def evaluate(
    scenario: Scenario, record: Record, twin: Record, *, third: Record | None = None, in_detail: bool = False
) -> dict[str, Columns]:
    """Build the tables of one replication of one point; blocks of work and single messages only if `in_detail`.

    `third` is the world whose sales load, word of mouth and crises are the twin's, if direct effects are asked for.
    """
    window = causal_effects.Window.of(scenario)
    deals = causal_effects.paired_deals(record, twin, window)
    kept = set(zip(deals["account"], deals["need"], strict=True))
    leads = attribution.leads(record, window)
    shares = attribution.credit_shares(leads, scenario.measurement.attribution)
    by_source = attribution.by_source(leads, shares)
    new_deals = sum(lead.won and lead.is_new for lead in leads)
    row = outcomes(scenario, record, twin, deals, by_source, new_deals, third)
    seen = record if in_detail else Record()
    return {
        "outcomes": {name: [value] for name, value in row.items()},
        "deals": deals | attribution.to_social(deals, leads, shares),
        "credits": by_source,
        "touches": attribution.touches(leads),
        "decisions": causal_effects.decisions(record, twin, kept),
        "renewals": causal_effects.paired_renewals(record, twin, window),
        "service": work.service(scenario, record, twin, window),
        "hours": hours_by_activity(scenario, record),
        "weeks": work.weeks(record, scenario.measurement.lag_weeks),
        "quarters": quarters(scenario, record, twin),
        "stages": work.stages(record, window),
        "pieces": work.pieces(record, window),
        "replies": work.replies(record, window),
        "blocks": work.blocks(seen),
        "messages": work.messages(seen),
    }
