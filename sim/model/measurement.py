"""Measurement: tagged links, lead sources asked for, a dashboard kept up to date."""

import math

import simpy

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.stock import Stock
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import Scenario
from sim.scenario.schema.measurement import Habit


class Recording(Stock):
    """The share of something that records show rightly: a floor, and what hours have built on it."""

    def __init__(self, spec: Habit, enough: float) -> None:
        self._floor = spec.without_hours
        missing = 1.0 - self._floor
        super().__init__(spec.gain_per_hour, spec.half_life_weeks, (enough - self._floor) / missing if missing > 0.0 else 0.0)

    def share(self, now: float) -> float:
        """Return the share recorded rightly."""
        return self._floor + (1.0 - self._floor) * self.level(now)


class Measurement:
    """The desk: the week's report first, then whichever habit is weaker."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.measurement
        self.env, self._report_minutes = env, spec.report_minutes
        self._tagging, self._asking = Recording(spec.tagging, spec.enough), Recording(spec.asking, spec.enough)
        self.reported_at = 0.0
        self._report_due_from = 0.0 if spec.report_minutes > 0.0 else math.inf

    def tagged_share(self, now: float) -> float:
        """Return the share of visits and touches from social media that are recorded as such."""
        return self._tagging.share(now)

    def asked_share(self, now: float) -> float:
        """Return the share of lead sources that are written down rightly."""
        return self._asking.share(now)

    def dashboard_age_weeks(self, now: float) -> float:
        """Return the weeks since the dashboard was last brought up to date."""
        return (now - self.reported_at) / HOURS_PER_WEEK if self._report_minutes > 0.0 else 0.0

    def has_work(self) -> bool:
        """Return whether this week's report is due, or more hours would still get more recorded."""
        now = self.env.now
        return now >= self._report_due_from or self._tagging.is_short(now) or self._asking.is_short(now)

    def take(self, worker: Worker) -> Work | None:
        """Make the report of the week, once; else tag and ask for a while."""
        speed = worker.speed("measurement")
        if self.env.now >= self._report_due_from:
            self._report_due_from = (self.env.now // HOURS_PER_WEEK + 1.0) * HOURS_PER_WEEK
            return Work(whole_seconds(self._report_minutes, speed), lambda began, ended: self._report(ended))
        habit = self._weaker()
        if habit is None:
            return None
        return Work(worker.block_seconds, lambda began, ended: habit.fill(ended, (ended - began) * speed), divisible=True)

    def _report(self, now: float) -> None:
        self.reported_at = now

    def _weaker(self) -> Recording | None:
        """Return the habit of which less is recorded, of those that are short."""
        now = self.env.now
        short = [one for one in (self._tagging, self._asking) if one.is_short(now)]
        return min(short, key=lambda one: one.share(now), default=None)
