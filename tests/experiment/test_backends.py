"""Work handed out: nothing is lost if workers die, and workers stay light."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial

import pytest

from sim.experiment import ResultsError, RunError, Workers
from sim.experiment.backends import TASKS_PER_WORKER, stream
from sim.experiment.blocks import Block
from sim.experiment.pools import MOST_DEATHS, Pool, dask_cluster
from sim.experiment.runner import Task
from tests.places import ROOT

CLUSTERS = [pytest.param(name, marks=pytest.mark.slow) for name in ("dask", "ray")]
LIMIT = 400  # seconds until a run that cannot go on must have ended, beside other work (alone it takes 11 to 20)


def double(number):
    return 2 * number


def double_slowly(number):
    time.sleep(0.1)
    return 2 * number


def double_zero_and_wait(number):
    time.sleep(10 * LIMIT if number else 0)
    return 2 * number


def double_or_die_once(folder, number):
    """The worker that has the number 3 kills itself, the first time."""
    died = folder / "died"
    if number == 3 and not died.exists():
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def double_or_die(killer, number):
    if number == killer:
        os.kill(os.getpid(), signal.SIGKILL)
    return double_slowly(number)


def double_or_object(number):
    if number == 3:
        raise LookupError("no 3")
    return 2 * number


def take(found, results):
    """Keep what comes, whatever comes of it."""
    for done in results:
        found.append(done)  # a list would not have it if the next were an error


@contextmanager
def at_most(seconds):
    def end(*_):
        raise AssertionError(f"not over after {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_every_task_is_done_once_wherever_it_is_done():
    for workers in (Workers(), Workers(2)):
        assert sorted(stream(iter(range(20)), double, workers)) == list(range(0, 40, 2))


def test_tasks_are_drawn_as_workers_become_free():
    drawn = []

    def tasks():
        for number in range(50):
            drawn.append(number)
            yield number

    results = stream(tasks(), double_slowly, Workers(2))
    next(results)
    assert len(drawn) == TASKS_PER_WORKER * 2
    results.close()


@pytest.mark.parametrize("backend", ["processes", *CLUSTERS])
def test_a_worker_that_dies_costs_what_it_was_at(tmp_path, backend):
    with at_most(LIMIT):
        found = list(stream(iter(range(12)), partial(double_or_die_once, tmp_path), Workers(2, backend)))
    assert sorted(found) == list(range(0, 24, 2))
    assert (tmp_path / "died").exists()


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["processes", "dask", "ray"])
def test_a_task_that_kills_every_worker_ends_the_run_and_is_named(backend):
    found = []
    said = "3 workers died one after the other at 5, perhaps for want of memory; fewer --workers need less"
    with at_most(LIMIT), pytest.raises(RunError, match=f"^{said}$"):
        take(found, stream(iter(range(40)), partial(double_or_die, 5), Workers(2, backend)))
    assert len(found) >= 2  # 5 is drawn when two others are finished
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(0, 80, 2)) - {10}


@pytest.mark.slow
def test_two_dask_clusters_work_on_one_machine():
    """In distributed 2026.8.0 a cluster without a dashboard still takes port 8787, and warns if that is taken."""
    with dask_cluster(1, None) as first, dask_cluster(1, None) as second:
        assert first.submit(double, 1).result() == 2
        assert second.submit(double, 2).result() == 4


def test_what_was_finished_is_handed_on_before_the_run_ends(monkeypatch):
    """A worker dies at 1 again and again; all else is finished whenever one looks."""

    class DeathError(Exception):
        pass

    def submit(work, task):
        future = Future()
        if task == 1:
            future.set_exception(DeathError())
        else:
            future.set_result(work(task))
        return future

    @contextmanager
    def fake(count):
        yield Pool(count, submit, lambda error: int(isinstance(error, DeathError)))

    monkeypatch.setattr("sim.experiment.backends.processes", fake)
    drawn, found = [], []
    tasks = (drawn.append(number) or number for number in range(99))
    with pytest.raises(RunError, match=f"{MOST_DEATHS} workers died one after the other at 1,"):
        take(found, stream(tasks, double, Workers(2)))
    assert sorted(found) == [2 * number for number in drawn if number != 1]
    assert len(drawn) < 20


@pytest.mark.parametrize("backend", ["processes", *CLUSTERS])
def test_what_work_raises_comes_as_it_is(backend):
    with at_most(LIMIT), pytest.raises(LookupError) as raised:
        list(stream(iter(range(12)), double_or_object, Workers(2, backend)))
    assert type(raised.value) is LookupError
    assert raised.value.args == ("no 3",)


@pytest.mark.parametrize("backend", ["processes", *CLUSTERS])
def test_a_run_that_nobody_wants_any_more_ends_at_once_and_says_nothing(backend, capfd):
    with at_most(LIMIT):
        results = stream(iter(range(12)), double_zero_and_wait, Workers(2, backend))
        assert next(results) == 0
        results.close()
    assert capfd.readouterr() == ("", "")


def test_a_task_is_named_by_its_numbers():
    assert str(Task(Block(4, 8, 0, 4), (), 1, False)) == "replications 4 to 7 of points 0 to 3 (seed 1)"
    assert str(Task(Block(4, 5, 3, 4), (), 1, False)) == "replication 4 of point 3 (seed 1)"


def test_impossible_places_are_refused():
    with pytest.raises(ResultsError, match="no backend 'cloud'"):
        Workers(2, backend="cloud")
    with pytest.raises(ResultsError, match="--backend dask or ray"):
        Workers(2, scheduler="tcp://127.0.0.1:1")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr("sim.experiment.pools.SECONDS_TO_CONNECT", 1)
    with pytest.raises(RunError, match=r"tcp://127\.0\.0\.1:9"):
        list(stream(iter(range(3)), double, Workers(2, "dask", "tcp://127.0.0.1:9")))


def test_a_worker_loads_neither_pandas_nor_pyplot_nor_scipy_stats():
    program = """
import sys
from sim.experiment.blocks import Block
from sim.experiment.runner import Task, compute
from tests.small import small
computed = compute(Task(Block(0, 1, 0, 1), (small(),), 1, False))
assert len(computed.tables) == 15
print([name for name in ("pandas", "matplotlib.pyplot", "scipy.stats") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_a_program_that_uses_joblib_still_can():
    """joblib 1.6.0 has one set of processes for all who ask its copy of loky, and fails where others have begun them."""
    joblib = pytest.importorskip("joblib")  # comes with scikit-learn
    assert sorted(stream(range(4), double, Workers(2))) == [0, 2, 4, 6]
    assert joblib.Parallel(n_jobs=2)(joblib.delayed(double)(number) for number in range(4)) == [0, 2, 4, 6]
