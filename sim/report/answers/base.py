"""The interface of every answer, for a terminal, a page, a notebook and a program alike."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.html.parts import heading, html_table, paragraphs
from sim.report.text.cells import frame_of

Row = tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """A table as people read it: its rows, the head first, how many columns are flush left, and what stands below it."""

    rows: Sequence[Row]
    notes: Sequence[str] = ()
    left: int = 1


@dataclass(frozen=True)
class Part:
    """A part of an answer: its heading (none, if the answer is in one part), then sentences, then tables."""

    heading: str
    sentences: Sequence[str]
    tables: Sequence[TextTable] = ()


class Answer(ABC):
    """An answer: first in sentences, then in tables; all of it as a dictionary that JSON can hold."""

    def parts(self) -> Iterable[Part]:
        """Divide the answer into parts, the most important first."""
        yield Part("", list(self.sentences()), list(self.tables()))

    @abstractmethod
    def sentences(self) -> Iterable[str]:
        """Say the answer, the most important first."""

    @abstractmethod
    def tables(self) -> Iterable[TextTable]:
        """Show what the sentences rest on."""

    @abstractmethod
    def to_dict(self) -> Any:
        """Give everything to a program; shares are of 1, amounts in the currency, what is undefined is nan."""

    def _repr_html_(self) -> str:
        """Show the same in a notebook."""
        shown = []
        for part in self.parts():
            shown += [heading(part.heading), paragraphs(part.sentences)]
            for table in part.tables:
                shown += [html_table(frame_of(table.rows), part.heading), paragraphs(table.notes)]
        return "".join(shown)
