"""Many worlds: every point of a plan, replication by replication, each with its twin, into a store."""

import datetime as dt
import gc
import math
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.experiment.errors import ResultsError
from sim.experiment.store import SCHEMA_VERSION, Results, Store, read
from sim.measures import evaluate
from sim.model import Record, no_garbage_collection, simulate
from sim.model.record import Columns
from sim.model.twin import twin_of
from sim.scenario import Scenario
from sim.version import __version__

Progress = Callable[[int, int], None]
Tables = dict[str, Columns]


@dataclass(frozen=True)
class Point:
    """A scenario to be run, and what sets it apart from the others."""

    label: str
    scenario: Scenario
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What to run: points by replications, on the draws of one seed."""

    name: str
    points: tuple[Point, ...]
    replications: int
    seed: int
    spillover: bool = False  # a third world a point, which tells direct effects from those that spill over

    def __post_init__(self) -> None:
        if not self.points:
            raise ResultsError("nothing to run: no scenario is left")
        currencies = {point.scenario.currency for point in self.points}
        if len(currencies) > 1:
            raise ResultsError(f"scenarios in different currencies cannot be compared: {', '.join(sorted(currencies))}")

    def manifest(self) -> dict[str, Any]:
        """The plan as a result folder keeps it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "package_version": __version__,
            "name": self.name,
            "seed": self.seed,
            "replications": self.replications,
            "spillover": self.spillover,
            "points": [
                {
                    "label": point.label,
                    "settings": point.settings,
                    "scenario_hash": point.scenario.content_hash(),
                    "twin": point.scenario.twin_kind(),
                    "first_day": point.scenario.time.start.isoformat(),
                    "last_day": (
                        point.scenario.time.start + dt.timedelta(weeks=point.scenario.time.horizon_weeks, days=-1)
                    ).isoformat(),
                    "scenario": point.scenario.document(),
                }
                for point in self.points
            ],
        }

    @classmethod
    def from_results(cls, results: Results) -> "Plan":
        """The plan that a result folder was made by.

        Raises
        ------
        ResultsError
            If its manifest no longer makes a plan.
        """
        said = results.manifest
        try:
            points = tuple(
                Point(point["label"], Scenario.model_validate(point["scenario"], strict=False), point["settings"])
                for point in said["points"]
            )
            return cls(said["name"], points, said["replications"], said["seed"], said["spillover"])
        except (KeyError, ValueError) as error:
            raise ResultsError(f"{results.folder}: its manifest was written by another version, or changed") from error


def replicate(scenarios: tuple[Scenario, ...], seed: int, replication: int, spillover: bool = False) -> Tables:
    """One replication of every scenario with its twin, and with the third world if direct effects are asked for.

    Scenarios that share a twin share the run of it.
    """
    twins: dict[str, Record] = {}
    tables: Tables = {}
    for point, scenario in enumerate(scenarios):
        twin = twin_of(scenario)
        name = twin.content_hash()
        if name not in twins:
            twins[name] = simulate(twin, seed, replication)
        record = simulate(scenario, seed, replication)
        third = simulate(scenario, seed, replication, twins[name]) if spillover else None
        with no_garbage_collection():
            found = evaluate(scenario, record, twins[name], third=third, in_detail=replication == 0)
        for table, columns in found.items():
            rows = len(next(iter(columns.values())))
            keyed: Columns = {"point": [point] * rows, "replication": [replication] * rows, **columns}
            if table in tables:
                for column, values in keyed.items():
                    tables[table][column].extend(values)
            else:
                tables[table] = {column: list(values) for column, values in keyed.items()}
    return tables


def execute(plan: Plan, folder: Path, *, workers: int = 1, force: bool = False, progress: Progress | None = None) -> Results:
    """Run a plan into a new result folder.

    Raises
    ------
    ResultsError
        If the folder is taken.
    """
    return _finish(plan, Store.create(folder, plan.manifest(), force=force), workers, progress)


def resume(folder: Path, *, workers: int = 1, progress: Progress | None = None) -> Results:
    """Run what an interrupted run has left undone; the results are those of one that was not interrupted.

    Raises
    ------
    ResultsError
        If there is no run to resume.
    """
    results = read(folder)
    if (folder / "outcomes.parquet").is_file() and not (folder / "parts").is_dir():
        return results
    return _finish(Plan.from_results(results), Store(folder), workers, progress)


def _finish(plan: Plan, store: Store, workers: int, progress: Progress | None) -> Results:
    begun = dt.datetime.now(dt.UTC)
    done = store.finished()
    left = [replication for replication in range(plan.replications) if replication not in done]
    finished = plan.replications - len(left)
    if progress:
        progress(finished, plan.replications)
    for replication, tables in _replications(plan, left, workers):
        store.add(replication, tables)
        finished += 1
        if progress:
            progress(finished, plan.replications)
    ended = dt.datetime.now(dt.UTC)
    timing = {
        "begun": begun.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "seconds": math.ceil((ended - begun).total_seconds()),
        "workers": workers,
    }
    store.complete(range(plan.replications), timing)
    return read(store.folder)


def _replications(plan: Plan, numbers: list[int], workers: int) -> Iterator[tuple[int, Tables]]:
    scenarios = tuple(point.scenario for point in plan.points)
    if workers == 1 or len(numbers) <= 1:
        for number in numbers:
            yield number, replicate(scenarios, plan.seed, number, plan.spillover)
        return
    from joblib import Parallel, delayed  # noqa: PLC0415  # heavy, and one worker does not need it

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
    yield from parallel(delayed(_numbered)(scenarios, plan.seed, number, plan.spillover) for number in numbers)


def _numbered(scenarios: tuple[Scenario, ...], seed: int, number: int, spillover: bool) -> tuple[int, Tables]:
    gc.freeze()  # what is loaded by now stays for the worker's life
    if multiprocessing.parent_process() is not None:  # a Ctrl-C is for the parent, which then ends its workers
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return number, replicate(scenarios, seed, number, spillover)
