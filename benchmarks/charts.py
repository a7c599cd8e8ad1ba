"""Print how long charts take of 10,000 worlds, and how much memory: 200 points x 50 worlds, each chart in a process of its own.

Usage: python -m benchmarks.charts [--json] [--points N] [--worlds N] (the tables are drawn by lot, and no world is simulated)

A chart is to take at most 5 processor seconds and 500 MB; the command ends with 1 if one takes more. On a machine that does
nothing else, the clock says about the same.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.experiment.arrow import schema
from sim.experiment.checksums import CHECKSUMS, SUMMED, checksum
from sim.experiment.columns import TABLES
from sim.experiment.designs import sampled
from sim.experiment.manifest import write_manifest
from sim.experiment.plan import Plan, Point
from sim.scenario import load

POINTS, WORLDS, WEEKS, QUARTERS = 200, 50, 156, 22
MOST_SECONDS, MOST_MEGABYTES = 5.0, 500.0
KIB, MEGABYTE = 1024, 1e6
VARIED = ("team.hours_per_week=5:40", "sales.margin=0.3:0.7", "market.shortlist.share_without_social=0.1:0.4")
CHARTS = {
    "pairs (chosen)": ("--y", "net_return_expected"),
    "scatter": ("--x", "team.hours_per_week", "--y", "net_return_expected", "--y", "deals_expected"),
    "contour": ("--x", "team.hours_per_week", "--by", "sales.margin", "--kind", "contour"),
    "parallel": ("--kind", "parallel"),
    "ecdf": ("--y", "net_return", "--kind", "ecdf"),
    "hist": ("--y", "net_return", "--kind", "hist"),
    "weeks": ("--y", "reach", "--x", "week"),
    "quarters": ("--y", "deals_all",),
    "page to point at": ("--x", "team.hours_per_week", "--y", "net_return_expected", "--interactive", "page.html"),
}  # fmt: skip


def tables(points: int, worlds: int, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Draw outcomes, weeks and quarters by lot, every column of them."""
    found = {}
    for name, times in (("outcomes", 1), ("weeks", WEEKS), ("quarters", QUARTERS)):
        rows = points * worlds * times
        values: dict[str, Any] = {
            "point": np.repeat(np.arange(points), worlds * times),
            "replication": np.tile(np.repeat(np.arange(worlds), times), points),
        }
        for column in TABLES[name]:
            if column.name in ("week", "quarter"):
                values[column.name] = np.tile(np.arange(times), points * worlds)
            elif column.name not in values:
                values[column.name] = rng.integers(0, 50, rows) if column.kind == "int" else rng.normal(1e3, 1e3, rows)
        found[name] = pd.DataFrame(values)
    return found


def write(folder: Path, points: int, worlds: int) -> None:
    """Write a folder of a Latin hypercube."""
    write_drawn(folder, sampled(load("scenarios/b2b.yaml"), VARIED, "lhs", points, 1), worlds)


def write_drawn(folder: Path, design: Sequence[Point], worlds: int) -> None:
    """Write a folder as a finished run leaves it: the three tables that charts read are drawn by lot, the others are empty."""
    folder.mkdir(parents=True)
    write_manifest(folder, Plan("charts", tuple(design), worlds, 1).manifest())
    drawn = tables(len(design), worlds, np.random.default_rng(1))
    for name in TABLES:
        path, of_table = folder / f"{name}.parquet", schema(name)
        if name in drawn:
            drawn[name].to_parquet(path, schema=of_table, index=False)
        else:
            pq.write_table(of_table.empty_table(), path)
    sums = {name: checksum(folder / name) for name in SUMMED}
    (folder / CHECKSUMS).write_text(json.dumps(sums), encoding="utf-8")


def measure(folder: Path, words: tuple[str, ...], place: Path) -> dict[str, float]:
    """Draw a chart by the command, in a process of its own: processor seconds, seconds on the clock, and peak memory in MB."""
    code = (
        "import resource, sys; from sim.cli.main import cli; cli(sys.argv[1:], standalone_mode=False);"
        "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    picture = ("-o", "picture.png", "--force")
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, "plot", str(folder), *words, *picture, "--quiet"], cwd=place, check=True,
                          capture_output=True, text=True)  # fmt: skip
    on_clock = time.perf_counter() - begun
    seconds, kibibytes = map(float, done.stdout.split()[-2:])
    return {"seconds": seconds, "on_clock": on_clock, "megabytes": kibibytes * KIB / MEGABYTE}


def main() -> int:
    """Run the benchmark and print it; return 1 if a chart takes too much."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "results"
        with multiprocessing.get_context("spawn").Pool(1) as own:  # a process begins with the peak of the one that starts it
            own.apply(write, (folder, asked.points, asked.worlds))
        found = {name: measure(folder, words, Path(place)) for name, words in CHARTS.items()}
    if asked.json:
        print(json.dumps(found))
    else:
        print(f"Charts of {asked.points} points x {asked.worlds} worlds, in a process of their own:")
        for name, one in found.items():
            print(f"  {name:18} {one['seconds']:5.1f} s ({one['on_clock']:4.1f} s on the clock) {one['megabytes']:5.0f} MB")
    return int(any(one["seconds"] > MOST_SECONDS or one["megabytes"] > MOST_MEGABYTES for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
