"""Measurement: links that are tagged, lead sources that are asked for, a dashboard that is kept up."""

import simpy

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.community import Stock
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import Scenario
from sim.scenario.schema.measurement import Habit


class Recording(Stock):
    """The share of something that records show rightly: a floor, and what hours have built on it."""

    def __init__(self, spec: Habit) -> None:
        super().__init__(spec.gain_per_hour, spec.half_life_weeks)
        self._floor = spec.without_hours

    def share(self, now: float) -> float:
        """Share recorded rightly."""
        return self._floor + (1.0 - self._floor) * self.level(now)


class Measurement:
    """The desk: the week's report first, then whichever habit is weaker."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.measurement
        self.env, self._enough, self._report_minutes = env, spec.enough, spec.report_minutes
        self._tagging, self._asking = Recording(spec.tagging), Recording(spec.asking)
        self.reported_at = 0.0

    def tagged_share(self, now: float) -> float:
        """Share of visits and touches from social media that are recorded as such."""
        return self._tagging.share(now)

    def asked_share(self, now: float) -> float:
        """Share of lead sources that are written down rightly."""
        return self._asking.share(now)

    def dashboard_age_weeks(self, now: float) -> float:
        """Weeks since the dashboard was last brought up to date."""
        return (now - self.reported_at) / HOURS_PER_WEEK if self._report_minutes > 0.0 else 0.0

    def has_work(self) -> bool:
        """Whether this week's report is due, or more hours would still get more recorded."""
        return self._report_is_due() or self._weaker() is not None

    def take(self, worker: Worker) -> Work | None:
        """The report of the week, once; else tag and ask for a while."""
        speed = worker.speed("measurement")
        if self._report_is_due():
            self.reported_at = self.env.now  # nobody else begins the same report
            return Work(whole_seconds(self._report_minutes, speed), lambda began, ended: self._report(ended))
        habit = self._weaker()
        if habit is None:
            return None
        return Work(worker.block_seconds, lambda began, ended: habit.fill(ended, (ended - began) * speed), divisible=True)

    def _report_is_due(self) -> bool:
        """Whether the last report is of an earlier week."""
        this_week = self.env.now // HOURS_PER_WEEK
        return self._report_minutes > 0.0 and (self.reported_at // HOURS_PER_WEEK < this_week or self.reported_at == 0.0)

    def _report(self, now: float) -> None:
        self.reported_at = now

    def _weaker(self) -> Recording | None:
        """The habit of which less is recorded, if it is less than enough and hours help."""
        now = self.env.now
        open_ = [one for one in (self._tagging, self._asking) if one.gain > 0.0 and one.share(now) < self._enough]
        return min(open_, key=lambda one: one.share(now), default=None)
