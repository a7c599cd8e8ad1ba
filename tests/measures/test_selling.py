"""What sellers' hours cost: worked by hand, in closed form, and the same in all tables."""

import math

import pytest

from sim.analysis.cash_flow import Quarters
from sim.experiment import Plan, Point, execute
from sim.measures.causal_effects import Window, selling
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.record import Record
from sim.model.twin import twin_of
from sim.scenario import apply
from tests.small import small
from tests.worlds import NO_HEARSAY, Only, changed, scenario

HOURS = {"first": 2.0, "second": 5.0}
TWO_STAGES = {
    "stages": Only(
        first={"pass_share": 0.5, "share_of_cycle": 0.5, "seller_hours": HOURS["first"]},
        second={"pass_share": 0.8, "share_of_cycle": 0.5, "seller_hours": HOURS["second"]},
    ),
    "seller_cost_per_hour": 10.0,
}
EVER = Window(0.0, 100 * HOURS_PER_WEEK)


def costs(steps, *, opens_at=1.0, window=EVER):
    """The cost of one need, from its steps: name, time in hours, chance and draw."""
    record = Record()
    names, times, chances, draws = (list(column) for column in zip(*steps, strict=True))
    given = {"opens_at": opens_at, "steps": names, "decided_at": times, "p": chances, "u": draws}
    record.needs.add(tuple(given.get(column) for column in record.needs.columns))
    return selling(record, scenario(sales=TWO_STAGES), window)


def test_each_stage_costs_as_much_as_its_chance_to_be_worked_on():
    found = costs([("shortlist", 10.0, 0.25, 0.1), ("first", 20.0, 0.5, 0.9), ("second", 30.0, 0.8, 0.1)])
    assert found.ended_at.tolist() == [20.0, 30.0]
    assert found.expected.tolist() == [0.25 * 20.0, 0.25 * 0.5 * 50.0]
    assert found.realised.tolist() == [20.0, 0.0], "the first stage was worked on, and lost"


def test_a_deal_that_stands_still_has_been_worked_on():
    found = costs([("shortlist", 10.0, 0.5, 0.1), ("first wakes", 20.0, 0.4, 0.9), ("first", 20.0, 0.5, 0.1)])
    assert found.expected.tolist() == [0.5 * 20.0]
    assert found.realised.tolist() == [20.0]


def test_who_is_not_on_the_shortlist_costs_nothing():
    assert costs([("shortlist", 10.0, 0.25, 0.9), ("first", 20.0, 0.5, 0.1)]).realised.tolist() == [0.0]


def test_what_was_over_by_the_first_day_is_no_cost_and_the_rest_of_its_deal_is():
    found = costs([("shortlist", -30.0, 1.0, 0.1), ("first", -5.0, 1.0, 0.1), ("second", 30.0, 0.8, 0.1)], opens_at=-60.0)
    assert (found.ended_at.tolist(), found.expected.tolist()) == ([30.0], [50.0])


def test_needs_of_the_warm_up_cost_nothing():
    steps = [("shortlist", 10.0, 0.25, 0.1), ("first", 20.0, 0.5, 0.1)]
    assert len(costs(steps, window=Window(5.0, 100.0)).expected) == 0
    assert len(costs(steps, opens_at=6.0, window=Window(5.0, 100.0)).expected) == 1


def test_the_cost_of_a_need_is_the_sum_over_stages_of_the_shares_before():
    """Without social media, hearsay and rivals: share shortlisted x (2 + 0.5 x 5) hours x 10 per need, within 3 %."""
    still = scenario(
        sales=TWO_STAGES,
        team={"hours_per_week": 0.0},
        market={"accounts": 4000, "rivals": {"pressure": 0.0, "switching_odds": 1.0}} | NO_HEARSAY,
    )
    record = simulate(still, 3, 0)
    mine = [row for row in zip(record.needs.column("opens_at"), strict=True) if row[0] >= 0.0]
    found = selling(record, still, Window(1e-9, math.inf))
    expected = still.market.shortlist.share_without_social * (2.0 + 0.5 * 5.0) * 10.0
    assert found.expected.sum() / len(mine) == pytest.approx(expected, rel=0.03)
    assert found.realised.sum() == pytest.approx(found.expected.sum(), rel=0.15)


def test_outcomes_and_quarters_take_the_same_off_the_margin(tmp_path):
    free = apply(small(), {"team.hours_per_week": 20.0})
    paid = apply(free, {f"sales.stages.{name}.seller_hours": 4.0 for name in free.sales.stages})
    assert twin_of(paid) != twin_of(free)
    results = execute(Plan("x", (Point("free", free), Point("paid", paid)), 2, seed=3), tmp_path / "x")
    outcomes = results.table("outcomes")
    ours, others = (outcomes[outcomes["point"] == point].reset_index(drop=True) for point in (1, 0))
    for estimator in ("", "_expected"):
        selling_cost = ours[f"net_selling_cost{estimator}"]
        assert ours[f"selling_cost{estimator}"].min() > 1000.0
        assert (others[f"net_selling_cost{estimator}"] == 0.0).all()
        for what in ("net_margin", "net_return", "net_return_deals", "gross_return"):
            lost = others[f"{what}{estimator}"] - ours[f"{what}{estimator}"]
            assert lost.tolist() == pytest.approx(selling_cost.tolist()), what
        by_quarter = Quarters.of(results, 1, to_the_end=True).net_return(estimator)[:, -1]
        assert by_quarter.tolist() == pytest.approx(ours[f"net_return{estimator}"].tolist())


def test_a_stage_without_hours_costs_nothing():
    unpaid = changed(scenario(sales=TWO_STAGES), sales={"seller_cost_per_hour": 0.0})
    assert len(selling(simulate(twin_of(unpaid), 1, 0), unpaid, EVER).expected) == 0
