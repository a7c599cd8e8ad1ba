"""The tables of questions 7, 9, 10 and 11: what is made of the hours. As data, and as people read them."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.analysis import customers, limits, mixes, reviews, work
from sim.experiment.results import Results
from sim.report import names
from sim.report.cells import Table, dash, from_to, said_hours, waited, with_interval
from sim.report.language import decimal, later, say
from sim.report.words import in_words, level, money, number, percent
from sim.scenario.schema import KINDS

MEANING = later("what lifting it means")


def mixes_shown(results: Results) -> pd.DataFrame:
    """Question 7's table as people read it: raw / adapted / original in each cell."""
    table = mixes.table(results)

    def of_kinds(row: "pd.Series[Any]", name: str, said: Callable[[float], str]) -> str:
        return " / ".join(said(row[f"{kind}_{name}"]) for kind in KINDS)

    columns: dict[str, tuple[str, Callable[[float], str]]] = {
        say("asked for, in %"): ("share_asked", lambda one: decimal(100 * one)),
        say("made, in %"): ("share_made", lambda one: dash(one, lambda part: decimal(100 * part))),
        say("minutes a piece"): ("hours_a_piece", lambda one: dash(one, lambda part: decimal(60 * part))),
        say("published a month"): ("per_month", number),
        say("engagements a piece"): ("engagements_a_piece", lambda one: dash(one, lambda part: number(part, 2))),
    }
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [level(one) for one in table["label"]],
            **{head: [of_kinds(row, name, said) for row in rows] for head, (name, said) in columns.items()},
            say("conversations a month"): [number(one) for one in table["conversations_per_month"]],
            say("net margin an hour"): [with_interval(row, "net_margin_per_hour", money) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
        }
    )


def service_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 10's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [level(one) for one in table["label"]],
            say("segment"): [say(names.ALL_SEGMENTS) if one == customers.ALL else one for one in table["segment"]],
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
    """Messages by kind, as people read it."""
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


def hours_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Where the hours go, as people read it, with their sum."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("activity"): [*(in_words(one) for one in table["activity"]), say("together")],
            say("hours a week"): [
                *(with_interval(row, "hours_per_week", lambda one: number(one, 2)) for row in rows),
                number(table["hours_per_week"].sum(), 2),
            ],
            say("share"): [
                *(dash(one, lambda part: percent(part, 1)) for one in table["share"]),
                dash(table["share"].sum(), percent),
            ],
        }
    )


def drafts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Where drafts wait, as people read it."""
    return pd.DataFrame(
        {
            say("stage"): [in_words(one) for one in table["stage"]],
            say("entered a month"): [number(one) for one in table["entered_per_month"]],
            say("mean wait"): [dash(one, said_hours) for one in table["wait_hours"]],
            say("nine in ten within"): [dash(one, said_hours) for one in table["wait_hours_p90"]],
            say("drafts in it, on average"): [with_interval(row, "mean_number", number) for _, row in table.iterrows()],
            say("still in it at the end"): [number(one) for one in table["waiting_at_end"]],
        }
    )


def limits_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What lifting each limit alone gains, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [level(one) for one in table["label"]],
            say("limit lifted"): [in_words(one) for one in table["limit"]],
            say("net deals gained"): [with_interval(row, "net_deals_gain", lambda one: number(one, 2)) for row in rows],
            say("net return gained"): [with_interval(row, "net_return_gain", money) for row in rows],
            "": [say("binds") if row["binds"] else "" for row in rows],
            say(MEANING): [say(one) for one in table["meaning"]],
        }
    )


def reviews_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 9's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    shown = pd.DataFrame(
        {
            say("case"): [level(one) for one in table["label"]],
            say("worlds cut to the floor"): [with_interval(row, "cut_to_floor", percent) for row in rows],
            say("hours a week at the end"): [
                f"{number(row['hours_at_end'])} ({from_to(number(row['hours_at_end_low']), number(row['hours_at_end_high']))})"
                for row in rows
            ],
            say("worlds that end under 10 hours"): [with_interval(row, "under_ten", percent) for row in rows],
            say("measured return"): [with_interval(row, "measured_return", lambda one: number(one, 2)) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
        }
    )
    if "against_fixed" in table:
        shown[say("against hours that nobody reviews")] = [with_interval(row, "against_fixed", money) for row in rows]
    return shown


def contrasts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What each factor of the factorial changes, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "": [_change(row) for row in rows],
            say("worlds cut to the floor, of 100"): [
                with_interval(row, "cut_to_floor", lambda one: number(100 * one, 0)) for row in rows
            ],
            say("hours a week at the end"): [with_interval(row, "hours_at_end", number) for row in rows],
            say("net return"): [with_interval(row, "net_return", money) for row in rows],
            say("called"): [say(names.FACTORS_SHOW[one]) for one in table["factor"]],
        }
    )


def _change(row: "pd.Series[Any]") -> str:
    return say("{factor}: {value} instead of {usual}",
        factor=say(names.FACTORS[row["factor"]]), value=say(names.FACTOR_VALUES[row["to"]]),
        usual=say(names.FACTOR_VALUES[row["from"]]),
    )  # fmt: skip


def of_reviews(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Question 9."""
    table, factors = reviews.table(results), reviews.contrasts(results)
    caption = say("Hours at the end: mean, and those of eight in ten worlds.")
    found = [Table("", caption, table.drop(columns="point"), reviews_shown(table))]
    if len(factors):
        caption = say("What each factor changes, a mean over the others, paired by world.")
        found.append(Table("contrasts", caption, factors, contrasts_shown(factors)))
    return found


def of_mixes(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Question 7."""
    caption = say("Cells with three values: passed on as it is / reworked / made from scratch.")
    return [Table("", caption, mixes.table(results).drop(columns="point"), mixes_shown(results))]


def of_service(results: Results, point: int) -> list[Table]:
    """Question 10."""
    table, replies = customers.by_segment(results), customers.replies(results, point)
    caption = say(
        "Conversations by kind at {level}; outreach, spam and crises are not asked by people who wait.",
        level=level(results.labels[point]),
    )
    return [
        Table("", "", table.drop(columns="point"), service_shown(table)),
        Table("replies", caption, replies, replies_shown(replies)),
    ]


def of_work(results: Results, point: int) -> list[Table]:
    """Question 11."""
    hours, drafts = work.hours(results, point), work.drafts(results, point)
    found = [
        Table("", say("Hours of a mean week, closed weeks included."), hours, hours_shown(hours)),
        Table("drafts", say("Drafts on their way to the channels."), drafts, drafts_shown(drafts)),
    ]
    if limits.has_lifted(results):
        table = limits.table(results)
        caption = say(
            "What lifting one limit alone gains at {level}; every level is in the CSV.", level=level(results.labels[point])
        )
        found.append(Table("limits", caption, table.drop(columns="point"), limits_shown(table[table["point"] == point])))
    return found
