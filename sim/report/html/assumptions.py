"""The numbers behind a report: which are the reader's own, which published, which assumed, and which matter most."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sim.experiment.results import Results
from sim.report.text.translation import later, say, shortest
from sim.report.text.words import money
from sim.scenario import Loaded, Scenario
from sim.scenario.describe import IN_THE_LIGHT_OF, Row, describe
from sim.scenario.merging import Origin
from sim.scenario.screening import assumed

MOST_SHOWN = 12
TAGS = {
    "yours": later("Set by the scenario"),
    "published": later("Published"),
    "assumed": later("Assumed"),
    "choice": later("Choices"),
}


def rows(results: Results, point: int) -> list[Row]:
    """List every value behind a point and its source; values that differ from the defaults are the scenario's own."""
    document = results.manifest["points"][point]["scenario"]
    scenario = Scenario.model_validate(document, strict=False)
    usual = dict(_leaves(_usual(scenario).document()))
    origins: dict[tuple[str | int, ...], Origin] = {
        path: Origin("the scenario") for path, value in _leaves(document) if usual.get(path) != value
    }
    return describe(Loaded(scenario, origins, {}))


def _usual(scenario: Scenario) -> Scenario:
    """Return the default scenario; if channels are of another year, with these channels as they are in that year."""
    if scenario.channels_year is None:
        return Scenario(name=scenario.name)
    channels: dict[str, Any] = {name: {} for name in scenario.channels}
    of_year = Scenario.model_validate({"name": scenario.name, "channels_year": scenario.channels_year, "channels": channels})
    return of_year.replace(channels_year=None)  # the year itself is the scenario's own


def _leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict) and data:
        for name, part in data.items():
            yield from _leaves(part, (*path, name))
    else:
        yield path, data


def counted(found: Sequence[Row]) -> str:
    """Count the values by source, in a sentence."""
    tags = [row.tag for row in found]
    return say(
        "Of {all} values {yours} are set by the scenario, {published} have a published source, {assumed} are assumed"
        " and {choices} are choices left as they are.",
        all=len(tags),
        yours=tags.count("yours"),
        published=tags.count("published"),
        assumed=tags.count("assumed"),
        choices=tags.count("choice"),
    )


def most_telling(found: Sequence[Row], currency: str) -> pd.DataFrame:
    """Return what was assumed for the reader, most important first."""
    first = [(row, effect) for row, effect in assumed(found) if effect][:MOST_SHOWN]
    return pd.DataFrame(
        {
            say("assumed for you"): [f"{row.path}: {say(row.description)}" for row, _ in first],
            say("value"): [_value(row, currency) for row, _ in first],
            say("may be"): [say("{low} to {high}", low=_rounded(row.low), high=_rounded(row.high)) for row, _ in first],
            say("moves net return by"): [money(effect) for _, effect in first if effect is not None],
            say("source"): [_source(row, say("none")) for row, _ in first],
        }
    )


def by_tag(found: Sequence[Row], currency: str) -> dict[str, pd.DataFrame]:
    """Group all values by source, each group in the order of the schema."""
    rows = {say(said): [row for row in found if row.tag == tag] for tag, said in TAGS.items()}
    return {said: _table(those, currency) for said, those in rows.items() if those}


def _table(found: Sequence[Row], currency: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("input"): [row.path for row in found],
            say("value"): [_value(row, currency) for row in found],
            say("source"): [_source(row, "–") for row in found],
            say("meaning"): [say(row.description) for row in found],
        }
    )


def _value(row: Row, currency: str) -> str:
    if row.value is None:
        return "–"
    if isinstance(row.value, bool):
        return say("yes") if row.value else say("no")
    if isinstance(row.value, list | tuple | dict):
        return ", ".join(map(str, row.value)) or "–"
    said = _number(row.value) if isinstance(row.value, int | float) else str(row.value)
    unit = say(row.unit).replace(say("currency"), currency).replace("1/", "per ")
    return f"{said} {unit}".strip()


def _source(row: Row, if_none: str) -> str:
    if row.tag == "yours":
        return "–"
    if row.tag == "assumed" and row.source:
        return say("in the light of: {source}", source=row.source.removeprefix(IN_THE_LIGHT_OF))
    return row.source or if_none


def _rounded(value: float | None) -> str:
    """Round an end of a range, whose third digit carries no information."""
    return "–" if value is None else shortest(float(f"{value:.2g}"))


def _number(value: float | None) -> str:
    return "–" if value is None else shortest(value)
