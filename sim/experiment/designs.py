"""Designs: which points a sweep visits."""

import csv
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Point
from sim.experiment.simplex import from_uniforms, paths_of, whole_of, with_others
from sim.scenario import Scenario, ScenarioError, apply, parse_override

MOST_POINTS = 10_000
HOURS = "team.hours_per_week"
LOG = "log"
GRID, LHS, SOBOL = DESIGNS = ("grid", "lhs", "sobol")
LABEL = "label"
NO_PATHS = (LABEL, "point")  # columns of a file of points
BELOW_ONE = 1.0 - 1e-12
SIMPLEX = "simplex"  # all ways to share a whole
CANDIDATE, MOVE, INPUT = "candidate", "move", "input"  # keys of points of an optimisation and of a sensitivity analysis
CASE = "case"  # key of the settings of a point that is one of a study's cases
FIGURES, MORE_FIGURES = 4, 6  # of a number in a label; the latter where it is the hours of a scenario or a level, and no draw

Axis = str | tuple[str, Sequence[Any]]  # what to vary: as a text, or a path with its values


def axis(text: str) -> tuple[str, list[Any]]:
    """Parse `PATH=5:40:5` (from, to, step; the end included), `PATH=0.01:1:log5` or `PATH=a,b,c` into a path and its values.

    `log5` makes five values, each the same multiple of the one before, both ends included.

    Raises
    ------
    ResultsError
        If it is neither.
    """
    path, found, said = text.partition("=")
    if not found or not path.strip() or not said.strip():
        raise ResultsError(
            f"--vary {text}: write PATH=FROM:TO:STEP, PATH=FROM:TO:log5 or PATH=A,B,C, such as team.hours_per_week=5:40:5"
        )
    parts = said.split(":")
    if len(parts) == 1:
        try:
            return path.strip(), [parse_override(f"{path}={part}")[1] for part in said.split(",")]
        except ScenarioError as error:
            raise ResultsError(f"--vary {text}: {error.fault}; {error.remedy}") from None
    if parts[-1].strip().startswith(LOG):
        return path.strip(), _log_range(text, parts)
    first, last, step = _numbers(text, said, "FROM:TO:STEP, such as 5:40:5")
    if step == 0 or (last - first) / step < 0:
        raise ResultsError(f"--vary {text}: STEP must lead from FROM to TO in a finite number of steps")
    count = math.floor((last - first) / step + 1e-9) + 1
    if count > MOST_POINTS:
        raise ResultsError(f"--vary {text}: {count} values; at most {MOST_POINTS} are possible")
    return path.strip(), [_tidy(first + number * step) for number in range(count)]


def _log_range(text: str, parts: Sequence[str]) -> list[float]:
    """Return the values of FROM:TO:logCOUNT."""
    form = "FROM:TO:logCOUNT, such as 0.01:1:log5"
    first, last = _numbers(text, ":".join(parts[:-1]), "FROM:TO,")
    count = parts[-1].strip().removeprefix(LOG)
    if len(parts) != 3 or not count.isdecimal() or not 2 <= int(count) <= MOST_POINTS:
        raise ResultsError(f"--vary {text}: a logarithmic range is {form}, with 2 to {MOST_POINTS} values")
    if not (first > 0.0 and last > 0.0 and first != last):
        raise ResultsError(f"--vary {text}: both ends of a logarithmic range are above zero, and differ")
    return [_tidy(one) for one in np.geomspace(first, last, int(count)).tolist()]


def low_high(text: str) -> tuple[float, float] | None:
    """Parse `LOW:HIGH` as two numbers in ascending order; None if it is anything else."""
    try:
        low, high = (float(part) for part in text.split(":"))
    except ValueError:
        return None
    return (low, high) if low < high else None


def _numbers(text: str, said: str, form: str) -> list[float]:
    try:
        numbers = [float(part) for part in said.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) != len(form.split(",", maxsplit=1)[0].split(":")) or not all(map(math.isfinite, numbers)):
        raise ResultsError(f"--vary {text}: a range is {form}")
    return numbers


def _tidy(number: float) -> float:
    return float(f"{number:.12g}") + 0.0  # a negative zero is zero


def grid(base: Scenario, vary: Sequence[Axis]) -> tuple[Point, ...]:
    """Combine all values to vary into checked scenarios; shares that are not varied make room for those that are.

    Raises
    ------
    ResultsError, ScenarioError
        If a value cannot be parsed, a path is unknown, or a combination is not a possible scenario.
    """
    axes = _axes(vary)
    paths = different([path for path, _ in axes])
    if math.prod(len(choices) for _, choices in axes) > MOST_POINTS:
        raise ResultsError(f"--vary: more than {MOST_POINTS} points; vary less")
    combinations = itertools.product(*(choices for _, choices in axes))
    return tuple(point_at(base, dict(zip(paths, combination, strict=True))) for combination in combinations)


def _axes(vary: Sequence[Axis]) -> list[tuple[str, Sequence[Any]]]:
    return [axis(one) if isinstance(one, str) else one for one in vary]


def zipped(base: Scenario, vary: Sequence[Axis]) -> tuple[Point, ...]:
    """Take the first of all values to vary together, then the second, and so on.

    Raises
    ------
    ResultsError, ScenarioError
        If there are more values of one than of another, or as `grid` does.
    """
    axes = _axes(vary)
    paths = different([path for path, _ in axes])
    counts = {path: len(values) for path, values in axes}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{path} has {count}" for path, count in counts.items())
        raise ResultsError(f"--zip: as many values of each are needed; {said}")
    rows = zip(*(values for _, values in axes), strict=True)
    return tuple(point_at(base, dict(zip(paths, row, strict=True))) for row in rows)


def sampled(base: Scenario, vary: Sequence[str], design: str, samples: int, seed: int) -> tuple[Point, ...]:
    """Spread points over ranges by scipy's Latin hypercube (`lhs`) or scrambled Sobol' sequence (`sobol`).

    A range is PATH=LOW:HIGH, PATH=LOW:HIGH:STEP or PATH=A,B,C; `team.split=simplex` and the like vary all shares of a whole,
    uniformly over all ways to share it.

    Raises
    ------
    ResultsError, ScenarioError
        If a range cannot be parsed or a path is unknown; if shares could sum to more than 1; if the number of points is
        impossible.
    """
    if not 1 <= samples <= MOST_POINTS:
        raise ResultsError(f"--samples {samples}: from 1 to {MOST_POINTS} are possible")
    if design == SOBOL and not is_power_of_two(samples):
        raise ResultsError(
            f"--samples {samples}: a Sobol' design has 2, 4, 8, 16, ... points; give {1 << samples.bit_length()}"
        )
    ranges = [one for text in vary for one in _ranges(base, text)]
    different([one.path for one in ranges])
    _check_room(ranges)
    make = scipy.stats.qmc.LatinHypercube if design == LHS else scipy.stats.qmc.Sobol
    unit = make(len(ranges), rng=np.random.default_rng(seed)).random(samples)
    return tuple(point_at(base, _settings(ranges, row)) for row in unit.tolist())


def is_power_of_two(samples: int) -> bool:
    """Return whether a Sobol' sequence is balanced over this many points."""
    return samples > 0 and not samples & (samples - 1)


@dataclass(frozen=True)
class Range:
    """The range of a path: a stretch of numbers, some choices, or a share of a whole that is divided again."""

    path: str
    low: float = 0.0
    high: float = 1.0
    choices: tuple[Any, ...] = ()
    whole: str | None = None

    def at(self, uniform: float) -> Any:
        """Return the value at this fraction of the range."""
        if self.choices:
            return self.choices[min(int(uniform * len(self.choices)), len(self.choices) - 1)]
        return _tidy(self.low + uniform * (self.high - self.low))


def _ranges(base: Scenario, text: str) -> list[Range]:
    path, _, said = (part.strip() for part in text.partition("="))
    if said == SIMPLEX:
        paths = paths_of(base, path)
        if not paths:
            raise ResultsError(f"--vary {text}: {path} has no shares that sum to 1; {SIMPLEX} is for wholes such as team.split")
        return [Range(one, whole=path) for one in paths]
    if said.count(":") == 1:
        low, high = _numbers(text, said, "LOW:HIGH, such as 5:40")
        if not low < high:
            raise ResultsError(f"--vary {text}: LOW must be less than HIGH")
        return [Range(path, low, high)]
    path, choices = axis(text)
    return [Range(path, choices=tuple(choices))]


def _settings(ranges: Sequence[Range], row: Sequence[float]) -> dict[str, Any]:
    """Convert a row of the unit cube to settings."""
    at = dict(zip((one.path for one in ranges), row, strict=True))
    settings = {one.path: one.at(at[one.path]) for one in ranges}
    for whole in {one.whole for one in ranges if one.whole}:
        settings |= from_uniforms({one.path: min(at[one.path], BELOW_ONE) for one in ranges if one.whole == whole})
    return settings


def _check_room(ranges: Sequence[Range]) -> None:
    """Check that varied shares leave room for the others wherever they are, raising ResultsError if not."""
    for whole in {whole_of(one.path) for one in ranges if not one.whole} - {None}:
        most = math.fsum(
            max(map(float, one.choices)) if one.choices else one.high for one in ranges if whole_of(one.path) == whole
        )
        if most > 1.0 + 1e-9:
            raise ResultsError(f"--vary: shares of {whole} may sum to {most:g}; let their upper ends sum to 1 at most")


def point_at(base: Scenario, settings: dict[str, Any]) -> Point:
    """Build a point from a scenario with some values replaced, named by those values."""
    return Point(label_of(settings), apply(base, with_others(base, settings)), settings)


def different(paths: list[str], said: str = "--vary: each path can be varied once") -> list[str]:
    """Return the paths, provided that they are all different; `said` is the error if not.

    Raises
    ------
    ResultsError
        If one is there twice.
    """
    if len(set(paths)) < len(paths):
        raise ResultsError(said)
    return paths


@dataclass(frozen=True)
class Layout:
    """The points that a sweep visits: values to vary, crossed or zipped, or ranges to spread points over; or rows of a file."""

    vary: tuple[Axis, ...] = ()
    design: str = GRID
    samples: int | None = None
    zipped: bool = False
    rows: Path | None = None

    def points(self, base: Scenario, seed: int) -> tuple[Point, ...]:
        """Build the points.

        Raises
        ------
        ResultsError, ScenarioError
            If they are impossible, or what was asked for does not go together.
        """
        self._check()
        if self.rows is not None:
            return from_file(base, self.rows)
        if self.zipped:
            return zipped(base, self.vary)
        if self.design == GRID:
            return grid(base, self.vary)
        assert self.samples is not None
        ranges = [one if isinstance(one, str) else f"{one[0]}={':'.join(map(str, one[1]))}" for one in self.vary]
        return sampled(base, ranges, self.design, self.samples, seed)

    def of_all(self, bases: Sequence[Scenario], seed: int) -> tuple[Point, ...]:
        """Build the points of several scenarios: each is a case, crossed with what varies; by itself, if nothing does.

        Raises
        ------
        ResultsError, ScenarioError
            As `points` does; if two scenarios have one name, or points are spread over ranges.
        """
        if len(bases) == 1:
            return self.points(bases[0], seed)
        names = [one.name for one in bases]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ResultsError(f"two scenarios are named {twice!r}; give each a name of its own")
        if self.design != GRID:
            raise ResultsError(f"--design {self.design} goes with one scenario: a surface is fitted to its points")
        found = []
        for base in bases:
            varied = (
                self.points(base, seed) if self.vary or self.rows else (Point("", base, {HOURS: base.team.hours_per_week}),)
            )
            for point in varied:
                settings = {**point.settings, CASE: base.name}
                found.append(Point(label_of(settings) if self.vary or self.rows else base.name, point.scenario, settings))
        return tuple(found)

    def _check(self) -> None:
        """See that what was asked for goes together."""
        if self.rows is not None and (self.vary or self.zipped or self.design != GRID):
            raise ResultsError("--points goes without --vary, --zip and --design: the file says which points there are")
        if self.rows is None and not self.vary:
            raise ResultsError("nothing to sweep: give --vary, --points or several scenarios")
        if self.zipped and self.design != GRID:
            raise ResultsError("--zip goes with values to vary, not with --design lhs or sobol")
        if self.design == GRID and self.samples is not None:
            raise ResultsError("--samples goes with --design lhs or sobol; a grid has as many points as its values make")
        if self.design != GRID and self.samples is None:
            raise ResultsError(f"--design {self.design} needs --samples, the number of points")


def from_file(base: Scenario, file: Path) -> tuple[Point, ...]:
    """Read points from a CSV file: a row per point, a column per path, and possibly a `label`; `point`, a number, is left out.

    Raises
    ------
    ResultsError
        If the file cannot be read, or a row makes no possible scenario: with its line and column.
    """
    head, body = _csv_rows(file)
    paths = different([name for name in head if name not in NO_PATHS], f"{file}: each column can be there once")
    if not paths:
        raise ResultsError(f"{file}: has no column that is a path, such as {HOURS}")
    found: list[Point] = []
    lines: dict[str, int] = {}
    for line, row in body:
        cells = dict(zip(head, row, strict=True))
        settings = {path: _value(file, line, path, cells[path]) for path in paths}
        try:
            point = point_at(base, settings)
        except (ScenarioError, ResultsError) as error:
            said = error.first_line if isinstance(error, ScenarioError) else str(error)
            raise ResultsError(f"{file}:{line}: {said.removeprefix('--set ')}") from None
        label = cells.get(LABEL, "").strip() or point.label
        if label in lines:
            raise ResultsError(f"{file}:{line}: the point {label!r} is there twice, first in line {lines[label]}")
        lines[label] = line
        found.append(Point(label, point.scenario, settings))
    if not 1 <= len(found) <= MOST_POINTS:
        raise ResultsError(f"{file}: holds {len(found)} points; from 1 to {MOST_POINTS} are possible")
    return tuple(found)


def _csv_rows(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read the head and the rows of a CSV file, with the lines of its rows; empty rows are left out."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ResultsError(f"{file}: cannot be read ({error.strerror}); give a CSV file with a row per point") from error
    except UnicodeDecodeError as error:
        raise ResultsError(f"{file}: is not text in UTF-8; save it as CSV in UTF-8") from error
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if ";" in first and "," not in first else ",", strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise ResultsError(f"{file}:{reader.line_num}: {error}; save it as CSV") from error
    if not rows:
        raise ResultsError(f"{file}: is empty; give a head with paths, such as {HOURS}, and a row per point")
    (_, head), *body = rows
    for line, row in body:
        if len(row) != len(head):
            raise ResultsError(f"{file}:{line}: has {len(row)} cells where the head has {len(head)}")
    return head, body


def _value(file: Path, line: int, path: str, cell: str) -> Any:
    if not cell:
        raise ResultsError(f"{file}:{line}: {path} is empty; give each point a value of it")
    try:
        return parse_override(f"{path}={cell}")[1]
    except ScenarioError as error:
        raise ResultsError(f"{file}:{line}: {path}: {error.fault}; {error.remedy}") from None


def label_of(settings: dict[str, Any], figures: int = FIGURES) -> str:
    """Return a short name for a point: `10 h/week`, or the settings that set it apart; with numbers in so many figures."""
    names = []
    for path, value in settings.items():
        if path == HOURS:
            names.append(hours_label(value, figures))
        else:
            shown = in_figures(value, figures)
            names.append(shown if path in {CASE, CANDIDATE} else f"{path.rsplit('.', 1)[-1]} {shown}")
    return ", ".join(names)


def hours_label(hours: float, figures: int = MORE_FIGURES) -> str:
    """Return the label of so many hours per week."""
    return f"{in_figures(hours, figures)} h/week"


def in_figures(value: Any, figures: int) -> str:
    """Write the value of a setting: in so many figures, unless it is a whole number or no number."""
    return f"{value + 0.0:.{figures}g}" if isinstance(value, float) else str(value)
