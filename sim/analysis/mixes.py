"""Question 7: pass content on as it is, or rework it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import by_point, per_world, ratio, sample, spread
from sim.analysis.work import WEEKS_PER_MONTH, rows_of
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.scenario.schema import KINDS


def table(results: Results) -> pd.DataFrame:
    """Return one row per point: what was made by kind, what a piece takes and brings, and what an hour brings."""
    frames = by_point(results)
    rows = []
    for case, numbers in points.lines(results).items():
        for point in numbers:
            pieces = rows_of(results, "pieces", point)
            monthly = WEEKS_PER_MONTH / points.weeks_counted(results, point)
            row: dict[str, Any] = {"point": point, "label": results.labels[point], "mix": case}
            row["hours_per_week"] = points.hours_given(results, point)
            row |= {f"{kind}_share_asked": share for kind, share in zip(KINDS, _mix(results, point), strict=True)}
            for kind in KINDS:
                row |= _of_kind(pieces[pieces["kind"] == kind], pieces, kind, monthly)
            row["conversations_per_month"] = _a_world(pieces, "conversations") * monthly
            row["clicks_per_month"] = _a_world(pieces, "clicks") * monthly
            frame = frames[point]
            worked = sample(frame, "hours")
            margin = sample(frame, "net_margin_expected") + sample(frame, "net_renewal_margin_expected")
            an_hour = np.divide(margin, worked, out=np.full(margin.shape, np.nan), where=worked > 0)
            row |= spread("net_margin_per_hour", mean(an_hour))
            rows.append(row | spread("net_return", mean(sample(frame, "net_return_expected"))))
    return pd.DataFrame(rows)


def _of_kind(own: pd.DataFrame, pieces: pd.DataFrame, kind: str, monthly: float) -> dict[str, float]:
    return {
        f"{kind}_share_made": ratio(own["made"].sum(), pieces["made"].sum()),
        f"{kind}_per_month": _a_world(own, "published") * monthly,
        f"{kind}_hours_a_piece": ratio(own["hours"].sum(), own["made"].sum()),
        f"{kind}_engagements_a_piece": ratio(own["engagements"].sum(), own["published"].sum()),
    }


def _a_world(frame: pd.DataFrame, column: str) -> float:
    return float(frame.groupby("replication")[column].sum().mean()) if len(frame) else 0.0


def by_kind(results: Results, point: int) -> pd.DataFrame:
    """Return one row per level and kind along the line of a point: hours and engagements per piece, with intervals."""
    rows = []
    count = int(results.manifest["replications"])
    for number in points.line_of(results, point):
        pieces = rows_of(results, "pieces", number)
        for kind in KINDS:
            own = pieces[pieces["kind"] == kind]
            row: dict[str, Any] = {"point": number, "label": results.labels[number], "kind": kind}
            row["hours_per_week"] = points.hours_given(results, number)
            for name, part, whole in (("hours", "hours", "made"), ("engagements", "engagements", "published")):
                above, below = (per_world(own, own[column], count) for column in (part, whole))
                each = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
                row |= spread(f"{name}_a_piece", mean(each))
            rows.append(row)
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Best:
    """The best mix at some hours per week, and whether it beats every other for sure."""

    hours: float
    mix: str
    point: int
    is_told: bool


def has_mixes(results: Results) -> bool:
    """Return whether several mixes were tried."""
    return len(points.lines(results)) > 1 and len({_mix(results, point) for point in points.as_they_are(results)}) > 1


def _mix(results: Results, point: int) -> tuple[float, ...]:
    formats = results.manifest["points"][point]["scenario"]["content"]["formats"]
    return tuple(formats[kind]["mix"] if kind in formats else 0.0 for kind in KINDS)


def best_mixes(results: Results) -> list[Best]:
    """Find the best mix at each level of hours at which all were tried, and whether it beats each other one world by world."""
    frames = by_point(results)
    at: dict[float, dict[str, int]] = {}
    for mix, numbers in points.lines(results).items():
        for point in numbers:
            at.setdefault(points.hours_given(results, point), {})[mix] = point
    found = []
    for hours in sorted(at):
        returns = {mix: sample(frames[point], "net_return_expected") for mix, point in at[hours].items()}
        if len(returns) < 2:
            continue
        best = max(returns, key=lambda mix: float(returns[mix].mean()))
        told = all(mean(returns[best] - other).low > 0.0 for mix, other in returns.items() if mix != best)
        found.append(Best(hours, best, at[hours][best], told))
    return found
