"""Cumulative incidence where several things can happen, of which only the first is seen (Aalen and Johansen 1978)."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

OPEN, PASSED, LOST = 0, 1, 2


def incidence(cells: npt.NDArray[np.int64]) -> tuple[Values, Values]:
    """Return the cumulative incidence of passing and of losing, by day (Aalen and Johansen); `cells` of shape (..., 3, days).

    For all resamples of a bootstrap at once, which statsmodels' estimator, the same for one, is not made for.
    """
    ended = cells.sum(axis=-2)
    at_risk = ended[..., ::-1].cumsum(axis=-1)[..., ::-1]
    risk = np.maximum(at_risk, 1)
    passed, lost = cells[..., PASSED, :] / risk, cells[..., LOST, :] / risk
    stays = np.cumprod(1.0 - passed - lost, axis=-1)
    before = np.concatenate([np.ones((*stays.shape[:-1], 1)), stays[..., :-1]], axis=-1)
    return (before * passed).cumsum(axis=-1), (before * lost).cumsum(axis=-1)


def deviation(cells: npt.NDArray[np.int64]) -> Values:
    """Return the standard deviation of the incidence of passing, by day; `cells` of shape (3, days).

    The delta method (Marubini and Valsecchi 1995, 10.3): chance in the counts of passing and of losing on each day.
    """
    ended = cells.sum(axis=-2)
    at_risk = ended[::-1].cumsum()[::-1]
    risk = np.maximum(at_risk, 1).astype(float)
    passed, left = cells[PASSED] / risk, (cells[PASSED] + cells[LOST]) / risk
    stays = np.cumprod(1.0 - left)
    before = np.concatenate([[1.0], stays[:-1]])
    found = (before * passed).cumsum()
    # the sums over days up to each of (found - earlier found)^2 a + before^2 b - 2 (found - earlier found) c, by parts
    a = np.where(left < 1.0, left / np.maximum(risk * (1.0 - left), 1e-12), 0.0)
    b, c = before**2 * (1.0 - passed) * passed / risk, before * passed / risk
    variance = found**2 * a.cumsum() - 2.0 * found * (found * a).cumsum() + (found**2 * a).cumsum()
    variance += b.cumsum() - 2.0 * (found * c.cumsum() - (found * c).cumsum())
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))
