"""Question 1 at a terminal: how many hours to fund, the levels, and which limit binds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis import levels, limits
from sim.experiment.results import Results
from sim.report import precision, words
from sim.report.answers.base import Answer, TextTable


@dataclass(frozen=True)
class HoursToFund(Answer):
    """How many hours to fund; with how precise that is, if precision was asked for."""

    results: Results
    with_precision: bool = False

    @property
    def is_of_precision(self) -> bool:
        """Whether to say how precise the answer is."""
        return self.with_precision or self.results.manifest["target"] is not None

    def sentences(self) -> Iterable[str]:
        """Say the answer in five sentences, and how precise it is."""
        said = words.headline(self.results).sentences
        return (*said, *precision.sentences(self.results)) if self.is_of_precision else said

    def tables(self) -> Iterable[TextTable]:
        """A row per level, if there are several; a row per limit that was lifted."""
        rows = levels.table(self.results)
        if len(rows) > 1:
            note = f"amounts in {self.results.currency}, after run-off; interval {words.CONFIDENCE_TEXT}"
            yield TextTable(_level_rows(rows), (note,))
        if limits.has_lifted(self.results):
            yield _limits(self.results)

    def to_dict(self) -> dict[str, Any]:
        """Give the answer, the levels, and what else was asked for."""
        said = words.headline(self.results)
        content = {
            "name": self.results.manifest["name"],
            "answer": said.sentences,
            "stop": said.is_stop,
            "levels": levels.table(self.results).to_dict("records"),
        }
        if self.is_of_precision:
            content["precision"] = precision.rows(self.results)
        if limits.has_lifted(self.results):
            content["limits"] = limits.table(self.results).to_dict("records")
        return content


def _level_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    def returned(row: Any) -> str:
        middle, low, high = (words.money(row[name]) for name in ("net_return", "net_return_low", "net_return_high"))
        return f"{middle} ({low} to {high})"

    return [
        ("level", "cost", "net deals", "net return (interval)", "pays in", "begun on social", "return of added hours"),
        *(
            (
                str(row["label"]),
                words.money(row["cost"]),
                words.number(row["net_deals"]),
                returned(row),
                words.percent(row["pays_share"]),
                words.percent(row["begun_on_social_share"], 1),
                words.number(row["step"], 2) if math.isfinite(row["step"]) else "-",
            )
            for _, row in table.iterrows()
        ),
    ]


def _limits(results: Results) -> TextTable:
    """What lifting each limit alone gains, and which one binds."""
    from sim.report.questions import q11_work  # noqa: PLC0415  # figures are heavy, and few lift a limit

    table = q11_work.limits_shown(limits.table(results)).drop(columns=q11_work.MEANING)
    notes = [f"gains over the level as it is, in {results.currency}; interval {words.CONFIDENCE_TEXT}, paired by world"]
    for level, binding in limits.binding(results).items():
        notes.append(f"At {level}, {binding} binds." if binding else f"At {level}, no gain can be told from zero.")
    return TextTable([tuple(table.columns), *table.itertuples(index=False, name=None)], notes, left=2)
