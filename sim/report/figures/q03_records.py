"""Question 3: what the CRM will say instead."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from sim.experiment.store import Results
from sim.report import tables
from sim.report.figures.style import BLUE, INK, ORANGE, SKY, drawn, thousands
from sim.report.words import CONFIDENCE_TEXT

CELLS = (("seen", "credited and caused", BLUE), ("missed", "caused, not credited", SKY),
         ("over_credited", "credited, not caused", ORANGE))  # fmt: skip


def draw(results: Results, point: int) -> Figure:
    """The table of four without its largest cell, in deals and in money; a bar an attribution model."""
    table = tables.table_of_four(results, point)

    def compose(figure: Figure) -> None:
        deals, money = figure.subplots(1, 2, sharey=True)
        places = range(len(table))
        for shift, (cell, said, colour) in enumerate(CELLS):
            at = [place + (1 - shift) * 0.26 for place in places]
            values = table[f"{cell}_deals"].to_numpy()
            errors = [values - table[f"{cell}_deals_low"].to_numpy(), table[f"{cell}_deals_high"].to_numpy() - values]
            deals.barh(at, values, height=0.24, color=colour, label=said)
            deals.errorbar(values, at, xerr=errors, fmt="none", ecolor=INK, capsize=2, elinewidth=0.8)
            money.barh(at, table[f"{cell}_revenue"], height=0.24, color=colour)
        deals.set_yticks(list(places), table["model"])
        deals.set_xlabel(f"deals a world (bars: {CONFIDENCE_TEXT} interval)")
        money.set_xlabel(f"first-year revenue a world, {results.currency}")
        thousands(money, "x")
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
        figure.suptitle(fill(_said(table, results.labels[point]), 84), x=0.01, ha="left", fontsize=12, fontweight="bold")

    return drawn(compose, width=9.0, height=4.6)


def _said(table: pd.DataFrame, level: str) -> str:
    if _mostly_wrong(table):
        return f"At {level}, records credit mostly what was not caused, and miss most of what was"
    return f"What records credit at {level}, and what was caused"


def _mostly_wrong(table: pd.DataFrame) -> bool:
    seen = table["seen_deals"]
    return bool((table["over_credited_deals"] > seen).all() and (table["missed_deals"] > seen).all())
