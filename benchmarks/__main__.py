"""Print how long a world takes, in bare SimPy timeouts, and what common random numbers and ghosts buy.

Usage: python -m benchmarks [--json] [--replications N]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np
import simpy

from sim.measures import evaluate
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario import Scenario, load

TIMEOUTS = 100_000
ROUNDS = 7
GOES = 3
LEVELS = {"no_social": "scenarios/no_social.yaml", "hours_10": "scenarios/hours_10.yaml", "hours_40": "scenarios/hours_40.yaml"}
SEED = 1


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes: the least of a few goes, the others being disturbed (as timeit does)."""
    goes = []
    for _ in range(GOES):
        begun = time.process_time()
        work()
        goes.append(time.process_time() - begun)
    return min(goes)


def bare_timeouts() -> None:
    """Wait TIMEOUTS times, as a SimPy process that does nothing else."""

    def clock(env: simpy.Environment) -> simpy.events.ProcessGenerator:
        for _ in range(TIMEOUTS):
            yield env.timeout(1.0)

    env = simpy.Environment()
    env.process(clock(env))
    env.run()


def replication_timeouts() -> dict[str, int]:
    """Return the time of one three-year replication as the number of bare timeouts that take as long.

    A median over replications; in each, the worlds and bare timeouts are timed side by side.
    """
    scenarios = {name: load(path) for name, path in LEVELS.items()}
    for scenario in scenarios.values():
        simulate(scenario, SEED, 0)  # first use imports and fills caches
    ratios: dict[str, list[float]] = {name: [] for name in scenarios}
    for replication in range(1, ROUNDS + 1):
        for name, scenario in scenarios.items():
            bare = seconds(bare_timeouts) / TIMEOUTS
            ratios[name].append(seconds(lambda: simulate(scenario, SEED, replication)) / bare)  # noqa: B023
    return {name: round(statistics.median(values)) for name, values in ratios.items()}


def variance_ratios(replications: int) -> dict[str, float]:
    """Return by what factor variances are smaller: with common random numbers, and with the expected-value estimator.

    `crn_*`: the difference in deals' margin between 10 and 15 hours, against independent seeds (the sum of the variances).
    `expected_vs_realised`: the difference between 10 hours and none, by expected against by realised deals.
    """
    ten, fifteen = load("scenarios/hours_10.yaml"), load("scenarios/hours_15.yaml")
    rows = [_margins(ten, fifteen, replication) for replication in range(replications)]
    table = np.array(rows)
    realised_10, realised_15, expected_10, expected_15, net_realised, net_expected = table.T

    def crn(a: np.ndarray, b: np.ndarray) -> float:
        return float((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))

    return {
        "crn_realised": round(crn(realised_10, realised_15), 1),
        "crn_expected": round(crn(expected_10, expected_15), 1),
        "expected_vs_realised": round(float(net_realised.var(ddof=1) / net_expected.var(ddof=1)), 1),
    }


def _margins(ten: Scenario, fifteen: Scenario, replication: int) -> tuple[float, ...]:
    twin = simulate(twin_of(ten), SEED, replication)
    margin = ten.sales.margin
    outcomes = [evaluate(one, simulate(one, SEED, replication), twin)["outcomes"] for one in (ten, fifteen)]
    return (
        *(one["revenue"][0] * margin for one in outcomes),
        *(one["revenue_expected"][0] * margin for one in outcomes),
        outcomes[0]["net_margin"][0],
        outcomes[0]["net_margin_expected"][0],
    )


def main() -> None:
    """Run the benchmarks and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--replications", type=int, default=200, help="worlds for the variance ratios (default 200)")
    asked = parser.parse_args()
    timeouts = replication_timeouts()
    ratios = variance_ratios(asked.replications)
    if asked.json:
        print(
            json.dumps(
                {"replication_timeouts": timeouts, "crn_variance_ratio": ratios["crn_realised"], "variance_ratios": ratios}
            )
        )
        return
    print("One replication of three years takes as long as so many bare SimPy timeouts:")
    for name, count in timeouts.items():
        print(f"  {name:10} {count:>8,}")
    print(f"Variances are so many times smaller ({asked.replications} replications):")
    print(f"  {ratios['crn_realised']:>4.0f}  10 against 15 hours, common random numbers against independent seeds, realised")
    print(f"  {ratios['crn_expected']:>4.0f}  the same, expected")
    print(f"  {ratios['expected_vs_realised']:>4.0f}  10 hours against none, expected against realised")


if __name__ == "__main__":
    main()
