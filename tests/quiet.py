"""Worlds in which one mechanism is at work and nothing else, for tests against known answers."""

from typing import Any

from sim.model.record import Table
from sim.scenario.schema import ACTIVITIES, Scenario
from tests.worlds import ALWAYS_ON, Only, scenario

# nobody buys, nobody writes, nothing happens outside
QUIET: dict[str, Any] = {
    "market": {"accounts": 1, "customers": 0, "segments": {"all": {"needs_per_year": 0.0}}},
    "weak_signals": {"trends_per_year": 0.0, "moves_per_year": 0.0},
    "outside": {"questions_per_week": 0.0, "spam_per_week": 0.0},
    "crises": {"per_year": 0.0, "per_unanswered_complaint": 0.0},
    "measurement": {"report_minutes": 0.0},
}
ALL_DAYS: dict[str, Any] = {"calendar": {"weekdays": [0, 1, 2, 3, 4, 5, 6], "closed_weeks": [], "holidays": []}}


def only(**shares: float) -> dict[str, float]:
    """A split of the hours over these activities alone."""
    return dict.fromkeys(ACTIVITIES, 0.0) | shares


def quiet(*layers: dict[str, Any], **changes: Any) -> Scenario:
    """A scenario in which nothing happens but what the changes bring."""
    document = QUIET
    for layer in (*layers, changes):
        document = layered(document, layer)
    return scenario(**document)


def layered(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """One layer of changes on another; a collection that replaces another still does."""
    result = Only(below) if isinstance(below, Only) else dict(below)
    for name, change in above.items():
        known = result.get(name)
        merges = isinstance(change, dict) and not isinstance(change, Only) and isinstance(known, dict)
        result[name] = layered(known, change) if merges else change
    return result


def always_on(*layers: dict[str, Any], **changes: Any) -> Scenario:
    """The same with one person who never leaves, without switching time."""
    return quiet(ALWAYS_ON, *layers, **changes)


def column(table: Table, name: str) -> list[Any]:
    """One column of a table of the record."""
    where = table.columns.index(name)
    return [row[where] for row in table.rows]
