"""The published figures that defaults rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from sim.scenario.yaml import read_text

GRADES = ("A", "B", "C")


@dataclass(frozen=True)
class Record:
    """A published figure: what, how much, from where, and how far to trust it (A to C)."""

    id: str
    quantity: str
    value: Any
    unit: str
    context: str
    title: str
    publisher: str
    year: int | None
    url: str | None
    grade: str
    note: str
    bears_on: tuple[str, ...]  # paths of assumptions that it bears on without being their source

    @property
    def citation(self) -> str:
        """Title, year and grade, on one line."""
        year = f"{self.year}, " if self.year is not None else ""
        return f"{self.title} ({year}grade {self.grade})"


@cache
def load() -> Mapping[str, Record]:
    """Read the records that come with the package, by id; once in a process."""
    text = resources.files("sim.scenario").joinpath("evidence.yaml").read_text(encoding="utf-8")
    records = [_record(entry) for entry in read_text(text, "evidence.yaml").data]
    return MappingProxyType({record.id: record for record in records})


def _record(entry: dict[str, Any]) -> Record:
    source = entry["source"]
    return Record(
        id=entry["id"],
        quantity=entry["quantity"],
        value=entry.get("value"),
        unit=entry.get("unit", ""),
        context=entry.get("context", ""),
        title=source["title"],
        publisher=source["publisher"],
        year=source.get("year"),
        url=source.get("url"),
        grade=entry["grade"],
        note=entry.get("note", ""),
        bears_on=tuple(entry.get("bears_on", ())),
    )
