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
        tools.write(found, export.name, tmp_path / "out")
        for file in export.files:
            assert list(pd.read_csv(tmp_path / "out/point_0/world_0" / file.name).columns) == list(file.columns)
    assert tools.journeys(found).empty
    assert pd.read_csv(tmp_path / "out/point_0/world_0/weeks.csv")["sales"].tolist() == [0.0] * 40


@pytest.mark.parametrize("name", tools.EXPORTS)
def test_every_column_is_in_the_dictionary(results, tmp_path, name):
    written = tools.write(results, name, tmp_path / "out")
    words = pd.read_csv(tmp_path / "out" / f"{name}_dictionary.csv", keep_default_na=False)
    columns = words.iloc[1:].groupby("file")["column"].agg(list)
    for path in written[2:]:
        assert pd.read_csv(path).columns.tolist() == columns[path.name]
    assert words["meaning"].str.len().min() > 10
    is_truth = words["meaning"].str.startswith("truth:")
    assert is_truth.any()
    assert words.loc[is_truth, "file"].str.endswith("_truth.csv").all()
    assert words["give"].str.contains("pymc-marketing|marketing-attribution-models").any()


def test_no_file_holds_two_worlds_and_the_list_names_each(results, tmp_path):
    """A tool that keeps the first row per date, as pymc-marketing 1.3.0 does, would say nothing of the other worlds."""
    tools.write(results, tools.MIX, tmp_path)
    listed = pd.read_csv(tmp_path / "worlds.csv")
    assert len(listed) == 2 * 3
    for row in listed.itertuples():
        weeks = pd.read_csv(tmp_path / row.folder / "weeks.csv", parse_dates=["date"])
        assert weeks["date"].diff().iloc[1:].dt.days.tolist() == [7] * 39
        mine = by_point(results)[row.point].set_index("replication").loc[row.replication]
        assert weeks["sales"].sum() == mine["revenue_by_horizon"]
        assert results.labels[row.point] == row.label


def test_a_tool_that_sums_over_touches_comes_to_the_value_of_all_deals(results, tmp_path):
    tools.write(results, tools.PATHS, tmp_path)
    for row in pd.read_csv(tmp_path / "worlds.csv").itertuples():
        journeys, touches, truth = (
            pd.read_csv(tmp_path / row.folder / f"{name}.csv") for name in ("journeys", "touches", "journeys_truth")
        )
        won = by_point(results)[row.point].set_index("replication").loc[row.replication]
        assert touches["value_at_close"].sum() == journeys["value"].sum() == won["revenue"]
        assert touches["closes"].sum() == journeys["converted"].sum() == won["deals"]
        by_lead = touches.groupby("lead", sort=False)
        assert by_lead["value_at_close"].sum().tolist() == journeys["value"].tolist()
        assert by_lead["source"].agg(" > ".join).tolist() == journeys["path"].tolist()
        assert truth["lead"].tolist() == journeys["lead"].tolist()


def test_weekly_sales_are_the_deals_that_closed_by_the_horizon(results):
    frame = tools.weeks_truth(results)
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
    leads = tools.journeys(results)
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
    frame = tools.touches(results)
    for _, journey in frame.groupby(["point", "replication", "lead"]):
        assert journey["time"].is_monotonic_increasing
        assert journey["touch"].tolist() == list(range(len(journey)))
    credit = leads[(leads["converted"] == 1) & leads["path"].str.startswith("organic_social")]
    assert credit["value"].sum() == sum(one["revenue_first_touch"].sum() for one in by_point(results))
