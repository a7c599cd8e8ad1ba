"""Print what running many worlds costs beside the worlds: speed-up, overhead, memory of the parent, files, time to read.

Usage: python -m benchmarks.runner [--json]
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.experiment import Plan, Point, Workers, execute, read, replicate
from sim.experiment.arrow import to_arrow, to_parquet
from sim.experiment.blocks import Block
from sim.experiment.store import Store
from sim.scenario import Scenario, load

SEED = 1
KIB, MIB = 1024, 1024**2
TINY = {
    "name": "tiny",
    "time": {"horizon_weeks": 4, "run_off_weeks": 4},
    "market": {"accounts": 5, "customers": 0},
}
FEW, MANY, SWEPT, SUMMARIES = 100, 20_000, 10_000, 100_000
ROUNDS = 3


def plan_of(scenario: Scenario, replications: int) -> Plan:
    """Plan one point."""
    return Plan(scenario.name, (Point(scenario.name, scenario),), replications, SEED)


def tiny() -> Scenario:
    """Make a world that takes milliseconds."""
    return Scenario.model_validate(TINY)


def speed_up(replications: int = 60) -> dict[str, float]:
    """Wall-clock seconds of the worlds alone, of a run on one worker and of one on two, the least of a few rounds."""
    scenario = load("scenarios/hours_10.yaml")
    plan = plan_of(scenario, replications)
    execute(plan_of(scenario, 2), _folder(), workers=Workers(2))  # workers are there, and caches are warm
    rounds: dict[str, list[float]] = {"worlds": [], "one": [], "two": []}
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for number in range(replications):
            replicate((scenario,), SEED, number)
        rounds["worlds"].append(time.perf_counter() - begun)
        for name, count in (("one", 1), ("two", 2)):
            begun = time.perf_counter()
            execute(plan, _folder(), workers=Workers(count))
            rounds[name].append(time.perf_counter() - begun)
    return {name: min(seconds) for name, seconds in rounds.items()}


def peak(replications: int) -> float:
    """Peak memory of this process over a run of tiny worlds on two workers, in MiB."""
    folder = _folder()
    execute(plan_of(tiny(), replications), folder, workers=Workers(2))
    shutil.rmtree(folder)
    status = Path("/proc/self/status").read_text(encoding="utf-8")  # of this program; getrusage counts its parent in
    return int(status.split("VmHWM:")[1].split()[0]) * KIB / MIB


def _in_a_process_of_its_own(replications: int) -> float:
    program = f"from benchmarks.runner import peak; print(peak({replications}))"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def files(replications: int) -> int:
    """Files that a run of tiny worlds leaves."""
    folder = _folder()
    execute(plan_of(tiny(), replications), folder, workers=Workers(2))
    count = sum(path.is_file() for path in folder.rglob("*"))
    shutil.rmtree(folder)
    return count


def seconds_to_read(replications: int) -> float:
    """Seconds to read the outcomes of so many replications, all columns, in this process, pandas being loaded."""
    import pandas as pd  # noqa: PLC0415

    folder = _folder()
    plan = plan_of(tiny(), replications)
    one = replicate((plan.points[0].scenario,), SEED, 0)
    with Store.create(folder, plan.manifest()) as store:
        for first in range(0, replications, 512):
            block = Block(first, min(first + 512, replications), 0, 1)
            rows = block.until_replication - first
            tables = {name: {column: values[:0] for column, values in columns.items()} for name, columns in one.items()}
            tables["outcomes"] = {column: values * rows for column, values in one["outcomes"].items()}
            tables["outcomes"]["replication"] = list(range(first, block.until_replication))
            store.add(block, {name: to_parquet(to_arrow(name, columns)) for name, columns in tables.items()})
        store.complete({})
    pd.DataFrame({"a": [1]})
    begun = time.perf_counter()
    frame = read(folder).table("outcomes")
    seconds = time.perf_counter() - begun
    if len(frame) != replications:
        raise RuntimeError(f"{len(frame)} rows were read, not {replications}")
    shutil.rmtree(folder)
    return seconds


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="sim-bench-")) / "run"


def main() -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runner", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    asked = parser.parse_args()
    took = speed_up()
    memory = {replications: _in_a_process_of_its_own(replications) for replications in (FEW, MANY)}
    found = {
        "speed_up_of_two_workers": round(took["one"] / took["two"], 2),
        "overhead": round(took["one"] / took["worlds"] - 1.0, 3),
        "parent_mebibytes_few": round(memory[FEW], 1),
        "parent_mebibytes_many": round(memory[MANY], 1),
        "files": files(SWEPT),
        "seconds_to_read_summaries": round(seconds_to_read(SUMMARIES), 2),
    }
    if asked.json:
        print(json.dumps(found))
        return
    print(f"Two workers are {found['speed_up_of_two_workers']:.2f} times as fast as one.")
    print(f"A run on one worker takes {found['overhead']:.1%} longer than its worlds.")
    growth = memory[MANY] - memory[FEW]
    print(f"The parent's peak memory: {memory[FEW]:.0f} MiB for {FEW}, {growth:+.0f} MiB for {MANY:,} tiny worlds.")
    print(f"{SWEPT:,} tiny worlds leave {found['files']} files.")
    print(f"The outcomes of {SUMMARIES:,} replications are read in {found['seconds_to_read_summaries']:.2f} s.")


if __name__ == "__main__":
    main()
