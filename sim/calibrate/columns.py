"""Columns of an export: their canonical names, the names that CRMs and platforms use, and a mapping."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sim.calibrate.errors import ExportError, names_said, nearest, shown
from sim.scenario import yaml
from sim.scenario.errors import ScenarioError

Kind = Literal["key", "text", "day", "period", "number"]  # a period is told by its first day, or is a month

NOT_COMPARED = re.compile(r"[\s_.\-()\[\]{}<>]+")
SOURCES, OUTCOMES = "sources", "outcomes"
OUTCOME_KINDS = ("won", "lost", "open")
OTHER_NAMES = "if they have other names, say so with --columns mapping.yaml"
OF_DAYS = re.compile(r"date|day|time|datum|fecha|data\b|\bon$|\bam$", re.IGNORECASE)
IN_CURRENCY = re.compile(r"\s*[(\[](?:[A-Z]{3}|[€$£¥₹])[)\]]\s*$")
FAR = 0.4  # of likeness, from which on a column of days is the nearest
RECORDS = frozenset({"deal", "lead", "opportunity"})  # what a header may begin with, as in `Deal - Value`


@dataclass(frozen=True)
class Contender:
    """A column that may be the one meant; `words` are those in its cells with how often each is there."""

    header: str
    place: int
    is_exact: bool  # its name is known
    words: Mapping[str, int]


Chooser = Callable[[Sequence[Contender], Mapping[str, str], str], "Contender | None"]


@dataclass(frozen=True)
class Column:
    """A column that a reader wants; `aliases` are compared without case, spaces, underscores, hyphens, dots, brackets.

    Where other headers `may_be` it, the `chooser` decides by what is in their cells, given the other columns and the file.
    """

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    needed: bool = True  # the column must be there
    filled: bool = False  # rows without a value are left out, and counted
    may_be: Callable[[str], bool] | None = None
    chooser: Chooser | None = None

    def fits(self, header: str) -> bool:
        """Return whether a column of this name is the one meant."""
        return self.rank(header) is not None

    def rank(self, header: str) -> int | None:
        """Return how far down its names a header stands; None if it is none of them."""
        names = [plain(name) for name in (self.name, *self.aliases)]
        return next((names.index(said) for said in spellings(header) if said in names), None)


@dataclass(frozen=True)
class ColumnMapping:
    """A user's word on names: canonical column name to that in the file, labels of sources in the file to ours, and words.

    `outcomes` are the words that mean won, lost or open.
    """

    columns: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, list[str]] = field(default_factory=dict)


def plain(name: str) -> str:
    """Return the part of a column's name that is compared."""
    return NOT_COMPARED.sub("", unicodedata.normalize("NFKC", name).casefold())


def spellings(header: str) -> list[str]:
    """Return what is compared of a header: all of it, what follows the record in `Deal - Value`, `Amount` of `Amount (EUR)`."""
    record, _, rest = header.partition(" - ")
    found = [header, *([rest] if rest and plain(record) in RECORDS else [])]
    return [plain(one) for name in found for one in dict.fromkeys((name, IN_CURRENCY.sub("", name)))]


def read_mapping(path: str | Path) -> ColumnMapping:
    """Read a mapping from a small YAML file: lines `first_contact_on: Create Date`, under `sources:` labels, `outcomes:` words.

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
    outcomes = _outcomes(columns.pop(OUTCOMES, {}), file)
    for names in (columns, sources):
        for key, value in names.items():
            if not isinstance(value, str):
                remedy = f"write `{key}: a name`, in quotes if it looks like a number or a date"
                raise ExportError(f"what {shown(key)} stands for is not text", file=file, remedy=remedy)
    return ColumnMapping(columns, sources, outcomes)


def _outcomes(given: object, file: str) -> dict[str, list[str]]:
    """Check what a mapping says of the words of outcomes."""
    right = 'write `outcomes: {won: ["Their word"], lost: ["Another"]}`, with words in quotes'
    if not isinstance(given, dict) or not set(given) <= set(OUTCOME_KINDS):
        raise ExportError(f"`{OUTCOMES}` is not a mapping of {', '.join(OUTCOME_KINDS)}", file=file, remedy=right)
    found = {kind: [words] if isinstance(words, str) else words for kind, words in given.items()}
    for kind, words in found.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ExportError(f"`{OUTCOMES}: {kind}` is not a list of words", file=file, remedy=right)
    every = [plain(word) for words in found.values() for word in words]
    if twice := next((word for word in every if every.count(word) > 1), None):
        raise ExportError(f"`{OUTCOMES}` has {shown(twice)} twice", file=file, remedy="give each word one meaning")
    return found


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
        if column.chooser:  # decided by what is in the cells
            continue
        fitting = [place for place, name in enumerate(header) if place not in taken and column.fits(name)]
        fitting = _best(header, column, fitting)
        if len(fitting) > 1:
            raise _several(header, column, fitting, file)
        if fitting:
            places[column.name] = fitting[0]
    _refuse_shared(header, places, set(mapping), file)
    missing = [column for column in columns if column.needed and column.name not in places]
    if missing:
        raise missing_columns(header, missing, file, [header[place] for place in places.values()])
    return {column.name: places[column.name] for column in columns if column.name in places}


def _best(header: Sequence[str], column: Column, fitting: list[int]) -> list[int]:
    """Keep the columns whose name is ours; of keys those whose name stands first among ours, as any key will do."""
    ranks = {place: column.rank(header[place]) or 0 for place in fitting}
    least = min(ranks.values(), default=0)
    if least and column.kind != "key":
        return fitting
    return [place for place in fitting if ranks[place] == least]


def contenders(header: Sequence[str], column: Column, taken: set[int]) -> list[int]:
    """Return the places of the columns that may be the one meant, those whose name is known first."""
    there = [place for place, name in enumerate(header) if name and place not in taken]
    known = [place for place in there if column.fits(header[place])]
    known.sort(key=lambda place: column.rank(header[place]) or 0)
    return [*known, *(place for place in there if place not in known and column.may_be and column.may_be(header[place]))]


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


def missing_columns(header: Sequence[str], missing: Sequence[Column], file: str, taken: Collection[str] = ()) -> ExportError:
    """Build the refusal of a file without columns that are needed: what is there, and what not yet taken comes nearest."""
    free = [name for name in header if name not in taken]
    absent = ", ".join(column.name for column in missing)
    guesses = {column.name: _nearest_of(column, free) for column in missing}
    close = "".join(f", nearest to {name} is {shown(guess)}" for name, guess in guesses.items() if guess)
    first = missing[0].name
    example = guesses[first] or (missing[0].aliases[0] if missing[0].aliases else "Their name")
    remedy = f"{OTHER_NAMES} and a line such as `{first}: {example[:80]}` in it"
    return ExportError(f"no column for {absent}; there are {names_said(header)}{close}", file=file, remedy=remedy)


def _nearest_of(column: Column, header: Sequence[str]) -> str | None:
    there = [name for name in header if name]
    names = (column.name.replace("_", " "), *column.aliases)
    if close := next((found for name in names if (found := nearest(name, there))), None):
        return close
    if column.kind != "day":
        return None
    days = [name for name in there if OF_DAYS.search(name)]
    return next((found for name in names if (found := nearest(name, days, FAR))), None)
