"""Sensitivity analyses against functions whose indices are known."""

import math

import numpy as np
import pytest

from sim.experiment import ResultsError
from sim.experiment.backends import Workers
from sim.experiment.designs import HOURS
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.guesses import Input, pert
from sim.experiment.precision import RETURN
from sim.experiment.sensitivity import (
    ENDS,
    ends,
    evaluator,
    indices,
    input_of,
    inputs_of,
    lead,
    left_out,
    levels_of,
    passing,
    scenario_at,
    screen,
)
from sim.scenario import ScenarioError, apply
from sim.scenario.loading import load_tagged
from tests.places import SCENARIOS
from tests.small import small

THREE = [Input(name, 0.0, -math.pi, math.pi, likely=0.0) for name in ("x1", "x2", "x3")]  # all values alike
OVER = (ENDS[1] - ENDS[0]) * 2.0 / 3.0  # of the range of such an input: a step of the grid between its ends
A, B = 7.0, 0.1


def ishigami(rows):
    return [math.sin(row["x1"]) + A * math.sin(row["x2"]) ** 2 + B * row["x3"] ** 4 * math.sin(row["x1"]) for row in rows]


def known_indices():
    """First-order and total indices of the Ishigami function (Ishigami and Homma 1990)."""
    first = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    second, third = A**2 / 8.0, B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = first + second + third
    return {"x1": (first / whole, (first + third) / whole), "x2": (second / whole,) * 2, "x3": (0.0, third / whole)}


def test_sobol_indices_of_a_function_that_is_known():
    for one in indices(THREE, lambda rows: np.array(ishigami(rows)), 2048, seed=1):
        first, total = known_indices()[one.path]
        assert one.first == pytest.approx(first, abs=0.03)
        assert one.total == pytest.approx(total, abs=0.03)
        assert one.first - 3 * one.first_half_width <= first <= one.first + 3 * one.first_half_width
        assert 0.0 < one.total_half_width < 0.1


def test_screening_ranks_a_linear_function_by_its_slopes():
    """Of a linear function every elementary effect is the slope over the step: mu* is exact, sigma zero."""
    slopes = {"x1": 1.0, "x2": -5.0, "x3": 0.0}
    found = screen(THREE, lambda rows: np.array([sum(slopes[k] * v for k, v in row.items()) for row in rows]), 4, seed=1)
    assert [one.path for one in found] == ["x2", "x1", "x3"]
    assert [one.mu_star for one in found] == pytest.approx([5.0 * 2 * math.pi * OVER, 2 * math.pi * OVER, 0.0])
    assert [one.sigma for one in found] == pytest.approx([0.0] * 3, abs=1e-9)
    assert [one.path for one in passing(THREE, found, 8)] == ["x2", "x1"]


def test_the_shipped_scenario_has_inputs_with_ranges_all_of_which_make_scenarios():
    loaded = load_tagged(SCENARIOS / "hours_10.yaml")
    found = inputs_of(loaded)
    assert len(found) > 40
    assert all(one.low <= one.value <= one.high and one.low < one.high for one in found)
    for end in ("low", "high"):
        scenario_at(loaded.scenario, {one.path: getattr(one, end) for one in found})
    generator = np.random.default_rng(3)
    for _ in range(5):
        scenario_at(loaded.scenario, {one.path: generator.uniform(one.low, one.high) for one in found})
    missing = left_out(loaded, found)
    assert "market.roles.user.joins" in missing  # somebody must be there from the start
    decided = {"team.hours_per_week", "market.accounts", "market.customers", "sales.margin"}
    assert not decided & {*missing, *(one.path for one in found)}, "no guesses"
    assert len(missing) < 15


def test_each_input_is_put_to_either_end_at_every_level():
    one = Input("sales.margin", 0.5, 0.3, 0.7, likely=0.0)
    points = ends(small(), [one], [5.0, 10.0])
    assert [
        (point.settings.get("end", ""), point.scenario.team.hours_per_week, point.scenario.sales.margin) for point in points
    ] == [
        ("", 5.0, small().sales.margin),
        ("", 10.0, small().sales.margin),
        ("low", 5.0, pytest.approx(0.32)),
        ("low", 10.0, pytest.approx(0.32)),
        ("high", 5.0, pytest.approx(0.68)),
        ("high", 10.0, pytest.approx(0.68)),
    ]
    assert len({point.label for point in points}) == 6


def test_whole_numbers_stay_whole_and_impossible_inputs_are_refused():
    assert scenario_at(small(), {"market.accounts": 120.4}).market.accounts == 120
    loaded = load_tagged(SCENARIOS / "hours_10.yaml")
    assert input_of(loaded, "sales.margin=0.3:0.7").high == 0.7
    for text, error in (
        ("sales.margin=0.7:0.3", ResultsError),
        ("sales.margin=0.3", ResultsError),
        ("sales.margn=0.3:0.7", ScenarioError),
        ("sales.margin=0.3:1.7", ScenarioError),
    ):
        with pytest.raises(error):
            input_of(loaded, text)
    with pytest.raises(ResultsError, match="--levels"):
        levels_of(small(), "5,x")
    with pytest.raises(ResultsError, match="2, 4, 8"):
        indices(THREE, ishigami, 100, seed=1)
    with pytest.raises(ResultsError, match="no input has a range"):
        screen([], ishigami, 4, seed=1)


@pytest.mark.parametrize("undefined", [math.nan, math.inf, -math.inf])
def test_a_return_that_is_undefined_is_refused_with_its_runs(undefined):
    """SALib gives 0 for every index then, as if nothing mattered; the screening let no input pass."""

    def one_wrong(rows):
        return np.array([undefined if number == 3 else row["x1"] for number, row in enumerate(rows)])

    def all_wrong(rows):
        return np.full(len(rows), undefined)

    for analysis, some in ((screen, 4), (indices, 8)):
        with pytest.raises(ResultsError, match=r"undefined in run 4 \(x1 \S+, x2 \S+, x3 \S+\); narrow"):
            analysis(THREE, one_wrong, some, seed=1)
        with pytest.raises(ResultsError, match=r"run 1 \(.*\), 2 \(.*\), 3 \(.*\) and \d+ more; narrow"):
            analysis(THREE, all_wrong, some, seed=1)


def test_where_nothing_varies_nothing_matters_and_nothing_is_weighed():
    found = screen(THREE, lambda rows: np.full(len(rows), 3.7), 4, seed=1)
    assert [(one.mu_star, one.half_width, one.sigma) for one in found] == [(0.0, 0.0, 0.0)] * 3
    assert passing(THREE, found, 8) == []
    with pytest.raises(ResultsError, match="nothing varies: these"):
        indices(THREE, lambda rows: np.full(len(rows), 3.7), 8, seed=1)

    def of_one_alone(rows):
        """Each input changed alone in turn: of every five rows the first and the last are of no such change."""
        return np.array([float(number % 5 == 2) for number in range(len(rows))])

    with pytest.raises(ResultsError, match="more samples"):
        indices(THREE, of_one_alone, 8, seed=1)


WHOLE = "market.accounts"


def test_a_likely_value_counts_as_in_the_ensemble():
    """Known answer: of a sum of PERT laws the indices are shares of their variances, which more weight narrows."""
    tied, loose = Input("x1", 0.5, 0.0, 1.0, likely=4.0), Input("x2", 0.5, 0.0, 1.0, likely=1.0)
    shares = {one.path: pert(one, (np.arange(100_000) + 0.5) / 100_000).var() for one in (tied, loose)}
    for one in indices([tied, loose], lambda rows: np.array([row["x1"] + row["x2"] for row in rows]), 1024, seed=1):
        assert one.first == pytest.approx(shares[one.path] / sum(shares.values()), abs=0.02)
    assert shares["x2"] > 1.3 * shares["x1"]


def test_the_lead_is_over_the_best_other_choice():
    """By hand: no hours, 5 and 20; 5 is advised. It leads none, then 20 leads it, then none does."""
    returns = np.array([[0.0, 30.0, 10.0], [0.0, 30.0, 70.0], [0.0, -5.0, -9.0]])
    assert lead(returns, 1).tolist() == [20.0, -40.0, -5.0]


def test_it_is_the_lead_that_is_screened(tmp_path):
    """Of the level that does best as things are, over the others and over no hours."""
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        evaluate = evaluator(small(), [5.0, 20.0], evaluations, 2, 1, lambda done, total: None)
        found = evaluate([{}, {"sales.margin": 0.9}])
        scenarios = [apply(small(), {HOURS: hours, **more}) for more in ({}, {"sales.margin": 0.9}) for hours in (5.0, 20.0)]
        means = evaluations.outcomes(scenarios, [RETURN], 2, 1)[:, :, 0].mean(axis=1).reshape(2, 2)
    with_none = np.concatenate([np.zeros((2, 1)), means], axis=1)
    np.testing.assert_allclose(found, lead(with_none, int(with_none[0].argmax())))


RANGES = [(1, 2), (1, 3), (0, 4), (0, 8), (2, 20), (5, 6), (0, 1000)]


def of_what_is_lived(path):
    """The value of an input in the scenario that is made of a row: whole where only whole numbers will do."""
    return lambda rows: np.array([float(round(row[path])) for row in rows])


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_whole_numbers_are_screened_by_the_steps_they_take(low, high):
    """Of y = x the effect is the step between quantiles, which never exceeds the range; 1.5 was found for 1 to 2."""
    inputs = [Input(WHOLE, low, low, high, likely=0.0), Input("sales.margin", 0.5, 0.0, 1.0, likely=0.0)]
    grid = [ENDS[0] + third * (ENDS[1] - ENDS[0]) / 3.0 for third in range(4)]
    lived = [low + math.floor(quantile * (high - low + 1)) for quantile in grid]  # each whole number with the same chance
    found = {one.path: one for one in screen(inputs, of_what_is_lived(WHOLE), 6, seed=1)}
    assert lived[2] - lived[0] == lived[3] - lived[1]
    assert found[WHOLE].mu_star == pytest.approx(lived[2] - lived[0])
    assert found[WHOLE].sigma == pytest.approx(0.0, abs=1e-9)
    assert found["sales.margin"].mu_star == 0.0


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_whole_numbers_are_weighed_as_equally_likely(low, high):
    """Beside a uniform input of variance 1/12 a whole number of n values has (n^2 - 1) / 12; rounding halves its ends."""
    inputs = [Input(WHOLE, low, low, high, likely=0.0), Input("sales.margin", 0.5, 0.0, 1.0, likely=0.0)]
    times = math.sqrt((high - low + 1) ** 2 - 1)  # so that either explains half

    def both(rows):
        return of_what_is_lived(WHOLE)(rows) + times * np.array([row["sales.margin"] for row in rows])

    for one in indices(inputs, both, 1024, seed=1):
        assert one.first == pytest.approx(0.5, abs=0.02)
        assert one.total == pytest.approx(0.5, abs=0.02)


def test_a_range_that_holds_one_whole_number_is_refused():
    loaded = load_tagged(SCENARIOS / "hours_10.yaml")
    with pytest.raises(ResultsError, match="takes whole numbers"):
        input_of(loaded, "market.accounts=200.6:201.4")
