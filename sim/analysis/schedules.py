"""Schedules of hours that were run: what they return and cost, and the best of them against the best constant level."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.early_signs import COST
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.schedules import FIXED, by_quarter
from sim.experiment.selection import chance_of_best
from sim.experiment.statistics import Estimate, mean
from sim.scenario import Scenario


@dataclass(frozen=True)
class Best:
    """The points of the best schedule and the best constant level in these worlds, and the first less the second, paired.

    `schedule` is None if no ramp was run.
    """

    schedule: int | None
    constant: int
    gain: Estimate
    saved: Estimate


def scenario_at(results: Results, point: int) -> Scenario:
    """Return the scenario of a point."""
    return Scenario.model_validate(results.manifest["points"][point]["scenario"], strict=False)


def table(results: Results) -> Frame:
    """Return one row per schedule, best first: hours at its ends, weeks between, net return, what is spent, chance of best."""
    frames = by_point(results)
    returns = np.array([sample(frames[point], RETURN) for point in range(len(results.labels))])
    chances = chance_of_best(returns) if returns.shape[1] > 1 else np.full(len(returns), np.nan)
    rows: list[dict[str, Any]] = []
    for point, own in enumerate(returns):
        scenario = scenario_at(results, point)
        policy, hours = scenario.hours_policy, scenario.team.hours_per_week
        is_constant = policy.kind == FIXED
        rows.append(
            {
                "point": point,
                "kind": policy.kind,
                "from_hours": hours if is_constant else policy.from_hours,
                "to_hours": hours,
                "weeks": 0 if is_constant else policy.ramp_weeks,
                **spread("net_return", mean(own)),
                **spread("spent", mean(sample(frames[point], COST))),
                "chance_of_best": float(chances[point]),
            }
        )
    return pd.DataFrame(rows).sort_values("net_return", ascending=False, kind="stable", ignore_index=True)


def best(results: Results) -> Best:
    """Hold the best schedule against the best constant level, in the same worlds."""
    found = table(results)
    constant = int(found.loc[found["kind"] == FIXED, "point"].iloc[0])
    others = found.loc[found["kind"] != FIXED, "point"]
    schedule = int(others.iloc[0]) if len(others) else None
    frames = by_point(results)
    one, other = frames[constant if schedule is None else schedule], frames[constant]
    return Best(
        schedule, constant, mean(sample(one, RETURN) - sample(other, RETURN)), mean(sample(other, COST) - sample(one, COST))
    )


def of_best(results: Results) -> Scenario:
    """Return the scenario that returned most, under a name of its own."""
    found = scenario_at(results, int(table(results)["point"].iloc[0]))
    return found.replace(name=f"{found.name}, best schedule"[:200])


def hours_by_quarter(results: Results) -> Frame:
    """Return hours per week by quarter of the best schedule and of the best constant level."""
    found = best(results)
    columns = {"constant": by_quarter(scenario_at(results, found.constant))}
    if found.schedule is not None:
        columns = {"schedule": by_quarter(scenario_at(results, found.schedule))} | columns
    return pd.DataFrame({"quarter": np.arange(1, len(columns["constant"]) + 1), **columns})
