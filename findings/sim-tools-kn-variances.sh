#!/usr/bin/env bash
# sim-tools 1.3.0: KN (ovs.indifference_zone) screens with the variances of other pairs of systems.
#
# The variances of differences stand in a flat list, row by row, without a system's difference from itself. The place of the pair (i, l)
# is then i * (k - 1) + l - 1 where l comes after i, and i * (k - 1) + l where l comes before i. KN subtracts the 1 in either case.
# So wherever l comes before i it reads one place too low, which for l = 0 is the last place of the row before.
# With two systems both places hold the same number. Below are three systems of made-up normal data, seed 1.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check sim-tools==1.3.0 2>&1 | grep -v WARNING || true
cat > "$place/variances.py" <<'PYTHON'
import sys

import numpy as np
from sim_tools.ovs.indifference_zone import KN

SYSTEMS, FIRST, DELTA = 3, 10, 0.5
values = np.random.default_rng(1).normal([[0.0], [0.0], [0.0]], [[1.0], [2.0], [8.0]], (SYSTEMS, FIRST))


class Draws:
    def __init__(self):
        self.next = [0] * SYSTEMS

    def register_observer(self, observer):
        self.observer = observer

    def simulate(self, design):
        self.next[design] += 1
        self.observer.feedback(self, design, float(values[design, self.next[design] - 1]))


rule = KN(Draws(), SYSTEMS, DELTA, n_0=FIRST)
rule.reset()
rule._initialisation()
wrong = []
for i in range(SYSTEMS):
    for other in range(SYSTEMS):
        if i != other:
            distance = rule._limit_to_distance_from_sample_means(i, other)
            used = (distance * 2 * FIRST / DELTA + FIRST) * DELTA**2 / rule._h_squared  # solved for the variance
            true = float(np.var(values[i] - values[other], ddof=1))
            wrong += [(i, other)] if abs(used - true) > 1e-6 else []
            print(f"systems {i} and {other}: variance of differences {true:7.2f}, KN uses {used:7.2f}")
print(f"wrong: {wrong}")
sys.exit(0 if wrong and all(other < i for i, other in wrong) else 1)
PYTHON
"$place/venv/bin/python" "$place/variances.py"
