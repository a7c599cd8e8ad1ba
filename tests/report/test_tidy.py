"""Results without a join: parameters beside outcomes in frames, CSV, DuckDB and SQL; outcomes that explain themselves."""

import json

import duckdb
import pandas as pd
import pytest

import sim
from sim.analysis import parameters
from sim.experiment import Plan, ResultsError, execute
from sim.experiment.outcome_columns import outcomes
from sim.experiment.plan import Point
from sim.report.export import formats, queries
from sim.scenario import apply
from tests.small import short

HOURS, MARGIN = "team.hours_per_week", "sales.margin"
CONTINUES = ("same", "idem", "of those", "of that", "their ", "those ", "the rest", "difference from", "from people")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tidy") / "swept"
    return sim.sweep(short(), f"{HOURS}=5,20", f"{MARGIN}=0.3,0.7", replications=2, folder=folder)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Results of scenario files that differ in what no setting names."""
    scenarios = [
        apply(short(), {"name": "ours", "team.hours_per_week": 5.0}),
        apply(short(), {"name": "dear", "team.hours_per_week": 5.0, MARGIN: 0.8, "calendar.closed_weeks": [30]}),
    ]
    points = tuple(Point(one.name, one, {HOURS: 5.0}) for one in scenarios)
    return execute(Plan("files", points, 2, seed=7), tmp_path_factory.mktemp("tidy") / "files")


@pytest.mark.parametrize("column", outcomes(), ids=lambda one: one.name)
def test_the_text_of_an_outcome_stands_alone(column):
    assert column.title
    assert column.unit
    assert len(column.title) <= 70
    for text in (column.title.lower(), column.meaning):
        assert not text.startswith(CONTINUES), text


def test_no_two_outcomes_have_one_title_or_one_meaning():
    assert len({one.title for one in outcomes()}) == len({one.meaning for one in outcomes()}) == len(outcomes())


def test_a_point_has_every_parameter_that_was_varied(swept):
    points = swept.points()
    assert list(points.columns) == ["point", "label", HOURS, MARGIN]
    assert points["label"].tolist() == swept.labels
    assert points[[HOURS, MARGIN]].to_numpy().tolist() == [[5, 0.3], [5, 0.7], [20, 0.3], [20, 0.7]]


def test_a_point_has_every_parameter_in_which_scenario_files_differ(files):
    points = parameters.table(files)
    assert list(points.columns) == ["point", "label", HOURS, "calendar.closed_weeks", MARGIN]
    assert points[MARGIN].tolist() == [short().sales.margin, 0.8]
    assert [json.loads(one) for one in points["calendar.closed_weeks"]] == [[33, 52], [30]]


def test_entries_that_some_scenarios_lack_are_told_apart_value_by_value(tmp_path):
    network = {"users": 0.4, "reach": 0.1}
    documents = [{"channels": {"a": network}}, {"channels": {"a": network, "b": network | {"reach": 0.2}}}]
    results = sim.experiment.Results(tmp_path, {"points": [{"label": str(one), "scenario": one} for one in documents]})
    assert parameters.table(results).iloc[:, 2:].to_dict("list")["channels.b.reach"][1] == 0.2
    assert "channels.a.reach" not in parameters.paths(results)


def test_wide_and_long_frames_hold_the_same_values(swept):
    wide, long = swept.outcomes(), swept.outcomes(shape="long")
    assert len(long) == len(wide) * len(outcomes())
    mine = long[long["outcome"] == "net_return_expected"]
    assert mine["value"].tolist() == wide["net_return_expected"].tolist()
    assert mine[MARGIN].tolist() == wide[MARGIN].tolist()
    assert set(mine["title"]) == {"Net return (expected)"}
    assert set(mine["unit"]) == {"EUR"}
    assert wide.attrs["titles"]["net_return_expected"] == "Net return (expected)"


def test_exported_outcomes_need_no_join(swept, tmp_path):
    paths = sim.export(swept, tmp_path / "csv", to="csv", long=True)
    assert {path.name for path in paths} >= {"outcomes.csv", "outcomes_long.csv", "points.csv", "dictionary.csv", "deals.csv"}
    read = pd.read_csv(tmp_path / "csv" / "outcomes.csv")
    wide = swept.outcomes()
    pd.testing.assert_frame_equal(read, wide, check_dtype=False)
    assert read.groupby([HOURS, MARGIN])["net_return_expected"].mean().shape == (4,)
    said = pd.read_csv(tmp_path / "csv" / "dictionary.csv").set_index(["table", "column"])
    assert said.loc[("outcomes", "net_return"), "unit"] == "EUR"
    assert ("outcomes", MARGIN) in said.index
    (base,) = sim.export(swept, tmp_path / "out.duckdb", to="duckdb")
    with duckdb.connect(str(base), read_only=True) as held:
        by_point = f'SELECT "{HOURS}", "{MARGIN}", net_return FROM outcomes ORDER BY point, replication'
        assert held.execute(by_point).fetchall() == [tuple(row) for row in wide[[HOURS, MARGIN, "net_return"]].to_numpy()]
        assert held.execute("SELECT count(*) FROM points").fetchone() == (4,)
        assert held.execute("SELECT count(*) FROM outcomes_long").fetchone() == (8 * len(outcomes()),)


def test_an_export_is_guarded_against_formulas_of_spreadsheets(tmp_path):
    point = Point("=1+1", short(), {"case": "=1+1"})
    results = execute(Plan("risky", (point,), 1, seed=7), tmp_path / "run")
    formats.write(results, formats.CSV, tmp_path / "csv")
    for name in ("outcomes", "points"):
        assert pd.read_csv(tmp_path / "csv" / f"{name}.csv")["label"].tolist() == ["'=1+1"]


def test_a_query_reads_one_folder_or_many(swept, files):
    mean = sim.query(f'SELECT "{MARGIN}" AS margin, avg(net_return) AS mean FROM outcomes GROUP BY 1 ORDER BY 1', swept.folder)
    by_margin = swept.outcomes().groupby(MARGIN)["net_return"].mean()
    assert mean["margin"].tolist() == by_margin.index.tolist()
    assert mean["mean"].tolist() == pytest.approx(by_margin.tolist())
    both = sim.query(f'SELECT DISTINCT folder, label, "{MARGIN}" FROM outcomes ORDER BY ALL', swept, files)
    assert both["folder"].tolist() == ["files"] * 2 + ["swept"] * 4
    assert both[MARGIN].notna().all(), "a parameter that one folder did not vary has its value there, too"
    assert sim.query("SELECT count(*) AS n FROM files.outcomes", swept, files)["n"].tolist() == [4]
    long = sim.query("SELECT DISTINCT unit FROM outcomes_long WHERE outcome = 'cost'", swept)
    assert long["unit"].tolist() == ["EUR"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT net_retrun FROM outcomes", "net_return"),
        ("SELEC 1", "syntax error"),
        ("DROP VIEW outcomes", "must be one SELECT"),
        ("COPY outcomes TO 'x.csv'", "must be one SELECT"),
        ("SELECT 1; SELECT 2", "must be one SELECT"),
        ("", "must be one SELECT"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_in_one_line(swept, query, said):
    with pytest.raises(ResultsError, match=said) as refused:
        queries.answer(query, [swept])
    assert "\n" not in str(refused.value)


def test_a_query_over_folders_of_one_name_is_refused(swept):
    with pytest.raises(ResultsError, match="different names"):
        queries.answer("SELECT 1", [swept, swept])


def test_a_query_reads_nothing_that_is_damaged(swept, tmp_path):
    import shutil  # noqa: PLC0415

    hurt = tmp_path / "hurt"
    shutil.copytree(swept.folder, hurt)
    path = hurt / "deals.parquet"
    path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:])
    assert len(queries.answer("SELECT * FROM outcomes", [sim.read(hurt)])) == 8
    with pytest.raises(ResultsError, match=r"deals\.parquet"):
        queries.answer("SELECT * FROM deals", [sim.read(hurt)])
