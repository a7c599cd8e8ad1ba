import math

import numpy as np
import pandas as pd
import pytest

from sim.analysis import cash_flow, indirect
from sim.analysis.frames import by_point
from tests.small import small_results


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("quarters") / "run", 4, "team.hours_per_week=0,20")


def test_money_by_quarter_adds_up_to_the_net_return(results):
    """All quarters of the 40 weeks and of the run-off together; the band and the chance are those of single worlds."""
    table = cash_flow.money(results, 1)
    outcomes = by_point(results)[1]
    last = table.iloc[-1]
    assert last["net_return_so_far"] == pytest.approx(outcomes["net_return_expected"].mean())
    assert table["spent"].sum() == pytest.approx(outcomes["cost"].mean())
    assert table["net_margin_deals"].sum() == pytest.approx(outcomes["net_margin_expected"].mean())
    assert table["net_margin_renewals"].sum() == pytest.approx(outcomes["net_renewal_margin_expected"].mean())
    assert last["broken_even"] == (outcomes["net_return"] > 0).mean()
    low, high = np.quantile(outcomes["net_return"], [0.05, 0.95])
    assert (last["world_low"], last["world_high"]) == pytest.approx((low, high))
    assert table["months"].tolist() == [3 * number for number in range(1, len(table) + 1)]
    assert table["in_run_off"].tolist() == [number > 4 for number in range(1, len(table) + 1)], "40 weeks are in four quarters"


def test_zero_hours_break_even_never_and_cost_nothing(results):
    table = cash_flow.money(results, 0)
    assert table["net_return_so_far"].tolist() == [0.0] * len(table)
    assert set(table["broken_even"]) == {0.0}
    assert cash_flow.break_even_quarter(table) is None


@pytest.mark.parametrize(
    ("so_far", "quarter"),
    [([-1.0, 2.0, 3.0], 2), ([1.0, -2.0, 3.0], 3), ([1.0, 2.0, -3.0], None), ([1.0, 2.0, 3.0], 1), ([-1.0, 0.0], None)],
)
def test_break_even_is_the_first_quarter_from_which_the_mean_stays_above_zero(so_far, quarter):
    table = pd.DataFrame({"quarter": range(1, len(so_far) + 1), "net_return_so_far": so_far})
    assert cash_flow.break_even_quarter(table) == quarter


def test_the_dashboard_of_quarters_is_that_of_the_outcomes(results):
    board, outcomes = cash_flow.dashboard(results, 1), by_point(results)[1]
    for column in (
        "reach",
        "interactions",
        "visits_social",
        "leads_organic_social",
        "leads_offline_sources",
        "revenue_last_touch",
    ):
        assert board[column].sum() == pytest.approx(outcomes[column].mean()), column
    assert board["followers"].iloc[3] == outcomes["followers"].mean()
    assert math.isnan(board["followers"].iloc[-1])


def test_indirect_effects_through_time_come_to_those_of_the_whole(results):
    series = {one.column: one for one in indirect.over_time(results, 1)}
    found, outcomes = cash_flow.Quarters.of(results, 1), by_point(results)[1]
    assert series["followers"].ours[-1] == outcomes["followers"].mean()
    chances = found["shortlist_chances"].sum(axis=1) / found["shortlist_decisions"].sum(axis=1)
    assert chances == pytest.approx(outcomes["shortlist_share"].to_numpy())
    missed = indirect._caused_without_touch(results, 1, found)
    assert missed.sum(axis=1).tolist() == outcomes["caused_without_touch"].tolist()
    for one in series.values():
        known = ~np.isnan(one.ours)
        assert ((one.low <= one.ours) | np.isnan(one.low))[known].all()
        if one.is_share:
            assert np.nanmax(one.high) <= 1.0
