"""One world of one point, simulated anew from what a result folder says of itself."""

import math
from dataclasses import dataclass

from sim.experiment.errors import ResultsError
from sim.experiment.outcome_columns import outcomes
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.runner import replicate


@dataclass(frozen=True)
class World:
    """The outcomes of a world by name, and the names of those that differ from what is stored; None, if nothing is."""

    point: int
    label: str
    replication: int
    outcomes: dict[str, float]
    differing: list[str] | None


def simulate_anew(results: Results, point: int, replication: int) -> World:
    """Simulate a world and its twin anew, and hold its outcomes against those that are stored.

    Raises
    ------
    ResultsError
        If there is no such point, or the results are damaged.
    """
    plan = Plan.from_results(results)
    if not 0 <= point < len(plan.points):
        there = f"there are points 0 to {len(plan.points) - 1}"
        raise ResultsError(f"--point {point}: {there}; see: sim results show {results.folder}")
    tables = replicate((plan.points[point].scenario,), plan.seed, replication, plan.spillover, first_point=point)
    found = {one.name: float(tables["outcomes"][one.name][0]) for one in outcomes()}
    stored = _stored(results, point, replication)
    differing = None if stored is None else [name for name, value in found.items() if not _is_same(value, stored[name])]
    return World(point, plan.points[point].label, replication, found, differing)


def _stored(results: Results, point: int, replication: int) -> dict[str, float] | None:
    if not results.is_finished or replication >= int(results.manifest["replications"]):
        return None
    table = results.table("outcomes")
    row = table[(table["point"] == point) & (table["replication"] == replication)]
    return {str(name): float(value) for name, value in row.iloc[0].items()}


def _is_same(value: float, other: float) -> bool:
    return value == other or (math.isnan(value) and math.isnan(other))
