"""Selection of the best of several points with a guarantee, and each point's probability of being the best.

The guarantee is that of the sequential procedure KN of Kim and Nelson (2001), as sim-tools has it. Worlds are paired by common
random numbers, which KN allows and makes use of: what counts is how far differences vary, not how far worlds do.
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment.errors import ResultsError
from sim.experiment.statistics import BOOTSTRAP_SEED, BOOTSTRAPS

Values = npt.NDArray[np.float64]

ALPHA = 0.05  # the best is missed at most so often, if it is better than the others by what matters
FIRST_STAGE = 10  # replications from which the variances of differences are taken


@dataclass(frozen=True)
class Selection:
    """The outcome of a selection: the points still in the race, and when the others left it (in replications).

    `same` holds points that share a place: in every replication they have the same outcome.
    """

    contenders: tuple[int, ...]
    left_after: dict[int, int]
    replications: int
    same: tuple[tuple[int, ...], ...] = ()

    @property
    def best(self) -> int | None:
        """The point selected, the first of those that share its place; None if the replications did not suffice."""
        return self.contenders[0] if len(self.contenders) == 1 or self.contenders in self.same else None


class _Enough(Exception):  # noqa: N818  # no error: replications are used up
    """There are no more replications."""


class _Worlds:
    """Outcomes of worlds that have been run, as KN asks for them: one of a point at a time, in the order of replications."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._next = [0] * len(values)

    def register_observer(self, observer: Any) -> None:
        """Register KN as the observer."""
        self._observer = observer

    def simulate(self, point: int) -> None:
        """Hand KN the next outcome of a point."""
        number = self._next[point]
        if number == self._values.shape[1]:
            raise _Enough
        self._next[point] = number + 1
        self._observer.feedback(self, point, float(self._values[point, number]))

    @property
    def seen(self) -> list[int]:
        """Replications handed out, by point."""
        return list(self._next)


def check_replications(replications: int) -> None:
    """Check that a selection can be made from this many replications.

    Raises
    ------
    ResultsError
        If they are fewer than its first stage takes.
    """
    if replications < FIRST_STAGE:
        raise ResultsError(f"--matters: a selection takes {FIRST_STAGE} replications at least, not {replications}")


def select(values: Values, indifference: float, alpha: float = ALPHA, first_stage: int = FIRST_STAGE) -> Selection:
    """Select the point of highest mean, screening out others as soon as they are too far behind.

    If the best is better than every other by `indifference` at least, it is selected with probability 1 - alpha; if not, one
    that is worse by less than that may be. `values` has shape (points, replications), paired by replication. Points that
    never differ run as one.

    Raises
    ------
    ValueError
        If there are fewer than two points or fewer replications than the first stage takes, or an outcome is undefined.
    """
    points, replications = values.shape
    if points < 2 or replications < first_stage or first_stage < 2:
        raise ValueError(f"{points} points and {replications} replications; at least 2 and {first_stage} are needed")
    if not np.isfinite(values).all():  # a comparison with nan is false, so that KN would screen every point out
        raise ValueError("an outcome is undefined; a selection needs all of them")
    places = _places(values)
    same = tuple(place for place in places if len(place) > 1)
    if len(places) == 1:
        return Selection(places[0], {}, replications, same)
    own = values[[place[0] for place in places]]
    worlds = _Worlds(own)
    procedure = _kn()(worlds, len(own), delta=indifference, alpha=alpha, n_0=first_stage)
    with suppress(_Enough):
        procedure.solve()
    contenders = [int(place) for place in procedure._contenders]
    left = {point: worlds.seen[place] for place, those in enumerate(places) if place not in contenders for point in those}
    contenders.sort(key=lambda place: -float(own[place, : worlds.seen[place]].mean()))
    return Selection(tuple(point for place in contenders for point in places[place]), left, max(worlds.seen), same)


def _places(values: Values) -> list[tuple[int, ...]]:
    """Group points by their outcomes, in their order: those that never differ are together."""
    found: dict[tuple[float, ...], list[int]] = {}
    for point, row in enumerate(values):
        found.setdefault(tuple(row.tolist()), []).append(point)
    return [tuple(those) for those in found.values()]


def _kn() -> Any:
    """Return sim-tools' KN with two corrections: the variances it reads, and when it ends.

    sim-tools 1.3.0 keeps the variances in a row without those of a point with itself, and looks one place too low wherever the
    other comes first. It also leaves out the end that KN has: one replication after the most that any two points can take to
    be told apart, those left differ by less than what matters, and the highest mean so far is selected.
    """
    from sim_tools.ovs.indifference_zone import KN  # noqa: PLC0415  # seconds to load

    class Corrected(KN):  # type: ignore[misc]  # sim-tools has no types
        _contenders: npt.NDArray[np.int_]

        @cached_property
        def _variances(self) -> Values:
            differences = self._init_obs[:, None] - self._init_obs
            return np.asarray(differences.var(axis=-1, ddof=1))

        def _stopping(self) -> bool:
            if len(self._contenders) > 1 and self._r > self._h_squared * self._variances.max() / self._delta**2:
                self._contenders = self._contenders[[int(self._means[self._contenders].argmax())]]
            return len(self._contenders) == 1

        def _limit_to_distance_from_sample_means(self, design_i: int, design_l: int) -> float:
            variance = float(self._variances[design_i, design_l])
            squared, delta, seen = float(self._h_squared), float(self._delta), float(self._r)
            return max(0.0, (squared * variance / delta - delta * seen) / (2.0 * seen))

    return Corrected


def chance_of_best(values: Values) -> Values:
    """Estimate how likely each point has the highest mean, given these replications; shape (points,), sums to 1.

    The share of bootstrap resamples of replications, the same for all points, in which it is (paired; ties are shared).
    """
    replications = values.shape[1]
    generator = np.random.default_rng(BOOTSTRAP_SEED)
    won = np.zeros(len(values))
    for _ in range(BOOTSTRAPS):
        means = values[:, generator.integers(0, replications, replications)].mean(axis=1)
        highest = means == means.max()
        won += highest / highest.sum()
    return won / BOOTSTRAPS
