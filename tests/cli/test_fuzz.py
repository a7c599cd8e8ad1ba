"""A fuzzer: scenarios from documented ranges and hard limits, and result folders with edits.

The same seeds are drawn every time, so that what passed once passes again. SIM_FUZZ_SECONDS gives each test a budget instead.
"""

import itertools
import json
import math
import os
import random
import shutil
import time

import pytest

from sim.experiment.runner import replicate
from sim.experiment.size import size_of
from sim.scenario import ScenarioError, apply, load
from tests.places import ROOT
from tests.small import small_results
from tests.workflows.test_announced import assumed

SCENARIOS, EDITS = (60, 200), (15, 60)  # how many are drawn: as a rule, and in `make slow`
MOST_SECONDS = 2.0  # estimated; larger worlds are announced, and not run here
START = apply(
    load(ROOT / "scenarios" / "hours_10.yaml"), {"time.horizon_weeks": 8, "market.accounts": 60, "market.customers": 10}
)


def many(usual, more):
    return pytest.mark.parametrize(
        "count", [pytest.param(usual, id="usual"), pytest.param(more, id="more", marks=pytest.mark.slow)]
    )


def seeds(count):
    """Seeds from 1 on: so many, or as many as there is time for if SIM_FUZZ_SECONDS is given."""
    budget = os.environ.get("SIM_FUZZ_SECONDS")
    until = None if budget is None else time.monotonic() + float(budget)
    for seed in itertools.count(1):
        if seed > count if until is None else time.monotonic() > until:
            return
        yield seed


def number(chance, parameter):
    """A number of a documented range, or at a hard limit."""
    ends = [parameter.limits[name] for name in ("ge", "gt", "le", "lt") if name in parameter.limits]
    if chance.random() < 0.3 and ends:
        value = chance.choice(ends)
        value = value + 1e-6 if value == parameter.limits.get("gt") else value
        value = value - 1e-6 if value == parameter.limits.get("lt") else value
    else:
        value = chance.uniform(parameter.low, parameter.high)
    return round(value) if parameter.annotation is int else float(value)


@many(*SCENARIOS)
def test_scenarios_are_refused_or_give_finite_outcomes(count):
    known, run = assumed(), 0
    for seed in seeds(count):
        chance, scenario, changes = random.Random(seed), START, {}
        for path, parameter in chance.sample(known, chance.randint(1, 40)):
            if path in {"market.accounts", "market.customers"}:
                continue
            try:
                scenario = apply(scenario, {path: number(chance, parameter)})
            except ScenarioError:
                continue
            changes[path] = number
        if size_of(scenario).seconds > MOST_SECONDS:
            continue
        begun = time.process_time()
        outcomes = replicate((scenario,), seed, 0)["outcomes"]
        assert time.process_time() - begun < 30.0, (seed, changes)
        bad = {name: row for name, (row,) in outcomes.items() if isinstance(row, float) and math.isinf(row)}
        assert not bad, (seed, changes)
        assert all(math.isfinite(outcomes[name][0]) for name in ("net_return_expected", "cost", "deals_expected")), seed
        run += 1
    assert run > 5


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzzed") / "run"
    small_results(folder, 2)
    return folder


def edit(chance, folder):
    """Edit one file of a folder: bytes flipped, cut short, emptied, taken away; or a value of JSON changed or removed."""
    path = chance.choice([one for one in sorted(folder.iterdir()) if one.is_file() and one.name != ".lock"])
    content, kind = path.read_bytes(), chance.choice(["flip", "cut", "empty", "gone", "value", "value"])
    if kind == "value" and path.suffix == ".json":
        said = json.loads(content)
        here = said
        while isinstance(here, dict) and here:
            key = chance.choice(sorted(here))
            if isinstance(here[key], dict) and here[key] and chance.random() < 0.8:
                here = here[key]
                continue
            if chance.random() < 0.3:
                del here[key]
            else:
                here[key] = chance.choice([None, "abc", -1, [], {}, 1e308])
            break
        path.write_text(json.dumps(said))
        return path.name, path.read_bytes() != content
    if kind == "gone":
        path.unlink()
        return path.name, path.name != "timing.json"
    at = chance.randrange(len(content))
    made = {"cut": content[:at], "empty": b""}.get(kind, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    path.write_bytes(made)
    return path.name, True


COMMANDS = [("results", "verify", "run"), ("results", "show", "run"), ("compare", "run")]


@many(*EDITS)
def test_an_edited_folder_ends_in_no_raw_error_and_is_never_good(whole, tmp_path, told, count):
    for seed in seeds(count):
        place = tmp_path / str(seed)
        shutil.copytree(whole, place / "run")
        name, is_edited = edit(random.Random(seed), place / "run")
        for words in COMMANDS:
            done = told(*words, cwd=place)
            assert done.returncode in {0, 1, 2}, (seed, name, words, done.stderr)
            assert "failed while running" not in done.stderr, (seed, name, words, done.stderr)
            assert "Traceback" not in done.stderr, (seed, name, words)
            if words[1] == "verify" and is_edited:
                assert done.returncode != 0, (seed, name, "read in silence")
        shutil.rmtree(place)
