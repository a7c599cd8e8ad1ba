"""Pieces that all analyses share: the outcomes of a point, a column of them as numbers, an estimate as columns of a frame.

Frames of this package have a row per thing and columns with stable names; what a row is about, such as an attribution model or
an indicator, is named by an id, never by the words that people read. Shares lie between 0 and 1, amounts are in the currency of
the results, times have their unit in their name. An estimate is three columns: `x`, `x_low` and `x_high`, its interval.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.results import Results
from sim.experiment.statistics import Estimate, Sample

Frame = pd.DataFrame


def by_point(results: Results, columns: Sequence[str] | None = None) -> list[Frame]:
    """Return the outcomes of each point, or some of them, one row per replication, in the order of replications."""
    read = None if columns is None else ["point", "replication", *columns]
    outcomes = results.table("outcomes", read)
    if not outcomes["point"].is_monotonic_increasing:  # as of results side by side, whose own tables are in order
        outcomes = outcomes.sort_values(["point", "replication"], kind="stable")
    bounds = np.searchsorted(outcomes["point"].to_numpy(), np.arange(len(results.labels) + 1))
    return [outcomes.iloc[first:until] for first, until in itertools.pairwise(bounds.tolist())]


def sample(frame: Frame, column: str) -> Sample:
    """Return a column as numbers, shape (replications,)."""
    return frame[column].to_numpy(dtype=float)


def spread(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate as columns."""
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def spread_above_zero(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate of a quantity that cannot be negative as columns, its interval cut off at zero."""
    found = spread(name, estimate)
    return found | {f"{name}_low": max(found[f"{name}_low"], 0.0) if math.isfinite(estimate.low) else estimate.low}


def ratio(numerator: float, denominator: float) -> float:
    """Divide one by the other; nan if the other is zero."""
    return float(numerator / denominator) if denominator else math.nan


def per_world(frame: Frame, values: "pd.Series[Any]", count: int) -> Sample:
    """Sum a column of rows by replication, shape (replications,)."""
    return values.groupby(frame["replication"]).sum().reindex(range(count), fill_value=0.0).to_numpy(dtype=float)
