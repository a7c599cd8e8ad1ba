"""The ensemble: returns of all sets of parameters that fit, and in what share of them each level is best."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.ensemble import Ensemble
from sim.report.answers.ensemble import EFFECT, level, usual_level
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, INK, ORANGE, End, drawn, name_lines, note, percents, thousands
from sim.report.text.translation import decimal, say
from sim.report.text.words import percent

LEAST_APART = 0.07  # of the height, between labels
COLOURS = {True: BLUE, False: ORANGE}


def draw(found: Ensemble, currency: str) -> Figure:
    """Draw net return against hours, a thin line per member, above how often each level is best, with an effect and without."""

    def compose(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, height_ratios=[3, 2])
        _returns(above, found, currency)
        _shares(below, found)

    return drawn(compose, height=6.8, plots=5.2)


def _returns(axes: Axes, found: Ensemble, currency: str) -> None:
    levels, ends = np.array(found.returns.levels), []
    for kind, told in found.advice_by_kind().items():
        colour = COLOURS[kind]
        axes.plot(levels, found.returns_of(with_effect=kind).means().T, color=colour, lw=0.5, alpha=0.25)
        axes.fill_between(levels, told.low, told.high, color=colour, alpha=0.15, lw=0)
        axes.plot(levels, told.mean, color=colour, marker="o", lw=2)
        ends.append(End(say(EFFECT[kind]), colour, levels[-1], told.mean[-1]))
    axes.plot(levels, found.as_it_is.means()[0], color=INK, ls="--", lw=1.2)
    ends.append(End(say("scenario as it is"), INK, levels[-1], found.as_it_is.means()[0][-1], style="--"))
    low, high = axes.get_ylim()
    name_lines(axes, ends, LEAST_APART * (high - low))
    axes.axhline(0, color=INK, lw=0.8)
    axes.margins(x=0.02)
    if not canvas().is_narrow:
        axes.set_xlim(right=levels[-1] * 1.17)  # for the names of lines
    axes.set_xticks(levels)
    axes.set_xlabel(say("hours a week"))
    axes.set_ylabel(say("net return, {currency}", currency=currency))
    thousands(axes)
    axes.set_title(fill(_title(found), 74), fontsize=11)
    note(
        axes,
        say(
            "thin line: a set of parameters that fits the facts; band (ignorance): nine in ten of them; dashed: the scenario as"
            " it is"
        ),
    )


def _title(found: Ensemble) -> str:
    usual = usual_level(found)
    told = found.advice_by_kind().get(True)
    if told is None:
        return say("No set of parameters with an effect on minds fits the facts")
    return say(
        "{level}, where the scenario as it is returns most, is best in {share} of the sets that fit with an effect",
        level=level(usual),
        share=percent(float(told.best[told.levels.index(usual)])),
    )


def _shares(axes: Axes, found: Ensemble) -> None:
    levels = found.returns.levels
    by_kind = found.advice_by_kind()
    height = 0.8 / len(by_kind)
    for number, (kind, told) in enumerate(by_kind.items()):
        places = np.arange(len(levels)) + (number - (len(by_kind) - 1) / 2.0) * height
        label = f"{say(EFFECT[kind])} ({decimal(told.members)})"
        bars = axes.barh(places, told.best, height=height * 0.9, color=COLOURS[kind], label=label)
        axes.bar_label(bars, [percent(float(share)) for share in told.best], padding=3, fontsize=8)
    axes.set_yticks(range(len(levels)), [level(hours) for hours in levels])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.1)
    percents(axes, "x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("share of the sets that fit in which the level returns most"))
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.28), ncols=2, frameon=False, fontsize=8)
