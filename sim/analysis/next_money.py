"""Question 6: what further money brings where it buys hours of the team, and where it buys sponsored posts."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.statistics import Sample, mean

SUM = 1000.0  # of money, that a gain is for
MOST_APART = 2.0  # times, that a sum on hours may be of the sum on ads beside which it stands
HOURS, ADS, UNTOLD = "hours", "ads", "untold"  # which of the two is better

Levels = dict[tuple[float, float], int]  # points by their hours and their budget for sponsored posts


@dataclass(frozen=True)
class _Step:
    """A sum spent beyond a point, and what it gains for each `SUM` of it, beyond itself; both have a value per world."""

    point: int
    cost: Sample
    gain: Sample

    @property
    def money(self) -> float:
        return float(self.cost.mean())


def has_steps(results: Results) -> bool:
    """Return whether there are points that spend about the same further money on hours and on ads."""
    return next(_pairs(results), None) is not None


def table(results: Results) -> Frame:
    """Return one row per sum further spent on ads, beside about the same sum further spent on hours; paired by world.

    `gain_by_x` is what x adds to net return for each 1,000 of the money that it costs, beyond that money. `better` is `hours`,
    `ads`, or `untold` where the interval of the difference (`ads_over_hours`) holds zero.
    """
    rows = []
    for base, hours, ads in _pairs(results):
        difference = mean(ads.gain - hours.gain)
        row: dict[str, Any] = {"point": base, "attention": _sponsoring(results, base)["attention"]}
        row["more_hours"] = points.hours_given(results, hours.point) - points.hours_given(results, base)
        row["ads_per_week"] = _budget(results, ads.point) - _budget(results, base)
        row |= {"hours_cost": hours.money, "ads_cost": ads.money}
        row |= spread("gain_by_hours", mean(hours.gain)) | spread("gain_by_ads", mean(ads.gain))
        row |= spread("ads_over_hours", difference)
        row["better"] = UNTOLD if difference.says_nothing() else ADS if difference.value > 0.0 else HOURS
        rows.append(row)
    return pd.DataFrame(rows)


def _pairs(results: Results) -> Iterator[tuple[int, _Step, _Step]]:
    """Yield a point, a step to more hours and one to more ads: for each sum on ads the nearest on hours, if it is near.

    They begin at the least budget that there is for ads.
    """
    frames = by_point(results) if len({_budget(results, point) for point in points.as_they_are(results)}) > 1 else []
    for levels in _alike(results) if frames else ():
        least = min(budget for _, budget in levels)
        for base_hours in sorted(hours for hours, budget in levels if budget == least):
            base = levels[base_hours, least]
            steps = {at: _step(frames, base, point) for at, point in sorted(levels.items())}
            more_hours = [one for (hours, budget), one in steps.items() if one and hours > base_hours and budget == least]
            more_ads = [one for (hours, budget), one in steps.items() if one and hours == base_hours and budget > least]
            for ads in more_ads if more_hours else ():
                apart = [abs(math.log(one.money / ads.money)) for one in more_hours]
                if min(apart) <= math.log(MOST_APART):
                    yield base, more_hours[int(np.argmin(apart))], ads


def _alike(results: Results) -> list[Levels]:
    """Group points whose scenarios differ in hours and in the budget for sponsored posts alone."""
    found: dict[str, Levels] = {}
    for point in points.as_they_are(results):
        scenario = results.manifest["points"][point]["scenario"]
        rest = scenario | {"name": "", "description": ""}
        rest["team"] = scenario["team"] | {"hours_per_week": 0.0}
        rest["sponsoring"] = scenario["sponsoring"] | {"per_week": 0.0}
        at = points.hours_given(results, point), _budget(results, point)
        found.setdefault(json.dumps(rest, sort_keys=True), {}).setdefault(at, point)
    return list(found.values())


def _step(frames: list[Frame], base: int, point: int) -> _Step | None:
    """Return what a point spends and gains beyond another; None if it does not spend more in every world."""
    cost = sample(frames[point], "cost") - sample(frames[base], "cost")
    gain = sample(frames[point], RETURN) - sample(frames[base], RETURN)
    return _Step(point, cost, SUM * gain / cost) if np.all(cost > 0.0) else None


def _sponsoring(results: Results, point: int) -> dict[str, Any]:
    found: dict[str, Any] = results.manifest["points"][point]["scenario"]["sponsoring"]
    return found


def _budget(results: Results, point: int) -> float:
    return float(_sponsoring(results, point)["per_week"])
