"""Which fields are decisions, which the company's own numbers, which guesses."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from sim.scenario import load_tagged
from sim.scenario.describe import describe
from sim.scenario.fields import DECISIONS, OWN, kind_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def paths():
    return [row.path for name in ("first", "today", "launch") for row in describe(load_tagged(SCENARIOS / f"{name}.yaml"))]


@pytest.mark.parametrize("pattern", [*DECISIONS, *OWN])
def test_every_pattern_names_a_field_that_there_is(paths, pattern):
    assert any(fnmatchcase(path, pattern) for path in paths)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("team.hours_per_week", "decision"),
        ("team.split", "decision"),
        ("team.split.content", "decision"),
        ("content.formats.raw.mix", "decision"),
        ("hours_policy.kind", "decision"),
        ("sponsoring.per_week", "decision"),
        ("sales.margin", "own"),
        ("market.accounts", "own"),
        ("team.members.anna.cost_per_hour", "own"),
        ("customers.renewal_share", "own"),
        ("effects.good_post", "guess"),
        ("market.salience.half_life_weeks", "guess"),
        ("case", "guess"),
    ],
)
def test_a_field_knows_what_it_is(path, kind):
    assert kind_of(path) == kind


def test_nothing_that_is_assumed_about_the_world_is_a_decision(paths):
    assert not [path for path in paths if path.startswith(("effects.", "market.", "crises.")) and kind_of(path) == "decision"]
