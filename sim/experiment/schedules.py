"""The best schedule of hours: constant levels and straight ramps, up or down, tried by the search of `optimise`.

A ramp never leaves the range between its ends, so the low end of the range that is searched is a floor. See docs/model.md, 4.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.designs import CASE, HOURS
from sim.experiment.evaluation_cache import Values
from sim.experiment.optimise import AS_IT_IS, LEAST_DISTANCE, STEP, Candidate, Space, most_steps, nearest
from sim.experiment.plan import Point
from sim.model.management import scheduled
from sim.scenario import Scenario, apply
from sim.scenario.schema.hours_policy import WEEKS_PER_QUARTER

if TYPE_CHECKING:
    import optuna

KIND, FROM, WITHIN = "hours_policy.kind", "hours_policy.from_hours", "hours_policy.ramp_weeks"
FIXED, RAMP = "fixed", "ramp"
CONSTANTS = 3  # levels that reach the final stage


def space(base: Scenario, within: tuple[float, float]) -> Space:
    """Return what is searched: constant hours or a ramp, hours at its two ends, in a range, and the quarters between."""
    steps, low = most_steps(within), within[0]
    quarters = max(1, base.time.horizon_weeks // WEEKS_PER_QUARTER)

    def settings(trial: "optuna.Trial") -> dict[str, Any]:
        kind = trial.suggest_categorical("kind", [FIXED, RAMP])
        end, begin = (min(within[1], low + STEP * trial.suggest_int(name, 0, steps)) for name in ("end", "begin"))
        weeks = WEEKS_PER_QUARTER * trial.suggest_int("quarters", 1, quarters)
        return {HOURS: end, KIND: FIXED} if kind == FIXED else {HOURS: end, KIND: RAMP, FROM: begin, WITHIN: weeks}

    now = nearest(base.team.hours_per_week, within)
    starts = [{"kind": FIXED, "end": now}]
    ramps = ((0, steps, 4), (steps, 0, 4), (steps, steps // 4, 3))  # the last: a launch, with many hours for a short time
    starts += [{"kind": RAMP, "begin": one, "end": other, "quarters": min(many, quarters)} for one, other, many in ramps]
    return Space(starts, settings)


def by_quarter(scenario: Scenario) -> Values:
    """Return the mean hours per week that a fixed level or a ramp gives in each quarter to the horizon, shape (quarters,)."""
    policy, full, weeks = scenario.hours_policy, scenario.team.hours_per_week, scenario.time.horizon_weeks
    given = np.array([scheduled(policy, full, week, full) for week in range(weeks)])
    starts = np.arange(0, weeks, WEEKS_PER_QUARTER)
    found: Values = np.add.reduceat(given, starts) / np.diff([*starts, weeks])
    return found


def finalists(base: Scenario, found: Sequence[Candidate], many: int) -> list[Point]:
    """Return the schedule as it is, the best constant levels, and as many of the best ramps, where they differ enough."""
    points = [Point(AS_IT_IS, base, {CASE: AS_IT_IS})]
    paths = [by_quarter(base)]
    for kind, most in ((FIXED, CONSTANTS), (RAMP, many)):
        taken = 0
        for one in found:
            if one.settings[KIND] != kind or taken == most:
                continue
            scenario = apply(base, one.settings)
            path = by_quarter(scenario)
            if all(_distance(path, other) >= LEAST_DISTANCE for other in paths):
                label = _label(one.settings)
                points.append(Point(label, scenario, {CASE: label}))
                paths.append(path)
                taken += 1
    return points


def _distance(one: Values, other: Values) -> float:
    """Return the mean absolute difference of the logarithms of hours; infinite where one gives none and the other some."""
    if ((one > 0.0) != (other > 0.0)).any():
        return math.inf
    both = one > 0.0
    return float(np.abs(np.log(one[both] / other[both])).mean())


def _label(settings: dict[str, Any]) -> str:
    if settings[KIND] == FIXED:
        return f"{settings[HOURS]:g} h/week"
    return f"{settings[FROM]:g} to {settings[HOURS]:g} h/week in {settings[WITHIN]} weeks"
