"""A quadratic response surface through the points of a design, with its error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.special at first use

from sim.analysis.charts.quantities import Cube
from sim.experiment.statistics import CONFIDENCE

Points = npt.NDArray[np.float64]  # shape (points, parameters), one or two of them
SPARE = 2  # points beyond the terms of the surface


@dataclass(frozen=True)
class Surface:
    """A fitted surface: its coefficients, their covariance, and the share of the differences of points that it explains."""

    middle: Points
    reach: Points
    coefficients: Points
    covariance: Points
    explained: float
    margin: float

    def at(self, where: Points) -> tuple[Points, Points]:
        """Return the surface at some places and half its interval there, each of shape (places,)."""
        terms = _terms((where - self.middle) / self.reach)
        error = np.sqrt(np.einsum("ij,jk,ik->i", terms, self.covariance, terms))
        return terms @ self.coefficients, self.margin * error

    def may_be_best(self, where: Points, *, highest: bool = True) -> npt.NDArray[np.bool_]:
        """Mark the places that cannot be told from the best of them, each by the interval of its difference."""
        terms = _terms((where - self.middle) / self.reach)
        values = terms @ self.coefficients * (1.0 if highest else -1.0)
        away = terms[int(np.argmax(values))] - terms
        error = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", away, self.covariance, away), 0.0))
        found: npt.NDArray[np.bool_] = values.max() - values <= self.margin * error + 1e-12
        return found


def terms_of(parameters: int) -> int:
    """Count the terms of a quadratic surface over so many parameters."""
    return (parameters + 1) * (parameters + 2) // 2


def least_points(parameters: int) -> int:
    """Return how many points a surface over so many parameters needs."""
    return terms_of(parameters) + SPARE


def fit(where: Points, values: Cube, confidence: float = CONFIDENCE) -> Surface:
    """Fit a quadratic surface by least squares; `where` has shape (points, parameters), `values` (points, replications).

    Two errors make its covariance. One is the luck of the worlds: as least squares are linear, each world has coefficients of
    its own, and the covariance of their mean is that of the worlds over their number. The other is what the surface leaves
    unexplained between points: other parameters that vary, and a shape that is not a quadratic. The second holds some of the
    first, so that intervals are a little too wide.
    """
    middle, reach = (where.max(axis=0) + where.min(axis=0)) / 2.0, np.maximum(np.ptp(where, axis=0) / 2.0, 1e-12)
    terms = _terms((where - middle) / reach)
    worlds = ~np.isnan(values).any(axis=0)
    inverse = np.linalg.pinv(terms)
    each = inverse @ values[:, worlds]  # (terms, worlds)
    mean = values[:, worlds].mean(axis=1)
    coefficients = each.mean(axis=1)
    left = mean - terms @ coefficients
    free = max(1, len(where) - terms.shape[1])
    lack = float(left @ left) / free * inverse @ inverse.T
    luck = np.cov(each) / each.shape[1] if each.shape[1] > 1 else 0.0
    whole = float(((mean - mean.mean()) ** 2).sum())
    explained = 1.0 - float(left @ left) / whole if whole > 0.0 else float("nan")
    margin = float(scipy.special.stdtrit(free, 0.5 + confidence / 2.0))
    return Surface(middle, reach, coefficients, lack + luck, explained, margin)


def _terms(unit: Points) -> Points:
    """Return 1, the parameters, their squares and their product, shape (places, terms)."""
    columns = [np.ones(len(unit)), *unit.T, *(unit**2).T]
    if unit.shape[1] == 2:
        columns.append(unit[:, 0] * unit[:, 1])
    return np.column_stack(columns)
