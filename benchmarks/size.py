"""Print how a world grows with its market: seconds and memory from 0 to 50,000 accounts, each size in a process of its own.

Usage: python -m benchmarks.size [--json] [--plot FILE]
"""

import argparse
import json
import multiprocessing
import resource
import time
from pathlib import Path
from typing import Any

from sim.experiment.runner import replicate
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario import load

SIZES = (0, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
SEED = 1
GOES = 3
CUSTOMERS_SHARE = 0.05
KIB, MIB = 1024, 1024**2


def measure(accounts: int) -> dict[str, float]:
    """Processor seconds of a twin and of a pair of worlds at 10 hours, the least of a few goes; peak memory in MiB."""
    customers = round(accounts * CUSTOMERS_SHARE)
    hours = load("scenarios/hours_10.yaml", [f"market.accounts={accounts}", f"market.customers={customers}"])
    twin_hours = twin_of(hours)
    simulate(load("scenarios/hours_10.yaml"), SEED, 0)  # first use imports and fills caches
    seconds: dict[str, list[float]] = {"twin": [], "pair": []}
    for _ in range(GOES):
        begun = time.process_time()
        simulate(twin_hours, SEED, 1)
        seconds["twin"].append(time.process_time() - begun)
        begun = time.process_time()
        replicate((hours,), SEED, 1)
        seconds["pair"].append(time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / MIB
    return {"accounts": accounts, **{name: min(goes) for name, goes in seconds.items()}, "mebibytes": peak}


def plot(rows: list[dict[str, float]], path: Path) -> None:
    """Seconds and memory against accounts on log-log axes, and a line of slope one through the largest."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    from sim.report.figures.style import BLUE, GREY, ORANGE, drawn, save  # noqa: PLC0415

    shown = [row for row in rows if row["accounts"]]
    accounts = [row["accounts"] for row in shown]

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        for name, said, color, height in (
            ("pair", "10 hours and zero hours, with measures", BLUE, 0.92),
            ("twin", "zero hours", ORANGE, 0.18),
        ):
            left.loglog(accounts, [row[name] for row in shown], "o-", color=color)
            left.text(0.04 if name == "pair" else 0.6, height, said, color=color, transform=left.transAxes)
        largest = shown[-1]
        left.loglog(accounts, [largest["twin"] * one / largest["accounts"] for one in accounts], ":", color=GREY)
        left.text(0.6, 0.1, "dotted: in proportion", color=GREY, transform=left.transAxes)
        left.set(title="Time of a replication", xlabel="accounts", ylabel="seconds")
        right.loglog(accounts, [row["mebibytes"] for row in shown], "o-", color=BLUE)
        right.set(title="Peak memory of the process", xlabel="accounts", ylabel="MiB", ylim=(50, 2000))
        right.axhline(1536, color=GREY, linestyle=":")
        right.text(accounts[0], 1250, "1.5 GiB", color=GREY)

    save(drawn(draw, 9.0, 4.0), path)


def main() -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="also draw it")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for size in SIZES:
        with multiprocessing.get_context("spawn").Pool(1) as own_process:
            rows.append(own_process.apply(measure, (size,)))
    by_size = {row["accounts"]: row for row in rows}
    ratio = by_size[20_000]["pair"] / by_size[2_000]["pair"]
    if asked.plot:
        plot(rows, asked.plot)
    if asked.json:
        print(json.dumps({"sizes": rows, "from_2000_to_20000": round(ratio, 2)}))
        return
    print(f"{'accounts':>9} {'zero hours, s':>14} {'a pair, s':>12} {'peak, MiB':>10}")
    for row in rows:
        print(f"{row['accounts']:>9,} {row['twin']:>14.2f} {row['pair']:>12.2f} {row['mebibytes']:>10.0f}")
    print(f"A pair of worlds of 20,000 accounts costs {ratio:.1f} times one of 2,000.")


if __name__ == "__main__":
    main()
