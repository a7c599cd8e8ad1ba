#!/usr/bin/env bash
# ChannelAttribution 2.2.5: needs matplotlib without declaring it, and at its default max_step gives biased removal effects.
#
# 1. The package imports matplotlib, but declares numpy and pandas alone: in a clean environment its import fails.
# 2. markov_model() simulates journeys from the estimated chain. max_step is documented as the most steps of a simulated path, by
#    default the most found in the data. What the documentation does not say: journeys that are cut off count as not converted,
#    so removal effects are too small, and more simulations do not help. Short journeys that lead in circles suffer most.
# The exact effects below are those of the absorbing chain, by linear equations. The data are made up, the seed is the default, 0.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check ChannelAttribution==2.2.5 2>&1 | grep -v WARNING || true
if "$place/venv/bin/python" -c "import ChannelAttribution" 2>"$place/said"; then exit 1; fi
echo "clean environment: $(tail -n 1 "$place/said")"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check matplotlib 2>&1 | grep -v WARNING || true
cat > "$place/cut.py" <<'PYTHON'
import sys
from collections import Counter
from itertools import pairwise

import ChannelAttribution
import numpy as np
import pandas as pd

rows = [("A > B", 30, 10), ("B > A", 20, 10), ("A", 5, 60), ("B", 10, 100), ("B > C", 10, 20), ("C > A", 20, 10), ("C > B", 5, 10)]
counts = Counter()
for path, won, lost in rows:
    for end, number in (("won", won), ("lost", lost)):
        for pair in pairwise(["start", *path.split(" > "), end]):
            counts[pair] += number


def chance(channels):
    states = ["start", *channels]
    total = np.array([sum(n for (before, _), n in counts.items() if before == one) for one in states])
    steps = np.array([[counts[one, other] for other in states] for one in states]) / total[:, None]
    return np.linalg.solve(np.eye(len(states)) - steps, np.array([counts[one, "won"] for one in states]) / total)[0]


exact = np.array([1.0 - chance([one for one in "ABC" if one != gone]) / chance("ABC") for gone in "ABC"])
off = {}
for most in (None, 1000):
    frame = pd.DataFrame(rows, columns=["path", "won", "lost"])
    asked = {"var_null": "lost", "out_more": True, "flg_pro": False, "verbose": False, "nsim_start": 1e6}
    table = ChannelAttribution.markov_model(frame, "path", "won", max_step=most, **asked)["removal_effects"]
    found = table.set_index("channel_name")["removal_effect"][list("ABC")].to_numpy()
    off[most] = found - exact
    print(f"max_step={most}: removal effects {found.round(3)}, exact {exact.round(3)}")
sys.exit(0 if (off[None] < -0.01).all() and abs(off[1000]).max() < 0.01 else 1)
PYTHON
"$place/venv/bin/python" "$place/cut.py"
