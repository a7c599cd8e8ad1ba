"""The input: what a scenario may contain, and reading it."""

from sim.scenario.errors import ScenarioError
from sim.scenario.loading import Loaded, load, load_tagged
from sim.scenario.overrides import apply, parse_override
from sim.scenario.schema.scenario import Scenario

__all__ = ["Loaded", "Scenario", "ScenarioError", "apply", "load", "load_tagged", "parse_override"]
