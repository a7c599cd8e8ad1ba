"""Worlds of a result folder simulated anew, for what its tables do not hold: each event of a world."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.measures import work
from sim.model import simulate
from sim.model.record import Record
from sim.scenario import Scenario


@dataclass(frozen=True)
class LivedWorld:
    """A world of a point, with all that happened in it."""

    point: int
    replication: int
    scenario: Scenario
    record: Record


def check_worlds(results: Results, point: int, worlds: int) -> None:
    """Check that results hold a point with at least that many worlds.

    Raises
    ------
    ResultsError
        If not.
    """
    points, stored = len(results.labels), int(results.manifest["replications"])
    if not 0 <= point < points:
        raise ResultsError(f"--point {point}: there are points 0 to {points - 1}; see: sim results show {results.folder}")
    if not 1 <= worlds <= stored:
        raise ResultsError(f"--worlds {worlds}: {results.folder} holds {stored} of each point; give 1 to {stored}")


def live_again(results: Results, point: int, worlds: int) -> Iterator[LivedWorld]:
    """Yield the first worlds of a point, one by one, each of them held against what is stored of its weeks.

    Raises
    ------
    ResultsError
        If there is no such point, there are fewer worlds, or a world is not the one that is stored.
    """
    check_worlds(results, point, worlds)
    plan = Plan.from_results(results)
    scenario = plan.points[point].scenario
    weeks = results.table("weeks")
    for replication in range(worlds):
        record = simulate(scenario, plan.seed, replication)
        stored = weeks[(weeks["point"] == point) & (weeks["replication"] == replication)]
        for name, values in work.weeks(record, scenario.measurement.lag_weeks).items():
            if not np.array_equal(stored[name].to_numpy(dtype=float), np.asarray(values, dtype=float), equal_nan=True):
                raise ResultsError(
                    f"{results.folder}: this version does not simulate the world that is stored (weeks, {name}); run it anew"
                )
        yield LivedWorld(point, replication, scenario, record)
