"""Question 12: which of our guesses change the answer."""

import weakref
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.analysis import inputs
from sim.analysis.discovery.cases import OfPoints
from sim.analysis.discovery.fresh import Discovery, can_discover, discover
from sim.experiment.results import Results
from sim.report.answers import discovery, sensitivity
from sim.report.answers.sensitivity import hours
from sim.report.figures import discovery as boxes
from sim.report.figures.style import BLUE, INK, NOTE, ORANGE, ROW, drawn, name_rows, note, thousands
from sim.report.questions.base import SENSITIVITY, Question
from sim.report.text import words
from sim.report.text.cells import Table, frame_of
from sim.report.text.translation import decimal, later, say, say_many, shortest
from sim.report.text.words import Headline, confidence

COLOURS = {"low": ORANGE, "high": BLUE}
ENDS = {"low": later("at the low end"), "high": later("at the high end")}


_FOUND: dict[int, Discovery] = {}


def _discovered(results: Results) -> Discovery:
    """Search for the boxes once, for the tables and the picture of the same results."""
    key = id(results)
    if key not in _FOUND:
        _FOUND[key] = discover(OfPoints(results))
        weakref.finalize(results, _FOUND.pop, key, None)
    return _FOUND[key]


def tables(results: Results, point: int) -> list[Table]:  # noqa: ARG001
    """Build the tables of question 12: of inputs at their ends, or of boxes in a design."""
    if not inputs.has_ends(results):
        found = _discovered(results)
        return [Table("", " ".join(discovery.sentences(found)), discovery.frame(found), frame_of(discovery.share_rows(found))),
                Table("limits", "", discovery.frame(found), frame_of(discovery.limit_rows(found)))]  # fmt: skip
    caption = " ".join(sensitivity.sentences(results, []))
    return [Table("", caption, inputs.table(results), frame_of(sensitivity.rows(results, [])))]


def draw(results: Results, point: int) -> Figure:  # noqa: ARG001  # as all are called
    """Draw the tornado: the lead of the advised level with each input at either end; mark those that change the level.

    Of a design over ranges, draw where every level loses.
    """
    if not inputs.has_ends(results):
        return boxes.draw(_discovered(results))
    table = inputs.table(results)
    return drawn(lambda figure: _tornado(figure.subplots(), results, table), width=9.0, height=1.9 + 0.52 * len(table),
                 plots=1.5 * ROW * len(table))  # fmt: skip


def _tornado(axes: Axes, results: Results, table: pd.DataFrame) -> None:
    rows = table.iloc[::-1].reset_index(drop=True)
    usual = float(rows["lead"].iloc[0])
    for end, colour in COLOURS.items():
        lead = rows[f"{end}_lead"].to_numpy(dtype=float)
        reach = np.abs(rows[[f"{end}_lead_low", f"{end}_lead_high"]].to_numpy(dtype=float).T - lead)
        axes.barh(rows.index, lead - usual, left=usual, height=0.6, color=colour, label=say(ENDS[end]), alpha=0.9,
                  xerr=np.nan_to_num(reach), error_kw={"ecolor": INK, "elinewidth": 0.9, "capsize": 2})  # fmt: skip
    axes.axvline(usual, color=NOTE, lw=0.8)
    axes.axvline(0, color=INK, lw=1.4)
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.34 * (high - low))
    for place, row in rows.iterrows():
        axes.text(high + 0.01 * (high - low), float(str(place)), _said(row), va="center", fontsize=8,
                  color=INK if row["changes_level"] else NOTE, weight="bold" if row["changes_level"] else "normal")  # fmt: skip
    name_rows(axes, list(rows.index), [_range(row) for _, row in rows.iterrows()], fontsize=8)
    axes.set_xlabel(say("lead of {hours} hours per week over the best other choice, {currency}",
                        hours=shortest(rows["usual_hours"].iloc[0]), currency=results.currency))  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    thousands(axes, "x")
    axes.grid(visible=False, axis="y")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -1.0 / (1.0 + len(rows))), ncols=2, fontsize=8, frameon=False)
    title = _title(table)
    axes.set_title(fill(say("A trial: {title}", title=title) if words.is_trial(results) else title, 78), fontsize=11)
    note(axes, say("line: {confidence} interval, paired by world; at the right: hours per week to fund at the low and"
                   " the high end", confidence=confidence()))  # fmt: skip


def _range(row: "pd.Series[float]") -> str:
    low, high = shortest(row["low_value"]), shortest(row["high_value"])
    return say("{input}\n{low} to {high}", input=row["input"], low=low, high=high)


def _said(row: "pd.Series[float]") -> str:
    return " / ".join(hours(row[f"{end}_hours"]) for end in ("low", "high"))


def _title(table: pd.DataFrame) -> str:
    changing, funded = int(table["changes_level"].sum()), hours(table["hours"].iloc[0])
    if not changing and not table["hours"].iloc[0]:
        return say("None of these guesses makes the hours pay")
    if not changing:
        return say("None of these guesses changes the hours to fund, {hours} per week", hours=funded)
    return say_many(
        "{count} of these {guesses} guesses changes the hours to fund, {hours} per week at their likely values",
        "{count} of these {guesses} guesses change the hours to fund, {hours} per week at their likely values",
        changing, guesses=decimal(len(table)), hours=funded,
    )  # fmt: skip


def _headline(results: Results) -> Headline:
    usual = words.headline(results)
    return Headline((*sensitivity.sentences(results, []), *usual.sentences[2:]), usual.point, usual.is_stop)


def _can_answer(results: Results) -> bool:
    """Return whether inputs were put to their ends, or points are many enough to find boxes among them."""
    return inputs.has_ends(results) or can_discover(OfPoints(results))


QUESTION = Question(
    number=12,
    name="inputs",
    asked=later("Which of our guesses change the answer?"),
    reading=later(
        "Each input at the low and the high end of what it may be (5th and 95th percentile), all others at their likely"
        " values, on the"
        " same worlds: by how much the advised level then leads the best other choice, no hours among them, and which level"
        " would be advised. Left of the thick line another choice is better. An input that leaves the lead"
        " above zero need not be known better for this decision. Of a design over ranges: the box of them in which every level"
        " loses (where hours vary, too: in which net return is below zero) most often, as far as points that had no say in the"
        " box confirm it."
    ),
    tables=tables,
    draw=draw,
    command=SENSITIVITY,
    can_answer=_can_answer,
    is_asked_first=inputs.has_ends,
    headline=_headline,
    lacks="no input was put to its ends in {folder}; see sim sensitivity",
)
