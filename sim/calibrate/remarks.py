"""Remarks on an export: an English text that carries what it takes to say it in another language."""

import datetime as dt
from collections.abc import Mapping, Sequence

Value = str | float | dt.date | Sequence[str]


class Remark(str):
    """A text that also carries its `message`, with names in braces, and its `values`.

    Where it depends on `how_many` things there are, `message` is that for one, and `many` that for several. A value may be a
    remark itself; any other text among values is that of a file or a name, and the same in all languages.
    """

    message: str
    many: str
    how_many: int
    values: Mapping[str, Value]


def remark(message: str, /, **values: Value) -> Remark:
    """Build a remark from a message with values in place of the names in braces."""
    return _built(message, "", 0, values)


def remark_many(one: str, many: str, count: int, /, **values: Value) -> Remark:
    """Build a remark on one thing or on many; `{count}` is how many."""
    return _built(one, many, count, values)


def _built(message: str, many: str, how_many: int, values: Mapping[str, Value]) -> Remark:
    chosen = many if many and how_many != 1 else message
    told = Remark(chosen.format_map({"count": _written(how_many)} | {name: _written(one) for name, one in values.items()}))
    told.message, told.many, told.how_many, told.values = message, many, how_many, values
    return told


def _written(value: Value) -> str:
    """Write a value in English."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    return ", ".join(value)
