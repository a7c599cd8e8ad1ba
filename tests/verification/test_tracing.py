"""Following an account: reading changes nothing, and what is read is what the decision is made by (model.md, 2.5)."""

import dataclasses

import pytest

from sim.model import simulate
from sim.model.record import Table
from sim.model.twin import twin_of
from tests.small import small
from tests.worlds import NO_HEARSAY, exact, new, rows, scenario

SEED = 3


@pytest.mark.parametrize("of", [lambda one: one, twin_of], ids=["with", "twin"])
@pytest.mark.parametrize("account", [0, 299])
def test_a_traced_world_is_the_same_to_the_last_bit(of, account):
    plain, traced = simulate(of(small()), SEED, 0), simulate(of(small()), SEED, 0, traced=account)
    for field in dataclasses.fields(plain):
        before, after = getattr(plain, field.name), getattr(traced, field.name)
        if field.name == "states":
            assert len(before) == 0 < len(after)
        elif isinstance(before, Table):
            assert exact(before) == exact(after), field.name
        else:
            assert before == after, field.name


def test_without_social_media_the_chance_that_is_noted_is_that_of_every_shortlist():
    """No posts, no peers, rivals of constant pressure: nothing moves the chance, so any week's is the one decided by."""
    world = scenario(
        time={"horizon_weeks": 60, "run_off_weeks": 60},
        market={"accounts": 100, "customers": 0, **NO_HEARSAY, "rivals": {"pressure": 0.3, "pressure_per_year": 0.0}},
        crises={"per_year": 0.0},
        team={"hours_per_week": 0.0},
    )
    account, p = next((row["account"], row["p"][0]) for row in rows(new(simulate(world, SEED, 0).needs)))
    states = rows(simulate(world, SEED, 0, traced=account).states)
    assert {state["p_shortlist"] for state in states} == {p}
    assert {state["salience"] for state in states} == {1.0}


def test_the_chance_that_is_noted_leads_to_the_one_decided_by():
    """Within the week of a decision the chance moves little, whatever has moved it before."""
    record = simulate(small(), SEED, 0)
    followed = {row["account"] for row in rows(record.followers)}
    needs = [row for row in rows(new(record.needs)) if row["account"] in followed]
    assert needs
    for need in needs[:3]:
        states = rows(simulate(small(), SEED, 0, traced=need["account"]).states)
        before = max((state for state in states if state["time"] <= need["decided_at"][0]), key=lambda state: state["time"])
        assert before["p_shortlist"] == pytest.approx(need["p"][0], abs=0.03)
        assert before["p_shortlist"] != states[0]["p_shortlist"]
