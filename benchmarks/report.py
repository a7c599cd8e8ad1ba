"""Print how long a report, a figure and a slider of the page take on stored results of 8 levels and many worlds.

Usage: python -m benchmarks.report [WORLDS] (default 200; a few worlds are run, and repeated under other numbers)
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sim.experiment import Plan, Results, Workers, execute, read
from sim.experiment.columns import TABLES
from sim.experiment.designs import grid
from sim.report.export.figures import write_figures
from sim.report.questions.q01_hours import levels_shown
from sim.scenario import load

LIVED, WORLDS = 5, 200
MIB = 1024**2


def results_of(folder: Path, worlds: int) -> Results:
    """Make results of eight levels; a few worlds are simulated, and copied to make up the number."""
    plan = Plan("levels", grid(load("scenarios/b2b.yaml"), ("team.hours_per_week=5:40:5",)), LIVED, 1)
    execute(plan, folder, workers=Workers(2))
    for name in TABLES:
        path = folder / f"{name}.parquet"
        frame = pd.read_parquet(path)
        if "replication" in frame:
            times = range(0, worlds, LIVED)
            frame = pd.concat([frame.assign(replication=frame["replication"] + shift) for shift in times])
            frame = frame[frame["replication"] < worlds]
        frame.to_parquet(path)
    manifest = folder / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(said | {"replications": worlds}), encoding="utf-8")
    return read(folder)


def timed(does: Callable[[], object]) -> float:
    """Seconds on the clock."""
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


def main() -> None:
    """Print seconds and megabytes."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    with tempfile.TemporaryDirectory() as place:
        results = results_of(Path(place) / "run", worlds)
        report = Path(place) / "report.html"
        print(f"report of 8 levels x {worlds} worlds: {timed(lambda: report.write([results], report)):.1f} s, ", end="")
        print(f"{report.stat().st_size / MIB:.1f} MB")
        print(f"figure of question 1: {timed(lambda: write_figures(results, Path(place) / 'figures', (1,), 'png')):.1f} s")
        print(f"table of levels, anew: {timed(lambda: levels_shown(results)):.2f} s")


if __name__ == "__main__":
    main()
