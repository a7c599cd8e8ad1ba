"""Quarters add up to the results, and the dashboard's quarters to the ledger."""

import math
from functools import cache

import numpy as np
import pytest

from sim.measures import evaluate
from sim.measures.quarters import ARMS, WEEKS_PER_QUARTER, of_quarter, quarters
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.twin import twin_of
from tests.worlds import changed, rows, scenario

HOURS = scenario(
    team={"hours_per_week": 20.0},
    time={"horizon_weeks": 104},
    market={"accounts": 600, "customers": 100, "segments": {"all": {"needs_per_year": 0.5}}, "contact": {"social": 2.0}},
)
SUMS = (
    "deals", "deals_expected", "revenue", "revenue_expected", "renewal_margin", "renewal_margin_expected",
)  # fmt: skip
SAME = ("reach", "interactions", "visits_social", "visits_search", "visits_direct", "hours")


@cache
def worlds():
    """A world and its twin; what is measured changes neither."""
    return simulate(HOURS, 3, 0), simulate(twin_of(HOURS), 3, 0)


@pytest.fixture(params=[0, 30], ids=["all", "after a warm-up"])
def hours(request):
    return changed(HOURS, time={"warm_up_weeks": request.param})


def test_quarters_add_up_to_the_outcomes(hours):
    """Exactly for what is counted in whole units; to rounding for what is weighed. Those that the run-off cuts are in none."""
    tables = evaluate(hours, *worlds())
    found, outcome = tables["quarters"], {name: column[0] for name, column in tables["outcomes"].items()}
    for name in SUMS:
        for prefix in ("", "twin_"):
            assert math.fsum(found[prefix + name]) == pytest.approx(outcome[prefix + name], rel=1e-12), prefix + name
    assert sum(found["deals"]) == outcome["deals"] > 10
    assert sum(found["revenue"]) == outcome["revenue"]
    assert math.fsum(found["spent"]) == pytest.approx(outcome["cost"] + outcome["alternative"], rel=1e-12)
    assert sum(found["renewal_decisions"]) == outcome["renewals_due"]
    if not hours.time.warm_up_weeks:
        for name in (*SAME, "deals_last_touch", "revenue_first_touch", "leads_organic_social", "qualified_referrals"):
            assert math.fsum(found[name]) == pytest.approx(outcome[name], rel=1e-12), name
        shown = [sum(found[f"shortlist_{what}"]) for what in ("chances", "decisions")]
        assert shown[0] / shown[1] == pytest.approx(outcome["shortlist_share"], rel=1e-12)


def test_a_deal_is_in_the_quarter_in_which_it_ended():
    record, twin = worlds()
    found = quarters(HOURS, record, twin)
    for prefix, world in (("", record), ("twin_", twin)):
        for quarter, count in enumerate(found[f"{prefix}deals"]):
            begins, ends = (number * WEEKS_PER_QUARTER * HOURS_PER_WEEK for number in (quarter, quarter + 1))
            assert count == sum(row["won"] and begins <= row["ended_at"] < ends for row in rows(world.needs))
    assert of_quarter(np.array([0.0, 13 * HOURS_PER_WEEK - 1e-9, 13 * HOURS_PER_WEEK])).tolist() == [0, 0, 1]


@pytest.mark.parametrize("lag", [0, 4, 13])
def test_the_crm_shows_what_happened_a_lag_later(lag):
    """Leads and deals, counted from the record by the moment at which they are entered; web tools show theirs at once."""
    late = changed(HOURS, measurement={"lag_weeks": lag})
    record, twin = worlds()
    found, at_once = quarters(late, record, twin), quarters(changed(HOURS, measurement={"lag_weeks": 0}), record, twin)
    for name, moment, counts in (
        ("leads_all", "lead_at", lambda row: row["recorded_source"] != ""),
        ("deals_all", "closed_at", lambda row: row["won"]),
    ):
        entered = [int(row[moment] // HOURS_PER_WEEK) + lag for row in rows(record.needs) if counts(row) and row[moment] >= 0.0]
        expected = np.bincount(np.array(entered) // WEEKS_PER_QUARTER, minlength=len(found["quarter"]))
        assert found[name] == expected.tolist()
    assert sum(found["leads_all"]) == sum(
        sum(found[f"leads_{source}"])
        for source in ("organic_social", "organic_search", "direct_traffic", "referrals", "offline_sources")
    )
    count = len(at_once["quarter"])
    assert found["visits_social"][:count] == at_once["visits_social"]
    if lag == WEEKS_PER_QUARTER:
        assert found["leads_all"][1 : count + 1] == at_once["leads_all"]


def test_the_arms_of_a_hold_out_test_are_halves_of_the_two_worlds():
    record, twin = worlds()
    found = {name: sum(values) for name, values in quarters(HOURS, record, twin).items() if name in ARMS}
    for arm, world, half in (("arm", record, 0), ("held_out", twin, 1), ("twin_arm", twin, 0)):
        mine = [row for row in rows(world.needs) if row["account"] % 2 == half]
        assert found[f"{arm}_deals"] == sum(row["won"] for row in mine)
        assert found[f"{arm}_leads"] == sum(row["recorded_source"] != "" and row["lead_at"] >= 0.0 for row in mine)


def test_followers_are_those_at_the_end_of_the_quarter_and_none_after_the_horizon():
    record, twin = worlds()
    found = quarters(HOURS, record, twin)["followers"]
    weeks = record.weeks.as_columns()["followers"]
    assert found[:8] == weeks[12::13]
    assert all(math.isnan(one) for one in found[8:])


@pytest.mark.parametrize("lag", [0, 3])
def test_weeks_show_what_quarters_sum(lag):
    late = changed(HOURS, measurement={"lag_weeks": lag})
    tables = evaluate(late, *worlds())
    for name in ("leads_organic_social", "qualified_offline_sources", "deals_last_touch", "revenue_first_touch", "deals_all"):
        weeks, quarter = np.array(tables["weeks"][name]), tables["quarters"][name]
        assert weeks.reshape(8, 13).sum(axis=1) == pytest.approx(quarter[:8])
    assert sum(tables["weeks"]["leads_organic_social"]) > 0
