"""Currencies of amounts: which column gives them, and whether there is one."""

import re
from collections.abc import Mapping, Sequence

from sim.calibrate.amounts import CURRENCIES
from sim.calibrate.columns import Column, Contender
from sim.calibrate.errors import ExportError, names_said
from sim.calibrate.exports import Export
from sim.calibrate.outcomes import LETTERS, bare
from sim.remarks import remark

HEADERS = re.compile(r"currenc|wahrung|waehrung|devise|moneda|divisa|valuta|moeda|monnaie")
BETWEEN = frozenset({
    "of", "the", "iso", "code", "symbol", "de", "des", "du", "der", "la", "le", "del", "della", "van", "von", "in",
    "record", "transaction", "name",
})  # fmt: skip
CONVERTED = frozenset({
    "company", "converted", "base", "home", "corporate", "reporting", "konvertiert", "umgerechnet", "converti", "convertie",
    "convertido", "convertida", "convertito", "empresa", "entreprise", "societe", "unternehmens", "hauswahrung", "azienda",
    "aziendale", "bedrijf",
})  # fmt: skip
NAMES = {
    "euro": "EUR", "euros": "EUR", "us dollar": "USD", "dollar": "USD", "dollars": "USD", "$": "USD", "us$": "USD",
    "pound": "GBP", "pound sterling": "GBP", "british pound": "GBP", "yen": "JPY", "japanese yen": "JPY", "swiss franc": "CHF",
}  # fmt: skip


def is_header(name: str) -> bool:
    """Return whether a column may give currencies."""
    return bool(HEADERS.search(bare(name)))


def is_converted(name: str) -> bool:
    """Return whether the name of a column of amounts says that all are in one currency: the company's, or one named."""
    there = set(LETTERS.findall(bare(name)))
    return bool(there & CONVERTED) or bool(there & {code.casefold() for code in CURRENCIES if len(code) == 3})


def choose(contenders: Sequence[Contender], found: Mapping[str, str], file: str) -> Contender | None:  # noqa: ARG001
    """Choose the column of currencies that goes with that of the amounts: `Amount Currency` goes with `Amount`."""
    value = found.get("value", "")
    if is_converted(value):
        return next((one for one in contenders if is_converted(one.header) and _about(one.header) <= _about(value)), None)
    there = [one for one in contenders if not is_converted(one.header) and _are_currencies(one)]
    near = [one for one in there if _about(one.header) <= _about(value)]
    return max(near or there, key=lambda one: len(one.words), default=None)


def _about(header: str) -> set[str]:
    return {word for word in LETTERS.findall(bare(header)) if not HEADERS.search(word)} - BETWEEN


def _are_currencies(one: Contender) -> bool:
    """Return whether cells are codes or names, not numbers such as an amount in the company's currency."""
    return all(LETTERS.search(word) or word in CURRENCIES for word in one.words)


CURRENCY = Column(
    "currency", "text", ("currency code", "deal currency", "currency iso code"), needed=False, may_be=is_header, chooser=choose
)


def in_one(export: Export) -> Export:
    """Return the export with a note of its currency.

    Raises
    ------
    ExportError
        If its amounts are in several currencies.
    """
    converted = [name for name in export.header if is_converted(name) and name != export.found["value"]]
    if "currency" not in export.found:
        if is_converted(export.found["value"]) and any(map(is_header, export.header)):
            return export.noting(
                remark(
                    "column '{column}' is in one currency, as its name says; other columns give those of the originals",
                    column=export.found["value"],
                )
            )
        return export
    there = sorted({_code(one) for one in export.frame["currency"].dropna().unique()})
    if len(there) > 1:
        instead = [name for name in converted if not is_header(name) or "amount" in bare(name)]
        other = f", or name the column in one currency with --columns and the line `value: {instead[0]}`" if instead else ""
        raise ExportError(
            f"values are in {', '.join(there[:5])} (column {names_said([export.found['currency']])})",
            file=str(export.path),
            remedy=f"export them in one of them{other}",
        )
    column = export.found["currency"]
    return export.noting(
        *(remark("values are in {currency}, as column '{column}' says", currency=one, column=column) for one in there)
    )


def _code(text: str) -> str:
    said = bare(text)
    inner = re.search(r"\b([A-Z]{3})\b", text)
    return NAMES.get(said) or (inner[1] if inner else text.strip().upper())
