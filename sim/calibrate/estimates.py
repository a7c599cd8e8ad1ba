"""Estimates of parameters from an export: each with its interval, and only where the data identify it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.calibrate.exports import Export
from sim.experiment.statistics import edges
from sim.remarks import Remark

Values = npt.NDArray[np.float64]

LEAST = 1e-6  # no share is said to be nearer to none or all
JEFFREYS = 0.5  # added to either count
RESAMPLES, SEED = 1_000, 20120102
MANY, FEWER_RESAMPLES = 50_000, 200  # of so many rows quantiles are sharp with fewer


@dataclass(frozen=True)
class Estimate:
    """A parameter of the scenario by its path: value, 90 % interval, unit, and how many of what it was found from."""

    path: str
    value: float
    low: float
    high: float
    unit: str
    of: Remark


@dataclass(frozen=True)
class Findings:
    """Everything learned from an export: its subject, the estimates, and remarks on them."""

    of: str
    export: Export
    estimates: Sequence[Estimate]
    remarks: Sequence[Remark] = ()


def share(path: str, successes: float, trials: float, of: Remark) -> Estimate:
    """Estimate a share with the interval of Jeffreys' prior (Brown, Cai and DasGupta 2001); counts may be effective ones."""
    law = scipy.stats.beta(successes + JEFFREYS, trials - successes + JEFFREYS)
    low, high = np.clip(law.ppf(edges()), LEAST, 1.0 - LEAST)
    value = min(max(successes / trials, low), high)  # neither none nor all, of which no interval speaks
    return Estimate(path, float(value), float(low), float(high), "share", of)


def resampled_sums(rows: Values) -> Values:
    """Sum rows drawn with replacement, each as often as a Poisson count says; shape (resamples, columns)."""
    generator = np.random.default_rng(SEED)
    resamples = RESAMPLES if len(rows) <= MANY else FEWER_RESAMPLES
    drawn = np.array([generator.poisson(1.0, len(rows)) @ rows for _ in range(resamples)])
    return np.asarray(drawn[drawn.sum(axis=1) > 0.0])


def parts(paths: Sequence[str], rows: Values, of: Remark) -> list[Estimate]:
    """Estimate each column's share of the sum over all rows, with intervals by the bootstrap; empty if the sum is zero."""
    whole = rows.sum(axis=0)
    if not whole.sum():
        return []
    drawn = resampled_sums(rows)
    lows, highs = np.quantile(drawn / drawn.sum(axis=1, keepdims=True), edges(), axis=0)
    shares = whole / whole.sum()
    return [
        Estimate(path, float(one), float(low), float(high), "share", of)
        for path, one, low, high in zip(paths, shares, lows, highs, strict=True)
    ]
