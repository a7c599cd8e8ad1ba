"""Decisions and givens told apart: advice over decisions alone, for each value of what is not the company's to choose."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis import levels, parameters, points
from sim.analysis.frames import Frame
from sim.experiment.designs import CASE
from sim.experiment.results import Results
from sim.scenario.fields import CHOSEN_ENTRIES, DECISION, kind_of


@dataclass(frozen=True)
class Context:
    """Points that share everything that cannot be chosen, and the settings of this; none, if it is the same at all points."""

    settings: dict[str, Any]
    points: tuple[int, ...]


@dataclass(frozen=True)
class Advice:
    """The advice in one context: its levels, as rows of the table of question 1, and the choice among them."""

    context: Context
    rows: Frame
    choice: levels.Choice

    @property
    def row(self) -> "pd.Series[Any]":
        """The level that is advised."""
        return self.rows.iloc[self.choice.advised]

    @property
    def is_choice(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self.rows) > 1

    @property
    def is_stop(self) -> bool:
        """Whether no level is shown to pay, as far as there are worlds enough to tell."""
        return bool(self.row["net_return_low"] <= 0.0)

    @property
    def is_sure(self) -> bool:
        """Whether the level advised is shown to pay."""
        return bool(self.row["net_return_low"] > 0.0)


def is_decision(path: str) -> bool:
    """Return whether the value at a path of a scenario is a decision; a case is none by itself."""
    return kind_of(path) == DECISION


def contexts(results: Results) -> list[Context]:
    """Group the points by all that cannot be chosen and sets them apart, in their order; without lifted limits."""
    numbers = points.as_they_are(results)
    documents = [results.manifest["points"][number]["scenario"] for number in numbers]
    fixed = [path for path in parameters.differing_among(documents) if not _is_chosen(path, documents)]
    groups: dict[str, list[int]] = {}
    for number, document in zip(numbers, documents, strict=True):
        groups.setdefault(json.dumps([parameters.value_at(document, path) for path in fixed]), []).append(number)
    return [Context(_settings(results, those[0], fixed) if len(groups) > 1 else {}, tuple(those)) for those in groups.values()]


def _is_chosen(path: str, documents: list[parameters.Document]) -> bool:
    """Return whether it is a decision that scenarios differ at a path: by its kind, or as an entry is there or not."""
    if is_decision(path):
        return True
    for entries in CHOSEN_ENTRIES:
        if path.startswith(f"{entries}."):
            name = ".".join(path.split(".")[: entries.count(".") + 2])
            return any(parameters.value_at(document, name) is None for document in documents)
    return False


def _settings(results: Results, point: int, fixed: list[str]) -> dict[str, Any]:
    """Return the settings of a point that cannot be chosen; the name of its case, if more than these differs between cases."""
    settings = points.settings(results, point)
    found = {path: value for path, value in settings.items() if path not in parameters.LABELS and not is_decision(path)}
    named = tuple(f"{path}." for path in found)
    others = [path for path in fixed if path not in found and not path.startswith(named)]
    return found | {CASE: settings[CASE]} if others and CASE in settings else found


def chosen(results: Results, point: int, context: Context) -> dict[str, Any]:
    """Return the settings of a point that are decisions; a case counts as one where nothing but decisions sets cases apart."""
    return {path: value for path, value in points.settings(results, point).items() if path not in context.settings}


def advice(results: Results) -> list[Advice]:
    """Advise a level in each context."""
    table = levels.table(results)
    given = contexts(results)
    rows = [table[table["point"].isin(one.points)].reset_index(drop=True) for one in given]
    return [Advice(*one) for one in zip(given, rows, levels.choices(results, rows), strict=True)]


def reported(of_contexts: list[Advice]) -> Advice:
    """Return the advice that is spoken of where there is room for one: that of the context in the middle."""
    return of_contexts[(len(of_contexts) - 1) // 2]
