"""Question 12 in words: which guesses change the answer."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sim.experiment.results import Results
from sim.experiment.sensitivity import Index
from sim.report import tornado
from sim.report.words import CONFIDENCE_TEXT, money, number, percent

TOO_WIDE = 0.2  # half an interval of an index that is between 0 and 1


def sentences(results: Results, weighed: Sequence[Index]) -> Iterator[str]:
    """The answer: what moves net return most, and what would change the hours to fund."""
    table = tornado.tornado(results)
    first = table.iloc[0]
    yield (
        f"At {first['usual_hours']:g} hours a week, {first['input']} moves net return most:"
        f" {money(first['low_change'], results.currency)} at {first['low_value']:g},"
        f" {money(first['high_change'], results.currency)} at {first['high_value']:g}."
    )
    changing = table[table["changes_level"]]
    if len(changing):
        named = ", ".join(_turning(row) for _, row in changing.iterrows())
        yield f"{len(changing)} of {len(table)} inputs change the hours to fund, {hours(first['hours'])} as it is: {named}."
    else:
        kept = f"changes the hours to fund, {hours(first['hours'])}" if first["hours"] else "makes the hours sure to pay"
        yield f"None of them {kept}."
    if weighed and weighed[0].total_half_width > TOO_WIDE:
        yield "The Sobol' indices are too uncertain to go by; take more --samples."
    elif weighed:
        yield (
            f"Of the variance over all their ranges, {weighed[0].path} explains {percent(weighed[0].first)} alone and"
            f" {percent(weighed[0].total)} with what it works with."
        )


def hours(level: float) -> str:
    """Hours to fund, in words."""
    return f"{level:g}" if level else "none"


def _turning(row: "pd.Series[Any]") -> str:
    ends = (f"at {row[f'{end}_value']:g}: {hours(row[f'{end}_hours'])}" for end in ("low", "high"))
    return f"{row['input']} ({', '.join(ends)})"


def rows(results: Results, weighed: Sequence[Index]) -> Iterator[tuple[str, ...]]:
    """The tornado as a table for a terminal, with the indices where they were taken."""
    indices = {one.path: one for one in weighed}
    head = ("input", "low", "high", "at low", "at high", "fund at low", "fund at high", "changes it")
    yield (*head, "alone", "in all") if weighed else head
    for _, row in tornado.tornado(results).iterrows():
        cells = (
            str(row["input"]),
            f"{row['low_value']:g}",
            f"{row['high_value']:g}",
            *(money(row[f"{end}_change"]) for end in ("low", "high")),
            *(hours(row[f"{end}_hours"]) for end in ("low", "high")),
            "yes" if row["changes_level"] else "no",
        )
        if weighed:
            one = indices[str(row["input"])]
            cells += tuple(
                f"{number(value, 2)} +-{number(half, 2)}"
                for value, half in ((one.first, one.first_half_width), (one.total, one.total_half_width))
            )
        yield cells


def legend(results: Results) -> str:
    """How to read the table."""
    return (
        f"change of net return in {results.currency}, hours a week to fund; alone, in all: Sobol' indices, +- half of their"
        f" {CONFIDENCE_TEXT} interval"
    )
