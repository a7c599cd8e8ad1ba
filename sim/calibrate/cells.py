"""The cells of one column as text, each with its row, so that a message about a cell can name its place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.errors import ExportError, rows_said, shown
from sim.remarks import Remark, remark

Ints = npt.NDArray[np.int64]

MISSING = ("", "-", "–", "—", "null", "none", "n/a", "#n/a", "nan")
MOST_CHARACTERS = 100  # of a day or number; a longer cell may take a pattern for ever
MISSING_IF_NOT_TEXT = ("na", "nat")  # in text NA may be a region, and a key


def trimmed(cells: pd.Series, *, text: bool) -> pd.Series:
    """Strip the blanks around cells; those that stand for an unknown value become missing."""
    bare = cells.str.strip()
    unknown = MISSING if text else (*MISSING, *MISSING_IF_NOT_TEXT)
    return bare.mask(bare.str.lower().isin(unknown))


@dataclass(frozen=True)
class Cells:
    """A column of a file; cells spelt alike are read once: `spellings[codes[i]]` is how cell i is spelt, code -1 is missing."""

    file: str
    column: str
    text: pd.Series
    rows: Ints
    codes: Ints
    spellings: list[str]

    @classmethod
    def of(cls, text: pd.Series, spelt: pd.Series, rows: Ints, file: str, column: str) -> "Cells":
        """Build cells from trimmed text; `spelt` holds what distinguishes them."""
        codes, spellings = pd.factorize(spelt)
        return cls(file, column, text, rows, np.asarray(codes, dtype=np.int64), [str(spelling) for spelling in spellings])

    def row(self, spelling: int) -> int:
        """Return the first row that has a spelling."""
        return int(self.rows[self._first(spelling)])

    def quoted(self, spelling: int) -> Remark:
        """Quote a spelling with its first place: `'1,5' in row 3`."""
        return remark("{cell} in row {row}", cell=self.cell(spelling), row=str(self.row(spelling)))

    def cell(self, spelling: int) -> str:
        """Return the first cell that has a spelling, in quotes."""
        return shown(str(self.text.iloc[self._first(spelling)]))

    def rows_with(self, spellings: Sequence[int]) -> Ints:
        """Return all rows that have one of some spellings."""
        return self.rows[np.isin(self.codes, np.asarray(spellings, dtype=np.int64))]

    def refused(self, spellings: Sequence[int], fault: str, remedy: str) -> ExportError:
        """Build an error about all cells with some spellings, placed at the first: the fault continues `'12' ...`."""
        return self.refused_at(np.flatnonzero(np.isin(self.codes, np.asarray(spellings, dtype=np.int64))), fault, remedy)

    def refused_at(self, places: Ints, fault: str, remedy: str) -> ExportError:
        """Build such an error about the cells at some places."""
        rows = [int(row) for row in self.rows[places]]
        also = f" (the like in {rows_said(rows[1:])})" if len(rows) > 1 else ""
        cell = shown(str(self.text.iloc[places[0]]))
        return ExportError(f"{cell} {fault}{also}", file=self.file, row=rows[0], column=self.column, remedy=remedy)

    def _first(self, spelling: int) -> int:
        return int(np.argmax(self.codes == spelling))
