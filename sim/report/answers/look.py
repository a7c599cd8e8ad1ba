"""A preview of how an export is read: columns, words, and what would be left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.calibrate.look import Look
from sim.calibrate.outcomes import Words
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.remarks import remarks
from sim.report.text.translation import decimal, say


@dataclass(frozen=True)
class Looked(Answer):
    """The answer of `sim calibrate look`: how a command would read an export."""

    found: Look

    def sentences(self) -> Iterable[str]:
        """Say whether the command would read the file, and what it would leave out and why."""
        found = self.found
        if found.refusal is None:
            yield say("sim calibrate {kind} reads this file as follows.", kind=found.kind)
        else:
            yield say("sim calibrate {kind} would refuse this file: {refusal}", kind=found.kind, refusal=found.refusal)
        if found.export is not None:
            kept, rows = len(found.export.frame), found.export.rows
            yield say("{kept} of {rows} rows are used.", kept=decimal(kept), rows=decimal(rows))
            yield from remarks(found.export)

    def tables(self) -> Iterable[TextTable]:
        """Show the columns, and the words of outcomes with how many rows have each."""
        note = say("Rows with something in the column are counted among the first {rows}.", rows=decimal(self.found.rows))
        yield TextTable([*_columns(self.found)], (note,), left=4)
        if self.found.words:
            yield TextTable([*_words(self.found.words)], left=2)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        found = self.found
        return {
            "kind": found.kind,
            "refusal": found.refusal,
            "columns": [
                {"header": one.header, "filled": one.filled, "examples": list(one.examples), "taken_for": one.taken_for}
                for one in found.columns
            ],
            "words": [
                {"column": found.words.column, "word": word, "rows": count, "meaning": found.words.meanings[word]}
                for word, count in found.words.counts.items()
            ]
            if found.words
            else [],
            "rows": found.export.rows if found.export else None,
            "left_out": [{"reason": one.reason, "count": one.count} for one in (found.export.left_out if found.export else ())],
            "notes": list(found.export.notes if found.export else ()),
        }


def _columns(found: Look) -> Iterator[tuple[str, ...]]:
    yield say("column"), say("taken for"), say("examples"), say("rows")
    for one in found.columns:
        yield one.header, one.taken_for or say("not used"), "; ".join(one.examples), decimal(one.filled)


def _words(words: Words) -> Iterator[tuple[str, ...]]:
    yield words.column, say("taken for"), say("rows")
    said = {
        "won": say("won"), "lost": say("lost"), "open": say("open"), "no": say("not won"),
        "closed": say("closed, won or lost"), "unknown": say("not understood"),
    }  # fmt: skip
    for word, count in words.counts.items():
        yield word, said[words.meanings[word]], decimal(count)
