"""Many worlds: every point of a plan, replication by replication, each with its twin, into a store."""

import datetime as dt
import gc
import math
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment.arrow import Encoded, to_arrow, to_parquet
from sim.experiment.backends import HERE, Workers, check_version, stream
from sim.experiment.blocks import Block, Pace, blocks
from sim.experiment.errors import RunError
from sim.experiment.plan import Plan
from sim.experiment.precision import LEAST, MOST, Target, replications_for
from sim.experiment.results import Results, read
from sim.experiment.store import Store
from sim.measures import evaluate
from sim.model import Record, no_garbage_collection, simulate
from sim.model.record import Columns
from sim.model.twin import twin_of
from sim.scenario import Scenario
from sim.version import __version__, versions

Progress = Callable[[int, int], None]
Tables = dict[str, Columns]

SECONDS_TO_ANSWER = 2.0  # of a budget: putting together, and what is said


@dataclass(frozen=True)
class Task:
    """A block of worlds, with all that a worker needs to compute it."""

    block: Block
    scenarios: tuple[Scenario, ...]  # those of the block's points
    seed: int
    spillover: bool

    def __str__(self) -> str:
        return f"{self.block} (seed {self.seed})"


@dataclass(frozen=True)
class Computed:
    """The results of one block, as a worker returns them."""

    block: Block
    tables: Encoded
    seconds: float
    version: str


def replicate(
    scenarios: tuple[Scenario, ...], seed: int, replication: int, spillover: bool = False, first_point: int = 0
) -> Tables:
    """Simulate one replication of every scenario with its twin, and with the third world if direct effects are asked for.

    Scenarios that share a twin share the run of it. Points are numbered from `first_point`.
    """
    twins: dict[str, Record] = {}
    tables: Tables = {}
    for point, scenario in enumerate(scenarios, first_point):
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
            _extend(tables, table, {"point": [point] * rows, "replication": [replication] * rows, **columns})
    return tables


def compute(task: Task) -> Computed:
    """Compute all worlds of a block, as Parquet; in a worker or here."""
    begun = time.perf_counter()
    settle()
    block, tables = task.block, Tables()
    for number in range(block.replication, block.until_replication):
        for table, columns in replicate(task.scenarios, task.seed, number, task.spillover, block.point).items():
            _extend(tables, table, columns)
    encoded = {table: to_parquet(to_arrow(table, columns)) for table, columns in tables.items()}
    return Computed(block, encoded, time.perf_counter() - begun, __version__)


def execute(
    plan: Plan,
    folder: Path,
    *,
    workers: Workers = HERE,
    force: bool = False,
    seconds: float | None = None,
    progress: Progress | None = None,
    beside: Callable[[Path], None] | None = None,
) -> Results:
    """Run a plan into a new result folder; if time is up first, with the replications that are finished by then.

    `beside` writes into the folder what else belongs there, before the first world: so it is there after `resume`, too.

    Raises
    ------
    ResultsError
        If the folder is taken.
    RunError
        If the disk is full, workers cannot be had, or time is up before a replication is finished; finished work is kept.
    """
    clock = Clock(seconds)
    with Store.create(folder, plan.manifest(), force=force) as store:
        if beside is not None:
            beside(folder)
        return _finish(plan, store, workers, clock, progress)


def resume(folder: Path, *, workers: Workers = HERE, seconds: float | None = None, progress: Progress | None = None) -> Results:
    """Run what an interrupted run has left undone, and what is damaged; the results are those of an undisturbed run.

    Raises
    ------
    ResultsError
        If there is no run to resume.
    RunError
        As `execute` does.
    """
    clock = Clock(seconds)
    results = read(folder)
    plan = Plan.from_results(results)
    with Store.open(folder, plan.manifest()) as store:
        if store.is_whole:
            store.tidy()
            return results
        if store.manifest["points"] != results.manifest["points"] or store.manifest["replications"] != plan.replications:
            plan = Plan.from_results(read(folder))  # it was on its way to a larger run when it was interrupted
        return _finish(plan, store, workers, clock, progress)


class Clock:
    """The clock of a run: its beginning, and the moment at which its time is up."""

    def __init__(self, seconds: float | None) -> None:
        self.begun = dt.datetime.now(dt.UTC)
        to_run = math.inf if seconds is None else max(seconds / 2.0, seconds - SECONDS_TO_ANSWER)
        self._until = time.monotonic() + to_run

    @property
    def is_limited(self) -> bool:
        """Whether time can be up at all."""
        return self._until < math.inf

    @property
    def is_up(self) -> bool:
        """Whether time is up."""
        return time.monotonic() >= self._until

    def timing(self, workers: Workers) -> dict[str, Any]:
        """Return the timing as result folders store it."""
        ended = dt.datetime.now(dt.UTC)
        return {
            "begun": self.begun.isoformat(timespec="seconds"),
            "ended": ended.isoformat(timespec="seconds"),
            "seconds": math.ceil((ended - self.begun).total_seconds()),
            "workers": workers.count,
            "backend": workers.backend,
            "versions": versions(),
        }


class TimeIsUpError(Exception):
    """The budget of seconds is spent."""


def _finish(plan: Plan, store: Store, workers: Workers, clock: Clock, progress: Progress | None) -> Results:
    def have(replications: int) -> None:
        for _ in run_worlds(plan.of(replications), store, workers, progress):
            if clock.is_up and store.left(replications).any():
                raise TimeIsUpError

    def outcomes(target: Target, replications: int) -> npt.NDArray[np.float64]:
        have(replications)
        return store.outcome(target.outcome, replications)

    with suppress(TimeIsUpError):
        if plan.replications:
            have(plan.replications)
        elif plan.target is not None:
            replications_for(plan.target, partial(outcomes, plan.target))
        else:
            _until_time_is_up(have, clock)
    finished = store.finished(plan.replications or MOST)
    if not finished:
        raise RunError(
            f"{store.folder}: time was up before a replication was finished; give more, or continue with: sim resume"
        )
    store.resize(finished)
    store.complete(clock.timing(workers))
    return read(store.folder)


def _until_time_is_up(have: Callable[[int], None], clock: Clock) -> None:
    replications = LEAST
    while clock.is_limited and replications <= MOST:
        have(replications)
        replications *= 2


def run_worlds(plan: Plan, store: Store, workers: Workers, progress: Progress | None = None) -> Iterator[Block]:
    """Run the worlds of a plan that a store lacks, and keep each block as it comes; its name is yielded then."""
    left = store.left(plan.replications)
    total, done = left.size, left.size - int(left.sum())
    pace = Pace(workers.block)
    scenarios = tuple(point.scenario for point in plan.points)

    def task(block: Block) -> Task:
        return Task(block, scenarios[block.point : block.until_point], plan.seed, plan.spillover)

    if progress:
        progress(done, total)
    for computed in stream(map(task, blocks(left, pace, workers.count)), compute, workers):
        check_version(computed.version)
        pace.saw(computed.block, computed.seconds)
        store.add(computed.block, computed.tables)
        done += computed.block.worlds
        if progress:
            progress(done, total)
        yield computed.block


def _extend(tables: Tables, name: str, columns: Columns) -> None:
    if name not in tables:
        tables[name] = {column: list(values) for column, values in columns.items()}
        return
    for column, values in columns.items():
        tables[name][column].extend(values)


def settle() -> None:
    """Make a worker of this process, if it is one."""
    if multiprocessing.parent_process() is None:
        return
    gc.freeze()  # what is loaded by now stays for the worker's life
    if threading.current_thread() is threading.main_thread():  # a Ctrl-C is for the parent, which then ends its workers
        signal.signal(signal.SIGINT, signal.SIG_IGN)
