"""Question 2: which deals were caused, by what, and what that comes to."""

import math
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame, by_point, per_world, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.measures.attribution import MODELS
from sim.measures.causal_effects import ACCELERATED, ANOTHER_NEED, CAUSED, CAUSES, DELAYED, LOST_BECAUSE, PENDING
from sim.measures.spillover import DIVIDED

ESTIMATED = ("deals", "revenue", "renewals", "renewal_margin", "net_return")
ZERO_HOURS, STILL_OPEN, WITH_HOURS = "zero_hours", "still_open", "with_social_media"


def table(results: Results, point: int) -> Frame:
    """Return one row per deal of a point that is won in either world, over all its replications."""
    frame = results.table("deals")
    frame = frame[frame["point"] == point].drop(columns="point")
    for model in MODELS:
        frame[f"money_by_{model}"] = frame["value"] * frame[f"credit_{model}"]
    return frame.sort_values(["replication", "closed_week", "account", "need"]).reset_index(drop=True)


def causes(results: Results, point: int) -> Frame:
    """Return one row per first cause that set deals apart from their twins: deals caused, lost and moved, and their revenue."""
    frame = table(results, point)
    count = int(results.manifest["replications"])
    kinds = {
        "caused": frame["label"] == CAUSED,
        "lost_because": frame["label"] == LOST_BECAUSE,
        "moved": frame["label"].isin([ACCELERATED, DELAYED]),
    }
    rows = []
    for cause in CAUSES:
        mine = frame["first_cause"] == cause
        row: dict[str, Any] = {"cause": cause}
        for name, holds in kinds.items():
            row[name] = mean(per_world(frame, (mine & holds).astype(float), count)).value
        rows.append(row | spread("net_revenue", mean(per_world(frame, frame["true_money"] * mine, count))))
    return pd.DataFrame(rows)


def estimators(results: Results, point: int) -> Frame:
    """Put both worlds and the net side by side for both estimators: the same mean, one with far less noise."""
    frame = by_point(results)[point]
    rows = []
    for name in ESTIMATED:
        row: dict[str, Any] = {"measure": name, "is_money": name in ("revenue", "renewal_margin", "net_return")}
        for estimator, column in (("realised", name), ("expected", f"{name}_expected")):
            has_twin = f"twin_{column}" in frame
            row[f"with_{estimator}"] = float(frame[column].mean()) if has_twin else math.nan
            row[f"without_{estimator}"] = float(frame[f"twin_{column}"].mean()) if has_twin else math.nan
            row |= spread(f"net_{estimator}", mean(sample(frame, f"net_{column}" if has_twin else column)))
        rows.append(row)
    return pd.DataFrame(rows)


def has_spillover(results: Results) -> bool:
    """Return whether direct effects were asked for."""
    return bool(results.manifest["spillover"])


def spillover(results: Results, point: int) -> Frame:
    """Split the net result into its direct part and what comes through sales load, word of mouth and crises."""
    frame = by_point(results)[point]
    rows = []
    for name in DIVIDED:
        row: dict[str, Any] = {
            "measure": name.removesuffix("_expected"),
            "estimator": "expected" if name.endswith("_expected") else "realised",
        }
        for part in ("direct", "spillover", "net"):
            row |= spread(part, mean(sample(frame, f"{part}_{name}")))
        rows.append(row)
    return pd.DataFrame(rows)


def waterfall(results: Results, point: int) -> Frame:
    """Step from the twin's revenue to the actual, label by label; means over worlds with their intervals."""
    frame = table(results, point)
    count = int(results.manifest["replications"])
    steps = [(ZERO_HOURS, frame["value"] * frame["twin_won"])]
    changed = (CAUSED, LOST_BECAUSE, ANOTHER_NEED)
    steps += [(label, frame["true_money"] * (frame["net_label"] == label)) for label in changed]
    pending = frame["label"] == PENDING
    if pending.any():
        steps.append((STILL_OPEN, frame["true_money"] * pending))
    steps.append((WITH_HOURS, frame["value"] * frame["won"]))
    rows = []
    for name, money in steps:
        rows.append({"step": name, **spread("revenue", mean(per_world(frame, money, count)))})
    return pd.DataFrame(rows)
