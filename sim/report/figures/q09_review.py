"""Question 9: what reviews by records do to the hours."""

import math
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import reviews
from sim.analysis.cash_flow import MONTHS_PER_QUARTER
from sim.experiment.results import Results
from sim.report.figures.style import BLUE, INK, NOTE, SKY, drawn
from sim.report.language import say
from sim.report.words import level, percent

A_ROW = 4
YEAR = 12  # months
MOST_LINES = 12
HEADROOM = 1.25


def draw(results: Results, point: int) -> Figure:  # noqa: ARG001  # as all are called
    """A fan of hours by quarter for each case: median and eight in ten worlds, with the share that is cut to the floor."""
    cases, table = reviews.cases(results), reviews.table(results)

    def compose(figure: Figure) -> None:
        columns = min(A_ROW, len(cases))
        panels = figure.subplots(math.ceil(len(cases) / columns), columns, sharex=True, sharey=True, squeeze=False)
        for axes in panels.flat[len(cases) :]:
            axes.set_visible(False)
        for axes, case, (_, row) in zip(panels.flat, cases, table.iterrows(), strict=False):
            _fan(axes, reviews.hours_by_quarter(results, case.point), case.policy["least_hours"])
            axes.set_title(fill(level(results.labels[case.point]), 26), fontsize=9)
            axes.text(0.97, 0.95, say("at the floor: {share}", share=percent(row["cut_to_floor"])), transform=axes.transAxes,
                      ha="right", va="top", fontsize=8.5, color=INK)  # fmt: skip
        highest = max(
            np.quantile(reviews.hours_by_quarter(results, case.point), reviews.FAN[-1], axis=0).max() for case in cases
        )
        panels[0, 0].set_ylim(0.0, HEADROOM * highest)
        for axes in panels[-1]:
            axes.set_xlabel(say("months"))
        for axes in panels[:, 0]:
            axes.set_ylabel(say("hours a week"))
        low, high = percent(table["cut_to_floor"].min()), percent(table["cut_to_floor"].max())
        if low == high:
            title = say("Reviews cut {share} of worlds to the fewest hours", share=low)
        else:
            title = say("Reviews cut {low} to {high} of worlds to the fewest hours", low=low, high=high)
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supxlabel(say("line: the middle world; band: eight in ten worlds; thin lines: single worlds"), fontsize=8,
                         color=NOTE)  # fmt: skip

    return drawn(compose, width=11.0, height=2.6 * math.ceil(len(cases) / A_ROW) + 0.9)


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
