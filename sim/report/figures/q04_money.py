"""Question 4: when money is seen, and what there is to show until then."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import cash_flow
from sim.analysis.cash_flow import BREAK_EVEN_MONTHS, MONTHS_PER_QUARTER
from sim.experiment.results import Results
from sim.report.figures.style import BLUE, GREEN, GREY, INK, NAVY, ORANGE, PURPLE, SKY, drawn, note, percents, thousands
from sim.report.language import decimal, later, say
from sim.report.words import confidence, level, percent

SHOWN_FIRST = (
    ("followers", later("followers"), BLUE),
    ("visits_social", later("visits from social media"), SKY),
    ("leads_organic_social", later("leads from social media"), ORANGE),
    ("qualified_organic_social", later("of these, qualified"), PURPLE),
    ("deals_last_touch", later("deals credited (last touch)"), GREEN),
)
YEAR = 12


def draw(results: Results, point: int) -> Figure:
    """Net return so far with its bands; the chance of having broken even; what the reports show until then."""
    table, shown = cash_flow.money(results, point), cash_flow.dashboard(results, point)

    def compose(figure: Figure) -> None:
        above, middle, below = figure.subplots(3, 1, sharex=True, height_ratios=[3.2, 1.5, 2.2])
        _money(above, table, results, point)
        _chance(middle, table)
        _indicators(below, table, shown)
        below.set_xlabel(say("months since the first day"))
        below.set_xticks(range(0, int(table["months"].max()) + 1, YEAR // 2))
        for axes in (above, middle, below):
            axes.axvspan(_end(table), int(table["months"].max()), color=GREY, alpha=0.12, lw=0)

    return drawn(compose, height=8.6)


def _end(table: pd.DataFrame) -> float:
    """Months until the hours end."""
    return float(table.loc[~table["in_run_off"], "months"].max())


def _from_nothing(values: "pd.Series[float]") -> np.ndarray:
    """Sums so far begin with nothing."""
    return np.concatenate([[0.0], values.to_numpy()])


def _money(axes: Axes, table: pd.DataFrame, results: Results, point: int) -> None:
    months = _from_nothing(table["months"])
    axes.fill_between(
        months, _from_nothing(table["world_low"]), _from_nothing(table["world_high"]), color=SKY, alpha=0.25, lw=0
    )
    low, high = _from_nothing(table["net_return_so_far_low"]), _from_nothing(table["net_return_so_far_high"])
    axes.fill_between(months, low, high, color=BLUE, alpha=0.35, lw=0)
    axes.plot(months, _from_nothing(table["net_return_so_far"]), color=BLUE)
    axes.axhline(0, color=INK, lw=0.8)
    thousands(axes)
    axes.set_ylabel(say("net return so far,\n{currency}", currency=results.currency))
    quarter, label = cash_flow.break_even_quarter(table), level(results.labels[point])
    if quarter is None:
        title = say("{level}: no break-even", level=label)
    else:
        month = quarter * MONTHS_PER_QUARTER
        title = say("{level} break even on average by month {month}", level=label, month=decimal(month))
        at = float(table.loc[table["quarter"] == quarter, "net_return_so_far"].iloc[0])
        axes.plot(month, at, marker="o", ms=8, mfc="white", mec=BLUE, mew=1.6, zorder=4)
    axes.set_title(title)
    note(axes, say("dark: {confidence} interval of the mean; pale: nine in ten single worlds; grey: after the hours end,"
                   " what was open then", confidence=confidence()))  # fmt: skip


def _chance(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot(table["months"], table["broken_even"], color=NAVY, lw=1.5)
    axes.fill_between(table["months"], table["broken_even_low"], table["broken_even_high"], color=NAVY, alpha=0.15, lw=0)
    for _, row in table[table["months"].isin(BREAK_EVEN_MONTHS)].iterrows():
        axes.plot(row["months"], row["broken_even"], marker="o", ms=5, color=NAVY)
        is_high = row["broken_even"] > 0.7
        axes.annotate(percent(row["broken_even"]), (row["months"], row["broken_even"]), (0, -7 if is_high else 7),
                      textcoords="offset points", ha="center", va="top" if is_high else "bottom", fontsize=8)  # fmt: skip
    axes.set_ylim(-0.05, 1.08)
    percents(axes)
    axes.set_ylabel(say("worlds that\nhave broken even"))


def _indicators(axes: Axes, table: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Each as a share of its highest quarter, while hours are given."""
    open_ = ~table["in_run_off"].to_numpy()
    months = table["months"].to_numpy()[open_]
    ends = []
    for name, _, colour in SHOWN_FIRST:
        values = shown[name].to_numpy(dtype=float)[open_]
        highest = np.nanmax(values) if values.size and np.nanmax(values) > 0 else 1.0
        axes.plot(months, values / highest, color=colour, lw=1.6)
        ends.append(highest)
    for row, ((_, said, colour), highest) in enumerate(zip(SHOWN_FIRST, ends, strict=True)):
        message = later("{indicator}: up to {highest} a quarter") if row else later("{indicator}: up to {highest}")
        text = say(message, indicator=say(said), highest=decimal(highest, 0 if highest >= 10 else 1))
        axes.annotate(text, (_end(table), 1.0), (8, -6 - 15 * row), textcoords="offset points", fontsize=8, color=colour,
                      va="top")  # fmt: skip
    axes.set_ylim(-0.05, 1.12)
    percents(axes)
    axes.set_ylabel(say("of the highest\nquarter"))
    axes.set_title(say("What there is to show until then"), fontsize=10.5)
