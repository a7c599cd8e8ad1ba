"""Question 2: which deals were really caused."""

from collections.abc import Iterator
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import deals
from sim.experiment.results import Results
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, GREEN, GREY, INK, RED, ROW, drawn, in_thousands, name_rows, note, thousands
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, dash, with_interval, yes_or_no
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import confidence, in_words, money, number, point_name

ON_TWO_LINES = {"lost_because": later("lost\nbecause of it"), "won_at_another_need": later("won\nat another need")}
THICK = 0.6  # of bars, which are 1 apart
LINE = 23  # characters
MOST_DEALS_SHOWN = 25
ESTIMATES = {
    "with_realised": later("with, realised"), "without_realised": later("without, realised"),
    "net_realised": later("net, realised"), "with_expected": later("with, expected"),
    "without_expected": later("without, expected"), "net_expected": later("net, expected"),
}  # fmt: skip


def deals_shown(results: Results, point: int) -> pd.DataFrame:
    """Return the deals of the first world that differ from its twin's; all are in the CSV."""
    frame = deals.table(results, point)
    differing = frame[(frame["label"] != "unchanged") & (frame["replication"] == 0)].head(MOST_DEALS_SHOWN)
    return pd.DataFrame(
        {
            say("account"): differing["account"],
            say("segment"): differing["segment"],
            say("value"): [money(one) for one in differing["value"]],
            say("close week"): [number(one, 0) for one in differing["closed_week"]],
            say("won"): [yes_or_no(one) for one in differing["won"]],
            say("won at zero hours"): [yes_or_no(one) for one in differing["twin_won"]],
            say("label"): [in_words(one) for one in differing["net_label"]],
            say("first cause"): [in_words(one) for one in differing["first_cause"]],
            say("recorded source"): [in_words(one) for one in differing["recorded_source"]],
            say("credited by first touch, by last, by Markov"): [
                " / ".join(money(row[f"money_by_{model}"]) for model in ("first_touch", "last_touch", "markov"))
                for _, row in differing.iterrows()
            ],
            say("true money"): [money(one) for one in differing["true_money"]],
            say("weeks gained"): [number(one, 0) for one in differing["weeks_gained"]],
        }
    )


def causes_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return what first set deals apart, in readable form."""
    return pd.DataFrame(
        {
            say("first cause"): [say(vocabulary.FIRST_CAUSES[one]) for one in table["cause"]],
            say("deals caused"): [number(one, 2) for one in table["caused"]],
            say("deals lost"): [number(one, 2) for one in table["lost_because"]],
            say("deals moved by a week or more"): [number(one, 2) for one in table["moved"]],
            say("net revenue"): [with_interval(row, "net_revenue", money) for _, row in table.iterrows()],
        }
    )


def estimators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return both estimators in readable form."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["is_money"] else number for row in rows]
    columns = {"": [say(vocabulary.ESTIMATED[one]) for one in table["measure"]]}
    for name, head in ESTIMATES.items():
        columns[say(head)] = [
            with_interval(row, name, how) if f"{name}_low" in row else dash(row[name], how)
            for row, how in zip(rows, said, strict=True)
        ]
    return pd.DataFrame(columns)


def spillover_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return direct and spillover effects in readable form."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["measure"] in ("revenue", "renewal_margin") else lambda one: number(one, 2) for row in rows]
    return pd.DataFrame(
        {
            say("net"): [in_words(one) for one in table["measure"]],
            say("estimator"): [in_words(one) for one in table["estimator"]],
            say("direct"): [with_interval(row, "direct", how) for row, how in zip(rows, said, strict=True)],
            say("spillover"): [with_interval(row, "spillover", how) for row, how in zip(rows, said, strict=True)],
            say("together"): [with_interval(row, "net", how) for row, how in zip(rows, said, strict=True)],
        }
    )


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 2."""
    causes, both = deals.causes(results, point), deals.estimators(results, point)
    found = [
        Table("", say("The first world's deals that differ."), deals.table(results, point), deals_shown(results, point)),
        Table(
            "estimators",
            say(
                "Realised: counted. Expected: every purchase weighed by its chances. A world's mean. Over many worlds both"
                " come to the same; in few they differ by the luck of what is won."
            ),
            both,
            estimators_shown(both),
        ),
        Table("causes", say("What first set deals apart from their twins, a world's mean."), causes, causes_shown(causes)),
    ]
    if deals.has_spillover(results):
        table = deals.spillover(results, point)
        caption = say(
            "Direct: with the sales load, word of mouth and crises of the world with zero hours. The rest spills over."
        )
        found.append(Table("spillover", caption, table, spillover_shown(table)))
    return found


def draw(results: Results, point: int) -> Figure:
    """Draw a waterfall from the twin's revenue to the actual, by label."""
    table, count = deals.waterfall(results, point), results.manifest["replications"]

    def compose(figure: Figure) -> None:
        axes = figure.subplots()
        _steps(axes, table)
        names = [_named(step) for step in table["step"]]
        unit = say("first-year revenue of deals, {currency}", currency=results.currency)
        if canvas().is_narrow:
            name_rows(axes, range(len(table)), names, from_top=True)
            axes.grid(axis="y", visible=False)
            axes.margins(x=0.15)
            thousands(axes, "x")
            axes.set_xlabel(unit)
        else:
            axes.set_xticks(range(len(table)), names)
            axes.grid(axis="x", visible=False)
            thousands(axes)
            axes.set_ylabel(unit)
        gain = float(table["revenue"].iloc[-1] - table["revenue"].iloc[0])
        axes.set_title(fill(_title(point_name(results, point), gain), 72))
        note(axes, say("mean of {worlds} worlds, netted by account; bars: {confidence} interval",
                       worlds=decimal(count), confidence=confidence()))  # fmt: skip

    return drawn(compose, plots=ROW * len(table))


def _steps(axes: Axes, table: pd.DataFrame) -> None:
    """Draw a bar per step, from where the one before ends: upright, or flat on a phone, where names have no room below bars."""
    height, last = 0.0, len(table) - 1
    for place, (_, row) in enumerate(table.iterrows()):
        whole = place in (0, last)
        base = 0.0 if whole else height
        colour = GREY if place == 0 else BLUE if place == last else GREEN if row["revenue"] >= 0 else RED
        height = base + row["revenue"]
        spread = [[row["revenue"] - row["revenue_low"]], [row["revenue_high"] - row["revenue"]]]
        reach = max(height, base) + max(0.0, row["revenue_high"] - row["revenue"])
        sign = "" if whole or not row["revenue"] else "+" if row["revenue"] > 0 else "-"
        said = f"{sign}{in_thousands(abs(row['revenue']))}"
        if canvas().is_narrow:
            axes.barh(place, row["revenue"], left=base, color=colour, height=THICK)
            axes.errorbar(height, place, xerr=spread, fmt="none", ecolor=INK, capsize=4)
            axes.annotate(said, (reach, place), (4, 0), textcoords="offset points", va="center")
        else:
            axes.bar(place, row["revenue"], bottom=base, color=colour, width=THICK)
            axes.errorbar(place, height, yerr=spread, fmt="none", ecolor=INK, capsize=4)
            axes.annotate(said, (place, reach), (0, 4), textcoords="offset points", ha="center")


def _named(step: str) -> str:
    return say(ON_TWO_LINES[step]) if step in ON_TWO_LINES else fill(say(vocabulary.STEPS_OF_REVENUE[step]), LINE)


def _title(level: str, gain: float) -> str:
    if gain >= 0:
        message = later("At {level}, social media adds {amount} of deals")
    else:
        message = later("At {level}, social media costs {amount} of deals")
    return say(message, level=level, amount=in_thousands(abs(gain)))


def _notes(results: Results, point: int) -> Iterator[str]:  # noqa: ARG001  # as all are called
    yield say(
        "Shown: deals of the first world that differ from its twin's, {most} at most. The CSV has every deal of every world.",
        most=MOST_DEALS_SHOWN,
    )


QUESTION = Question(
    number=2,
    name="deals",
    asked=later("Which deals were really caused?"),
    reading=later(
        "Every simulated deal is known in both worlds. These are deals of the simulation, not rows of your"
        " CRM. The net is the result; how many deals flip in each direction depends on how the two worlds are"
        " coupled."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
    notes=_notes,
)
