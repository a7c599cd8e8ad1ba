"""Question 12 in words: which guesses change the decision."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis import inputs
from sim.experiment.results import Results
from sim.experiment.sensitivity import Index, Screened
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import yes_or_no
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, is_trial, money, number, percent, trial

TOO_WIDE = 0.2  # half an interval of an index that is between 0 and 1


def sentences(results: Results, weighed: Sequence[Index]) -> Iterator[str]:
    """Say what moves the lead of the advised level most, and what changes the hours to fund; first, whether it is a trial."""
    if is_trial(results):
        yield trial(results)
    table = inputs.table(results)
    first = table.iloc[0]
    message = (
        later("With all guesses at their likely values, {hours} hours per week return {lead} more than the best other choice.")
        if first["lead"] >= 0.0
        else later(
            "With all guesses at their likely values, {hours} hours per week return {lead} less than the best other choice."
        )
    )
    yield say(message, hours=shortest(first["usual_hours"]), lead=money(abs(first["lead"]), results.currency))
    yield say(
        "{input} changes that most: to {low_lead} at {low_value}, and to {high_lead} at {high_value}.",
        input=first["input"],
        low_lead=money(first["low_lead"], results.currency),
        low_value=shortest(first["low_value"]),
        high_lead=money(first["high_lead"], results.currency),
        high_value=shortest(first["high_value"]),
    )
    changing = table[table["changes_level"]]
    if len(changing):
        named = ", ".join(_turning(row) for _, row in changing.iterrows())
        yield say(
            "{changing} of {inputs} inputs change the hours to fund, which are {hours} otherwise: {named}.",
            changing=decimal(len(changing)),
            inputs=decimal(len(table)),
            hours=hours(first["hours"]),
            named=named,
        )
    elif first["hours"]:
        yield say("None of them changes the hours to fund, {hours}.", hours=hours(first["hours"]))
    else:
        yield say("None of them is enough to show that the hours pay.")
    if weighed and weighed[0].total_half_width > TOO_WIDE:
        yield say("The Sobol' indices are too uncertain to rely on. Take more --samples.")
    elif weighed:
        yield say(
            "Of the variance of that lead over all that may be true, {input} explains {alone} alone and {in_all} with its"
            " interactions.",
            input=weighed[0].path,
            alone=percent(weighed[0].first),
            in_all=percent(weighed[0].total),
        )


def hours(level: float) -> str:
    """Say the hours to fund."""
    return shortest(level) if level else say("none")


def _turning(row: "pd.Series[Any]") -> str:
    return say(
        "{input} (at {low_value}: {low_hours}, at {high_value}: {high_hours})",
        input=row["input"],
        low_value=shortest(row["low_value"]),
        low_hours=hours(row["low_hours"]),
        high_value=shortest(row["high_value"]),
        high_hours=hours(row["high_hours"]),
    )


def rows(results: Results, weighed: Sequence[Index]) -> Iterator[tuple[str, ...]]:
    """Yield the tornado as a table for a terminal, with the indices where they were taken."""
    indices = {one.path: one for one in weighed}
    head = (
        say("input"), say("low"), say("high"), say("at low"), say("at high"), say("fund at low"), say("fund at high"),
        say("changes it"),
    )  # fmt: skip
    yield (*head, say("alone"), say("in all")) if weighed else head
    for _, row in inputs.table(results).iterrows():
        cells = (
            str(row["input"]),
            shortest(row["low_value"]),
            shortest(row["high_value"]),
            *(money(row[f"{end}_lead"]) for end in ("low", "high")),
            *(hours(row[f"{end}_hours"]) for end in ("low", "high")),
            yes_or_no(row["changes_level"]),
        )
        if weighed:
            one = indices[str(row["input"])]
            cells += tuple(
                f"{number(value, 2)} +-{number(half, 2)}"
                for value, half in ((one.first, one.first_half_width), (one.total, one.total_half_width))
            )
        yield cells


def legend(results: Results) -> str:
    """Say how to read the table."""
    return say(
        "At low and at high: by how much the advised level leads the best other choice, in {currency}; below zero another is"
        " better by that. Low and high are the 5th and 95th percentile of what a guess may be. Hours per week to fund. Alone,"
        " in all: Sobol' indices, +- half of their {confidence} interval: the luck of the draw, which more --samples narrow.",
        currency=results.currency,
        confidence=confidence(),
    )


@dataclass(frozen=True)
class Sensitivities(Answer):
    """The inputs that change the answer; with what a screening and indices say of them, if these were computed."""

    results: Results
    screened: Sequence[Screened] = ()
    weighed: Sequence[Index] = ()

    def sentences(self) -> Iterable[str]:
        """Say what moves the lead of the advised level most, and what would change the hours to fund."""
        return sentences(self.results, self.weighed)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per input, the one that changes the decision most first."""
        return (TextTable([*rows(self.results, self.weighed)], (legend(self.results),)),)

    def to_dict(self) -> dict[str, Any]:
        """Give the tornado, the screening and the indices."""
        return {
            "trial": is_trial(self.results),
            "worlds": int(self.results.manifest["replications"]),
            "tornado": inputs.table(self.results).to_dict("records"),
            "morris": inputs.screened_frame(self.screened).to_dict("records"),
            "sobol": inputs.indices_frame(self.weighed).to_dict("records"),
        }
