"""Question 9: what reviews by records do to the hours, and to what they return. Frames from a result folder."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean, share
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.model.calendar import WEEKS_PER_YEAR

FEW_HOURS = 10.0  # a week; most teams of the study give fewer
FAN = (0.1, 0.5, 0.9)  # quantiles over worlds
FACTORS = {  # of the factorial, each with its two values
    "records": ("as_they_are", "perfect"),
    "credit": ("when_deals_close", "when_leads_come"),
    "window": ("quarter", "year"),
}


@dataclass(frozen=True)
class Case:
    """A point whose hours are reviewed, and its place in the factorial (records, credit, window: 0 or 1), if in it."""

    point: int
    policy: dict[str, Any]
    corner: tuple[int, int, int] | None


def cases(results: Results) -> list[Case]:
    """Return the points at which management reviews the hours."""
    found = []
    for point in points.as_they_are(results):
        scenario = results.manifest["points"][point]["scenario"]
        policy, records = scenario["hours_policy"], scenario["measurement"]
        if policy["kind"] != "review":
            continue
        perfect = all(records[habit]["without_hours"] == 1.0 for habit in ("tagging", "asking"))
        is_corner = policy["window_weeks"] in (WEEKS_PER_QUARTER, WEEKS_PER_YEAR)
        corner = (int(perfect), int(policy["counts"] == "pipeline"), int(policy["window_weeks"] == WEEKS_PER_YEAR))
        found.append(Case(point, policy, corner if is_corner else None))
    return found


def has_reviews(results: Results) -> bool:
    """Return whether any hours are reviewed."""
    return bool(cases(results))


def hours_at_the_end(results: Results, point: int) -> npt.NDArray[np.float64]:
    """Return the hours per week that each world ends with, shape (replications,)."""
    return hours_by_quarter(results, point)[:, -1]


def hours_by_quarter(results: Results, point: int) -> npt.NDArray[np.float64]:
    """Return the hours per week granted at the end of each quarter, shape (replications, quarters)."""
    weeks = results.table("weeks")
    mine = weeks[weeks["point"] == point]
    wide = mine.pivot_table(index="replication", columns="week", values="granted_hours").to_numpy(dtype=float)
    last = wide.shape[1] - 1
    return wide[:, sorted({*range(WEEKS_PER_QUARTER - 1, wide.shape[1], WEEKS_PER_QUARTER), last})]


def table(results: Results) -> Frame:
    """Return one row per case: hours at the end, worlds cut to the floor, and the gain over hours that nobody reviews."""
    frames = by_point(results)
    fixed = _not_reviewed(results)
    rows = []
    for case in cases(results):
        ends, frame = hours_at_the_end(results, case.point), frames[case.point]
        low, middle, high = np.quantile(ends, FAN)
        row: dict[str, Any] = {"point": case.point, "label": results.labels[case.point]}
        row |= spread("cut_to_floor", share(int((ends <= case.policy["least_hours"]).sum()), len(ends)))
        row |= {"hours_at_end": float(ends.mean()), "hours_at_end_low": low, "hours_at_end_middle": middle,
                "hours_at_end_high": high}  # fmt: skip
        row |= spread("under_ten", share(int((ends < FEW_HOURS).sum()), len(ends)))
        row |= spread("measured_return", mean(sample(frame, f"measured_return_{case.policy['credit']}")))
        row |= spread("net_return", mean(sample(frame, "net_return_expected")))
        if fixed is not None:
            row |= spread(
                "against_fixed", mean(sample(frame, "net_return_expected") - sample(frames[fixed], "net_return_expected"))
            )
        rows.append(row)
    return pd.DataFrame(rows)


def _not_reviewed(results: Results) -> int | None:
    """Find the first point with fixed hours that equal those with which the reviews begin."""
    found = cases(results)
    begins = {points.hours_given(results, case.point) for case in found}
    for point in points.as_they_are(results):
        policy = results.manifest["points"][point]["scenario"]["hours_policy"]
        if policy["kind"] == "fixed" and {points.hours_given(results, point)} == begins:
            return point
    return None


def contrasts(results: Results) -> Frame:
    """Return the effect of each factor, averaged over the others and paired by world, on cuts to the floor, hours and return.

    Of the whole factorial: records x when credit counts x window; no rows if a corner is missing.
    """
    corners = {case.corner: case for case in cases(results) if case.corner is not None}
    if set(corners) != set(itertools.product((0, 1), repeat=len(FACTORS))):
        return pd.DataFrame()
    frames = by_point(results)
    by_corner = {}
    for corner, case in corners.items():
        ends = hours_at_the_end(results, case.point)
        by_corner[corner] = {
            "cut_to_floor": (ends <= case.policy["least_hours"]).astype(float),
            "hours_at_end": ends,
            "net_return": sample(frames[case.point], "net_return_expected"),
        }
    rows = []
    for place, (factor, (from_, to)) in enumerate(FACTORS.items()):
        row: dict[str, Any] = {"factor": factor, "from": from_, "to": to}
        for measure in ("cut_to_floor", "hours_at_end", "net_return"):
            sides = [np.mean([found[measure] for corner, found in by_corner.items() if corner[place] == side], axis=0)
                     for side in (0, 1)]  # fmt: skip
            row |= spread(measure, mean(sides[1] - sides[0]))
        rows.append(row)
    return pd.DataFrame(rows)
