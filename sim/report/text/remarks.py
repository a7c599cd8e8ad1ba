"""Remarks and errors in the language of the output."""

import datetime as dt
import os

from sim.remarks import Remark, Value, remark_of
from sim.report.text.translation import ENGLISH, day, decimal, say, say_many, shortest, spoken


def in_language(remark: str | BaseException) -> str:
    """Say a remark, or what an error remarks, in the current language.

    A text that is not a remark, such as the name of a column, stays as it is.
    """
    remark = remark_of(remark) if isinstance(remark, BaseException) else remark
    if not isinstance(remark, Remark) or spoken() == ENGLISH:
        return str(remark)
    values = {name: _said(value) for name, value in remark.values.items()}
    if remark.many:
        return say_many(remark.message, remark.many, remark.how_many, **values)
    return say(remark.message).format(**values)


def _said(value: Value) -> str:
    """Say a value of a remark."""
    if isinstance(value, str | BaseException):
        return in_language(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, int | float):
        return decimal(value) if isinstance(value, int) else shortest(value)
    return ", ".join(map(in_language, value))
