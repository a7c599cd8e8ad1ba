"""The earliest quarter for knowing: the tests that a team can make, and how often they find an effect that is there.

One-sided tests of counts, each with its p-value: the chance of a count at least so high if the hours did nothing. Counts of
leads and of deals vary from quarter to quarter more than Poisson counts do, by a quarter to a half, which the first two tests
allow for. See docs/measures.md.
"""

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

Counts = npt.NDArray[np.float64]
ALPHA = 0.05  # of each test
DISPERSION = 1.5  # variance of counts over their mean: of real leads 1.25 to 1.5, and a test must not find what is not there
PEERS = 19  # so many, that to be the highest of all is as rare as alpha


def before_and_after(before: Counts, after: Counts) -> Counts:
    """Test for equal rates in the same months of two years; p-values, shape (worlds,).

    Given the sum n of two negative binomial counts of one law, the count after is beta-binomial, with both parameters the mean
    of a count over (dispersion - 1); n / 2 estimates that mean. At dispersion 1 that is the exact conditional test of two
    Poisson rates (Przyborowski and Wilenski 1940). Other months would be no measure, since counts have seasons.
    """
    both = np.round(before + after)
    shape = np.maximum(both, 1.0) / 2.0 / (DISPERSION - 1.0)
    p = np.asarray(scipy.stats.betabinom.sf(np.round(after) - 1.0, both, shape, shape), dtype=float)
    return np.where(both > 0.0, p, 1.0)


def hold_out(treated: Counts, held_out: Counts) -> Counts:
    """Test for equal rates in two arms of the same size, in the same way; p-values, shape (worlds,)."""
    return before_and_after(held_out, treated)


def against_peers(own: float, peers: Counts) -> float:
    """Return the share of a company and its peers that did at least as well: the p-value of a permutation test.

    Exact whatever the law of the counts, as under the null any of them is as likely to be the highest.
    """
    return (1.0 + float((peers >= own).sum())) / (1.0 + len(peers))


def foretells(indicator: Counts, outcome: Counts) -> tuple[float, float, float]:
    """Return Spearman's rank correlation over worlds, with a 90 % interval by Fisher's z (Bonett and Wright 2000)."""
    if len(indicator) < 4 or np.ptp(indicator) == 0.0 or np.ptp(outcome) == 0.0:
        return float("nan"), float("nan"), float("nan")
    found = float(scipy.stats.spearmanr(indicator, outcome).statistic)
    bound = min(max(found, -0.999999), 0.999999)
    half = float(scipy.stats.norm.ppf(0.95)) * np.sqrt((1.0 + bound**2 / 2.0) / (len(indicator) - 3.0))
    return found, float(np.tanh(np.arctanh(bound) - half)), float(np.tanh(np.arctanh(bound) + half))
