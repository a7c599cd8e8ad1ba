"""The examples of the page on other people's tools run as printed, with the versions that it names, and agree with ours."""

import json
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

from benchmarks.other_tools import MIX, NEW_MIX, RULES, NotInstalledError, examples, export, install, run
from sim.experiment import read
from sim.measures.attribution import Lead, removal_effects
from tests.places import ROOT

DRAWS = 20  # of the sampler, in place of hundreds; what it comes to is not looked at
SAID = 0.001  # of removal effects, on the page
MARGIN = 0.004  # other worlds differ by other amounts


def python_of(least):
    """A Python that is new enough, or None."""
    for name in (sys.executable, "python3.13", "python3.12"):
        try:
            said = subprocess.run([name, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        if tuple(map(int, said.stdout.split())) >= least:
            return name
    return None


def printed(number, tail, tmp_path, python=sys.executable, edit=lambda code: code):
    """What an example, and some lines after it, print as JSON."""
    example = examples()[number]
    try:
        inside = install(example, tmp_path / "venv", python)
    except NotInstalledError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"could not be installed: {error}")
    data = export(tmp_path / "truth", 1)
    return json.loads(run(inside, edit(example.code) + tail, data).splitlines()[-1])


def test_every_python_example_of_the_page_is_run_here():
    """Each has a test below, each names the version that it is run with, and none stands without what installs it."""
    found = examples()
    assert len(found) == len({RULES, MIX, NEW_MIX}) == (ROOT / "docs/other-tools.md").read_text().count("```python")
    assert [re.match(r"[\w-]+==[\d.]+$", example.packages[0]) is not None for example in found] == [True] * len(found)


@pytest.mark.slow
def test_an_attribution_package_credits_as_this_program_does(tmp_path):
    tail = """
import json
print()
print(json.dumps([rules.to_dict("list"), chain["removal_effects"].to_dict("list")]))
"""
    rules, effects = (pd.DataFrame(one).set_index("channel_name") for one in printed(RULES, tail, tmp_path))
    credited = read(tmp_path / "truth").table("credits")
    points = dict(enumerate(read(tmp_path / "truth").labels))
    mine = credited[(credited["point"].map(points) == "20 h/week") & (credited["replication"] == 0)]
    for model, theirs in (("first_touch", "first_touch"), ("last_touch", "last_touch"), ("linear", "linear_touch")):
        ours = mine[mine["model"] == model].set_index("source").loc[rules.index]
        assert ours["deals"].sum() > 10
        assert rules[f"{theirs}_conversions"].to_numpy() == pytest.approx(ours["deals"].to_numpy(), abs=1e-6)
        assert rules[f"{theirs}_value"].to_numpy() == pytest.approx(ours["revenue"].to_numpy(), abs=0.5)
    touches = pd.read_csv(tmp_path / "truth/export/point_1/world_0/touches.csv")
    leads = [
        Lead(0, number, tuple((0.0, source) for source in rows["source"]), "", bool(rows["closes"].any()), 0.0)
        for number, (_, rows) in enumerate(touches.groupby("lead"))
    ]
    exact = pd.Series(removal_effects(leads))[effects.index]
    assert exact.max() > 0.2
    assert effects["removal_effects_conversion"].to_numpy() == pytest.approx(exact.to_numpy(), abs=SAID + MARGIN)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "least"), [(MIX, (3, 11)), (NEW_MIX, (3, 12))], ids=["old", "new"])
def test_a_marketing_mix_package_fits(number, least, tmp_path):
    python = python_of(least)
    if python is None:
        pytest.skip(f"needs Python {least[0]}.{least[1]}")
    tail = """
import json
print()
print(json.dumps([list(brought.dims), brought.values.tolist()]))
"""

    def shorter(code):
        changed, count = re.subn(r"\b(draws|tune)=\d+", rf"\1={DRAWS}", code)
        assert count == 2
        return changed

    dims, values = printed(number, tail, tmp_path, python, shorter)
    found = pd.DataFrame([draw for chain in values for draw in chain])
    assert sorted(dims) == ["chain", "channel", "draw"]
    assert found.shape == (2 * DRAWS, 1)
    assert found[0].between(0.0, 1e12).all()
