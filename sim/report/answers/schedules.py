"""The best schedule of hours in words and tables: how many hours per week over time, against the best constant level."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.analysis import schedules
from sim.analysis.schedules import Best
from sim.experiment.integrity import SCHEDULE
from sim.experiment.results import Results
from sim.experiment.schedules import FIXED
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import from_to
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, hours_a_week, money, percent


@dataclass(frozen=True)
class BestSchedule(Answer):
    """The best hours over time, and what they return more than the best constant level."""

    results: Results

    @cached_property
    def _table(self) -> pd.DataFrame:
        return schedules.table(self.results)

    @cached_property
    def _best(self) -> Best:
        return schedules.best(self.results)

    def sentences(self) -> Iterable[str]:
        """Say the best schedule, and what it gains."""
        return _sentences(self.results, self._table, self._best)

    def tables(self) -> Iterable[TextTable]:
        """Show all schedules, and hours by quarter of the best one."""
        note = say(
            "Amounts in {currency}, after run-off. Intervals ({confidence}) are of the mean: the luck of the draw, which more"
            " worlds narrow.",
            currency=self.results.currency,
            confidence=confidence(),
        )
        yield TextTable([*_rows(self._table)], (note,))
        yield TextTable([*_by_quarter(self.results)])

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return {
            "answer": list(self.sentences()),
            "schedules": self._table.to_dict("records"),
            "best": asdict(self._best),
            "hours_by_quarter": schedules.hours_by_quarter(self.results).to_dict("records"),
        }


def _sentences(results: Results, table: pd.DataFrame, best: Best) -> Iterator[str]:
    currency = results.currency
    constant = table[table["point"] == best.constant].iloc[0]
    if best.schedule is None:
        yield say("No ramp reached the final stage: give more --trials.")
        return
    found = table[table["point"] == best.schedule].iloc[0]
    values = {
        "schedule": _named(found),
        "net_return": money(found["net_return"], currency),
        "level": hours_a_week(constant["to_hours"]),
        "gain": money(best.gain.value, currency),
        "confidence": confidence(),
        "low": money(best.gain.low),
        "high": money(best.gain.high, currency),
        "worlds": decimal(int(results.manifest["replications"])),
    }
    if best.gain.says_nothing():
        yield say(
            "No schedule can be told from constant hours. The best one tried, {schedule}, differs by {gain} from {level}"
            " throughout, the best constant level ({confidence} interval {low} to {high}, by the luck of the draw).",
            **values,
        )
    elif best.gain.value < 0.0:
        yield say(
            "Keep hours constant, at {level}: the best schedule tried, {schedule}, returns {gain} against it ({confidence}"
            " interval {low} to {high}, by the luck of the draw).",
            **values,
        )
    else:
        yield say(
            "Best hours over time: {schedule}. They return {net_return} beyond cost, {gain} more than {level} throughout, the"
            " best constant level ({confidence} interval {low} to {high}, by the luck of the draw).",
            **values,
        )
    message = (
        later("The schedule costs {spent}, {saved} less than the constant level.")
        if best.saved.value >= 0.0
        else later("The schedule costs {spent}, {saved} more than the constant level.")
    )
    yield say(message, spent=money(found["spent"], currency), saved=money(abs(best.saved.value), currency))
    yield say(
        "Both are the best of those that met in {worlds} worlds which the search never saw, with the numbers of the scenario"
        " taken as true. The schedule that returned most is {file}, a scenario that can be run.",
        worlds=values["worlds"],
        file=SCHEDULE,
    )


def _named(row: "pd.Series[Any]") -> str:
    if row["kind"] == FIXED:
        return hours_a_week(row["to_hours"])
    return say(
        "{first} to {last} h/week within {weeks} weeks",
        first=shortest(row["from_hours"]),
        last=shortest(row["to_hours"]),
        weeks=decimal(row["weeks"]),
    )


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    yield (say("hours over time"), say("net return"), say("interval"), say("spent"), say("chance of best"))
    for _, row in table.iterrows():
        yield (
            _named(row),
            money(row["net_return"]),
            from_to(money(row["net_return_low"]), money(row["net_return_high"])),
            money(row["spent"]),
            percent(row["chance_of_best"]) if math.isfinite(row["chance_of_best"]) else "-",
        )


def _by_quarter(results: Results) -> Iterator[tuple[str, ...]]:
    """Yield hours per week by quarter."""
    frame = schedules.hours_by_quarter(results)
    has_schedule = "schedule" in frame
    yield (say("quarter"), *([say("best schedule, h/week")] if has_schedule else []), say("best constant, h/week"))
    for _, row in frame.iterrows():
        named = [decimal(row["schedule"], 1)] if has_schedule else []
        yield (decimal(row["quarter"]), *named, decimal(row["constant"], 1))
