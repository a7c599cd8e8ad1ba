"""Quantities that can be drawn: a column of outcomes, of weeks or of quarters, as it is or as a difference."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.analysis.charts.parameters import NEAR
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.outcome_columns import KEY, Column
from sim.experiment.results import Results

Cube = npt.NDArray[np.float64]

TWIN, NET = "twin_", "net_"
OUTCOMES, WEEKS, QUARTERS = "outcomes", "weeks", "quarters"
TIMED = {WEEKS: "week", QUARTERS: "quarter"}
NUMBERS = ("int", "float", "bool")


@dataclass(frozen=True)
class Quantity:
    """A column of a table, and what is taken off it.

    Attributes
    ----------
    name, table
        The column and where it stands.
    twin
        The column of the zero-hours twin that is taken off; empty if the quantity is shown as it is.
    baseline
        The point whose value in the same world is taken off; None if no point's is.
    """

    name: str
    table: str = OUTCOMES
    twin: str = ""
    baseline: int | None = None

    @property
    def column(self) -> Column:
        """What the schema of results says of it."""
        return column_of(self.table, self.name)

    @property
    def is_difference(self) -> bool:
        """Whether it is held against the twin or another point."""
        return bool(self.twin) or self.baseline is not None


def column_of(table: str, name: str) -> Column:
    """Return what the schema of results says of a column."""
    return next(one for one in TABLES[table] if one.name == name)


def numbers_of(table: str) -> list[str]:
    """Return the names of the columns of a table that are numbers, without its keys."""
    keys = {one.name for one in KEY} | set(TIMED.values())
    return [one.name for one in TABLES[table] if one.kind in NUMBERS and one.name not in keys]


def table_of(name: str, *, over_time: bool, every: str = "") -> str:
    """Return the table that holds a quantity: outcomes first, or if it is to be shown over time, weeks first.

    Raises
    ------
    ResultsError
        If there is no such quantity, or it is not known over time.
    """
    timed = [every] if every else list(TIMED)
    asked = timed if over_time else [OUTCOMES, *TIMED]
    for table in asked:
        if name in numbers_of(table):
            return table
    known = [column for table in asked for column in numbers_of(table)]
    near = get_close_matches(name, list(dict.fromkeys(known)), NEAR)
    remedy = f"did you mean {' or '.join(near)}?" if near else "docs/results-schema.md lists all"
    if over_time and name in numbers_of(OUTCOMES):
        raise ResultsError(f"--y {name}: is known at the end only, not by {' or '.join(TIMED[one] for one in asked)}; {remedy}")
    raise ResultsError(f"--y {name}: no such outcome; {remedy}")


def twin_of(table: str, name: str) -> str:
    """Return the column of the twin that belongs to a column; empty if it has none."""
    return TWIN + name if TWIN + name in numbers_of(table) else ""


def cube(results: Results, what: Quantity, shown: list[int]) -> Cube:
    """Return an outcome of some points, shape (points, replications); nan where it is undefined.

    Differences are paired by world.
    """
    wanted = [what.name, *([what.twin] if what.twin else [])]
    frame = results.table(OUTCOMES, ["point", "replication", *wanted])
    values = _as_cube(results, frame, what.name)
    if what.twin:
        values = values - _as_cube(results, frame, what.twin)
    if what.baseline is not None:
        values = values - values[what.baseline]
    return values[shown]


def _as_cube(results: Results, frame: pd.DataFrame, name: str) -> Cube:
    found = np.full((len(results.labels), int(frame["replication"].max()) + 1), np.nan)
    found[frame["point"].to_numpy(), frame["replication"].to_numpy()] = frame[name].to_numpy(dtype=float)
    return found


def series(results: Results, what: Quantity, shown: list[int]) -> Cube:
    """Return a column of weeks or quarters of some points, shape (points, replications, weeks or quarters)."""
    when = TIMED[what.table]
    wanted = [what.name, *([what.twin] if what.twin else [])]
    frame = results.table(what.table, ["point", "replication", when, *wanted])
    values = frame[what.name].to_numpy(dtype=float)
    if what.twin:
        values = values - frame[what.twin].to_numpy(dtype=float)
    kept = [*shown, *([what.baseline] if what.baseline is not None else [])]
    place = np.full(len(results.labels), -1)
    place[kept] = np.arange(len(kept))
    point = place[frame["point"].to_numpy()]
    use = point >= 0
    shape = (len(kept), int(frame["replication"].max()) + 1, int(frame[when].max()) + 1)
    found = np.full(shape, np.nan)
    found[point[use], frame["replication"].to_numpy()[use], frame[when].to_numpy()[use]] = values[use]
    return found if what.baseline is None else found[: len(shown)] - found[-1]
