"""Returns of sets of parameters, weighted by facts and freed of the luck of worlds. See docs/model.md, 4.1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Flags, Values
from sim.experiment.pilots import BUYERS

NONE = 0.0  # hours of a level that is always open
FEWEST_PAIRS = 10  # sets with a second world, from which on their luck can be told


@dataclass(frozen=True)
class Lived:
    """Returns of sets of parameters: `returns` of one world each, shape (sets, levels), and what is known of the sets.

    `again` are returns in another world, of the same shape, nan for sets with one alone. `likelihood` says how well
    each set agrees with the facts, up to a common factor. `signs` are what a pilot at the lowest level shows by each test,
    shape (sets, times, signs), and `spent` is what it costs by then, shape (sets, times); nan at times beyond the horizon.
    Returns are discounted by `rate` per year; `plain` are those of the first worlds without that.
    """

    hours: tuple[float, ...]
    returns: Values
    again: Values
    has_effect: Flags
    likelihood: Values
    signs: Mapping[str, Values]
    spent: Values
    plain: Values
    rate: float
    buyers: int = BUYERS

    def of(self, which: npt.NDArray[np.int64]) -> "Lived":
        """Select sets, some of them perhaps more than once."""
        found = (self.returns[which], self.again[which], self.has_effect[which], self.likelihood[which])
        return Lived(self.hours, *found, self.signs_of(which), self.spent[which], self.plain[which], self.rate, self.buyers)

    def signs_of(self, which: npt.NDArray[np.int64]) -> dict[str, Values]:
        """Return the signs of some sets, by test."""
        return {test: one[which] for test, one in self.signs.items()}

    def weights(self, belief: float) -> Values:
        """Weigh sets by Bayes' rule, given the chance that buyers are not moved; shape (sets,), of sum 1.

        Raises
        ------
        ResultsError
            If no set agrees with the facts at all.
        """
        found = np.zeros(len(self.likelihood))
        for kind, prior in ((True, 1.0 - belief), (False, belief)):
            if (self.has_effect == kind).any():
                found[self.has_effect == kind] = prior / (self.has_effect == kind).sum()
        found *= self.likelihood
        if not found.sum() > 0.0:
            raise ResultsError("no set of parameters agrees with the facts; check whether they are right for this scenario")
        weights: Values = found / found.sum()
        return weights

    def values(self) -> Values:
        """Return net returns, no hours first; shape (sets, 1 + levels). Their luck averages out in means over sets."""
        return with_none(self.returns)

    def freed(self, kinds: Sequence[bool]) -> Values:
        """Return net returns freed of the luck of worlds in these kinds, no hours first; shape (sets, 1 + levels).

        Returns of either kind of set are drawn towards their mean until they vary and covary as sets do and worlds do not:
        empirical Bayes that keeps the spread right (Louis 1984), by the linear map that moves them least. Means stay as they
        are. For what is not a mean over sets: shares, quantiles, the best level of each set.
        """
        found = self.returns.copy()
        for kind in kinds:
            of_kind = self.has_effect == kind
            pairs = of_kind & self._lived_twice
            if pairs.sum() > 1 and self.likelihood[of_kind].sum() > 0.0:
                luck = _covariance((self.returns - self.again)[pairs], np.full(pairs.sum(), 1.0 / pairs.sum())) / 2.0
                found[of_kind] = _freed(self.returns[of_kind], luck, self.likelihood[of_kind])
        return with_none(found)

    def freeable(self) -> list[bool]:
        """Return the kinds of sets of which enough have a second world to show their luck."""
        return [kind for kind in (True, False) if ((self.has_effect == kind) & self._lived_twice).sum() >= FEWEST_PAIRS]

    @property
    def _lived_twice(self) -> Flags:
        return np.asarray(np.isfinite(self.again).all(axis=1))


def with_none(returns: Values) -> Values:
    """Put no hours, which return nothing, before levels; shape (sets, 1 + levels)."""
    return np.concatenate([np.zeros((len(returns), 1)), returns], axis=1)


def _covariance(apart: Values, weights: Values) -> Values:
    found: Values = (apart * weights[:, None]).T @ apart
    return found


def _freed(returns: Values, luck: Values, likelihood: Values) -> Values:
    """Shrink returns linearly so that their weighted covariance is less by that of luck; shape (sets, levels)."""
    weights = likelihood / likelihood.sum()
    middle = weights @ returns
    whole = _covariance(returns - middle, weights)
    root, inverse = _root(whole), _root(whole, -0.5)
    ignorance = _root(whole - luck, 1.0)  # without directions in which there is but luck
    shrunk = inverse @ _root(root @ ignorance @ root) @ inverse
    moved: Values = middle + (returns - middle) @ shrunk
    return moved


def _root(matrix: Values, power: float = 0.5) -> Values:
    """Return a power of a symmetric matrix; what is not above zero counts as zero."""
    sizes, ways = np.linalg.eigh(matrix)
    least = max(float(sizes.max()), 0.0) * 1e-12
    powers = np.where(sizes > least, np.maximum(sizes, least or 1.0) ** power, 0.0)
    found: Values = (ways * powers) @ ways.T
    return found
