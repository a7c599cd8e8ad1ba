"""A Dask cluster from nothing, as docs/guide.md says: a scheduler and two workers as processes of their own."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sim.experiment import RunError, Workers, execute
from sim.experiment.backends import stream
from tests.places import ROOT
from tests.ports import free_port, wait_for
from tests.small import SMALL_YAML, small_plan, tables_of

BIN = Path(sys.executable).parent
PORT = re.compile(r"127\.0\.0\.1(:| --port )8786")
WAIT = 400


def in_the_guide():
    """The lines of the block on a cluster: those that stay in the background, and the run."""
    block = re.search(r"^```bash\n(dask scheduler.*?)^```", (ROOT / "docs/guide.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    *background, run = block.splitlines()
    assert all(line.endswith(" &") for line in background)
    return [line.removesuffix(" &") for line in background], run


def words(line, port):
    name, *rest = shlex.split(PORT.sub(lambda found: f"127.0.0.1{found[1]}{port}", line))
    return [str(BIN / name), *rest]


def wait_for_worker(process, log):
    """Wait until the scheduler knows a worker, which under load takes longer than the ten seconds that a run waits for one."""
    deadline = time.monotonic() + WAIT
    while "Registered to" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@contextmanager
def cluster(port, place):
    started = []
    try:
        for line in in_the_guide()[0]:
            with (place / f"{len(started)}.log").open("w") as log:
                started.append(subprocess.Popen(words(line, port), cwd=place, stdout=log, stderr=log, start_new_session=True))
            if len(started) == 1:  # the scheduler
                wait_for(started[0], port)
            else:
                wait_for_worker(started[-1], place / f"{len(started) - 1}.log")
        yield started
    finally:
        for process in reversed(started):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.slow
def test_the_cluster_of_the_guide_computes_what_one_process_does(tmp_path):
    """In smaller worlds than those of the guide."""
    _, run = in_the_guide()
    port = free_port()
    arguments = words(run, port)
    arguments[2:2] = ["--set", "time.horizon_weeks=40", "--set", "market.accounts=400"]
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    with cluster(port, tmp_path):
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stderr
    alone = arguments[: arguments.index("--backend")]
    subprocess.run([*alone, "--workers", "2", "-o", "alone"], cwd=tmp_path, capture_output=True, timeout=WAIT, check=True)
    assert tables_of(tmp_path / "results" / "cluster") == tables_of(tmp_path / "alone")


@pytest.mark.slow
def test_one_of_two_dask_workers_may_be_killed(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    sweep = ["sweep", "small.yaml", "--vary", "team.hours_per_week=5,20", "--seed", "7", "--replications", "60", "--block", "2"]
    port = free_port()
    elsewhere = ["--backend", "dask", "--scheduler", f"tcp://127.0.0.1:{port}", "-o", "run"]
    with cluster(port, tmp_path) as (_, first, _second):
        running = subprocess.Popen([str(BIN / "sim"), *sweep, *elsewhere], cwd=tmp_path, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT
        while not any((tmp_path / "run" / "parts").glob("r*[0-9]")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(first.pid, signal.SIGKILL)
        assert running.poll() is None, "it was over before the worker was killed"
        assert running.wait(timeout=WAIT) == 0
    execute(small_plan(60), tmp_path / "whole", workers=Workers(2))
    assert tables_of(tmp_path / "run") == tables_of(tmp_path / "whole")


@pytest.mark.slow
def test_a_task_that_kills_every_worker_of_a_scheduler_ends_the_run(tmp_path):
    """The scheduler's own number of deaths holds, 3 and the last."""
    tasks, port = iter([0, signal.SIGKILL.value, *[0] * 40]), free_port()
    with (
        cluster(port, tmp_path),
        pytest.raises(RunError, match=r"4 workers died one after the other at 9, .*; fewer workers per machine need less"),
    ):
        list(stream(tasks, signal.raise_signal, Workers(1, "dask", f"tcp://127.0.0.1:{port}")))


@pytest.mark.slow
@pytest.mark.parametrize(("kept", "said"), [(0, "went away; start it again"), (1, "has no workers; start some")])
def test_a_run_ends_when_the_scheduler_or_all_its_workers_are_gone(tmp_path, monkeypatch, kept, said):
    monkeypatch.setattr("sim.experiment.backends.SECONDS_BETWEEN_LOOKS", 1)
    monkeypatch.setattr("sim.experiment.pools.SECONDS_WITHOUT_WORKERS", 2)
    port = free_port()
    with cluster(port, tmp_path) as started:
        results = stream(iter([0, *[2] * 100]), time.sleep, Workers(1, "dask", f"tcp://127.0.0.1:{port}"))
        next(results)
        for process in started[kept:]:
            os.killpg(process.pid, signal.SIGKILL)
        with pytest.raises(RunError, match=said):
            list(results)
