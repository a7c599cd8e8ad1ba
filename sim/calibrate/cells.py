"""The cells of one column as text, each with its row, so that what is said of a cell can be placed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.errors import ExportError, rows_said, shown

Ints = npt.NDArray[np.int64]

MISSING = ("", "-", "–", "—", "null", "none", "n/a", "#n/a", "nan")
MISSING_IF_NOT_TEXT = ("na", "nat")  # in text NA may be a region, and a key


def trimmed(cells: pd.Series, *, text: bool) -> pd.Series:
    """Cells without the blanks around them; those that say that nothing is known are missing."""
    bare = cells.str.strip()
    unknown = MISSING if text else (*MISSING, *MISSING_IF_NOT_TEXT)
    return bare.mask(bare.str.lower().isin(unknown))


@dataclass(frozen=True)
class Cells:
    """A column of a file; equal spellings are read once: `spellings[codes[i]]` is what cell i says, code -1 is missing."""

    file: str
    column: str
    text: pd.Series
    rows: Ints
    codes: Ints
    spellings: list[str]

    @classmethod
    def of(cls, text: pd.Series, rows: Ints, file: str, column: str, pared: pd.Series | None = None) -> "Cells":
        """Cells of a trimmed column; `pared` holds what is to be read of each if that is not all of it."""
        codes, spellings = pd.factorize(text if pared is None else pared)
        return cls(file, column, text, rows, np.asarray(codes, dtype=np.int64), [str(spelling) for spelling in spellings])

    def row(self, spelling: int) -> int:
        """The first row that has a spelling."""
        return int(self.rows[self._first(spelling)])

    def quoted(self, spelling: int) -> str:
        """A spelling and where it first is: `'1,5' in row 3`."""
        return f"{self.cell(spelling)} in row {self.row(spelling)}"

    def cell(self, spelling: int) -> str:
        """The first cell that has a spelling, in quotes."""
        return shown(str(self.text.iloc[self._first(spelling)]))

    def rows_with(self, spellings: Sequence[int]) -> Ints:
        """All rows that have one of some spellings."""
        return self.rows[np.isin(self.codes, np.asarray(spellings, dtype=np.int64))]

    def refused(self, spellings: Sequence[int], fault: str, remedy: str) -> ExportError:
        """An error about all cells with some spellings, placed at the first: the fault continues `'12' ...`."""
        first = min(spellings)
        others = self.rows_with(spellings)[1:]
        also = f" (the like in {rows_said([int(row) for row in others])})" if others.size else ""
        return ExportError(
            f"{self.cell(first)} {fault}{also}", file=self.file, row=self.row(first), column=self.column, remedy=remedy
        )

    def _first(self, spelling: int) -> int:
        return int(np.argmax(self.codes == spelling))
