"""Question 8: what the indirect effects are worth."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import indirect, points
from sim.analysis.frames import by_point, sample
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, GREY, NOTE, drawn, percents
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table
from sim.report.text.translation import later, say
from sim.report.text.words import confidence, money, name_on_hours, number, percent, point_name

MONTHS_A_TICK = 12


def indirect_shown(results: Results, point: int) -> pd.DataFrame:
    """Return question 8's table in readable form."""
    table = indirect.effects(results, point)

    def in_unit(value: float, unit: str) -> str:
        if pd.isna(value):
            return "–"
        return percent(value, 1) if unit == "share" else number(value)

    def difference(row: "pd.Series[Any]") -> str:
        unit = row["unit"]
        low, high = in_unit(row["difference_low"], unit), in_unit(row["difference_high"], unit)
        return f"{in_unit(row['difference'], unit)} [{low}; {high}]"

    return pd.DataFrame(
        {
            "": [
                "" if one == before else say(vocabulary.EFFECT_GROUPS[one]) for before, one in pairwise(("", *table["group"]))
            ],
            say("effect"): [say(vocabulary.EFFECTS[one]) for one in table["effect"]],
            say("with"): [in_unit(row["with"], row["unit"]) for _, row in table.iterrows()],
            say("without"): [in_unit(row["without"], row["unit"]) for _, row in table.iterrows()],
            say("difference"): [difference(row) for _, row in table.iterrows()],
            say("money"): [money(one) if pd.notna(one) else "–" for one in table["money"]],
            say("priced"): [say(vocabulary.PRICED[one]) for one in table["priced"]],
            say("visible in records"): [say(vocabulary.VISIBLE[one]) for one in table["visible_in_records"]],
        }
    )


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 8."""
    return [Table("", "", indirect.effects(results, point), indirect_shown(results, point))]


def draw(results: Results, point: int) -> Figure:
    """Draw small multiples over time at one level, with social media and without, and below them against the levels."""
    series = indirect.over_time(results, point)
    order = points.line_of(results, point)
    has_levels = len(order) > 1

    def compose(figure: Figure) -> None:
        shape = (2 if has_levels else 1, len(series))
        rows = figure.subplots(*shape[::-1], squeeze=False).T if canvas().is_narrow else figure.subplots(*shape, squeeze=False)
        for axes, one in zip(rows[0], series, strict=True):
            _through_time(axes, one)
        if has_levels:
            for axes, one in zip(rows[1], series, strict=True):
                _against_hours(axes, results, order, one)
        title = say("What hours change beyond the dashboard, at {level}", level=point_name(results, point))
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supxlabel(say("blue: with social media; grey: without. Band: {confidence} interval of the mean, or of the"
                             " difference where both worlds are shown", confidence=confidence()),
                         fontsize=8, color=NOTE)  # fmt: skip

    return drawn(compose, width=12.0, height=6.2 if has_levels else 3.6, plots=1.4 * len(series))


def _through_time(axes: Axes, one: indirect.Series) -> None:
    axes.fill_between(one.months, one.low, one.high, color=BLUE, alpha=0.25, lw=0)
    axes.plot(one.months, one.theirs, color=GREY, lw=1.6)
    axes.plot(one.months, one.ours, color=BLUE, lw=1.6)
    axes.set_xlabel(say("months"))
    axes.set_xticks(np.arange(0, one.months[-1] + 1, MONTHS_A_TICK))
    _look(axes, one.is_share)
    axes.set_title(say(vocabulary.EFFECTS_OVER_TIME[one.column]), fontsize=9.5)


def _against_hours(axes: Axes, results: Results, order: list[int], one: indirect.Series) -> None:
    """Draw an effect against hours; the band is that of the difference, as worlds differ more than twins do."""
    frames, at = by_point(results), np.arange(len(order))
    names = [point_name(results, point) for point in order]
    ticks = [name_on_hours(results, point) for point in order]
    samples = [sample(frames[point], one.column) for point in order]
    if one.has_twin:
        twins = [sample(frames[point], f"twin_{one.column}") for point in order]
        without = np.array([twin.mean() for twin in twins])
        axes.plot(at, without, color=GREY, marker="o", ms=3)
        samples = [middle + (ours - twin) for middle, ours, twin in zip(without, samples, twins, strict=True)]
    estimates = [mean(sample) for sample in samples]
    axes.fill_between(at, [each.low for each in estimates], [each.high for each in estimates], color=BLUE, alpha=0.25, lw=0)
    axes.plot(at, [each.value for each in estimates], color=BLUE, marker="o", ms=3.5)
    axes.set_xticks(at, ticks, rotation=0 if max(map(len, ticks)) < 4 else 90)
    axes.set_xlabel(say("hours per week") if ticks != names else "")
    _look(axes, one.is_share)


def _look(axes: Axes, is_share: bool) -> None:
    if is_share:
        percents(axes)
    axes.tick_params(labelsize=8)


def _notes(results: Results, point: int) -> Iterator[str]:
    if len(points.line_of(results, point)) > 1:
        yield say("The figure shows every level.")


QUESTION = Question(
    number=8,
    name="indirect",
    asked=later("What are the indirect effects worth?"),
    reading=later(
        "The same difference between the worlds, in business words. Money stands on two rows only, deals and"
        " renewals, so that nothing is counted twice; presence and dialogue work through them."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
    notes=_notes,
)
