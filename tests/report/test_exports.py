import pandas as pd
import pytest

from sim.analysis.frames import by_point
from sim.experiment import Plan, execute
from sim.experiment.designs import grid
from sim.report.export import tools
from sim.scenario import apply
from tests.small import small, small_results


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("exports") / "run", 3, "team.hours_per_week=0,20")


def test_a_market_without_accounts_has_no_touch_to_export(tmp_path):
    nobody = apply(small(), {"market.accounts": 0, "market.customers": 0})
    found = execute(Plan("nobody", grid(nobody, ["team.hours_per_week=20"]), 1, 1), tmp_path / "run")
    for export in tools.EXPORTS.values():
        assert list(export.rows(found).columns) == list(export.columns)
    assert tools.attribution(found).empty
    assert tools.marketing_mix(found)["sales"].eq(0.0).all()


@pytest.mark.parametrize("name", tools.EXPORTS)
def test_every_column_is_in_the_dictionary(results, tmp_path, name):
    data, dictionary = tools.write(results, name, tmp_path / "out")
    assert list(pd.read_csv(data).columns) == list(tools.EXPORTS[name].columns)
    words = pd.read_csv(dictionary)
    assert words["column"].tolist()[1:] == list(tools.EXPORTS[name].columns)
    assert words["meaning"].str.len().min() > 10
    assert any(meaning.startswith("truth:") for meaning in words["meaning"])


def test_weekly_sales_are_the_deals_that_closed_by_the_horizon(results):
    frame = tools.marketing_mix(results)
    assert len(frame) == 2 * 3 * 40
    for point in range(2):
        outcomes = by_point(results)[point].set_index("replication")
        mine = frame[frame["point"] == point].groupby("replication").sum(numeric_only=True)
        for world in range(3):
            assert mine["sales"].loc[world] == outcomes["revenue_by_horizon"].loc[world]
            assert mine["sales_at_zero_hours"].loc[world] == outcomes["twin_revenue_by_horizon"].loc[world]
            assert mine["true_contribution"].loc[world] == outcomes["net_revenue_by_horizon"].loc[world]
            assert mine["hours"].loc[world] == pytest.approx(outcomes["hours"].loc[world])
            assert mine["reach"].loc[world] == pytest.approx(outcomes["reach"].loc[world])
    assert frame["date"].iloc[:2].tolist() == ["2012-01-02", "2012-01-09"]


def test_paths_hold_every_lead_with_what_it_was_worth_and_what_was_true(results):
    frame = tools.attribution(results)
    leads = frame.drop_duplicates(["point", "replication", "lead"])
    for point in range(2):
        outcomes = by_point(results)[point].set_index("replication")
        mine = leads[leads["point"] == point].groupby("replication").sum(numeric_only=True)
        for world in range(3):
            assert mine["value"].loc[world] == outcomes["revenue"].loc[world]
            assert mine["converted"].loc[world] == outcomes["deals"].loc[world]
    zero = leads[leads["point"] == 0]
    assert zero["true_increment"].tolist() == [0.0] * len(zero)
    deals = results.table("deals")
    mine = deals[(deals["point"] == 1) & deals["won"]]
    won = leads[(leads["point"] == 1) & (leads["converted"] == 1)]
    assert won["true_increment"].sum() == mine["true_money"].sum()
    for _, journey in frame.groupby(["point", "replication", "lead"]):
        assert journey["time"].is_monotonic_increasing
        assert journey["touch"].tolist() == list(range(len(journey)))
    credit = frame[(frame["converted"] == 1) & (frame["touch"] == 0) & (frame["source"] == "organic_social")]
    outcomes = by_point(results)
    assert credit["value"].sum() == sum(one["revenue_first_touch"].sum() for one in outcomes)
