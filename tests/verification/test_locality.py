"""Locality: what happens to one account is the business of that account alone (model.md, 13)."""

import math

import pytest

from sim.model import World, simulate
from sim.model.twin import twin_of
from tests.worlds import NO_HEARSAY, changed, exact, rows, scenario

TOUCHED = 17
EVERY_NEED = ("account", "need", "opens_at", "lead_at", "closed_at", "ended_at", "won", "value", "weight", "p", "u",
              "path",
              "recorded_source",
              "first_touch", "last_touch", "touched", "qualified_at", "pending")  # fmt: skip


def only_one_account_is_invited():
    """40 hours per week on a market in which nobody but one account can ever be reached."""
    return scenario(
        team={"hours_per_week": 40.0},
        market={"accounts": 120, "customers": 0, "segments": {"all": {"needs_per_year": 1.0}}} | NO_HEARSAY,
        listening={"share_of_needs_asked_about": 0.0},
        sales={"load_exponent": 0.0},
        # a shared post is seen at other accounts too, which is what sharing is: here nobody sees it
        channels={
            "network": {"users": 1.0, "engagement_rate": 0.3, "seen_per_share": 0.0},
            "micro_blog": {"seen_per_share": 0.0},
            "blog": {"seen_per_share": 0.0},
        },
        customers={"share_on_social": 0.0},
        recruiting={"accepts": 1.0},
        weak_signals={"outreach_per_move": 0},
        crises={"trust_loss": 0.0},
    )


def world_that_invites(hours, account, seed):
    world = World(hours, seed, 0)
    gather = world.audience.gather

    def gather_one():
        gather()
        for pool in world.audience.pools.values():
            pool._order = [one for one in pool._order if one[1] // len(world.market.roles) == account]

    world.audience.gather = gather_one
    return world


IN_TWO_STEPS = {  # that one account is asked to connect, and then to follow; who declines trusts less
    "channels": {"network": {"invitations": "to_connect"}},
    "recruiting": {"accepts": 0.6, "page_accepts": 0.5},
    "effects": {"declined_request": 0.9},
}


@pytest.mark.parametrize(("seed", "changes"), [(1, {}), (2, {}), (3, {}), (1, IN_TWO_STEPS), (2, IN_TWO_STEPS)])
def test_touching_one_account_leaves_every_other_bit_identical(seed, changes):
    hours = changed(only_one_account_is_invited(), **changes)
    record = world_that_invites(hours, TOUCHED, seed).run()
    twin = simulate(twin_of(hours), seed, 0)

    assert {row["account"] for row in rows(record.followers)} == {TOUCHED}
    assert len(record.interactions) > 50
    assert {row["account"] for row in rows(record.conversations)} - {-1} == {TOUCHED}

    ours = {row["need"]: row for row in rows(record.needs) if row["account"] == TOUCHED}
    theirs = {row["need"]: row for row in rows(twin.needs) if row["account"] == TOUCHED}
    assert ours.keys() == theirs.keys()
    assert any(ours[need]["p"] != theirs[need]["p"] for need in ours), "the touched account is touched"
    assert all(ours[need]["u"] == theirs[need]["u"] for need in ours)

    for mine, other, columns in ((record.needs, twin.needs, EVERY_NEED), (record.renewals, twin.renewals, ())):
        for table in (mine, other):
            table.rows[:] = [row for row in table.rows if row[0] != TOUCHED]
        assert len(mine) > 50
        assert exact(mine, *columns) == exact(other, *columns)


def test_through_the_sales_load_all_accounts_hang_together():
    """The other way round: with sales at its limit, touching one account moves others, and moves only their times."""
    tight = changed(
        only_one_account_is_invited(),
        sales={"load_exponent": 1.0, "capacity_ratio": 0.8},
        market={"rivals": {"switching_odds": 1.0}},  # else it would matter whether another sale of the account was over by then
        effects={"year_of_posts": 100.0},
    )
    record = world_that_invites(tight, TOUCHED, 1).run()
    twin = simulate(twin_of(tight), 1, 0)
    others = [(a, b) for a, b in zip(rows(record.needs), rows(twin.needs), strict=True) if a["account"] != TOUCHED]
    others = [(a, b) for a, b in others if not math.isnan(a["ended_at"] + b["ended_at"])]
    assert len(others) > 100
    assert any(a["ended_at"] != b["ended_at"] for a, b in others)
    unmoved = ("opens_at", "lead_at", "p", "won", "value", "path")
    assert all(a[column] == b[column] for a, b in others for column in unmoved)
