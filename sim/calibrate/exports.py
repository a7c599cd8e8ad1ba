"""CSV exports of CRMs and analytics as clean frames; every correction is reported, and no row is lost uncounted."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate import files
from sim.calibrate.amounts import Separator, alike, of_column, read_numbers
from sim.calibrate.cells import Cells, Ints, trimmed
from sim.calibrate.columns import Column, Contender, Kind, contenders, find_columns, plain, spellings
from sim.calibrate.days import Order, pared, read_days, with_first_day
from sim.calibrate.errors import MOST_ROWS, ExportError, names_said, rows_said
from sim.calibrate.platforms import Platform, platform_of
from sim.remarks import Remark, remark, remark_many

Mask = npt.NDArray[np.bool_]
How = Literal["first", "min", "max", "sum"]

ROW = "row"
FORMULA_STARTS = ("=", "+", "-", "@")
SHORTENED_KEY = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")


@dataclass(frozen=True)
class LeftOut:
    """Rows that are not in the frame: why, how many, and the first few."""

    reason: Remark
    count: int
    rows: tuple[int, ...]

    def __str__(self) -> str:
        dots = ", ..." if self.count > len(self.rows) else ""
        what = "row" if self.count == 1 else "rows"
        return f"{self.count:,} {what} left out: {self.reason} ({what} {', '.join(map(str, self.rows))}{dots})"


@dataclass(frozen=True)
class Export:
    """Clean rows of a file under canonical names, and an account of the others: `rows` is the sum of both.

    Days are datetime64 at midnight, numbers float64, keys and text str; what is not known is missing. The column `row`
    is the row that a spreadsheet shows. Columns that the file lacks and need not have are there without values;
    `found` maps those that it has to its own names, `header` has all of these. `told` is what the
    refusal of a file of which too little is left says as well.
    """

    path: Path
    frame: pd.DataFrame
    rows: int
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Remark, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    header: Sequence[str] = ()
    told: tuple[Remark, ...] = ()

    def without(self, mask: "Mask | pd.Series", reason: Remark) -> "Export":
        """Return this export without the rows where the mask, of the frame's length and order, is true."""
        away = np.asarray(mask, dtype=np.bool_)
        if not away.any():
            return self
        rows = self.frame[ROW].to_numpy()[away]
        return replace(
            self,
            frame=self.frame.loc[~away].reset_index(drop=True),
            left_out=(*self.left_out, _left_out(reason, rows)),
        )

    def noting(self, *notes: Remark) -> "Export":
        """Return this export with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def telling(self, note: Remark) -> "Export":
        """Return this export with a note that a refusal repeats."""
        return replace(self, notes=(*self.notes, note), told=(*self.told, note))


def read_export(
    path: str | Path,
    columns: Sequence[Column],
    mapping: Mapping[str, str] | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
    platforms: Sequence[Platform] = (),
) -> Export:
    """Read the wanted columns of a CSV file.

    Blanks around cells are ignored. Empty rows, rows without a required value, and rows equal to another in every column
    of the file (if one of the wanted is a key) are left out and counted. `day_order` and `decimal`
    decide where a file is ambiguous; they cannot contradict it. The columns of one of the `platforms` are known
    where the mapping does not name them.

    Raises
    ------
    ExportError
        If the file cannot be read, a column is not there, or a cell is not of its kind; with row and column.
    """
    path = Path(path)
    file = str(path)
    names = {plain(name) for column in columns for name in (column.name, *column.aliases)}
    names |= {plain(name) for known in (mapping or {}, *(one.columns for one in platforms)) for name in known.values()}
    how = files.layout(path, lambda name: not names.isdisjoint(spellings(name)))
    platform = platform_of(how.header, platforms)
    known = platform.mapping(how.header) if platform else {}
    places = find_columns(how.header, columns, known | dict(mapping or {}), file)
    rivals = _rivals(how.header, columns, places)
    rows = files.read_rows(path, how, places | {_rival(name, place): place for name, them in rivals.items() for place in them})
    total = rows.numbers.size + len(rows.empty) + len(rows.totals)
    if not rows.numbers.size:
        raise ExportError("a header and no rows", file=file, remedy="export it again, with rows")
    places |= _chosen(how.header, columns, places, rivals, rows, file)
    frame = pd.DataFrame({column.name: _text_of(rows, column) for column in columns})
    frame.insert(0, ROW, rows.numbers)
    kinds = ((remark("nothing in any cell"), rows.empty), (remark("a total or mean of other rows"), rows.totals))
    left_out = tuple(_left_out(reason, np.asarray(numbers, dtype=np.int64)) for reason, numbers in kinds if numbers)
    notes = (*how.notes, *_of_platform(platform), *rows.notes, *_unused(how.header, places))
    found = {name: how.header[place] for name, place in places.items()}
    export = _filled(Export(path, frame, total, left_out, notes, found, how.header), columns)
    export = _without_repeats(export, columns, rows.digests[np.searchsorted(rows.numbers, export.frame[ROW])])
    if export.frame.empty:
        raise ExportError(f"no row is left: {'; '.join(map(str, export.left_out))}", file=file, remedy="check the columns")
    return _with_remarks(_understood(export, columns, how.delimiter, day_order, decimal), columns)


def too_few(export: Export, fault: str, remedy: str) -> ExportError:
    """Build the refusal of an export of which too little is left, with what was left out and why."""
    said = "; ".join([*map(str, export.left_out), *export.told])
    return ExportError(f"{fault} ({said})" if said else fault, file=str(export.path), remedy=remedy)


def _rival(name: str, place: int) -> str:
    return f"{name} {place}"


def _rivals(header: Sequence[str], columns: Sequence[Column], places: Mapping[str, int]) -> dict[str, list[int]]:
    """Find the places of the columns that may be those which only their cells tell."""
    taken = set(places.values())
    asked = [column for column in columns if column.chooser and column.name not in places]
    return {column.name: contenders(header, column, taken) for column in asked}


def _chosen(
    header: Sequence[str],
    columns: Sequence[Column],
    places: Mapping[str, int],
    rivals: Mapping[str, Sequence[int]],
    rows: files.Rows,
    file: str,
) -> dict[str, int]:
    """Choose among them by what is in their cells, and put the cells of the chosen under the column's name."""
    found = {name: header[place] for name, place in places.items()}
    chosen: dict[str, int] = {}
    for column in columns:
        them = rivals.get(column.name, ())
        if not them or not column.chooser:
            continue
        there = []
        for place in them:
            counts = trimmed(rows.cells[_rival(column.name, place)], text=True).value_counts()
            words = {str(word): int(count) for word, count in counts.items()}
            there.append(Contender(header[place], place, column.fits(header[place]), words))
        one = column.chooser(there, found, file)
        if one is not None:
            chosen[column.name] = one.place
            rows.cells[column.name] = rows.cells[_rival(column.name, one.place)]
        for place in them:
            del rows.cells[_rival(column.name, place)]
    return chosen


def without_duplicates(
    export: Export, keys: str | Sequence[str], combine: Mapping[str, How], order_by: str | None = None
) -> Export:
    """Join the rows of each key into one as the caller chooses, and count those joined.

    `combine` gives how the values of a column become one: the smallest, the largest, the sum, or the first known, which is
    what happens to columns that are not named. First is by `order_by` if given (rows without a value last), then by row.
    Rows whose key is missing stay as they are.
    """
    by = [keys] if isinstance(keys, str) else list(keys)
    frame = export.frame
    keyed = frame[by].notna().all(axis=1).to_numpy()
    away = frame.duplicated(by, keep="first").to_numpy() & keyed
    if not away.any():
        return export
    several = frame.loc[frame.duplicated(by, keep=False).to_numpy() & keyed]
    ordered = several.sort_values([order_by, ROW] if order_by else [ROW], kind="stable")
    groups = ordered.groupby(by, sort=False)
    joined = pd.DataFrame(
        {name: _combined(groups, name, combine.get(name, "first")) for name in frame.columns if name not in (*by, ROW)}
    )
    joined[ROW] = groups[ROW].min()
    joined = joined.reset_index()[list(frame.columns)]
    kept = frame.loc[~frame.duplicated(by, keep=False).to_numpy() | ~keyed]
    whole = pd.concat([kept, joined], ignore_index=True).sort_values(ROW, ignore_index=True).astype(frame.dtypes.to_dict())
    same = remark("{others} and {last}", others=by[:-1], last=by[-1]) if len(by) > 1 else by[0]
    reason = remark("joined with an earlier row of the same {keys}", keys=same)
    left_out = _left_out(reason, frame[ROW].to_numpy()[away])
    differing = [
        remark("{name} ({count})", name=name, count=count)
        for name in joined.columns
        if name not in (*by, ROW) and (count := _differing(groups, name))
    ]
    note = remark_many(
        "{count} value of {keys} is in several rows, {rows} in all, joined into one",
        "{count} values of {keys} are in several rows, {rows} in all, joined into one row per value",
        len(joined),
        keys=same,
        rows=len(several),
    )
    if differing:
        note = remark("{joined}; they differ in {columns}", joined=note, columns=differing)
    return replace(export, frame=whole, left_out=(*export.left_out, left_out)).noting(note)


def _combined(groups: "pd.api.typing.DataFrameGroupBy[Any, Any]", name: str, how: How) -> pd.Series:
    return groups[name].sum(min_count=1) if how == "sum" else groups[name].agg(how)


def _differing(groups: "pd.api.typing.DataFrameGroupBy[Any, Any]", name: str) -> int:
    """Count the groups that hold more than one known value."""
    return int((groups[name].nunique() > 1).sum())


def _left_out(reason: Remark, rows: Ints) -> LeftOut:
    return LeftOut(reason, int(rows.size), tuple(int(row) for row in rows[:MOST_ROWS]))


def _text_of(rows: files.Rows, column: Column) -> pd.Series:
    """Return the cells of a column as text; missing throughout if the file does not have it."""
    cells = rows.cells.get(column.name)
    if cells is None:
        return pd.Series(np.nan, index=range(rows.numbers.size), dtype="str")
    return trimmed(cells, text=column.kind in ("key", "text"))


def _of_platform(platform: Platform | None) -> list[Remark]:
    return [remark("read as an export of {platform}: {note}", platform=platform.name, note=platform.note)] if platform else []


def _unused(header: Sequence[str], places: Mapping[str, int]) -> list[Remark]:
    rest = [name for place, name in enumerate(header) if name and place not in places.values()]
    return [remark("columns not used: {names}", names=names_said(rest))] if rest else []


def _filled(export: Export, columns: Sequence[Column]) -> Export:
    for column in columns:
        if column.filled and column.name in export.found:
            export = export.without(export.frame[column.name].isna(), remark("no {column}", column=column.name))
    return export


def _without_repeats(export: Export, columns: Sequence[Column], digests: Ints) -> Export:
    """Leave out rows that equal an earlier one in every column: two exports in one file, or a failed join."""
    same = export.frame[list(export.found)].assign(digest=digests).duplicated().to_numpy()
    if not any(column.kind == "key" and column.name in export.found for column in columns):
        rows = [int(row) for row in export.frame[ROW].to_numpy()[same]]
        note = remark_many(
            "{count} row is the same as an earlier one and is kept, as no column tells them apart ({rows})",
            "{count} rows are the same as an earlier one and are kept, as no column tells them apart ({rows})",
            len(rows),
            rows=rows_said(rows),
        )
        return export.noting(note) if rows else export
    return export.without(same, remark("the same as an earlier row in every column"))


def _understood(
    export: Export, columns: Sequence[Column], delimiter: str, day_order: Order | None, decimal: Separator | None
) -> Export:
    """Replace the text of days and numbers with their values."""
    frame = export.frame
    rows = frame[ROW].to_numpy()
    file = str(export.path)

    def cells(column: Column) -> Cells:
        text = frame[column.name]
        spelt = alike(text) if column.kind == "number" else pared(text)
        spelt = with_first_day(spelt) if column.kind == "period" else spelt
        return Cells.of(text, spelt, rows, file, export.found.get(column.name, column.name))

    there = [column for column in columns if column.name in export.found]
    of_days = [column for column in there if column.kind in ("day", "period")]
    of_numbers = [column for column in there if column.kind == "number"]
    days, on_days = read_days([cells(column) for column in of_days], day_order)
    numbers, on_numbers = read_numbers([cells(column) for column in of_numbers], delimiter, decimal)
    read = zip((*of_days, *of_numbers), (*days, *numbers), strict=True)
    values = {column.name: _nothing(column.kind, len(frame)) for column in columns if column.kind not in ("key", "text")}
    values |= {column.name: found for column, found in read}
    return replace(export, frame=frame.assign(**values)).noting(*on_days, *on_numbers)


def _nothing(kind: Kind, count: int) -> npt.NDArray[Any]:
    """Return the values of a column of days or numbers that the file does not have."""
    return np.full(count, math.nan) if kind == "number" else np.full(count, "NaT", dtype="datetime64[s]")


def _with_remarks(export: Export, columns: Sequence[Column]) -> Export:
    """Add notes on anything odd about keys and text."""
    rows = export.frame[ROW].to_numpy()
    for column in columns:
        if column.kind not in ("key", "text") or column.name not in export.found:
            continue
        text = export.frame[column.name]
        name = export.found[column.name]
        formulas = [int(row) for row in rows[text.str.startswith(FORMULA_STARTS, na=False)]]
        if formulas:
            note = remark_many(
                "{count} cell begins with one of {marks} and is text, never computed ({rows})",
                "{count} cells begin with one of {marks} and are text, never computed ({rows})",
                len(formulas),
                marks=" ".join(FORMULA_STARTS),
                rows=rows_said(formulas),
            )
            export = export.noting(of_column(name, note))
        if column.kind == "key" and (short := [int(row) for row in rows[text.str.fullmatch(SHORTENED_KEY, na=False)]]):
            note = remark_many(
                "{count} key looks shortened by a spreadsheet, as in 1.2E+12 ({rows}); export it as text",
                "{count} keys look shortened by a spreadsheet, as in 1.2E+12 ({rows}); export them as text",
                len(short),
                rows=rows_said(short),
            )
            export = export.noting(of_column(name, note))
    return export
