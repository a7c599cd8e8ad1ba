"""Statistics over many worlds: intervals, paired differences, ratios."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

Sample = npt.NDArray[np.float64]

CONFIDENCE = 0.90
BOOTSTRAPS = 4_000
BOOTSTRAP_SEED = 20120102


@dataclass(frozen=True)
class Estimate:
    """A mean or ratio with its interval; `nan` where it is undefined."""

    value: float
    low: float
    high: float

    def says_nothing(self, zero: float = 0.0) -> bool:
        """Return whether the interval does not exclude zero (or is undefined)."""
        return not (self.low > zero or self.high < zero)


def edges(confidence: float = CONFIDENCE) -> Sample:
    """Return the two quantiles between which a central interval lies."""
    return np.array([0.5 - confidence / 2.0, 0.5 + confidence / 2.0])


def mean(sample: Sample, confidence: float = CONFIDENCE) -> Estimate:
    """Average over replications with a Student interval; shape (replications,). One replication has no interval."""
    sample = sample[~np.isnan(sample)]
    if sample.size == 0:
        return Estimate(math.nan, math.nan, math.nan)
    middle = float(sample.mean())
    if sample.size == 1:
        return Estimate(middle, math.nan, math.nan)
    student = scipy.special.stdtrit(sample.size - 1, 0.5 + confidence / 2)
    half = float(student * sample.std(ddof=1) / math.sqrt(sample.size))
    return Estimate(middle, middle - half, middle + half)


def share(successes: int, trials: int, confidence: float = CONFIDENCE) -> Estimate:
    """Estimate a share with its Wilson interval."""
    if trials == 0:
        return Estimate(math.nan, math.nan, math.nan)
    interval = scipy.stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return Estimate(successes / trials, float(interval.low), float(interval.high))


def weighted_share(value: float, trials: float, confidence: float = CONFIDENCE) -> Estimate:
    """Give a share its Wilson interval, from as many trials as its weights come down to (Kish 1965); they need not be whole."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2.0)
    middle = (value + z * z / (2.0 * trials)) / (1.0 + z * z / trials)
    half = z * math.sqrt(value * (1.0 - value) / trials + z * z / (4.0 * trials * trials)) / (1.0 + z * z / trials)
    return Estimate(value, max(0.0, middle - half), min(1.0, middle + half))


def ratio_of_sums(numerator: Sample, denominator: Sample, confidence: float = CONFIDENCE) -> Estimate:
    """Sum over sum with a percentile bootstrap over replications; undefined if the denominator's interval holds zero."""
    undefined = Estimate(math.nan, math.nan, math.nan)
    if numerator.size < 2 or mean(denominator, confidence).says_nothing():
        return undefined
    draws = np.random.default_rng(BOOTSTRAP_SEED).integers(0, numerator.size, (BOOTSTRAPS, numerator.size))
    below = denominator[draws].sum(axis=1)
    if not (np.all(below > 0) or np.all(below < 0)):
        return undefined
    ratios = numerator[draws].sum(axis=1) / below
    low, high = np.quantile(ratios, edges(confidence))
    return Estimate(float(numerator.sum() / denominator.sum()), float(low), float(high))


def holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for their number (Holm 1979)."""
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415

    if not p_values:
        return []
    return [float(p) for p in multipletests(p_values, method="holm")[1]]


def paired_p_value(difference: Sample) -> float:
    """Return the two-sided p-value of a mean difference of zero (paired t-test); 1 if nothing differs."""
    if difference.size < 2:
        return math.nan
    if np.ptp(difference) == 0.0:
        return 1.0 if difference[0] == 0.0 else 0.0
    return float(scipy.stats.ttest_1samp(difference, 0.0).pvalue)
