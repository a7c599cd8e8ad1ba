"""Compare the speed of this tree with that of a revision, side by side: both are installed beside each other and take turns.

Usage: python -m benchmarks.against REV [--pure] [--rounds N] [--cold] [--json]
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
TIMEOUTS = 100_000
PYTHON = (sys.executable, "-P", "-c")  # what is installed, and not what lies in the folder where it runs
HOURS = (5, 10, 15, 20, 25, 30, 35, 40)
COLD = {
    "run of 10 worlds": ("run", "scenarios/hours_10.yaml", "--replications", "10"),
    "8 levels, 30 worlds, 2 workers": (
        "sweep",
        "scenarios/b2b.yaml",
        "--vary",
        "team.hours_per_week=5:40:5",
        "--replications",
        "30",
        "--workers",
        "2",
    ),
    "10 h within 5 %, 2 workers": ("run", "scenarios/hours_10.yaml", "--precision", "5%", "--workers", "2"),
}

# What runs in either build, so it uses only what both have. Each line of input is a job and a replication; the answer, seconds.
WORKER = f"""
import gc, sys, time
import simpy
from sim.experiment.runner import replicate
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario import load

levels = tuple(load(f"scenarios/hours_{{hours:02d}}.yaml") for hours in {HOURS})
none, ten, forty = load("scenarios/no_social.yaml"), levels[{HOURS.index(10)}], levels[-1]

def wait(env):
    for _ in range({TIMEOUTS}):
        yield env.timeout(1.0)

def bare(_):
    env = simpy.Environment()
    env.process(wait(env))
    env.run()

jobs = {{
    "bare timeouts": bare,
    "world, no social media": lambda number: simulate(none, {SEED}, number),
    "world, 10 h": lambda number: simulate(ten, {SEED}, number),
    "world, 40 h": lambda number: simulate(forty, {SEED}, number),
    "10 h and twin, measured": lambda number: replicate((ten,), {SEED}, number),
    "8 levels and twin, measured": lambda number: replicate(levels, {SEED}, number),
}}
for line in sys.stdin:
    job, number = line.rsplit(" ", 1)
    gc.collect()
    begun = time.process_time()
    jobs[job](int(number))
    print(time.process_time() - begun, flush=True)
"""
JOBS = (
    "bare timeouts", "world, no social media", "world, 10 h", "world, 40 h", "10 h and twin, measured",
    "8 levels and twin, measured",
)  # fmt: skip


class Build:
    """A tree, installed in a folder of its own, and a process that does jobs in it."""

    def __init__(self, tree: Path, folder: Path, *, is_compiled: bool) -> None:
        self.tree = tree
        environment = {name: value for name, value in os.environ.items() if name != "SIM_COMPILE"}
        if is_compiled:
            environment["SIM_COMPILE"] = "1"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target", str(folder)]
        subprocess.run([*pip, str(tree)], check=True, env=environment)
        self._environment = environment | {"PYTHONPATH": str(folder)}
        self._process = subprocess.Popen(
            [*PYTHON, WORKER],
            cwd=tree,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Build":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def seconds(self, job: str, number: int) -> float:
        """Processor seconds of a job in a replication that was not run before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(f"{job} {number}", file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def wall_seconds(self, arguments: tuple[str, ...], folder: Path) -> float:
        """Seconds by the clock of a command, from a cold start."""
        command = [*PYTHON, "import sys; from sim.cli.main import main; main()"]
        begun = time.monotonic()
        subprocess.run(
            [*command, *arguments, "-o", str(folder)], cwd=self.tree, env=self._environment, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return time.monotonic() - begun


def compare(revision: str, rounds: int, *, is_compiled: bool, is_cold: bool) -> dict[str, dict[str, float]]:
    """Seconds of both builds by job, and the median over rounds of the ratio of the two; what is bare is ours alone."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        then, now = folder / "then", folder / "now"
        _check_out(revision, then)
        _copy(now)
        builds = {
            "then": stack.enter_context(Build(then, folder / "then_installed", is_compiled=False)),
            "now": stack.enter_context(Build(now, folder / "now_installed", is_compiled=is_compiled)),
        }
        for build in builds.values():
            build.seconds("10 h and twin, measured", 0)  # first use imports, and fills what all worlds share
        seconds: dict[str, dict[str, list[float]]] = {job: {name: [] for name in builds} for job in JOBS}
        for number in range(1, rounds + 1):
            for place, job in enumerate(JOBS):
                for name in sorted(builds, reverse=number % 2 == 0):  # neither always comes first
                    seconds[job][name].append(builds[name].seconds(job, number * len(JOBS) + place))
        bare = statistics.median(seconds["bare timeouts"]["now"]) / TIMEOUTS
        for job, times in seconds.items():
            found[job] = _summary(times, bare)
        for job, arguments in COLD.items() if is_cold else ():
            times = {name: [build.wall_seconds(arguments, folder / f"{name} {len(found)}")] for name, build in builds.items()}
            found[job] = _summary(times, math.nan)
    return found


def _summary(times: dict[str, list[float]], bare: float) -> dict[str, float]:
    ratios = [now / then for now, then in zip(times["now"], times["then"], strict=True)]
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "then": round(medians["then"], 4),
        "now": round(medians["now"], 4),
        "ratio": round(statistics.median(ratios), 3),
        "timeouts": medians["now"] / bare,
    }


def _check_out(revision: str, folder: Path) -> None:
    """Put the tree of a revision into a new folder."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


def _copy(folder: Path) -> None:
    """Our working tree, with what is not committed yet, in a new folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare the speed of this tree with that of a revision.")
    parser.add_argument("revision", help="what git calls it: a commit, a tag, a branch")
    parser.add_argument("--pure", action="store_true", help="leave this tree uncompiled")
    parser.add_argument("--rounds", type=int, default=7, help="how often each job is done by either build")
    parser.add_argument("--cold", action="store_true", help="whole commands, too, from a cold start (minutes)")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    chosen = parser.parse_args()
    found: dict[str, Any] = compare(chosen.revision, chosen.rounds, is_compiled=not chosen.pure, is_cold=chosen.cold)
    if chosen.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{'seconds':42}{chosen.revision:>12}{'this tree':>12}{'ratio':>8}{'in bare timeouts':>18}")
    for job, row in found.items():
        timeouts = f"{row['timeouts']:18,.0f}" if row["timeouts"] == row["timeouts"] else ""
        print(f"{job:42}{row['then']:12.3f}{row['now']:12.3f}{row['ratio']:8.2f}{timeouts}")


if __name__ == "__main__":
    main()
