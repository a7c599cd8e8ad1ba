"""Policies: hours over time, apart from the scenario in which they were found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sim.experiment.designs import HOURS
from sim.scenario import Scenario

POLICY = "hours_policy"


@dataclass(frozen=True)
class Policy:
    """Hours over time by their name, and what a scenario is changed by to live them."""

    name: str
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Take the hours over time of a scenario: those of its team, and how they change."""
        changes = scenario.hours_policy.model_dump()
        settings = {HOURS: scenario.team.hours_per_week} | {f"{POLICY}.{name}": value for name, value in changes.items()}
        return cls(scenario.name, settings)
