#!/usr/bin/env bash
# distributed 2026.8.0: LocalCluster(dashboard_address=None) still opens port 8787, though None is documented to disable the dashboard.
#
# The scheduler's HTTP server falls back to its default port where no address is given, whether or not a dashboard is asked for.
# So a second cluster on the machine warns that 8787 is taken ("Perhaps you already have a cluster running?"), and where warnings are
# errors it does not start. With a dashboard_address of "127.0.0.1:0" and scheduler_kwargs {"dashboard": False} nothing is said.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat > "$place/two.py" <<'PYTHON'
import socket
import sys
import warnings

from distributed import LocalCluster

OPTIONS = {"n_workers": 1, "threads_per_worker": 1, "host": "127.0.0.1", "silence_logs": 50}


def is_taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def said_by_two(**options):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with LocalCluster(**OPTIONS, **options), LocalCluster(**OPTIONS, **options):
            taken = is_taken(8787)
    return taken, [str(one.message).splitlines()[0] for one in said if "8787" in str(one.message)]


if __name__ == "__main__":
    before = is_taken(8787)
    none = said_by_two(dashboard_address=None)
    free = said_by_two(dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False})
    print(f"port 8787 taken before: {before}")
    print(f"dashboard_address=None: port 8787 taken {none[0]}, warnings {none[1]}")
    print(f"dashboard_address='127.0.0.1:0', dashboard=False: port 8787 taken {free[0]}, warnings {free[1]}")
    sys.exit(0 if not before and none[0] and len(none[1]) == 1 and free == (False, []) else 1)
PYTHON
"${PYTHON:-python3}" -m venv "$place/env"
"$place/env/bin/python" -m pip install --quiet --disable-pip-version-check "distributed==2026.8.0" 2>&1 | grep -v WARNING || true
"$place/env/bin/python" "$place/two.py"
