"""Question 5: whether a team could tell it from luck, and from when."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import cash_flow, detection
from sim.analysis.cash_flow import MONTHS_PER_QUARTER
from sim.analysis.detection import ATTRIBUTION, BEFORE_AND_AFTER, HOLD_OUT, PEER_GROUP, REVENUE
from sim.experiment.results import Results
from sim.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NOTE,
    ORANGE,
    PURPLE,
    End,
    beside,
    drawn,
    name_lines,
    note,
    percents,
    thousands,
)
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, dash, with_interval
from sim.report.text.translation import later, say
from sim.report.text.words import confidence, number, percent, point_name

COLOURS = {BEFORE_AND_AFTER: BLUE, PEER_GROUP: ORANGE, HOLD_OUT: GREEN, ATTRIBUTION: PURPLE}
CHANCES = {
    "leads": later("Chance of the right verdict, by leads"),
    "deals": later("Chance of the right verdict, by deals"),
}
BINS = 14
YEAR = 12  # months
LEAST_APART = 0.06


def first_quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return question 5's table in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("method"): [say(vocabulary.METHODS[one]) for one in table["method"]],
            say("looks at"): [say(vocabulary.LOOKED_AT[one]) for one in table["measure"]],
            say("four times in five right from month"): [_from_month(row) for row in rows],
            say("right at the end"): [with_interval(row, "right", percent) for row in rows],
            say("wrong at the end"): [with_interval(row, "wrong", percent) for row in rows],
            say("wrong in the worst quarter"): [dash(row["highest_wrong"], percent) for row in rows],
        }
    )  # fmt: skip


def _from_month(row: "pd.Series[Any]") -> str:
    if pd.isna(row["right"]):
        return "–"
    return say("never") if pd.isna(row["first_quarter"]) else number(cash_flow.MONTHS_PER_QUARTER * row["first_quarter"], 0)


def indicators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return how well indicators predict the truth, in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("indicator"): [say(vocabulary.INDICATORS[one]) for one in table["indicator"]],
            **{
                say("after {months} months", months=months): [
                    with_interval(row, f"after_{months}_months", lambda one: number(one, 2)) for row in rows
                ]
                for months in (3 * quarters for quarters in detection.LOOKED_AT)
            },
        }
    )


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 5."""
    every = detection.verdicts(results, point)
    first, leading = detection.first_quarters(every), detection.indicators(results, point)
    caption = say(
        "How well what each has come to foretells what the world will have earned in the end: rank correlation over worlds."
    )
    return [
        Table("", say("Chance of a right and of a wrong verdict; by quarter in the CSV."), every, first_quarters_shown(first)),
        Table("indicators", caption, leading, indicators_shown(leading)),
    ]


def draw(results: Results, point: int) -> Figure:
    """Draw the revenue of worlds with the hours and without, and the chance by quarter that each method shows the effect."""
    worlds, table = detection.three_years(results, point), detection.verdicts(results, point)

    def compose(figure: Figure) -> None:
        left, middle, right = beside(figure, 3, width_ratios=[1.0, 1.15, 1.15])
        _worlds(left, worlds, results.currency)
        for axes, measure in zip((middle, right), CHANCES, strict=True):
            _chances(axes, table, measure)
        figure.suptitle(_said(detection.first_quarters(table), point_name(results, point)), x=0.01, ha="left", fontsize=12,
                        fontweight="bold")  # fmt: skip
        figure.supxlabel(say("solid: says so with the hours; dotted: at zero hours, where that is wrong. Attribution: credited"
                             " margin so far above cost. Tests at 5 %; {confidence} intervals in the table",
                             confidence=confidence()), fontsize=8, color=NOTE)  # fmt: skip

    return drawn(compose, width=12.0, height=4.4, plots=6.6)


def _said(first: pd.DataFrame, level: str) -> str:
    tests = first[(first["method"] != ATTRIBUTION) & first["first_quarter"].notna()]
    if tests.empty:
        return say("At {level}, no test would tell it from luck four times in five", level=level)
    best = tests.sort_values("first_quarter").iloc[0]
    return say(
        "At {level}, {method} on {measure} tells it from luck from quarter {quarter} on",
        level=level, method=say(vocabulary.METHODS[best["method"]]), measure=say(vocabulary.LOOKED_AT[best["measure"]]),
        quarter=number(best["first_quarter"], 0),
    )  # fmt: skip


def _worlds(axes: Axes, worlds: pd.DataFrame, currency: str) -> None:
    both = np.concatenate([worlds["with_hours"], worlds["zero_hours"]])
    bins = np.linspace(both.min(), max(both.max(), both.min() + 1.0), BINS + 1).tolist()
    axes.hist(worlds["zero_hours"], bins=bins, color=GREY, alpha=0.7, label=say("zero hours"))
    axes.hist(worlds["with_hours"], bins=bins, histtype="step", color=BLUE, lw=2.0, label=say("with the hours"))
    for name, colour in (("zero_hours", INK), ("with_hours", BLUE)):
        axes.axvline(worlds[name].mean(), color=colour, lw=1.2, ls=(0, (4, 2)))
    thousands(axes, "x")
    axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlabel(say("revenue of deals, {currency}", currency=currency))
    axes.set_ylabel(say("worlds"))
    axes.legend(frameon=False, fontsize=8, loc="upper right")
    axes.set_title(say("One company has one world"), fontsize=10.5)
    note(axes, say("dashed: means"))


def _chances(axes: Axes, table: pd.DataFrame, measure: str) -> None:
    ends = []
    for method, colour in COLOURS.items():
        mine = table[(table["method"] == method) & (table["measure"].isin([measure, REVENUE]))]
        if mine["right"].isna().all():
            continue
        months = MONTHS_PER_QUARTER * mine["quarter"]
        is_test = method != ATTRIBUTION
        axes.plot(months, mine["right"], color=colour, lw=1.8, ls="-" if is_test else (0, (5, 2)))
        if is_test:
            axes.plot(months, mine["wrong"], color=colour, lw=1.0, ls=":")
        ends.append(End(say(vocabulary.METHODS[method]), colour, float(months.iloc[-1]), float(mine["right"].iloc[-1])))
    name_lines(axes, ends, LEAST_APART, gap=5.0, fontsize=8)
    axes.axhline(detection.POWER, color=INK, lw=0.8, ls=(0, (1, 2)))
    axes.set_ylim(-0.03, 1.05)
    percents(axes)
    axes.set_xlabel(say("months of work"))
    axes.set_xticks(np.arange(0, max((one.at for one in ends), default=YEAR) + 1, YEAR))
    axes.set_title(say(CHANCES[measure]), fontsize=10.5)


QUESTION = Question(
    number=5,
    name="luck",
    asked=later("Could we tell it from luck?"),
    reading=later(
        "What a team could test with what it has: leads or deals of the last year against those of the same months"
        " in the year before it began; their growth against that of 19 companies alike at zero hours; every second account"
        " kept from social media. Each says yes if what it sees would come in one case of twenty by chance."
        " Attribution tests nothing: it says yes if the margin it credits so far is above the cost."
        " Before-and-after needs a year before (hours_policy.starts_week, as in the study evidence.yaml),"
        " peers need twenty worlds."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
)
