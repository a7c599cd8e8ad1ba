"""Question 4: when money is seen, and what there is to show until then."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import cash_flow
from sim.analysis.cash_flow import BREAK_EVEN_MONTHS, MONTHS_PER_QUARTER
from sim.experiment.results import Results
from sim.report.figures.canvas import canvas
from sim.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NAVY,
    ORANGE,
    PURPLE,
    SKY,
    End,
    drawn,
    name_lines,
    note,
    percents,
    thousands,
)
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, dash, from_to, with_interval
from sim.report.text.translation import decimal, later, say, say_many
from sim.report.text.words import confidence, money, number, percent, point_name

SHOWN_FIRST = (
    ("followers", later("followers"), BLUE),
    ("visits_social", later("visits from social media"), SKY),
    ("leads_organic_social", later("leads from social media"), ORANGE),
    ("qualified_organic_social", later("of these, qualified"), PURPLE),
    ("deals_last_touch", later("deals credited (last touch)"), GREEN),
)
YEAR = 12
QUARTERS_AFTER = 3  # the horizon, shown of the dashboard
ESTIMATORS_OF_MONEY = later(
    "Means weigh every purchase by its chances; single worlds are as realised, and few of them may all lie to one side of it."
)


def quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return question 4's table in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("quarter"): [_quarter(row) for row in rows],
            say("months"): table["months"],
            say("spent"): [money(one) for one in table["spent"]],
            say("net margin, deals"): [money(one) for one in table["net_margin_deals"]],
            say("net margin, renewals"): [money(one) for one in table["net_margin_renewals"]],
            say("net return so far"): [with_interval(row, "net_return_so_far", money) for row in rows],
            say("nine in ten worlds"): [from_to(money(row["world_low"]), money(row["world_high"])) for row in rows],
            say("broken even"): [with_interval(row, "broken_even", percent) for row in rows],
        }
    )


def _quarter(row: "pd.Series[Any]") -> str:
    quarter = number(row["quarter"], 0)
    return say("{quarter} (hours have ended)", quarter=quarter) if row["in_run_off"] else quarter


def dashboard_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return what the reports of each quarter show, in the words of a CRM, until little is left to come in."""
    last = int(table["followers"].notna().sum()) + QUARTERS_AFTER
    rows = [row for _, row in table.head(last).iterrows()]
    columns: dict[str, list[str]] = {say("quarter"): [number(row["quarter"], 0) for row in rows]}
    columns[say("followers")] = [dash(row["followers"], lambda value: number(value, 0)) for row in rows]
    for name in (later("reach"), later("interactions")):
        columns[say(name)] = [number(row[name], 0) for row in rows]
    visits = {"organic_social": "visits_social", "organic_search": "visits_search", "direct_traffic": "visits_direct"}
    for source, name in visits.items():
        columns[say("sessions: {source}", source=say(vocabulary.CRM_SOURCES[source]))] = [number(row[name], 0) for row in rows]
    for source, said in vocabulary.CRM_SOURCES.items():
        columns[say("leads: {source}", source=say(said))] = [number(row[f"leads_{source}"]) for row in rows]
    columns[say("qualified: {source}", source=say(vocabulary.CRM_SOURCES["organic_social"]))] = [
        number(row["qualified_organic_social"]) for row in rows
    ]
    columns[say("deals")] = [number(row["deals_all"]) for row in rows]
    columns[say("last touch Organic Social")] = [number(row["deals_last_touch"]) for row in rows]
    columns[say("their revenue")] = [money(row["revenue_last_touch"]) for row in rows]
    return pd.DataFrame(columns)


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 4."""
    table, board = cash_flow.money(results, point), cash_flow.dashboard(results, point)
    even = cash_flow.break_even(results, point)
    lag = results.manifest["points"][point]["scenario"]["measurement"]["lag_weeks"]
    caption = say_many(
        "What the team's reports show, a mean over worlds; the CRM {count} week late.",
        "What the team's reports show, a mean over worlds; the CRM {count} weeks late.",
        round(lag),
    )
    said = pd.DataFrame(
        {
            say("months"): even["months"],
            say("worlds that have broken even"): [with_interval(row, "broken_even", percent) for _, row in even.iterrows()],
            say("net return so far, nine in ten worlds"): [
                from_to(money(row["world_low"]), money(row["world_high"])) for _, row in even.iterrows()
            ],
        }
    )
    return [
        Table("", say(ESTIMATORS_OF_MONEY), table, quarters_shown(table)),
        Table("break_even", say("Chance of having broken even."), even, said),
        Table("dashboard", caption, board, dashboard_shown(board)),
    ]


def draw(results: Results, point: int) -> Figure:
    """Draw net return so far with its bands, the chance of having broken even, and what the reports show until then."""
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

    return drawn(compose, height=8.6, plots=6.2)


def _end(table: pd.DataFrame) -> float:
    """Return the months until the hours end."""
    return float(table.loc[~table["in_run_off"], "months"].max())


def _from_nothing(values: "pd.Series[float]") -> np.ndarray:
    """Put a zero before the sums so far."""
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
    quarter, level = cash_flow.break_even_quarter(table), point_name(results, point)
    if quarter is None:
        title = say("{level}: no break-even", level=level)
    else:
        month = quarter * MONTHS_PER_QUARTER
        title = say("{level} break even on average by month {month}", level=level, month=decimal(month))
        at = float(table.loc[table["quarter"] == quarter, "net_return_so_far"].iloc[0])
        axes.plot(month, at, marker="o", ms=8, mfc="white", mec=BLUE, mew=1.6, zorder=4)
    axes.set_title(title)
    note(axes, say("dark: {confidence} interval of the mean; pale: nine in ten single worlds; grey: after the hours end,"
                   " what was open then", confidence=confidence()))  # fmt: skip


def _chance(axes: Axes, table: pd.DataFrame) -> None:
    axes.plot(table["months"], table["broken_even"], color=NAVY, lw=1.5)
    axes.fill_between(table["months"], table["broken_even_low"], table["broken_even_high"], color=NAVY, alpha=0.15, lw=0)
    marked = [month for month in BREAK_EVEN_MONTHS if not canvas().is_narrow or month % YEAR == 0]
    for _, row in table[table["months"].isin(marked)].iterrows():
        axes.plot(row["months"], row["broken_even"], marker="o", ms=5, color=NAVY)
        is_high = row["broken_even"] > 0.7
        axes.annotate(percent(row["broken_even"]), (row["months"], row["broken_even"]), (0, -7 if is_high else 7),
                      textcoords="offset points", ha="center", va="top" if is_high else "bottom", fontsize=8)  # fmt: skip
    axes.set_ylim(-0.05, 1.08)
    percents(axes)
    axes.set_ylabel(say("worlds that\nhave broken even"))


def _indicators(axes: Axes, table: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Draw each indicator as a share of its highest quarter, while hours are given."""
    open_ = ~table["in_run_off"].to_numpy()
    months = table["months"].to_numpy()[open_]
    labels = []
    for row, (name, said, colour) in enumerate(SHOWN_FIRST):
        values = shown[name].to_numpy(dtype=float)[open_]
        highest = np.nanmax(values) if values.size and np.nanmax(values) > 0 else 1.0
        axes.plot(months, values / highest, color=colour, lw=1.6)
        message = later("{indicator}: up to {highest} a quarter") if row else later("{indicator}: up to {highest}")
        text = say(message, indicator=say(said), highest=decimal(highest, 0 if highest >= 10 else 1))
        labels.append(End(text, colour, _end(table), 1.0))
    if canvas().is_narrow:
        name_lines(axes, labels, 0.0)
    else:
        for row, one in enumerate(labels):
            axes.annotate(one.name, (one.at, 1.0), (8, -6 - 15 * row), textcoords="offset points", fontsize=8, color=one.colour,
                          va="top")  # fmt: skip
    axes.set_ylim(-0.05, 1.12)
    percents(axes)
    axes.set_ylabel(say("of the highest\nquarter"))
    axes.set_title(say("What there is to show before break-even"), fontsize=10.5)


QUESTION = Question(
    number=4,
    name="money",
    asked=later("When do we see money, and what do we show until then?"),
    reading=later(
        "What all quarters so far have brought, less what their hours cost: margin on deals by when they"
        " close, and on renewals by when they are due. Of a purchase that the hours turned, money comes months"
        " after the touch that turned it. The mean is the plan's; one company has one world, so the"
        " chance of having broken even counts single worlds. Until then there is the dashboard: what it shows"
        " comes sooner, but much of what it shows would have come anyway."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
)
