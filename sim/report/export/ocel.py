"""A world as an object-centric event log: OCEL 2.0, as JSON and as a database of SQLite (ocel-standard.org)."""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sim.measures.events.log import Log, Relation, Value
from sim.report.export.moments import Moments

UNCHANGING = "1970-01-01T00:00:00.000000Z"  # since when an attribute holds that does not change, by the standard
TYPES: dict[type, str] = {bool: "boolean", int: "integer", float: "float", str: "string"}
SQL_TYPES = {"boolean": "BOOLEAN", "integer": "INTEGER", "float": "REAL", "string": "TEXT"}
Row = tuple[Any, ...]


def write_json(log: Log, moments: Moments, path: Path) -> None:
    """Write a log as JSON. Values are text, as the schema of the standard wants them; types are stated with each kind."""
    document = {
        "objectTypes": [_declared(*one) for one in log.kinds().items()],
        "eventTypes": [_declared(*one) for one in log.event_kinds().items()],
        "objects": [
            {
                "id": key,
                "type": thing.kind,
                "attributes": [
                    {"name": name, "time": UNCHANGING, "value": _text(value)} for name, value in thing.attributes.items()
                ],
                "relationships": _related(thing.relations),
            }
            for key, thing in log.things.items()
        ],
        "events": [
            {
                "id": event_id(number),
                "type": one.kind,
                "time": moments.utc(one.time),
                "attributes": [{"name": name, "value": _text(value)} for name, value in one.attributes.items()],
                "relationships": _related(one.objects),
            }
            for number, one in enumerate(log.happenings)
        ],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def event_id(number: int) -> str:
    """Return the id of an event; ids are in the order of time, as text too."""
    return f"event:{number:07d}"


def _declared(name: str, attributes: dict[str, type]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": one, "type": TYPES[kind]} for one, kind in attributes.items()]}


def _related(relations: Iterable[Relation]) -> list[dict[str, str]]:
    return [{"objectId": key, "qualifier": qualifier} for key, qualifier in relations]


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_sqlite(log: Log, moments: Moments, path: Path) -> None:
    """Write a log as a database: a table for each kind of event and of object, beside those of all, and their relations."""
    path.unlink(missing_ok=True)
    kinds, event_kinds = log.kinds(), log.event_kinds()
    with closing(sqlite3.connect(path)) as base, base:
        _common(base, "event", event_kinds)
        _common(base, "object", kinds)
        for name, first, second, of in (
            ("event_object", "ocel_event_id", "ocel_object_id", "event"),
            ("object_object", "ocel_source_id", "ocel_target_id", "object"),
        ):
            base.execute(
                f"CREATE TABLE {name} ({first} TEXT, {second} TEXT, ocel_qualifier TEXT,"
                f" PRIMARY KEY ({first}, {second}, ocel_qualifier), FOREIGN KEY ({first}) REFERENCES {of}(ocel_id),"
                f" FOREIGN KEY ({second}) REFERENCES object(ocel_id))"
            )
        events = [(event_id(number), one) for number, one in enumerate(log.happenings)]
        _insert(base, "event", [(key, one.kind) for key, one in events])
        _insert(base, "object", [(key, one.kind) for key, one in log.things.items()])
        _insert(base, "event_object", [(key, *other) for key, one in events for other in one.objects])
        _insert(base, "object_object", [(key, *other) for key, one in log.things.items() for other in one.relations])
        of_event: dict[str, list[Row]] = {kind: [] for kind in event_kinds}
        for key, one in events:
            attributes = (one.attributes.get(name) for name in event_kinds[one.kind])
            of_event[one.kind].append((key, moments.utc(one.time), *attributes))
        of_thing: dict[str, list[Row]] = {kind: [] for kind in kinds}
        for key, thing in log.things.items():
            attributes = (thing.attributes.get(name) for name in kinds[thing.kind])
            of_thing[thing.kind].append((key, UNCHANGING, None, *attributes))
        _each(base, "event", ("ocel_time TEXT",), event_kinds, of_event)
        _each(base, "object", ("ocel_time TEXT", "ocel_changed_field TEXT"), kinds, of_thing)


def _common(base: sqlite3.Connection, name: str, kinds: dict[str, dict[str, type]]) -> None:
    """Write the table of all events or objects, and the one that says in which table those of each kind are."""
    base.execute(f"CREATE TABLE {name}_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)")
    base.execute(
        f"CREATE TABLE {name} (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,"
        f" FOREIGN KEY (ocel_type) REFERENCES {name}_map_type(ocel_type))"
    )
    _insert(base, f"{name}_map_type", list(table_names(kinds).items()))


def _each(
    base: sqlite3.Connection,
    name: str,
    columns: Sequence[str],
    kinds: dict[str, dict[str, type]],
    rows: dict[str, list[Row]],
) -> None:
    """Write the table of each kind."""
    for kind, table in table_names(kinds).items():
        attributes = [f'"{one}" {SQL_TYPES[TYPES[type_]]}' for one, type_ in kinds[kind].items()]
        key = f"FOREIGN KEY (ocel_id) REFERENCES {name}(ocel_id)"
        base.execute(f'CREATE TABLE "{name}_{table}" ({", ".join(["ocel_id TEXT", *columns, *attributes, key])})')
        _insert(base, f"{name}_{table}", rows[kind])


def _insert(base: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        base.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)


def table_names(kinds: Iterable[str]) -> dict[str, str]:
    """Return the end of the name of each kind's table: letters and digits, no two alike where case does not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for kind in kinds:
        plain = re.sub(r"[^A-Za-z0-9]+", "", kind.title()) or "Kind"
        name, number = plain, 2
        while name.lower() in taken:
            name, number = f"{plain}{number}", number + 1
        taken.add(name.lower())
        found[kind] = name
    return found
