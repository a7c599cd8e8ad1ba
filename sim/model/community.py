"""Stocks that hours fill and time drains: how lively the community is, how much gets recorded."""

import math
from collections.abc import Callable

import simpy

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.work import Work, Worker
from sim.scenario.schema import Scenario


class Stock:
    """A share in [0, 1] that hours of work fill and that decays without them; also the desk for those hours."""

    def __init__(
        self,
        env: simpy.Environment,
        activity: str,
        gain_per_hour: float,
        half_life_weeks: float,
        has_enough: Callable[[float], bool],
    ) -> None:
        self.env, self.activity, self.gain = env, activity, gain_per_hour
        self.rate = rules.decay_rate(half_life_weeks * HOURS_PER_WEEK)
        self.has_enough = has_enough
        self._level, self._at = 0.0, 0.0

    def level(self, now: float) -> float:
        """The stock now."""
        return self._level * math.exp(-self.rate * (now - self._at))

    def has_work(self) -> bool:
        """Whether more hours would still change something worth having."""
        return self.gain > 0.0 and not self.has_enough(self.level(self.env.now))

    def take(self, worker: Worker) -> Work | None:
        """Work on it for a while."""
        if not self.has_work():
            return None
        speed = worker.speed(self.activity)
        return Work(worker.block_seconds, lambda began, ended: self._fill(ended, (ended - began) * speed), divisible=True)

    def _fill(self, now: float, hours: float) -> None:
        self._level, self._at = rules.filled(self.level(now), self.gain, hours), now


class Liveliness(Stock):
    """How lively the community is; it lifts the reach of posts."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.animation
        super().__init__(env, "animation", spec.gain_per_hour, spec.half_life_weeks, lambda level: level >= spec.enough)
        self._boost = spec.reach_boost

    def boost(self, now: float) -> float:
        """Factor on the reach of a post."""
        return 1.0 + self._boost * self.level(now)


class Instrumentation(Stock):
    """Tagged links and lead sources asked for: what share of social touches the records show rightly."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.measurement
        self._floor = spec.recorded_without_hours
        super().__init__(
            env,
            "measurement",
            spec.gain_per_hour,
            spec.half_life_weeks,
            lambda level: self._floor + (1.0 - self._floor) * level >= spec.enough,
        )

    def recorded_share(self, now: float) -> float:
        """Share of social touches that are recorded as what they are."""
        return self._floor + (1.0 - self._floor) * self.level(now)
