"""The expected duration of a plan: from the time of a few of its worlds."""

import math
import time
from dataclasses import dataclass

from sim.experiment.blocks import MOST_POINTS
from sim.experiment.plan import Plan
from sim.experiment.runner import replicate
from sim.scenario import Scenario

TIMED = 3  # points


@dataclass(frozen=True)
class WorldPace:
    """Seconds that a world takes, and its twin, which points of a block share."""

    world: float
    twin: float

    def seconds(self, points: int, replications: int, workers: int) -> float:
        """Return about how long so many worlds take on so many workers."""
        twins = math.ceil(points / MOST_POINTS)
        return replications * (points * self.world + twins * self.twin) / max(1, min(workers, points * replications))


def pace_of(plan: Plan) -> WorldPace:
    """Time the first world of the first point, of the last and of one between: one by itself, then all together.

    The first run loads what the others find loaded, and is not counted.
    """
    scenarios = [plan.points[number].scenario for number in _spread(len(plan.points))]
    replicate((scenarios[0],), plan.seed, 0, plan.spillover)
    alone = _timed(plan, scenarios[:1])
    if len(scenarios) == 1:
        return WorldPace(alone / 2.0, alone / 2.0)
    together = _timed(plan, scenarios)
    world = max(0.0, together - alone) / (len(scenarios) - 1)
    return WorldPace(world, max(0.0, alone - world))


def _spread(points: int) -> list[int]:
    """Return the numbers of a few points, from the first to the last."""
    return sorted({round(place * (points - 1) / (TIMED - 1)) for place in range(TIMED)})


def _timed(plan: Plan, scenarios: list[Scenario]) -> float:
    begun = time.perf_counter()
    replicate(tuple(scenarios), plan.seed, 0, plan.spillover)
    return time.perf_counter() - begun
