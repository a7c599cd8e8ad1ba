"""Question 11: which limit binds, from points that have one limit lifted each."""

import numpy as np
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import by_point, sample, spread
from sim.experiment.limits import LIMITS
from sim.experiment.results import Results
from sim.experiment.statistics import mean

COLUMNS = (
    "point", "label", "limit", "activity", "net_deals_gain", "net_deals_gain_low", "net_deals_gain_high",
    "net_return_gain", "net_return_gain_low", "net_return_gain_high", "binds",
)  # fmt: skip


def has_lifted(results: Results) -> bool:
    """Return whether any point has a limit lifted."""
    return bool(points.lifted(results))


def table(results: Results) -> pd.DataFrame:
    """Return the gain from lifting each limit alone at each level, paired by world; `binds` marks the largest certain gain.

    For sure means that its interval of added net return lies above zero.
    """
    frames = by_point(results)
    rows = []
    for (base, limit), point in points.lifted(results).items():
        known = LIMITS.get(limit)
        row = {"point": base, "label": results.labels[base], "limit": limit}
        row["activity"] = known.activity if known else ""
        for name in ("net_deals", "net_return"):
            column = f"{name}_expected"
            row |= spread(f"{name}_gain", mean(sample(frames[point], column) - sample(frames[base], column)))
        rows.append(row)
    found = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "binds"])
    told = found["net_return_gain"].where(found["net_return_gain_low"] > 0.0, -np.inf)
    best = told.groupby(found["point"]).transform("max")
    found["binds"] = (told == best) & (told > -np.inf)
    return found


def binding(results: Results) -> dict[int, str | None]:
    """Return the limit that binds at each point; None where no gain can be told from zero."""
    gains = table(results)
    found: dict[int, str | None] = dict.fromkeys(gains["point"].tolist())
    for _, row in gains[gains["binds"]].iterrows():
        found[int(row["point"])] = row["limit"]
    return found
