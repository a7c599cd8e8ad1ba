"""Quarter by quarter: money in both worlds, what the dashboard shows, and what no dashboard does. See docs/measures.md.

A quarter is 13 weeks from the first day. Sums over quarters are those of the outcomes: every deal and renewal that a result
counts falls into one, by the moment at which it ended or was due.
"""

import math
from collections.abc import Mapping

import numpy as np

from sim.measures.causal_effects import Array, Window, selling
from sim.model.calendar import HOURS_PER_WEEK, SECONDS_PER_HOUR
from sim.model.dialogue import ANSWERED, MISSED, OWN_DOING
from sim.model.ledger import CREDIT, SOURCES
from sim.model.needs import FIRST_DAY
from sim.model.record import Columns, Record, each
from sim.scenario.schema import Scenario, hours_policy

WEEKS_PER_QUARTER = hours_policy.WEEKS_PER_QUARTER
QUARTERS_PER_YEAR = 4
NET = (
    "revenue_expected",
    "twin_revenue_expected",
    "selling_cost_expected",
    "twin_selling_cost_expected",
    "renewal_margin_expected",
    "twin_renewal_margin_expected",
    "spent",
)  # columns that make the net return
COUNTED = ("reach", "interactions", "visits_social", "visits_search", "visits_direct")  # by platforms and web tools
RECORDED = (
    *(f"{what}_{source}" for what in ("leads", "qualified") for source in SOURCES),
    *(f"{what}_{model}" for what in ("deals", "revenue") for model in CREDIT),
)  # by the CRM, and so later by the lag
ALL = ("leads_all", "deals_all", "revenue_all")  # by the CRM, from any source
ARMS = tuple(f"{arm}_{what}" for arm in ("arm", "held_out", "twin_arm") for what in ("leads", "deals"))
WORLDS = (
    "deals", "deals_expected", "revenue", "revenue_expected", "selling_cost", "selling_cost_expected",
    "renewal_margin", "renewal_margin_expected",
    "shortlist_decisions", "shortlist_chances", "renewal_decisions", "renewal_chances",
)  # fmt: skip


def quarters(scenario: Scenario, record: Record, twin: Record) -> Columns:
    """Return one row per quarter, from the first to the one in which the CRM shows the last deal of either world."""
    window = Window.of(scenario)
    run_off = max(record.run_off_hours, twin.run_off_hours) / HOURS_PER_WEEK
    count = int((scenario.time.horizon_weeks + run_off + scenario.measurement.lag_weeks) / WEEKS_PER_QUARTER) + 1
    columns: dict[str, Array] = {"quarter": np.arange(count)}
    columns |= _spent(scenario, record, count)
    columns |= _dashboard(scenario, record, count)
    columns |= _messages(record, window, count)
    columns |= _arms(record, twin, count)
    columns |= {f"twin_{name}": _recorded(scenario, twin, name, count) for name in ALL}
    for prefix, world in (("", record), ("twin_", twin)):
        found = _deals(world, window, count) | _renewals(world, window, scenario.sales.margin, count)
        found |= _chances(world, window, count)
        costs = selling(world, scenario, window)
        found["selling_cost"] = _sums(costs.ended_at, costs.realised, count)
        found["selling_cost_expected"] = _sums(costs.ended_at, costs.expected, count)
        columns |= {f"{prefix}{name}": found[name] for name in WORLDS}
    return {name: values.tolist() for name, values in columns.items()}


def of_quarter(times: Array) -> Array:
    """Return the quarter of each moment (hours), shape (moments,)."""
    return (times // (WEEKS_PER_QUARTER * HOURS_PER_WEEK)).astype(int)


def discounted(by_quarter: Mapping[str, Array], margin: float, rate: float) -> float:
    """Return the net return (expected) of a world, in which every quarter counts the less, the later it is.

    `by_quarter` holds the columns `NET`, shape (quarters,). Money of a quarter is taken to fall in its middle; a year later it
    counts 1 / (1 + rate) as much. At a rate of 0 that is the net return.
    """
    revenue, selling, renewals = (
        by_quarter[f"{name}_expected"] - by_quarter[f"twin_{name}_expected"]
        for name in ("revenue", "selling_cost", "renewal_margin")
    )
    flows = margin * revenue - selling + renewals - by_quarter["spent"]
    return float((flows / (1.0 + rate) ** years_at(len(flows))).sum())


def years_at(quarters: int) -> Array:
    """Return the years from the first day to the middle of each quarter, shape (quarters,)."""
    return (np.arange(quarters) + 0.5) / QUARTERS_PER_YEAR


def _sums(times: Array, amounts: Array | None, count: int) -> Array:
    """Sum amounts (or count moments) by quarter, shape (count,)."""
    return np.bincount(of_quarter(times), weights=amounts, minlength=count)[:count].astype(float)


def _spent(scenario: Scenario, record: Record, count: int) -> dict[str, Array]:
    """Sum hours, and what they and other expenses cost, over the weeks that count."""
    columns = record.hours.as_columns("week", "seconds", "cost_per_hour")
    week = np.array(columns["week"], dtype=float)
    counted = week >= scenario.time.warm_up_weeks
    seconds = np.array(columns["seconds"], dtype=float)[counted]
    at = week[counted] * HOURS_PER_WEEK
    rate = np.array(columns["cost_per_hour"], dtype=float)[counted] + scenario.presence.alternative_use_per_hour
    expenses = record.expenses.as_columns("week", "amount")
    spent_in = np.array(expenses["week"], dtype=float)
    beside = spent_in >= scenario.time.warm_up_weeks
    amounts = np.array(expenses["amount"], dtype=float)[beside]
    return {
        "hours": _sums(at, seconds, count) / SECONDS_PER_HOUR,
        "spent": _sums(at, seconds * rate, count) / SECONDS_PER_HOUR + _sums(spent_in[beside] * HOURS_PER_WEEK, amounts, count),
    }


def _dashboard(scenario: Scenario, record: Record, count: int) -> dict[str, Array]:
    """Return each quarter's reports: platforms and web tools at once, the CRM with its lag, followers at its end."""
    weeks = record.weeks.as_columns("week", "followers", *COUNTED)
    begins = np.array(weeks["week"], dtype=float) * HOURS_PER_WEEK
    followers = np.full(count, math.nan)
    for quarter, number in zip(of_quarter(begins), weeks["followers"], strict=True):
        followers[quarter] = number
    found = {"followers": followers}
    found |= {name: _sums(begins, np.array(weeks[name], dtype=float), count) for name in COUNTED}
    return found | {name: _recorded(scenario, record, name, count) for name in (*RECORDED, *ALL)}


def _recorded(scenario: Scenario, world: Record, name: str, count: int) -> Array:
    """Sum amounts in the ledger by when the CRM shows them."""
    what, of = name.split("_", 1)
    kept = [world.ledger[f"{what}/{of}"]] if f"{what}/{of}" in world.ledger else [
        world.ledger[f"{what}/{source}"] for source in SOURCES
    ]  # fmt: skip
    amounts = np.array(kept).sum(axis=0)
    return _sums((np.arange(len(amounts)) + scenario.measurement.lag_weeks) * HOURS_PER_WEEK, amounts, count)


def _arms(record: Record, twin: Record, count: int) -> dict[str, Array]:
    """Return leads and deals of an ideal hold-out test in which every second account is as in the twin.

    An ideal test, as nothing leaks from one arm to the other. `twin_arm` is the arm that is not held out, at zero hours.
    """
    found: dict[str, Array] = {}
    for name, world, half in (("arm", record, 0), ("held_out", twin, 1), ("twin_arm", twin, 0)):
        columns = world.needs.as_columns("account", "lead_at", "closed_at", "won", "recorded_source")
        mine = np.array(columns["account"], dtype=int) % 2 == half
        lead_at = np.array(columns["lead_at"], dtype=float)
        is_lead = mine & (np.array(columns["recorded_source"]) != "") & (lead_at >= FIRST_DAY)
        won = mine & np.array(columns["won"], dtype=bool)
        found[f"{name}_leads"] = _sums(lead_at[is_lead], None, count)
        found[f"{name}_deals"] = _sums(np.array(columns["closed_at"], dtype=float)[won], None, count)
    return found


def _messages(record: Record, window: Window, count: int) -> dict[str, Array]:
    """Count messages that want an answer by when they were settled."""
    settled = [
        (at, outcome == ANSWERED)
        for kind, opened, at, outcome in each(record.conversations, "kind", "opened_at", "settled_at", "outcome")
        if outcome in (ANSWERED, MISSED) and kind not in OWN_DOING and opened >= window.begins
    ]
    times, answered = (np.array([one[part] for one in settled], dtype=float) for part in (0, 1))
    return {"messages": _sums(times, None, count), "messages_answered": _sums(times, answered, count)}


def _deals(world: Record, window: Window, count: int) -> dict[str, Array]:
    """Sum deals and their first-year value by when they ended, without needs that the run-off cut."""
    columns = world.needs.as_columns("opens_at", "ended_at", "value", "won", "weight")
    opens, ended, value, won, weight = (np.array(column, dtype=float) for column in columns.values())
    counted = (opens >= window.needs_from) & ~np.isnan(ended)
    found = {}
    for estimator, share in (("", won), ("_expected", weight)):
        found[f"deals{estimator}"] = _sums(ended[counted], share[counted], count)
        found[f"revenue{estimator}"] = _sums(ended[counted], (share * value)[counted], count)
    return found


def _renewals(world: Record, window: Window, margin: float, count: int) -> dict[str, Array]:
    """Sum the margin of contracts renewed, by when they were due, and the chances of renewal of those held."""
    columns = world.renewals.as_columns("time", "renewed", "weight", "renewed_value", "expected_value", "held", "p")
    time, renewed, weight, value, expected, held, p = (np.array(column, dtype=float) for column in columns.values())
    counted, kept = time >= window.begins, (time >= window.begins) & (held > 0.0)
    return {
        "renewal_margin": _sums(time[counted], (renewed * value)[counted], count) * margin,
        "renewal_margin_expected": _sums(time[counted], (weight * expected)[counted], count) * margin,
        "renewal_decisions": _sums(time[kept], None, count),
        "renewal_chances": _sums(time[kept], p[kept], count),
    }


def _chances(world: Record, window: Window, count: int) -> dict[str, Array]:
    """Count shortlists drawn up, and sum the chances of the brand to be on them."""
    decided = [
        (times[0], chances[0])
        for opens, times, chances in each(world.needs, "opens_at", "decided_at", "p")
        if opens >= window.needs_from and chances and times[0] >= window.begins
    ]
    at, p = (np.array([one[part] for one in decided], dtype=float) for part in (0, 1))
    return {"shortlist_decisions": _sums(at, None, count), "shortlist_chances": _sums(at, p, count)}
