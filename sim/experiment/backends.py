"""Backends that compute blocks: here, in processes, or on a cluster. Futures are the one seam."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.experiment.errors import ResultsError, RunError
from sim.experiment.pools import MOST_DEATHS, Pool, check_installed, dask_cluster, processes, ray_cluster
from sim.version import __version__

BACKENDS = ("processes", "dask", "ray")
TASKS_PER_WORKER = 2  # handed out at a time, so that none waits for the next
SECONDS_BETWEEN_LOOKS = 10.0  # at whether there are workers, while nothing comes

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Workers:
    """The workers: processes here, or the cluster behind a scheduler; and replications per block, if not set by time."""

    count: int = 1
    backend: str = "processes"
    scheduler: str | None = None
    block: int | None = None

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise ResultsError(f"no backend {self.backend!r}; there are {', '.join(BACKENDS)}")
        if self.scheduler is not None and self.backend == "processes":
            raise ResultsError("a scheduler goes with --backend dask or ray")
        check_installed(self.backend)

    @property
    def are_elsewhere(self) -> bool:
        """Whether tasks leave this process."""
        return self.count > 1 or self.backend != "processes"

    @property
    def remedy(self) -> str:
        """What helps if their memory is short."""
        return "fewer --workers need less" if self.scheduler is None else "fewer workers per machine need less"


HERE = Workers()


def stream(tasks: Iterator[Task], work: Callable[[Task], Done], workers: Workers) -> Iterator[Done]:
    """Yield what `work` makes of each task as it is done, in any order; tasks are drawn as workers become free.

    A worker that dies costs what it was at: the task is done again by another.

    Raises
    ------
    RunError
        If one task, named by its `str`, kills worker after worker, or the cluster cannot be reached or goes away.
    """
    if not workers.are_elsewhere:
        yield from map(work, tasks)
        return
    with _pool(workers) as pool:
        yield from _as_they_come(tasks, work, pool, workers)


def _pool(workers: Workers) -> AbstractContextManager[Pool]:
    if workers.backend == "processes":
        return processes(workers.count)
    return (dask_cluster if workers.backend == "dask" else ray_cluster)(workers.count, workers.scheduler)


@dataclass(eq=False)
class _Errand(Generic[Task]):
    """A task on its way, and what it has cost."""

    task: Task
    deaths: int = 0  # of workers, at this task for certain
    is_suspect: bool = False  # it was out when workers died


def _as_they_come(tasks: Iterator[Task], work: Callable[[Task], Done], pool: Pool, workers: Workers) -> Iterator[Done]:
    fresh = map(_Errand, tasks)
    lost: deque[_Errand[Task]] = deque()
    out: dict[Future[Done], _Errand[Task]] = {}
    while True:
        while len(out) < _room(pool, [*lost, *out.values()]) and (errand := lost.popleft() if lost else next(fresh, None)):
            out[pool.submit(work, errand.task)] = errand
        if not out:
            return
        for future in _wait(out, pool):
            errand = out.pop(future)
            try:
                done = future.result()
            except Exception as error:
                if not _count_deaths(errand, error, pool):
                    raise
                if errand.deaths >= MOST_DEATHS:
                    yield from [other.result() for other in out if _has_succeeded(other)]
                    said = f"{errand.deaths} workers died one after the other at {errand.task}"
                    raise RunError(f"{said}, perhaps for want of memory; {workers.remedy}") from error
                lost.append(errand)
            else:
                yield done


def _room(pool: Pool, on_their_way: list[_Errand[Task]]) -> int:
    """Return how many tasks may be out: one at a time while looking for the one that kills its worker."""
    if pool.dies_as_a_whole and any(errand.is_suspect for errand in on_their_way):
        return 1
    return TASKS_PER_WORKER * pool.count


def _count_deaths(errand: _Errand[Task], error: Exception, pool: Pool) -> bool:
    """Keep how many workers died at a task, as far as it is certain; whether any did."""
    deaths = pool.deaths(error)
    if errand.is_suspect or not pool.dies_as_a_whole:
        errand.deaths += deaths
    errand.is_suspect = deaths > 0
    return errand.is_suspect


def _wait(out: dict[Future[Done], _Errand[Task]], pool: Pool) -> list[Future[Done]]:
    """Return what is finished, once something is: first what succeeded, then the rest as it was handed out."""
    while not (done := wait(out, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED).done):
        pool.look()
    return sorted((future for future in out if future in done), key=lambda future: not _has_succeeded(future))


def _has_succeeded(future: Future[Done]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def check_version(of_worker: str) -> None:
    """Check that a worker, perhaps on another machine, has this version of the program.

    Raises
    ------
    RunError
        If it has another: its worlds are not ours.
    """
    if of_worker != __version__:
        raise RunError(f"a worker has version {of_worker} of sim, this is {__version__}; use one version")
