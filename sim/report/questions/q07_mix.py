"""Question 7: pass content on as it is, or rework it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, groupby
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import mixes
from sim.experiment.results import Results
from sim.report.figures.phone import Note
from sim.report.figures.style import (
    INK,
    KIND_COLOURS,
    KIND_NAMES,
    LINE_COLOURS,
    NOTE,
    End,
    beside,
    drawn,
    name_lines,
    note,
    thousands,
)
from sim.report.questions.base import Question
from sim.report.text.cells import Table, dash, with_interval
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, money, name_on_hours, number, point_name
from sim.scenario.schema import KINDS

RETURNS_MOST = {  # at several levels or one; whether it is told from the others
    (True, True): later("“{mix}” returns most at every level"),
    (True, False): later("“{mix}” returns most at every level, but cannot be told from the others"),
    (False, True): later("“{mix}” returns most at {hours} h/week"),
    (False, False): later("“{mix}” returns most at {hours} h/week, but cannot be told from the others"),
}
LEAST_APART = 0.045  # of the height, between labels
PANELS = (
    ("hours", later("Minutes of work per piece"), 60.0),
    ("engagements", later("Engagements per piece"), 1.0),
)


def mixes_shown(results: Results) -> pd.DataFrame:
    """Return question 7's table in readable form: raw / adapted / original in each cell."""
    table = mixes.table(results)

    def of_kinds(row: "pd.Series[Any]", name: str, said: Callable[[float], str]) -> str:
        return " / ".join(said(row[f"{kind}_{name}"]) for kind in KINDS)

    columns: dict[str, tuple[str, Callable[[float], str]]] = {
        say("asked for, in %"): ("share_asked", lambda one: decimal(100 * one)),
        say("made, in %"): ("share_made", lambda one: dash(one, lambda part: decimal(100 * part))),
        say("minutes per piece"): ("hours_a_piece", lambda one: dash(one, lambda part: decimal(60 * part))),
        say("published per month"): ("per_month", number),
        say("engagements per piece"): ("engagements_a_piece", lambda one: dash(one, lambda part: number(part, 2))),
    }
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [point_name(results, one) for one in table["point"]],
            **{head: [of_kinds(row, name, said) for row in rows] for head, (name, said) in columns.items()},
            say("conversations per month"): [number(one) for one in table["conversations_per_month"]],
            say("net margin per hour"): [with_interval(row, "net_margin_per_hour", money) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
        }
    )


def tables(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Build the tables of question 7."""
    caption = say("Cells with three values: passed on as it is / reworked / made from scratch.")
    return [Table("", caption, mixes.table(results).drop(columns="point"), mixes_shown(results))]


def draw(results: Results, point: int) -> Figure:
    """Draw net return against hours, one line per mix; with one mix only, what a piece of each kind takes and brings."""
    if mixes.has_mixes(results):
        return drawn(lambda figure: _lines(figure.subplots(), results), width=9.0, height=5.4, plots=3.4)
    return drawn(lambda figure: _kinds(figure, results, point), width=9.0, height=4.4, plots=4.0)


def _lines(axes: Axes, results: Results) -> None:
    table, best = mixes.table(results), mixes.best_mixes(results)
    if table["hours_per_week"].nunique() > 1:
        _against_hours(axes, table, best)
    else:
        _side_by_side(axes, table, best)
    axes.axhline(0, color=INK, lw=0.8)
    axes.set_ylabel(say("net return, {currency}", currency=results.currency))
    thousands(axes)
    axes.set_title(fill(title(best), 74), fontsize=11)
    note(axes, say("band: {confidence} interval of the mean; circle: the best mix, thick where it is told from every other",
                   confidence=confidence()))  # fmt: skip


def _against_hours(axes: Axes, table: pd.DataFrame, best: list[mixes.Best]) -> None:
    ends = []
    for (mix, rows), colour in zip(table.groupby("mix", sort=False), cycle(LINE_COLOURS)):
        at = rows["hours_per_week"].to_numpy(dtype=float)
        axes.fill_between(at, rows["net_return_low"], rows["net_return_high"], color=colour, alpha=0.15, lw=0)
        axes.plot(at, rows["net_return"], color=colour, marker="o", ms=4)
        ends.append(End(str(mix), colour, at[-1], float(rows["net_return"].iloc[-1])))
    low, high = axes.get_ylim()
    right = max(one.at for one in ends)
    name_lines(axes, [replace(one, at=right) for one in ends], LEAST_APART * (high - low), gap=10.0, annotation_clip=False)
    returned = table.set_index("point")["net_return"]
    for one in best:
        _circle(axes, one.hours, float(returned.loc[one.point]), one)
    axes.set_xticks(sorted(set(table["hours_per_week"])))
    axes.set_xlabel(say("hours per week"))


def _side_by_side(axes: Axes, table: pd.DataFrame, best: list[mixes.Best]) -> None:
    """Draw all mixes at the same hours."""
    for at, (row, colour) in enumerate(zip(table.to_dict("records"), cycle(LINE_COLOURS))):
        middle, low, high = (row[f"net_return{end}"] for end in ("", "_low", "_high"))
        if np.isfinite(low):
            axes.errorbar(
                at, middle, yerr=[[middle - low], [high - middle]], fmt="none", ecolor=colour, elinewidth=8, alpha=0.3
            )
        axes.plot(at, middle, marker="o", color=colour)
        for one in best:
            if one.point == row["point"]:
                _circle(axes, at, middle, one)
    axes.set_xticks(range(len(table)), [fill(str(mix), 16) for mix in table["mix"]])
    axes.set_xlabel(say("at {hours} hours per week", hours=shortest(table["hours_per_week"].iloc[0])))
    axes.margins(x=0.2)


def _circle(axes: Axes, at: float, value: float, one: mixes.Best) -> None:
    axes.plot(at, value, marker="o", ms=13, mfc="none", mec=INK, mew=1.6 if one.is_told else 0.8)


def title(best: list[mixes.Best]) -> str:
    """Name the mix that returns most, and where that changes."""
    if not best:
        return say("What each mix returns")
    runs = [(mix, [one.hours for one in same]) for mix, same in groupby(best, key=lambda one: one.mix)]
    if len(runs) == 1:
        is_told = any(one.is_told for one in best)
        return say(RETURNS_MOST[len(best) > 1, is_told], mix=runs[0][0], hours=shortest(best[0].hours))
    parts = [say("“{mix}” at {hours}", mix=mix, hours=_range(hours)) for mix, hours in runs]
    return say("Returns most: {mixes} h/week", mixes=", ".join(parts))


def _range(hours: list[float]) -> str:
    if len(hours) == 1:
        return shortest(hours[0])
    return say("{low} to {high}", low=shortest(hours[0]), high=shortest(hours[-1]))


def _kinds(figure: Figure, results: Results, point: int) -> None:
    table = mixes.by_kind(results, point)
    shown = list(dict.fromkeys(table["point"]))
    ticks = [name_on_hours(results, one) for one in shown]
    is_of_hours = all(tick != point_name(results, one) for tick, one in zip(ticks, shown, strict=True))
    panels = beside(figure, 2)
    for axes, (name, title_, scale) in zip(panels, PANELS, strict=True):
        for shift, kind in enumerate(KINDS):
            _bars(axes, table[table["kind"] == kind], f"{name}_a_piece", scale, (shift - 1) * 0.27, kind)
        axes.set_xticks(range(len(ticks)), ticks)
        if is_of_hours:
            axes.set_xlabel(say("hours per week"))
        axes.set_title(say(title_), fontsize=10)
        axes.grid(axis="x", visible=False)
        axes.set_ylim(bottom=0)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3, frameon=False)
    figure.suptitle(say("What a piece takes and what it returns, by the way it is made"), x=0.01, ha="left", fontsize=12,
                    fontweight="bold")  # fmt: skip
    Note.on(panels[1], 1, say("bars: {confidence} interval", confidence=confidence()), fontsize=8, color=NOTE, ha="right")


def _bars(axes: Axes, rows: pd.DataFrame, name: str, scale: float, shift: float, kind: str) -> None:
    at = np.arange(len(rows)) + shift
    middle, low, high = (scale * rows[column].to_numpy(dtype=float) for column in (name, f"{name}_low", f"{name}_high"))
    axes.bar(at, np.nan_to_num(middle), width=0.25, color=KIND_COLOURS[kind], label=say(KIND_NAMES[kind]))
    known = np.isfinite(low)
    axes.errorbar(at[known], middle[known], yerr=[middle[known] - low[known], high[known] - middle[known]], fmt="none",
                  ecolor=INK, elinewidth=0.8, capsize=2)  # fmt: skip


QUESTION = Question(
    number=7,
    name="mix",
    asked=later("Pass content on as it is, or rework it?"),
    reading=later(
        "A piece passed on as it is takes minutes and moves little; one made from scratch takes hours, may"
        " need approval and moves more. Net return weighs all of it. Mixes are compared at the same hours,"
        " world by world; where one stands out, its level is marked. Engagements are those of people at target"
        " accounts."
    ),
    tables=tables,
    draw=draw,
)
