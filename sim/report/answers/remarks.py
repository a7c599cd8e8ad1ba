"""Remarks on an export, in words: what was left out of it or handled in it."""

from collections.abc import Iterator

from sim.calibrate.exports import Export
from sim.report.text.remarks import in_language
from sim.report.text.translation import decimal, say_many


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
