"""Workers as they are had from outside libraries: processes by loky, clusters by distributed and ray."""

import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from sim.experiment.errors import ResultsError, RunError

MOST_DEATHS = 3  # of workers at one task
SECONDS_TO_CONNECT = 10
SECONDS_WITHOUT_WORKERS = 20  # until a cluster that had some is given up
SECONDS_BETWEEN_LOOKS = 1.0  # of a worker at its parent
SECONDS_IDLE = 300  # of processes, which the next tasks find warm until then
PACKAGES = {"dask": "distributed", "ray": "ray"}  # that a backend needs beyond our own
THREADS_OF_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Pool:
    """Workers that are there: how many, and how a function and its argument are handed to one of them."""

    count: int
    submit: Callable[..., Future[Any]]
    deaths: Callable[[Exception], int]  # how many workers died at a task, by the error of its future; 0 if `work` raised it
    dies_as_a_whole: bool = False  # a worker's death may fail other tasks than the one it was at
    look: Callable[[], None] = lambda: None  # raises RunError if there are no workers any more


def check_installed(backend: str) -> None:
    """Check that what a backend needs is there, without loading it.

    Raises
    ------
    ResultsError
        If it is not.
    """
    if backend in PACKAGES and find_spec(PACKAGES[backend]) is None:
        raise ResultsError(f"--backend {backend} needs more: pip install 'sim[{backend}]'")


@contextmanager
def processes(count: int) -> Iterator[Pool]:
    """Start processes on this machine; they are killed if the block is left before their work is done."""
    from loky import get_reusable_executor  # noqa: PLC0415  # heavy, and one worker does not need it
    from loky.process_executor import TerminatedWorkerError  # noqa: PLC0415

    # loky 3.5 begins a worker anew that has grown by 300 MB, as one large world makes it, and warns of a leak: no task is lost
    warnings.filterwarnings("ignore", message="A worker was restarted while some jobs were given")

    def executor() -> Any:
        """Return the one that is there, or a new one after a death."""
        return get_reusable_executor(
            count,
            timeout=SECONDS_IDLE,
            initializer=end_with,
            initargs=(os.getpid(),),
            env={name: os.environ.get(name, "1") for name in THREADS_OF_LIBRARIES},
        )

    def submit(work: Callable[..., Any], task: object) -> Future[Any]:
        found: Future[Any]
        try:
            found = executor().submit(work, task)
        except TerminatedWorkerError as error:  # one died since the last look
            found = Future()
            found.set_exception(error)
        return found

    try:
        yield Pool(count, submit, lambda error: int(isinstance(error, TerminatedWorkerError)), dies_as_a_whole=True)
    except BaseException:  # also if the consumer wants no more
        executor().shutdown(kill_workers=True)
        raise


def end_with(parent: int) -> None:
    """End this worker when its parent is gone: one that was killed cannot tell its workers, and they would wait for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def dask_cluster(count: int, scheduler: str | None) -> Iterator[Pool]:
    """Connect to the Dask scheduler at an address, or start `count` workers.

    Not by joblib: in joblib 1.6.0 the backend for dask waits for ever where distributed (2026.8.0) has given a task up,
    since the callback of a future that failed with KilledWorker is never called.
    """
    from distributed import Client, KilledWorker, LocalCluster  # noqa: PLC0415  # heavy, and not always there

    def deaths(error: Exception) -> int:
        """Return how many workers died: the scheduler of others may do a task again by itself."""
        return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 0

    def look(seconds: float = SECONDS_WITHOUT_WORKERS) -> None:
        try:
            client.wait_for_workers(1, timeout=seconds)
        except OSError as error:  # TimeoutError is one
            said = f"the scheduler at {scheduler} has no workers; start some with: dask worker {scheduler}"
            raise RunError(said if cluster is None else "no Dask worker stays alive; see whether --workers 1 runs") from error

    if scheduler is None:
        cluster = LocalCluster(
            n_workers=count, threads_per_worker=1, host="127.0.0.1", silence_logs=50,
            dashboard_address="127.0.0.1:0",  # any free port: with None, its server still takes 8787 and warns if that is taken
            # allowed_failures: a worker holds several tasks, and dask blames them all for its death
            scheduler_kwargs={"dashboard": False, "allowed_failures": 0},
        )  # fmt: skip
    else:
        cluster = None
    try:
        client = Client(scheduler if cluster is None else cluster, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        where = f"no Dask scheduler answers at {scheduler}"
        raise RunError(f"{where} ({type(error).__name__}); start one with: dask scheduler") from error
    try:
        look(SECONDS_TO_CONNECT)
        executor = client.get_executor(pure=False)
        try:
            yield Pool(sum(client.nthreads().values()), executor.submit, deaths, dies_as_a_whole=True, look=look)
        except CancelledError as error:
            raise RunError(f"the Dask scheduler at {scheduler} went away; start it again, then continue the run") from error
        finally:
            executor.shutdown(wait=False)
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


@contextmanager
def ray_cluster(count: int, scheduler: str | None) -> Iterator[Pool]:
    """Connect to the Ray cluster at an address, or start `count` workers.

    Not by joblib: in its backend for ray (2.60.0) a worker that dies ends all, and results come back all at once.
    """
    import ray  # noqa: PLC0415  # heavy, and not always there
    from ray import exceptions  # noqa: PLC0415

    here = {"num_cpus": count, "include_dashboard": False} if scheduler is None else {}
    try:
        ray.init(address=scheduler or "local", log_to_driver=False, logging_level="error", **here)
    except (ConnectionError, ValueError) as error:
        raise RunError(f"no Ray cluster answers at {scheduler}; start one with: ray start --head") from error

    # with retries ray counts deaths for want of memory apart, up to a number set on the cluster; without, it tells of each
    remote = ray.remote(num_cpus=1, max_retries=0)(_call)
    of_workers = (
        exceptions.WorkerCrashedError, exceptions.OutOfMemoryError, exceptions.NodeDiedError,
        exceptions.LocalRayletDiedError, exceptions.ObjectLostError,
    )  # fmt: skip
    try:
        yield Pool(
            int(ray.cluster_resources().get("CPU", 1)),
            lambda work, task: remote.remote(work, task).future(),
            lambda error: int(isinstance(error, of_workers)),
        )
    except exceptions.RayTaskError as error:
        raise error.cause from error  # what `work` raised, as itself
    finally:
        ray.shutdown()


def _call(work: Callable[[Any], Any], task: object) -> Any:
    return work(task)
