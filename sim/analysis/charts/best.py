"""The points that may be the best, given the luck of the worlds that were run."""

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.special at first use

from sim.analysis.charts.quantities import Cube
from sim.experiment.statistics import CONFIDENCE

AT_A_TIME = 256  # points held against all others, so that memory does not grow with the square of their number


def may_be_best(values: Cube, confidence: float = CONFIDENCE) -> npt.NDArray[np.bool_]:
    """Mark the points that cannot be told from the best (the highest); shape of values (points, replications).

    A point is left out if another is higher, paired by world, by more than luck explains, allowing for all the others that it
    is held against (Bonferroni). The best is among those left with at least the given confidence: the subset selection of
    Nelson, Swann, Goldsman and Song (2001), which common random numbers do not disturb. With one world, all are left; points
    with an undefined world are compared over none and are left out, unless all are.
    """
    count, worlds = values.shape
    whole = ~np.isnan(values).any(axis=1)
    if worlds < 2 or count < 2 or not whole.any():
        return np.ones(count, dtype=bool)
    kept = np.flatnonzero(whole)
    means = values[kept].mean(axis=1)
    centred = values[kept] - means[:, None]
    spread = (centred**2).sum(axis=1)
    margin = scipy.special.stdtrit(worlds - 1, 1.0 - (1.0 - confidence) / max(1, len(kept) - 1))
    found = np.zeros(count, dtype=bool)
    for first in range(0, len(kept), AT_A_TIME):
        rows = slice(first, first + AT_A_TIME)
        squares = spread[rows, None] + spread[None, :] - 2.0 * centred[rows] @ centred.T
        error = np.sqrt(np.maximum(squares, 0.0) / (worlds - 1) / worlds)
        beaten = means[None, :] - means[rows, None] > margin * error + 1e-9 * np.abs(means).max()
        found[kept[rows]] = ~beaten.any(axis=1)
    return found
