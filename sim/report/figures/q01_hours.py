"""Question 1: how many hours to fund, and where the next hour stops paying."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.results import Results
from sim.report import tables
from sim.report.figures.style import BLUE, GREEN, GREY, INK, ORANGE, RED, drawn, thousands
from sim.report.language import decimal, later, say
from sim.report.words import CONFIDENCE_TEXT, level


def draw(results: Results) -> Figure:
    """Net return against hours with its band; below, the return of the hours added at each step."""
    table = tables.levels(results)

    def compose(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        at = table["hours_per_week"].to_numpy() if table["hours_per_week"].is_unique else np.arange(len(table))
        _returns(above, table, at, results)
        _steps(below, table, at)
        if not table["hours_per_week"].is_unique:
            below.set_xticks(at, [level(one) for one in table["label"]], rotation=30, ha="right")
        else:
            below.set_xlabel(say("hours a week"))

    return drawn(compose, height=6.5)


def _returns(axes: Axes, table: pd.DataFrame, at: np.ndarray, results: Results) -> None:
    chosen = tables.choice(results, table)
    best = chosen.advised
    for _, rows in table.assign(at=at).groupby("case", sort=False):
        axes.fill_between(rows["at"], rows["net_return_low"], rows["net_return_high"], color=BLUE, alpha=0.2, lw=0)
        axes.plot(rows["at"], rows["net_return"], color=BLUE, marker="o")
        axes.fill_between(
            rows["at"], rows["net_return_deals_low"], rows["net_return_deals_high"], color=ORANGE, alpha=0.25, lw=0
        )
        axes.plot(rows["at"], rows["net_return_deals"], color=ORANGE, marker="s", ms=4)
    axes.axhline(0, color=INK, lw=0.8)
    axes.margins(x=0.16)
    last = len(table) - 1
    axes.annotate(say("deals and\nrenewals"), (at[last], table["net_return"].iloc[last]), (8, 0), textcoords="offset points",
                  color=BLUE, va="center")  # fmt: skip
    axes.annotate(say("deals alone"), (at[last], table["net_return_deals"].iloc[last]), (8, 0), textcoords="offset points",
                  color="#8A6000", va="center")  # fmt: skip
    axes.plot(at[best], table["net_return"].iloc[best], marker="o", ms=13, mfc="none", mec=INK)
    thousands(axes)
    axes.set_ylabel(say("net return, {currency}", currency=results.currency))
    if best == chosen.highest:
        title = later("{level} returns most over {weeks} weeks")
    else:
        title = later("{level} returns as much as can be told from chance over {weeks} weeks")
    weeks = results.manifest["points"][0]["scenario"]["time"]["horizon_weeks"]
    axes.set_title(say(title, level=level(table["label"].iloc[best]), weeks=decimal(weeks)))
    said = say("after cost and run-off; band: {confidence} interval of the mean; circle: advised", confidence=CONFIDENCE_TEXT)
    axes.text(0, 1.005, said, transform=axes.transAxes, fontsize=8, color="#555555", va="bottom")
    axes.title.set_position((0, 1.08))
    axes.set_title(axes.get_title(loc="left"), loc="left", pad=18)


def _steps(axes: Axes, table: pd.DataFrame, at: np.ndarray) -> None:
    step = table["step"].to_numpy(dtype=float)
    shown = np.isfinite(step)
    low, high = table["step_low"].to_numpy(dtype=float), table["step_high"].to_numpy(dtype=float)
    colours = np.where(low > 0, GREEN, np.where(high < 0, RED, GREY))
    width = 0.6 * float(np.min(np.diff(at))) if len(at) > 1 else 0.6
    axes.bar(at[shown], step[shown], width=width, color=colours[shown])
    certain = shown & np.isfinite(low)
    axes.errorbar(at[certain], step[certain], yerr=[step[certain] - low[certain], high[certain] - step[certain]],
                  fmt="none", ecolor=INK, elinewidth=1, capsize=3)  # fmt: skip
    axes.axhline(0, color=INK, lw=0.8)
    axes.set_ylabel(say("added return for each\nunit of added cost"))
    axes.set_title(say("What the hours added at each step bring: green pays, red does not, grey cannot be told"), fontsize=10)
