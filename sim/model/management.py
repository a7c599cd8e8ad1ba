"""Management: how many hours the team is given, week by week. See docs/model.md, "Show me the money"."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.ledger import Ledger
from sim.scenario.schema import Scenario


class Management:
    """Grants the hours of the week to come. It knows the ledger, and nothing else."""

    def __init__(self, env: simpy.Environment, scenario: Scenario, ledger: Ledger) -> None:
        self.env, self.ledger = env, ledger
        self.policy, self.full = scenario.hours_policy, scenario.team.hours_per_week
        self.margin, self.lag = scenario.sales.margin, scenario.measurement.lag_weeks
        self.reviewed = scenario.team.hours_per_week
        self.week = 0
        self.granted = self._grant()
        self._next_week = env.event()

    @property
    def is_fixed(self) -> bool:
        """Whether everyone knows the hours of all weeks."""
        return self.policy.kind == "fixed"

    def week_ends(self) -> None:
        """Decide on the hours of the next week."""
        self.week += 1
        if self.policy.kind == "review" and self._is_due():
            self._review()
        self.granted = self._grant()
        begun, self._next_week = self._next_week, self.env.event()
        begun.succeed()

    def until(self, week: int) -> Generator[simpy.Event, Any, None]:
        """Wait until a week has begun and its hours are known."""
        while self.week < week:
            yield self._next_week

    def _grant(self) -> float:
        worked = self.week - self.policy.starts_week
        if worked < 0:
            return 0.0
        if self.policy.kind == "ramp":
            return rules.ramped(self.policy.from_hours, self.full, worked / self.policy.ramp_weeks)
        return self.reviewed

    def _is_due(self) -> bool:
        worked = self.week - self.policy.starts_week
        return worked >= max(1, self.policy.patience_weeks) and worked % self.policy.every_weeks == 0

    def _review(self) -> None:
        """Give more hours if what the records credit pays, fewer if it does not."""
        policy, excess = self.policy, self.measured_return() - self.policy.threshold
        if excess != 0.0:
            self.reviewed = rules.stepped(self.reviewed, excess, policy.step_hours, policy.least_hours, policy.most_hours)

    def measured_return(self) -> float:
        """Return credited margin over the cost of the hours, less one; of the weeks of the window that the CRM shows by now.

        Without cost there is nothing to measure, and it is that of the threshold.
        """
        last = self.week - self.lag
        window = slice(max(self.policy.starts_week, last - self.policy.window_weeks), max(0, last))
        what = "revenue" if self.policy.counts == "closed" else "pipeline"
        credited, spent = (
            math.fsum(self.ledger.weekly[name][window]) for name in (f"{what}/{self.policy.credit}", "spent/all")
        )
        return self.margin * credited / spent - 1.0 if spent > 0.0 else self.policy.threshold
