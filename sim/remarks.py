"""Remarks: English texts said to a user in any layer, with what it takes to say them in another language.

Notes on exports and errors are made of it. It is put into the user's language where it is shown, by
`sim.report.text.remarks.in_language`.
"""

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence

Value = str | float | dt.date | Sequence[str] | os.PathLike[str] | BaseException


class Remark(str):
    """A text that also carries its `message`, with names in braces, and its `values`.

    Where it depends on `how_many` things there are, `message` is that for one, and `many` that for several. A value may be a
    remark itself; any other text among values is that of a file or a name, and the same in all languages.
    """

    message: str
    many: str
    how_many: int
    values: Mapping[str, Value]


class RemarkError(Exception):
    """An error that a user can meet, and set right: what is wrong, then what would be right or what to do next.

    What it says is a remark, and is shown in the user's language; a plain text stays in English.
    """

    def __init__(self, remark: str) -> None:
        super().__init__(remark)


def remark(message: str, /, **values: Value) -> Remark:
    """Build a remark from a message with values in place of the names in braces.

    An error among the values stands for what it says.
    """
    return _built(message, "", 0, values)


def remark_many(one: str, many: str, count: int, /, **values: Value) -> Remark:
    """Build a remark on one thing or on many; `{count}` is how many."""
    return _built(one, many, count, values)


def joined(parts: Iterable[str], by: str = ", ") -> Remark:
    """Join texts, some of which may be remarks, into one remark."""
    parts = list(parts)
    names = [f"part_{number}" for number in range(len(parts))]
    return _built(by.join(f"{{{name}}}" for name in names), "", 0, dict(zip(names, parts, strict=True)))


def remark_of(error: BaseException) -> str:
    """Return what an error says: a remark where it has one, else the text of a library."""
    return error.args[0] if error.args and isinstance(error.args[0], Remark) else str(error)


def _built(message: str, many: str, how_many: int, values: Mapping[str, Value]) -> Remark:
    values = {name: remark_of(one) if isinstance(one, BaseException) else one for name, one in values.items()}
    chosen = many if many and how_many != 1 else message
    told = Remark(chosen.format_map({"count": _written(how_many)} | {name: _written(one) for name, one in values.items()}))
    told.message, told.many, told.how_many, told.values = message, many, how_many, values
    return told


def _written(value: Value) -> str:
    """Write a value in English."""
    if isinstance(value, str | os.PathLike | BaseException):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return ", ".join(value)
