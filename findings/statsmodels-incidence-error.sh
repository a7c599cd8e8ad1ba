#!/usr/bin/env bash
# statsmodels 0.15.0: CumIncidenceRight gives nan for the standard error at the last time where nobody is left after it.
#
# The variance has a term d / (n (n - d)), of n at risk and d that end. Where all that are at risk end at a time, n = d, and it is infinite;
# a difference of infinities is nan, with no more than two RuntimeWarnings of numpy about a division. In the formula that term is multiplied
# by nought at that time, so the error is finite. Where everyone is observed to the end, the incidence is a plain share and its error
# sqrt(p (1 - p) / n): this is the figure that is asked for, and the one that is nan. Made-up data: four times, two kinds of end.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0 2>&1 | grep -v WARNING || true
cat > "$place/error.py" <<'PYTHON'
import math
import sys
import warnings

import numpy as np
from statsmodels.duration.survfunc import CumIncidenceRight

with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    found = CumIncidenceRight(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 2, 1, 2]))
share, error = found.cinc[0][-1], found.cinc_se[0][-1]
print(f"share that ends in the first way: {share}, standard error {error}; of a plain share it is {math.sqrt(share * (1 - share) / 4)}")
print(f"warned: {sorted({str(one.message) for one in warned})}")
open_at_the_end = CumIncidenceRight(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1, 2, 1, 2, 0]))
print(f"with a fifth that is still open: standard error {open_at_the_end.cinc_se[0][-1]:.4f}")
sys.exit(0 if share == 0.5 and math.isnan(error) and np.isfinite(open_at_the_end.cinc_se[0]).all() else 1)
PYTHON
"$place/venv/bin/python" "$place/error.py"
