"""Where blocks are computed: here, in processes, or on a cluster. joblib is the one seam."""

import itertools
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sim.experiment.errors import ResultsError, RunError
from sim.version import __version__

BACKENDS = ("processes", "dask", "ray")
MOST_DEATHS = 3  # of workers, without any task finished between
SECONDS_TO_CONNECT = 10
SECONDS_BETWEEN_LOOKS = 1.0  # of a worker at its parent
TASKS_PER_WORKER = 2  # handed out at a time, so that none waits for the next

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Workers:
    """Who computes: so many processes here, or the cluster behind a scheduler; and replications a block, if not by time."""

    count: int = 1
    backend: str = "processes"
    scheduler: str | None = None
    block: int | None = None

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise ResultsError(f"no backend {self.backend!r}; there are {', '.join(BACKENDS)}")
        if self.scheduler is not None and self.backend == "processes":
            raise ResultsError("a scheduler goes with --backend dask or ray")

    @property
    def are_elsewhere(self) -> bool:
        """Whether tasks leave this process."""
        return self.count > 1 or self.backend != "processes"


HERE = Workers()


def stream(tasks: Iterator[Task], work: Callable[[Task], Done], workers: Workers) -> Iterator[Done]:
    """What `work` makes of each task, as it comes, in any order; tasks are drawn as workers become free.

    A worker that dies costs what it was at: the task is done again by another.

    Raises
    ------
    RunError
        If workers die again and again without finishing anything, or the cluster cannot be reached.
    """
    if not workers.are_elsewhere:
        yield from map(work, tasks)
        return
    with _cluster(workers) as (count, hands_back_as_it_comes):
        if hands_back_as_it_comes:
            yield from _as_they_come(tasks, work, count, are_own=workers.backend == "processes")
        else:
            yield from _in_waves(tasks, work, count)


def _as_they_come(tasks: Iterator[Task], work: Callable[[Task], Done], count: int, are_own: bool) -> Iterator[Done]:
    from joblib import Parallel, delayed  # noqa: PLC0415  # heavy, and one worker does not need it
    from joblib.externals.loky.process_executor import TerminatedWorkerError  # noqa: PLC0415

    lost: list[Task] = []
    deaths = 0
    while True:
        out: dict[int, Task] = {}

        def handed(again: list[Task], out: dict[int, Task]) -> Iterator[Any]:
            for number, task in enumerate(itertools.chain(again, tasks)):
                out[number] = task
                yield delayed(_numbered)(work, number, task)

        parallel = Parallel(
            n_jobs=count,
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch=f"{TASKS_PER_WORKER}*n_jobs",
            max_nbytes=None,
            **({"initializer": end_with, "initargs": (os.getpid(),)} if are_own else {}),
        )
        results = parallel(handed(lost, out))
        try:
            for number, done in results:
                del out[number]
                deaths = 0
                yield done
        except TerminatedWorkerError as error:
            deaths += 1
            if deaths == MOST_DEATHS:
                raise RunError(
                    f"{MOST_DEATHS} workers died one after the other, perhaps for want of memory; fewer --workers need less"
                ) from error
            lost = list(out.values())
        else:
            return
        finally:
            with warnings.catch_warnings():  # if nobody wants the rest, joblib says that it is cancelled
                warnings.simplefilter("ignore", UserWarning)
                results.close()


def _in_waves(tasks: Iterator[Task], work: Callable[[Task], Done], count: int) -> Iterator[Done]:
    """For a backend that hands back all results of a call at once."""
    from joblib import Parallel, delayed  # noqa: PLC0415

    parallel = Parallel(n_jobs=count, batch_size=1)
    while wave := list(itertools.islice(tasks, TASKS_PER_WORKER * count)):
        yield from parallel(delayed(work)(task) for task in wave)


def check_version(of_worker: str) -> None:
    """See that a worker, perhaps on another machine, has this version of the program.

    Raises
    ------
    RunError
        If it has another: its worlds are not ours.
    """
    if of_worker != __version__:
        raise RunError(f"a worker has version {of_worker} of sim, this is {__version__}; use one version")


def end_with(parent: int) -> None:
    """End this worker when its parent is gone: one that was killed cannot tell its workers, and they would wait for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _numbered(work: Callable[[Task], Done], number: int, task: Task) -> tuple[int, Done]:
    return number, work(task)


@contextmanager
def _cluster(workers: Workers) -> Iterator[tuple[int, bool]]:
    """The backend, as joblib's; yields how many workers it has, and whether it hands results back as they come."""
    if workers.backend == "processes":
        yield workers.count, True
    elif workers.backend == "dask":
        with _dask(workers) as count:
            yield count, True
    else:
        with _ray(workers) as count:
            yield count, False


@contextmanager
def _dask(workers: Workers) -> Iterator[int]:
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415
        from joblib import parallel_config  # noqa: PLC0415
    except ImportError as error:
        raise ResultsError("--backend dask needs more: pip install 'sim[dask]'") from error
    if workers.scheduler is None:
        cluster = LocalCluster(
            n_workers=workers.count, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
        )
    else:
        cluster = None
    try:
        client = Client(workers.scheduler if cluster is None else cluster, timeout=SECONDS_TO_CONNECT, set_as_default=True)
    except (OSError, ValueError) as error:
        where = f"no Dask scheduler answers at {workers.scheduler}"
        raise RunError(f"{where} ({type(error).__name__}); start one with: dask scheduler") from error
    try:
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
        except TimeoutError as error:
            said = f"the scheduler at {workers.scheduler} has no workers"
            raise RunError(f"{said}; start some with: dask worker {workers.scheduler}") from error
        count = sum(client.nthreads().values())
        with parallel_config("dask"):
            yield count
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


@contextmanager
def _ray(workers: Workers) -> Iterator[int]:
    try:
        import ray  # noqa: PLC0415
        from joblib import parallel_config  # noqa: PLC0415
        from ray.util.joblib import register_ray  # noqa: PLC0415
    except ImportError as error:
        raise ResultsError("--backend ray needs more: pip install 'sim[ray]'") from error
    here = {"num_cpus": workers.count, "include_dashboard": False} if workers.scheduler is None else {}
    try:
        ray.init(address=workers.scheduler or "local", log_to_driver=False, logging_level="error", **here)
    except (ConnectionError, ValueError) as error:
        raise RunError(f"no Ray cluster answers at {workers.scheduler}; start one with: ray start --head") from error
    try:
        register_ray()
        with parallel_config("ray"):
            yield int(ray.cluster_resources().get("CPU", 1))
    finally:
        ray.shutdown()
