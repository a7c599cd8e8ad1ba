"""Question 3: what the CRM will say instead."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import credit
from sim.experiment.results import Results
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, INK, NOTE, ORANGE, ROW, beside, drawn, name_rows, thousands
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, with_interval
from sim.report.text.translation import later, say
from sim.report.text.words import confidence, money, number, point_name

CELLS = (("seen", later("credited and caused"), BLUE), ("over_credited", later("credited, not caused"), ORANGE))
HEIGHT = 0.62


def four_shown(results: Results, point: int) -> pd.DataFrame:
    """Return question 3's table in readable form."""
    table = credit.table_of_four(results, point)
    said = {"seen": later("seen"), "over_credited": later("credited, not caused"), "missed": later("caused, not credited")}
    shown = pd.DataFrame({say("credit by"): [say(vocabulary.CREDIT_MODELS[one]) for one in table["model"]]})
    for cell, name in said.items():
        shown[say(name)] = [
            say("{deals} deals, {revenue}", deals=number(deals, 2), revenue=money(revenue))
            for deals, revenue in zip(table[f"{cell}_deals"], table[f"{cell}_revenue"], strict=True)
        ]
    shown[say("rightly ignored")] = [say("{deals} deals", deals=number(one)) for one in table["rightly_ignored_deals"]]
    shown[say("gives credit to")] = [say(vocabulary.GIVES_CREDIT_TO[one]) for one in table["model"]]
    shown[say("visibility ratio")] = [
        with_interval(row, "visibility", lambda one: number(one, 2)) if pd.notna(row["visibility"]) else say("undefined")
        for _, row in table.iterrows()
    ]
    return shown


def by_source_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return revenue by source, as a CRM would show it."""
    columns = {say(name): [money(one) for one in table[f"revenue_{source}"]] for source, name in vocabulary.CRM_SOURCES.items()}
    return pd.DataFrame({say("credit by"): [say(vocabulary.CREDIT_MODELS[one]) for one in table["model"]], **columns})


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 3."""
    table = credit.by_source(results, point)
    return [
        Table("", "", credit.table_of_four(results, point), four_shown(results, point)),
        Table("sources", say("First-year revenue by source, a world's mean."), table, by_source_shown(table)),
    ]


def draw(results: Results, point: int) -> Figure:
    """Draw one bar per attribution model: what it credits to social media, caused or not, against what was caused."""
    table = credit.table_of_four(results, point)

    def compose(figure: Figure) -> None:
        deals, money = beside(figure, 2, sharey=True)
        for axes, what in ((deals, "deals"), (money, "revenue")):
            _bars(axes, table, what)
        names = [say(vocabulary.CREDIT_MODELS[model]) for model in table["model"]]
        name_rows(deals, range(len(table)), names, from_top=True)
        if canvas().is_narrow:
            name_rows(money, range(len(table)), names, from_top=True)
        deals.set_xlabel(say("deals per world (thin bars: {confidence} interval of the blue)", confidence=confidence()))
        money.set_xlabel(say("first-year revenue per world, {currency}", currency=results.currency))
        thousands(money, "x")
        for place, (_, row) in enumerate(table.iterrows()):
            money.annotate(number(row["visibility"], 2), (1.0, place), (6, 0), xycoords=("axes fraction", "data"),
                           textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        money.annotate(say("visibility"), (1.0, 1.0), (0, 4), xycoords="axes fraction", textcoords="offset points",
                       fontsize=8, color=NOTE)  # fmt: skip
        figure.legend(*deals.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
        figure.suptitle(fill(_said(table, point_name(results, point)), 84), x=0.01, ha="left", fontsize=12, fontweight="bold")

    return drawn(compose, width=10.0, height=5.4, plots=2 * ROW * len(table))


def _bars(axes: Axes, table: pd.DataFrame, what: str) -> None:
    """Draw credit, caused or not, end to end; the line is all that was caused, so what lies to the right is missed."""
    axes.grid(axis="y", visible=False)
    places, begun = np.arange(len(table)), np.zeros(len(table))
    for cell, said, colour in CELLS:
        values = table[f"{cell}_{what}"].to_numpy(dtype=float)
        axes.barh(places, values, left=begun, height=HEIGHT, color=colour, label=say(said))
        middle = begun + values
        if cell == "seen":
            low, high = (table[f"{cell}_{what}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
            axes.errorbar(middle, places, xerr=[middle - low, high - middle], fmt="none", ecolor=INK, capsize=2, elinewidth=0.8)
        begun = middle
    caused = float(table[f"seen_{what}"].iloc[0] + table[f"missed_{what}"].iloc[0])
    axes.axvline(caused, color=INK, lw=1.6, ls=(0, (5, 2)), label=say("all that was caused"))


def _said(table: pd.DataFrame, level: str) -> str:
    if _mostly_wrong(table):
        return say("At {level}, records credit mostly what was not caused, and miss most of what was", level=level)
    return say("What records credit at {level}, and what was caused", level=level)


def _mostly_wrong(table: pd.DataFrame) -> bool:
    seen = table["seen_deals"]
    return bool((table["over_credited_deals"] > seen).all() and (table["missed_deals"] > seen).all())


QUESTION = Question(
    number=3,
    name="records",
    asked=later("What will our CRM say instead?"),
    reading=later(
        "Each way of giving credit is held against the truth: seen (credited and caused), credited but not"
        " caused, caused but not credited, rightly ignored. Visibility is credited over true revenue; it is"
        " undefined where the true sum cannot be told from zero. Near 1 does not mean that records are right:"
        " what they credit without cause may weigh as much as what they miss."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
)
