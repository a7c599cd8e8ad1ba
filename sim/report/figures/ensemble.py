"""Mean net return of each level against the belief that social media moves no buyer's mind."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.ignorance import Decision
from sim.report.answers.ensemble import level
from sim.report.figures.canvas import canvas
from sim.report.figures.style import GREY, INK, LINE_COLOURS, End, drawn, name_lines, note, percents, thousands
from sim.report.text.translation import say
from sim.report.text.words import percent

LEAST_APART = 0.07  # of the height, between labels


def draw(found: Decision, currency: str) -> Figure:
    """Draw a line per level: what it returns on average, from no doubt that buyers are moved to certainty that they are not."""

    def compose(figure: Figure) -> None:
        axes = figure.subplots()
        _lines(axes, found, currency)

    return drawn(compose, height=4.6, plots=3.4)


def _lines(axes: Axes, found: Decision, currency: str) -> None:
    beliefs = np.array([0.0, 1.0])
    ends = []
    for colour, one in zip(LINE_COLOURS, found.levels[1:], strict=False):
        axes.plot(beliefs, [one.moved.value, one.unmoved.value], color=colour, lw=2)
        for belief, estimate in zip(beliefs, (one.moved, one.unmoved), strict=True):
            axes.plot([belief, belief], [estimate.low, estimate.high], color=colour, lw=5, alpha=0.35, solid_capstyle="butt")
        ends.append(End(level(one.hours), colour, 1.0, one.unmoved.value))
    axes.plot(beliefs, [0.0, 0.0], color=INK, lw=1.2)
    ends.append(End(level(0.0), INK, 1.0, 0.0))
    after = found.belief_after
    axes.axvspan(after.low, after.high, color=GREY, alpha=0.2, lw=0)
    axes.axvline(after.value, color=GREY, lw=1)
    low, high = axes.get_ylim()
    name_lines(axes, ends, LEAST_APART * (high - low))
    axes.set_xlim(-0.02, 1.02 if canvas().is_narrow else 1.2)
    axes.set_xticks(np.linspace(0.0, 1.0, 5))
    percents(axes, "x")
    axes.set_xlabel(say("chance that social media moves no buyer's mind"))
    axes.set_ylabel(say("net return, mean, discounted, {currency}", currency=currency))
    thousands(axes)
    axes.set_title(fill(_title(found), 74), fontsize=11)
    note(
        axes,
        say(
            "bars at the ends: 90 % intervals of the means, by the luck of which sets were drawn; grey: the belief that this"
            " answer takes"
        ),
    )


def _title(found: Decision) -> str:
    end = found.break_even.value
    if end >= 1.0:
        return say("Hours pay on average whether or not buyers are moved")
    if end <= 0.0:
        return say("On average no level of hours pays")
    return say("Hours pay on average while that chance is below {end}", end=percent(end))
