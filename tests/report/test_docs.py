"""Figures in hand-written pages are those of the schema."""

import math
import re

import pytest

from sim.scenario import Scenario
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
