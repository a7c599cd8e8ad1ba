"""One week of the team, for question 11: who did what when, and when messages came and were answered."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.analysis import work
from sim.experiment.results import Results
from sim.model.calendar import DAYS, HOURS_PER_DAY
from sim.model.dialogue import ANSWERED, MISSED
from sim.model.team import IDLE, ONBOARDING, PURPOSES, SWITCHING
from sim.report.figures.canvas import canvas
from sim.report.figures.style import (
    BLUE,
    BROWN,
    GREEN,
    GREY,
    INK,
    NAVY,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    SKY,
    VIOLET,
    YELLOW,
    note,
)
from sim.report.text.translation import decimal, later, say, say_many, shortest
from sim.report.text.words import in_words, number, person, point_name

COLOURS = {
    "listening": PURPLE, "weak_signals": VIOLET, "recruiting": ORANGE, "animation": YELLOW,
    "advocacy": BROWN, "content": BLUE, "publishing": SKY, "validation": NAVY, "dialogue": GREEN, "measurement": RED,
    SWITCHING: INK, IDLE: PALE, ONBOARDING: GREY,
}  # fmt: skip
ON_DARK = {BLUE, NAVY, VIOLET, GREEN, RED, INK}
NIGHT, DAY_OFF = 0.08, 0.25  # widths: of a night's half, and of a day on which nobody works; a working day's is 1
NAMED_FROM_HOURS = 0.4  # a narrower block has no room for its name
NAME_SIZES = {1: 6.5, 2: 5.5, 3: 4.6}  # points, by members: a name must fit into the height of a row
MOST_NAMED = max(NAME_SIZES)
BLOCK, CAME, ANSWER = 0.8, 0.75, 1.45  # height of a block; places of messages above the topmost row
DAYS_SAID = (later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"))


@dataclass(frozen=True)
class Scale:
    """Places on the axis of the hours of a week: hours before and after work are narrow, days off too."""

    opens: float
    closes: float
    weekdays: tuple[int, ...]

    @classmethod
    def around(cls, blocks: pd.DataFrame, weekdays: tuple[int, ...]) -> "Scale":
        """Build the scale that shows in full the hours of the day at which anybody works."""
        opens = math.floor((blocks["began_hour"] % HOURS_PER_DAY).min())
        long = blocks["ended_hour"] - HOURS_PER_DAY * (blocks["began_hour"] // HOURS_PER_DAY)
        return cls(opens, min(HOURS_PER_DAY, math.ceil(long.max())), weekdays)

    def width(self, day: int) -> float:
        """Return the width of a day."""
        return 1.0 if day % 7 in self.weekdays else DAY_OFF

    def begins(self, day: int) -> float:
        """Return where a day begins."""
        return sum(self.width(one) for one in range(day))

    def place(self, hour: float) -> float:
        """Return the place of an hour of the week."""
        day, of_day = int(hour // HOURS_PER_DAY), hour % HOURS_PER_DAY
        if of_day < self.opens:
            part = NIGHT * of_day / self.opens  # opens is positive here
        elif of_day <= self.closes:
            part = NIGHT + (1.0 - 2.0 * NIGHT) * (of_day - self.opens) / (self.closes - self.opens)
        else:  # closes is below 24 here
            part = 1.0 - NIGHT + NIGHT * (of_day - self.closes) / (HOURS_PER_DAY - self.closes)
        return self.begins(day) + self.width(day) * part


def draw(axes: Axes, results: Results, point: int) -> None:
    """Draw one row per member and one coloured block per activity, with messages above as they arrive and are answered."""
    week = work.typical_week(results, point)
    axes.grid(visible=False)
    axes.set_yticks([])
    if week is None:
        axes.set_xticks([])
        axes.set_title(say("At {level}, nobody works", level=point_name(results, point)))
        return
    scenario = results.manifest["points"][point]["scenario"]
    blocks = _merged(work.blocks_of(results, point, week))
    scale = Scale.around(blocks, tuple(scenario["calendar"]["weekdays"]))
    members = [
        name for name in dict.fromkeys([*scenario["team"]["members"], *blocks["member"]]) if name in set(blocks["member"])
    ]
    last = 6 if max(scale.weekdays) > 4 or blocks["ended_hour"].max() > 5 * HOURS_PER_DAY else 4
    _blocks(axes, blocks, members, scale.place)
    until = (last + 1) * HOURS_PER_DAY - 1e-6
    count = _messages(axes, work.messages_of(results, point, week, until), len(members), scale, until)
    top = len(members) - 1
    axes.set_yticks(
        [*range(len(members)), top + CAME, top + ANSWER],
        [*(fill(person(name), 12) for name in reversed(members)), say("messages"), say("answers")],
        fontsize=8,
    )
    _days(axes, scale, last)
    axes.set_ylim(-0.55, top + ANSWER + 0.3)
    hours = float((blocks["ended_hour"] - blocks["began_hour"]).sum())
    title = say_many(
        "A week of the team at {level}: {hours} hours, {count} message",
        "A week of the team at {level}: {hours} hours, {count} messages",
        count, level=point_name(results, point), hours=number(hours),
    )  # fmt: skip
    axes.set_title(title)
    said = say(
        "week {week} of the first world; days from {opens} to {closes} h, other hours narrowed;"
        " red cross: a message that nobody answered in time",
        week=decimal(week + 1), opens=shortest(scale.opens), closes=shortest(scale.closes),
    )  # fmt: skip
    note(axes, said)
    done = set(blocks["activity"])
    axes.legend(
        handles=[Patch(color=COLOURS[one], label=in_words(one)) for one in PURPOSES if one in done],
        loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=6, frameon=False, fontsize=8, handlelength=1.0,
    )  # fmt: skip


def _merged(blocks: pd.DataFrame) -> pd.DataFrame:
    """Merge consecutive blocks of the same work."""
    rows: list[dict[str, Any]] = []
    for row in blocks.sort_values(["member", "began_hour"]).to_dict("records"):
        before = rows[-1] if rows else None
        if (
            before is not None
            and (before["member"], before["activity"]) == (row["member"], row["activity"])
            and row["began_hour"] - before["ended_hour"] < 1e-6
        ):
            before["ended_hour"] = row["ended_hour"]
        else:
            rows.append({str(name): value for name, value in row.items()})
    return pd.DataFrame(rows)


def _blocks(axes: Axes, blocks: pd.DataFrame, members: list[str], place: Callable[[float], float]) -> None:
    is_named = len(members) <= MOST_NAMED and not canvas().is_narrow  # on a phone, the legend has the names
    height_of = {name: len(members) - 1 - number for number, name in enumerate(members)}
    for key, rows in blocks.groupby(["member", "activity"], sort=False):
        member, activity = map(str, key)
        colour, height = COLOURS[activity], height_of[member]
        spans = [(place(began), place(ended)) for began, ended in zip(rows["began_hour"], rows["ended_hour"], strict=True)]
        widths = [(began, ended - began) for began, ended in spans]
        axes.broken_barh(widths, (height - BLOCK / 2, BLOCK), facecolor=colour, edgecolor="white", lw=0.4)
        for (began, ended), hours in zip(spans, rows["ended_hour"] - rows["began_hour"], strict=True):
            if is_named and hours >= NAMED_FROM_HOURS:
                axes.text((began + ended) / 2, height, in_words(activity), rotation=90, ha="center", va="center",
                          fontsize=NAME_SIZES[len(members)], color="white" if colour in ON_DARK else INK,
                          clip_on=True)  # fmt: skip


def _messages(axes: Axes, messages: pd.DataFrame, rows: int, scale: Scale, until: float) -> int:
    """Draw ticks where messages arrive, dots where they are answered and lines between; return how many arrive."""
    top = rows - 1
    for came, settled, outcome in zip(messages["came"], messages["settled"], messages["outcome"], strict=True):
        at = scale.place(max(came, 0.0))
        if came >= 0.0:
            axes.plot([at, at], [top + CAME - 0.13, top + CAME + 0.13], color=INK, lw=1.2)
        if outcome == ANSWERED:
            axes.plot([at, scale.place(min(settled, until))], [top + CAME + 0.13, top + ANSWER], color=GREY, lw=0.7)
            if settled < until:
                axes.plot(scale.place(settled), top + ANSWER, marker="o", ms=4, color=GREEN)
        elif outcome == MISSED and came >= 0.0:
            axes.plot(at, top + CAME + 0.3, marker="x", ms=5, color=RED, mew=1.5)
    return int((messages["came"] >= 0.0).sum())


def _days(axes: Axes, scale: Scale, last: int) -> None:
    for day in range(1, last + 1):
        axes.axvline(scale.begins(day), color=PALE, lw=0.8, zorder=0)
    axes.set_xlim(0, scale.begins(last + 1))
    middles = [scale.begins(day) + scale.width(day) / 2 for day in range(last + 1)]
    axes.set_xticks(middles, [say(one) for one in DAYS[: last + 1]])
    axes.tick_params(axis="both", length=0)
