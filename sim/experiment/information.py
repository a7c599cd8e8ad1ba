"""The value of knowing more before deciding: a guess (EVPPI), or what a pilot shows (EVSI), by regression over sets.

See docs/model.md, 4.1.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts at first use

from sim.experiment.evaluation_cache import Values
from sim.experiment.statistics import Estimate, edges

Seen = TypeVar("Seen", bound=Hashable)

PERMUTATIONS, SEED = 200, 20120102
BY_CHANCE = 0.95  # quantile of what guesses that tell nothing seem to be worth
KNOT, DEGREE = 0.5, 3  # of the regression on a guess: a cubic spline that bends anew at the median
FOLDS = 10  # of sets, each valued by what the others taught
SHOWN = 10  # guesses that are told, at most


@dataclass(frozen=True)
class Worth:
    """The most that knowing a guess before deciding is worth (EVPPI), with its interval."""

    guess: str
    value: float
    low: float
    high: float


def worth_of_guesses(
    guesses: Mapping[str, Values], weights: Values, values: Values, drawn: npt.NDArray[np.int64]
) -> tuple[tuple[Worth, ...], float]:
    """Return what single guesses are worth to know, beyond chance, and what chance alone would give.

    The expected value of partial perfect information by regression (Strong, Oakley and Brennan 2014): returns of each level
    are smoothed over the guess, and the best level is chosen along it. Uninformative guesses would seem to be worth
    something too; rows are shuffled to see how much the most valuable of them would. `drawn` are resamples of the sets, for the
    intervals; shape (resamples, sets).
    """
    varied = {path: column for path, column in guesses.items() if np.ptp(column) > 0.0}
    if not varied:
        return (), 0.0
    generator = np.random.default_rng(SEED)
    shuffled = np.stack([generator.permutation(len(weights)) for _ in range(PERMUTATIONS)])
    bases = {path: _spline(column) for path, column in varied.items()}
    weighed = _weighed(weights[shuffled], values[shuffled])
    chance = np.stack([_worth(basis, weights[shuffled], weighed) for basis in bases.values()])
    by_chance = float(np.quantile(chance.max(axis=0), BY_CHANCE))
    weighed = _weighed(weights[None], values[None])
    found = {path: float(_worth(basis, weights[None], weighed)[0]) for path, basis in bases.items()}
    beyond = sorted((path for path, value in found.items() if value > by_chance), key=lambda path: -found[path])
    return tuple(_with_interval(path, found[path], bases[path], weights, values, drawn) for path in beyond[:SHOWN]), by_chance


def worth_of_signs(
    signs: Mapping[Seen, Values], weights: Values, values: Values, drawn: npt.NDArray[np.int64]
) -> tuple[dict[Seen, Estimate], float]:
    """Return what it is worth to see signs before deciding (EVSI), each with its interval, and what chance alone would give.

    Returns of each level are regressed on the signs (parabolas, weighted). The level that is highest by a regression on nine
    tenths of the sets is chosen in the other tenth, and valued by what these return there, so that chance does not count as
    information on average. The best of many uninformative ones would still seem to be worth something; rows are shuffled to
    see how much. Each of `signs` has shape (sets, signs), `drawn`, which are resamples of the sets, (resamples, sets).
    """
    sets = len(weights)
    generator = np.random.default_rng(SEED)
    fold = generator.permutation(sets) % FOLDS  # of a set, wherever it is drawn again
    shuffled = np.stack([generator.permutation(sets) for _ in range(PERMUTATIONS)])
    as_they_are = np.arange(sets)[None]
    found, by_chance = {}, np.full(PERMUTATIONS, -np.inf)
    for name, of_sets in signs.items():
        basis = _parabolas(of_sets)
        value = _gained(basis[None], fold[None], weights[as_they_are], values[as_they_are])[0]
        again = _gained(basis[drawn], fold[drawn], weights[drawn], values[drawn])
        found[name] = Estimate(float(value), *map(float, np.quantile(again, edges())))
        by_chance = np.maximum(by_chance, _gained(basis[None], fold[None], weights[shuffled], values[shuffled]))
    return found, max(0.0, float(np.quantile(by_chance, BY_CHANCE))) if signs else 0.0


def _parabolas(signs: Values) -> Values:
    """Return 1, and each sign that varies with its square; shape (sets, columns)."""
    spread = signs.std(axis=0)
    varied = (signs[:, spread > 0.0] - signs.mean(axis=0)[spread > 0.0]) / spread[spread > 0.0]
    return np.concatenate([np.ones((len(signs), 1)), varied, varied**2], axis=1)


def _gained(basis: Values, fold: npt.NDArray[np.int64], weights: Values, values: Values) -> Values:
    """Return what is gained by choosing in each fold what the others taught, for each order of the sets.

    `basis` has shape (orders or 1, sets, columns), `fold` (orders or 1, sets), `weights` (orders, sets), `values` (orders,
    sets, levels).
    """
    chosen = np.empty(weights.shape, dtype=np.int64)
    for number in range(FOLDS):
        inside = fold == number
        weighed = np.swapaxes(basis * _of_largest(np.where(inside, 0.0, weights))[:, :, None], 1, 2)
        learned = np.linalg.pinv(weighed @ basis, hermitian=True) @ (weighed @ values)
        np.copyto(chosen, (basis @ learned).argmax(axis=2), where=inside)
    of_chosen = np.take_along_axis(values, chosen[:, :, None], axis=2)[:, :, 0]
    means = (weights[:, :, None] * values).sum(axis=1).max(axis=1)
    gained: Values = ((weights * of_chosen).sum(axis=1) - means) / weights.sum(axis=1)
    return gained


def _of_largest(weights: Values) -> Values:
    """Return weights as shares of the largest of each order, which others may outweigh 1e300 times; zeros stay."""
    largest = weights.max(axis=1, keepdims=True)
    found: Values = np.divide(weights, largest, out=np.zeros_like(weights), where=largest > 0.0)
    return found


def _with_interval(
    path: str, value: float, basis: Values, weights: Values, values: Values, drawn: npt.NDArray[np.int64]
) -> Worth:
    found = []
    for draw in drawn:
        mine = weights[draw][None] / weights[draw].sum()
        found.append(_worth(basis[draw], mine, _weighed(mine, values[draw][None]))[0])
    low, high = np.quantile(found, edges())
    return Worth(path, value, float(low), float(high))


def _worth(basis: Values, weights: Values, weighed: Values) -> Values:
    """Return what is gained by choosing along a guess, for each order of the sets.

    `basis` has shape (sets, columns), `weights` (orders, sets), `weighed`, which are weights times values, (levels, orders,
    sets).
    """
    columns = basis.shape[1]
    crossed = (weights @ (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)).reshape(-1, columns, columns)
    learned = np.linalg.pinv(crossed, hermitian=True) @ np.moveaxis(weighed @ basis, 0, 2)
    smooth = [learned[:, :, level] @ basis.T for level in range(len(weighed))]
    chosen = (weights * np.maximum.reduce(smooth)).sum(axis=1)
    gained: Values = chosen - np.maximum.reduce([(weights * one).sum(axis=1) for one in smooth])
    return gained


def _weighed(weights: Values, values: Values) -> Values:
    """Return weights times values, shape (levels, orders, sets), of shapes (orders, sets) and (orders, sets, levels)."""
    return np.ascontiguousarray(np.moveaxis(weights[:, :, None] * values, 2, 0))


def _spline(column: Values) -> Values:
    """Return the basis of a cubic spline with a knot at the median; shape (sets, columns)."""
    low, high = float(column.min()), float(column.max())
    inner = float(np.quantile(column, KNOT))
    inside = [inner] if low < inner < high else []
    knots = np.concatenate([[low] * (DEGREE + 1), inside, [high] * (DEGREE + 1)])
    dense: Values = scipy.interpolate.BSpline.design_matrix(column, knots, DEGREE).toarray()
    return dense
