"""A small world for tests of what surrounds the model, and results of it."""

from pathlib import Path

from sim.experiment import Plan, Point, Results, execute
from sim.experiment.columns import TABLES
from sim.experiment.designs import CANDIDATE, CASE, grid
from sim.experiment.guesses import Input
from sim.experiment.optimise import moves
from sim.experiment.sensitivity import ends
from sim.experiment.simplex import with_others
from sim.scenario import Scenario, apply

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
SHORT_YAML = """\
name: short
time: {horizon_weeks: 20, run_off_weeks: 26}
market: {accounts: 300, customers: 30}
"""


def small() -> Scenario:
    return Scenario.model_validate(SMALL)


def small_plan(replications: int = 3, *vary: str) -> Plan:
    return Plan("small", grid(small(), vary or ("team.hours_per_week=5,20",)), replications, seed=7)


def short() -> Scenario:
    """The same world in half the time."""
    return apply(small(), {"time.horizon_weeks": 20, "time.run_off_weeks": 26})


def short_plan(replications: int = 3, *vary: str) -> Plan:
    """A plan of short worlds, for tests that compare files and look at nothing in them."""
    return Plan("short", grid(short(), vary or ("team.hours_per_week=5,20",)), replications, seed=7)


def small_results(folder: Path, replications: int = 3, *vary: str) -> Results:
    return execute(small_plan(replications, *vary), folder)


PERFECT = {"measurement.tagging.without_hours": 1.0, "measurement.asking.without_hours": 1.0}
REVIEW = {"hours_policy.kind": "review", "hours_policy.patience_weeks": 13}
REVIEWS = {
    f"{records}, {counts}, {window}": REVIEW
    | (PERFECT if records == "perfect" else {})
    | {"hours_policy.counts": counts, "hours_policy.window_weeks": 52 if window == "year" else 13}
    for records in ("as they are", "perfect")
    for counts in ("closed", "pipeline")
    for window in ("quarter", "year")
}


def review_results(folder: Path, replications: int = 2, *cases: str) -> Results:
    """The factorial of reviews (or some cases of it) on the small world, and the same hours that nobody reviews."""
    named = {"not reviewed": {}} | {name: REVIEWS[name] for name in cases or REVIEWS}
    points = tuple(Point(name, apply(small(), values), {CASE: name}) for name, values in named.items())
    return execute(Plan("reviews", points, replications, seed=7), folder)


def tables_of(folder: Path) -> dict[str, bytes]:
    """The bytes of all tables and of what says whether they are sound."""
    names = [*(f"{name}.parquet" for name in TABLES), "manifest.json", "checksums.json"]
    return {name: (folder / name).read_bytes() for name in names}


SPLITS = {
    "found 1": {"team.split.recruiting": 0.3},
    "found 2": {"team.split.content": 0.5},
    "best in the records": {"team.split.dialogue": 0.4},
}


def split_results(folder: Path, replications: int = 12) -> Results:
    """Some splits of the hours beside the one there is, and an hour moved from each activity that has one."""
    points = [Point("as it is", small(), {CANDIDATE: "as it is"})]
    for name, shares in SPLITS.items():
        points.append(Point(name, apply(small(), with_others(small(), shares)), {CANDIDATE: name}))
    return execute(Plan("splits", (*points, *moves(small())[:9]), replications, seed=7), folder)


INPUTS = (Input("sales.margin", 0.5, 0.3, 0.7), Input("market.shortlist.share_without_social", 0.25, 0.2, 0.3))


def ends_results(folder: Path, replications: int = 2) -> Results:
    """Two levels of hours, with inputs at either end of their ranges."""
    return execute(Plan("ends", ends(small(), INPUTS, [5.0, 20.0]), replications, seed=7), folder)
