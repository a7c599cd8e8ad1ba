"""Effects stated as odds ratios come out as those odds ratios, by the model's own touches."""

import math

import pytest

from sim.model import rules
from sim.model.accounts import Account, Contact, Memory, Traits
from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.model.effects import POSTS_OF_A_YEAR, gains_of
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.schema.effects import Effects
from tests.worlds import effects, scenario

CASES = {
    "default": scenario(),
    "steep": scenario(
        market={
            "shortlist": {"salience_slope": 0.6, "trust_slope": 4.0},
            "salience": {"half_life_weeks": 20.0},
            "roles": {"user": {"weight": 0.1}, "sponsor": {"weight": 0.25}},
        },
        customers={"trust_slope": 3.0},
        effects={"year_of_posts": 2.2, "engagement": 1.3, "good_post": 1.4, "good_reply": 1.5, "no_reply": 0.8},
    ),
    "none": scenario(effects=dict.fromkeys(Effects.model_fields, 1.0)),
}


def median_account(hours):
    """An account of median salience and a trust of one half, with a member in an average seat."""
    memory = Memory(hours)
    account = Account(0, Traits("all", 1.0, 0.5, 0.0, is_with_rival=False), memory)
    contact = Contact(0, account, 0, 1.0 / len(hours.market.roles), memory)
    account.contacts = (contact,)
    return account, contact


def odds(p):
    return p / (1.0 - p)


def shortlist_odds(hours, account, now):
    spec = hours.market.shortlist
    return odds(
        rules.p_goes_on(-2.0, spec.salience_slope, account.log_salience(now), spec.trust_slope, account.trust(now), 0.0)
    )


def renewal_odds(hours, account, now, unanswered=0.0):
    lost = gains_of(hours).complaint_lost
    return odds(rules.p_renews(1.0, hours.customers.trust_slope, account.trust(now), lost, unanswered))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("touch", ["engagement", "peer_answer", "good_post", "recommendation", "praise"])
def test_a_touch_multiplies_the_odds_of_being_shortlisted(case, touch):
    hours = CASES[case]
    gains, now = gains_of(hours), 5.0
    account, contact = median_account(hours)
    before = shortlist_odds(hours, account, now)
    if touch == "engagement":
        contact.remember(now, gains.engaged)
    elif touch == "peer_answer":
        contact.remember(now, gains.answered_peer)
    elif touch == "good_post":
        account.touch(now, 1.0, gains.touched)
    else:  # told by someone who thinks neither well nor ill of it; or by one who trusts it fully
        account.hear(now, 0.5 if touch == "recommendation" else 1.0)
        before *= hours.effects.recommendation if touch == "praise" else 1.0
    assert shortlist_odds(hours, account, now) / before == pytest.approx(getattr(hours.effects, touch), rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_a_year_of_posts_multiplies_them_too(case):
    """Twenty exposures spread over a year, as a thousand times a fiftieth of one: the integral to 1e-4."""
    hours = CASES[case]
    account, contact = median_account(hours)
    before, pieces = shortlist_odds(hours, account, 0.0), 1000
    for number in range(pieces):
        at = (number + 0.5) / pieces * WEEKS_PER_YEAR * HOURS_PER_WEEK
        contact.remember(at, gains_of(hours).exposed * POSTS_OF_A_YEAR / pieces)
    after = shortlist_odds(hours, account, WEEKS_PER_YEAR * HOURS_PER_WEEK)
    assert after / before == pytest.approx(hours.effects.year_of_posts, rel=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_replies_misses_and_complaints_multiply_the_odds_of_renewal(case):
    hours = CASES[case]
    gains, stated = gains_of(hours), hours.effects
    account, _ = median_account(hours)
    before = renewal_odds(hours, account, 0.0)
    account.touch(0.0, 1.0, gains.replied)
    assert renewal_odds(hours, account, 0.0) / before == pytest.approx(stated.good_reply, rel=1e-12)
    account, _ = median_account(hours)
    account.disappoint(0.0, gains.missed)
    assert renewal_odds(hours, account, 0.0) / before == pytest.approx(stated.no_reply, rel=1e-12)
    account, _ = median_account(hours)
    assert renewal_odds(hours, account, 0.0, 2.0) / before == pytest.approx(stated.unanswered_complaint**2, rel=1e-12)
    assert math.exp(-gains.slow_reply_lost) == pytest.approx(stated.slow_reply, rel=1e-12)


def test_an_odds_ratio_of_one_is_no_gain_at_all():
    assert set(vars(gains_of(CASES["none"])).values()) == {0.0}


def test_gains_asked_for_in_tests_are_those_of_the_model():
    gains = {"exposed": 0.6, "engaged": 0.5, "answered_peer": 1.0, "recommended": 0.4, "touched": 0.1, "praised": 0.3,
             "declined": 0.2, "replied": 0.25, "missed": 0.1, "complaint_lost": 0.3, "slow_reply_lost": 0.7}  # fmt: skip
    assert vars(gains_of(scenario(effects=effects(**gains)))) == pytest.approx(gains, rel=1e-12)


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"market.shortlist.salience_slope": 0.0}, "effects.year_of_posts cannot be had while"),
        ({"effects.good_reply": 3.0}, "out of reach with customers.trust_slope 2, which allows 0.368 to 2.72"),
        ({"market.shortlist.trust_slope": 0.1}, "effects.good_post is 1.15, out of reach with market"),
        ({"effects.no_reply": 1.2}, "effects.no_reply"),
        ({"effects.engagement": 0.9}, "effects.engagement"),
    ],
)  # fmt: skip
def test_effects_that_cannot_be_had_are_refused(overrides, fault):
    with pytest.raises(ScenarioError) as caught:
        apply(Scenario(name="x"), overrides)
    assert fault in str(caught.value)
