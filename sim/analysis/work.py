"""Question 11: where the hours go, and where drafts wait."""

from typing import Any

import pandas as pd

from sim.analysis import points
from sim.analysis.frames import ratio, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.model.dialogue import OWN_DOING
from sim.model.drafts import STAGES
from sim.model.team import PURPOSES
from sim.scenario.schema import KINDS

WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12.0
FATES = ("made", "reviewed", "approved", "published", "expired")


def rows_of(results: Results, table: str, point: int) -> pd.DataFrame:
    """Return the rows of one point in a table."""
    frame = results.table(table)
    return frame[frame["point"] == point].drop(columns="point")


def hours(results: Results, point: int) -> pd.DataFrame:
    """Return the hours of a mean week at a point by purpose, most first; together they are the hours given."""
    weeks = points.weeks_counted(results, point)
    frame = rows_of(results, "hours", point)
    per_world = frame.groupby(["replication", "activity"])["hours"].sum().unstack(fill_value=0)
    per_world = per_world.reindex(index=range(results.manifest["replications"]), columns=list(PURPOSES), fill_value=0.0) / weeks
    estimates = {purpose: mean(per_world[purpose].to_numpy(dtype=float)) for purpose in PURPOSES}
    rows = [{"activity": purpose, **spread("hours_per_week", one)} for purpose, one in estimates.items()]
    table = pd.DataFrame(rows).sort_values("hours_per_week", ascending=False, kind="stable").reset_index(drop=True)
    table["share"] = [ratio(one, table["hours_per_week"].sum()) for one in table["hours_per_week"]]
    return table


def drafts(results: Results, point: int) -> pd.DataFrame:
    """Return where drafts wait at a point: one row per stage, averaged over worlds."""
    frame = rows_of(results, "stages", point)
    weeks = points.weeks_counted(results, point)
    rows: list[dict[str, Any]] = []
    for stage in STAGES:
        own = frame[frame["stage"] == stage].sort_values("replication")
        rows.append(
            {
                "stage": stage,
                "entered_per_month": float(own["entered"].mean()) * WEEKS_PER_MONTH / weeks,
                **spread("wait_hours", mean(sample(own, "wait_hours_mean"))),
                "wait_hours_p90": mean(sample(own, "wait_hours_p90")).value,
                **spread("mean_number", mean(sample(own, "mean_number"))),
                "waiting_at_end": float(own["waiting_at_end"].mean()),
            }
        )
    return pd.DataFrame(rows)


def funnel(results: Results, point: int) -> pd.DataFrame:
    """Follow drafts at a point, as a month's mean by kind: made, reviewed, approved, published, dropped."""
    frame = rows_of(results, "pieces", point)
    monthly = WEEKS_PER_MONTH / points.weeks_counted(results, point)
    rows = []
    for fate in FATES:
        by_kind = frame.pivot_table(index="replication", columns="kind", values=fate, aggfunc="sum")
        row: dict[str, Any] = {"step": fate, **spread("drafts", mean(by_kind.sum(axis=1).to_numpy(dtype=float) * monthly))}
        rows.append(row | {kind: float(by_kind[kind].mean()) * monthly for kind in KINDS})
    return pd.DataFrame(rows)


def typical_week(results: Results, point: int) -> int | None:
    """Find a working week in the second year of the first world, closest to the median in hours and messages.

    A week with messages, if there is one; the second half of the horizon serves where there is no second year; None where
    nobody ever works.
    """
    weeks = rows_of(results, "weeks", point)
    weeks = weeks[weeks["replication"] == 0].set_index("week")
    worked = weeks[[f"hours_{purpose}" for purpose in PURPOSES]].sum(axis=1)
    year = worked[(worked.index >= 52) & (worked.index < 104)]
    if len(year) < 52:
        year = worked[worked.index >= len(worked) // 2]
    open_ = year[year > 0.0]
    if open_.empty:
        return None
    came = asked(rows_of(results, "messages", point)).groupby("week").size().reindex(open_.index, fill_value=0)
    if came.max() > 0:  # a week with nothing to answer says less
        open_, came = open_[came > 0], came[came > 0]
    odd = (open_ - open_.median()).abs() / open_.median() + (came - came.median()).abs() / max(1.0, float(came.median()))
    return int(odd.index[int(odd.to_numpy(dtype=float).argmin())])


def blocks_of(results: Results, point: int, week: int) -> pd.DataFrame:
    """Return the first world's blocks of work in one week."""
    frame = rows_of(results, "blocks", point)
    return frame[frame["week"] == week]


def messages_of(results: Results, point: int, week: int, until: float) -> pd.DataFrame:
    """Return the first world's messages that want an answer and wait at some time of a week before the hour `until`.

    `came` and `settled` are hours since its Monday 00:00; those of earlier weeks have come before 0.
    """
    frame = asked(rows_of(results, "messages", point))
    came = (frame["week"] - week) * HOURS_PER_WEEK + frame["opened_hour"]
    frame = frame.assign(came=came, settled=came + frame["waited_hours"])
    return frame[(frame["came"] < until) & (frame["settled"] > 0.0)]


def asked(messages: pd.DataFrame) -> pd.DataFrame:
    """Select the messages of people who want an answer."""
    return messages[~messages["kind"].isin(OWN_DOING)]
