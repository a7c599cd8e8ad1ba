"""Values of deals whose days show which are missing: won deals alone are seen, and larger ones may take longer.

A deal's value and the days to its win are lognormal together: log days are normal around a + b (log value - c). A deal is seen
only if it was won by the last day on record, so its likelihood is its density over the chance to be won between its first
contact and that day (right truncation; Kalbfleisch and Lawless 1989). When leads came does not matter to it, nor whether they
became more; values and times must not have changed. With b = 0 the mean and spread of logarithms are those of what is seen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

Values = npt.NDArray[np.float64]

PRIOR_LOG_DAYS = (3.5, 1.5)  # of deals of ordinary value, as for leads
PRIOR_POWER = (0.0, 0.5)  # by which days grow with value: ten times the value, a tenth to ten times the days
PRIOR_LOG_SPREAD = (0.0, 0.5)  # of the standard deviation of log days at one value
STEP = 1e-5  # of finite differences of slopes
MOST = 5.0  # standard errors of a mean that is believed, in standard deviations: beyond, the days do not tell


@dataclass(frozen=True)
class Lognormal:
    """The mean and the spread of logarithms, with the deals that would tell as much if none were missing."""

    middle: float
    spread: float
    error: float  # standard error of the mean
    count: float  # deals that would give the spread as surely


@dataclass(frozen=True)
class _Posterior:
    logs: Values
    log_days: Values
    log_until: Values

    def negative(self, at: Values) -> tuple[float, Values]:
        """Return the negative log density, up to a constant, and its slopes: mean, log spread, log days, power, log spread."""
        middle, spread, place, power, width = at[0], np.exp(at[1]), at[2], at[3], np.exp(at[4])
        centre = float(self.logs.mean())
        of_value = (self.logs - middle) / spread
        of_days = (self.log_days - place - power * (self.logs - centre)) / width
        whole = np.hypot(width, power * spread)
        seen = (self.log_until - place - power * (middle - centre)) / whole
        log_seen = special.log_ndtr(seen)
        hazard = np.exp(-0.5 * seen**2 - 0.5 * np.log(2.0 * np.pi) - log_seen)
        by = np.array([
            (of_value / spread + hazard * power / whole).sum(),
            (of_value**2 - 1.0 + hazard * seen * (power * spread / whole) ** 2).sum(),
            (of_days / width + hazard / whole).sum(),
            (of_days * (self.logs - centre) / width
             + hazard * ((middle - centre) / whole + seen * power * (spread / whole) ** 2)).sum(),
            (of_days**2 - 1.0 + hazard * seen * (width / whole) ** 2).sum(),
        ])  # fmt: skip
        density = -0.5 * float(of_value @ of_value + of_days @ of_days) - len(self.logs) * (at[1] + at[4]) - log_seen.sum()
        means, deviations = np.transpose([PRIOR_LOG_DAYS, PRIOR_POWER, PRIOR_LOG_SPREAD])
        z = (at[2:] - means) / deviations
        by[2:] -= z / deviations
        return float(0.5 * z @ z - density), -by

    def start(self) -> Values:
        """Return what is seen, as if nothing were missing."""
        spread = np.log([max(self.logs.std(), 1e-3), max(self.log_days.std(), 1e-1)])
        return np.array([self.logs.mean(), spread[0], self.log_days.mean(), 0.0, spread[1]])


def fitted(logs: Values, days: Values, until: Values) -> Lognormal | None:
    """Fit logarithms of values of deals won after some days, of those `until` the last on record; None if they do not tell."""
    posterior = _Posterior(logs, np.log(days + 0.5), np.log(until + 1.0))
    with np.errstate(all="ignore"):
        found = optimize.minimize(posterior.negative, posterior.start(), jac=True, method="BFGS").x
        steps = STEP * np.eye(len(found))
        curvature = np.array([posterior.negative(found + one)[1] - posterior.negative(found - one)[1] for one in steps])
    curvature = 0.25 * (curvature + curvature.T) / STEP
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature)[0] <= 0.0:
        return None
    variances = np.diag(np.linalg.inv(curvature))
    unbiased = np.sqrt(len(logs) / (len(logs) - 1.0))
    one = Lognormal(
        float(found[0]), float(np.exp(found[1]) * unbiased), float(np.sqrt(variances[0]) * unbiased), 0.5 / float(variances[1])
    )
    return one if abs(one.middle - logs.mean()) < MOST * one.spread and one.count > 2.0 else None
