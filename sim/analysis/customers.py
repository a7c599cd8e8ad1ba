"""Question 10: whether it keeps the customers."""

from typing import Any

import pandas as pd

from sim.analysis import points
from sim.analysis.frames import ratio, sample, spread, spread_above_zero
from sim.analysis.work import rows_of
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.model.calendar import WEEKS_PER_YEAR

ALL = "all_segments"


def by_segment(results: Results) -> pd.DataFrame:
    """Return one row per level and segment, plus one for all segments: contracts kept in both worlds, and answers to customers.

    Renewals are expected values over the horizon; money is the margin on those that the twin does not have.
    What contracts left at the end may still earn after it is kept apart, and is not part of net return.
    """
    frame = results.table("service")
    rows = []
    for numbers in points.lines(results).values():
        for point in numbers:
            mine = frame[frame["point"] == point]
            names = list(dict.fromkeys(mine["segment"]))
            rows += [_row(results, point, segment, _of(mine, segment)) for segment in names]
            if len(names) > 1:
                rows.append(_row(results, point, ALL, _all_segments(results, point, mine)))
    return pd.DataFrame(rows)


def replies(results: Results, point: int) -> pd.DataFrame:
    """Return one row per kind of message at a point: how many a year, how many answered in time, and how fast."""
    frame = rows_of(results, "replies", point)
    years = points.weeks_counted(results, point) / WEEKS_PER_YEAR
    rows = []
    for kind in dict.fromkeys(frame["kind"]):
        own = _of(frame, kind, "kind")
        rows.append(
            {
                "kind": kind,
                "messages_per_year": float(own["messages"].mean()) / years,
                "in_time_share": ratio(own["answered"].sum(), own["messages"].sum()),
                **spread_above_zero("reply_hours_median", mean(sample(own, "reply_hours_median"))),
                **spread_above_zero("reply_hours_p90", mean(sample(own, "reply_hours_p90"))),
            }
        )
    return pd.DataFrame(rows)


def _of(frame: pd.DataFrame, name: str, column: str = "segment") -> pd.DataFrame:
    return frame[frame[column] == name].sort_values("replication")


def _row(results: Results, point: int, segment: str, frame: pd.DataFrame) -> dict[str, Any]:
    ours, theirs = sample(frame, "renewals_expected"), sample(frame, "twin_renewals_expected")
    ahead = sample(frame, "value_ahead_expected") - sample(frame, "twin_value_ahead_expected")
    kept = sample(frame, "renewal_margin_expected") - sample(frame, "twin_renewal_margin_expected")
    return {
        "point": point,
        "label": results.labels[point],
        "hours_per_week": points.hours_of(results, point),
        "segment": segment,
        "renewals_due": float(frame["renewals_due"].mean()),
        "renewals": float(ours.mean()),
        "twin_renewals": float(theirs.mean()),
        **spread("net_renewals", mean(ours - theirs)),
        **spread("money_kept", mean(kept)),
        **spread("value_ahead", mean(ahead)),
        "complaints": float(frame["complaints"].mean()),
        "complaints_in_time_share": ratio(frame["complaints_answered"].sum(), frame["complaints"].sum()),
        "messages": float(frame["messages"].mean()),
        "in_time_share": ratio(frame["answered"].sum(), frame["messages"].sum()),
        **spread_above_zero("reply_hours_median", mean(sample(frame, "reply_hours_median"))),
        **spread_above_zero("reply_hours_p90", mean(sample(frame, "reply_hours_p90"))),
    }


def _all_segments(results: Results, point: int, frame: pd.DataFrame) -> pd.DataFrame:
    """Sum over segments; percentiles are those of all customers' messages together."""
    whole = frame.groupby("replication").sum(numeric_only=True).reset_index()
    outcomes = results.table("outcomes")
    of_point = outcomes[outcomes["point"] == point].set_index("replication")
    for name in ("reply_hours_median", "reply_hours_p90"):
        whole[name] = of_point[f"service_{name}"].reindex(whole["replication"]).to_numpy()
    return whole
