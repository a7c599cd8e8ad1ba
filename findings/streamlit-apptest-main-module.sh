#!/usr/bin/env bash
# Streamlit 1.67.0: AppTest.run() leaves sys.modules["__main__"] as the tested app, so processes started later by multiprocessing fail.
#
# The script runner puts the app's module in the place of the main module and never gives the old one back. What the test's own
# main module holds can then not be pickled for a spawned process ("attribute lookup job on __main__ failed"), though it could before.
# Libraries that spawn their workers, such as Dask, fail the same way in a test that happens to run later in the same process.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat > "$place/after.py" <<'PYTHON'
import multiprocessing
import pickle
import sys

from streamlit.testing.v1 import AppTest


def app():
    import streamlit as st

    st.write("hello")


def job():
    pass


def spawned():
    process = multiprocessing.get_context("spawn").Process(target=job)
    try:
        process.start()
    except pickle.PicklingError as error:
        return f"PicklingError: {str(error)[:24]}"
    process.join()
    return f"exit code {process.exitcode}"


if __name__ == "__main__":
    own, before = sys.modules["__main__"], spawned()
    AppTest.from_function(app).run()
    is_own, after = sys.modules["__main__"] is own, spawned()
    print(f"before a test of an app: {before}; after it: main module the same {is_own}, {after}")
    sys.exit(0 if before == "exit code 0" and not is_own and after.startswith("PicklingError") else 1)
PYTHON
"${PYTHON:-python3}" -m venv "$place/env"
"$place/env/bin/python" -m pip install --quiet --disable-pip-version-check "streamlit==1.67.0" 2>&1 | grep -v WARNING || true
"$place/env/bin/python" "$place/after.py" 2> /dev/null
