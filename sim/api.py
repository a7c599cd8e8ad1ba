"""What a notebook user needs, in functions that return results and frames."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import Plan, Point, Results, Workers, execute, read
from sim.experiment.designs import grid
from sim.experiment.limits import with_lifted
from sim.model.twin import twin_of
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare", "read", "run", "sweep", "twin"]

Folder = str | os.PathLike[str] | None


def run(
    scenario: Scenario,
    *,
    lift: Sequence[str] = (),
    spillover: bool = False,
    replications: int = 30,
    seed: int = 1,
    workers: int = 1,
    folder: Folder = None,
) -> Results:
    """Run a scenario and its twin, also without some of its limits; results stay in `folder`, or in a temporary one."""
    point = Point(scenario.name, scenario, {"team.hours_per_week": scenario.team.hours_per_week})
    return execute(
        Plan(scenario.name, with_lifted([point], lift), replications, seed, spillover),
        _folder(folder),
        workers=Workers(workers),
    )


def sweep(
    scenario: Scenario,
    *vary: str,
    lift: Sequence[str] = (),
    spillover: bool = False,
    replications: int = 30,
    seed: int = 1,
    workers: int = 1,
    folder: Folder = None,
) -> Results:
    """Run every combination of what varies, such as `"team.hours_per_week=5:40:5"`; also without some limits."""
    points = with_lifted(grid(scenario, vary), lift)
    return execute(Plan(scenario.name, points, replications, seed, spillover), _folder(folder), workers=Workers(workers))


def twin(scenario: Scenario) -> Scenario:
    """The scenario's zero-hours twin."""
    return twin_of(scenario)


def compare(*results: Results, baseline: str | None = None) -> "pd.DataFrame":
    """Paired differences from the baseline, with intervals and Holm-adjusted p-values."""
    from sim.analysis.comparison import paired_differences  # noqa: PLC0415  # pandas is heavy

    return paired_differences(list(results), baseline)


def _folder(folder: Folder) -> Path:
    return Path(tempfile.mkdtemp(prefix="sim-")) if folder is None else Path(folder)
