"""Figures in hand-written pages are those of the schema."""

import math
import re
from collections import Counter

import pytest

from sim.scenario import Loaded, Scenario
from sim.scenario.describe import describe
from sim.scenario.schema.effects import Effects
from tests.places import ROOT

ROWS = re.findall(
    r"^\| `(\w+)` \| ([\d.]+) \| .*?: (\d+) .*?instead of (\d+) \| (.*?) \|$", (ROOT / "docs/effects.md").read_text(), re.M
)
DEFAULT = Scenario(name="default")


def test_every_effect_is_explained():
    assert [name for name, *_ in ROWS] != []
    assert {name for name, *_ in ROWS} == set(Effects.model_fields)


@pytest.mark.parametrize(("name", "ratio", "after", "before", "fades"), ROWS)
def test_effects_are_said_as_they_are(name, ratio, after, before, fades):
    assert float(ratio) == getattr(DEFAULT.effects, name)
    share = {"24": DEFAULT.market.shortlist.share_without_social, "85": DEFAULT.customers.renewal_share,
             "60": DEFAULT.sales.stages["marketing_qualified"].pass_share}[before]  # fmt: skip
    odds = float(ratio) * share / (1.0 - share)
    assert round(100.0 * odds / (1.0 + odds)) == int(after)
    if fades == "8 weeks":
        assert DEFAULT.market.salience.half_life_weeks == 8.0
    elif fades == "a year":
        assert DEFAULT.market.trust.half_life_weeks == 52.0


def test_slopes_are_said_as_they_are():
    page = (ROOT / "docs/effects.md").read_text().replace("\n", " ")
    market, sales = DEFAULT.market, DEFAULT.sales
    said = [math.exp(one) for one in (market.shortlist.salience_slope, sales.salience_slope, sales.stalls.salience_slope)]
    assert "being shortlisted by {:.1f}, of a stage by {:.1f}, of waking from a pause by {:.1f}".format(*said) in page
    said = [math.exp(0.1 * one) for one in (market.shortlist.trust_slope, sales.trust_slope, DEFAULT.customers.trust_slope)]
    assert "being shortlisted by {:.2f}, of a stage by {:.1f}, of renewal by {:.1f}".format(*said) in page


def test_the_page_on_credibility_counts_sources_as_they_are():
    rows = describe(Loaded(DEFAULT, {}, {}))
    tags = Counter(row.tag for row in rows)
    light = sum(row.tag == "assumed" and bool(row.source) for row in rows)
    page = (ROOT / "docs/credibility.md").read_text().replace("\n", " ")
    said = (
        f"Of {tags['published'] + tags['assumed']} numbers that are not decisions, {tags['published']} are published figures,"
        f" {light} assumed in the light of a published figure that bears on them, and {tags['assumed'] - light} assumed without"
    )
    assert said in page
    assert tags["published"] + light >= 0.65 * (tags["published"] + tags["assumed"]), "65 in a hundred have a source"
    assert all(row.low is not None and row.high is not None for row in rows if row.tag == "assumed"), "each has a range"


def test_the_page_on_credibility_names_tests_that_are_there():
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs/credibility.md").read_text())
    there = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(named) > 20
    assert set(named) <= there


def test_the_page_on_credibility_has_no_gaps():
    page = (ROOT / "docs/credibility.md").read_text()
    assert set(re.findall(r"\b[A-Z]{4,}\b", page)) <= {"STRESS", "README"}
