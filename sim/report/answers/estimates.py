"""What an export tells of parameters, in words, as a table, and for programs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.calibrate.estimates import Estimate, Findings
from sim.report.answers.base import Answer, TextTable
from sim.report.words import CONFIDENCE_TEXT, percent

SHARE = "share"


def sentences(found: Findings) -> Iterator[str]:
    """What must be said of the estimates, and what was left out or handled."""
    yield from found.remarks
    yield from map(str, found.export.left_out)
    yield from found.export.notes


def rows(found: Findings) -> Iterator[tuple[str, ...]]:
    """A row a parameter."""
    yield ("parameter", "value", f"{CONFIDENCE_TEXT} interval", "unit", "from")
    for one in found.estimates:
        value, low, high = (_said(one, number) for number in (one.value, one.low, one.high))
        yield (one.path, value, f"{low} to {high}", "" if one.unit == SHARE else one.unit, one.of)


def _said(one: Estimate, number: float) -> str:
    return percent(number, 1) if one.unit == SHARE else f"{number:,.0f}" if number >= 1000.0 else f"{number:.3g}"


def content(found: Findings) -> dict[str, Any]:
    """Everything, for programs; shares are of 1."""
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
    """What an export tells of parameters."""

    found: Findings

    def sentences(self) -> Iterable[str]:
        """Nothing: the table is the answer."""
        return ()

    def tables(self) -> Iterable[TextTable]:
        """A row per parameter, then what was left out or handled."""
        return (TextTable([*rows(self.found)], ("", *sentences(self.found))),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.found)
