"""Decide on hours when most numbers are guesses: what levels return over all sets of parameters, and what knowing is worth.

Every set of parameters has one world at each level of hours; some have a second one, which shows how much of the spread
between sets is the luck of a world. What is left is ignorance. See docs/model.md, 4.1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.experiment.evaluation_cache import Flags, Values
from sim.experiment.group_information import worth_of_groups
from sim.experiment.information import Worth, worth_of_guesses, worth_of_signs
from sim.experiment.lived import NONE, Lived, with_none
from sim.experiment.pilots import AFTER
from sim.experiment.statistics import Estimate, edges, weighted_share

Agreement = Callable[[npt.NDArray[np.int64]], Values]

RESAMPLES, RESAMPLE_SEED = 200, 20120102
WORST = 0.05  # of the sets return less than the worst that is told
DECISIVE = 0.9  # of the sets in which a level is best, from which on it is best whatever is true
KINDS = ("mean", "pays", "worst", "regret", "best", "moved", "unmoved", "plain")  # of figures of a level, as in OfLevel
SPREAD, SHARES = ("pays", "worst", "best"), ("pays", "best")  # that freeing changes; of these, those that are shares
BELIEFS = 1001  # steps of the belief that buyers are not moved


@dataclass(frozen=True)
class OfLevel:
    """A level over all sets: mean net return, share that pays, what one set in twenty falls short of, regret, share where best.

    Regret is what the level returns less than the best level of each set, on average. `moved` and `unmoved` are mean returns
    where touches move minds, and where they do not; `plain` is the mean that is not discounted. Intervals are the luck of which
    sets were drawn and of their worlds.
    """

    hours: float
    mean: Estimate
    pays: Estimate
    worst: Estimate
    regret: Estimate
    best: Estimate
    moved: Estimate
    unmoved: Estimate
    plain: Estimate


@dataclass(frozen=True)
class Pilot:
    """The most that a pilot at so many hours is worth, if a test is read after so many quarters to decide (EVSI).

    `cost` is that of its hours, and of what is spent beside them, by then. `is_beyond_chance`: worth more than the best of
    uninformative tests would seem to be in 95 of 100 cases.
    """

    hours: float
    test: str
    after: int
    worth: Estimate
    cost: Estimate
    is_beyond_chance: bool


@dataclass(frozen=True)
class Far:
    """A fact that no set comes near: its interval, and what the nearest set shows."""

    fact: str
    low: float
    high: float
    nearest: float


@dataclass(frozen=True)
class Until:
    """The level that returns most on average while the chance that buyers are not moved is below `belief`."""

    hours: float
    belief: float


@dataclass(frozen=True)
class Decision:
    """The decision while nobody knows which set of parameters is true.

    Attributes
    ----------
    sets, effective_sets
        Sets drawn, and to how many equal ones their weights come down (Kish 1965).
    belief, belief_after
        Chance that buyers are not moved at all: before the facts, and given them.
    levels
        No hours first.
    break_even
        The belief from which on no hours return most on average. Set against `belief_after`.
    by_belief
        Which level returns most on average, from no doubt to certainty that buyers are not moved.
    everything, effect
        What knowing all parameters is worth (EVPI), and knowing no more than whether buyers are moved.
    guesses
        Single guesses that are worth more to know than chance would have it, the most valuable first.
    themes
        Groups of guesses, each by what it is about, that are worth more to know together than chance would have it.
    pilots
        What pilots at the lowest level are worth, by the test and by when it is read.
    buyers
        Asked per arm of the survey of recall.
    rate
        By which returns of a year later count less.
    far
        Facts that no set comes near.
    is_freed
        Whether enough sets have a second world to take the luck of worlds out of shares, quantiles and regret.
    by_chance, themes_by_chance, pilots_by_chance
        What the most valuable of uninformative guesses, themes or tests would seem to be worth, in 95 of 100 cases.
    """

    sets: int
    effective_sets: float
    belief: float
    belief_after: Estimate
    levels: tuple[OfLevel, ...]
    break_even: Estimate
    by_belief: tuple[Until, ...]
    everything: Estimate
    effect: Estimate
    guesses: tuple[Worth, ...]
    themes: tuple[Worth, ...]
    themes_by_chance: float
    pilots: tuple[Pilot, ...]
    pilots_by_chance: float
    buyers: int
    rate: float
    by_chance: float
    is_freed: bool
    far: tuple[Far, ...]
    seed: int

    @property
    def best(self) -> OfLevel:
        """The level that returns most on average."""
        return max(self.levels, key=lambda one: one.mean.value)

    @property
    def is_decisive(self) -> bool:
        """Whether the best level is best in nine of ten sets, by the lower end of the interval."""
        return self.best.best.low > DECISIVE


def decide(
    lived: Lived, guesses: Mapping[str, Values], belief: float, seed: int, agreement: Agreement | None = None,
    themes: Mapping[str, Values] | None = None, far: tuple[Far, ...] = (),
) -> Decision:  # fmt: skip
    """Summarise what sets of parameters say of each level of hours, and what knowing more is worth.

    Parameters
    ----------
    lived
        Net returns of the sets.
    guesses
        Values of each guess by its path, shape (sets,).
    belief
        Chance that buyers are not moved at all, before the facts.
    seed
        It is noted.
    agreement
        Finds the likelihoods of some sets that are drawn anew, with what is estimated from all of them; by default these stay.
    themes
        Values of the guesses of each theme, shape (sets, guesses).
    far
        Facts that no set comes near. They are noted.

    Raises
    ------
    ResultsError
        If no set agrees with the facts.
    """
    weights, values, kinds = lived.weights(belief), lived.values(), lived.freeable()
    draws = draws_of(lived.has_effect)
    resampled = [resampled_as(lived, draw, agreement) for draw in draws]
    summaries = np.array([_summary(one, belief, one.freed(kinds)) for one in resampled])
    low, high = _quantiles(summaries)
    found = [Estimate(*map(float, one)) for one in zip(_summary(lived, belief, lived.freed(kinds)), low, high, strict=True)]
    each = len(lived.hours) + 1
    effective = float(1.0 / (weights**2).sum())
    as_lived = _quantiles(np.array([_summary(one, belief, one.values()) for one in resampled]))
    for place in (place for kind in SPREAD for place in range(KINDS.index(kind) * each, (KINDS.index(kind) + 1) * each)):
        found[place] = _widened(found[place], as_lived[0][place], as_lived[1][place])
        if place // each in map(KINDS.index, SHARES):
            found[place] = _of_few(found[place], effective)
    levels = tuple(OfLevel(hours, *found[place : len(KINDS) * each : each]) for place, hours in enumerate((NONE, *lived.hours)))
    belief_after, break_even, everything, effect = found[len(KINDS) * each :]
    sets = np.arange(len(weights))
    drawn = np.stack([draw if weights[draw].sum() > 0.0 else sets for draw in draws])  # as `resampled_as` does
    worth, by_chance = worth_of_guesses(guesses, weights, values, drawn)
    of_themes, themes_by_chance = worth_of_groups(themes or {}, weights, values, drawn)
    return Decision(
        len(weights),
        effective,
        belief,
        belief_after,
        levels,
        break_even,
        tuple(_by_belief(*_means_by_kind(lived), (NONE, *lived.hours))),
        everything,
        effect,
        worth,
        of_themes,
        themes_by_chance,
        *_pilots(lived, weights, drawn),
        lived.buyers,
        lived.rate,
        by_chance,
        len(kinds) == len({*lived.has_effect.tolist()}),
        far,
        seed,
    )


def _pilots(lived: Lived, weights: Values, drawn: npt.NDArray[np.int64]) -> tuple[tuple[Pilot, ...], float]:
    """Value a pilot by each test at each time that the horizon reaches; and say what chance would give."""
    shown = {
        (test, place): signs[:, place]
        for test, signs in lived.signs.items()
        for place in range(len(AFTER))
        if np.isfinite(signs[:, place]).all()
    }
    worth, by_chance = worth_of_signs(shown, weights, lived.values(), drawn)
    found = [
        Pilot(lived.hours[0], test, AFTER[place], one, _mean(lived.spent[:, place], weights, drawn), one.value > by_chance)
        for (test, place), one in worth.items()
    ]
    return tuple(found), by_chance


def _mean(column: Values, weights: Values, drawn: npt.NDArray[np.int64]) -> Estimate:
    again = (weights[drawn] * column[drawn]).sum(axis=1) / weights[drawn].sum(axis=1)
    return Estimate(float(weights @ column), *map(float, np.quantile(again, edges())))


def _quantiles(summaries: Values) -> tuple[Values, Values]:
    """Return both ends of intervals, of what is defined; nan where nothing is."""
    told = np.isfinite(summaries).any(axis=0)
    found = np.full((2, summaries.shape[1]), np.nan)
    found[:, told] = np.nanquantile(summaries[:, told], edges(), axis=0)
    return found[0], found[1]


def _widened(found: Estimate, low: float, high: float) -> Estimate:
    """Let an interval hold another one too: freeing is exact for normal returns of equal luck, and for others is not."""
    return Estimate(found.value, min(found.low, float(low)), max(found.high, float(high)))


def _of_few(found: Estimate, trials: float) -> Estimate:
    """Widen the interval of a share to Wilson's: resampling a few sets that all agree shows no luck at all."""
    value = min(1.0, max(0.0, found.value))
    wilson = weighted_share(value, trials)
    return Estimate(value, min(found.low, wilson.low), max(found.high, wilson.high))


def draws_of(has_effect: Flags) -> list[npt.NDArray[np.int64]]:
    """Draw sets anew, with replacement and as many of either kind."""
    generator = np.random.default_rng(RESAMPLE_SEED)
    kinds = [np.flatnonzero(has_effect == kind) for kind in (True, False)]
    return [
        np.concatenate([generator.choice(one, len(one)) for one in kinds if len(one)]).astype(np.int64)
        for _ in range(RESAMPLES)
    ]


def resampled_as(lived: Lived, draw: npt.NDArray[np.int64], agreement: Agreement | None) -> Lived:
    """Take sets as they were drawn anew, with the likelihoods that they then have; all sets if none of these agrees."""
    found = lived.of(draw)
    if agreement is not None:
        found = replace(found, likelihood=agreement(draw))
    return found if found.likelihood.sum() > 0.0 else lived


def _summary(lived: Lived, belief: float, values: Values) -> Values:
    """Return the figures of all levels, kind by kind, then belief given the facts, break-even, and what knowing is worth.

    `values` are net returns from which shares, quantiles and the best level of each set are read.
    """
    weights = lived.weights(belief)
    means = weights @ lived.values()
    top = weights @ values.max(axis=1)
    regret = top - weights @ values
    best = np.eye(values.shape[1])[values.argmax(axis=1)]
    worst = [_quantile(column, weights) for column in values.T]
    moved, unmoved = _means_by_kind(lived)
    after = float(weights[~lived.has_effect].sum())
    known = [chance * float(mean.max()) for chance, mean in ((1.0 - after, moved), (after, unmoved)) if chance > 0.0]
    return np.concatenate(
        [means, weights @ (values > 0.0), worst, regret, weights @ best, moved, unmoved, weights @ with_none(lived.plain),
         [after, _break_even(moved, unmoved), regret.min(), sum(known) - means.max()]]
    )  # fmt: skip


def _means_by_kind(lived: Lived) -> tuple[Values, Values]:
    """Average returns by level over the sets in which buyers are moved, and over the others; nan of a kind without sets."""
    values, found = lived.values(), []
    for kind in (lived.has_effect, ~lived.has_effect):
        whole = float(lived.likelihood[kind].sum())
        found.append(lived.likelihood[kind] @ values[kind] / whole if whole > 0.0 else np.full(values.shape[1], np.nan))
    return found[0], found[1]


def _break_even(moved: Values, unmoved: Values) -> float:
    """Return the belief from which on no level returns anything on average: 0 if none ever does, 1 if one always does.

    Undefined where a kind has no sets, or where some level pays only if buyers are not moved.
    """
    if not np.isfinite(moved + unmoved).all() or ((unmoved > 0.0) & (moved <= 0.0)).any():
        return np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.where(moved > unmoved, moved / (moved - unmoved), np.where(moved > 0.0, 1.0, 0.0))
    return float(np.clip(ends, 0.0, 1.0)[1:].max())


def _by_belief(moved: Values, unmoved: Values, hours: Sequence[float]) -> list[Until]:
    if not np.isfinite(moved + unmoved).all():
        return []
    beliefs = np.linspace(0.0, 1.0, BELIEFS)
    best = ((1.0 - beliefs)[:, None] * moved + beliefs[:, None] * unmoved).argmax(axis=1)
    ends = np.flatnonzero(np.diff(best))
    return [
        *(Until(float(hours[best[end]]), float((beliefs[end] + beliefs[end + 1]) / 2.0)) for end in ends),
        Until(float(hours[best[-1]]), 1.0),
    ]


def _quantile(column: Values, weights: Values) -> float:
    order = np.argsort(column, kind="stable")
    reached = np.searchsorted(np.cumsum(weights[order]), WORST)
    return float(column[order[min(int(reached), len(order) - 1)]])
