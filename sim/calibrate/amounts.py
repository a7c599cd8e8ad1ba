"""Numbers as people and platforms write them: separators, currencies, percentages; settled for a whole column."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.cells import MOST_CHARACTERS, Cells
from sim.calibrate.errors import ExportError
from sim.remarks import Remark, remark, remark_many

Numbers = npt.NDArray[np.float64]
Separator = Literal[".", ","]

# what a sign or code is counted as; the dollar sign alone may be anybody's
CURRENCIES = {
    "$": "$", "US$": "$", "USD": "$", "A$": "AUD", "AU$": "AUD", "AUD": "AUD", "C$": "CAD", "CA$": "CAD", "CAD": "CAD",
    "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "R$": "BRL", "BRL": "BRL", "¥": "¥", "JPY": "JPY", "CNY": "CNY",
    "₹": "INR", "INR": "INR", "CHF": "CHF", "Fr.": "CHF", "kr": "kr", "kr.": "kr", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK",
    "zł": "PLN", "PLN": "PLN", "Kč": "CZK", "CZK": "CZK", "HUF": "HUF", "RON": "RON", "TRY": "TRY", "ILS": "ILS",
    "MXN": "MXN", "SGD": "SGD", "HKD": "HKD", "NZD": "NZD", "ZAR": "ZAR", "KRW": "KRW", "AED": "AED",
}  # fmt: skip
# what a letter or word after the digits multiplies them by
SCALES = {
    "K": 1e3, "k": 1e3, "Tsd": 1e3, "Tsd.": 1e3, "mil": 1e3, "M": 1e6, "Mio": 1e6, "Mio.": 1e6, "mln": 1e6, "MM": 1e6,
    "B": 1e9, "bn": 1e9, "Mrd": 1e9, "Mrd.": 1e9, "lakh": 1e5, "lakhs": 1e5, "L": 1e5, "crore": 1e7, "crores": 1e7,
    "Cr": 1e7,
}  # fmt: skip
_SCALE = "|".join(re.escape(scale) for scale in sorted(SCALES, key=len, reverse=True))
_UNIT = "|".join(re.escape(unit) for unit in sorted(CURRENCIES, key=len, reverse=True))
_BLANK = "[ \u00a0\u2009\u202f]"
_SIGN = "[-+\u2212]"
AMOUNT = re.compile(
    rf"(?P<open>\()?{_BLANK}*(?P<sign>{_SIGN})?{_BLANK}*(?P<before>{_UNIT})?{_BLANK}*(?P<sign_after>{_SIGN})?{_BLANK}*"
    rf"(?P<digits>[0-9.,](?:[0-9.,'’]|{_BLANK}(?=[0-9]))*)(?P<power>[eE][-+]?[0-9]{{1,3}})?{_BLANK}*"
    rf"(?P<scale>{_SCALE})?{_BLANK}*(?P<percent>%)?(?P<after>{_UNIT})?{_BLANK}*(?P<close>\))?"
)
# a digit at least, perhaps groups of three all parted alike, perhaps a decimal part
GROUPED = re.compile(
    r"(?=.*[0-9])(?:[0-9]{1,3}(?P<group>[ '.,])[0-9]{3}(?:(?P=group)[0-9]{3})*|[0-9]*)(?:(?P<decimal>[.,])[0-9]*)?"
)
INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?P<decimal>\.[0-9]*)?")  # 12,34,567.89
SAME_BLANK = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "’": "'"})
_BETWEEN = " \u00a0\u2009\u202f'’"
TO_PLAIN = {".": str.maketrans("", "", f"{_BETWEEN},"), ",": str.maketrans(",", ".", f"{_BETWEEN}.")}
PERCENT = 100.0


class Amount(NamedTuple):
    """The way a cell spells a number; if `open` is a separator, it may part thousands as well as decimals."""

    sign: float
    begins: int
    ends: int
    decimal: Separator | None
    open: Separator | None
    unit: str | None
    percent: bool
    nought: bool
    scale: str | None = None

    def value(self, text: str, decimal: Separator) -> float:
        """Return the number in the cell, given which separator marks the decimals."""
        number = float(text[self.begins : self.ends].translate(TO_PLAIN[decimal]))
        return self.sign * (number / PERCENT if self.percent else number * SCALES[self.scale] if self.scale else number)


def alike(text: pd.Series) -> pd.Series:
    """Replace every digit but 0 with 9, so that numbers that differ only in those digits are read together."""
    return text.str.replace("[1-9]", "9", regex=True)


def amount(text: str) -> Amount | None:
    """Parse one cell; None if it is not a number."""
    found = AMOUNT.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if not found or (found["open"] is None) != (found["close"] is None) or (found["sign"] and found["sign_after"]):
        return None
    if found["before"] and found["after"] and CURRENCIES[found["before"]] != CURRENCIES[found["after"]]:
        return None
    separators = _separators(found["digits"].translate(SAME_BLANK))
    if separators is None:
        return None
    decimal, either = separators
    if found["power"]:  # machines write these, and part no thousands
        decimal, either = decimal or either, None
    minus = found["open"] is not None or (found["sign"] or found["sign_after"] or "+") != "+"
    unit = found["before"] or found["after"]
    return Amount(
        sign=-1.0 if minus else 1.0,
        begins=found.start("digits"),
        ends=found.end("digits") + len(found["power"] or ""),
        decimal=decimal,
        open=either,
        unit=CURRENCIES[unit] if unit else None,
        percent=found["percent"] is not None,
        nought=not any(character in "123456789" for character in found["digits"]),
        scale=found["scale"],
    )


def _separators(digits: str) -> tuple[Separator | None, Separator | None] | None:
    """Return the separator that must mark decimals and the one that may; None if the digits are not a number."""
    if digits.isdigit():
        return None, None
    found = GROUPED.fullmatch(digits)
    if not found:
        return (".", None) if INDIAN.fullmatch(digits) else None
    group, decimal = found["group"], found["decimal"]
    if decimal is not None:
        return None if group == decimal else (_separator(decimal), None)
    if group in (" ", "'"):
        return None, None
    separator = _separator(group)
    if digits.count(separator) > 1:
        return None if digits.startswith("0") else (_other(separator), None)
    return (separator, None) if digits.startswith("0") else (None, separator)


def _separator(character: str) -> Separator:
    return "." if character == "." else ","


def _other(separator: Separator) -> Separator:
    return "," if separator == "." else "."


def read_numbers(columns: Sequence[Cells], delimiter: str, asked: Separator | None) -> tuple[list[Numbers], list[Remark]]:
    """Read the numbers of some columns of one file, told apart by `alike`, and note what was decided on the way.

    Raises
    ------
    ExportError
        At the first cell of a column that is not a number, or that contradicts another.
    """
    read = [_amounts(cells) for cells in columns]
    own = [_decimal(cells, amounts, asked) for cells, amounts in zip(columns, read, strict=True)]
    told = {separator for separator in own if separator is not None}
    elsewhere = told.pop() if len(told) == 1 else None
    numbers: list[Numbers] = []
    notes: list[Remark] = []
    for cells, amounts, decimal in zip(columns, read, own, strict=True):
        settled, why = _settled(cells, amounts, decimal or asked, elsewhere, delimiter)
        numbers.append(_values(cells, amounts, settled))
        notes += [of_column(cells.column, note) for note in (why, *_remarks(cells, amounts)) if note]
    return numbers, notes


def of_column(column: str, note: Remark) -> Remark:
    """Build the remark on a column of a file."""
    return remark("column '{column}': {note}", column=column, note=note)


def _amounts(cells: Cells) -> list[Amount]:
    """Return the amounts of a column, all of one currency and either all or none of them percentages."""
    read = [amount(text) for text in cells.spellings]
    if wrong := [index for index, found in enumerate(read) if found is None]:
        raise cells.refused(wrong, "is not a number", "write numbers as 1234.56, and leave the cell empty where none is known")
    amounts = [found for found in read if found is not None]
    units: dict[str, int] = {}
    shares: dict[bool, int] = {}
    for index, found in enumerate(amounts):
        if found.unit is not None:
            units.setdefault(found.unit, index)
        if not found.nought:  # nought is the same either way
            shares.setdefault(found.percent, index)
    for kinds, fault, remedy in (
        (list(units.values()), "mixed currencies", "convert them to one"),
        (list(shares.values()), "percentages mixed with plain numbers", "write all of them with % or none"),
    ):
        if len(kinds) > 1:
            raise _mixed(cells, fault, kinds, remedy)
    return amounts


def _decimal(cells: Cells, amounts: Sequence[Amount], asked: Separator | None) -> Separator | None:
    """Return the decimal separator that the column's own numbers show."""
    witnesses: dict[Separator, int] = {}
    for index, found in enumerate(amounts):
        if found.decimal is not None:
            witnesses.setdefault(found.decimal, index)
    if len(witnesses) > 1:
        raise _mixed(
            cells, "mixed decimal separators", list(witnesses.values()), "export the numbers in one way, best as 1234.56"
        )
    for separator, index in witnesses.items():
        if asked not in (None, separator):
            raise cells.refused([index], f"cannot have {asked!r} before its decimals", "leave --decimal out, or give the other")
        return separator
    return None


def _mixed(cells: Cells, fault: str, kinds: Sequence[int], remedy: str) -> ExportError:
    said = " and ".join(cells.quoted(index) for index in kinds[:2])
    return ExportError(f"{fault}: {said}", file=cells.file, column=cells.column, remedy=remedy)


def _settled(
    cells: Cells, amounts: Sequence[Amount], told: Separator | None, elsewhere: Separator | None, delimiter: str
) -> tuple[Separator, Remark | None]:
    """Return the decimal separator, with a note where the column's own numbers leave it open."""
    separators = {found.open: index for index, found in reversed(list(enumerate(amounts))) if found.open is not None}
    if told is not None:
        return told, remark("decimal commas") if told == "," else None
    if not separators:
        return ".", None
    if len(separators) > 1:
        raise _mixed(cells, "thousands or decimals cannot be told apart", sorted(separators.values()), "export them as 1234.56")
    separator, index = separators.popitem()
    assert separator is not None
    if elsewhere is not None:
        decimal, why = elsewhere, remark("as the other columns of numbers show")
    elif separator == "," or delimiter == ";":
        decimal, why = _other(separator), remark("as the digits after it come in groups of three in every cell")
    else:
        raise cells.refused(
            [place for place, found in enumerate(amounts) if found.open is not None],
            "may have thousands or decimals after its point, and no number of the file tells",
            "say which with --decimal , (the point parts thousands) or --decimal . (the point marks decimals)",
        )
    mark = remark("the comma") if separator == "," else remark("the point")
    if separator == decimal:
        reading = remark("{mark} in {cell} and the like is taken as a decimal separator", mark=mark, cell=cells.quoted(index))
    else:
        reading = remark("{mark} in {cell} and the like is taken as a thousands separator", mark=mark, cell=cells.quoted(index))
    return decimal, remark("{reading}, {why}; if that is wrong, give --decimal", reading=reading, why=why)


def _values(cells: Cells, amounts: Sequence[Amount], decimal: Separator) -> Numbers:
    values = np.full(len(cells.text), math.nan)
    known = np.flatnonzero(cells.codes >= 0)
    texts = cells.text.iloc[known]
    values[known] = [amounts[code].value(text, decimal) for code, text in zip(cells.codes[known].tolist(), texts, strict=True)]
    huge = np.flatnonzero(np.isinf(values))
    if huge.size:
        raise cells.refused_at(huge, "is too large a number to compute with", "correct it in the file")
    return values


def _remarks(cells: Cells, amounts: Sequence[Amount]) -> Iterable[Remark]:
    for unit in {found.unit for found in amounts if found.unit is not None}:
        yield remark("amounts in {currency}", currency=unit)
        bare = cells.rows_with([index for index, found in enumerate(amounts) if found.unit is None]).size
        if bare:
            yield remark_many(
                "{count} cell without a currency is taken to be in {currency} too",
                "{count} cells without a currency are taken to be in {currency} too",
                bare,
                currency=unit,
            )
    for scale in sorted({found.scale for found in amounts if found.scale is not None}):
        yield remark("{letter} after a number is read as times {times}", letter=scale, times=round(SCALES[scale]))
    if any(found.percent for found in amounts):
        yield remark("percentages read as shares (12 % is 0.12)")
