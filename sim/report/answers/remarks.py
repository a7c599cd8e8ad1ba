"""Remarks on an export, in words: what was left out of it or handled in it."""

import datetime as dt
from collections.abc import Iterator

from sim.calibrate.exports import Export
from sim.calibrate.remarks import Remark, Value
from sim.report.text.translation import ENGLISH, day, decimal, say, say_many, shortest, spoken


def remarks(export: Export) -> Iterator[str]:
    """Say which rows were left out and why, then what the reading of the file remarked."""
    for one in export.left_out:
        numbers = ", ".join(decimal(row) for row in one.rows) + (", ..." if one.count > len(one.rows) else "")
        yield say_many(
            "{count} row left out: {reason} (row {rows})",
            "{count} rows left out: {reason} (rows {rows})",
            one.count,
            reason=in_language(one.reason),
            rows=numbers,
        )
    yield from map(in_language, export.notes)


def in_language(remark: str) -> str:
    """Say a remark in the current language; a text that is none, such as the name of a column, stays as it is."""
    if not isinstance(remark, Remark) or spoken() == ENGLISH:
        return str(remark)
    values = {name: _said(value) for name, value in remark.values.items()}
    if remark.many:
        return say_many(remark.message, remark.many, remark.how_many, **values)
    return say(remark.message, **values)


def _said(value: Value) -> str:
    """Say a value of a remark."""
    if isinstance(value, str):
        return in_language(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, int | float):
        return decimal(value) if isinstance(value, int) else shortest(value)
    return ", ".join(map(in_language, value))
