"""Sequential stopping: replications until the interval of a named outcome is narrow, or time is up.

The sequential rule is the replications algorithm of Hoad, Robinson and Davies (2010), as sim-tools has it: the interval must be
narrow enough at n replications and stay so over the next few; and it must be so over all that were run, as all are kept. The
outcome is asked for one replication at a time; worlds are run in rounds, each as long as the rounds before let expect, so that
the number depends on no more than the worlds themselves.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from threading import Thread
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.outcome_columns import KEY
from sim.experiment.statistics import CONFIDENCE, mean

RETURN = "net_return_expected"
GROSS = "gross_return_expected"  # of which a share means something even where net return is near zero
LEAST = 20  # replications before anything is concluded
LOOK_AHEAD = 5
FLOOR = LEAST + LOOK_AHEAD  # replications that are run in any case: the rule looks first at LEAST of them, and ahead
OF_THE_WAY = 0.9  # to the number guessed, at a time
MOST_GROWTH = 4  # of one round over all before: an early guess of what is needed may be far off
MOST = 100_000
RULE = "sim_tools.output_analysis"
FAR_AWAY = 1e9  # from there, as a multiple of the half-width, a relative precision is an absolute one

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A target for the interval of an outcome at every point: its half-width, as a share of the mean or as it is.

    `most` is the largest number of replications, whether it is enough or not.
    """

    outcome: str = GROSS
    share: float | None = None
    half_width: float | None = None
    most: int = MOST

    def __post_init__(self) -> None:
        known = [column.name for column in TABLES["outcomes"][len(KEY) :]]
        if self.outcome not in known:
            near = get_close_matches(self.outcome, known, 1)
            remedy = f"did you mean {near[0]}?" if near else "see docs/results-schema.md"
            raise ResultsError(f"no outcome {self.outcome!r}; {remedy}")
        if (self.share is None) == (self.half_width is None):
            raise ResultsError("precision is either a share of the mean or a half-width")
        if not 0.0 < (self.share or self.half_width or 0.0) < math.inf:
            raise ResultsError("precision must be more than zero")
        if self.most < LEAST + _ahead(LEAST):
            raise ResultsError(f"{self.most} replications are too few to be precise; allow at least {LEAST + _ahead(LEAST)}")

    @classmethod
    def of(cls, said: dict[str, Any] | None) -> Self | None:
        """Restore the target that a manifest holds."""
        return None if said is None else cls(**said)

    def excess(self, values: Values) -> float:
        """Return the interval's half-width over the target: at most 1 if narrow enough; `values` has shape (replications,)."""
        found = mean(values)
        wanted = self.half_width if self.half_width is not None else (self.share or 0.0) * abs(found.value)
        return (found.high - found.value) / wanted if wanted > 0.0 else math.inf


class Rounds:
    """Replications one at a time, out of rounds of many; what the sequential rule asks."""

    def __init__(self, target: Target, run: Callable[[int], Values]) -> None:
        self._target, self._run = target, run
        self._values: Values = np.empty((0, 0))

    def single_run(self, replication_number: int) -> dict[str, float]:
        """Return the outcome of a replication at each point, ready for the rule (sim-tools calls this)."""
        if replication_number >= self.count:
            self._values = self._run(self._next())
            undefined = np.argwhere(~np.isfinite(self._values))
            if len(undefined):
                where = f"{self._target.outcome} is undefined in replication {undefined[0][1]}"
                raise ResultsError(f"{where}; give another outcome to be precise in")
        return {str(point): self._seen(point, value) for point, value in enumerate(self._values[:, replication_number])}

    @property
    def count(self) -> int:
        """Replications that were run."""
        return int(self._values.shape[1])

    def enough(self, least: int) -> int | None:
        """Return from how many replications, at least `least`, the rule holds at every point; None if the most is too few."""
        from sim_tools.output_analysis import ReplicationsAlgorithm  # noqa: PLC0415  # seconds to load

        share = self._target.share if self._target.half_width is None else 1.0 / FAR_AWAY
        rule = ReplicationsAlgorithm(
            alpha=1.0 - CONFIDENCE,
            half_width_precision=share,
            initial_replications=least,
            look_ahead=LOOK_AHEAD,
            replication_budget=max(least, self._target.most - _ahead(self._target.most)),
        )
        points = list(self.single_run(least - 1))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the most are not enough is said in our words
            found, _ = rule.select(self, points)
        return None if None in found.values() else max(least, *found.values())

    def _seen(self, point: int, value: float) -> float:
        """Adjust a value for the rule, which divides by the mean: make the mean positive, or large for an absolute target."""
        if self._target.half_width is not None:
            return float(value) + FAR_AWAY * self._target.half_width
        return float(value) * math.copysign(1.0, self._values[point].mean())

    def _next(self) -> int:
        """Return the number of replications to reach in the next round."""
        if not self.count:
            return LEAST
        excess = max(self._target.excess(values) for values in self._values)
        guess = self.count * min(excess, math.sqrt(MOST_GROWTH)) ** 2
        missing = guess - self.count
        if missing > 2 * LOOK_AHEAD:  # the guess becomes better on the way
            return min(self.count + math.ceil(OF_THE_WAY * missing), self._target.most)
        return max(self.count + 1, min(math.ceil(guess) + _ahead(guess) + 1, self._target.most))


def _ahead(replications: float) -> int:
    """Return over how many further replications the rule must hold: five, or proportionally more beyond a hundred."""
    return math.ceil(LOOK_AHEAD * max(replications, 100.0) / 100.0)


def replications_for(target: Target, run: Callable[[int], Values]) -> int | None:
    """Run as many replications as a target needs; how many the rule found enough, None if the most are not.

    At the number it found, the interval is narrow enough over these, over the next few and over all that were run.

    `run` is given a number of replications, sees to it that they are there, and returns the outcome of all, shape (points,
    replications).

    Raises
    ------
    ResultsError
        If the outcome is undefined in a world.
    """
    Thread(target=import_module, args=[RULE], daemon=True).start()  # takes seconds, while the first worlds are run
    rounds, least = Rounds(target, run), LEAST
    rounds.single_run(0)
    while least + _ahead(least) <= target.most:
        enough = rounds.enough(least)
        if enough is None:
            break
        missed = _missed(target, run(rounds.count), enough)
        if missed is None:
            return enough
        least = missed + 1
    run(target.most)
    return None


def _missed(target: Target, values: Values, enough: int) -> int | None:
    """Return the largest number of replications at which an interval is too wide, counting from what the rule found.

    Beyond 100 replications sim-tools 1.3.0 looks further ahead, but then takes the first number after which five hold; of
    several outcomes it follows each for itself only; and it sees nothing of what a round ran beyond. A mean may also change its
    sign on the way.
    """
    run: int = values.shape[1]
    counts: list[int] = [run, *range(min(enough + _ahead(enough), run), enough - 1, -1)]
    for count in counts:
        if not all(target.excess(one[:count]) <= 1.0 for one in values):
            return count
    return None
