"""Estimates of parameters from an export, in words, as a table, and for programs."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.calibrate.estimates import Estimate, Findings
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.remarks import remarks
from sim.report.text.cells import from_to
from sim.report.text.remarks import in_language
from sim.report.text.translation import decimal, say
from sim.report.text.words import confidence, percent, short

SHARE = "share"
FROM_SOME = 1000.0  # amounts from which on decimals say nothing


def sentences(found: Findings) -> Iterator[str]:
    """Say what must be said of the estimates, and what was left out or handled."""
    yield from map(in_language, found.remarks)
    yield from remarks(found.export)


def rows(found: Findings) -> Iterator[tuple[str, ...]]:
    """Yield a row per parameter."""
    interval = say("{confidence} interval", confidence=confidence())
    yield (say("parameter"), say("value"), interval, say("unit"), say("based on"))
    for one in found.estimates:
        value, low, high = (_said(one, number) for number in (one.value, one.low, one.high))
        yield (one.path, value, from_to(low, high), "" if one.unit == SHARE else say(one.unit), in_language(one.of))


def _said(one: Estimate, number: float) -> str:
    if one.unit == SHARE:
        return percent(number, 1)
    return decimal(number) if number >= FROM_SOME and math.isfinite(number) else short(number)


def content(found: Findings) -> dict[str, Any]:
    """Return everything, for programs; shares are of 1."""
    return {
        "estimates": [
            {"path": one.path, "value": one.value, "low": one.low, "high": one.high, "unit": one.unit, "from": one.of}
            for one in found.estimates
        ],
        "rows": found.export.rows,
        "left_out": [{"reason": one.reason, "count": one.count} for one in found.export.left_out],
        "notes": [*found.remarks, *found.export.notes],
    }


@dataclass(frozen=True)
class Estimates(Answer):
    """The estimates of parameters from an export."""

    found: Findings

    def sentences(self) -> Iterable[str]:
        """Say nothing: the table is the answer."""
        return ()

    def tables(self) -> Iterable[TextTable]:
        """Show a row per parameter, then what was left out or handled."""
        reading = say("The intervals are ignorance: what so few rows leave unknown. More rows narrow them.")
        return (TextTable([*rows(self.found)], (reading, "", *sentences(self.found))),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.found)
