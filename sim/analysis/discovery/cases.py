"""Cases that a condition is tested on: the points of a design, or the sets of an ensemble, at each level of hours."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.analysis import parameters, points
from sim.analysis.charts.quantities import OUTCOMES, numbers_of
from sim.analysis.choices import is_decision
from sim.analysis.discovery.boxes import Columns, Values
from sim.analysis.frames import by_point, sample
from sim.experiment.designs import HOURS
from sim.experiment.ensemble import settled_without_effect
from sim.experiment.errors import ResultsError
from sim.experiment.precision import RETURN
from sim.experiment.results import Results

SETS_FILE = "members.csv"  # of an ensemble's folder
HAS_EFFECT = "has_effect"
KEYS = ("member", HAS_EFFECT, "weight")
AT, AGAIN, FACT = " at ", "again", "fact "  # in names of columns of that file
DISCOUNTED = "discounted_return"
MOST_NAMED = 12  # in an error


class Cases(Protocol):
    """Rows that a condition holds for or not: combinations of what cannot be chosen, each at some levels of hours."""

    usual: ClassVar[str]
    option: ClassVar[str]
    has_own_worlds: ClassVar[bool]

    @property
    def folder(self) -> Path:
        """Where the rows come from."""

    @property
    def name(self) -> str:
        """What they are called."""

    @property
    def hours(self) -> tuple[float, ...]:
        """The levels that all rows have; not a number for one that differs from row to row."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    @property
    def worlds(self) -> int:
        """How many worlds each row has; all have the same, or each its own."""

    @property
    def columns(self) -> Columns:
        """The values of each parameter that boxes may restrict, shape (rows,)."""

    def values(self, outcome: str | None) -> Values:
        """Return an outcome, or the net return, of shape (rows, levels, worlds)."""

    def again(self, outcome: str | None) -> Values | None:
        """Return the same in a second world of rows that have one of their own, of shape (rows, levels); nan for the others."""


@dataclass(frozen=True)
class OfPoints:
    """The points of results: those alike in all but hours are one row, and its levels. All rows share their worlds.

    Attributes
    ----------
    over
        The paths that boxes may restrict; by default all that vary and are not decisions.
    """

    results: Results
    over: tuple[str, ...] = ()

    usual: ClassVar[str] = RETURN
    option: ClassVar[str] = "--samples"
    has_own_worlds: ClassVar[bool] = False

    @property
    def folder(self) -> Path:
        """The folder of the results."""
        return self.results.folder

    @property
    def name(self) -> str:
        """What the results are called."""
        return str(self.results.manifest["name"])

    @cached_property
    def _settings(self) -> dict[int, dict[str, Any]]:
        return {
            number: {
                path: value for path, value in points.settings(self.results, number).items() if path not in parameters.LABELS
            }
            for number in points.as_they_are(self.results)
        }

    @cached_property
    def _rows(self) -> list[list[int]]:
        """The points of each row, in the order of hours."""
        rows: dict[str, list[int]] = {}
        for number, settings in self._settings.items():
            apart = {path: value for path, value in settings.items() if path != HOURS or HOURS in self.over}
            rows.setdefault(json.dumps(apart, sort_keys=True, default=str), []).append(number)
        return [sorted(those, key=lambda one: points.hours_given(self.results, one)) for those in rows.values()]

    @cached_property
    def hours(self) -> tuple[float, ...]:
        """The levels that all rows have; not a number for one that differs from row to row.

        Raises
        ------
        ResultsError
            If rows have several levels, and not the same.
        """
        each = {tuple(points.hours_given(self.results, one) for one in row) for row in self._rows}
        if len(each) == 1:
            return each.pop()
        if {len(one) for one in each} == {1}:
            return (math.nan,)
        raise ResultsError(
            f"{self.results.folder}: its points are not all there at the same hours per week; give every combination at each"
        )

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def worlds(self) -> int:
        """How many worlds each row has; all have the same."""
        return int(self.results.manifest["replications"])

    @cached_property
    def columns(self) -> Columns:
        """The values of each parameter that boxes may restrict, shape (rows,), where they differ.

        Raises
        ------
        ResultsError
            If one that was asked for does not vary, or none does.
        """
        frame = pd.DataFrame([self._settings[row[0]] for row in self._rows])
        varied = {str(path): _column(frame[path]) for path in frame if path != HOURS or HOURS in self.over}
        return _asked_for(varied, self.over, str(self.folder))

    def values(self, outcome: str | None) -> Values:
        """Return an outcome, or the net return, of shape (rows, levels, worlds).

        Raises
        ------
        ResultsError
            If there is no such outcome, or it is undefined somewhere.
        """
        name = outcome or self.usual
        _check_name(name, numbers_of(OUTCOMES))
        frames = by_point(self.results, [name])
        found = np.array([[sample(frames[one], name) for one in row] for row in self._rows])
        _check_defined(name, np.isnan(found).any(axis=(1, 2)), "points")
        return found

    def again(self, outcome: str | None) -> None:
        """Return nothing: the worlds of points are all in `values`."""


@dataclass(frozen=True)
class OfSets:
    """The sets of assumptions of an ensemble, as its folder holds them: each in a world of its own, some in a second one.

    Attributes
    ----------
    over
        The paths that boxes may restrict; by default all that were drawn.
    """

    folder: Path
    over: tuple[str, ...] = ()

    usual: ClassVar[str] = DISCOUNTED
    option: ClassVar[str] = "--members"
    has_own_worlds: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What the sets are called: their folder."""
        return self.folder.name

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The file of sets.

        Raises
        ------
        ResultsError
            If it cannot be read, or is not such a file.
        """
        path = self.folder / SETS_FILE
        try:
            frame = pd.read_csv(path)
        except (OSError, ValueError) as error:
            said = " ".join(str(error).split())
            raise ResultsError(f"{path}: cannot be read ({said}); make it anew with: sim ensemble SCENARIO -o DIR") from None
        if not {*KEYS} <= {*frame} or not self._levels(frame):
            raise ResultsError(f"{path}: is not a file of sets; make it anew with: sim ensemble SCENARIO -o DIR")
        numbers = frame[[str(name) for name in frame if AT in str(name)] + self._guesses(frame)]
        if not all(pd.api.types.is_numeric_dtype(numbers[name]) for name in numbers) or frame[HAS_EFFECT].dtype != bool:
            raise ResultsError(f"{path}: holds something else than numbers; make it anew with: sim ensemble SCENARIO -o DIR")
        return frame

    @staticmethod
    def _guesses(frame: pd.DataFrame) -> list[str]:
        """Return the paths of the guesses that were drawn."""
        return [str(name) for name in frame if name not in KEYS and AT not in str(name) and not str(name).startswith(FACT)]

    @staticmethod
    def _levels(frame: pd.DataFrame) -> list[float]:
        """Return the hours per week of the columns of returns, in ascending order."""
        said = [str(name).partition(f"{DISCOUNTED}{AT}")[2] for name in frame if str(name).startswith(f"{DISCOUNTED}{AT}")]
        try:
            return sorted(float(one) for one in said)
        except ValueError:
            return []

    @cached_property
    def hours(self) -> tuple[float, ...]:
        """The levels of all sets."""
        return tuple(self._levels(self._frame))

    @property
    def count(self) -> int:
        """How many sets there are."""
        return len(self._frame)

    @property
    def worlds(self) -> int:
        """One: each set has a world of its own."""
        return 1

    @cached_property
    def columns(self) -> Columns:
        """The values of each guess that boxes may restrict, shape (sets,); first whether touches move minds.

        Those that are settled in sets without an effect would only tell that there is none; boxes restrict them if asked to.

        Raises
        ------
        ResultsError
            If one that was asked for was not drawn.
        """
        settled = settled_without_effect().keys() - {*self.over}
        drawn = {HAS_EFFECT: _column(self._frame[HAS_EFFECT])}
        drawn |= {path: _column(self._frame[path]) for path in self._guesses(self._frame) if path not in settled}
        return _asked_for(drawn, self.over, str(self.folder))

    def values(self, outcome: str | None) -> Values:
        """Return what the sets return in their worlds, of shape (sets, levels, 1).

        Raises
        ------
        ResultsError
            If the file holds no such outcome.
        """
        name = outcome or self.usual
        names = [str(one) for one in self._frame if AT in str(one) and f" {AGAIN}{AT}" not in str(one)]
        _check_name(name, list(dict.fromkeys(one.partition(AT)[0] for one in names)))
        found = self._frame[[f"{name}{AT}{level:g}" for level in self.hours]].to_numpy(dtype=float)[:, :, np.newaxis]
        _check_defined(name, np.isnan(found).any(axis=(1, 2)), "sets")
        return found

    def again(self, outcome: str | None) -> Values | None:
        """Return the same in a second world, of shape (sets, levels); nan for sets that lived in one alone, None if all did."""
        names = [f"{outcome or self.usual} {AGAIN}{AT}{level:g}" for level in self.hours]
        if not {*names} <= {*self._frame}:
            return None
        return self._frame[names].to_numpy(dtype=float)


def _column(values: "pd.Series[Any]") -> npt.NDArray[Any]:
    """Return numbers unchanged, and anything else as texts."""
    is_number = pd.api.types.is_numeric_dtype(values) and values.dtype != bool and not values.isna().any()
    return values.to_numpy(dtype=float) if is_number else np.array([str(one) for one in values], dtype=object)


def _asked_for(varied: Mapping[str, npt.NDArray[Any]], over: Sequence[str], folder: str) -> Columns:
    """Select the parameters that boxes may restrict."""
    varied = {path: column for path, column in varied.items() if len({*column.tolist()}) > 1}
    for path in over:
        if path not in varied:
            near = get_close_matches(path, varied, 1)
            remedy = f"did you mean {near[0]}?" if near else f"these do: {', '.join([*varied][:MOST_NAMED])}"
            raise ResultsError(f"--over {path}: does not vary in {folder}; {remedy}")
    chosen = {path: column for path, column in varied.items() if path in over or (not over and not is_decision(path))}
    if not chosen:
        raise ResultsError(
            f"{folder}: nothing varies that is not yours to choose; vary a number of the company or a guess over a range"
            " (--design lhs), or name a decision with --over"
        )
    return chosen


def _check_name(name: str, names: Sequence[str]) -> None:
    if name not in names:
        near = get_close_matches(name, names, 1)
        remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(names[:MOST_NAMED])}"
        raise ResultsError(f"--when: there is no outcome {name!r}; {remedy}")


def _check_defined(name: str, undefined: npt.NDArray[np.bool_], what: str) -> None:
    if undefined.any():
        raise ResultsError(f"--when: {name} is undefined in worlds of {undefined.sum()} {what}; take another outcome")
