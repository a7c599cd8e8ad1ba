"""Days in the spellings that CRMs and spreadsheets use; the order of day and month is found out, never guessed."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.amounts import of_column
from sim.calibrate.cells import MOST_CHARACTERS, Cells
from sim.calibrate.errors import ExportError
from sim.remarks import Remark, remark, remark_many

Days = npt.NDArray[np.datetime64]
Order = Literal["dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1990, 2100
MONTHS = 12
SERIAL_ZERO = dt.date(1899, 12, 30)  # spreadsheets count from here, since they hold 1900 for a leap year

_BLANK = "[ \u00a0\u202f]"
# without groups or look-around: run by Arrow over whole columns
TIME = (
    rf"(?:[Tt]|,?{_BLANK}+(?:at{_BLANK}+)?)(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?"
    rf"{_BLANK}*(?:[AaPp]\.?[Mm]\.?)?{_BLANK}*(?:[Zz]|[A-Z]{{3,5}}|(?:UTC|GMT)?[+-][0-9]{{2}}:?(?:[0-9]{{2}})?)?$"
)
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
RUN_TOGETHER = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4})")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? +)?"
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY_MONTH = re.compile(rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th|\.)?[ -]{_MONTH},?[ -]([0-9]{{4}})", re.IGNORECASE)
MONTH_DAY = re.compile(rf"{_WEEKDAY}{_MONTH}[ -]([0-9]{{1,2}})(?:st|nd|rd|th)?,? *[ ,-]([0-9]{{4}})", re.IGNORECASE)
SHORT_YEAR = re.compile(
    rf"[0-9]{{1,2}}([-/.])[0-9]{{1,2}}\1[0-9]{{2}}|[0-9]{{1,2}}[. -]+{_MONTH}[ ,-]+'?[0-9]{{2}}", re.IGNORECASE
)
SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
MONTHS_ALONE = {
    r"^([0-9]{4})[-/.]([0-9]{1,2})$": r"\1-\2-01",
    r"^([0-9]{1,2})[-/.]([0-9]{4})$": r"\2-\1-01",
    r"^((?:19|20)[0-9]{2})([0-9]{2})$": r"\1-\2-01",
    r"^([A-Za-z]+\.?)[ -]([0-9]{4})$": r"1 \1 \2",
}
MONTH_NUMBERS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}


@dataclass(frozen=True)
class Spelt:
    """A day as a cell spells it; if `open`, month and day are in the order written, and may be the other way round."""

    year: int
    month: int
    day: int
    open: bool = False
    dotted: bool = False
    serial: bool = False

    def in_order(self, order: Order) -> "Spelt":
        """Return this date with day and month in the given order."""
        if self.open and order == "dmy":
            return Spelt(self.year, self.day, self.month)
        return self


@dataclass(frozen=True)
class Unreadable:
    """The reason why a cell is not a day, and an example of one that is."""

    fault: str
    remedy: str


NO_DAY = Unreadable("is not a day", "write days as 2018-03-31, and leave the cell empty where none is known")
NO_CENTURY = Unreadable("has a year of two digits", "export years with four digits, as 2018-03-31")


def spelt(text: str) -> Spelt | Unreadable:
    """Parse one cell, without its time of day."""
    if len(text) > MOST_CHARACTERS:
        return NO_DAY
    for pattern, read in SPELLINGS:
        if found := pattern.fullmatch(text):
            return read(found)
    return NO_CENTURY if SHORT_YEAR.fullmatch(text) else NO_DAY


def _month(name: str) -> int:
    return MONTH_NUMBERS[name[:3].lower()]


def _of_serial(number: int) -> Spelt:
    day = SERIAL_ZERO + dt.timedelta(days=number)
    return Spelt(day.year, day.month, day.day, serial=True)


SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Spelt]], ...] = (
    (YEAR_FIRST, lambda found: Spelt(int(found[1]), int(found[3]), int(found[4]))),
    (YEAR_LAST, lambda found: Spelt(int(found[4]), int(found[1]), int(found[3]), open=True, dotted=found[2] == ".")),
    (DAY_MONTH, lambda found: Spelt(int(found[3]), _month(found[2]), int(found[1]))),
    (MONTH_DAY, lambda found: Spelt(int(found[3]), _month(found[1]), int(found[2]))),
    (RUN_TOGETHER, lambda found: Spelt(int(found[1]), int(found[2]), int(found[3]))),
    (SERIAL, lambda found: _of_serial(int(found[1]))),
)


def pared(text: pd.Series) -> pd.Series:
    """Remove the time of day from cells."""
    return text.str.replace(TIME, "", regex=True)


def with_first_day(text: pd.Series) -> pd.Series:
    """Put the first day into cells that name a month: 2018-03, 03/2018, 201803, March 2018."""
    for pattern, day in MONTHS_ALONE.items():
        text = text.str.replace(pattern, day, regex=True)
    return text


def read_days(columns: Sequence[Cells], order: Order | None) -> tuple[list[Days], list[Remark]]:
    """Read the days of some columns of one file, told apart by `pared`, and note what was decided on the way.

    Raises
    ------
    ExportError
        At the first cell of a column that is not a day, or whose order of day and month cannot be determined.
    """
    read = [_spelt(cells) for cells in columns]
    evidence = [_Evidence.of(cells, spellings) for cells, spellings in zip(columns, read, strict=True)]
    told = {found.order() for found in evidence} - {None}
    elsewhere = told.pop() if len(told) == 1 else None
    days: list[Days] = []
    notes: list[Remark] = []
    for cells, spellings, found in zip(columns, read, evidence, strict=True):
        settled, why = found.settled(order, elsewhere)
        days.append(_on_calendar(cells, [day.in_order(settled) for day in spellings]))
        notes += [of_column(cells.column, note) for note in (why, *_remarks(cells, spellings)) if note]
    return days, notes


def _spelt(cells: Cells) -> list[Spelt]:
    read = [spelt(text) for text in cells.spellings]
    for kind in (NO_CENTURY, NO_DAY):
        if wrong := [index for index, day in enumerate(read) if day is kind]:
            raise cells.refused(wrong, kind.fault, kind.remedy)
    return [day for day in read if isinstance(day, Spelt)]


@dataclass(frozen=True)
class _Evidence:
    """The first spelling of a column that can only be day-first, only month-first, or either; None if there is none."""

    cells: Cells
    day_first: int | None
    month_first: int | None
    dotted: int | None
    either: int | None

    @classmethod
    def of(cls, cells: Cells, days: Sequence[Spelt]) -> "_Evidence":
        """Gather the evidence of a column, refusing one that contradicts itself."""
        numbered = [(index, day) for index, day in enumerate(days) if day.open and min(day.day, day.month) > 0]
        day_first = _first(index for index, day in numbered if day.month > MONTHS >= day.day)
        month_first = _first(index for index, day in numbered if day.day > MONTHS >= day.month)
        if day_first is not None and month_first is not None:
            raise ExportError(
                f"mixed date orders: {cells.quoted(day_first)} has the day first, {cells.quoted(month_first)} the month",
                file=cells.file,
                column=cells.column,
                remedy="export the days in one order, best as 2018-03-31",
            )
        either = _first(index for index, day in numbered if day.day != day.month and max(day.day, day.month) <= MONTHS)
        return cls(cells, day_first, month_first, _first(index for index, day in numbered if day.dotted), either)

    def order(self) -> Order | None:
        """Return the order that the column's own numbers show."""
        return "dmy" if self.day_first is not None else "mdy" if self.month_first is not None else None

    def settled(self, asked: Order | None, elsewhere: Order | None) -> tuple[Order, Remark | None]:
        """Return the order of the column, and a note that says why; no note where it makes no difference."""
        own = self.order()
        if own is not None:
            witness = self.day_first if own == "dmy" else self.month_first
            assert witness is not None
            if asked not in (None, own):
                raise self.cells.refused(
                    [witness], f"cannot be of the order {asked}", f"try --day-order {own}, or leave it out"
                )
            return own, remark("{order}, as {cell} shows", order=_WORDS[own], cell=self.cells.quoted(witness))
        if self.either is None:
            return "dmy", None
        if asked is not None:
            return asked, remark("{order}, as --day-order {asked} says", order=_WORDS[asked], asked=asked)
        if elsewhere is not None:
            return elsewhere, remark("{order}, as in the other columns of days", order=_WORDS[elsewhere])
        if self.dotted is not None:
            dotted = self.cells.quoted(self.dotted)
            return "dmy", remark("{order}, as is usual with dots between them ({cell})", order=_WORDS["dmy"], cell=dotted)
        raise self.cells.refused(
            [self.either],
            "may have the day or the month first, and no day of the file tells",
            "say which with --day-order dmy (day first) or --day-order mdy (month first)",
        )


_WORDS = {"dmy": remark("the day comes before the month"), "mdy": remark("the month comes before the day")}


def _first(indices: Iterable[int]) -> int | None:
    return next(iter(indices), None)


def _on_calendar(cells: Cells, days: Sequence[Spelt]) -> Days:
    """Return the days of all cells, at midnight, refusing those that no calendar has."""
    known = np.full(len(days) + 1, "NaT", dtype="datetime64[s]")  # the last for code -1
    impossible, far = [], []
    for index, day in enumerate(days):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            far.append(index)
            continue
        try:
            known[index] = np.datetime64(dt.date(day.year, day.month, day.day), "s")
        except ValueError:
            impossible.append(index)
    if impossible:
        raise cells.refused(impossible, "is not a day of the calendar", "correct it in the file or leave the cell empty")
    if far:
        raise cells.refused(
            far, f"is not a day of {FIRST_YEAR} to {LAST_YEAR}", "correct it in the file or leave the cell empty"
        )
    taken: Days = known[cells.codes]
    return taken


def _remarks(cells: Cells, days: Sequence[Spelt]) -> Iterable[Remark]:
    serial = [index for index, day in enumerate(days) if day.serial]
    if serial:
        yield remark_many(
            "{count} serial number of a spreadsheet read as days since {day} ({cell})",
            "{count} serial numbers of a spreadsheet read as days since {day} ({cell})",
            cells.rows_with(serial).size,
            day=SERIAL_ZERO,
            cell=cells.quoted(serial[0]),
        )
    with_time = cells.text.str.contains(":", regex=False, na=False)
    if with_time.any():
        yield remark_many(
            "{count} cell has a time of day, which is ignored; the day is as written, in its own time zone",
            "{count} cells have a time of day, which is ignored; the day is as written, in its own time zone",
            int(with_time.sum()),
        )
