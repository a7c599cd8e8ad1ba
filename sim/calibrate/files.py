"""A file of comma-separated values as rows of text: encoding, delimiter, header, and cells that are too many or too few."""

import codecs
import csv
import io
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibrate.cells import Ints
from sim.calibrate.errors import ExportError, nearest, rows_said, shown
from sim.calibrate.vocabulary import ENDS
from sim.remarks import Remark, remark, remark_many

DELIMITERS = (",", ";", "\t")
SEPARATED = {";": remark("cells are separated by semicolons"), "\t": remark("cells are separated by tabs")}
MAGIC_BYTES = 16
PIECE_BYTES = 1 << 20
HEAD_CHARACTERS = 1 << 16
TITLE_LINES = 20  # at most, above a header
OF_TITLES = '",;\t\r\n '  # what a spreadsheet puts around a title
TITLED = 2  # names of columns that tell a header below a title
ROWS_AT_ONCE = 20_000  # more would only cost memory

NOT_CSV = {
    b"PK\x03\x04": "an Excel workbook or another zipped file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzipped file",
    b"PAR1": "a Parquet file",
    b"SQLite": "a database",
}
WEB_PAGE = re.compile(r"\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)
SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[,;\t])"?\s*', re.IGNORECASE)
# what the first filled cell of a row of totals says, in the languages of spreadsheets; the others are then numbers or empty
TOTAL = re.compile(
    r"(?:grand|overall|general|report|sub|sous|zwischen|gesamt|eind|sum of|sum)?[ -]*(?:totals?|totaux|totale[ns]?|totaal)"
    r"(?: (?:g[ée]n[ée]rale?|generaal|geral|general|complessivo))?"
    r"|sub-?tota(?:l|le|is|les)|gesamt(?:summe|ergebnis|betrag|wert)?|(?:zwischen|end)?summen?|insgesamt|somme|ensemble"
    r"|suma(?: total)?"
    r"|somma|soma|som|sum|totais|totales|eindtotaal|averages?|mean|durchschnitt|mittelwert|moyenne|promedio|media|m[ée]dia|gemiddelde"
    r"|count|anzahl|итого|всего|razem|summa|totalt|i alt|yhteens[äa]"
)
OF_TOTALS = re.compile(
    r"total|totaal|totale|sum|som|gesamt|insgesamt|ensemble|average|mean|schnitt|mittel|moyenne|promedio|media|média|gemiddelde|count"
    r"|anzahl|итого|всего|razem|i alt|yhteens",
    re.IGNORECASE,
)
AFTER_TOTAL = re.compile(r"[ \u00a0]*(?:\([^)]*\)|:|=|\*)*[ \u00a0:]*$")
NUMBERS_ALONE = re.compile(  # with a currency before or after, or letters such as K
    r"[^A-Za-z0-9]*(?:(?:[A-Z]{3}|[A-Z]{0,2}\$)?[^A-Za-z]*[0-9][^A-Za-z]*(?:[A-Za-z]{1,4}\.?)?[^A-Za-z0-9]*)?"
)
LONGEST_TOTAL = 60
DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]|[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4}")
SAVE_AS_CSV = "open it in the programme that made it and save it as CSV (UTF-8)"


@dataclass(frozen=True)
class Layout:
    """The layout of a file: what has to be known to read its rows."""

    encoding: str
    delimiter: str
    header: list[str]
    lines_above: int  # of the header
    header_row: int  # as a spreadsheet counts
    notes: list[Remark]


@dataclass
class Rows:
    """Cells of the wanted columns; `digests` tell whether rows are equal in all columns, wanted or not."""

    cells: dict[str, pd.Series] = field(default_factory=dict)
    numbers: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    digests: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    empty: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)


def layout(path: Path, recognised: Callable[[str], bool]) -> Layout:
    """Find how a file is written; the delimiter is the one with which most column names are recognised.

    Raises
    ------
    ExportError
        If it is not there, or not text in rows and columns.
    """
    file = str(path)
    encoding, notes = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.read(HEAD_CHARACTERS)
    if not head.strip():
        raise ExportError("there is nothing in it", file=file, remedy="export it again, with a header and rows")
    if WEB_PAGE.match(head):
        raise ExportError(
            "this is a web page or XML, whatever its name", file=file, remedy="download the export itself, as CSV"
        )
    lines = list(io.StringIO(head, newline=""))
    above = next((number for number, line in enumerate(lines) if not _is_remark(line, recognised)), 0)
    row = above + 1
    given = SEPARATOR_LINE.fullmatch(lines[above])
    if given:  # a spreadsheet obeys this line and does not show it
        above += 1
        candidates = [given["delimiter"]]
    else:
        candidates = list(DELIMITERS)
        if above:
            notes.append(
                remark_many(
                    "{count} line above the header is ignored, as it is empty or begins with #",
                    "{count} lines above the header are ignored, as they are empty or begin with #",
                    above,
                )
            )
        if titles := _titles(lines[above:], recognised):
            row += len(list(csv.reader(lines[above : above + titles])))
            title = shown(lines[above].strip(OF_TITLES))
            notes.append(
                remark(
                    "{title} and everything else above row {row} is ignored, as it names no column", title=title, row=str(row)
                )
            )
            above += titles
    headers = {delimiter: _header(lines[above:], delimiter) for delimiter in candidates}
    delimiter = max(headers, key=lambda key: (sum(recognised(name) for name in headers[key]), len(headers[key])))
    if delimiter in SEPARATED:
        notes.append(SEPARATED[delimiter])
    header = headers[delimiter]
    if not all(name.isprintable() for name in " ".join(header).split()) or not any(header):
        raise ExportError("its first row is not a header", file=file, row=row, remedy=SAVE_AS_CSV)
    return Layout(encoding, delimiter, header, above, row, notes)


def _is_remark(line: str, recognised: Callable[[str], bool]) -> bool:
    """Return whether a line above the header names no columns; the name of a first column may be #."""
    return not line.strip() or (line.startswith("#") and not any(recognised(name) for name in re.split("[,;\t]", line)))


def _titles(lines: Sequence[str], recognised: Callable[[str], bool]) -> int:
    """Count the lines of a title: those above a line with several names of columns, if the first has none."""
    for number in range(min(len(lines), TITLE_LINES)):
        names = max(sum(map(recognised, _header(lines[number:], delimiter))) for delimiter in DELIMITERS)
        if names >= (TITLED if number else 1):
            return number
    return 0


def _header(lines: Sequence[str], delimiter: str) -> list[str]:
    """Return the names of the columns; a quote that is never closed is reported when the rows are read."""
    try:
        return [name.strip() for name in next(csv.reader(lines, delimiter=delimiter), [])]
    except csv.Error:
        return [""]


def _encoding(path: Path) -> tuple[str, list[Remark]]:
    """Find the encoding of a file by decoding all of it, with notes for the user."""
    start = _beginning(path)
    for magic, what in NOT_CSV.items():
        if start.startswith(magic):
            raise ExportError(f"this is {what}, whatever its name", file=str(path), remedy=SAVE_AS_CSV)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = {"utf-16": [remark("read as UTF-16")]}
    else:
        windows = remark("read as Windows-1252, as it is not UTF-8; check names with accents")
        candidates = {"utf-8-sig": [], "cp1252": [windows]}
    for encoding, notes in candidates.items():
        fault = _undecodable(path, encoding)
        if fault is None:
            return encoding, notes
    raise ExportError(f"not text in UTF-8, UTF-16 or Windows-1252 (near line {fault})", file=str(path), remedy=SAVE_AS_CSV)


def _beginning(path: Path) -> bytes:
    """Read the first bytes of a file, refusing a pipe, as a file is read several times."""
    file = str(path)
    if "\0" in file:
        raise ExportError("this is not a file name", file=file, remedy="check the name")
    try:
        if path.is_dir():
            raise ExportError("this is a folder", file=file, remedy="name a CSV file in it")
        if path.exists() and not path.is_file():
            raise ExportError("this is a pipe or a device", file=file, remedy="save what it gives in a file")
        with path.open("rb") as stream:
            return stream.read(MAGIC_BYTES)
    except FileNotFoundError:
        raise ExportError("no such file", file=file, remedy=_similar(path)) from None
    except OSError as error:
        raise ExportError(f"it cannot be read: {error.strerror}", file=file, remedy="check its permissions") from None


def _undecodable(path: Path, encoding: str) -> int | None:
    """Return the line near which a file is not text in an encoding; None if all of it is. Zero bytes are never text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as stream:
        while True:
            piece = stream.read(PIECE_BYTES)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return line + error.object.count(b"\n", 0, error.start)
            if "\0" in text:
                line += text.count("\n", 0, text.index("\0"))
                raise ExportError(f"this is not text (zero bytes near line {line})", file=str(path), remedy=SAVE_AS_CSV)
            if not piece:
                return None
            line += text.count("\n")


def _similar(path: Path) -> str:
    try:
        there = [other.name for other in path.parent.iterdir() if other.is_file()]
    except OSError:
        return f"there is no folder {shown(str(path.parent), 80)} either"
    close = nearest(path.name, there)
    return f"did you mean {path.with_name(close)}?" if close else "check the name"


def read_rows(path: Path, how: Layout, wanted: dict[str, int]) -> Rows:
    """Read some columns, named as wanted and found at those places, from all rows that are not empty.

    Raises
    ------
    ExportError
        At a row that has more cells than the header, or whose quotes do not match.
    """
    file = str(path)
    rows = _Gathered(file, len(how.header), list(wanted))
    pick = itemgetter(*wanted.values(), 0)  # the last only so that a tuple comes even of one
    with path.open(encoding=how.encoding, newline="") as stream:
        for _ in islice(stream, how.lines_above):
            pass
        reader = csv.reader(stream, delimiter=how.delimiter, strict=True)
        number = how.header_row - 1
        try:
            for number, cells in enumerate(reader, start=how.header_row):
                if number > how.header_row:
                    rows.take(number, cells, pick)
        except csv.Error as error:
            remedy = 'a quote within a quoted cell is written twice: "a 12"" screen"'
            raise ExportError(f"malformed quoting ({error})", file=file, row=number + 1, remedy=remedy) from None
    return rows.end()


def is_total(cells: Sequence[str]) -> bool:
    """Return whether a row is one of totals or averages: it says so in its first filled cell, and else has only numbers."""
    filled = [cell for cell in (one.strip() for one in cells) if cell]
    if not filled:
        return False
    first, *rest = filled
    bare = AFTER_TOTAL.sub("", first).strip(" \u00a0*").lower()
    about = " ".join(word for word in bare.split() if word not in ENDS)  # of `Total won` what is left is a total
    return bool(TOTAL.fullmatch(about)) and all(NUMBERS_ALONE.fullmatch(cell) and not DAY.match(cell) for cell in rest)


def glance(path: Path, how: Layout, rows: int) -> list[list[str]]:
    """Read the first rows that are not empty, by column."""
    found: list[list[str]] = [[] for _ in how.header]
    with path.open(encoding=how.encoding, newline="") as stream:
        for _ in islice(stream, how.lines_above):
            pass
        reader = csv.reader(stream, delimiter=how.delimiter)
        try:
            for cells in islice(reader, 1, rows + 1):
                if any(cells) and not is_total(cells):
                    for column, cell in zip(found, [*cells, *[""] * len(found)], strict=False):
                        column.append(cell)
        except csv.Error:  # what is amiss is said when the rows are read
            pass
    return found


class _Gathered:
    """Rows as they come, kept in columns."""

    def __init__(self, file: str, width: int, names: list[str]) -> None:
        self.file, self.width, self.names = file, width, names
        self.waiting: list[tuple[str, ...]] = []
        self.parts: list[list[pd.Series]] = [[] for _ in names]
        self.numbers, self.digests = array("q"), array("q")
        self.empty: list[int] = []
        self.totals: list[int] = []
        self.short: list[int] = []
        self.long: list[int] = []

    def take(self, number: int, cells: list[str], pick: Callable[[list[str]], tuple[str, ...]]) -> None:
        """Keep what is wanted of a row, unless it is empty."""
        if not any(cells):
            self.empty.append(number)
            return
        first = cells[0] or next(cell for cell in cells if cell)
        if not first[0].isdigit() and len(first) <= LONGEST_TOTAL and OF_TOTALS.search(first) and is_total(cells):
            self.totals.append(number)
            return
        if len(cells) != self.width:
            cells = self._fitted(number, cells)
        self.numbers.append(number)
        self.digests.append(hash(tuple(cells)))
        self.waiting.append(pick(cells))
        if len(self.waiting) == ROWS_AT_ONCE:
            self._put_away()

    def _fitted(self, number: int, cells: list[str]) -> list[str]:
        if len(cells) < self.width:
            self.short.append(number)
            return cells + [""] * (self.width - len(cells))
        if any(cells[self.width :]):
            extra = next(cell for cell in cells[self.width :] if cell)
            fault = f"{len(cells)} cells where the header has {self.width} ({shown(extra)} is too many)"
            remedy = "put cells that hold the delimiter in quotes, or name every column"
            raise ExportError(fault, file=self.file, row=number, remedy=remedy)
        self.long.append(number)
        return cells[: self.width]

    def _put_away(self) -> None:
        for part, column in zip(self.parts, self._columns(), strict=True):
            part.append(pd.Series(column, dtype="str"))
        self.waiting.clear()

    def _columns(self) -> Iterator[list[str]]:
        for place in range(len(self.names)):
            yield [row[place] for row in self.waiting]

    def end(self) -> Rows:
        """Return all rows that were kept."""
        self._put_away()
        cells = {name: pd.concat(part, ignore_index=True) for name, part in zip(self.names, self.parts, strict=True)}
        notes = []
        if self.short:
            notes.append(
                remark_many(
                    "{count} row has fewer cells than the header; the rest is taken as empty ({rows})",
                    "{count} rows have fewer cells than the header; the rest is taken as empty ({rows})",
                    len(self.short),
                    rows=rows_said(self.short),
                )
            )
        if self.long:
            notes.append(
                remark_many(
                    "{count} row ends with empty cells beyond the header ({rows})",
                    "{count} rows end with empty cells beyond the header ({rows})",
                    len(self.long),
                    rows=rows_said(self.long),
                )
            )
        numbers, digests = (np.array(kept, dtype=np.int64) for kept in (self.numbers, self.digests))
        return Rows(cells, numbers, digests, self.empty, self.totals, notes)
