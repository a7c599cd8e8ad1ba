"""The language of the output: English as in the code, or a translation of it; numbers and dates by Babel.

The language is a context variable, as in Django and Flask-Babel: dozens of small functions say something, and none of them has
to hand it on. Translations are gettext catalogs in `locale/`, read as they are written, so that there is nothing to compile.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Any

ENGLISH = "en"
LANGUAGES = (ENGLISH, "fr")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_spoken = ContextVar("language", default=ENGLISH)


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Use a language, one of `LANGUAGES`, for all messages within the block."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """Return the current language."""
    return _spoken.get()


def say(message: str, /, **values: Any) -> str:
    """Translate a message into the current language, with values in place of the names in braces."""
    told = catalog(spoken()).gettext(message) if message else ""
    return told.format(**values) if values else told


def say_many(one: str, many: str, count: int, /, **values: Any) -> str:
    """Translate a message for one thing or for many; `{count}` is how many."""
    return catalog(spoken()).ngettext(one, many, count).format(count=decimal(count), **values)


def later(message: str) -> str:
    """Mark a constant that is translated later, so that the catalogs include it; return it unchanged."""
    return message


def decimal(value: float, digits: int = 0) -> str:
    """Format a finite number with the separators of the language; what rounds to zero has no sign."""
    rounded = round(float(value), digits) + 0.0
    if spoken() == ENGLISH:
        return f"{rounded:,.{digits}f}"
    from babel.numbers import format_decimal  # noqa: PLC0415  # not for those who speak English

    pattern = "#,##0" + "." * bool(digits) + "0" * digits
    return str(format_decimal(rounded, format=pattern, locale=spoken()))


def shortest(value: float) -> str:
    """Format a number in as few digits as it takes, six at most: `12.5`, `20`."""
    _, _, digits = f"{value:g}".partition(".")
    return f"{value:g}" if "e" in digits else decimal(value, len(digits))


def day(when: date) -> str:
    """Format a date in full."""
    from babel.dates import format_date  # noqa: PLC0415  # only reports name a day

    said = str(format_date(when, format="long", locale=spoken()))
    return said.replace("1", "1er", 1) if spoken() == "fr" and when.day == 1 else said  # Babel has no ordinals


def month(when: date) -> str:
    """Write a month with its year."""
    from babel.dates import format_date  # noqa: PLC0415  # only a trace and a report name one

    return str(format_date(when, format="LLLL y", locale=spoken()))


def months(text: str) -> str:
    """Write a text with short English names of months, such as `2012-Feb`, with those names in the language."""
    if spoken() == ENGLISH:
        return text
    from babel.dates import get_month_names  # noqa: PLC0415  # not for those who speak English

    there = get_month_names("abbreviated", locale=spoken())
    return re.sub("|".join(MONTHS), lambda found: there[MONTHS.index(found[0]) + 1], text)


@cache
def catalog(language: str) -> NullTranslations:
    """Load the translations of a language; none for English."""
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # not for those who speak English
    from babel.messages.pofile import read_po  # noqa: PLC0415

    text = files("sim.report").joinpath("locale", f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
