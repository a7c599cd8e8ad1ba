"""Question 11: where the hours go, and where drafts wait."""

import math
from typing import Any

import pandas as pd

from sim.analysis import points
from sim.analysis.frames import ratio, sample, spread, spread_above_zero
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.model.dialogue import OWN_DOING
from sim.model.drafts import STAGES
from sim.model.team import PURPOSES
from sim.scenario.schema import ACTIVITIES, KINDS

WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12.0
TASK_COLUMNS = ("activity", "share_asked", "hours_asked", "hours_per_week", "hours_per_week_low", "hours_per_week_high")
APART_SHARE, APART_HOURS = 0.25, 0.25  # of the hours asked for, and hours per week: from which on asked and worked differ
FATES = ("made", "reviewed", "approved", "published", "expired")


def rows_of(results: Results, table: str, point: int) -> pd.DataFrame:
    """Return the rows of one point in a table."""
    frame = results.table(table)
    return frame[frame["point"] == point].drop(columns="point")


def hours(results: Results, point: int) -> pd.DataFrame:
    """Return the hours of a mean week at a point by purpose, most first; together they are the hours given."""
    table = hours_by_task(results, point).drop(columns=["share_asked", "hours_asked"])
    table = table.sort_values("hours_per_week", ascending=False, kind="stable").reset_index(drop=True)
    table["share"] = [ratio(one, table["hours_per_week"].sum()) for one in table["hours_per_week"]]
    return table


def hours_by_task(results: Results, point: int) -> pd.DataFrame:
    """Return the hours that the team worked in a mean week at a point, by purpose, beside what was asked of it.

    `share_asked` is the weight of an activity in `team.split`, `hours_asked` that share of the hours that people gave.
    Neither is time worked: an activity with nothing to do leaves its time to the others, and switching, idle time and
    onboarding, for which nobody asks, take their part of it. Closed weeks are included.
    """
    return pd.DataFrame(_by_purpose(results, point, rows_of(results, "hours", point)), columns=list(TASK_COLUMNS))


def plan(results: Results, point: int) -> pd.DataFrame:
    """Return the plan of a mean week at a point: one row per person and purpose, columns as in `hours_by_task`.

    Persons are those who worked at all, members in the order of the scenario and then hires. The hours asked of a person are
    the shares of `team.split`, the same for everyone, of the hours that this person gave.
    """
    frame = rows_of(results, "hours", point)
    rows = []
    for member in _in_order(results, point, set(frame["member"])):
        rows += [{"member": member, **row} for row in _by_purpose(results, point, frame[frame["member"] == member])]
    return pd.DataFrame(rows, columns=["member", *TASK_COLUMNS])


def shares_asked(results: Results, point: int) -> dict[str, float]:
    """Return the weights of `team.split` at a point: what share of the hours is asked for each activity."""
    split = results.manifest["points"][point]["scenario"]["team"]["split"]
    return {name: float(split[name]) for name in ACTIVITIES}


def differing(table: pd.DataFrame) -> pd.DataFrame:
    """Select the activities of `hours_by_task` on which people worked much more or less than was asked, most first.

    The two differ if they are more than a quarter of the hours asked for apart, and at least a quarter of an hour per week:
    a large part of very little changes nobody's week.
    """
    apart = (table["hours_per_week"] - table["hours_asked"]).abs()
    differs = (apart > APART_SHARE * table["hours_asked"]) & (apart >= APART_HOURS)
    return table[differs].loc[apart[differs].sort_values(ascending=False, kind="stable").index]


def _by_purpose(results: Results, point: int, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Average some rows of the ledger over worlds, by purpose, beside what was asked for of the hours that they hold."""
    per_world = frame.groupby(["replication", "activity"])["hours"].sum().unstack(fill_value=0)
    per_world = per_world.reindex(index=range(results.manifest["replications"]), columns=list(PURPOSES), fill_value=0.0)
    per_world /= points.weeks_counted(results, point)
    given, shares = float(per_world.sum(axis=1).mean()), shares_asked(results, point)
    return [
        {
            "activity": purpose,
            "share_asked": shares.get(purpose, math.nan),
            "hours_asked": shares.get(purpose, math.nan) * given,
            **spread_above_zero("hours_per_week", mean(per_world[purpose].to_numpy(dtype=float))),
        }
        for purpose in PURPOSES
    ]


def _in_order(results: Results, point: int, those: set[str]) -> list[str]:
    members = list(results.manifest["points"][point]["scenario"]["team"]["members"])
    hires = sorted(those.difference(members), key=lambda name: (len(name), name))
    return [*(name for name in members if name in those), *hires]


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
