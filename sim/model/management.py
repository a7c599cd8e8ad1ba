"""Management: how many hours the team is given, week by week. See docs/model.md, "Show me the money"."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.ledger import SOCIAL, Ledger
from sim.scenario.schema import Scenario
from sim.scenario.schema.hours_policy import WEEKS_PER_QUARTER, HoursPolicy


def scheduled(policy: HoursPolicy, full: float, week: int, settled: float) -> float:
    """Return the hours of a week: none before the team begins, those of a ramp, or else what is settled by then."""
    worked = week - policy.starts_week
    if worked < 0:
        return 0.0
    if policy.kind == "ramp":
        return rules.ramped(policy.from_hours, full, worked / policy.ramp_weeks)
    return settled


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
        if self.policy.kind == "staged" and self.week == self.policy.look_week:
            self.reviewed = self.policy.then_hours if self.seen() >= self.policy.at_least else self.policy.else_hours
        self.granted = self._grant()
        begun, self._next_week = self._next_week, self.env.event()
        begun.succeed()

    def until(self, week: int) -> Generator[simpy.Event, Any, None]:
        """Wait until a week has begun and its hours are known."""
        while self.week < week:
            yield self._next_week

    def _grant(self) -> float:
        return scheduled(self.policy, self.full, self.week, self.reviewed)

    def _is_due(self) -> bool:
        worked = self.week - self.policy.starts_week
        return worked >= max(1, self.policy.patience_weeks) and worked % self.policy.every_weeks == 0

    def _review(self) -> None:
        """Give more hours if what the records credit pays, fewer if it does not."""
        policy, excess = self.policy, self.measured_return() - self.policy.threshold
        if excess != 0.0:
            self.reviewed = rules.stepped(self.reviewed, excess, policy.step_hours, policy.least_hours, policy.most_hours)

    def seen(self) -> float:
        """Return the sign of the policy by now, from the quarter in which the team began: the CRM shows leads with its lag."""
        begun = self.policy.look_week - WEEKS_PER_QUARTER * self.policy.look_quarters
        sign = self.policy.looks_at
        if sign == "leads":
            return math.fsum(self.ledger.weekly[f"leads/{SOCIAL}"][max(0, begun - self.lag) : max(0, self.week - self.lag)])
        if sign == "followers":
            return self.ledger.seen[sign][self.week - 1]
        return math.fsum(self.ledger.seen[sign][begun : self.week])

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
