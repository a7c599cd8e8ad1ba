"""The options that workflows share: who computes, on which draws, how long, and where results are kept."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypedDict

from sim.experiment import company
from sim.experiment.backends import Workers
from sim.experiment.errors import ResultsError
from sim.experiment.plan import Plan, Point
from sim.experiment.precision import GROSS, MOST, Target
from sim.experiment.runner import Progress
from sim.remarks import remark
from sim.report.text.translation import later, say
from sim.report.text.words import short
from sim.scenario import Loaded, Scenario, load_tagged
from sim.scenario.fields import parameters
from sim.scenario.merging import following
from sim.scenario.schema import Segment

REPLICATIONS, SEED = 30, 1  # by default
WORLDS = later("worlds")  # what is counted by most

Folder = str | os.PathLike[str]
ScenarioLike = Scenario | Loaded | Folder
Bar = Callable[[str, str], AbstractContextManager[Progress | None]]


class WorldOptions(TypedDict, total=False):
    """Options of everything that runs worlds; see `Worlds`."""

    seed: int
    workers: int | Workers
    folder: Folder | None
    bar: Bar
    remark: Callable[[str], None]
    yes: bool


class CountedOptions(WorldOptions, total=False):
    """Options of what runs so many worlds; see `Counted`."""

    replications: int | None


class RunOptions(CountedOptions, total=False):
    """Options of everything that makes results; see `Run`."""

    precision: float | None
    half_width: float | None
    outcome: str | None
    seconds: float | None
    force: bool


def no_bar(title: str, counted: str) -> AbstractContextManager[None]:  # noqa: ARG001  # as all are called
    """Show no progress."""
    return nullcontext()


def no_remark(text: str) -> None:
    """Make no remark."""


@dataclass(frozen=True)
class Worlds:
    """Options for running worlds: where and how.

    Attributes
    ----------
    seed
        Of all draws.
    workers
        Number of processes, or a backend; results are the same for any.
    folder
        Where worlds and what is made of them are kept; nowhere if None.
    bar
        Called with a title and the name of what is counted; gives a context manager that yields a function of how many are
        done and how many there are, or None.
    remark
        Called with what is worth knowing while it works.
    yes
        Run what is large, too: worlds of minutes or of gigabytes, or all of them for half a day. Otherwise that is an error.
    """

    seed: int = SEED
    workers: int | Workers = 1
    folder: Folder | None = None
    bar: Bar = no_bar
    remark: Callable[[str], None] = no_remark
    yes: bool = False

    @classmethod
    def of(cls, options: Any) -> Self:
        """Take options by name; those that are None keep their defaults.

        Raises
        ------
        TypeError
            If there is no such option.
        """
        return cls(**{name: value for name, value in options.items() if value is not None})

    @property
    def crew(self) -> Workers:
        """The workers that compute."""
        return Workers(self.workers) if isinstance(self.workers, int) else self.workers

    @property
    def path(self) -> Path | None:
        """The folder, if there is one."""
        return None if self.folder is None else Path(self.folder)

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Give the folder, or a temporary one that is gone afterwards."""
        if self.path is not None:
            yield self.path
            return
        above = Path(tempfile.mkdtemp(prefix="sim-"))
        try:
            yield above / "run"
        finally:
            shutil.rmtree(above, ignore_errors=True)


@dataclass(frozen=True)
class Counted(Worlds):
    """Options for running a number of worlds.

    Attributes
    ----------
    replications
        Worlds per point, or of the scenario; None for the usual number.
    """

    replications: int | None = None


@dataclass(frozen=True)
class Run(Counted):
    """Options for making results.

    Attributes
    ----------
    replications
        Worlds per point (30 by default); the most of them, with `precision` or `half_width`.
    precision, half_width
        Run until the half-width of the interval of `outcome` is at most this share of its mean, or this amount.
    outcome
        Outcome to be precise in (`gross_return_expected` by default).
    seconds
        Stop when so much time has passed.
    force
        Replace results that are in the folder.

    Raises
    ------
    ResultsError
        If options do not go together.
    """

    precision: float | None = None
    half_width: float | None = None
    outcome: str | None = None
    seconds: float | None = None
    force: bool = False

    def __post_init__(self) -> None:
        _ = self.target

    @property
    def target(self) -> Target | None:
        """The precision that was asked for, if any."""
        if self.precision is None and self.half_width is None:
            if self.outcome is not None:
                raise ResultsError(remark("an outcome to be precise in goes with a precision or a half-width"))
            return None
        return Target(self.outcome or GROSS, self.precision, self.half_width, self.replications or MOST)

    @property
    def is_open(self) -> bool:
        """Whether the number of replications is to be found: as many as are enough, or as there is time for."""
        return self.target is not None or (self.seconds is not None and self.replications is None)

    @property
    def planned(self) -> int:
        """Replications per point; 0 if their number is to be found."""
        return 0 if self.is_open else self.replications or REPLICATIONS

    def plan(self, name: str, points: tuple[Point, ...], spillover: bool = False) -> Plan:
        """Plan to run some points."""
        return Plan(name, points, self.planned, self.seed, spillover, self.target)


def loaded(scenario: ScenarioLike, how: Worlds | None = None) -> Loaded:
    """Load a scenario from its file; one that is loaded stays as it is. Either way it meets what its company states.

    Raises
    ------
    ScenarioError
        If the file is not a scenario, or its company cannot win the deals that it states.
    ResultsError
        If its worlds are large, and `how` does not say that this is meant.
    """
    from sim.workflows.announced import check_world  # noqa: PLC0415  # which takes options in turn

    found = given(scenario)
    if how is not None:
        check_world(found.scenario, how)
    how = how or Worlds()
    met = company.met(found.scenario, how.crew)
    if met is found.scenario:
        return found
    how.remark(_said_of_needs(met))
    return replace(found, scenario=met)


def given(scenario: ScenarioLike) -> Loaded:
    """Load a scenario from its file, as its author gave it.

    Raises
    ------
    ScenarioError
        If the file is not a scenario.
    """
    if isinstance(scenario, Scenario):
        return Loaded(scenario, following(scenario, {}), {})
    return scenario if isinstance(scenario, Loaded) else load_tagged(scenario)


def _said_of_needs(scenario: Scenario) -> str:
    """Say what was solved, and whether it is usual."""
    most = max(scenario.market.segments.values(), key=lambda segment: segment.needs_per_year)
    usual = parameters(Segment)["needs_per_year"]
    assert usual.low is not None
    assert usual.high is not None
    solved = say(
        "Solved for {deals} deals per year: each target account considers {needs} purchases per year.",
        deals=short(scenario.company.deals_per_year),
        needs=short(most.needs_per_year),
    )
    if usual.low <= most.needs_per_year <= usual.high:
        return solved
    check = say(
        "Usual are {low} to {high}. Check market.accounts and company.deals_per_year: does every company count that may buy?",
        low=short(usual.low),
        high=short(usual.high),
    )
    return f"{solved} {check}"
