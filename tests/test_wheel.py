"""The wheel holds all that the program needs, and works outside the tree."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.places import ROOT
from tests.small import SMALL_YAML

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, unpacked where nothing else of the project is."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(sources)], check=True)
    words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(sources)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    (wheel,) = folder.glob("sim-*.whl")
    with zipfile.ZipFile(wheel) as found:
        found.extractall(folder / "site")
    return folder / "site"


def test_it_runs_and_reports_outside_the_tree(installed, tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    start = "import sys; from sim.cli.main import main; import sim; assert sys.argv.pop(1) in sim.__file__; main()"
    alone = {**os.environ, "PYTHONPATH": str(installed)}
    for words in (
        ["scenario", "new", "mine.yaml"],
        ["run", "small.yaml", "--replications", "2", "-o", "run"],
        ["report", "run", "-o", "report.html", "--lang", "fr"],
        ["page", "--help"],
    ):
        command = [sys.executable, "-P", "-c", start, str(installed), *words]
        done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert '<html lang="fr">' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_it_holds_the_package_and_nothing_else(installed):
    tops = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"sim"}
    tree, held = (
        {str(path.relative_to(top)) for path in (top / "sim").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        for top in (ROOT, installed)
    )
    assert tree == {path for path in held if not path.startswith("sim/shipped/")}


def test_scenarios_and_studies_are_found_by_name_outside_the_tree(installed, tmp_path):
    start = "import sys; from sim.cli.main import main; main()"
    alone = {**os.environ, "PYTHONPATH": str(installed)}
    for words in (
        ["scenario", "list"],
        ["scenario", "new", "mine.yaml", "--from", "b2c"],
        ["scenario", "show", "hours_10"],
        ["study", "hours", "--replications", "1", "--sets", "0", "--set", "time.horizon_weeks=30",
         "--set", "market.accounts=200", "-o", "hours"],
        ["scenario", "show", "scenarios/b2c.yaml"],
    ):  # fmt: skip
        command = [sys.executable, "-P", "-c", start, *words]
        done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
