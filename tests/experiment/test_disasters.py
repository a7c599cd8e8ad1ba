"""What a running sweep may meet: kills, dying workers, a second writer, a full disk. Nothing that was finished is lost."""

import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from os import kill
from pathlib import Path

import pytest

from sim.experiment import Workers, execute, read
from sim.experiment.integrity import faults
from tests.small import SMALL_YAML, small_plan, tables_of

SIM = str(Path(sys.executable).with_name("sim"))
LEVELS = "team.hours_per_week=5,20"
WAIT = 400


@pytest.fixture
def place(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    return tmp_path


class Running:
    """The command at work; what it says goes into a file, which it leaves to nobody."""

    def __init__(self, place, *words):
        self.log = place / f"said-{time.monotonic_ns()}.txt"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([SIM, *words], cwd=place, stdout=subprocess.DEVNULL, stderr=log)

    def end(self):
        """Exit code, and what was said."""
        return self.process.wait(timeout=WAIT), self.log.read_text()

    def family(self):
        """Process numbers of the command and of its workers."""
        pid = self.process.pid
        with suppress(OSError):
            return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        return [pid]


def sweep(place, replications, folder="run", *more):
    words = ["sweep", "small.yaml", "--vary", LEVELS, "--seed", "7", "--replications", str(replications), "--workers", "2"]
    return Running(place, *words, *more, "-o", folder)


def is_alive(pid):
    """Whether a process is there and at work; one that nobody has asked after since it ended is not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def until(happened):
    deadline = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_dozen_kills_cost_nothing_but_time(place):
    """Parents and workers are killed at random; after each death of the parent the run is resumed."""
    chance = random.Random(20)
    execute(small_plan(80), place / "whole", workers=Workers(2))
    running, killed, parents, orphans = sweep(place, 80), 0, 0, set()
    until((place / "run" / "manifest.json").exists)
    while killed < 12:
        time.sleep(chance.uniform(0.2, 1.0))
        assert running.process.poll() is None, f"over after {killed} kills: {running.end()}"
        parent = running.process.pid
        orphans |= set(running.family())
        victim = parent if chance.random() < 0.6 else chance.choice(running.family())
        with suppress(ProcessLookupError):
            kill(victim, signal.SIGKILL)
            killed += 1
        if victim == parent:
            running.end()
            parents += 1
            running = Running(place, "resume", "run", "--workers", "2")
    assert running.end()[0] == 0
    assert parents >= 5
    until(lambda: not any(is_alive(pid) for pid in orphans))
    assert tables_of(place / "run") == tables_of(place / "whole")
    assert faults(read(place / "run")) == []


@pytest.mark.slow
def test_a_second_run_into_the_same_folder_is_refused_and_harms_nothing(place):
    first = sweep(place, 40)
    until(lambda: any((place / "run" / "parts").glob("r*[0-9]")))
    refused = "sim: run: another run is writing here; wait for its end, or choose another folder\n"
    for second in (sweep(place, 40, "run", "--force"), Running(place, "resume", "run")):
        assert second.end() == (2, refused)
    assert first.end()[0] == 0
    execute(small_plan(40), place / "whole", workers=Workers(2))
    assert tables_of(place / "run") == tables_of(place / "whole")


@contextmanager
def small_disk(path, kibibytes):
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
@pytest.mark.parametrize("kibibytes", [600, 1200], ids=["while it runs", "when it is put together"])
def test_a_full_disk_damages_nothing_and_the_run_goes_on_when_there_is_room(place, kibibytes):
    with small_disk(place / "disk", kibibytes) as disk:
        code, said = sweep(place, 30, "disk/run", "--block", "15").end()
        assert code == 1
        assert said.startswith("sim: disk/run: the disk is full; finished work")
        assert said.endswith("sim resume disk/run\n")
        assert len(said.splitlines()) == 1
        assert faults(read(disk / "run")) == []
        assert not list(disk.rglob("*.unfinished"))
        subprocess.run(["mount", "-o", "remount,size=40m", disk], check=True)
        assert Running(place, "resume", "disk/run").end()[0] == 0
        execute(small_plan(30), place / "whole", workers=Workers(2))
        assert tables_of(disk / "run") == tables_of(place / "whole")
