"""A small world for tests of what surrounds the model, and results of it."""

from pathlib import Path

from sim.experiment import Plan, Results, execute
from sim.experiment.designs import grid
from sim.scenario import Scenario

SMALL = {
    "name": "small",
    "time": {"horizon_weeks": 40, "run_off_weeks": 60},
    "market": {"accounts": 300, "customers": 30},
}
SMALL_YAML = """\
name: small
time: {horizon_weeks: 40, run_off_weeks: 60}
market: {accounts: 300, customers: 30}
"""


def small() -> Scenario:
    return Scenario.model_validate(SMALL)


def small_plan(replications: int = 3, *vary: str) -> Plan:
    return Plan("small", grid(small(), vary or ("team.hours_per_week=5,20",)), replications, seed=7)


def small_results(folder: Path, replications: int = 3, *vary: str) -> Results:
    return execute(small_plan(replications, *vary), folder)
