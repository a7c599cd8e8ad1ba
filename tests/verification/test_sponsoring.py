"""Sponsored posts: what a budget shows, to whom, and what it costs (model.md, 2.4)."""

import math
from collections import Counter

import pytest
from pydantic import ValidationError
from scipy import stats

from sim.measures import evaluate
from sim.model import World, simulate
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.effects import gains_of
from sim.model.sponsoring import MORNING
from sim.model.twin import twin_of
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.schema.channels import SPONSORED
from tests.verification.test_placebo import DEALS
from tests.verification.test_profiles import ALPHA, fresh, passed_on, publishing_each_morning, seen_between, with_profiles
from tests.worlds import PLACEBO, TWO_STEPS, changed, exact, rows, scenario

SPEC = {"per_week": 100.0, "price_per_1000": 40.0, "on_target": 0.5, "attention": 0.25}
VIEWS = 100.0 / 40.0 * 1000.0 * 0.5  # per week, by contacts of target accounts


def sponsored(accounts=2000, weeks=6, **changes):
    """One contact per account, half of whom use the network; a piece is always fresh."""
    spec = {"channels": {"network": {"users": 0.5}}, "sponsoring": SPEC, "profiles": {"colleagues": 0}}
    return World(changed(with_profiles(accounts, weeks, **spec), **changes), 1, 0)


def test_a_budget_shows_every_user_as_much_as_the_price_says():
    """Exact: views per week x attention / users; at nine on working days; pages have nothing of it."""
    world = publishing_each_morning(sponsored())
    record = world.run()
    posts = passed_on(record, SPONSORED)
    assert {row["time"] % HOURS_PER_DAY for row in posts} == {MORNING}
    users = world.sponsoring.channel.followers
    assert stats.binomtest(users, 2000, 0.5).pvalue > ALPHA
    assert {row["how"] for row in rows(record.followers) if row["channel"] == SPONSORED} == {"start"}
    days = Counter(int(row["time"] // HOURS_PER_WEEK) for row in posts)
    assert days == dict.fromkeys(range(6), len(world.scenario.calendar.weekdays))
    assert math.fsum(row["reach"] for row in posts) == pytest.approx(6 * VIEWS * 0.25 / users, rel=1e-12)
    weeks = record.weeks.as_columns("followers", "reach", "interactions")
    assert max(weeks["followers"]) == max(weeks["reach"]) == 0.0


def test_to_be_shown_a_post_is_to_remember_it_as_any_post():
    """Exact: salience of those who did nothing else is the gain times what is left of all exposures."""
    world = publishing_each_morning(sponsored(300, 6, recruiting={"accepts": 0.0}))
    record = world.run()
    now, gain = world.env.now, gains_of(world.scenario).exposed
    fading, decay = (math.log(2.0) / hours for hours in (
        world.scenario.market.salience.half_life_weeks * HOURS_PER_WEEK, world.scenario.channels["network"].half_life_hours
    ))  # fmt: skip
    left = math.fsum(
        row["reach"] * (math.exp(-fading * (now - row["time"])) - math.exp(-decay * (now - row["time"])))
        for row in rows(record.posts)
    )
    left *= decay / (decay - fading)
    otherwise = {row["contact"] for table in (record.interactions, record.passed_on) for row in rows(table)}
    compared = [row["contact"] for row in rows(record.followers) if row["contact"] not in otherwise]
    assert len(compared) > 50
    for index in compared:
        assert world.market.contact(index).salience_at(now) == pytest.approx(gain * left, rel=1e-9)


def test_views_engage_at_a_multiple_of_those_of_a_page():
    """Null: Poisson, of mean engagement x engagement_rate x users x views x format's engagement. alpha 0.001.

    Views are exposures / attention.
    """
    world = publishing_each_morning(
        sponsored(
            4000, 26,
            channels={"network": {"engagement_rate": 0.1, "seen_per_share": 0.0}},
            selection={"trust": 0.0, "in_market": 1.0, "customer": 1.0, "activity_sigma": 0.0},
            sponsoring={"engagement": 0.5, "per_week": 400.0},
        )
    )  # fmt: skip
    record = world.run()
    channel = world.sponsoring.channel
    number = sum(row["channel"] == SPONSORED for row in rows(record.interactions))
    decay = math.log(2.0) / channel.spec.half_life_hours
    exposure = seen_between(passed_on(record, SPONSORED), decay, 0.0, world.env.now)
    mean = 0.5 * 0.1 * channel.followers * (exposure / 0.25) * world.scenario.content.formats["adapted"].engagement
    assert mean > 500.0
    for factor, holds in ((1.0, True), (1.3, False), (2.0, False)):
        assert (2.0 * stats.norm.sf(abs(number - mean * factor) / math.sqrt(mean * factor)) > ALPHA) == holds


def test_money_is_spent_on_fresh_pieces_alone_and_counted_once():
    nothing = sponsored(50, 4)
    assert not nothing.run().expenses.rows, "nothing was published"
    hours = changed(scenario(team={"hours_per_week": 20.0}, time={"horizon_weeks": 30}), **TWO_STEPS, sponsoring=SPEC)
    record, twin = simulate(hours, 1, 0), simulate(twin_of(hours), 1, 0)
    spent = math.fsum(row["amount"] for row in rows(record.expenses) if row["what"] == SPONSORED)
    assert spent == pytest.approx(20.0 * len(passed_on(record, SPONSORED)))
    assert 0.8 * 28 * 100.0 < spent <= 30 * 100.0
    free = apply(hours, {"sponsoring.per_week": 0.0})
    outcomes = {}
    for name, one in (("paid", hours), ("free", free)):
        tables = evaluate(one, simulate(one, 1, 0), twin)
        outcomes[name] = {column: values[0] for column, values in tables["outcomes"].items()}
        assert sum(tables["quarters"]["spent"]) == pytest.approx(outcomes[name]["cost"])
        assert outcomes[name]["cost"] - outcomes[name]["expenses"] == pytest.approx(outcomes[name]["hours"] * 45.0)
    assert outcomes["paid"]["expenses"] - outcomes["free"]["expenses"] == pytest.approx(spent, rel=0.02)
    assert math.fsum(record.ledger["spent/all"]) == pytest.approx(outcomes["paid"]["cost"])


def test_what_was_published_over_a_week_ago_is_shown_no_more():
    """Exact: every morning from publication to a week after it; and no money is spent on other days."""
    world = sponsored(50, 4, calendar={"weekdays": list(range(7))})
    world.env.timeout(60.0).callbacks.append(lambda _: setattr(world.publishing, "latest", fresh(world, world.env.now)))
    record = world.run()
    mornings = [day * HOURS_PER_DAY + MORNING for day in range(28) if 60.0 <= day * HOURS_PER_DAY + MORNING <= 60.0 + 168.0]
    assert [row["time"] for row in passed_on(record, SPONSORED)] == mornings
    assert len(record.expenses) == len(mornings) == 7


def test_without_money_nobody_is_shown_anything_and_the_twin_knows_of_no_money():
    hours = scenario(team={"hours_per_week": 10.0})
    paid = apply(hours, {"sponsoring.per_week": 50.0})
    assert hours.place_of_sponsoring() is None
    assert World(hours, 1, 0).sponsoring.channel is None
    assert twin_of(paid).content_hash() == twin_of(hours).content_hash()


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_money_without_effect_leaves_needs_and_renewals_bit_identical(kind):
    hours = scenario(
        team={"hours_per_week": 40.0}, presence={"twin": kind}, time={"horizon_weeks": 40}, sponsoring=SPEC, **PLACEBO
    )
    if kind == "abandoned":
        hours = changed(hours, channels={"network": {"followers_at_start": 0.2}})
    record, twin = simulate(hours, 11, 0), simulate(twin_of(hours), 11, 0)
    assert len(passed_on(record, SPONSORED)) > 100
    assert exact(record.needs, *DEALS) == exact(twin.needs, *DEALS)
    assert exact(record.renewals) == exact(twin.renewals)


def test_sponsoring_needs_a_network():
    blog = {"channels": {"blog": {}, "podcast": {}}, "sponsoring": {"per_week": 50.0}}
    with pytest.raises(ValidationError, match=r"sponsoring.per_week is 50, but none of channels is a professional network"):
        Scenario.model_validate({"name": "x", **blog})
    with pytest.raises(ScenarioError, match=r"sponsoring.channel names 'tv'; channels has network, micro_blog, blog"):
        apply(scenario(), {"sponsoring.channel": "tv"})
    named = Scenario.model_validate({"name": "x", **blog, "sponsoring": {"per_week": 50.0, "channel": "podcast"}})
    assert named.place_of_sponsoring() == "podcast"


@pytest.mark.parametrize("quality", [0.5, 1e-200, 0.0])
def test_what_is_bought_is_shown_whatever_is_left_of_a_piece(quality):
    """Exact: news that is stale within a second has no quality any more by nine; it divided by zero."""
    world = sponsored(300, 1)
    world.run()
    world.sponsoring.show(fresh(world, 0.0), quality)
    (post,) = passed_on(world.record, SPONSORED)
    assert post["quality"] == pytest.approx(quality, abs=1e-100)
    assert post["reach"] == pytest.approx(
        VIEWS / len(world.scenario.calendar.weekdays) * 0.25 / world.sponsoring.channel.followers, rel=1e-12
    )
