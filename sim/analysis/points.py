"""The points of a result: which are levels of one knob, and which have a limit lifted."""

import json
import math
from typing import Any

from sim.experiment.designs import CANDIDATE, HOURS, INPUT, MOVE, label_of
from sim.experiment.limits import LIFT
from sim.experiment.results import Results


def settings(results: Results, point: int) -> dict[str, Any]:
    """Return the settings that distinguish a point from the others."""
    found: dict[str, Any] = results.manifest["points"][point].get("settings", {})
    return found


def as_they_are(results: Results) -> list[int]:
    """Return the points with no limit lifted, no hour moved and no input at its end, in their order."""
    return [point for point in range(len(results.labels)) if not {LIFT, MOVE, INPUT} & settings(results, point).keys()]


def lifted(results: Results) -> dict[tuple[int, str], int]:
    """Return the points with a limit lifted, by the point they belong to and the limit."""
    return {(base, settings(results, point)[LIFT]): point for point, base in bases(results).items()}


def bases(results: Results) -> dict[int, int]:
    """Return the point that each point with a limit lifted belongs to.

    A point belongs to the one whose settings are the same but for the limit. Where several have these settings, as scenarios
    of the same hours do, each limit is lifted from them in their order.
    """
    same: dict[str, list[int]] = {}
    for point in as_they_are(results):
        same.setdefault(_key(settings(results, point)), []).append(point)
    found: dict[int, int] = {}
    taken: dict[tuple[str, str], int] = {}
    for point in range(len(results.labels)):
        others = dict(settings(results, point))
        limit = others.pop(LIFT, None)
        if limit is None:
            continue
        key = _key(others)
        order = taken.get((key, limit), 0)
        taken[key, limit] = order + 1
        if order < len(same.get(key, [])):
            found[point] = same[key][order]
    return found


def _key(settings: dict[str, Any]) -> str:
    """Return the same text for the same settings, in whatever order."""
    return json.dumps(settings, sort_keys=True, default=str)


def candidates(results: Results) -> list[int]:
    """Return the points that are splits to choose from, in their order."""
    return [point for point in range(len(results.labels)) if CANDIDATE in settings(results, point)]


def lines(results: Results) -> dict[str, list[int]]:
    """Group points by their settings other than hours; hours rise along each line if they are all different."""
    found: dict[str, list[int]] = {}
    for point in as_they_are(results):
        rest = {path: value for path, value in settings(results, point).items() if path != HOURS}
        found.setdefault(label_of(rest), []).append(point)
    for points in found.values():
        hours = [hours_of(results, point) for point in points]
        if all(map(math.isfinite, hours)) and len(set(hours)) == len(hours):
            points.sort(key=lambda point: hours_of(results, point))
    return found


def line_of(results: Results, point: int) -> list[int]:
    """Return the line that a point lies on; all points together if none shares its line with another."""
    found = list(lines(results).values())
    if max(map(len, found)) == 1:
        return as_they_are(results)
    return next(points for points in found if point in points)


def hours_of(results: Results, point: int) -> float:
    """Return the hours per week of a point; nan if they do not set it apart."""
    return float(settings(results, point).get(HOURS, math.nan))


def hours_given(results: Results, point: int) -> float:
    """Return the hours per week of a point, whether or not they set it apart."""
    return float(results.manifest["points"][point]["scenario"]["team"]["hours_per_week"])


def weeks_counted(results: Results, point: int) -> int:
    """Count the weeks of the window: the horizon without the warm-up."""
    time = results.manifest["points"][point]["scenario"]["time"]
    return int(time["horizon_weeks"]) - int(time["warm_up_weeks"])
