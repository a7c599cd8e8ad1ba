"""The setting of a world, which all of its actors share."""

from dataclasses import dataclass

import simpy

from sim.model.calendar import HOURS_PER_WEEK, Calendar
from sim.model.effects import Gains, gains_of
from sim.model.ledger import Ledger
from sim.model.record import Record
from sim.model.streams import Streams, streams_of
from sim.scenario.schema import Scenario


class Clock(simpy.Environment):
    """The clock of a world, which can end all that still waits for a moment that will not come."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: list[simpy.Process] = []

    def process(self, generator: simpy.events.ProcessGenerator) -> simpy.Process:
        """Begin a process."""
        process = simpy.Process(self, generator)
        self._begun.append(process)
        return process

    def end(self) -> None:
        """End every process where it waits, and forget all that was to happen."""
        for process in self._begun:
            if process.is_alive:
                process._generator.close()  # SimPy can only interrupt, at a moment still to come
        vars(self).clear()


class Bell:
    """Wakes those who are idle when new work comes in."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._event: simpy.Event | None = None

    def wait(self) -> simpy.Event:
        """Return an event that happens when the bell next rings."""
        if self._event is None:
            self._event = self._env.event()
        return self._event

    def ring(self) -> None:
        """Wake those who wait, since something has come in."""
        if self._event is not None:
            self._event.succeed()
            self._event = None


@dataclass(frozen=True)
class Setting:
    """The clock, the draws, the record and the ledger of one world of a scenario, and what touches change in it."""

    scenario: Scenario
    env: Clock
    streams: Streams
    calendar: Calendar
    gains: Gains
    record: Record
    ledger: Ledger
    bell: Bell
    horizon: float
    starts_at: float  # when the team begins, in hours

    def pay(self, what: str, amount: float, week: int | None = None) -> None:
        """Pay for something beside the hours of the team, in a week; else in the week that it is."""
        if week is None:
            week = int(self.env.now // HOURS_PER_WEEK)
        self.record.expenses.add((week, what, amount))
        self.ledger.spend(week, amount)

    @classmethod
    def of(cls, scenario: Scenario, seed: int, replication: int) -> "Setting":
        """Make a fresh setting, at hour 0."""
        env = Clock()
        time = scenario.time
        return cls(
            scenario=scenario,
            env=env,
            streams=streams_of(seed, replication),
            calendar=Calendar(scenario),
            gains=gains_of(scenario),
            record=Record(),
            ledger=Ledger(scenario, time.horizon_weeks + time.run_off_weeks),
            bell=Bell(env),
            horizon=time.horizon_weeks * HOURS_PER_WEEK,
            starts_at=scenario.hours_policy.starts_week * HOURS_PER_WEEK,
        )
