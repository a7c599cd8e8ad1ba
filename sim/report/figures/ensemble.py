"""The ensemble: returns of all sets of parameters that fit, and in what share of them each level is best."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.ensemble import Ensemble, advice
from sim.report.figures.style import BLUE, INK, ORANGE, drawn, note, percents, thousands
from sim.report.words import percent
from sim.report.words_on_ensemble import EFFECT, level, usual_level

COLOURS = {True: BLUE, False: ORANGE}


def draw(found: Ensemble, currency: str) -> Figure:
    """Net return against hours, a thin line a member; below, shares in which each level is best, with an effect and without."""

    def compose(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, height_ratios=[3, 2])
        _returns(above, found, currency)
        _shares(below, found)

    return drawn(compose, height=6.8)


def _returns(axes: Axes, found: Ensemble, currency: str) -> None:
    levels = np.array(found.returns.levels)
    for kind, colour in COLOURS.items():
        returns = found.returns_of(with_effect=kind)
        if not len(returns.expected):
            continue
        told = advice(returns)
        axes.plot(levels, returns.means().T, color=colour, lw=0.5, alpha=0.25)
        axes.fill_between(levels, told.low, told.high, color=colour, alpha=0.15, lw=0)
        axes.plot(levels, told.mean, color=colour, marker="o", lw=2)
        axes.annotate(EFFECT[kind], (levels[-1], told.mean[-1]), (8, 0), textcoords="offset points", color=colour, va="center")
    axes.plot(levels, found.as_it_is.means()[0], color=INK, ls="--", lw=1.2)
    axes.annotate("as it is", (levels[-1], found.as_it_is.means()[0][-1]), (8, -3), textcoords="offset points", color=INK)
    axes.axhline(0, color=INK, lw=0.8)
    axes.margins(x=0.02)
    axes.set_xlim(right=levels[-1] * 1.17)
    axes.set_xticks(levels)
    axes.set_xlabel("hours a week")
    axes.set_ylabel(f"net return, {currency}")
    thousands(axes)
    axes.set_title(fill(_title(found), 74), fontsize=11)
    note(axes, "thin line: a set of parameters that fits the facts; band: nine in ten of them; dashed: the scenario as it is")


def _title(found: Ensemble) -> str:
    usual = usual_level(found)
    returns = found.returns_of(with_effect=True)
    if not len(returns.expected):
        return "No set of parameters with an effect on minds fits the facts"
    best = float(advice(returns).best[returns.levels.index(usual)])
    return f"{level(usual)}, advised as it is, is best in {percent(best)} of the sets that fit with an effect"


def _shares(axes: Axes, found: Ensemble) -> None:
    levels = found.returns.levels
    kinds = [kind for kind in COLOURS if len(found.returns_of(with_effect=kind).expected)]
    height = 0.8 / max(1, len(kinds))
    for number, kind in enumerate(kinds):
        told = advice(found.returns_of(with_effect=kind))
        places = np.arange(len(levels)) + (number - (len(kinds) - 1) / 2.0) * height
        bars = axes.barh(places, told.best, height=height * 0.9, color=COLOURS[kind], label=f"{EFFECT[kind]} ({told.members})")
        axes.bar_label(bars, [percent(float(share)) for share in told.best], padding=3, fontsize=8)
    axes.set_yticks(range(len(levels)), [level(hours) for hours in levels])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.1)
    percents(axes, "x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("share of the sets that fit in which the level returns most")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.28), ncols=2, frameon=False, fontsize=8)
