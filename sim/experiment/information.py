"""What knowing more is worth before deciding: a guess (EVPPI), or what a pilot shows (EVSI), by regression over sets.

See docs/model.md, 4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # loads its parts at first use

from sim.experiment.evaluation_cache import Values
from sim.experiment.statistics import Estimate, edges

PERMUTATIONS, SEED = 200, 20120102
BY_CHANCE = 0.95  # quantile of what guesses that tell nothing seem to be worth
KNOT, DEGREE = 0.5, 3  # of the regression on a guess: a cubic spline that bends anew at the median
FOLDS = 10  # of sets, each valued by what the others taught
SHOWN = 10  # guesses that are told, at most


@dataclass(frozen=True)
class Worth:
    """What knowing a guess before deciding is worth at most (EVPPI), with its interval."""

    guess: str
    value: float
    low: float
    high: float


def worth_of_guesses(
    guesses: Mapping[str, Values], weights: Values, values: Values, drawn: npt.NDArray[np.int64]
) -> tuple[tuple[Worth, ...], float]:
    """Return what single guesses are worth to know, beyond chance, and what chance alone would give.

    The expected value of partial perfect information by regression (Strong, Oakley and Brennan 2014): returns of each level
    are smoothed over the guess, and the best level is chosen along it. Guesses that tell nothing would seem to be worth
    something too; rows are shuffled to see how much the most valuable of them would. `drawn` are resamples of the sets, for the
    intervals; shape (resamples, sets).
    """
    varied = {path: column for path, column in guesses.items() if np.ptp(column) > 0.0}
    if not varied:
        return (), 0.0
    generator = np.random.default_rng(SEED)
    shuffled = np.stack([generator.permutation(len(weights)) for _ in range(PERMUTATIONS)])
    as_they_are = np.arange(len(weights))[None, :]
    bases = {path: _spline(column) for path, column in varied.items()}
    chance = np.stack([_worth(basis, weights[shuffled], values[shuffled]) for basis in bases.values()])
    by_chance = float(np.quantile(chance.max(axis=0), BY_CHANCE))
    found = {path: float(_worth(basis, weights[as_they_are], values[as_they_are])[0]) for path, basis in bases.items()}
    beyond = sorted((path for path, value in found.items() if value > by_chance), key=lambda path: -found[path])
    return tuple(_with_interval(path, found[path], bases[path], weights, values, drawn) for path in beyond[:SHOWN]), by_chance


def worth_of_signs(signs: Values, weights: Values, values: Values, drawn: npt.NDArray[np.int64]) -> Estimate:
    """Return what it is worth to see signs before deciding, with its interval: the expected value of sample information.

    Returns of each level are regressed on the signs (parabolas, weighted). The level that is highest by a regression on nine
    tenths of the sets is chosen in the other tenth, and valued by what these return there, so that chance is no information.
    `signs` have shape (sets, signs), `drawn`, which are resamples of the sets, (resamples, sets).
    """
    spread = signs.std(axis=0)
    varied = (signs[:, spread > 0.0] - signs.mean(axis=0)[spread > 0.0]) / spread[spread > 0.0]
    basis = np.concatenate([np.ones((len(signs), 1)), varied, varied**2], axis=1)
    fold = np.random.default_rng(SEED).permutation(len(signs)) % FOLDS  # of a set, wherever it is drawn again
    found = [_gained(basis[draw], fold[draw], weights[draw], values[draw]) for draw in (np.arange(len(signs)), *drawn)]
    low, high = np.quantile(found[1:], edges())
    return Estimate(found[0], float(low), float(high))


def _gained(basis: Values, fold: npt.NDArray[np.int64], weights: Values, values: Values) -> float:
    chosen = np.empty(len(basis), dtype=np.int64)
    for number in range(FOLDS):
        inside = fold == number
        weighed = basis[~inside] * weights[~inside, None]
        crossed, against = weighed.T @ basis[~inside], weighed.T @ values[~inside]
        chosen[inside] = (basis[inside] @ np.linalg.pinv(crossed, hermitian=True) @ against).argmax(axis=1)
    of_chosen = values[np.arange(len(values)), chosen]
    return float((weights @ of_chosen - (weights @ values).max()) / weights.sum())


def _with_interval(
    path: str, value: float, basis: Values, weights: Values, values: Values, drawn: npt.NDArray[np.int64]
) -> Worth:
    found = [_worth(basis[draw], weights[draw][None] / weights[draw].sum(), values[draw][None])[0] for draw in drawn]
    low, high = np.quantile(found, edges())
    return Worth(path, value, float(low), float(high))


def _worth(basis: Values, weights: Values, values: Values) -> Values:
    """Return what is gained by choosing along a guess, for each order of the sets.

    `basis` has shape (sets, columns), `weights` (orders, sets), `values` (orders, sets, levels).
    """
    crossed = np.einsum("sc,os,sd->ocd", basis, weights, basis, optimize=True)
    against = np.einsum("sc,os,osl->ocl", basis, weights, values, optimize=True)
    smooth = basis @ (np.linalg.pinv(crossed, hermitian=True) @ against)
    chosen = (weights * smooth.max(axis=2)).sum(axis=1)
    gained: Values = chosen - (weights[:, :, None] * smooth).sum(axis=1).max(axis=1)
    return gained


def _spline(column: Values) -> Values:
    """Return the basis of a cubic spline with a knot at the median; shape (sets, columns)."""
    low, high = float(column.min()), float(column.max())
    inner = float(np.quantile(column, KNOT))
    inside = [inner] if low < inner < high else []
    knots = np.concatenate([[low] * (DEGREE + 1), inside, [high] * (DEGREE + 1)])
    dense: Values = scipy.interpolate.BSpline.design_matrix(column, knots, DEGREE).toarray()
    return dense
