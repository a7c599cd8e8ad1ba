"""Which column of an export is which: canonical names, the names that CRMs and platforms use, and a mapping."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from sim.calibrate.errors import ExportError, names_said, nearest, shown
from sim.scenario import yaml
from sim.scenario.errors import ScenarioError

Kind = Literal["key", "text", "day", "period", "number"]  # a period is told by its first day, or is a month

NOT_COMPARED = re.compile(r"[\s_.\-()\[\]{}<>]+")
SOURCES = "sources"
OTHER_NAMES = "if they have other names, say so with --columns mapping.yaml"
WON = frozenset({"won", "closed won", "closedwon", "yes", "true", "1", "gewonnen", "gagné", "gagnée"})


@dataclass(frozen=True)
class Column:
    """A column that a reader wants; `aliases` are compared without case, spaces, underscores, hyphens, dots, brackets."""

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    needed: bool = True  # the column must be there
    filled: bool = False  # rows without a value are left out, and counted

    def fits(self, header: str) -> bool:
        """Return whether a column of this name is the one meant."""
        return plain(header) in {plain(name) for name in (self.name, *self.aliases)}


OUTCOME = Column("outcome", "text", ("deal stage", "stage", "is won", "is closed won", "won"), needed=False)


def is_won(outcome: "pd.Series") -> "pd.Series[bool]":
    """Return whether the outcome that a CRM gives means that the deal was won."""
    return outcome.str.strip().str.casefold().isin(WON)


@dataclass(frozen=True)
class ColumnMapping:
    """A user's word on names: canonical column name to that in the file, and labels of sources in the file to ours."""

    columns: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def plain(name: str) -> str:
    """Return the part of a column's name that is compared."""
    return NOT_COMPARED.sub("", unicodedata.normalize("NFKC", name).casefold())


def read_mapping(path: str | Path) -> ColumnMapping:
    """Read a mapping from a small YAML file: lines `first_contact_on: Create Date`, and under `sources:` labels.

    Raises
    ------
    ExportError
        If it is not such a file.
    """
    file = str(path)
    try:
        text = yaml.read(path)
    except ScenarioError as error:
        place = f"{error.file or file}:{error.line}" if error.line is not None else error.file or file
        remedy = error.remedy if error.line is not None or "no such" in error.fault else "write lines `our_name: Their name`"
        raise ExportError(error.fault, file=place, remedy=remedy) from None
    columns = dict(text.data)
    sources = columns.pop(SOURCES, {})
    if not isinstance(sources, dict):
        raise ExportError(
            f"`{SOURCES}` is not a mapping", file=file, remedy="write lines `Label in the file: our_label` below it"
        )
    for names in (columns, sources):
        for key, value in names.items():
            if not isinstance(value, str):
                remedy = f"write `{key}: a name`, in quotes if it looks like a number or a date"
                raise ExportError(f"what {shown(key)} stands for is not text", file=file, remedy=remedy)
    return ColumnMapping(columns, sources)


def find_columns(header: Sequence[str], columns: Sequence[Column], mapping: Mapping[str, str], file: str) -> dict[str, int]:
    """Find where in the header each column stands; those that are not needed may be absent.

    Raises
    ------
    ExportError
        For columns that are needed and absent, named twice, or claimed by two; all the absent ones in one message.
    """
    places = _mapped(header, columns, mapping, file)
    taken = set(places.values())
    for column in columns:
        if column.name in places:
            continue
        fitting = [place for place, name in enumerate(header) if place not in taken and column.fits(name)]
        if len(fitting) > 1:
            raise _several(header, column, fitting, file)
        if fitting:
            places[column.name] = fitting[0]
    _refuse_shared(header, places, set(mapping), file)
    missing = [column for column in columns if column.needed and column.name not in places]
    if missing:
        raise _missing(header, missing, file)
    return {column.name: places[column.name] for column in columns if column.name in places}


def _mapped(header: Sequence[str], columns: Sequence[Column], mapping: Mapping[str, str], file: str) -> dict[str, int]:
    """Find the places of the columns that the mapping names."""
    ours = [column.name for column in columns]
    places: dict[str, int] = {}
    for name, theirs in mapping.items():
        if name not in ours:
            close = nearest(name, ours)
            remedy = f"did you mean {close}?" if close else f"there are {', '.join(ours)}"
            raise ExportError(f"the mapping names {shown(name)}, which is not one of our columns", file=file, remedy=remedy)
        exact = [place for place, there in enumerate(header) if there == theirs]
        fitting = exact or [place for place, there in enumerate(header) if plain(there) == plain(theirs)]
        if not fitting:
            close = nearest(theirs, header)
            remedy = f"did you mean {shown(close)}?" if close else f"there are {names_said(header)}"
            raise ExportError(
                f"the mapping says {name}: {shown(theirs)}, and no such column is there", file=file, remedy=remedy
            )
        if len(fitting) > 1:
            raise _twice(header, fitting, file)
        places[name] = fitting[0]
    return places


def _several(header: Sequence[str], column: Column, fitting: list[int], file: str) -> ExportError:
    names = [header[place] for place in fitting]
    if len(set(names)) < len(names):
        return _twice(header, fitting, file)
    remedy = f"say which with --columns mapping.yaml and a line such as `{column.name}: {names[0]}` in it"
    return ExportError(f"the columns {names_said(names)} could each be {column.name}", file=file, remedy=remedy)


def _twice(header: Sequence[str], fitting: list[int], file: str) -> ExportError:
    where = " and ".join(str(place + 1) for place in fitting[:2])
    fault = f"two columns have the name {shown(header[fitting[0]])} (columns {where})"
    return ExportError(fault, file=file, remedy="rename one of them in the file")


def _refuse_shared(header: Sequence[str], places: Mapping[str, int], mapped: set[str], file: str) -> None:
    """Refuse a column that would serve two of ours, unless the mapping says so."""
    owners: dict[int, str] = {}
    for name, place in places.items():
        other = owners.setdefault(place, name)
        if other != name and not {other, name} <= mapped:
            remedy = f"say which with --columns mapping.yaml and a line such as `{name}: {header[place]}` in it"
            raise ExportError(f"the column {shown(header[place])} could be {other} or {name}", file=file, remedy=remedy)


def _missing(header: Sequence[str], missing: Sequence[Column], file: str) -> ExportError:
    absent = ", ".join(column.name for column in missing)
    guesses = {column.name: _nearest_of(column, header) for column in missing}
    close = "".join(f", nearest to {name} is {shown(guess)}" for name, guess in guesses.items() if guess)
    first = missing[0].name
    example = guesses[first] or (missing[0].aliases[0] if missing[0].aliases else "Their name")
    remedy = f"{OTHER_NAMES} and a line such as `{first}: {example[:80]}` in it"
    return ExportError(f"no column for {absent}; there are {names_said(header)}{close}", file=file, remedy=remedy)


def _nearest_of(column: Column, header: Sequence[str]) -> str | None:
    for name in (column.name.replace("_", " "), *column.aliases):
        if close := nearest(name, [there for there in header if there]):
            return close
    return None
