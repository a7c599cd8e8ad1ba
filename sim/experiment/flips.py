"""Guesses that would flip the advice on hours, and the value at which they do. See docs/model.md, 4.1.

The advice is one of some levels of hours, or to stop, which costs and returns nothing. Each guess is put to both ends of its
range; where the advice is another one there, bisection finds the value from which on it is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sim.experiment.designs import HOURS
from sim.experiment.early_signs import COST, MEASURE
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations, Values
from sim.experiment.guesses import Input, is_whole
from sim.experiment.precision import RETURN
from sim.experiment.runner import Progress
from sim.experiment.sensitivity import NAMED, scenario_at
from sim.experiment.statistics import Estimate, mean
from sim.scenario import Scenario, apply
from sim.scenario.screening import effects

STOP = 0.0  # hours, as an advice
MOST, LEVELS, SHOWN, STEPS = 8, 4, 3, 5  # inputs tried, levels compared, flips told of, steps of bisection
FEWEST_WORLDS, FIRST_WORLDS = 2, 2
MATTERS = 0.1  # of the cost of the advised level

Returns = Callable[[Sequence[dict[str, float]], int], Values]  # of rows of values in so many worlds: (rows, levels, worlds)


@dataclass(frozen=True)
class Flip:
    """An assumption that flips the advice: the value at which it does, give or take, and the advice from there on.

    `way` is the share of the way from the likely value to the end at which the advice flips. `loss` is what keeping the
    advice would lose at that end, with its interval, in the currency.
    """

    path: str
    value: float
    end: float
    flips_at: float
    plus_minus: float
    way: float
    hours: float
    loss: float
    loss_low: float
    loss_high: float


@dataclass(frozen=True)
class Tried:
    """An assumption that was put to both ends of its range, and whether the advice flips at one of them."""

    path: str
    value: float
    low: float
    high: float
    flips: bool


@dataclass(frozen=True)
class Flips:
    """Values that would flip the advice to fund so many hours per week (0: to stop), the nearest to its likely value first.

    `matters` is the loss, in the currency, from which on another level is another advice. `returns` holds the mean net return
    per level with every assumption at its likely value.
    """

    hours: float
    levels: tuple[float, ...]
    returns: tuple[float, ...]
    matters: float
    worlds: int
    seed: int
    steps: int
    tried: tuple[Tried, ...]
    flips: tuple[Flip, ...]


def most_telling(guesses: Iterable[Input], most: int = MOST) -> list[Input]:
    """Return so many guesses at most, those of the largest measured effect first, those never screened last."""
    known = effects()
    return sorted(guesses, key=lambda one: known.get(one.path, -1.0), reverse=True)[:most]


def thinned(levels: Iterable[float], advised: float, most: int = LEVELS) -> tuple[float, ...]:
    """Return so many levels at most, in order and without zero hours; always the lowest, the highest and the advised one."""
    hours = sorted({*levels} - {STOP})
    if len(hours) <= most:
        return tuple(hours)
    kept = {hours[0], hours[-1], advised} - {STOP}
    for place in np.linspace(0, len(hours) - 1, most).round().astype(int).tolist():
        if len(kept) < most:
            kept.add(hours[place])
    return tuple(sorted(kept))


@dataclass(frozen=True)
class Verdict:
    """The advice at some value: hours, what the usual advice loses there, and the loss that matters."""

    hours: float
    loss: Values  # shape (worlds,)
    matters: float

    @property
    def flips(self) -> bool:
        """Whether the mean loss matters."""
        return float(self.loss.mean()) > self.matters

    @property
    def estimate(self) -> Estimate:
        """The mean loss with its interval."""
        return mean(self.loss)

    @property
    def surely_flips(self) -> bool:
        """Whether the interval of the mean loss excludes less than what matters."""
        return self.estimate.low > self.matters


@dataclass(frozen=True)
class Advice:
    """The usual advice, and what must be lost by keeping it until another one is better in kind.

    Attributes
    ----------
    levels, hours
        Hours per week that may be advised, and those that are: one of them, or 0 to stop.
    of_level, of_kind
        Losses that matter between two levels, and between funding and stopping, in the currency.
    """

    levels: tuple[float, ...]
    hours: float
    of_level: float
    of_kind: float

    @classmethod
    def of(cls, levels: tuple[float, ...], hours: float, returns: Values, cost: float) -> Self:
        """Set what matters from the returns at the likely values, shape (levels, worlds), and the cost of the advised level.

        Another level matters from a tenth of the cost on, funding instead of stopping from zero on. What the advice already
        falls behind in these worlds with everything at its likely value is luck, and no flip.
        """
        means = returns.mean(axis=1)
        if hours == STOP:
            return cls(levels, hours, 0.0, max(0.0, float(means.max())))
        mine = float(means[levels.index(hours)])
        return cls(levels, hours, max(MATTERS * cost, float(means.max()) - mine), max(0.0, -mine))

    def verdict(self, returns: Values) -> Verdict:
        """Say what worlds advise by their net returns, shape (levels, worlds): the highest mean, stopping among the choices."""
        options = (STOP, *self.levels)
        values = np.concatenate([np.zeros((1, returns.shape[1])), returns])
        best = int(values.mean(axis=1).argmax())
        is_kind = (options[best] == STOP) != (self.hours == STOP)
        loss = values[best] - values[options.index(self.hours)]
        return Verdict(options[best], loss, self.of_kind if is_kind else self.of_level)


@dataclass
class _Search:
    """The stretch of an input in which the advice flips: from `near`, where it does not, to `far`, where it does."""

    input: Input
    end: float
    at_end: Verdict
    near: float
    far: float
    hours: float  # advised at `far`

    def middle(self) -> float | None:
        """Return the value to try next; None if there is none between the two."""
        middle = (self.near + self.far) / 2.0
        if not is_whole(self.input.path):
            return middle
        whole = float(round(middle))
        return None if whole in {self.near, self.far} else whole

    def way(self, value: float) -> float:
        return (value - self.input.value) / (self.end - self.input.value)

    def flip(self) -> Flip:
        middle, loss = (self.near + self.far) / 2.0, self.at_end.estimate
        return Flip(
            self.input.path, self.input.value, self.end, middle, abs(self.far - self.near) / 2.0, self.way(middle),
            self.hours, loss.value, loss.low, loss.high,
        )  # fmt: skip


def evaluator(
    base: Scenario, levels: Sequence[float], evaluations: Evaluations, seed: int, progress: Progress | None = None
) -> tuple[Returns, Returns]:
    """Build functions that give the net return (expected) and the cost of rows of values, shape (rows, levels, worlds).

    `evaluations` are of `early_signs.MEASURE`. All rows and levels share their worlds. Both raise ResultsError if a net return
    is undefined: it would pass for the best.
    """

    def of(name: str) -> Returns:
        def find(rows: Sequence[dict[str, float]], worlds: int) -> Values:
            scenarios = [apply(scenario_at(base, row), {HOURS: hours}) for row in rows for hours in levels]
            found = evaluations.of_own_worlds(scenarios, seed, progress, worlds=worlds, together=len(scenarios))
            values = found[:, :, MEASURE.names.index(name)].reshape(len(rows), len(levels), worlds)
            wrong = np.flatnonzero(~np.isfinite(values).all(axis=(1, 2))).tolist()
            if wrong:
                tried = [", ".join(f"{path} {value:g}" for path, value in rows[one].items()) for one in wrong[:NAMED]]
                raise ResultsError(f"net return is undefined with {'; '.join(tried)}; narrow the range")
            return np.asarray(values)

        return find

    return of(RETURN), of(COST)


def find(
    inputs: Sequence[Input], levels: tuple[float, ...], hours: float, evaluate: tuple[Returns, Returns],
    *, worlds: int, seed: int,
) -> Flips:  # fmt: skip
    """Put each input to both ends of its range, and find where the advice flips.

    An end at which the usual advice does best in the first worlds is not followed further. Elsewhere the advice flips if
    what it loses in all worlds exceeds what matters, with the interval excluding less.

    Parameters
    ----------
    inputs
        The guesses, in the order in which they are told of if they flip nothing.
    levels, hours
        Hours per week that may be advised, and those that are: one of the levels, or 0 to stop.
    evaluate
        What `evaluator` gives.
    worlds
        Worlds per scenario, all on the same draws; 2 at least.
    seed
        Of these worlds; it is noted.

    Raises
    ------
    ResultsError
        If there are no inputs, fewer than two worlds, or a net return is undefined.
    """
    check(inputs, worlds)
    returns, costs = evaluate
    usual = returns([{}], worlds)[0]
    cost = float(costs([{}], worlds)[0, levels.index(hours)].mean()) if hours != STOP else 0.0
    advice = Advice.of(levels, hours, usual, cost)
    searches = _at_ends(inputs, advice, returns, worlds)
    flipping = {one.input.path for one in searches}
    for _ in range(STEPS):
        searches = _halved(_nearest(searches), advice, returns, worlds)
    found: dict[str, Flip] = {}
    for flip in sorted((one.flip() for one in searches), key=lambda one: one.way):
        found.setdefault(flip.path, flip)
    return Flips(
        hours, levels, tuple(usual.mean(axis=1).tolist()), advice.of_level, worlds, seed, STEPS,
        tuple(Tried(one.path, one.value, one.low, one.high, one.path in flipping) for one in inputs),
        tuple(found.values())[:SHOWN],
    )  # fmt: skip


def check(inputs: Sequence[Input], worlds: int) -> None:
    """Check that there is something to try, in enough worlds to tell it from luck.

    Raises
    ------
    ResultsError
        If not.
    """
    if not inputs:
        raise ResultsError("every number of the scenario is given as known; no guess is left that could flip the advice")
    if worlds < FEWEST_WORLDS:
        raise ResultsError(f"--worlds {worlds}: one world cannot tell a flip from luck; take {FEWEST_WORLDS} at least")


def _at_ends(inputs: Sequence[Input], advice: Advice, returns: Returns, worlds: int) -> list[_Search]:
    """Find the ends of ranges at which the advice surely flips."""
    ends = [(one, end) for one in inputs for end in (one.low, one.high) if end != one.value]
    first = returns([{one.path: end} for one, end in ends], min(FIRST_WORLDS, worlds))
    left = [end for end, values in zip(ends, first, strict=True) if advice.verdict(values).loss.mean() > 0.0]
    if not left:
        return []
    verdicts = map(advice.verdict, returns([{one.path: end} for one, end in left], worlds))
    return [
        _Search(one, end, verdict, one.value, end, verdict.hours)
        for (one, end), verdict in zip(left, verdicts, strict=True)
        if verdict.surely_flips
    ]


def _nearest(searches: list[_Search]) -> list[_Search]:
    """Leave out those that cannot be among the nearest that are told of: others surely flip before."""
    by_path: dict[str, float] = {}
    for one in searches:
        by_path[one.input.path] = min(by_path.get(one.input.path, 1.0), one.way(one.far))
    bound = sorted(by_path.values())[SHOWN - 1] if len(by_path) >= SHOWN else 1.0
    return [one for one in searches if one.way(one.near) <= min(bound, by_path[one.input.path])]


def _halved(searches: list[_Search], advice: Advice, returns: Returns, worlds: int) -> list[_Search]:
    """Try the middle of every stretch, and keep the half in which the advice flips."""
    middles = [one.middle() for one in searches]
    rows = [{one.input.path: middle} for one, middle in zip(searches, middles, strict=True) if middle is not None]
    verdicts = iter(map(advice.verdict, returns(rows, worlds)) if rows else ())
    found = []
    for one, middle in zip(searches, middles, strict=True):
        if middle is None:
            found.append(one)
            continue
        verdict = next(verdicts)
        found.append(replace(one, far=middle, hours=verdict.hours) if verdict.flips else replace(one, near=middle))
    return found
