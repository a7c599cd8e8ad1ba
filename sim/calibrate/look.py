"""A look at an export before anything is learned from it: what each column is taken for, and what each word."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from sim.calibrate import backcast, channels, deals, files, leads, outcomes, renewals, stages
from sim.calibrate.amounts import Separator
from sim.calibrate.columns import Column, ColumnMapping, plain, spellings
from sim.calibrate.currencies import in_one
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import Export, read_export
from sim.calibrate.outcomes import Words, words_of
from sim.calibrate.platforms import PLATFORMS, Platform, platform_of

Kind = Literal["leads", "deals", "stages", "renewals", "channel", "backcast"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GLANCED = 10_000  # rows of which columns are described
EXAMPLES, LONGEST = 3, 30
MOST_WORDS = 40


@dataclass(frozen=True)
class Seen:
    """A column of the file: its name, in how many of the first rows it has something, examples, and what it is taken for."""

    header: str
    filled: int
    examples: tuple[str, ...]
    taken_for: str | None


@dataclass(frozen=True)
class Look:
    """A preview of how a command would read a file, or why it would refuse it; `rows` were glanced at for the columns."""

    path: Path
    kind: Kind
    rows: int
    columns: tuple[Seen, ...]
    words: Words | None
    export: Export | None
    refusal: str | None


def wanted(kind: Kind, mapping: ColumnMapping) -> tuple[Column, ...]:
    """Return the columns that a command wants."""
    by_kind: Mapping[Kind, Callable[[], tuple[Column, ...]]] = {
        "leads": lambda: leads.columns_of(mapping.outcomes),
        "deals": lambda: deals.columns_of(mapping.outcomes),
        "stages": lambda: stages.columns_of(stages.default_stages()),
        "renewals": lambda: renewals.COLUMNS,
        "channel": lambda: channels.COLUMNS,
        "backcast": lambda: backcast.COLUMNS,
    }
    return by_kind[kind]()


def look(
    path: Path,
    kind: Kind | None = None,
    *,
    mapping: ColumnMapping | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
) -> Look:
    """Read an export as a command would, and say how; without a `kind`, that of the command that knows most of its columns.

    Raises
    ------
    ExportError
        If it is not a table at all.
    """
    names = mapping or ColumnMapping()
    every = {kind: wanted(kind, names) for kind in KINDS}
    known = {plain(name) for columns in every.values() for column in columns for name in (column.name, *column.aliases)}
    how = files.layout(path, lambda name: not known.isdisjoint(spellings(name)))
    chosen = kind or best(how.header, every)
    there = files.glance(path, how, GLANCED)
    export, refusal = _read(path, chosen, names, day_order, decimal)
    words = _words(chosen, names, export, how.header, there)
    if export is not None:
        export, refusal = _settled(export, chosen, names)
    found = {header: name for name, header in (export.found if export else _by_name(how.header, every[chosen])).items()}
    seen = tuple(_seen(header, cells, found.get(header)) for header, cells in zip(how.header, there, strict=True))
    return Look(path, chosen, len(there[0]) if there else 0, seen, words, export, refusal)


def best(header: Sequence[str], every: Mapping[Kind, Sequence[Column]]) -> Kind:
    """Return the kind of export of which a header has most columns, those that are needed counting double."""
    if platform_of(header, PLATFORMS):
        return "channel"

    def score(kind: Kind) -> float:
        found = _by_name(header, every[kind])
        return sum(2.0 if column.needed else 1.0 for column in every[kind] if column.name in found)

    return max(KINDS, key=score)


def _by_name(header: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Return the columns whose names are known, as far as they can be without reading any cell."""
    found: dict[str, str] = {}
    for column in columns:
        fits = next((name for name in header if name and (column.fits(name) or (column.may_be and column.may_be(name)))), None)
        if fits is not None and fits not in found.values():
            found[column.name] = fits
    return found


def _read(
    path: Path, kind: Kind, mapping: ColumnMapping, day_order: Order | None, decimal: Separator | None
) -> tuple[Export | None, str | None]:
    """Read the file as the command does; with the reason if it refuses."""
    platforms: Sequence[Platform] = PLATFORMS if kind == "channel" else ()
    try:
        return read_export(path, wanted(kind, mapping), mapping.columns, day_order, decimal, platforms), None
    except ExportError as error:
        return None, str(error)


def _settled(export: Export, kind: Kind, mapping: ColumnMapping) -> tuple[Export, str | None]:
    """Settle which rows are won, and in which currency, as the command does; with the reason if it refuses."""
    try:
        if kind == "leads":
            days = export.frame[["first_contact_on", leads.WON_ON, leads.CLOSED_ON, leads.LOST_ON]].max().max()
            return leads.with_outcomes(export, mapping.outcomes, pd.Timestamp(days), all_won=False), None
        if kind == "deals":
            return in_one(deals.won_only(export, mapping.outcomes)), None
    except ExportError as error:
        return export, str(error)
    return export, None


def _seen(header: str, cells: Sequence[str], taken_for: str | None) -> Seen:
    filled = [cell.strip() for cell in cells if cell.strip()]
    examples = tuple(dict.fromkeys(cell[:LONGEST] for cell in filled))[:EXAMPLES]
    return Seen(header, len(filled), examples, taken_for)


def _words(
    kind: Kind, mapping: ColumnMapping, export: Export | None, header: Sequence[str], there: Sequence[Sequence[str]]
) -> Words | None:
    """Return the words of outcomes: of all rows where the file could be read, else of those that were glanced at."""
    name = "renewed" if kind == "renewals" else "outcome"
    if kind not in ("leads", "deals", "renewals"):
        return None
    if export is not None:
        return words_of(export, mapping.outcomes, name, may_answer=kind == "renewals") if name in export.found else None
    for one, cells in zip(header, there, strict=True):
        if one == mapping.columns.get(name, one) and outcomes.is_header(one):
            counts = pd.Series([cell.strip() for cell in cells if cell.strip()], dtype=object).value_counts()
            if 0 < len(counts) <= MOST_WORDS:
                return Words.of(one, {str(word): int(count) for word, count in counts.items()}, mapping.outcomes)
    return None


def mapping_text(found: Look) -> str:
    """Write what was found as a mapping to be corrected, and given as --columns."""
    name = "".join(letter if letter.isprintable() else "?" for letter in found.path.name)
    lines = [f"# How sim calibrate {found.kind} reads {name}. Correct it, and give it as --columns."]
    lines += [f"{one.taken_for}: {_quoted(one.header)}" for one in found.columns if one.taken_for]
    rest = [one.header for one in found.columns if not one.taken_for and one.header]
    if rest:
        lines.append(f"# not used: {', '.join(map(_quoted, rest))}")
    if found.words:
        lines += ["outcomes:", *_kinds(found.words)]
    return "\n".join(lines) + "\n"


def _kinds(words: Words) -> list[str]:
    kinds: Sequence[tuple[str, tuple[outcomes.Meaning, ...]]] = (
        ("won", ("won",)), ("lost", ("lost", "no") if words.that_mean("no") else ("lost",)), ("open", ("open",)),
    )  # fmt: skip
    lines = [f"  {kind}: [{', '.join(map(_quoted, words.that_mean(*meanings)))}]" for kind, meanings in kinds]
    unclear = words.that_mean("unknown", "closed")
    if unclear:
        lines.append(f"  # not understood, to be moved up: {', '.join(map(_quoted, unclear[:MOST_WORDS]))}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
