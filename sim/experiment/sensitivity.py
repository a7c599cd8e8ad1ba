"""Inputs that change the decision: screened by Morris' method, weighed by Sobol' indices, put to their ends one at a time.

Inputs are the assumptions of a scenario that the schema gives a range to, and any other range that is asked for. They follow
the laws that sets of assumptions are drawn from (`guesses`). What is looked at is the lead of the advised level: its net return
less that of the best other choice, no hours among them; below zero another choice is better. Every scenario of an analysis uses
the same worlds (common random numbers), so that differences are due to the inputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment.designs import HOURS, INPUT, different, hours_label, is_power_of_two, low_high
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations, Values
from sim.experiment.guesses import AS_SAID, ASSUMED, BY_GRADE, Input, is_whole, pert
from sim.experiment.plan import Point
from sim.experiment.precision import RETURN
from sim.experiment.simplex import as_weights, with_others
from sim.experiment.statistics import CONFIDENCE
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.describe import YOURS, Row, describe
from sim.scenario.loading import Loaded

END, LOW, HIGH = "end", "low", "high"  # of the settings of a point
LEVELS = 4  # of Morris' grid
ENDS = (0.05, 0.95)  # quantiles of the law of an input, at which it is put to its ends
CORNERS, CORNERS_SEED = 12, 20120102  # where inputs are tried together, each at one end: all low, all high, others at random
FIGURES = 4  # of a value at an end, which people read
AT_ONCE = 32  # inputs tried together at first
BATCH = 64  # scenarios evaluated at a time
NAMED = 3  # runs that have no return, at most

Evaluate = Callable[[Sequence[dict[str, float]]], Values]


@dataclass(frozen=True)
class Screened:
    """An input in Morris' screening: its mean absolute elementary effect, with half an interval, and the effects' spread.

    An effect is the change of the lead, in the currency, as an input moves over two thirds of the way between its ends.
    """

    path: str
    mu_star: float
    half_width: float
    sigma: float


@dataclass(frozen=True)
class Index:
    """Sobol' indices of an input, with half an interval each: the variance it explains alone, and with all it works with."""

    path: str
    first: float
    first_half_width: float
    total: float
    total_half_width: float


def inputs_of(loaded: Loaded, *, only_given: bool = False) -> list[Input]:
    """Return the guesses of a scenario: by the schema, all numbers with a range for which its author gave no plain number.

    Left out are those whose ends make no possible scenario with the others unchanged, or that make none together with others
    wherever these are (as roles that all join late). `only_given`: those whose ranges the author gave.
    """
    rows = (row for row in describe(loaded) if row.tag == YOURS or not only_given)
    asked = [one for one in map(_input, rows) if one is not None]
    corners = _corners(asked)

    def fits(together: Sequence[Input]) -> bool:
        rows = [{one.path: corner[one.path] for one in together} for corner in corners]
        try:
            for row in rows:
                scenario_at(loaded.scenario, row)
        except (ScenarioError, ResultsError):
            return False
        return True

    def added(kept: list[Input], more: list[Input]) -> list[Input]:
        """Those of some more that fit in, found by halving."""
        if fits([*kept, *more]):
            return [*kept, *more]
        half = len(more) // 2
        return added(added(kept, more[:half]), more[half:]) if half else kept

    kept: list[Input] = []
    for first in range(0, len(asked), AT_ONCE):
        kept = added(kept, asked[first : first + AT_ONCE])
    return kept


def _corners(inputs: Sequence[Input]) -> list[dict[str, float]]:
    """Return inputs each at one end of its range: all low, all high, and others at random."""
    at_high = np.random.default_rng(CORNERS_SEED).integers(0, 2, (len(inputs), CORNERS)).astype(bool)
    at_high[:, 0], at_high[:, 1] = False, True
    return [
        {one.path: one.high if is_high else one.low for one, is_high in zip(inputs, corner, strict=True)}
        for corner in at_high.T
    ]


def left_out(loaded: Loaded, inputs: Sequence[Input]) -> list[str]:
    """Return the paths of assumptions that have a range and are not among the inputs."""
    kept = {one.path for one in inputs}
    asked = (one for one in map(_input, describe(loaded)) if one is not None)
    return [one.path for one in asked if one.path not in kept]


def _input(row: Row) -> Input | None:
    if not isinstance(row.value, int | float) or isinstance(row.value, bool) or row.is_known:
        return None
    if row.low is None or row.high is None or not row.low < row.high:
        return None
    value = float(row.value)
    return Input(row.path, value, min(row.low, value), max(row.high, value), row.description, _likely(row))


def _likely(row: Row) -> float:
    """Return how much the value of a guess is preferred: as its author says, else by the grade of its source."""
    return AS_SAID if row.tag == YOURS else BY_GRADE.get(row.grade, ASSUMED)


def input_of(loaded: Loaded, text: str) -> Input:
    """Parse an input and its range from `PATH=LOW:HIGH`.

    Raises
    ------
    ResultsError, ScenarioError
        If it is not that, the scenario has no such number, or an end makes no possible scenario.
    """
    path, _, said = (part.strip() for part in text.partition("="))
    ends = low_high(said)
    if ends is None:
        raise ResultsError(f"--vary {text}: write PATH=LOW:HIGH, such as sales.margin=0.3:0.7")
    for end in ends:
        scenario_at(loaded.scenario, {path: end})
    row = next((row for row in describe(loaded) if row.path == path), None)
    if row is None:
        raise ResultsError(f"--vary {text}: {path} is not a number of the scenario")
    if is_whole(path) and round(ends[0]) == round(ends[1]):
        raise ResultsError(f"--vary {text}: {path} takes whole numbers, and there is one in this range; widen it")
    return Input(path, float(row.value), *ends, row.description)


def check_inputs(base: Scenario, inputs: Sequence[Input], levels: Sequence[float]) -> None:
    """Check that there are inputs, each once, and that each end of one makes a possible scenario at every level of hours.

    Raises
    ------
    ResultsError
        If not.
    """
    different(list(_problem(inputs)["names"]))
    try:  # all at once first, as one by one takes long with many
        for level in levels:
            for end in (LOW, HIGH):
                scenario_at(apply(base, {HOURS: level}), {one.path: getattr(one, end) for one in inputs})
    except (ScenarioError, ResultsError):
        _check_one_by_one(base, inputs, levels)


def _check_one_by_one(base: Scenario, inputs: Sequence[Input], levels: Sequence[float]) -> None:
    for one in inputs:
        for value in (one.low, one.high):
            changed = scenario_at(base, {one.path: value})
            for level in levels:
                try:
                    apply(changed, {HOURS: level})
                except ScenarioError as error:
                    said = f"{one.path} {value:g} is not possible at {level:g} hours per week ({error.first_line})"
                    raise ResultsError(f"{said}; narrow its range, or give other --levels") from error


def check_together(base: Scenario, inputs: Sequence[Input], trajectories: int, seed: int) -> None:
    """Check that the runs of a screening are possible scenarios, and that inputs are so together at the ends of their ranges.

    Raises
    ------
    ResultsError
        If one is not.
    """
    for row in [*_corners(inputs), *_named(inputs, _trajectories(inputs, trajectories, seed))]:
        try:
            scenario_at(base, row)
        except (ScenarioError, ResultsError) as error:
            tried = ", ".join(f"{path} {value:g}" for path, value in row.items())
            raise ResultsError(f"--vary: {tried} are not possible together ({error}); narrow the ranges") from error


def levels_of(base: Scenario, text: str) -> list[float]:
    """Parse hours per week from `A,B,C`.

    Raises
    ------
    ResultsError, ScenarioError
        If they are not numbers, or the team cannot work that many hours.
    """
    try:
        hours = sorted({float(part) for part in text.split(",")})
    except ValueError:
        raise ResultsError(f"--levels {text}: write hours per week, such as 5,10,20,40") from None
    for one in hours:
        apply(base, {HOURS: one})
    return hours


def passing(inputs: Sequence[Input], screened: Sequence[Screened], most: int) -> list[Input]:
    """Return the inputs with the largest effects, the largest first, leaving out those without any."""
    by_path = {one.path: one for one in inputs}
    return [by_path[one.path] for one in screened[:most] if one.mu_star > 0.0]


def scenario_at(base: Scenario, values: dict[str, float]) -> Scenario:
    """Set inputs of the scenario to some values: rounded where only whole numbers will do, shares of a whole in proportion.

    Raises
    ------
    ScenarioError, ResultsError
        If that is not a possible scenario.
    """
    fitting = {path: float(round(value)) if is_whole(path) else value for path, value in values.items()}
    return apply(base, with_others(base, as_weights(base, fitting)))


def evaluator(
    base: Scenario, levels: Sequence[float], evaluations: Evaluations, replications: int, seed: int,
    progress: Callable[[int, int], None],
) -> Evaluate:  # fmt: skip
    """Build a function that gives the lead of the advised level for a list of input values; shape (rows,).

    The mean net return of the level that does best with all inputs as they are, less that of the best other choice; no hours,
    which cost and return nothing, are among the choices, and may be what does best.
    """

    def returns(rows: Sequence[dict[str, float]]) -> Values:
        scenarios = [apply(scenario_at(base, row), {HOURS: hours}) for row in rows for hours in levels]
        found = evaluations.outcomes(scenarios, [RETURN], replications, seed)[:, :, 0].mean(axis=1)
        return np.concatenate([np.zeros((len(rows), 1)), found.reshape(len(rows), len(levels))], axis=1)

    advised = int(returns([{}])[0].argmax())

    def evaluate(rows: Sequence[dict[str, float]]) -> Values:
        found: list[float] = []
        for first in range(0, len(rows), BATCH):
            found += lead(returns(rows[first : first + BATCH]), advised).tolist()
            progress(len(found), len(rows))
        return np.array(found)

    return evaluate


def lead(returns: Values, advised: int) -> Values:
    """Return by how much one choice returns more than the best other one; shape (rows,), of returns (rows, choices)."""
    others = np.delete(returns, advised, axis=1)
    found: Values = returns[:, advised] - others.max(axis=1)
    return found


def screen(inputs: Sequence[Input], evaluate: Evaluate, trajectories: int, seed: int) -> list[Screened]:
    """Screen inputs by Morris' method (Morris 1991; mu* of Campolongo et al. 2007), largest effect first.

    An effect is the change of the lead over two thirds of the way from one end of an input to the other, in quantiles.

    Takes trajectories x (inputs + 1) evaluations.

    Raises
    ------
    ResultsError
        If there are no inputs, or a run has no finite return.
    """
    from SALib.analyze import morris as analysis  # noqa: PLC0415  # heavy

    problem = _problem(inputs)
    unit = _trajectories(inputs, trajectories, seed)
    values = _finite(evaluate, _named(inputs, unit))
    found = analysis.analyze(problem, unit, values, conf_level=CONFIDENCE, num_levels=LEVELS, seed=seed)
    # SALib divides every change by the step of its grid; taken for the whole way, half of a step from 1 to 2 would be 0.75
    step = LEVELS / (2.0 * (LEVELS - 1.0))
    columns = [[float(one) * step for one in found[key]] for key in ("mu_star", "mu_star_conf", "sigma")]
    screened = [Screened(*one) for one in zip(problem["names"], *columns, strict=True)]
    return sorted(screened, key=lambda one: -one.mu_star)


def _trajectories(inputs: Sequence[Input], trajectories: int, seed: int) -> Values:
    """Draw the runs of Morris' screening as uniforms, shape (trajectories x (inputs + 1), inputs).

    The ends of the grid are those to which inputs are put, as the very ends of a law have no chance at all.
    """
    from SALib.sample import morris as design  # noqa: PLC0415  # heavy

    unit: Values = design.sample(_problem(inputs), trajectories, num_levels=LEVELS, seed=seed)
    return ENDS[0] + unit * (ENDS[1] - ENDS[0])


def check_samples(samples: int) -> None:
    """Check that Sobol' indices can be estimated from this many samples.

    Raises
    ------
    ResultsError
        If that is not a power of two.
    """
    if samples < 2 or not is_power_of_two(samples):
        raise ResultsError(f"Sobol' indices take 2, 4, 8, 16, ... samples, not {samples}")


def indices(inputs: Sequence[Input], evaluate: Evaluate, samples: int, seed: int) -> list[Index]:
    """Estimate first-order and total Sobol' indices (Saltelli et al. 2010), largest total first; inputs follow their laws.

    Takes samples x (inputs + 2) evaluations.

    Raises
    ------
    ResultsError
        If there are no inputs, `samples` is not a power of two, a run has no finite return, or nothing varies.
    """
    from SALib.analyze import sobol as analysis  # noqa: PLC0415
    from SALib.sample import sobol as design  # noqa: PLC0415

    check_samples(samples)
    problem = _problem(inputs)
    unit = design.sample(problem, samples, calc_second_order=False, seed=seed)
    values = _finite(evaluate, _named(inputs, unit))
    if np.ptp(values) == 0.0:
        raise ResultsError("nothing varies: these inputs change nothing in what level does best")
    each = len(inputs) + 2
    if np.ptp([values[::each], values[each - 1 :: each]]) == 0.0:  # of them alone SALib 1.6.0 takes the variance, and warns
        raise ResultsError("nothing varies but where one input is changed alone; give more samples")
    found = analysis.analyze(problem, values, calc_second_order=False, conf_level=CONFIDENCE, seed=seed)
    columns = [[float(one) for one in found[key]] for key in ("S1", "S1_conf", "ST", "ST_conf")]
    weighed = [Index(*one) for one in zip(problem["names"], *columns, strict=True)]
    return sorted(weighed, key=lambda one: -one.total)


def ends(base: Scenario, inputs: Sequence[Input], levels: Sequence[float]) -> tuple[Point, ...]:
    """Build points at some levels of hours, with all inputs as they are and with each at either end of its law."""
    points = [_level(base, hours, "", {}) for hours in levels]
    for one in inputs:
        for end, quantile in zip((LOW, HIGH), pert(one, np.array(ENDS)).tolist(), strict=True):
            value = float(f"{quantile:.{FIGURES}g}")
            changed = scenario_at(base, {one.path: value})
            settings = {INPUT: one.path, END: end, "value": value}
            points += [_level(changed, hours, f"{one.path} {end}, ", settings) for hours in levels]
    return tuple(points)


def _level(base: Scenario, hours: float, name: str, settings: dict[str, Any]) -> Point:
    return Point(f"{name}{hours_label(hours)}", apply(base, {HOURS: hours}), {HOURS: hours, **settings})


def _problem(inputs: Sequence[Input]) -> dict[str, Any]:
    if not inputs:
        raise ResultsError("no input has a range; give some with --vary PATH=LOW:HIGH")
    return {
        "num_vars": len(inputs),
        "names": [one.path for one in inputs],
        "bounds": [[0.0, 1.0]] * len(inputs),
    }


def _finite(evaluate: Evaluate, rows: Sequence[dict[str, float]]) -> Values:
    """Evaluate the rows of a design, and see that every return is a number.

    SALib 1.6.0 weighs every input as 0, and says nothing, where one return of a Sobol' analysis is none (1.5.2: as undefined).
    """
    values = evaluate(rows)
    wrong = np.flatnonzero(~np.isfinite(values)).tolist()
    if wrong:
        runs = [f"{one + 1} ({', '.join(f'{path} {value:g}' for path, value in rows[one].items())})" for one in wrong[:NAMED]]
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        raise ResultsError(f"net return is undefined in run {', '.join(runs)}{more}; narrow the ranges of inputs")
    return values


def _named(inputs: Sequence[Input], unit: Values) -> list[dict[str, float]]:
    """Return the values of inputs, run by run, at quantiles of their laws; shape (runs, inputs)."""
    columns = [pert(one, column).tolist() for one, column in zip(inputs, unit.T, strict=True)]
    return [dict(zip((one.path for one in inputs), row, strict=True)) for row in zip(*columns, strict=True)]
