"""Errors in an export, worded so that the person who exported it can correct them."""

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice

from sim.remarks import Remark, remark, remark_many

MOST_SHOWN = 40
MOST_ROWS = 5
MOST_NAMES = 30
MOST_COMPARED = 200


class ExportError(ValueError):
    """An export that cannot be used: file, row, column, what is wrong, what would be right; in one line."""

    def __init__(
        self, fault: str, *, file: str | None = None, row: int | None = None, column: str | None = None, remedy: str = ""
    ) -> None:
        self.fault, self.file, self.row, self.column, self.remedy = fault, file, row, column, remedy
        cell = ", ".join(
            part for part in (f"row {row}" if row else "", f"column {shown(column)}" if column is not None else "") if part
        )
        name = None if file is None else file if file.isprintable() else repr(file)
        where = ": ".join(part for part in (name, cell) if part)
        text = f"{where}: {fault}" if where else fault
        super().__init__(f"{text}; {remedy}" if remedy else text)


def shown(text: str, most: int = MOST_SHOWN) -> str:
    """Quote the beginning of a cell or name, on one line whatever it holds."""
    start = text if len(text) <= most else f"{text[:most]}..."
    return f"'{start}'" if start.isprintable() else repr(start)


def rows_said(rows: Sequence[int]) -> Remark:
    """Write row numbers: `row 4`, or `rows 4, 9, 12, 13, 20 and 3 more`."""
    first = [str(row) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        return remark("rows {rows} and {more} more", rows=first, more=len(rows) - MOST_ROWS)
    return remark_many("row {rows}", "rows {rows}", len(rows), rows=first)


def names_said(names: Sequence[str]) -> str:
    """Write names in quotes, shortening a long list."""
    first = ", ".join(shown(name) for name in islice(names, MOST_NAMES))
    return remark("{names} and {more} more", names=first, more=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else first


LIKENESS = 0.6


def nearest(name: str, there: Iterable[str], likeness: float = LIKENESS) -> str | None:
    """Return the name that was probably meant, if any is as like as that (0 to 1)."""
    by_lower = {other.lower(): other for other in there if len(other) <= MOST_COMPARED}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=likeness)
    return by_lower[close[0]] if close else None
