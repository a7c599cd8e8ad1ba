"""Engagements: by a random time change they are Poisson in operational time, and more posts only bring them earlier."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.model.streams import exponential
from tests.followers import RATE, post_every, world_of_followers
from tests.worlds import rows

ALPHA = 0.001


def p_of_dispersion(counts):
    """Null: counts are Poisson of one mean; two-sided, by the index of dispersion."""
    statistic = ((counts - counts.mean()) ** 2).sum() / counts.mean()
    below = stats.chi2.cdf(statistic, len(counts) - 1)
    return 2.0 * min(below, 1.0 - below)


def p_of_total(total, mean):
    """Null: the total is Poisson of that mean; two-sided, normal limit."""
    return 2.0 * stats.norm.sf(abs(total - mean) / math.sqrt(mean))


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_under_a_constant_stream_of_posts_are_poisson(seed):
    """Null: daily counts are Poisson, of mean followers x weight x exposure. alpha 0.001 each; rejects a rate 10 % off."""
    world, channel, seen = world_of_followers(seed)
    post_every(world, channel, 1.0)
    days, warm_up = 300, 10
    begin = {}
    for day in range(days + warm_up):
        world.env.run(until=24.0 * (day + 1))
        begin[day + 1] = channel.clock.exposure_at(24.0 * (day + 1))
    times = np.array([time for some in seen.values() for time, _ in some])
    counts = np.histogram(times, bins=24.0 * np.arange(warm_up, days + warm_up + 1))[0]
    exposure = begin[days + warm_up] - begin[warm_up]
    assert exposure == pytest.approx(0.2 * 0.5 * 24 * days, rel=1e-4), "every post is seen by its reach, in the long run"
    mean = channel.followers * RATE * exposure
    assert counts.sum() > 2000
    assert p_of_dispersion(counts) > ALPHA
    assert p_of_total(counts.sum(), mean) > ALPHA
    assert p_of_total(counts.sum(), 1.1 * mean) < ALPHA
    assert p_of_total(counts.sum(), 0.9 * mean) < ALPHA
    clumped = np.repeat(counts[::2], 2) * np.tile([0, 2], len(counts) // 2)
    assert p_of_dispersion(clumped) < ALPHA, "and the check of dispersion has teeth"


def test_spacings_in_operational_time_are_exponential():
    """Null: weight x exposure between one engagement of a contact and its next is Exp(1). KS, alpha 0.001.

    The first ten of every contact, the world running until each has as many, so that none is cut off.
    """
    world, channel, seen = world_of_followers(3)
    post_every(world, channel, 1.0)
    world.env.run(until=30.0 / RATE / 0.1)
    assert len(seen) == 200
    assert min(map(len, seen.values())) >= 10
    spacings = np.array([np.diff([0.0, *(exposure for _, exposure in some[:10])]) * RATE for some in seen.values()])
    assert stats.kstest(spacings.ravel(), stats.expon.cdf).pvalue > ALPHA
    assert stats.kstest(spacings.ravel() * 1.2, stats.expon.cdf).pvalue < ALPHA, "a rate off by a fifth is seen"
    first, second = spacings[:, ::2].ravel(), spacings[:, 1::2].ravel()
    assert stats.spearmanr(first, second).pvalue > ALPHA, "and one tells nothing of the next"


def test_engagements_fall_where_their_named_draws_say():
    world, channel, seen = world_of_followers(4, accounts=50)
    post_every(world, channel, 5.0)
    world.env.run(until=5000.0)
    draws = world.setting.streams.sparse("engagement/network")
    assert sum(map(len, seen.values())) > 60
    for contact, some in seen.items():
        due = np.cumsum([exponential(draws(contact, number)) for number in range(len(some))]) / RATE
        assert [exposure for _, exposure in some] == pytest.approx(due.tolist(), rel=1e-9)


def test_more_posts_bring_the_same_engagements_earlier_and_never_others():
    few, many = [world_of_followers(5) for _ in range(2)]
    for (world, channel, _), hours in ((few, 12.0), (many, 4.0)):
        post_every(world, channel, hours)
        world.env.run(until=4000.0)
    sooner = 0
    for contact, some in few[2].items():
        others = many[2][contact]
        assert len(others) >= len(some)
        for (time, exposure), (other, same) in zip(some, others, strict=False):
            assert same == pytest.approx(exposure, rel=1e-9)
            assert other <= time + 1e-6
            sooner += other < time - 1.0
    assert sooner > 100


def test_no_posts_no_engagements():
    world, _, seen = world_of_followers(6)
    world.env.run(until=8000.0)
    assert not seen
    assert not world.record.interactions.rows


def test_after_the_last_post_the_rest_dies_out():
    world, channel, seen = world_of_followers(6, channels={"network": {"engagement_rate": 0.5}})
    channel.post("raw", 0.99, 1.0)
    world.env.run(until=8000.0)
    assert 5 < sum(map(len, seen.values())) < 200 * 0.2 * 2
    assert max(time for some in seen.values() for time, _ in some) < 20 * 24.0
    assert channel.clock.exposure_at(8000.0) == pytest.approx(0.2 * 0.99, rel=1e-9)


def test_a_change_of_weight_keeps_what_was_walked_already():
    """Entering the market triples the pace: weighted exposure up to each engagement is its drawn spacing all the same."""
    world, channel, seen = world_of_followers(7)
    post_every(world, channel, 3.0)
    world.env.run(until=400.0)
    at = channel.clock.exposure_at(400.0)
    before = {contact: len(some) for contact, some in seen.items()}
    for contact in range(0, 200, 2):
        account = world.market.account(contact)
        account.in_market = 1
        world.audience.reweigh(account)
    world.env.run(until=2000.0)
    draws = world.setting.streams.sparse("engagement/network")
    crossed = 0
    for contact in range(200):
        weight = RATE * (3.0 if contact % 2 == 0 else 1.0)
        walked = [RATE * min(exposure, at) + weight * max(0.0, exposure - at) for _, exposure in seen[contact]]
        due = np.cumsum([exponential(draws(contact, number)) for number in range(len(walked))])
        assert walked == pytest.approx(due.tolist(), rel=1e-9)
        crossed += contact % 2 == 0 and len(walked) > before.get(contact, 0)
    assert crossed > 90
    counts = [sum(len(seen[c]) - before.get(c, 0) for c in range(first, 200, 2)) for first in (0, 1)]
    share = stats.binomtest(counts[0], sum(counts), 0.75).pvalue
    assert share > ALPHA, "three engagements in four are theirs"
    assert stats.binomtest(counts[0], sum(counts), 0.5).pvalue < ALPHA


def test_reweighing_without_a_change_changes_nothing():
    once, often = [world_of_followers(8) for _ in range(2)]
    for world, channel, _ in (once, often):
        post_every(world, channel, 3.0)
    once[0].env.run(until=2000.0)
    for step in range(1, 200):
        often[0].env.run(until=10.0 * step)
        for index in range(200):
            often[0].audience.reweigh(often[0].market.account(index))
    often[0].env.run(until=2000.0)
    assert once[2].keys() == often[2].keys()
    for contact, some in once[2].items():
        assert [time for time, _ in some] == pytest.approx([time for time, _ in often[2][contact]], rel=1e-9)


def test_a_follower_of_no_weight_that_gains_weight_waits_for_a_whole_spacing():
    world, channel, seen = world_of_followers(9, accounts=20)
    weight = [RATE]
    world.audience.weigh = lambda follow: weight[0]
    for index in range(20):
        world.audience.reweigh(world.market.account(index))
    post_every(world, channel, 1.0)
    world.env.run(until=2000.0)
    weight[0] = 0.0
    world.env.run(until=6000.0)
    still = {contact: len(some) for contact, some in seen.items()}
    weight[0] = RATE
    for index in range(20):
        world.audience.reweigh(world.market.account(index))
    world.env.run(until=6000.1)
    assert sum(len(some) - still[contact] for contact, some in seen.items()) <= 2


def test_which_post_was_seen_goes_by_what_each_adds_now():
    """A post of twice the quality is seen twice as often; one a half-life old half as often. Null: binomial, alpha 0.001."""
    world, channel, _ = world_of_followers(10)
    channel.post("raw", 0.3, 1.0)
    world.env.run(until=24.0)
    channel.post("original", 0.9, 1.0)
    drawn = [channel.post_seen(u).number for u in np.random.default_rng(1).uniform(size=4000)]
    expected = 0.9 / (0.9 + 0.15)
    assert stats.binomtest(sum(drawn), len(drawn), expected).pvalue > ALPHA
    assert stats.binomtest(sum(drawn), len(drawn), 0.75).pvalue < ALPHA


def test_a_post_that_engages_more_is_seen_more_and_brings_salience_no_faster():
    """Three times the engagement, three engagements in four, though it reaches no more. Null: binomial, alpha 0.001."""
    world, channel, _ = world_of_followers(10)
    channel.post("raw", 0.4, 1.0)
    before = channel.clock.intensity_at(0.0)
    channel.post("original", 0.4, 1.0, 3.0)
    assert channel.clock.intensity_at(0.0) == pytest.approx(2.0 * before, rel=1e-8)
    assert channel.clock.engaging_at(0.0) == pytest.approx(4.0 * before, rel=1e-8)
    world.env.run(until=10.0)
    drawn = [channel.post_seen(u).number for u in np.random.default_rng(1).uniform(size=4000)]
    assert stats.binomtest(sum(drawn), len(drawn), 0.75).pvalue > ALPHA
    assert stats.binomtest(sum(drawn), len(drawn), 0.5).pvalue < ALPHA


def test_kinds_of_engagement_come_in_the_shares_of_the_mix():
    """Null: multinomial with the mix. alpha 0.001."""
    world, channel, _ = world_of_followers(11, channels={"network": {"engagement_rate": 0.2}})
    post_every(world, channel, 2.0)
    world.env.run(until=3000.0)
    kinds = [row["kind"] for row in rows(world.record.interactions)]
    mix = channel.spec.engagement_mix.shares()
    observed = [kinds.count(kind) for kind in mix]
    assert len(kinds) > 3000
    assert stats.chisquare(observed, [share * len(kinds) for share in mix.values()]).pvalue > ALPHA
    assert stats.chisquare(observed, [len(kinds) / 4] * 4).pvalue < ALPHA


def test_posting_often_lowers_the_reach_of_a_post_as_the_halving_rate_says():
    world, channel, _ = world_of_followers(12, channels={"network": {"halving_posts_per_week": 7.0}})
    post_every(world, channel, 24.0)
    world.env.run(until=24.0 * 200)
    before = channel.posts_per_week(world.env.now)
    assert before == pytest.approx(7.0, rel=0.08), "a post a day is seven a week"
    assert channel.post("raw", 0.5, 1.0).frequency_factor == pytest.approx(1.0 / (1.0 + before / 7.0), rel=1e-12)
    assert channel.clock.intensity_at(world.env.now) > 0.0
