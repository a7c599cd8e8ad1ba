"""The timetable of a sale: how long each stage takes, whether it repeats part of the one before, and how long it pauses.

Everything is drawn by the need's own name, so it is the same in every world. Times are in hours, at full speed.
"""

import math
from dataclasses import dataclass

from sim.model.needs import Need
from sim.model.odds import Stage
from sim.model.stage_durations import course_of
from sim.model.streams import Streams, standard_normal
from sim.scenario.schema import MOST_STAGES, Scenario


@dataclass(frozen=True, slots=True)
class Timetable:
    """One sale, stage by stage: hours of work, hours repeated of the stage before, and the uniforms of what is decided."""

    size: float
    work: tuple[float, ...]
    repeated: tuple[float, ...]
    u_stands: list[float]
    u_passes: list[float]

    def hours(self, stage: Stage) -> float:
        """Return the hours that a stage takes, with what it repeats."""
        return self.work[stage.number] + self.repeated[stage.number]

    def steps_back(self, stage: Stage) -> bool:
        """Return whether a stage first repeats part of the one before."""
        return self.repeated[stage.number] > 0.0

    def stands_still(self, stage: Stage) -> bool:
        """Return whether the sale pauses once the work of a stage is done."""
        return self.u_stands[stage.number] < stage.odds.stalled


class Timetables:
    """The timetables of all sales of a world."""

    def __init__(self, scenario: Scenario, streams: Streams, stages: list[Stage]) -> None:
        self.course, self.back = course_of(scenario), scenario.sales.steps_back
        self._medians = [stage.median_hours for stage in stages]
        count = len(stages)
        self._duration_u, self._pass_u = streams.sparse("stage durations", count), streams.sparse("stages passed", count)
        self._back_u, self._stall_u = streams.sparse("steps back", count), streams.sparse("stands still", count)
        self._standing_u = streams.sparse("standing still", 2)
        values = repr(scenario.market.segments)  # larger deals take longer
        self._timetables: dict[tuple[int, int], Timetable] = streams.worked_out("timetables", self.course, self.back, values)
        self._standing: dict[tuple[int, int], tuple[float, float]] = streams.worked_out("standing still", self.course, values)

    def of(self, need: Need) -> Timetable:
        """Return the timetable of a need."""
        name = need.account.index, need.number
        timetable = self._timetables.get(name)
        if timetable is None:
            timetable = self._timetables[name] = self._drawn(name, need.value)
        return timetable

    def _drawn(self, name: tuple[int, int], value: float) -> Timetable:
        size, sigma = self.course.size(value), self.course.stage_sigma
        durations = self._duration_u.several(*name)
        work = [
            size * median * math.exp(sigma * standard_normal(u)) for median, u in zip(self._medians, durations, strict=True)
        ]
        before = [0.0, *(self.back.repeated * hours for hours in work[:-1])]
        repeated = [hours if u < self.back.share else 0.0 for hours, u in zip(before, self._back_u.several(*name), strict=True)]
        return Timetable(size, tuple(work), tuple(repeated), self._stall_u.several(*name), self._pass_u.several(*name))

    def standing_still(self, need: Need, stage: Stage, size: float) -> tuple[float, float]:
        """Return for how many hours a sale pauses, and the uniform that decides whether it wakes."""
        name = need.account.index, need.number * MOST_STAGES + stage.number
        standing = self._standing.get(name)
        if standing is None:
            u_length, u_wakes = self._standing_u.several(*name)
            stall = self.course.stall
            standing = self._standing[name] = (size * stall.median * math.exp(stall.sigma * standard_normal(u_length)), u_wakes)
        return standing
