import pytest

from sim.experiment import ResultsError
from sim.experiment.designs import axis, grid, label_of
from sim.scenario import ScenarioError
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
