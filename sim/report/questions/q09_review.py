"""Question 9: what reviews by records do to the hours."""

import math
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import reviews
from sim.analysis.cash_flow import MONTHS_PER_QUARTER
from sim.experiment.results import Results
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, INK, NOTE, SKY, drawn
from sim.report.questions.base import STUDY, Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, from_to, with_interval
from sim.report.text.translation import later, say
from sim.report.text.words import money, number, percent, point_name

A_ROW = 4
YEAR = 12  # months
MOST_LINES = 12
HEADROOM = 1.25


def reviews_shown(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Return question 9's table in readable form."""
    rows = [row for _, row in table.iterrows()]
    shown = pd.DataFrame(
        {
            say("case"): [point_name(results, one) for one in table["point"]],
            say("worlds cut to the floor"): [with_interval(row, "cut_to_floor", percent) for row in rows],
            say("hours per week at the end"): [
                f"{number(row['hours_at_end'])} ({from_to(number(row['hours_at_end_low']), number(row['hours_at_end_high']))})"
                for row in rows
            ],
            say("worlds that end under 10 hours"): [with_interval(row, "under_ten", percent) for row in rows],
            say("measured return"): [with_interval(row, "measured_return", lambda one: number(one, 2)) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
        }
    )
    if "against_fixed" in table:
        shown[say("against hours that nobody reviews")] = [with_interval(row, "against_fixed", money) for row in rows]
    return shown


def contrasts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the effect of each factor of the factorial, in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "": [_change(row) for row in rows],
            say("worlds cut to the floor, of 100"): [
                with_interval(row, "cut_to_floor", lambda one: number(100 * one, 0)) for row in rows
            ],
            say("hours per week at the end"): [with_interval(row, "hours_at_end", number) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
            say("called"): [say(vocabulary.FACTORS_SHOW[one]) for one in table["factor"]],
        }
    )


def _change(row: "pd.Series[Any]") -> str:
    return say("{factor}: {value} instead of {usual}",
        factor=say(vocabulary.FACTORS[row["factor"]]), value=say(vocabulary.FACTOR_VALUES[row["to"]]),
        usual=say(vocabulary.FACTOR_VALUES[row["from"]]),
    )  # fmt: skip


def tables(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Build the tables of question 9."""
    table, factors = reviews.table(results), reviews.contrasts(results)
    caption = say("Hours at the end: mean, and those of eight in ten worlds.")
    found = [Table("", caption, table.drop(columns="point"), reviews_shown(results, table))]
    if len(factors):
        caption = say("What each factor changes, a mean over the others, paired by world.")
        found.append(Table("contrasts", caption, factors, contrasts_shown(factors)))
    return found


def draw(results: Results, point: int) -> Figure:  # noqa: ARG001  # as all are called
    """Draw hours by quarter as a fan for each case: median and eight in ten worlds, with the share cut to the floor."""
    cases, table = reviews.cases(results), reviews.table(results)

    def compose(figure: Figure) -> None:
        columns = min(canvas().across(A_ROW), len(cases))
        panels = figure.subplots(math.ceil(len(cases) / columns), columns, sharex=True, sharey=True, squeeze=False)
        for axes in panels.flat[len(cases) :]:
            axes.set_visible(False)
        for axes, case, (_, row) in zip(panels.flat, cases, table.iterrows(), strict=False):
            _fan(axes, reviews.hours_by_quarter(results, case.point), case.policy["least_hours"])
            axes.set_title(fill(point_name(results, case.point), 26), fontsize=9)
            axes.text(0.97, 0.95, say("at the floor: {share}", share=percent(row["cut_to_floor"])), transform=axes.transAxes,
                      ha="right", va="top", fontsize=8.5, color=INK)  # fmt: skip
        highest = max(
            np.quantile(reviews.hours_by_quarter(results, case.point), reviews.FAN[-1], axis=0).max() for case in cases
        )
        panels[0, 0].set_ylim(0.0, HEADROOM * highest)
        for axes in panels[-1]:
            axes.set_xlabel(say("months"))
        for axes in panels.flat if canvas().is_narrow else panels[:, 0]:
            axes.set_ylabel(say("hours per week"))
        low, high = percent(table["cut_to_floor"].min()), percent(table["cut_to_floor"].max())
        if low == high:
            title = say("Reviews cut {share} of worlds to the fewest hours", share=low)
        else:
            title = say("Reviews cut {low} to {high} of worlds to the fewest hours", low=low, high=high)
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supxlabel(say("line: the middle world; band: eight in ten worlds; thin lines: single worlds"), fontsize=8,
                         color=NOTE)  # fmt: skip

    rows = math.ceil(len(cases) / A_ROW)
    return drawn(compose, width=11.0, height=2.6 * rows + 0.9, plots=3.0 * rows)


def _fan(axes: Axes, hours: np.ndarray, floor: float) -> None:
    months = MONTHS_PER_QUARTER * np.arange(1, hours.shape[1] + 1)
    low, middle, high = np.quantile(hours, reviews.FAN, axis=0)
    axes.fill_between(months, low, high, color=SKY, alpha=0.35, lw=0)
    for one in hours[:MOST_LINES]:
        axes.plot(months, one, color=SKY, lw=0.5, alpha=0.8)
    axes.plot(months, middle, color=BLUE, lw=2.0)
    axes.axhline(floor, color=INK, lw=0.8, ls=(0, (3, 2)))
    axes.set_xticks(np.arange(YEAR, months[-1] + 1, YEAR))
    axes.tick_params(labelsize=8)


QUESTION = Question(
    number=9,
    name="review",
    asked=later("How many hours should go to measuring, so that we are not cut wrongly?"),
    reading=later(
        "Management gives more hours while the return that records show pays for them, and fewer while it"
        " does not. What records miss is one reason to be cut, the measurement trap; that money comes months"
        " after the hours, and that a quarter holds few deals, is another: impatience. The contrasts tell them"
        " apart, world by world."
    ),
    tables=tables,
    draw=draw,
    command=STUDY,
    can_answer=reviews.has_reviews,
    lacks="nobody reviews the hours in {folder}; see hours_policy.kind",
)
