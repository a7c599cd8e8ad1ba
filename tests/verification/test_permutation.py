"""Order of making: nothing depends on what is made or looked at first; more of one thing never reshuffles another."""

import random
from functools import cache

import pytest

from sim.model import World, simulate
from tests.worlds import NO_HEARSAY, PLACEBO, TWO_STEPS, changed, exact, reviewed, rows, scenario

TABLES = ("hours", "drafts", "posts", "followers", "interactions", "conversations", "signals", "needs", "renewals", "contracts",
          "weeks")  # fmt: skip


def small(**changes):
    base = scenario(
        team={"hours_per_week": 40.0},
        time={"horizon_weeks": 104},
        market={"accounts": 500, "customers": 60, "segments": {"all": {"needs_per_year": 0.5}}},
    )
    return changed(base, **changes)


@cache
def usual_world(seed, replication=0):
    """The record of the small world as it is; nobody writes to it."""
    return simulate(small(), seed, replication)


def test_the_order_in_which_needs_and_accounts_are_made_changes_nothing():
    hours = small()
    usual = usual_world(7)

    world = World(hours, 7, 0)
    order = list(range(len(world.market) * len(world.market.roles)))
    random.Random(1).shuffle(order)
    for index in order[: len(order) // 2]:
        world.market.account(index // len(world.market.roles))
    needs = world.market.needs

    def shuffled():
        found = needs()
        random.Random(2).shuffle(found)
        return found

    world.market.needs = shuffled
    permuted = world.run()

    assert [row[:2] for row in usual.needs.rows] != [row[:2] for row in permuted.needs.rows], "they were shuffled"
    for name in TABLES:
        assert exact(getattr(usual, name)) == exact(getattr(permuted, name)), name
    assert usual.ledger.keys() == permuted.ledger.keys()
    for name, weeks in usual.ledger.items():
        assert weeks == pytest.approx(permuted.ledger[name], rel=1e-12, abs=0.0), name


def test_the_order_in_which_people_are_met_changes_nothing():
    """With channels and colleagues of today, contacts that are made beforehand and backwards leave the world as it is."""
    hours = changed(small(), **TWO_STEPS, time={"horizon_weeks": 52})
    usual, world = simulate(hours, 7, 0), World(hours, 7, 0)
    for account in range(len(world.market) - 1, -1, -3):
        world.market.account(account)
    for name in ("known by a colleague", "accepts/network", "accepts page/network", "invited/network", "comes across/blog"):
        for entity in range(900, -1, -123):
            world.setting.streams[name](entity)
    permuted = world.run()
    assert len(usual.posts) > 500
    for name in (*TABLES, "expenses"):
        assert exact(getattr(usual, name)) == exact(getattr(permuted, name)), name


def test_more_accounts_leave_those_who_are_known_by_colleagues():
    """Draws are named by contact: the first accounts' people have the same draws in a larger market."""
    few, more = (World(changed(small(), **TWO_STEPS, market={"accounts": count}), 7, 0) for count in (500, 700))
    for world in (few, more):
        world.audience.gather()
    for name in ("known by a colleague", "uses/network", "invited/network"):
        draws = [world.setting.streams[name].column(1500).tolist() for world in (few, more)]
        assert draws[0] == draws[1]
    seats = len(few.market.roles)
    assert {pool: [one for one in more.audience.pools[pool]._order if one[1] < 500 * seats] for pool in few.audience.pools} == {
        pool: few.audience.pools[pool]._order for pool in few.audience.pools
    }


def test_the_order_in_which_draws_are_made_changes_nothing():
    """Looking at draws in advance, backwards, leaves the world as it is."""
    hours = small()
    usual = usual_world(7)
    world = World(hours, 7, 0)
    for name in ("need", "deal value", "segment", "base salience", "trust baseline", "renewal", "format", "approved"):
        for entity in range(900, -1, -123):
            for index in (5, 0, 3):
                world.setting.streams[name](entity, index)
    permuted = world.run()
    for name in TABLES:
        assert exact(getattr(usual, name)) == exact(getattr(permuted, name)), name


def test_the_order_in_which_channels_are_listed_changes_nothing():
    hours = small()
    turned = hours.replace(channels=dict(reversed(hours.channels.items())))
    usual, other = usual_world(7), simulate(turned, 7, 0)
    for name in TABLES[:-1]:
        assert exact(getattr(usual, name)) == exact(getattr(other, name)), name


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_more_accounts_never_change_those_there_are(kind):
    few = small(team={"hours_per_week": 0.0}, presence={"twin": kind}, sales={"load_exponent": 0.0}, market=NO_HEARSAY)
    more = changed(few, market={"accounts": 600})
    a, b = simulate(few, 4, 0), simulate(more, 4, 0)
    for name in ("needs", "renewals"):
        table = getattr(b, name)
        kept = [row for row in table.rows if row[0] < 500]
        assert len(kept) < len(table.rows) or name == "renewals"
        table.rows[:] = kept
        assert exact(getattr(a, name)) == exact(table), name


def test_more_weeks_never_change_the_needs_there_are():
    short, long = (
        simulate(small(team={"hours_per_week": 0.0}), 4, 0),
        simulate(small(team={"hours_per_week": 0.0}, time={"horizon_weeks": 130}), 4, 0),
    )
    later = [row for row in rows(long.needs) if row["opens_at"] >= 104 * 168]
    long.needs.rows[:] = [row for row in long.needs.rows if row[3] < 104 * 168]
    assert later
    assert exact(short.needs, "account", "need", "opens_at", "value") == exact(
        long.needs, "account", "need", "opens_at", "value"
    )


@pytest.mark.parametrize("level", [0.0, 1.0, 7.0, 20.0, 33.0])
def test_more_hours_never_reshuffle_needs(level):
    most, other = usual_world(4), simulate(small(team={"hours_per_week": level}), 4, 0)
    fixed = ("account", "need", "segment", "opens_at", "value", "u")
    assert exact(most.needs, *fixed) == exact(other.needs, *fixed)


def test_another_practice_never_reshuffles_needs_or_draws():
    base = usual_world(4)
    for change in (
        {"dialogue": {"patience_hours": 4.0}},
        {"channels": {"network": {"users": 0.9, "reach": 0.01}}},
        {"validation": reviewed(0.5, hours_per_week=0.0)},
        PLACEBO,
    ):
        other = simulate(small(**change), 4, 0)
        fixed = ("account", "need", "segment", "opens_at", "value", "u")
        assert exact(base.needs, *fixed) == exact(other.needs, *fixed)


def test_another_replication_is_another_world():
    one, two, three = usual_world(4), usual_world(4, 1), usual_world(5)
    assert exact(one.needs, "opens_at") != exact(two.needs, "opens_at")
    assert exact(one.needs, "opens_at") != exact(three.needs, "opens_at")
