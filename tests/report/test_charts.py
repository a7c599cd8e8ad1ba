"""Any outcome against any parameter: every kind drawn and read in two sizes and both languages, and numbers that are right."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import sim
from sim.analysis.charts import kinds
from sim.analysis.charts.best import may_be_best
from sim.analysis.charts.fit import fit
from sim.analysis.charts.parameters import Parameters, differing
from sim.analysis.charts.quantities import numbers_of
from sim.analysis.charts.request import Asked, request
from sim.experiment import execute, read
from sim.experiment.errors import ResultsError
from sim.experiment.statistics import mean
from sim.report.figures.charts.words import outcome_title
from sim.report.html import chart_page
from sim.report.text.translation import LANGUAGES, told_in
from sim.workflows.charts import Chart, Files, write_chart
from tests.report.test_french import english
from tests.report.test_phone import faults, written  # noqa: F401  # a fixture
from tests.small import ends_results, short_plan
from tests.tables import drawn_by_lot

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

HOURS, MARGIN, CONTENT = "team.hours_per_week", "sales.margin", "content.formats.raw.mix"
SOBOL = "path,first,first_half_width,total,total_half_width\nsales.margin,0.5,0.1,0.6,0.1\nmarket.accounts,0.2,0.1,0.3,0.1\n"


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Three levels of hours at three margins, lived."""
    plan = short_plan(4, f"{HOURS}=5,10,20", f"{MARGIN}=0.3,0.5,0.7")
    return execute(plan, tmp_path_factory.mktemp("grid") / "run")


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    """Fifty points of a Latin hypercube over three parameters, their tables drawn by lot."""
    vary = (f"{HOURS}=5:40", f"{MARGIN}=0.3:0.7", f"{CONTENT}=0.1:0.5")
    return drawn_by_lot(tmp_path_factory.mktemp("design") / "run", vary, points=50, worlds=6)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Fifty levels of hours, their tables drawn by lot."""
    return drawn_by_lot(tmp_path_factory.mktemp("many") / "run", (f"{HOURS}=1:50:1",), points=None, worlds=6)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Inputs at their ends, with indices."""
    results = ends_results(tmp_path_factory.mktemp("inputs") / "run")
    (results.folder / "sobol.csv").write_text(SOBOL, encoding="utf-8")
    return results


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """Results beside which the trials of a search are kept."""
    folder = tmp_path_factory.mktemp("searched") / "run"
    results = drawn_by_lot(folder, (f"{HOURS}=10,20",), points=None, worlds=3)
    rng = np.random.default_rng(3)
    content = rng.uniform(0.1, 0.6, 60)
    frame = pd.DataFrame({"trial": range(1, 61), "net_return": 1e4 * content + rng.normal(0, 300, 60), "measured_return": 0.1,
                          "team.split.content": content, "team.split.dialogue": rng.uniform(0.1, 0.6, 60)})  # fmt: skip
    frame.to_csv(folder / "search.csv", index=False)
    return results


@pytest.fixture(scope="module")
def held(grid, design, many, inputs, searched):
    return SimpleNamespace(grid=grid, design=design, many=many, inputs=inputs, searched=searched)


EVERY = {
    "line": ("grid", {"x": HOURS, "y": ("net_return_expected", "deals_expected"), "by": MARGIN}),
    "line of fifty": ("many", {"x": HOURS}),
    "line of fifty names": ("many", {"x": "label"}),
    "line against a point": ("grid", {"x": "label", "against": "10 h/week, margin 0.5"}),
    "heat": ("grid", {"kind": "heat", "x": HOURS, "by": MARGIN}),
    "contour": ("grid", {"kind": "contour", "x": HOURS, "by": MARGIN}),
    "contour of a design": ("design", {"kind": "contour", "x": HOURS, "by": MARGIN}),
    "scatter": ("design", {"kind": "scatter", "x": HOURS, "by": MARGIN}),
    "scatter of outcomes": ("grid", {"x": "reach", "y": "deals_expected", "by": HOURS}),
    "box": ("grid", {"kind": "box", "x": HOURS, "by": MARGIN, "y": "net_return"}),
    "box of fifty": ("many", {"kind": "box", "x": HOURS, "y": "net_return"}),
    "hist": ("grid", {"kind": "hist", "by": MARGIN}),
    "ecdf": ("grid", {"kind": "ecdf", "by": HOURS}),
    "time": ("grid", {"y": "reach", "x": "week", "by": HOURS}),
    "time of quarters": ("grid", {"y": ("deals_all", "revenue_all"), "by": HOURS}),
    "pairs": ("design", {"kind": "pairs"}),
    "parallel": ("design", {"kind": "parallel"}),
    "parallel of a search": ("searched", {"kind": "parallel"}),
    "tornado": ("inputs", {"kind": "tornado"}),
    "sobol": ("inputs", {"kind": "sobol"}),
    "history": ("searched", {"kind": "history"}),
    "importance": ("searched", {"kind": "importance"}),
}


def chart_of(held, name, language="en"):
    of, asked = EVERY[name]
    return sim.plot_outcome(getattr(held, of), language=language, **asked)


def test_every_kind_is_among_the_examples(held):
    assert {chart_of(held, name).kind for name in EVERY} == set(kinds.KINDS)


@pytest.mark.parametrize("size", ["page", "phone"])
@pytest.mark.parametrize("name", EVERY)
def test_nothing_in_a_chart_lies_on_something_else(held, name, size, written):  # noqa: F811
    figure = replace(chart_of(held, name), size=size).figure()
    found = list(faults(figure, written))
    assert [one for one in found if size == "phone" or not one.startswith("small")] == []


@pytest.mark.parametrize("name", EVERY)
def test_no_chart_speaks_english_in_french(held, name):
    chart = chart_of(held, name, "fr")
    assert english("\n".join([*(one.get_text() for one in chart.figure().findobj(Text)), chart.described])) == []


@pytest.mark.parametrize("name", EVERY)
def test_the_description_says_what_is_drawn_and_of_what_intervals_are(held, name):
    said = chart_of(held, name).described
    assert chart_of(held, name).drawing.note in said
    assert len(said) > 80


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.asked_for, self.labels = [], []

    def handle_starttag(self, _, attrs):
        found = dict(attrs)
        self.asked_for += [found[name] for name in ("src", "href") if name in found]
        self.labels += [found["aria-label"]] if "aria-label" in found else []


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_what_plotly_knows(held, name):
    plotly = pytest.importorskip("plotly.graph_objects")
    drawing = chart_of(held, name).drawing
    figure = plotly.Figure(chart_page.figure_of(drawing))  # raises for what its schema does not have
    assert len(figure.data) >= len(drawing.panels)


def test_a_page_needs_no_network_and_says_what_it_shows(grid, tmp_path):
    chart = sim.plot_outcome(grid, x=HOURS, by=MARGIN, language="fr")
    path = chart.save_interactive(tmp_path / "page.html")
    text = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
    assert page.asked_for == []
    assert not re.search(r"<script[^>]+src=", text)
    assert page.labels == [chart.described]
    assert '<html lang="fr">' in text
    assert path.stat().st_size < 6e6


def test_without_plotly_it_is_said_before_work(grid, tmp_path, monkeypatch):
    monkeypatch.setattr(chart_page, "find_spec", lambda _: None)
    chart = sim.plot_outcome(grid, x=HOURS)
    with pytest.raises(ResultsError, match=r"pip install 'sim\[interactive\]'"):
        write_chart(chart, Files(picture=tmp_path / "a.png", page=tmp_path / "a.html"))
    assert list(tmp_path.iterdir()) == []


def test_means_are_differences_from_the_twin_paired_by_world(grid):
    frame = sim.plot_outcome(grid, "deals_expected", HOURS, by=MARGIN).frame
    outcomes = grid.table("outcomes")
    row = frame[(frame[HOURS] == 20) & (frame[MARGIN] == 0.7)].iloc[0]
    own = outcomes[outcomes["point"] == grid.labels.index("20 h/week, margin 0.7")]
    wanted = mean((own["deals_expected"] - own["twin_deals_expected"]).to_numpy())
    assert (row["value"], row["low"], row["high"]) == pytest.approx((wanted.value, wanted.low, wanted.high))
    plain = sim.plot_outcome(grid, "deals_expected", HOURS, by=MARGIN, against=None).frame
    row = plain[(plain[HOURS] == 20) & (plain[MARGIN] == 0.7)].iloc[0]
    assert row["value"] == pytest.approx(own["deals_expected"].mean())


def test_a_baseline_is_taken_off_world_by_world(grid):
    frame = sim.plot_outcome(grid, "net_return_expected", "label", against="10 h/week, margin 0.5").frame.set_index("label")
    assert frame.loc["10 h/week, margin 0.5", ["value", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    outcomes = grid.table("outcomes").pivot_table(index="replication", columns="point", values="net_return_expected")
    points = [grid.labels.index(f"{hours} h/week, margin 0.5") for hours in (5, 10)]
    wanted = mean((outcomes[points[0]] - outcomes[points[1]]).to_numpy())
    row = frame.loc["5 h/week, margin 0.5"]
    assert (row["value"], row["low"], row["high"]) == pytest.approx((wanted.value, wanted.low, wanted.high))


def test_what_is_averaged_over_is_averaged_within_each_world_and_said(grid):
    chart = sim.plot_outcome(grid, "net_return_expected", HOURS)
    outcomes = grid.table("outcomes")
    points = [number for number, label in enumerate(grid.labels) if label.startswith("5 h/week")]
    each = outcomes[outcomes["point"].isin(points)].groupby("replication")["net_return_expected"].mean().to_numpy()
    wanted = mean(each)
    row = chart.frame.set_index(HOURS).loc[5]
    assert (row["value"], row["low"], row["high"]) == pytest.approx((wanted.value, wanted.low, wanted.high))
    assert MARGIN in chart.drawing.note


def test_weeks_are_means_over_worlds(grid):
    frame = sim.plot_outcome(grid, "reach", "week", by=HOURS).frame
    weeks = grid.table("weeks")
    points = [number for number, label in enumerate(grid.labels) if label.startswith("10 h/week")]
    here = weeks[weeks["point"].isin(points) & (weeks["week"] == 7)]
    row = frame[(frame[HOURS] == 10) & (frame["week"] == 7)].iloc[0]
    assert row["value"] == pytest.approx(here["reach"].mean())
    assert row["low"] <= row["value"] <= row["high"]


def test_quarters_are_differences_from_the_twin_that_sum_to_what_outcomes_say(grid):
    frame = sim.plot_outcome(grid, "deals_expected", "quarter", by="label").frame
    summed = frame.groupby("label")["value"].sum()
    wanted = grid.table("outcomes").groupby("point")["net_deals_expected"].mean()
    for point, label in enumerate(grid.labels):
        assert summed[label] == pytest.approx(wanted[point], abs=1e-6)


def test_shares_of_worlds_have_wilson_intervals(grid):
    frame = sim.plot_outcome(grid, "net_return", kind="ecdf", by="label").frame
    one = frame[frame["label"] == grid.labels[0]]
    assert one["value"].is_monotonic_increasing
    assert one["share"].tolist() == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert (one["low"] < one["share"]).all()
    assert one["low"].iloc[-1] == pytest.approx(4 / (4 + 1.6448536**2))  # Wilson's, of 4 in 4


def test_the_best_of_noise_is_all_of_it_and_of_far_means_is_one():
    rng = np.random.default_rng(7)
    worlds = rng.normal(size=(1, 30))
    kept, missed, times = 0, 0, 200
    for _ in range(times):
        noise = rng.normal(size=(6, 30)) + worlds  # shared by all points, as common random numbers are
        noise[2] += 0.05
        found = may_be_best(noise)
        kept += found.sum()
        missed += not found[2]
    assert missed / times <= 0.10, "the best is among them with 90 % confidence"
    assert kept / times > 4.5, "and luck alone rules out few"
    far = worlds + np.array([[0.0], [1.0], [2.0], [2.001]]) + 0.01 * rng.normal(size=(4, 30))
    assert may_be_best(far).tolist() == [False, False, True, True]


def test_the_best_is_the_same_however_many_are_held_against_it_at_a_time(monkeypatch):
    values = np.random.default_rng(1).normal(size=(40, 8)) + np.linspace(0, 3, 40)[:, None]
    whole = may_be_best(values)
    monkeypatch.setattr("sim.analysis.charts.best.AT_A_TIME", 7)
    assert may_be_best(values).tolist() == whole.tolist()
    assert 1 < whole.sum() < 40


def test_intervals_of_a_surface_cover_it():
    """Nine in ten, of a quadratic one with other causes between points and luck that worlds share."""
    rng = np.random.default_rng(11)
    inside, times = 0, 300
    where = rng.uniform(0.0, 10.0, (30, 2))
    place = np.array([[4.0, 6.0]])

    def true(x):
        return 5.0 + x[:, 0] - 0.3 * (x[:, 1] - 4.0) ** 2 + 0.1 * x[:, 0] * x[:, 1]

    for _ in range(times):
        values = true(where)[:, None] + rng.normal(0, 1.0, (30, 1)) + rng.normal(0, 0.5, (1, 10)) + rng.normal(0, 1.0, (30, 10))
        value, reach = fit(where, values).at(place)
        inside += abs(value[0] - true(place)[0]) <= reach[0]
    assert 0.86 <= inside / times <= 0.97


def test_the_best_region_of_a_surface_holds_its_best():
    rng = np.random.default_rng(5)
    x = np.linspace(0.0, 10.0, 25)[:, None]
    fine = np.linspace(0.0, 10.0, 101)[:, None]
    held_ = 0
    for _ in range(200):
        values = -((x - 6.0) ** 2) + rng.normal(0, 2.0, (25, 1)) + rng.normal(0, 2.0, (25, 12))
        region = fit(x, values).may_be_best(fine)
        held_ += bool(region[60])
        assert region.sum() < 60, "and it is a region"
    assert held_ / 200 >= 0.85


def test_the_tornado_shows_what_ends_change_at_the_advised_level(inputs):
    """The level is that of question 12; what changes there is the mean difference from the inputs as they are."""
    results = sim.read(inputs.folder)
    frame = sim.plot_outcome(inputs, "net_return_expected", kind="tornado").frame
    asked = results.question(12).tables()[0]
    assert set(frame["input"]) == set(asked["input"])
    worlds = results.outcomes()
    worlds = worlds[worlds["team.hours_per_week"] == asked["usual_hours"].iloc[0]]
    usual = worlds[worlds["input"].isna()]["net_return_expected"].mean()
    for row in frame.itertuples():
        for end in ("low", "high"):
            there = worlds[(worlds["input"] == row.input) & (worlds["end"] == end)]["net_return_expected"].mean()
            assert getattr(row, f"{end}_change") == pytest.approx(there - usual)
            assert getattr(row, f"{end}_change_low") <= there - usual <= getattr(row, f"{end}_change_high")
    swings = (frame["high_change"] - frame["low_change"]).abs()
    assert swings.is_monotonic_decreasing


def test_importance_finds_what_the_return_hangs_on(searched):
    frame = sim.plot_outcome(searched, kind="importance").frame
    assert frame["parameter"].iloc[0] == "team.split.content"
    assert frame["importance"].sum() == pytest.approx(1.0)
    assert frame["importance"].iloc[0] > 0.7


def test_the_history_of_a_search_rises(searched):
    frame = sim.plot_outcome(searched, kind="history").frame
    assert frame["best_so_far"].is_monotonic_increasing
    assert frame["best_so_far"].iloc[-1] == frame["net_return"].max()


@pytest.mark.parametrize(
    ("of", "asked", "kind"),
    [
        ("grid", {"x": HOURS}, "line"),
        ("grid", {"x": "label"}, "line"),
        ("grid", {}, "line"),
        ("many", {}, "line"),
        ("design", {}, "pairs"),
        ("design", {"x": HOURS}, "scatter"),
        ("design", {"x": HOURS, "by": MARGIN}, "contour"),
        ("grid", {"y": "deals_all"}, "time"),
        ("grid", {"y": "followers", "x": "quarter"}, "time"),
        ("grid", {"x": "deals"}, "scatter"),
        ("grid", {"x": (HOURS, MARGIN)}, "pairs"),
    ],
)
def test_a_kind_is_chosen_that_fits(held, of, asked, kind):
    assert sim.plot_outcome(getattr(held, of), **asked).kind == kind


def test_one_point_is_shown_by_its_worlds():
    assert sim.plot_outcome("results/reference").kind == "hist"


BAD = [
    ("grid", {"x": "sales.margins"}, "did you mean sales.margin?"),
    ("grid", {"x": "market.accounts"}, "is 300 at every point"),
    ("grid", {"y": "net_retrun"}, "did you mean net_return or"),
    ("grid", {"kind": "lin"}, "did you mean line?"),
    ("grid", {"kind": "sobol"}, "sim sensitivity SCENARIO -o DIR makes it"),
    ("grid", {"kind": "history"}, "sim optimise SCENARIO -o DIR makes it"),
    ("grid", {"kind": "tornado"}, "no input was put to its ends"),
    ("grid", {"kind": "importance"}, "a design of 20 points or more"),
    ("grid", {"x": HOURS, "against": "10 h/week, margin 0.4"}, "10 h/week, margin 0.5 or"),
    ("grid", {"x": HOURS, "by": HOURS}, "is what --x shows already"),
    ("grid", {"x": (HOURS, MARGIN), "kind": "line"}, "has one axis"),
    ("grid", {"x": "label", "kind": "scatter"}, "is not a number"),
    ("grid", {"x": MARGIN, "y": "deals_all"}, f"give --by {MARGIN}"),
    ("grid", {"y": "retention", "kind": "time"}, "is known at the end only"),
    ("grid", {"y": ("open_deals", "twin_deals"), "kind": "time"}, "by week only and some by quarter only"),
    ("grid", {"x": "week", "kind": "box", "y": "reach"}, "--kind time"),
    ("grid", {"y": tuple(numbers_of("outcomes")[:7])}, "at most 6"),
    ("grid", {"kind": "time"}, "needs --y"),
    ("many", {"kind": "contour", "x": HOURS}, "needs two parameters"),
    ("many", {"kind": "ecdf", "by": HOURS}, "at most 12 can be told apart"),
    ("design", {"kind": "heat", "x": HOURS, "by": MARGIN}, "give --kind contour"),
    ("design", {"kind": "line", "x": MARGIN}, "give --kind scatter"),
]


@pytest.mark.parametrize(("of", "asked", "said"), BAD, ids=lambda part: str(part)[:40])
def test_what_cannot_be_drawn_is_said_before_work(held, of, asked, said, monkeypatch):
    results = getattr(held, of)
    monkeypatch.setattr(type(results), "table", lambda *_: pytest.fail("work began"))
    with pytest.raises(ResultsError, match=re.escape(said)):
        sim.plot_outcome(results, **asked)


def test_parameters_are_those_that_differ(grid, design):
    assert Parameters(grid).names == [HOURS, MARGIN]
    found = Parameters(design)
    assert found.chosen == [HOURS, MARGIN, CONTENT]
    assert all(name.startswith("content.formats.") for name in found.implied), "shares that made room"
    assert list(differing([{"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3, "d": 4}}])) == [("b", "c"), ("b", "d")]


def test_points_with_a_limit_lifted_are_shown_where_it_is_asked_for(tmp_path):
    from sim.experiment import Plan  # noqa: PLC0415
    from sim.experiment.limits import with_lifted  # noqa: PLC0415

    points = with_lifted(short_plan(2).points, ["reviewers"])
    results = execute(Plan("lifted", points, 2, 1), tmp_path / "run")
    assert len(request(results, Asked(x=(HOURS,))).parameters.points) == 2
    assert len(request(results, Asked(x=(HOURS,), by="lift")).parameters.points) == 4
    assert sim.plot_outcome(results, x=HOURS, by="lift").frame["lift"].nunique(dropna=False) == 2


def test_folders_stand_side_by_side(grid, tmp_path):
    other = execute(short_plan(4, f"{HOURS}=5,10,20", f"{MARGIN}=0.3,0.5,0.7"), tmp_path / "other")
    chart = sim.plot_outcome([grid, other], x=HOURS)
    assert (chart.kind, set(chart.frame["case"])) == ("line", {"run", "other"})
    with pytest.raises(ResultsError, match=re.escape("-o FILE.png")):
        write_chart(chart, Files())


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_pictures_hold_their_description_and_equal_charts_are_equal_files(grid, tmp_path, form):
    chart = sim.plot_outcome(grid, x=HOURS, by=MARGIN)
    first, second = (chart.save(tmp_path / f"{name}.{form}").read_bytes() for name in "ab")
    assert first == second
    if form != "pdf":
        assert chart.drawing.note.split(".")[0].replace("\u00a0", " ").encode("utf-8")[:30] in first


def test_files_are_not_replaced_unless_forced_and_none_is_written_if_one_cannot_be(grid, tmp_path):
    chart = sim.plot_outcome(grid, x=HOURS)
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(ResultsError, match="exists already"):
        write_chart(chart, Files(picture=tmp_path / "a.png", table=tmp_path / "a.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(ResultsError, match=r"\.png or \.svg or \.pdf"):
        chart.save(tmp_path / "a.gif")
    write_chart(chart, Files(picture=tmp_path / "a.png", table=tmp_path / "a.csv", force=True))
    frame = pd.read_csv(tmp_path / "a.csv")
    assert frame["value"].tolist() == pytest.approx(chart.frame["value"].tolist())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_has_a_title(language):
    with told_in(language):
        for table in ("outcomes", "weeks", "quarters"):
            for name in numbers_of(table):
                assert outcome_title(table, name)
                assert language == "en" or english(outcome_title(table, name)) == [], name


def test_a_notebook_shows_it(grid):
    chart = sim.plot_outcome(grid, x=HOURS)
    assert isinstance(chart, Chart)
    assert chart._repr_html_().startswith("<img ")
    assert read(grid.folder).labels == grid.labels


def test_over_time_the_table_with_a_twin_is_taken(grid):
    assert [one.table for one in request(grid, Asked(y=("deals_all",))).y] == ["quarters"]
    assert [one.table for one in request(grid, Asked(y=("deals_all",), absolute=True)).y] == ["weeks"]
    assert [one.table for one in request(grid, Asked(y=("reach", "deals_all"))).y] == ["quarters", "quarters"]
    assert [one.table for one in request(grid, Asked(y=("open_deals", "deals_all"))).y] == ["weeks", "weeks"]
