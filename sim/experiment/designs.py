"""Designs: which points a sweep visits."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Point
from sim.scenario import Scenario, ScenarioError, apply, parse_override

MOST_POINTS = 10_000
HOURS = "team.hours_per_week"
CASE = "case"  # key of the settings of a point that is one of a study's cases


def axis(text: str) -> tuple[str, list[Any]]:
    """`PATH=5:40:5` (from, to, step; the end included) or `PATH=a,b,c`, as a path and its values.

    Raises
    ------
    ResultsError
        If it is neither.
    """
    path, found, said = text.partition("=")
    if not found or not path.strip() or not said.strip():
        raise ResultsError(f"--vary {text}: write PATH=FROM:TO:STEP or PATH=A,B,C, such as team.hours_per_week=5:40:5")
    parts = said.split(":")
    if len(parts) == 1:
        try:
            return path.strip(), [parse_override(f"{path}={part}")[1] for part in said.split(",")]
        except ScenarioError as error:
            raise ResultsError(f"--vary {text}: {error.fault}; {error.remedy}") from None
    try:
        first, last, step = (float(part) for part in parts)
    except ValueError as error:
        raise ResultsError(f"--vary {text}: a range is three numbers, FROM:TO:STEP, such as 5:40:5") from error
    if not all(map(math.isfinite, (first, last, step))) or step == 0 or (last - first) / step < 0:
        raise ResultsError(f"--vary {text}: STEP must lead from FROM to TO in a finite number of steps")
    count = math.floor((last - first) / step + 1e-9) + 1
    if count > MOST_POINTS:
        raise ResultsError(f"--vary {text}: {count} values; at most {MOST_POINTS} are possible")
    return path.strip(), [_tidy(first + number * step) for number in range(count)]


def _tidy(number: float) -> float:
    return float(f"{number:.12g}")


def grid(base: Scenario, vary: Sequence[str]) -> tuple[Point, ...]:
    """Every combination of the values to vary, as checked scenarios.

    Raises
    ------
    ResultsError, ScenarioError
        If a value cannot be parsed, a path is unknown, or a combination is no possible scenario.
    """
    axes = [axis(text) for text in vary]
    paths = [path for path, _ in axes]
    if len(set(paths)) < len(paths):
        raise ResultsError("--vary: each path can be varied once")
    if math.prod(len(choices) for _, choices in axes) > MOST_POINTS:
        raise ResultsError(f"--vary: more than {MOST_POINTS} points; vary less")
    points = []
    for combination in itertools.product(*(choices for _, choices in axes)):
        settings = dict(zip(paths, combination, strict=True))
        points.append(Point(label_of(settings), apply(base, settings), settings))
    return tuple(points)


def label_of(settings: dict[str, Any]) -> str:
    """A short name for a point: `10 h/week`, or the settings that set it apart."""
    names = []
    for path, value in settings.items():
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        named = shown if path == CASE else f"{path.rsplit('.', 1)[-1]} {shown}"
        names.append(f"{shown} h/week" if path == HOURS else named)
    return ", ".join(names)
