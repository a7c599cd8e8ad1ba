"""Ways to give hours over time, weighed over sets of assumptions against the best constant level. See docs/model.md, 4.1."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment.designs import HOURS
from sim.experiment.early_signs import COST, DISCOUNTED, OF_SETS
from sim.experiment.ensemble import ADVICE_SEED, Ensemble, Member, agreement
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, Flags, Values
from sim.experiment.ignorance import draws_of, resampled_as
from sim.experiment.lived import NONE
from sim.experiment.policies import Policy
from sim.experiment.runner import Progress
from sim.experiment.statistics import Estimate, edges
from sim.scenario import ScenarioError, apply


@dataclass(frozen=True)
class OfWay:
    """A constant level or another policy (`hours` is None): its mean discounted return and cost over sets, also by kind."""

    hours: float | None
    mean: Estimate
    moved: Estimate
    unmoved: Estimate
    spent: Estimate


@dataclass(frozen=True)
class Ahead:
    """The gain of a policy over the best constant level in the same worlds, and what it saves."""

    gain: Estimate
    saved: Estimate


@dataclass(frozen=True)
class Weighed:
    """Constant levels, no hours first, then other ways by `names`; `ahead`: of each of these against the best level.

    `against` is the level that returns most on average, 0 for no hours.
    """

    names: tuple[str, ...]
    against: float
    ways: tuple[OfWay, ...]
    ahead: tuple[Ahead, ...]

    @property
    def levels(self) -> tuple[OfWay, ...]:
        """The constant levels."""
        return self.ways[: len(self.ways) - len(self.names)]

    @property
    def others(self) -> Iterator[tuple[str, OfWay, Ahead]]:
        """The other ways by name, with what they are ahead."""
        return zip(self.names, self.ways[len(self.levels) :], self.ahead, strict=True)


def check_policies(members: Sequence[Member], policies: Sequence[Policy]) -> None:
    """Check that every set can live every policy.

    Raises
    ------
    ResultsError
        If one cannot.
    """
    for one in members:
        for policy in policies:
            try:
                apply(one.scenario, policy.settings)
            except ScenarioError as error:
                said = f"--policy: the hours of {policy.name!r} are not possible in member {one.number} ({error.first_line})"
                raise ResultsError(f"{said}; give another policy, or narrow the ranges") from error


def live_ways(
    members: Sequence[Member], hours: Sequence[float], others: Sequence[Mapping[str, Any]], evaluations: Evaluations,
    seed: int, *, first: int = 0, progress: Progress | None = None,
) -> Values:  # fmt: skip
    """Simulate levels and other settings in one world for each member, that of `ensemble.find`.

    The members are those from number `first` on. Shape (members, levels + others, names).
    """
    each = [*({HOURS: level} for level in hours), *others]
    scenarios = [apply(one.scenario, settings) for one in members for settings in each]
    found = evaluations.of_own_worlds(scenarios, (seed + ADVICE_SEED) % SEEDS, progress, together=len(each), first=first)
    return found[:, 0].reshape(len(members), len(each), -1)


def compare(sets: Ensemble, lived: Values, belief: float, names: Sequence[str]) -> Weighed:
    """Weigh ways over sets, paired by the worlds that they share.

    `lived` has what the levels of `sets` and then other ways, by `names`, showed; shape (sets, levels + ways, names of
    `OF_SETS`). Intervals are by resampling sets, either kind for itself.
    """
    hours = (NONE, *sets.lived.hours)
    zero = np.zeros((len(lived), 1))
    returns, spent = (np.hstack([zero, lived[:, :, OF_SETS.names.index(name)]]) for name in (DISCOUNTED, COST))
    kinds = sets.lived.has_effect
    weights = sets.lived.weights(belief)
    best = int((weights @ returns)[: len(hours)].argmax())

    def figures(weighed: Values, which: Any) -> Values:
        of = returns[which], spent[which]
        by_kind = [_mean_of(kinds[which] == kind, weighed, of[0]) for kind in (True, False)]
        return np.stack([weighed @ of[0], *by_kind, weighed @ of[1]])

    found = figures(weights, slice(None))
    again = []
    for draw in draws_of(kinds):
        one = resampled_as(sets.lived, draw, lambda which: agreement(sets.evidence, kinds, which))
        again.append(figures(one.weights(belief), draw))
    resampled = np.stack(again)
    low, high = np.quantile(resampled, edges(), axis=0)

    def apart(kind: int, more: int, less: int) -> Estimate:
        ends = np.quantile(resampled[:, kind, more] - resampled[:, kind, less], edges())
        return Estimate(float(found[kind, more] - found[kind, less]), float(ends[0]), float(ends[1]))

    def of(place: int) -> OfWay:
        each = (Estimate(float(found[kind, place]), float(low[kind, place]), float(high[kind, place])) for kind in range(4))
        return OfWay(hours[place] if place < len(hours) else None, *each)

    return Weighed(
        names=tuple(names),
        against=hours[best],
        ways=tuple(of(place) for place in range(returns.shape[1])),
        ahead=tuple(Ahead(apart(0, place, best), apart(3, best, place)) for place in range(len(hours), returns.shape[1])),
    )


def _mean_of(those: Flags, weights: Values, values: Values) -> Values:
    whole = float(weights[those].sum())
    mean: Values = weights[those] @ values[those] / whole if whole > 0.0 else np.full(values.shape[1], math.nan)
    return mean
