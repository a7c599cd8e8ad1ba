"""The compiled build is the pure one, only faster: every world is the same to the last bit."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.digests import SCENARIOS
from tests.places import ROOT


def printed(tree, *words):
    """The lines that Python prints, with the program of a tree."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT / "tests", env={**os.environ, "PYTHONPATH": f"{tree}:{ROOT}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def digests(tree):
    """What the worlds of a tree come to; the first line says how it was built."""
    return printed(tree, "-m", "tests.digests")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_compiled_worlds_are_the_same_to_the_last_bit(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "SIM_COMPILE": "1"}, stdout=subprocess.DEVNULL, check=True)
    how, *compiled = digests(tmp_path)
    assert how == "compiled"
    how, *pure = digests(ROOT)
    assert how == "pure Python"
    assert len(pure) == 4 * len(SCENARIOS)
    assert compiled == pure
    (tmp_path / "sim/model/rules.py").touch()
    assert printed(tmp_path, "-c", "from sim.version import build; print(build())")[0].startswith(
        "compiled before its sources were changed"
    )
