"""Work handed out: nothing is lost if workers die, and workers stay light."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from sim.experiment import ResultsError, RunError, Workers
from sim.experiment.backends import stream
from tests.places import ROOT


def double(number):
    return 2 * number


def double_slowly(number):
    time.sleep(0.1)
    return 2 * number


def double_or_die_once(folder, number):
    """The worker that has the number 3 kills itself, the first time."""
    died = folder / "died"
    if number == 3 and not died.exists():
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


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
    assert len(drawn) < 20
    results.close()


def test_a_worker_that_dies_costs_what_it_was_at(tmp_path):
    found = list(stream(iter(range(12)), partial(double_or_die_once, tmp_path), Workers(2)))
    assert sorted(found) == list(range(0, 24, 2))
    assert (tmp_path / "died").exists()


def test_workers_that_always_die_end_the_run():
    with pytest.raises(RunError, match="3 workers died"):
        list(stream(iter(range(3)), die, Workers(2)))


def test_impossible_places_are_refused():
    with pytest.raises(ResultsError, match="no backend 'cloud'"):
        Workers(2, backend="cloud")
    with pytest.raises(ResultsError, match="--backend dask or ray"):
        Workers(2, scheduler="tcp://127.0.0.1:1")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr("sim.experiment.backends.SECONDS_TO_CONNECT", 1)
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
