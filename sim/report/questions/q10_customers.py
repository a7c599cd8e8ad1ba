"""Question 10: whether it keeps the customers."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import customers, points
from sim.analysis.frames import by_point, ratio, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report.figures.style import BLUE, GREEN, INK, ORANGE, End, beside, drawn, name_lines, note
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, dash, waited, with_interval
from sim.report.text.translation import later, say
from sim.report.text.words import confidence, in_words, money, name_on_hours, number, percent, point_name

LEAST_APART = 0.1  # of the height, between labels
COLUMNS = {
    "net_renewals": "net_renewals_expected",
    "median": "service_reply_hours_median",
    "p90": "service_reply_hours_p90",
}


def service_shown(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Return question 10's table in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [point_name(results, one) for one in table["point"]],
            say("segment"): [say(vocabulary.ALL_SEGMENTS) if one == customers.ALL else one for one in table["segment"]],
            say("renewals"): [number(one) for one in table["renewals"]],
            say("without"): [number(one) for one in table["twin_renewals"]],
            say("difference"): [with_interval(row, "net_renewals", lambda one: number(one, 2)) for row in rows],
            say("money kept"): [with_interval(row, "money_kept", money) for row in rows],
            say("left at the end, not priced in"): [with_interval(row, "value_ahead", money) for row in rows],
            say("complaints answered in time"): [dash(one, percent) for one in table["complaints_in_time_share"]],
            say("median time to an answer"): [with_interval(row, "reply_hours_median", waited) for row in rows],
            say("nine in ten within"): [with_interval(row, "reply_hours_p90", waited) for row in rows],
        }
    )


def replies_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return messages by kind in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("kind"): [in_words(one) for one in table["kind"]],
            say("a year"): [number(one) for one in table["messages_per_year"]],
            say("answered in time"): [dash(one, percent) for one in table["in_time_share"]],
            say("median time to an answer"): [with_interval(row, "reply_hours_median", waited) for row in rows],
            say("nine in ten within"): [with_interval(row, "reply_hours_p90", waited) for row in rows],
        }
    )


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 10."""
    table, replies = customers.by_segment(results), customers.replies(results, point)
    caption = say(
        "Conversations by kind at {level}; outreach, spam and crises are not asked by people who wait.",
        level=point_name(results, point),
    )
    return [
        Table("", "", table.drop(columns="point"), service_shown(results, table)),
        Table("replies", caption, replies, replies_shown(replies)),
    ]


def draw(results: Results, point: int) -> Figure:
    """Draw contracts kept, and how long customers wait for an answer, along the line of levels that holds a point."""
    numbers = points.line_of(results, point)
    frames = by_point(results)
    table = pd.DataFrame([_estimates(frames[one]) for one in numbers])
    names = [point_name(results, one) for one in numbers]
    ticks = [name_on_hours(results, one) for one in numbers]
    hours = np.array([points.hours_of(results, one) for one in numbers])
    rises = bool(np.all(np.isfinite(hours)) and np.all(np.diff(hours) > 0))
    at = hours if rises else np.arange(len(numbers), dtype=float)

    def compose(figure: Figure) -> None:
        replies, kept = beside(figure, 2)
        _band(replies, at, table, "p90", ORANGE)
        _band(replies, at, table, "median", BLUE)
        replies.set_ylabel(say("hours to an answer, of those answered"))
        replies.set_title(fill(_said_of_replies(results, numbers, table), 42), fontsize=10.5)
        _band(kept, at, table, "net_renewals", GREEN)
        kept.axhline(0, color=INK, lw=0.8)
        kept.set_ylabel(say("contracts renewed that zero hours would lose"))
        kept.set_title(fill(_said_of_renewals(table, names), 42), fontsize=10.5)
        replies.set_ylim(bottom=0)
        ends = [
            *_end(at, table, "p90", End(say("nine in ten\nwithin"), ORANGE, 0.0, 0.0, ink="#8A6000")),
            *_end(at, table, "median", End(say("half within"), BLUE, 0.0, 0.0)),
        ]
        name_lines(replies, ends, LEAST_APART * replies.get_ylim()[1], fontsize=9)
        for axes in (replies, kept):
            axes.set_xticks(at, ticks, rotation=0 if max(map(len, ticks)) < 6 else 30, ha="center")
            axes.set_xlabel(say("hours per week") if ticks != names else "")
            axes.margins(x=0.2 if axes is replies else 0.06)
        note(replies, say("customers' questions and complaints, at {level}", level=names[-1]))
        note(kept, say("over the horizon; bands: {confidence} interval of the mean", confidence=confidence()))

    return drawn(compose, width=9.5, height=4.4, plots=4.6)


def _estimates(frame: pd.DataFrame) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, column in COLUMNS.items():
        row |= spread(name, mean(sample(frame, column)))
    return row


def _band(axes: Axes, at: np.ndarray, table: pd.DataFrame, name: str, colour: str) -> None:
    low, high = table[f"{name}_low"].to_numpy(dtype=float), table[f"{name}_high"].to_numpy(dtype=float)
    middle = table[name].to_numpy(dtype=float)
    axes.fill_between(at, low, high, color=colour, alpha=0.2, lw=0)
    axes.plot(at, middle, color=colour, marker="o", ms=4)
    if len(at) == 1 and np.isfinite(low[0]):
        axes.errorbar(at, middle, yerr=[middle - low, high - middle], fmt="none", ecolor=colour, capsize=4)


def _end(at: np.ndarray, table: pd.DataFrame, name: str, named: End) -> Iterator[End]:
    """Place the name of a line at the last of its values that there is, if any."""
    middle = table[name].to_numpy(dtype=float)
    for last in np.flatnonzero(np.isfinite(middle))[-1:]:
        yield replace(named, at=float(at[last]), value=float(middle[last]))


def _said_of_replies(results: Results, numbers: list[int], table: pd.DataFrame) -> str:
    known = table["p90"].dropna()
    if known.empty:
        return say("Nobody is answered")
    service = results.table("service")
    shown = service[service["point"] == numbers[int(known.index[-1])]]
    share = percent(ratio(shown["answered"].sum(), shown["messages"].sum()))
    hours = number(known.iloc[-1], 0)
    return say("{share} of customers' messages are answered, nine in ten of these within {hours} h", share=share, hours=hours)


def _said_of_renewals(table: pd.DataFrame, names: list[str]) -> str:
    best = int(table["net_renewals"].to_numpy().argmax())
    row, at = table.iloc[best], names[best]
    if row["net_renewals_high"] < 0:
        contracts = number(-row["net_renewals"])
        return say("Every level loses customers: {contracts} contracts at {level}", contracts=contracts, level=at)
    if not row["net_renewals_low"] > 0:
        return say("No level is shown to keep more customers")
    return say("{contracts} contracts more are kept at {level}", contracts=number(row["net_renewals"]), level=at)


QUESTION = Question(
    number=10,
    name="customers",
    asked=later("Does it keep our customers?"),
    reading=later(
        "Contracts renewed with these hours and without, at the same customers on the same draws. Customers"
        " who are answered in time trust more and stay; a complaint left unanswered in public costs more than"
        " one that was never made in public. Of those who are answered, half are within the median time, nine"
        " in ten within the 90th percentile. What contracts left at the end may still earn is shown apart: it"
        " is in no net return."
    ),
    tables=tables,
    draw=draw,
)
