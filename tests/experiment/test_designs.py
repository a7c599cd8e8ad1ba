import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.experiment import ResultsError
from sim.experiment.designs import CASE, HOURS, Layout, axis, from_file, grid, label_of, sampled, zipped
from sim.scenario import ScenarioError
from sim.scenario.schema import ACTIVITIES
from tests.small import small


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("team.hours_per_week=5:40:5", [5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0]),
        ("a=0:0.3:0.1", [0.0, 0.1, 0.2, 0.3]),
        ("a=3:1:-1", [3.0, 2.0, 1.0]),
        ("a=2:2:1", [2.0]),
        ("a=1, 2.5,x", [1, 2.5, "x"]),
    ],
)
def test_ranges_and_lists_of_values(text, expected):
    path, found = axis(text)
    assert path == text.partition("=")[0]
    assert found == expected


NO_AXES = ["", "a", "a=", "=3", "a=1:2", "a=1:2:0", "a=2:1:1", "a=1:inf:1", "a=x:2:1", "a=0:1:1e-9", "a={"]


@pytest.mark.parametrize("text", NO_AXES)
def test_what_is_no_axis_is_refused_with_what_was_written(text):
    with pytest.raises(ResultsError, match="--vary"):
        axis(text)


def test_a_grid_holds_every_combination_once():
    points = grid(small(), ["team.hours_per_week=5,10", "market.accounts=100,200,300"])
    assert [(p.scenario.team.hours_per_week, p.scenario.market.accounts) for p in points] == [
        (h, a) for h in (5.0, 10.0) for a in (100, 200, 300)
    ]
    assert points[0].label == "5 h/week, accounts 100"


def test_impossible_points_and_unknown_paths_are_refused():
    with pytest.raises(ScenarioError, match="hours_per_week"):
        grid(small(), ["team.hours_per_wek=5"])
    with pytest.raises(ScenarioError, match="accounts"):
        grid(small(), ["market.accounts=-1"])
    with pytest.raises(ResultsError, match="once"):
        grid(small(), ["market.accounts=1", "market.accounts=2"])


def test_points_are_named_by_what_sets_them_apart():
    assert label_of({"team.hours_per_week": 7.5, "sales.margin": 0.5}) == "7.5 h/week, margin 0.5"


def shares(point):
    return [getattr(point.scenario.team.split, name) for name in ACTIVITIES]


def test_shares_that_are_not_varied_make_room_in_proportion():
    one, two = grid(small(), ["team.split.content=0.1,0.6"])
    assert one.settings == {"team.split.content": 0.1}
    for point, share in ((one, 0.1), (two, 0.6)):
        others = {name: getattr(point.scenario.team.split, name) for name in ACTIVITIES if name != "content"}
        assert math.fsum([share, *others.values()]) == pytest.approx(1.0)
        before = small().team.split
        kept = [others[name] / getattr(before, name) for name in others if getattr(before, name)]
        assert kept == pytest.approx([kept[0]] * len(kept))
    (raw,) = grid(small(), ["content.formats.raw.mix=1"])
    assert [form.mix for form in raw.scenario.content.formats.values()] == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_design_fills_its_ranges_evenly(design):
    """One point in each of 16 strata of every range: what a Latin hypercube is, and a Sobol' sequence of 16 points too."""
    ranges = ["team.hours_per_week=5:40", "sales.margin=0.2:0.6", "market.accounts=100,200"]
    points = sampled(small(), ranges, design, 16, seed=3)
    for read, low, high in (("hours", 5.0, 40.0), ("margin", 0.2, 0.6)):
        values = [p.scenario.team.hours_per_week if read == "hours" else p.scenario.sales.margin for p in points]
        assert sorted(int(16 * (value - low) / (high - low)) for value in values) == list(range(16))
    assert sorted(p.scenario.market.accounts for p in points) == [100] * 8 + [200] * 8
    assert points == sampled(small(), ranges, design, 16, seed=3)


def test_a_simplex_is_filled_uniformly():
    """Each share of nine is then Beta(1, 8); Kolmogorov-Smirnov on 512 points, alpha = 0.001 over nine shares."""
    points = sampled(small(), ["team.split=simplex"], "lhs", 512, seed=1)
    table = np.array([shares(point) for point in points])
    assert table.sum(axis=1) == pytest.approx(np.ones(512))
    assert min(stats.kstest(column, stats.beta(1, 8).cdf).pvalue for column in table.T) > 0.001 / 9


BAD_DESIGNS = [
    (["team.split.content=0.1:0.7", "team.split.dialogue=0.1:0.6"], "lhs", 8, "sum to 1.3"),
    (["team.hours_per_week=5:40"], "sobol", 10, "give 16"),
    (["team.hours_per_week=5:40"], "lhs", 0, "--samples 0"),
    (["team.hours_per_week=40:5"], "lhs", 8, "less than HIGH"),
    (["team.hours_per_week=5:x"], "lhs", 8, "LOW:HIGH"),
    (["sales=simplex"], "lhs", 8, "no shares"),
    (["team.split=simplex", "team.split.content=0.1:0.2"], "lhs", 8, "once"),
]


@pytest.mark.parametrize(("vary", "design", "samples", "said"), BAD_DESIGNS)
def test_impossible_designs_are_refused(vary, design, samples, said):
    with pytest.raises(ResultsError, match=said):
        sampled(small(), vary, design, samples, 1)


def test_grids_of_shares_that_leave_no_room_and_designs_without_a_size_are_refused():
    with pytest.raises(ResultsError, match=r"sum to 1\.2"):
        grid(small(), ["team.split.content=0.6", "team.split.dialogue=0.6"])
    with pytest.raises(ResultsError, match="needs --samples"):
        Layout(("team.hours_per_week=5:40",), "lhs").points(small(), 1)
    with pytest.raises(ResultsError, match="--samples goes with"):
        Layout(("team.hours_per_week=5",), "grid", 3).points(small(), 1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x=0.01:1:log5", [0.01, 0.0316227766017, 0.1, 0.316227766017, 1.0]),
        ("x=1:4:log3", [1.0, 2.0, 4.0]),
        ("x=8:2:log3", [8.0, 4.0, 2.0]),
    ],
)
def test_a_logarithmic_range_holds_both_ends_and_equal_ratios(text, values):
    assert axis(text) == ("x", values)


@pytest.mark.parametrize(
    "text", ["x=0:1:log5", "x=-1:1:log5", "x=1:1:log5", "x=1:2:log1", "x=1:2:log", "x=1:2:logx", "x=1:log5"]
)
def test_an_impossible_logarithmic_range_is_refused(text):
    with pytest.raises(ResultsError, match=r"logarithmic range|a range is"):
        axis(text)


def test_zipped_values_are_taken_together():
    points = zipped(small(), [f"{HOURS}=5,10", "sales.margin=0.3,0.7"])
    assert [tuple(point.settings.values()) for point in points] == [(5, 0.3), (10, 0.7)]
    with pytest.raises(ResultsError, match=r"has 2, sales\.margin has 1"):
        zipped(small(), [f"{HOURS}=5,10", "sales.margin=0.3"])


def written(folder, text):
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("mark", [",", ";"])
def test_points_are_read_from_a_file(tmp_path, mark):
    rows = [f"point,label,{HOURS},hours_policy.kind", "7,slowly,5,ramp", ",,20,fixed", ""]
    points = from_file(small(), written(tmp_path, "\ufeff" + "\n".join(rows).replace(",", mark)))
    assert [point.label for point in points] == ["slowly", "20 h/week, kind fixed"]
    assert [point.settings for point in points] == [
        {HOURS: 5, "hours_policy.kind": "ramp"},
        {HOURS: 20, "hours_policy.kind": "fixed"},
    ]
    assert points[0].scenario.hours_policy.kind == "ramp"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("label\nx\n", "no column that is a path"),
        (f"{HOURS},sales.margin\n5,0.3\n10\n", r"points\.csv:3: has 1 cells where the head has 2"),
        (f"{HOURS}\n5\nmany\n", r"points\.csv:3: team\.hours_per_week: .*give a number"),
        (f"{HOURS}\n5\n\n-1\n", r"points\.csv:4: team\.hours_per_week"),
        ("team.hours_per_wek\n5\n", r"points\.csv:2: team\.hours_per_wek"),
        (f"{HOURS},sales.margin\n5,\n", r"points\.csv:2: sales\.margin is empty"),
        (f"{HOURS}\n5\n5\n", r"points\.csv:3: the point '5 h/week' is there twice, first in line 2"),
        (f"{HOURS},{HOURS}\n5,5\n", "each column can be there once"),
        (f"{HOURS}\n", "holds 0 points"),
        (f'{HOURS}\n"5\n', r"points\.csv:2: "),
    ],
)
def test_a_file_of_points_that_cannot_be_used_is_named_with_its_line(tmp_path, text, said):
    with pytest.raises(ResultsError, match=said) as refused:
        from_file(small(), written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_several_scenarios_are_cases_crossed_with_what_varies():
    ours, theirs = small(), small().model_copy(update={"name": "theirs"})
    points = Layout((f"{HOURS}=5,10",)).of_all([ours, theirs], 1)
    assert [point.label for point in points] == [
        "5 h/week, small", "10 h/week, small", "5 h/week, theirs", "10 h/week, theirs"
    ]  # fmt: skip
    assert points[2].settings == {HOURS: 5, CASE: "theirs"}
    assert [point.label for point in Layout().of_all([ours, theirs], 1)] == ["small", "theirs"]
    with pytest.raises(ResultsError, match="two scenarios are named 'small'"):
        Layout().of_all([ours, ours], 1)
    with pytest.raises(ResultsError, match="goes with one scenario"):
        Layout((f"{HOURS}=5:10",), "lhs", 4).of_all([ours, theirs], 1)


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (Layout(), "nothing to sweep"),
        (Layout((f"{HOURS}=5",), rows=Path("x.csv")), "goes without --vary"),
        (Layout((f"{HOURS}=5:10",), "lhs", 4, zipped=True), "--zip goes with values"),
        (Layout(rows=Path("nowhere.csv")), "nowhere.csv: cannot be read"),
    ],
)
def test_what_does_not_go_together_is_refused(layout, said):
    with pytest.raises(ResultsError, match=said):
        layout.points(small(), 1)
