"""The value of knowing a group of guesses before deciding (EVPPI), by regression over sets. See docs/model.md, 4.1.

Strong, Oakley and Brennan (2014) regress returns on all guesses of a group at once, by a sum of smooth functions where they are
few. Here groups hold up to seventy guesses and sets are some hundreds. So of each group those of the largest effects are taken,
with their products, and as many of them, shrunk as much, as predicts sets best that had no say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts at first use

from sim.experiment.evaluation_cache import Values
from sim.experiment.information import BY_CHANCE, SEED, Worth
from sim.experiment.statistics import edges

Order = npt.NDArray[np.int64]

PERMUTATIONS = 100
FOLDS = 5  # of sets, each valued by what the others taught
DEGREES = 3  # of the polynomials of a guess
TAKEN = (1, 3, 6)  # guesses of a group, those of the largest effects
SHRUNK = (0.001, 0.03, 0.3)  # ridge, in units of the variance of a column


@dataclass(frozen=True)
class _Group:
    """Polynomials of each guess of a group, shape (sets, guesses, degrees)."""

    columns: Values

    @classmethod
    def of(cls, guesses: Values) -> "_Group":
        """Take Hermite polynomials of normal scores: of mean 0, variance 1 and without correlation where all differ."""
        varied = guesses[:, np.ptp(guesses, axis=0) > 0.0]
        ranks = scipy.stats.rankdata(varied, axis=0)  # ties share theirs
        scores = scipy.stats.norm.ppf((ranks - 0.5) / len(guesses))
        found = np.stack([scores, scores**2 - 1.0, scores**3 - 3.0 * scores][:DEGREES], axis=2)
        spread = found.std(axis=0)
        return cls((found - found.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0))

    def features(self, sets: Order, taught: Values, values: Values) -> tuple[Values, list[int]]:
        """Return columns for the regression, shape (sets, columns), and how many of them belong to each number of guesses.

        The guesses of the largest effects come first, as sets of weights `taught` tell; with their products, in the same order.
        """
        mine = self.columns[sets]
        apart = values - taught @ values / taught.sum()
        effects = np.tensordot(mine * taught[:, None, None], apart, axes=(0, 0))
        first = np.argsort(-(effects**2).sum(axis=(1, 2)), kind="stable")[: max(TAKEN)]
        columns, ends = [np.ones(len(sets))], []
        for place, guess in enumerate(first):
            columns += [*mine[:, guess].T, *(mine[:, guess, 0] * mine[:, other, 0] for other in first[:place])]
            if place + 1 in TAKEN or place + 1 == len(first):
                ends.append(len(columns))
        return np.stack(columns, axis=1), ends


def worth_of_groups(
    groups: Mapping[str, Values], weights: Values, values: Values, drawn: Order
) -> tuple[tuple[Worth, ...], float]:
    """Return what groups of guesses are worth to know, beyond chance, the most valuable first; and what chance alone gives.

    Each fifth of the sets chooses its level by a regression on the others, and is valued by its own returns: chance is not
    information on average, and what a regression does not see is not counted. Rows are shuffled to see what the most
    valuable of uninformative groups would seem to be worth.

    Parameters
    ----------
    groups
        Values of the guesses of each group, shape (sets, guesses).
    weights, values
        Of the sets, shape (sets,), and their returns, shape (sets, levels).
    drawn
        Resamples of the sets, for the intervals; shape (resamples, sets).
    """
    varied = {name: _Group.of(of_group) for name, of_group in groups.items() if (np.ptp(of_group, axis=0) > 0.0).any()}
    if not varied:
        return (), 0.0
    generator = np.random.default_rng(SEED)
    sets = np.arange(len(weights))
    fold = generator.permutation(len(weights)) % FOLDS
    shuffled = [generator.permutation(len(weights)) for _ in range(PERMUTATIONS)]
    found = {name: _gained(one, sets, fold, weights, values) for name, one in varied.items()}
    chance = [[_gained(one, sets, fold, weights[order], values[order]) for order in shuffled] for one in varied.values()]
    by_chance = max(0.0, float(np.quantile(np.max(chance, axis=0), BY_CHANCE)))
    told = []
    for name in sorted((name for name, value in found.items() if value > by_chance), key=lambda name: -found[name]):
        again = [_gained(varied[name], draw, fold[draw], weights[draw], values[draw]) for draw in drawn]
        told.append(Worth(name, found[name], *map(float, np.quantile(again, edges()))))
    return tuple(told), by_chance


def _gained(group: _Group, sets: Order, fold: Order, weights: Values, values: Values) -> float:
    """Return what is gained by choosing in each fold what the others taught, by the regression that predicts best."""
    said = np.empty((len(TAKEN) * len(SHRUNK), *values.shape))
    for number in range(FOLDS):
        inside = fold == number
        taught = np.where(inside, 0.0, weights)
        if not taught.sum() > 0.0:
            return 0.0  # one set counts for all
        columns, ends = group.features(sets, taught, values)
        weighed = (columns * (taught / taught.sum())[:, None]).T
        crossed, against = weighed @ columns, weighed @ values
        for place in range(len(said)):
            end = ends[min(place // len(SHRUNK), len(ends) - 1)]
            ridge = np.full(end, SHRUNK[place % len(SHRUNK)])
            ridge[0] = 0.0  # the mean is not drawn to anything
            learned = np.linalg.solve(crossed[:end, :end] + np.diag(ridge), against[:end])
            said[place][inside] = columns[inside, :end] @ learned
    errors = np.einsum("s,psl->p", weights, (said - values) ** 2)
    chosen = said[errors.argmin()].argmax(axis=1)
    of_chosen = np.take_along_axis(values, chosen[:, None], axis=1)[:, 0]
    return float((weights @ of_chosen - (weights @ values).max()) / weights.sum())
