"""Hours over time weighed over sets of assumptions: against constant levels that are lived, and against sets that are known."""

import numpy as np
import pytest

import sim
from sim.experiment import ResultsError, Workers
from sim.experiment.designs import HOURS
from sim.experiment.early_signs import COST, DISCOUNTED, OF_SETS
from sim.experiment.ensemble import Drawn, Ensemble, Member, draw, find
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.lived import Lived
from sim.experiment.policies import Policy
from sim.experiment.sensitivity import inputs_of
from sim.experiment.ways import check_policies, compare, live_ways
from sim.scenario import Loaded, apply
from sim.scenario.merging import following
from tests.small import short, small

LEVELS = (10.0, 30.0)
MEANS = ("mean", "moved", "unmoved", "spent")
RETURNED, SPENT = (OF_SETS.names.index(name) for name in (DISCOUNTED, COST))


def ramp(begin, end, weeks):
    values = {HOURS: end, "hours_policy.kind": "ramp", "hours_policy.from_hours": begin, "hours_policy.ramp_weeks": weeks}
    return apply(short(), values).replace(name=f"{begin:g} to {end:g}")


def test_a_flat_schedule_is_its_constant_level_to_the_bit(tmp_path):
    """All that is kept of its worlds, in every set. A schedule that falls costs something between its ends."""
    base = short()
    drawn = draw(base, inputs_of(Loaded(base, following(base, {}), {})), 2, 0.5, 3)
    policies = [Policy.of(ramp(30.0, 30.0, 7)), Policy.of(ramp(30.0, 10.0, 7))]
    with Evaluations(tmp_path / "worlds.sqlite", Workers(1), OF_SETS) as evaluations:
        lived = live_ways(drawn.members, LEVELS, [one.settings for one in policies], evaluations, 5)
        sets = find(drawn, {}, LEVELS, {}, evaluations, seed=5)
    assert np.array_equal(lived[:, 2], lived[:, 1], equal_nan=True)
    assert np.array_equal(sets.lived.returns, lived[:, : len(LEVELS), RETURNED]), "an ensemble lives in the same worlds"
    assert (lived[:, 0, SPENT] < lived[:, 3, SPENT]).all()
    assert (lived[:, 3, SPENT] < lived[:, 1, SPENT]).all()
    found = compare(sets, lived, 0.4, [one.name for one in policies])
    assert found.ways[3] == type(found.ways[3])(None, *(getattr(found.levels[2], name) for name in MEANS))
    if found.against == 30.0:
        assert found.ahead[0].gain.value == 0.0


def known(likelihood, luck=50.0):
    """Sets that share the luck of their world among all ways: 30 h return 60 where buyers are moved, else -40; 10 h a tenth.

    The way over time returns 6 more than 30 h where buyers are moved, and 20 more where they are not; it costs 5 less.
    """
    sets = len(likelihood)
    moved = np.arange(sets) % 2 == 0
    own = np.random.default_rng(7).normal(0.0, luck, sets)
    lived = np.zeros((sets, 3, len(OF_SETS.names)))
    most = np.where(moved, 60.0, -40.0)
    for place, returned in enumerate((0.1 * most, most, most + np.where(moved, 6.0, 20.0))):
        lived[:, place, RETURNED] = returned + own
    lived[:, :, SPENT] = [7.0, 21.0, 16.0]
    returns = lived[:, :2, RETURNED]
    of_sets = Lived(
        LEVELS, returns, np.full_like(returns, np.nan), moved, likelihood, {}, np.empty((sets, 3)), returns, 0.0
    )  # fmt: skip
    return Ensemble(Drawn([Member(one, {}, True, small()) for one in range(sets)], ()), of_sets, {}, ()), lived


@pytest.mark.parametrize(("belief", "gain"), [(0.25, 0.75 * 6.0 + 0.25 * 20.0), (0.5, 13.0)])
def test_what_a_way_is_ahead_is_paired_by_the_worlds_of_sets(belief, gain):
    """The luck that ways share in a set, ten times the gain, is not in the difference; with even facts none is left."""
    sets, lived = known(np.ones(80), luck=1.0)
    sets_of_luck, lived_with_luck = known(np.ones(80), luck=50.0)
    for found in (compare(sets, lived, belief, ["ramp"]), compare(sets_of_luck, lived_with_luck, belief, ["ramp"])):
        assert found.against == 30.0
        (ahead,) = found.ahead
        assert (ahead.gain.value, ahead.gain.low, ahead.gain.high) == pytest.approx((gain,) * 3)
        assert (ahead.saved.value, ahead.saved.low, ahead.saved.high) == pytest.approx((5.0,) * 3)
    assert found.ways[3].mean.high - found.ways[3].mean.low > 5.0, "the mean itself holds the luck of the sets"


def test_facts_weigh_what_a_way_is_ahead():
    """Sets in which buyers are moved fit the facts four times as well: 0.8 x 6 + 0.2 x 20 at even odds before them."""
    sets, lived = known(np.where(np.arange(80) % 2 == 0, 4.0, 1.0))
    found = compare(sets, lived, 0.5, ["ramp"])
    assert found.ahead[0].gain.value == pytest.approx(0.8 * 6.0 + 0.2 * 20.0)
    assert [name for name, _, _ in found.others] == ["ramp"]
    assert [one.hours for one in found.ways] == [0.0, 10.0, 30.0, None]


def test_against_no_hours_where_no_level_pays():
    sets, lived = known(np.ones(80), luck=0.0)
    found = compare(sets, lived, 0.9, ["ramp"])
    assert found.against == 0.0
    assert found.ahead[0].gain.value == pytest.approx(0.1 * 66.0 + 0.9 * -20.0)
    assert found.ahead[0].saved.value == pytest.approx(-16.0)


@pytest.mark.slow
def test_a_policy_is_weighed_from_end_to_end(tmp_path):
    folder, remarks = tmp_path / "ensemble", []
    other = apply(ramp(30.0, 10.0, 7), {"sales.margin": 0.31})
    asked = {"members": 4, "levels": [10], "seed": 4, "policies": [other], "folder": folder}
    answer = sim.ensemble(short(), **asked, remark=remarks.append)
    found = answer.to_dict()
    (policy,) = found["policies"]
    assert policy["policy"] == "30 to 10"
    best = max(found["levels"], key=lambda one: one["mean"]["value"])
    assert found["against_hours"] == best["hours"]
    assert policy["gain"]["value"] == pytest.approx(policy["mean"]["value"] - best["mean"]["value"])
    assert any("30 to 10: " in one for one in found["answer"])
    assert "Hours over time" in (folder / "report.html").read_text(encoding="utf-8")
    assert (folder / "policies.csv").exists()
    assert any("It also differs in: sales" in one for one in remarks)
    assert sim.ensemble(short(), **asked).to_dict() == found
    with pytest.raises(ResultsError, match="it differs in: policies"):
        sim.ensemble(short(), **{**asked, "policies": []})


def test_what_cannot_be_weighed_is_said_before_a_world_is_run(tmp_path):
    with pytest.raises(ResultsError, match=r"hours_policy\.kind is ramp, and policies are weighed against constant hours"):
        sim.ensemble(ramp(30.0, 10.0, 7), members=4, policies=[short()], folder=tmp_path / "none")
    beyond = Policy("too many", {HOURS: 10_000.0})
    with pytest.raises(ResultsError, match="--policy: the hours of 'too many' are not possible in member 3"):
        check_policies([Member(3, {}, True, short())], [beyond])
    assert not (tmp_path / "none").exists()
