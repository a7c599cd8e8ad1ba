"""Print how long the incremental return of ten hours within 5 % takes from a cold start, and what each variance reduction buys.

Usage: python -m benchmarks.precision [--json] [--replications N]
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from loky import get_reusable_executor

from sim.measures import evaluate
from sim.model import history, simulate, streams
from sim.model.record import each
from sim.model.twin import twin_of
from sim.scenario import load

SCENARIO = "scenarios/hours_10.yaml"
SEED = 1
WORKERS = 2
PRECISE = {"gross_return_expected": "Incremental return", "net_return_expected": "Net return beyond cost"}
Row = dict[str, float]
CONTROLS = ("needs", "value", "late_value", "early_value", "contracts")  # of known expectation


def cold_start(outcome: str) -> dict[str, Any]:
    """Seconds from the command to the printed answer, its half-width as a share, and the replications that it took."""
    words = ["run", SCENARIO, "--precision", "5%", "--outcome", outcome, "--workers", str(WORKERS), "--json", "--quiet"]
    begun = time.perf_counter()
    said = subprocess.run(
        [str(Path(sys.executable).with_name("sim")), *words], capture_output=True, text=True, check=True
    ).stdout
    seconds = time.perf_counter() - begun
    (row,) = json.loads(said)["precision"]
    return {"seconds": seconds, **{name: row[name] for name in ("replications", "half_width_share", "mean")}}


def _forget() -> None:
    """Forget what worlds of the same seed and replication share."""
    streams.forget()
    history.forget()


@contextmanager
def antithetic(replication: int) -> Iterator[int]:
    """Every second replication on 1 - u for the uniforms of the one before; yields whose draws they are."""
    kept = streams.Stream._draw, streams.SparseStream.several
    if replication % 2:
        streams.Stream._draw = lambda self, block: 1.0 - kept[0](self, block)  # type: ignore[method-assign]
        streams.SparseStream.several = lambda self, entity, index=0: [  # type: ignore[method-assign]
            1.0 - uniform for uniform in kept[1](self, entity, index)
        ]
    _forget()
    try:
        yield replication // 2
    finally:
        _forget()
        streams.Stream._draw, streams.SparseStream.several = kept  # type: ignore[method-assign]


def world(replication: int, mirrored: bool = False) -> Row:
    """Net return by both estimators, that of either world alone, and the controls."""
    scenario = load(SCENARIO)
    if mirrored:
        with antithetic(replication) as number:
            twin, record = simulate(twin_of(scenario), SEED, number), simulate(scenario, SEED, number)
    else:
        twin, record = simulate(twin_of(scenario), SEED, replication), simulate(scenario, SEED, replication)
    found = {name: values[0] for name, values in evaluate(scenario, record, twin)["outcomes"].items()}
    row = {name: found[name] for name in ("net_return", "net_return_expected")}
    margin = scenario.sales.margin
    for prefix in ("", "twin_"):
        row[f"{prefix}alone"] = found[f"{prefix}revenue"] * margin + found[f"{prefix}renewal_margin"]
    horizon = scenario.time.horizon_weeks * 168.0
    needs = [(value, opens / horizon) for value, opens in each(twin.needs, "value", "opens_at")]
    row |= {
        "needs": float(len(needs)),
        "value": sum(value for value, _ in needs),
        "late_value": sum(value * at for value, at in needs),
        "early_value": sum(value for value, at in needs if at < 1 / 3),
        "contracts": sum(value for number, value in each(twin.contracts, "need", "value") if number < 0),
    }
    return row


def explained(rows: list[Row]) -> float:
    """Share of the variance of net return that the controls explain, adjusted for their number."""
    y = np.array([row["net_return_expected"] for row in rows])
    x = np.column_stack([np.ones(len(y)), *([row[name] for row in rows] for name in CONTROLS)])
    rest = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return float(1.0 - (rest @ rest / (len(y) - x.shape[1])) / y.var(ddof=1))


def steps(replications: int) -> dict[str, float]:
    """Return by what factor each step divides the variance of a mean net return."""
    processes = get_reusable_executor(WORKERS)
    rows = list(processes.map(world, range(replications)))
    mirrored = list(processes.map(partial(world, mirrored=True), range(replications - replications % 2)))

    def variance(name: str, of: list[Row] = rows) -> float:
        return float(np.var([row[name] for row in of], ddof=1))

    pairs = np.array([row["net_return_expected"] for row in mirrored]).reshape(-1, 2).mean(axis=1)
    return {
        "same_draws": (variance("alone") + variance("twin_alone")) / variance("net_return"),
        "expected": variance("net_return") / variance("net_return_expected"),
        "antithetic": variance("net_return_expected") / 2.0 / float(np.var(pairs, ddof=1)),
        "controls": 1.0 / (1.0 - max(0.0, explained(rows))),
    }


def main() -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--replications", type=int, default=200, help="worlds for the variances (default 200)")
    asked = parser.parse_args()
    cold, bought = {name: cold_start(name) for name in PRECISE}, steps(asked.replications)
    if asked.json:
        print(json.dumps({"cold_start": cold, "variance_ratios": bought}))
        return
    for name, row in cold.items():
        print(
            f"{PRECISE[name]} of 10 hours per week, {row['mean']:,.0f} within {row['half_width_share']:.1%} (90 % interval):"
            f" {row['replications']} replications, {row['seconds']:.0f} s from a cold start on {WORKERS} processes."
        )
    print(f"The variance of its mean is so many times smaller ({asked.replications} worlds) by")
    print(f"  {bought['same_draws']:>5.1f}  the same draws with and without the hours, against draws of their own")
    print(f"  {bought['expected']:>5.1f}  decisions weighed by their probabilities, against counted")
    print(f"  {bought['antithetic']:>5.1f}  antithetic draws, on top of these (not used)")
    print(f"  {bought['controls']:>5.1f}  control variates, on top of these (not used)")


if __name__ == "__main__":
    main()
