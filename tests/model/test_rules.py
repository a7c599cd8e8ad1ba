"""Rules: what must hold of each whatever the numbers."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model import rules

share = st.floats(0.0, 1.0)
positive = st.floats(1e-3, 1e4)


@given(trust=share, quality=share, gain=share)
def test_trust_stays_a_share_after_any_touch(trust, quality, gain):
    assert -1e-15 <= rules.after_touch(trust, quality, gain) <= 1.0 + 1e-15


@given(trust=share, quality=share)
def test_a_touch_of_no_gain_changes_nothing(trust, quality):
    assert rules.after_touch(trust, quality, 0.0) == trust


@given(trust=share, gain=share)
def test_indifferent_quality_changes_nothing(trust, gain):
    assert rules.after_touch(trust, 0.5, gain) == trust


@given(trust=st.floats(0.01, 0.99), quality=share, gain=st.floats(0.01, 1.0))
def test_good_touches_raise_trust_and_poor_ones_lower_it(trust, quality, gain):
    assume(abs(quality - 0.5) > 1e-3)
    after = rules.after_touch(trust, quality, gain)
    assert (after > trust) == (quality > 0.5)


@given(trust=share, quality=share, gain=share, better=share)
def test_better_content_never_earns_less_trust(trust, quality, gain, better):
    low, high = sorted((quality, better))
    assert rules.after_touch(trust, low, gain) <= rules.after_touch(trust, high, gain) + 1e-12


def test_touches_of_full_quality_and_gain_bring_full_trust_and_their_order_matters():
    assert rules.after_touch(0.3, 1.0, 1.0) == 1.0
    assert rules.after_touch(0.3, 0.0, 1.0) == 0.0
    good_first = rules.after_touch(rules.after_touch(0.5, 0.9, 0.3), 0.1, 0.3)
    poor_first = rules.after_touch(rules.after_touch(0.5, 0.1, 0.3), 0.9, 0.3)
    assert good_first < poor_first


@given(trust=share, loss=share)
def test_a_miss_takes_a_share_of_trust(trust, loss):
    assert rules.after_miss(trust, 0.0) == trust
    assert 0.0 <= rules.after_miss(trust, loss) <= trust
    assert rules.after_miss(trust, loss) == pytest.approx(trust * (1.0 - loss), abs=1e-15)


@given(halving=positive, often=st.floats(0.0, 1e4), more=st.floats(0.0, 1e4))
def test_frequency_takes_nothing_from_rare_posts_and_half_at_the_halving_rate(halving, often, more):
    assert rules.reach_at_frequency(0.0, halving) == 1.0
    assert rules.reach_at_frequency(halving, halving) == 0.5
    assert rules.reach_at_frequency(often, halving) >= rules.reach_at_frequency(often + more, halving)
    assert often * rules.reach_at_frequency(often, halving) <= halving, "however many posts, reach is bounded"


@given(reach=share, factor=share, quality=share, boost=positive)
def test_a_post_reaches_nobody_twice(reach, factor, quality, boost):
    reached = rules.post_reach(reach, factor, quality, boost)
    assert 0.0 <= reached <= 1.0
    assert reached == 1.0 or reached == reach * factor * quality * boost


@given(log_odds=st.floats(-30.0, 30.0))
def test_logistic_is_the_inverse_of_logit_and_symmetric(log_odds):
    p = rules.logistic(log_odds)
    assert p + rules.logistic(-log_odds) == pytest.approx(1.0, abs=1e-15)
    if abs(log_odds) < 15.0:
        assert rules.logit(p) == pytest.approx(log_odds, abs=1e-8)


@pytest.mark.parametrize("log_odds", [-1e6, -800.0, 0.0, 800.0, 1e6])
def test_logistic_never_overflows(log_odds):
    assert 0.0 <= rules.logistic(log_odds) <= 1.0


@given(half_life=positive, amount=positive)
def test_half_is_left_after_a_half_life(half_life, amount):
    assert amount * math.exp(-rules.decay_rate(half_life) * half_life) == pytest.approx(amount / 2.0)


@given(quality=st.floats(0.01, 0.99), skill=positive, topicality=share)
def test_quality_of_a_draft_is_below_one_and_its_own_at_ordinary_skill(quality, skill, topicality):
    assert 0.0 <= rules.quality(quality, skill, topicality) < 1.0
    assert rules.quality(quality, 1.0, 1.0) == quality


@given(rate=share, trust=share)
def test_engagement_is_ordinary_at_half_trust_and_multiplied_by_what_holds(rate, trust):
    assert rules.engagement_weight(rate, 0.5, 2.0, 1.0, 1.0) == rate
    assert rules.engagement_weight(rate, trust, 0.0, 1.0, 1.0) == rate
    assert rules.engagement_weight(rate, 0.5, 0.0, 2.0, 3.0) == pytest.approx(6.0 * rate)
    assert rules.engagement_weight(rate, trust, 1.0, 1.0, 1.0) >= 0.0


def test_engagement_weight_is_never_negative():
    assert rules.engagement_weight(0.04, 0.1, 3.0, 1.0, 1.0) >= 0.0


@given(accepts=share, trust=share, slope=st.floats(0.0, 4.0), salience=st.floats(-3.0, 3.0))
def test_chance_to_accept_is_a_chance(accepts, trust, slope, salience):
    p = rules.p_accepts(rules.logit_of_share(accepts), slope, trust, 0.3, salience)
    assert 0.0 <= p <= 1.0
    assert rules.p_accepts(rules.logit_of_share(accepts), slope, 0.5, 0.3, 0.0) == pytest.approx(accepts, rel=1e-9)
    assert rules.p_accepts(rules.logit_of_share(accepts), slope, min(1.0, trust + 0.1), 0.3, salience + 0.1) >= p * (
        1.0 - 1e-12
    )


def test_only_neglect_drives_followers_away():
    assert rules.leaving_rate(0.4, 0.0, 2.0, 0.0) == 0.4
    assert rules.leaving_rate(0.4, 2.0, 2.0, 0.0) == pytest.approx(0.4 / math.e)
    assert rules.leaving_rate(0.4, 2.0, 2.0, 1.0) == 0.0


@given(work=st.floats(0.0, 1e4), capacity=positive, exponent=st.floats(0.0, 3.0))
def test_sales_is_slow_only_past_its_capacity(work, capacity, exponent):
    slow = rules.slowness(work, capacity, exponent)
    assert slow >= 1.0
    if work <= capacity or exponent == 0.0:
        assert slow == 1.0
    assert rules.slowness(work, 0.0, exponent) == 1.0
    assert rules.slowness(3.0 * capacity, capacity, 2.0) == pytest.approx(9.0)


@given(stock=share, gain=st.floats(0.0, 2.0), hours=st.floats(0.0, 50.0), cut=share)
def test_filling_a_stock_saturates_and_does_not_depend_on_how_work_is_cut(stock, gain, hours, cut):
    whole = rules.filled(stock, gain, hours)
    assert stock - 1e-15 <= whole <= 1.0
    parts = rules.filled(rules.filled(stock, gain, cut * hours), gain, (1.0 - cut) * hours)
    assert parts == pytest.approx(whole, abs=1e-12)
    assert rules.filled(stock, gain, 0.0) == pytest.approx(stock, abs=1e-15)


@given(start=st.floats(0.1, 1.0), half_life=positive)
def test_a_newcomer_closes_half_the_gap_in_a_half_life(start, half_life):
    assert rules.learned(start, 0.0, half_life) == pytest.approx(start)
    assert rules.learned(start, half_life, half_life) == pytest.approx(0.5 * (1.0 + start))
    assert rules.learned(start, 5.0, 0.0) == 1.0


@given(start=positive, end=positive, climbed=st.floats(0.0, 5.0))
def test_a_ramp_leads_from_one_to_the_other_and_stays_there(start, end, climbed):
    assert rules.ramped(start, end, 0.0) == start
    assert rules.ramped(start, end, climbed) == pytest.approx(start + (end - start) * climbed if climbed < 1.0 else end)


@pytest.mark.parametrize(("hours", "excess", "expected"), [(10, 0.1, 15), (10, -0.1, 5), (4, -9.0, 2), (38, 1.0, 40)])
def test_a_review_takes_one_step_by_the_sign_of_the_excess_alone_and_stays_within_bounds(hours, excess, expected):
    assert rules.stepped(hours, excess, step=5, least=2, most=40) == expected
