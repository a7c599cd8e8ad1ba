"""The community: whom members bring, who leaves, who accepts, and how unlike its members are (model.md, 5 and 7)."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.streams import lognormal
from tests.quiet import always_on, column, only, quiet
from tests.verification.test_engagements import ALPHA, RATE, p_of_total, post_every, world_of_followers
from tests.worlds import Only, rows

BUYER = {"roles": Only(buyer={"weight": 1.0})}


def presence(accounts=100, at_start=0.5, weeks=104, **changes):
    """One channel that all use and some follow; nobody works."""
    network = {"users": 1.0, "followers_at_start": at_start}
    return quiet(
        {
            "market": {"accounts": accounts} | BUYER,
            "channels": Only(network=network),
            "content": {"formats": {kind: {"channels": ["network"]} for kind in ("raw", "adapted", "original")}},
            "team": {"hours_per_week": 0.0},
            "presence": {"twin": "abandoned"},
            "time": {"horizon_weeks": weeks, "run_off_weeks": 0},
            "animation": {"half_life_weeks": 1e11, "leaves_per_year": 0.0},
        },
        **changes,
    )


def lively(hours, level, seed=1, replication=0):
    """A world whose community is so lively, always."""
    world = World(hours, seed, replication)
    world.liveliness.add(0.0, level)
    return world


@pytest.mark.slow
def test_members_bring_people_at_a_rate_of_followers_and_liveliness():
    """Null: invitations are Poisson, of mean followers x liveliness x rate x years (nobody accepts). alpha 0.001 each."""
    hours = presence(400, recruiting={"accepts": 0.0}, animation={"invitations_per_year": 0.05})
    counts, means = [], []
    for replication in range(150):
        world = lively(hours, 0.6, replication=replication)
        world.run()
        counts.append(world.audience.approached)
        means.append(world.channels["network"].followers * 0.6 * 0.05 * 2.0)
    counts, means = np.array(counts), np.array(means)
    assert counts.max() < 200 * 0.5, "there was always somebody left to invite"
    assert p_of_total(counts.sum(), means.sum()) > ALPHA
    below = stats.chi2.cdf(((counts - means) ** 2 / means).sum(), len(counts))
    assert 2.0 * min(below, 1.0 - below) > ALPHA


def test_those_who_are_brought_bring_others():
    """Null: with acceptance certain and a large pool, numbers grow as those of a Yule process: mean n exp(rate t).

    Counted week by week, so a week's growth is 1 + rate / 52. Variance n exp(rate t) (exp(rate t) - 1). alpha 0.001.
    """
    hours = presence(4000, at_start=0.02, weeks=52, recruiting={"accepts": 1.0}, animation={"invitations_per_year": 1.0})
    first, last = 0, 0
    for replication in range(25):
        world = World(hours, 2, replication)
        world.liveliness.add(0.0, 1.0)
        record = world.run()
        first += sum(how == "start" for how in column(record.followers, "how"))
        last += len(record.followers)
    growth = (1.0 + 1.0 / 52.0) ** 52
    sd = math.sqrt(first * growth * (growth - 1.0))
    assert 2.0 * stats.norm.sf(abs(last - first * growth) / sd) > ALPHA, (first, last, first * growth)


@pytest.mark.parametrize(("liveliness", "posts"), [(0.0, 0.0), (0.5, 0.0), (0.0, 3.0)])
def test_followers_of_a_neglected_channel_leave_after_exponential_times(liveliness, posts):
    """Null: exponential of rate leaves x (1 - liveliness) x exp(-posts / posts that hold), seen at the end of a week.

    The week is turned into a uniform by a point drawn within it; KS, alpha 0.001.
    """
    hours = presence(
        1500, at_start=1.0, weeks=1040, animation={"leaves_per_year": 1.5, "posts_that_hold": 4.0, "invitations_per_year": 0.0}
    )
    world = lively(hours, liveliness, seed=3)
    world.channels["network"].posts_per_week = lambda now: posts
    record = world.run()
    rate = 1.5 * (1.0 - liveliness) * math.exp(-posts / 4.0)
    left = [row["time"] for row in rows(record.followers) if row["change"] == -1]
    assert len(left) == 1500, "twenty years are enough for everyone"
    below = np.array([-math.expm1(-rate * (time / HOURS_PER_YEAR - 1.0 / 52.0)) for time in left])
    above = np.array([-math.expm1(-rate * time / HOURS_PER_YEAR) for time in left])
    uniform = below + np.random.default_rng(1).random(1500) * (above - below)
    assert stats.kstest(uniform, "uniform").pvalue > ALPHA
    assert world.channels["network"].followers == 0


@pytest.mark.parametrize(
    ("posts", "neglected", "liveliness"), [(4.0, 0.0, 0.0), (4.0, 0.0, 1.0), (12.0, 0.0, 0.0), (2.0, 0.8, 0.0)]
)
def test_followers_of_a_channel_that_posts_too_much_leave_after_exponential_times(posts, neglected, liveliness):
    """Null: exponential of rate leaves_per_weekly_post x posts, and the rate of neglect beside it; by the end of a week.

    So with neglect off survivors fall as exp(-rate x t). KS after a point drawn within the week, alpha 0.001. Rejected: a rate
    a fifth off.
    """
    per_post, hold = 0.08, 4.0
    hours = presence(
        1500,
        at_start=1.0,
        weeks=1040,
        animation={"leaves_per_year": neglected, "posts_that_hold": hold, "invitations_per_year": 0.0},
        channels={"network": {"leaves_per_weekly_post": per_post}},
    )
    world = lively(hours, liveliness, seed=3)
    world.channels["network"].posts_per_week = lambda now: posts
    left = np.array([row["time"] for row in rows(world.run().followers) if row["change"] == -1])
    rate = per_post * posts + neglected * math.exp(-posts / hold)

    def p_value(rate):
        below, above = (-np.expm1(-rate * (left / HOURS_PER_YEAR - weeks / 52.0)) for weeks in (1.0, 0.0))
        ends = -math.expm1(-rate * 20.0)
        return stats.kstest((below + np.random.default_rng(1).random(len(left)) * (above - below)) / ends, "uniform").pvalue

    assert p_value(rate) > ALPHA
    assert abs(len(left) - 1500 * -math.expm1(-rate * 20.0)) < 3.29 * math.sqrt(1500.0) / 2.0
    for wrong in (rate * 4 / 5, rate * 6 / 5):
        assert p_value(wrong) < ALPHA


def test_nobody_leaves_for_too_many_posts_where_nothing_is_posted():
    world = World(presence(500, at_start=1.0, weeks=520, channels={"network": {"leaves_per_weekly_post": 5.0}}), 1, 0)
    assert {row["change"] for row in rows(world.run().followers)} == {1}


@pytest.mark.parametrize("invitations", ["to_connect", "none"])
def test_members_bring_people_of_each_channel_in_proportion_to_those_left(invitations):
    """Null: hypergeometric, of those left when half of a pool had been approached already. alpha 0.001 over 12 worlds.

    Rejected: by users of the channels, and the common order, which would empty the other channel first.
    """
    hours = presence(
        2000,
        at_start=0.2,
        recruiting={"accepts": 0.0, "page_accepts": 0.0},
        animation={"invitations_per_year": 0.3},
        channels={"network": {"invitations": invitations}, "blog": {"users": 0.4, "invitations": "none"}},
    )
    brought, expected, users, variance = 0, 0.0, 0.0, 0.0
    for replication in range(12):
        world = lively(hours, 0.7, replication=replication)
        world.audience.gather()
        pools = world.audience.pools
        for _ in range(pools["network"].left() // 2):
            pools["network"].take()
        left = {name: pool.left() for name, pool in pools.items()}
        for _ in range(104):
            world.audience.week_ends()
        taken = {name: left[name] - pool.left() for name, pool in pools.items()}
        law = stats.hypergeom(sum(left.values()), left["network"], sum(taken.values()))
        brought, expected, variance = brought + taken["network"], expected + law.mean(), variance + law.var()
        users += sum(taken.values()) / 1.4
    assert brought > 500

    def p_value(mean):
        return 2.0 * stats.norm.sf(abs(brought - mean) / math.sqrt(variance))

    assert p_value(expected) > ALPHA
    assert p_value(users) < ALPHA
    assert p_value(0.0) < ALPHA


def test_nobody_leaves_a_community_that_is_fully_lively():
    world = lively(presence(1500, at_start=1.0, weeks=520, animation={"leaves_per_year": 1.5}), 1.0)
    record = world.run()
    assert {row["change"] for row in rows(record.followers)} == {1}
    assert world.channels["network"].followers == 1500


def test_who_leaves_is_heard_of_no_more_and_the_others_go_on_as_before():
    """Followers never engage after leaving, and leaving of some changes nothing for the rest (to the bit)."""
    found = []
    for leaves in (0.0, 1.0):
        world, channel, seen = world_of_followers(
            1, animation={"leaves_per_year": leaves, "invitations_per_year": 0.0, "posts_that_hold": 1e9}
        )
        post_every(world, channel, 6.0)
        world.env.process(world.weeks_pass())
        world.env.run(until=52 * 168.0)
        found.append((world, seen))
    (_, stayed), (world, seen) = found
    left = {row["contact"]: row["time"] for row in rows(world.record.followers) if row["change"] == -1}
    assert 100 < len(left) < 200
    for contact, times in stayed.items():
        until = left.get(contact, math.inf)
        assert [time for time in times if time[0] <= until] == seen[contact]


def test_everyone_is_approached_once_and_the_pool_empties():
    """Team and members together: with acceptance certain every user of every channel follows, once; then recruiting rests."""
    hours = always_on(
        market={"accounts": 300},
        team={"split": only(recruiting=0.5, animation=0.5)},
        recruiting={"accepts": 1.0, "minutes": 120.0},
        animation={"leaves_per_year": 0.0, "invitations_per_year": 9.0},
        time={"horizon_weeks": 20},
    )
    world = World(hours, 4, 0)
    record = world.run()
    joined = Counter((row["contact"], row["channel"]) for row in rows(record.followers))
    assert set(joined.values()) == {1}
    users = {
        (contact, name)
        for name, channel in hours.channels.items()
        for contact in range(1500)
        if world.setting.streams[f"uses/{name}"](contact) < channel.users
    }
    assert joined.keys() == users
    how = Counter(column(record.followers, "how"))
    assert how["brought"] > 0
    spent = sum(block["ended"] - block["began"] for block in rows(record.blocks) if block["activity"] == "recruiting")
    assert spent * 60.0 == pytest.approx(120.0 * how["invited"], rel=1e-6)
    assert not world.audience.recruiting.has_work()


def test_acceptance_is_logistic_in_trust_and_salience():
    """Null: accepted with the logistic of trust and base salience. Chi-square over tenths of p and of each, alpha 0.001."""
    hours = always_on(
        market={"accounts": 4000, "trust": {"baseline_sigma": 1.0}} | BUYER,
        channels=Only(network={"users": 1.0, "reach": 0.0}),
        content={"formats": {kind: {"channels": ["network"]} for kind in ("raw", "adapted", "original")}},
        team={"split": only(recruiting=1.0)},
        recruiting={"accepts": 0.25, "trust_slope": 3.0, "salience_slope": 1.0, "minutes": 1.0},
        animation={"leaves_per_year": 0.0},
        time={"horizon_weeks": 2},
    )
    world = World(hours, 5, 0)
    followed = set(column(world.run().followers, "contact"))
    assert world.audience.approached == 4000
    accounts = [world.market.account(index) for index in range(4000)]
    odds = [math.exp(3.0 * (one.baseline - 0.5) + math.log(one.base)) * 0.25 / 0.75 for one in accounts]
    p = np.array(odds) / (1.0 + np.array(odds))
    accepted = np.array([index in followed for index in range(4000)])
    for by in (p, np.array([one.baseline for one in accounts]), np.array([one.base for one in accounts])):
        groups = np.array_split(np.argsort(by), 10)
        spread = sum((accepted[g].sum() - p[g].sum()) ** 2 / (p[g] * (1.0 - p[g])).sum() for g in groups)
        assert stats.chi2.sf(spread, 10) > ALPHA
        assert accepted[groups[9]].mean() > 2.0 * accepted[groups[0]].mean()


def test_activity_is_lognormal_of_mean_one_and_engagements_follow_it():
    """Few do most (participation_90_9_1), and all together no more than if they were alike.

    Nulls: factors lognormal with mean 1 (KS and mean, alpha 0.001); engagements Poisson, given the factors, of mean
    factor x rate x exposure (total, and chi-square over tenths of contacts); in all, of mean contacts x rate x exposure.
    """
    sigma, contacts = 1.2, 4000
    world, channel, seen = world_of_followers(6, accounts=contacts, selection={"activity_sigma": sigma})
    post_every(world, channel, 12.0)
    world.env.run(until=168.0 * 20)
    follows = [follow for index in range(contacts) for follow in world.market.contact(index).follows]
    activity = np.array([follow.activity for follow in follows])
    assert stats.kstest(activity, stats.lognorm(sigma, scale=math.exp(-0.5 * sigma**2)).cdf).pvalue > ALPHA
    spread = math.sqrt(math.expm1(sigma**2) / contacts)
    assert 2.0 * stats.norm.sf(abs(activity.mean() - 1.0) / spread) > ALPHA
    counts = np.array([len(seen[follow.contact.index]) for follow in follows])
    exposure = channel.clock.exposure_at(world.env.now)
    assert p_of_total(counts.sum(), activity.sum() * RATE * exposure) > ALPHA
    groups = np.array_split(np.argsort(activity), 10)
    means = [activity[g].sum() * RATE * exposure for g in groups]
    chi2 = sum((counts[g].sum() - mean) ** 2 / mean for g, mean in zip(groups, means, strict=True))
    assert stats.chi2.sf(chi2, 10) > ALPHA
    alike = contacts * RATE * exposure
    assert 2.0 * stats.norm.sf(abs(counts.sum() - alike) / math.sqrt(alike + (alike * spread) ** 2)) > ALPHA
    tenth = counts[groups[9]].sum() / counts.sum()
    assert tenth == pytest.approx(stats.norm.sf(stats.norm.isf(0.1) - sigma), abs=0.05), "share of the most active tenth"


def test_a_contact_is_as_active_on_one_channel_as_on_another():
    hours = presence(200, at_start=1.0, weeks=1, channels={"blog": {"users": 1.0, "followers_at_start": 1.0}})
    world = World(hours, 7, 0)
    world.run()
    for index in range(200):
        one, other = world.market.contact(index).follows
        assert (
            one.activity == other.activity == lognormal(world.setting.streams.sparse("activity")(index), math.exp(-0.72), 1.2)
        )
