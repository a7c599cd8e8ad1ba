"""Question 1 at a terminal: how many hours to fund, the levels, and which limit binds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis import levels, limits, next_money
from sim.experiment.results import Results
from sim.report.answers import advice, one_page, one_page_numbers, precision
from sim.report.answers import next_money as money_in_words
from sim.report.answers.base import Answer, Part, TextTable
from sim.report.text import company, words
from sim.report.text.cells import from_to
from sim.report.text.translation import say


@dataclass(frozen=True)
class HoursToFund(Answer):
    """The number of hours to fund; with how precise that is, if precision was asked for."""

    results: Results
    with_precision: bool = False

    @property
    def is_of_precision(self) -> bool:
        """Tell whether to say how precise the answer is."""
        return self.with_precision or self.results.manifest["target"] is not None

    def sentences(self) -> Iterable[str]:
        """Say the answer in five sentences, of which company, and how precise it is."""
        said = advice.headline(self.results)
        yield from said.sentences
        read_back = company.read_back(self.results, said.point)
        if read_back:
            yield read_back
        if self.is_of_precision:
            yield from precision.sentences(self.results)

    def parts(self) -> Iterable[Part]:
        """Put the answer on one page; then how precise it is, the levels, and what further money is better spent on."""
        yield from one_page.parts(self.results, advice.headline(self.results))
        told = list(precision.sentences(self.results)) if self.is_of_precision else []
        tables = list(self.tables())
        if told or tables:
            yield Part(say("What the answer rests on"), told, tables)
        if next_money.has_steps(self.results):
            yield money_in_words.part(self.results)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per level, if there are several, and a row per limit that was lifted."""
        rows = levels.table(self.results)
        if len(rows) > 1:
            note = say(
                "Amounts in {currency}, after run-off. Intervals ({confidence}) are of the mean: the luck of the draw, which"
                " more worlds narrow. Expected net deals weigh every purchase by its chances; realised ones are"
                " counted, so they"
                " hold the luck of what is won.",
                currency=self.results.currency,
                confidence=words.confidence(),
            )
            yield TextTable(_level_rows(self.results, rows), (note,))
        if limits.has_lifted(self.results):
            yield _limits(self.results)

    def to_dict(self) -> dict[str, Any]:
        """Give the answer, the numbers of the one page, the levels, and what else was asked for."""
        said = advice.headline(self.results)
        content = {
            "name": self.results.manifest["name"],
            "currency": self.results.currency,
            "answer": said.sentences,
            "stop": one_page.is_stop(self.results, said),
            "trial": words.is_trial(self.results),
            "advice": advice.content(self.results),
            "level": self.results.labels[said.point] if advice.is_single(self.results) else None,
            "spoken_of": self.results.labels[said.point],
            "baseline": company.as_dict(self.results, said.point),
            "week": one_page_numbers.week(self.results, said.point),
            "money": one_page_numbers.money(self.results, said.point),
            "decision": one_page_numbers.decision(self.results),
            "stages": one_page_numbers.stages(self.results),
            **one_page_numbers.warnings(self.results),
            "levels": levels.table(self.results).to_dict("records"),
        }
        if self.is_of_precision:
            content["precision"] = precision.rows(self.results)
        if limits.has_lifted(self.results):
            content["limits"] = limits.table(self.results).to_dict("records")
        if next_money.has_steps(self.results):
            content["next_money"] = money_in_words.content(self.results)
        return content


def _level_rows(results: Results, table: pd.DataFrame) -> list[tuple[str, ...]]:
    def returned(row: Any) -> str:
        middle, low, high = (words.money(row[name]) for name in ("net_return", "net_return_low", "net_return_high"))
        return f"{middle} ({from_to(low, high)})" if math.isfinite(row["net_return_low"]) else middle

    return [
        (
            say("level"),
            say("cost"),
            say("net deals, expected"),
            say("net deals, realised"),
            say("net return (interval)"),
            say("worlds in which it pays"),
            say("sales begun on social"),
            say("return of added hours"),
        ),
        *(
            (
                words.point_name(results, row["point"]),
                words.money(row["cost"]),
                words.number(row["net_deals"]),
                words.number(row["net_deals_realised"]),
                returned(row),
                words.percent(row["pays_share"]),
                words.percent(row["begun_on_social_share"], 1),
                words.number(row["step"], 2) if math.isfinite(row["step"]) else "-",
            )
            for _, row in table.iterrows()
        ),
    ]


def _limits(results: Results) -> TextTable:
    """Show what lifting each limit alone gains, and which one binds."""
    from sim.report.questions import q11_work  # noqa: PLC0415  # figures are heavy, and few lift a limit

    table = q11_work.limits_shown(results, limits.table(results)).drop(columns=say(q11_work.MEANING))
    notes = [
        say(
            "Gains over the same level with every limit in place, in {currency}. Intervals ({confidence}) are of the mean,"
            " paired by world: the luck of the draw, which more worlds narrow.",
            currency=results.currency,
            confidence=words.confidence(),
        )
    ]
    for point, limit in limits.binding(results).items():
        level = words.point_name(results, point)
        if limit:
            notes.append(say("At {level}, {limit} binds.", level=level, limit=words.in_words(limit)))
        else:
            notes.append(say("At {level}, no gain can be told from zero.", level=level))
    return TextTable([tuple(table.columns), *table.itertuples(index=False, name=None)], notes, left=2)
