"""What an export tells of parameters: each with its interval, and no more than it can tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.calibrate.exports import Export

CONFIDENCE = 0.90
LEAST = 1e-6  # no share is said to be nearer to none or all
JEFFREYS = 0.5  # added to either count


@dataclass(frozen=True)
class Estimate:
    """A parameter of the scenario by its path: value, 90 % interval, unit, and how many of what it was found from."""

    path: str
    value: float
    low: float
    high: float
    unit: str
    of: str


@dataclass(frozen=True)
class Findings:
    """Everything that an export tells: what it is of, the estimates, and what must be said of them."""

    of: str
    export: Export
    estimates: Sequence[Estimate]
    remarks: Sequence[str] = ()


def share(path: str, successes: float, trials: float, of: str) -> Estimate:
    """A share with the interval of Jeffreys' prior (Brown, Cai and DasGupta 2001); counts may be effective ones."""
    from scipy import stats  # noqa: PLC0415  # heavy

    law = stats.beta(successes + JEFFREYS, trials - successes + JEFFREYS)
    low, high = np.clip(law.ppf(edges()), LEAST, 1.0 - LEAST)
    value = min(max(successes / trials, low), high)  # neither none nor all, of which no interval speaks
    return Estimate(path, float(value), float(low), float(high), "share", of)


def edges() -> npt.NDArray[np.float64]:
    """Quantiles between which the interval lies."""
    return np.array([(1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0])
