"""Announcement of large runs before their first world: events, memory and time, and how to continue all the same."""

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Plan
from sim.experiment.size import Size, pair_of, size_of
from sim.model.twin import twin_of
from sim.remarks import remark
from sim.scenario import Scenario
from sim.workflows.options import Worlds

MOST_SECONDS = 15.0  # of one world; less, and a bar moves soon enough
MOST_BYTES = 3e9  # of one process
MOST_RUN_SECONDS = 2 * 3600.0  # of all worlds together
GIGABYTE, MILLION = 1e9, 1e6


def check_world(scenario: Scenario, how: Worlds) -> None:
    """Announce a scenario whose worlds are large.

    Raises
    ------
    ResultsError
        If they are, unless `how.yes` says that this is meant; then it is only remarked.
    """
    if line := is_large(scenario):
        _announce(line, how)


def check_worlds(scenario: Scenario, count: int, how: Worlds) -> None:
    """Announce so many worlds of a scenario, with their twins, if they are large or take long all together.

    Raises
    ------
    ResultsError
        As `check_world` does.
    """
    check_world(scenario, how)
    seconds = pair_of(scenario, twin_of(scenario)).seconds * count / how.crew.count
    if seconds > MOST_RUN_SECONDS:
        _announce(f"{scenario.name}: {said_of(size_of(scenario))}; {_all_of(count, seconds)}", how)


def _all_of(count: int, seconds: float) -> str:
    return f"{count:,} of them with their twins take about {_long(seconds)}"


def is_large(scenario: Scenario) -> str:
    """Say how large the worlds of a scenario are; nothing where they are of a usual size."""
    size = Size.largest([size_of(scenario), size_of(twin_of(scenario))])
    is_usual = size.seconds <= MOST_SECONDS and size.bytes <= MOST_BYTES
    return "" if is_usual else f"{scenario.name}: {said_of(size)}"


def check_plan(plan: Plan, how: Worlds) -> None:
    """Announce a plan whose worlds take long all together, or are large one by one.

    Raises
    ------
    ResultsError
        As `check_world` does.
    """
    sizes = [pair_of(point.scenario, twin_of(point.scenario)) for point in plan.points]
    largest = Size.largest(size_of(point.scenario) for point in plan.points)
    seconds = sum(size.seconds for size in sizes) * plan.replications / how.crew.count
    if largest.seconds > MOST_SECONDS or largest.bytes > MOST_BYTES or seconds > MOST_RUN_SECONDS:
        worlds = _all_of(len(plan.points) * plan.replications, seconds)
        _announce(f"{plan.name}: {said_of(largest)}{f'; {worlds}' if plan.replications else ''}", how)


def said_of(size: Size) -> str:
    """Say what a world takes."""
    events = f"{size.events / MILLION:.1f} million" if size.events >= MILLION / 10 else f"{size.events:,.0f}"
    return f"a world takes about {events} events, {_long(size.seconds)} and {size.bytes / GIGABYTE:.1f} GB"


def _announce(line: str, how: Worlds) -> None:
    if how.yes:
        how.remark(line)
        return
    levers = "fewer accounts, followers, messages or weeks make it smaller"
    raise ResultsError(
        remark("{line}; {levers}; to run it all the same: --yes (from Python yes=True)", line=line, levers=levers)
    )


def _long(seconds: float) -> str:
    """Say a time in its largest unit, to two figures."""
    for unit, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2.0 * length:
            return f"{seconds / length:,.2g} {unit}" if seconds < 100 * length else f"{seconds / length:,.0f} {unit}"
    return f"{max(1, round(seconds))} s"
