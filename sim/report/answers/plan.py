"""The plan of a week in words: the hours that people worked, by person and activity, beside what was asked of them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from sim.analysis import work
from sim.model.team import SWITCHING
from sim.report.text.cells import dash, with_interval
from sim.report.text.translation import later, say
from sim.report.text.words import in_words, number, percent, person

MOST_NAMED = 3  # activities on which asked and worked differ
LEAST = 0.005  # hours per week: what is written as 0.00
LEGEND = later(
    "Hours worked are those of a mean week, closed weeks included, as booked. Shares asked for are weights: what part of the"
    " hours each activity would get if all of them always had something to do."
)


def differ(by_task: pd.DataFrame) -> Iterator[str]:
    """Say on which activities people worked much more or less than was asked, if on any; see `work.differing`."""
    rows = [row for _, row in work.differing(by_task).head(MOST_NAMED).iterrows()]
    if not rows:
        return
    first, *others = rows
    told = [say("{activity} was asked for {asked} hours per week and took {worked}", **_values(first))]
    told += [say("{activity} for {asked} and took {worked}", **_values(row)) for row in others]
    switching = float(by_task.loc[by_task["activity"] == SWITCHING, "hours_per_week"].sum())
    yield say(
        "Asked and worked differ: {activities}, as an activity with nothing to do leaves its time to the others and switching"
        " takes {switching} hours.",
        activities=", ".join(told),
        switching=number(switching),
    )


def _values(row: "pd.Series[Any]") -> dict[str, str]:
    return {
        "activity": in_words(row["activity"]),
        "asked": number(row["hours_asked"]),
        "worked": number(row["hours_per_week"]),
    }


def rows(plan: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield a plan as a table: a row per person and activity that was asked for or worked on."""
    yield (say("person"), *_heads())
    for _, row in plan.iterrows():
        if row["share_asked"] > 0 or row["hours_per_week"] >= LEAST:
            yield (person(row["member"]), *_cells(row))


def rows_by_task(by_task: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the hours of the team as a table: a row per activity, most worked first, and their sum."""
    given = float(by_task["hours_per_week"].sum())
    yield (*_heads(), say("share worked"))
    for _, row in by_task.sort_values("hours_per_week", ascending=False, kind="stable").iterrows():
        yield (*_cells(row), percent(row["hours_per_week"] / given, 1) if given else "–")
    asked = by_task[["share_asked", "hours_asked"]].sum()
    yield (
        say("together"),
        percent(asked["share_asked"]),
        number(asked["hours_asked"], 2),
        number(given, 2),
        percent(1.0) if given else "–",
    )


def _heads() -> Iterable[str]:
    return say("activity"), say("share asked for"), say("hours asked for"), say("hours worked per week")


def _cells(row: "pd.Series[Any]") -> Iterable[str]:
    return (
        in_words(row["activity"]),
        dash(row["share_asked"], percent),
        dash(row["hours_asked"], lambda hours: number(hours, 2)),
        with_interval(row, "hours_per_week", lambda hours: number(hours, 2)),
    )
