#!/usr/bin/env bash
# pytest 9.2.0 with pytest-xdist 3.8.0: `--dist loadgroup` no longer keeps a group of tests together, and says nothing.
#
# Already public: issue 1386 of pytest-dev/pytest-xdist. pytest-xdist marks the node id of a test with its group;
# pytest 9.2 keeps node ids in another form, in which the mark gets lost. With pytest 9.1 all tests of a group run in one worker.
# Below are eight tests of one group on two workers.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat > "$place/test_group.py" <<'PYTHON'
import os
import time

import pytest


@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("number", range(8))
def test_of_a_group(number, worker_id):
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(worker_id + "\n")
    time.sleep(0.1)
PYTHON
for version in 9.1.1 9.2.0; do
  "${PYTHON:-python3}" -m venv "$place/$version"
  "$place/$version/bin/python" -m pip install --quiet --disable-pip-version-check \
    "pytest==$version" pytest-xdist==3.8.0 2>&1 | grep -v WARNING || true
  (cd "$place" && SEEN="$place/seen-$version" "$version/bin/python" -m pytest -q -n 2 --dist loadgroup -p no:cacheprovider >/dev/null)
  echo "pytest $version, pytest-xdist 3.8.0: 8 tests of one group ran in $(sort -u "$place/seen-$version" | wc -l) worker(s)"
done
[ "$(sort -u "$place/seen-9.1.1" | wc -l)" = 1 ] && [ "$(sort -u "$place/seen-9.2.0" | wc -l)" = 2 ]
