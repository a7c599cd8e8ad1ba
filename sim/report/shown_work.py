"""The tables of questions 7, 9, 10 and 11: what is made of the hours. As data, and as people read them."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.experiment.results import Results
from sim.report import ablation, mixes, review, service, work
from sim.report.cells import Table, dash, waited, with_interval
from sim.report.words import money, number, percent
from sim.scenario.schema import KINDS

MEANING = "what lifting it means"


def mixes_shown(results: Results) -> pd.DataFrame:
    """Question 7's table as people read it: raw / adapted / original in each cell."""
    table = mixes.mixes(results)

    def of_kinds(row: "pd.Series[Any]", name: str, said: Callable[[float], str]) -> str:
        return " / ".join(said(row[f"{kind}_{name}"]) for kind in KINDS)

    columns: dict[str, tuple[str, Callable[[float], str]]] = {
        "asked for, in %": ("share_asked", lambda one: f"{100 * one:.0f}"),
        "made, in %": ("share_made", lambda one: dash(one, lambda part: f"{100 * part:.0f}")),
        "minutes a piece": ("hours_a_piece", lambda one: dash(one, lambda part: f"{60 * part:.0f}")),
        "published a month": ("per_month", number),
        "engagements a piece": ("engagements_a_piece", lambda one: dash(one, lambda part: number(part, 2))),
    }
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "level": table["label"],
            **{head: [of_kinds(row, name, said) for row in rows] for head, (name, said) in columns.items()},
            "conversations a month": [number(one) for one in table["conversations_per_month"]],
            "net margin an hour": [with_interval(row, "net_margin_per_hour", money) for row in rows],
            "net return": [with_interval(row, "net_return", money) for row in rows],
        }
    )


def service_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 10's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "level": table["label"],
            "segment": table["segment"],
            "renewals": [number(one) for one in table["renewals"]],
            "without": [number(one) for one in table["twin_renewals"]],
            "difference": [with_interval(row, "net_renewals", lambda one: number(one, 2)) for row in rows],
            "money kept": [with_interval(row, "money_kept", money) for row in rows],
            "left at the end, not priced in": [with_interval(row, "value_ahead", money) for row in rows],
            "complaints answered in time": [dash(one, percent) for one in table["complaints_in_time_share"]],
            "median time to an answer": [with_interval(row, "reply_hours_median", waited) for row in rows],
            "nine in ten within": [with_interval(row, "reply_hours_p90", waited) for row in rows],
        }
    )


def replies_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Messages by kind, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "kind": table["kind"].str.replace("_", " "),
            "a year": [number(one) for one in table["messages_per_year"]],
            "answered in time": [dash(one, percent) for one in table["in_time_share"]],
            "median time to an answer": [with_interval(row, "reply_hours_median", waited) for row in rows],
            "nine in ten within": [with_interval(row, "reply_hours_p90", waited) for row in rows],
        }
    )


def hours_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Where the hours go, as people read it, with their sum."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "activity": [*(row["activity"].replace("_", " ") for row in rows), "together"],
            "hours a week": [
                *(with_interval(row, "hours_per_week", lambda one: number(one, 2)) for row in rows),
                number(table["hours_per_week"].sum(), 2),
            ],
            "share": [
                *(dash(one, lambda part: percent(part, 1)) for one in table["share"]),
                dash(table["share"].sum(), percent),
            ],
        }
    )


def drafts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Where drafts wait, as people read it."""
    return pd.DataFrame(
        {
            "stage": table["stage"],
            "entered a month": [number(one) for one in table["entered_per_month"]],
            "mean wait": [dash(one, work.said_hours) for one in table["wait_hours"]],
            "nine in ten within": [dash(one, work.said_hours) for one in table["wait_hours_p90"]],
            "drafts in it, on average": [with_interval(row, "mean_number", number) for _, row in table.iterrows()],
            "still in it at the end": [number(one) for one in table["waiting_at_end"]],
        }
    )


def limits_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What lifting each limit alone gains, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "level": table["label"],
            "limit lifted": table["limit"],
            "net deals gained": [with_interval(row, "net_deals_gain", lambda one: number(one, 2)) for row in rows],
            "net return gained": [with_interval(row, "net_return_gain", money) for row in rows],
            "": ["binds" if row["binds"] else "" for row in rows],
            MEANING: table["meaning"],
        }
    )


def reviews_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 9's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    shown = pd.DataFrame(
        {
            "case": table["label"],
            "worlds cut to the floor": [with_interval(row, "cut_to_floor", percent) for row in rows],
            "hours a week at the end": [
                f"{number(row['hours_at_end'])} ({number(row['hours_at_end_low'])} to {number(row['hours_at_end_high'])})"
                for row in rows
            ],
            "worlds that end under 10 hours": [with_interval(row, "under_ten", percent) for row in rows],
            "measured return": [with_interval(row, "measured_return", lambda one: number(one, 2)) for row in rows],
            "net return": [with_interval(row, "net_return", money) for row in rows],
        }
    )
    if "against_fixed" in table:
        shown["against hours that nobody reviews"] = [with_interval(row, "against_fixed", money) for row in rows]
    return shown


def contrasts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What each factor of the factorial changes, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "": [f"{row['factor']}: {row['to']} instead of {row['from']}" for row in rows],
            "worlds cut to the floor, of 100": [
                with_interval(row, "cut_to_floor", lambda one: number(100 * one, 0)) for row in rows
            ],
            "hours a week at the end": [with_interval(row, "hours_at_end", number) for row in rows],
            "net return": [with_interval(row, "net_return", money) for row in rows],
            "called": table["meaning"],
        }
    )


def of_reviews(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Question 9."""
    table, factors = review.reviews(results), review.contrasts(results)
    caption = "Hours at the end: mean, and those of eight in ten worlds."
    found = [Table("", caption, table.drop(columns="point"), reviews_shown(table))]
    if len(factors):
        caption = "What each factor changes, a mean over the others, paired by world."
        found.append(Table("contrasts", caption, factors, contrasts_shown(factors)))
    return found


def of_mixes(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Question 7."""
    caption = "Cells with three values: passed on as it is / reworked / made from scratch."
    return [Table("", caption, mixes.mixes(results).drop(columns="point"), mixes_shown(results))]


def of_service(results: Results, point: int) -> list[Table]:
    """Question 10."""
    table, replies = service.segments(results), service.replies(results, point)
    caption = f"Conversations by kind at {results.labels[point]}; outreach, spam and crises are not asked by people who wait."
    return [
        Table("", "", table.drop(columns="point"), service_shown(table)),
        Table("replies", caption, replies, replies_shown(replies)),
    ]


def of_work(results: Results, point: int) -> list[Table]:
    """Question 11."""
    hours, drafts = work.hours(results, point), work.drafts(results, point)
    found = [
        Table("", "Hours of a mean week, closed weeks included.", hours, hours_shown(hours)),
        Table("drafts", "Drafts on their way to the channels.", drafts, drafts_shown(drafts)),
    ]
    if ablation.has_lifted(results):
        table = ablation.limits(results)
        caption = f"What lifting one limit alone gains at {results.labels[point]}; every level is in the CSV."
        found.append(Table("limits", caption, table.drop(columns="point"), limits_shown(table[table["point"] == point])))
    return found
