#!/usr/bin/env bash
# SALib 1.6.0: sobol.analyze returns 0.0 for every index where one output is not a number, and says nothing.
#
# With 1.5.2 every index was not a number either, which cannot be taken for an answer. 1.6.0 divides only where the variance of the
# outputs exceeds the least float, a comparison that not-a-number fails, and fills the rest with zeros: "no input matters".
# (morris.analyze is not affected: it returns masked values in both.) The model is a + 2 b + 3 c on 64 Saltelli samples, seed 1.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat > "$place/undefined.py" <<'PYTHON'
import sys
import warnings

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample

problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
outputs = sample.sample(problem, 64, seed=1) @ np.array([1.0, 2.0, 3.0])
whole = sobol.analyze(problem, outputs, seed=1)
outputs[3] = np.nan
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    found = sobol.analyze(problem, outputs, seed=1)
print(f"SALib {sys.argv[1]}: ST {np.round(whole['ST'], 2)}; with one undefined output {found['ST']}, S1 {found['S1']},")
print(f"    ST_conf {found['ST_conf']}; {len(said)} warnings")
seen = np.concatenate([found[name] for name in ("S1", "ST", "S1_conf", "ST_conf")])
is_as_stated = np.isnan(seen).all() if sys.argv[1] == "1.5.2" else (seen == 0.0).all() and not said
sys.exit(0 if is_as_stated else 1)
PYTHON
for version in 1.5.2 1.6.0; do
  "${PYTHON:-python3}" -m venv "$place/$version"
  "$place/$version/bin/python" -m pip install --quiet --disable-pip-version-check "SALib==$version" 2>&1 | grep -v WARNING || true
  "$place/$version/bin/python" "$place/undefined.py" "$version"
done
