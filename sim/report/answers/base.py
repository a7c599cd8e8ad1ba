"""What every answer offers, to a terminal, a page, a notebook and a program alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Row = tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """A table as people read it: its rows, the head first, how many columns are flush left, and what stands below it."""

    rows: Sequence[Row]
    notes: Sequence[str] = ()
    left: int = 1


class Answer(Protocol):
    """An answer: first in sentences, then in tables; all of it as a dictionary that JSON can hold."""

    def sentences(self) -> Iterable[str]:
        """Say the answer, the most important first."""

    def tables(self) -> Iterable[TextTable]:
        """Show what the sentences rest on."""

    def to_dict(self) -> Any:
        """Give everything to a program; shares are of 1, amounts in the currency, what is undefined is nan."""
