"""Recruiting: whom platforms allow to be asked, in one step or two, and who comes by themselves (model.md, 2.7)."""

import math
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from sim.model import World, rules
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.profiles import TEAM
from sim.model.recruiting import HOURS_PER_MONTH
from tests.quiet import always_on, column, only
from tests.worlds import Only, rows

ALPHA = 0.001
BUYER = {"roles": Only(buyer={"weight": 1.0})}
FORMATS = ("raw", "adapted", "original")
FLAT = {"trust_slope": 0.0, "salience_slope": 0.0}
PRACTISED = SimpleNamespace(name="one", block_seconds=1800, speed=lambda _: 1.0)
STAYS = {"leaves_per_year": 0.0, "invitations_per_year": 0.0}


def recruiting(accounts=1000, weeks=8, names=("network",), invitations="to_connect", **changes):
    """One contact per account, who uses every channel; someone who never leaves does nothing but recruit."""
    used = {name: {"users": 1.0, "invitations": invitations, "reach_exponent": 1.0} for name in names}
    return always_on(
        {
            "market": {"accounts": accounts} | BUYER,
            "channels": Only(used),
            "content": {"formats": {kind: {"channels": list(names)} for kind in FORMATS}},
            "team": {"split": only(recruiting=1.0)},
            "recruiting": {"minutes": 1.0} | FLAT,
            "animation": STAYS,
            "time": {"horizon_weeks": weeks, "run_off_weeks": 0},
        },
        **changes,
    )


def watched(hours, seed=1, replication=0):
    """A world, the requests that are made in it, and the invitations to pages: moment, people."""
    world = World(hours, seed, replication)
    audience, asked, invited = world.audience, [], []
    request, invite_to_page = audience.request, audience.invite_to_page

    def watching_request(people):
        asked.extend((world.env.now, *person) for person in people)
        return request(people)

    def watching_invitations(people):
        invited.append((world.env.now, tuple(people)))
        return invite_to_page(people)

    audience.request, audience.invite_to_page = watching_request, watching_invitations
    return world, asked, invited


def by_week(asked):
    """Requests per week; one that ends with the week belongs to it."""
    return Counter(math.ceil(time / HOURS_PER_WEEK) - 1 for time, *_ in asked)


def ways(record, channel):
    """How many came to follow a channel in which way."""
    return Counter(row["how"] for row in rows(record.followers) if row["channel"] == channel and row["change"] > 0)


@pytest.mark.parametrize("members", [1, 3])
def test_requests_come_to_the_limit_of_each_week_and_never_above_it(members):
    """Exact: with hours in plenty, members x requests_per_week in every week from Monday to Sunday, while people are left."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    one = {
        "share": 1.0 / members,
        "max_hours_per_week": 168.0,
        "longest_session_hours": 24.0,
        "sessions": [f"{day} 00:00" for day in days],
    }
    hours = recruiting(
        team={"members": Only({f"m{number}": one for number in range(members)})},
        recruiting={"requests_per_week": 37.5, "accepts": 0.1},
    )
    world, asked, _ = watched(hours)
    world.run()
    limit = int(37.5 * members)
    assert by_week(asked) == dict.fromkeys(range(8), limit)
    assert world.audience.approached == 8 * limit


def test_requests_that_are_under_way_when_a_week_ends_are_made_in_the_next():
    """Exact: seven are taken on Sunday and made on Monday; so seven fewer can be taken in the new week."""
    world, asked, _ = watched(recruiting(recruiting={"requests_per_week": 20.0, "minutes": 4.0}))
    world.audience.gather()
    desk = world.audience.recruiting
    begun = desk.take(PRACTISED)
    assert begun.seconds == 7 * 240
    desk.week_ends()
    while (work := desk.take(PRACTISED)) is not None:
        work.done(0.0, 0.0)
    assert len(asked) == 13
    begun.done(0.0, 0.0)
    assert len(asked) == 20
    desk.week_ends()
    assert desk.has_work()


def test_those_who_connect_are_a_binomial_number():
    """Null: Binomial(asked, accepts), with flat slopes. alpha 0.001. Rejected: 0.04 more or less."""
    hours = recruiting(4000, 2, recruiting={"requests_per_week": 1e4, "accepts": 0.3, "page_invitations_per_month": 0.0})
    world, asked, invited = watched(hours)
    record = world.run()
    connected = ways(record, TEAM)["connected"]
    assert len(asked) == 4000
    assert not invited
    assert stats.binomtest(connected, 4000, 0.3).pvalue > ALPHA
    for wrong in (0.26, 0.34):
        assert stats.binomtest(connected, 4000, wrong).pvalue < ALPHA
    assert not ways(record, "network")


PER_MONTH, P_PAGE = 30.0, 0.6


@pytest.fixture(scope="module")
def two_steps():
    """Everyone connects soon, and the page is the bottleneck for three years."""
    hours = recruiting(
        4500,
        156,
        recruiting={
            "requests_per_week": 1e6, "accepts": 1.0, "page_invitations_per_month": PER_MONTH, "page_accepts": P_PAGE,
            "minutes": 0.05,
        },
    )  # fmt: skip
    world, asked, invited = watched(hours)
    return world, world.run(), asked, invited


def test_a_page_invites_as_many_as_its_allowance_and_what_is_given_back(two_steps):
    """Exact: those who declined are the allowance of a month and of all months since, to one and a half.

    Null: so many were invited as it takes to be declined so often, negative binomial; A / (1 - p) per month in the long run.
    alpha 0.001. Rejected: nothing given back, p a tenth off.
    """
    _, record, _, invited = two_steps
    number, accepted = sum(len(people) for _, people in invited), ways(record, "network")["invited"]
    months = 156 * HOURS_PER_WEEK / HOURS_PER_MONTH
    allowed = PER_MONTH * (1.0 + months)
    assert allowed - 1.5 <= number - accepted <= allowed
    declined = number - accepted

    def p_value(p):
        return 2.0 * stats.norm.sf(abs(number - declined / (1.0 - p)) / (math.sqrt(declined * p) / (1.0 - p)))

    assert p_value(P_PAGE) > ALPHA
    for wrong in (0.0, P_PAGE - 0.06, P_PAGE + 0.06):
        assert p_value(max(wrong, 1e-9)) < ALPHA
    since = [len(people) for time, people in invited if time > 26 * HOURS_PER_WEEK]
    assert sum(since) / (130 * HOURS_PER_WEEK / HOURS_PER_MONTH) == pytest.approx(PER_MONTH / (1.0 - P_PAGE), rel=0.08)


def test_followers_of_the_page_are_a_binomial_number_of_those_invited(two_steps):
    """Null: Binomial(invited, page_accepts). alpha 0.001. Rejected: 0.06 more or less, and the share of those who connect."""
    _, record, _, invited = two_steps
    number, accepted = sum(len(people) for _, people in invited), ways(record, "network")["invited"]
    assert number > 2000
    assert stats.binomtest(accepted, number, P_PAGE).pvalue > ALPHA
    for wrong in (P_PAGE - 0.06, P_PAGE + 0.06):
        assert stats.binomtest(accepted, number, wrong).pvalue < ALPHA


def test_nobody_is_invited_to_the_page_before_connecting_nor_twice_and_never_more_than_a_month_allows(two_steps):
    world, record, asked, invited = two_steps
    connected = {row["contact"]: row["time"] for row in rows(record.followers) if row["how"] == "connected"}
    order = list(connected)
    who = [index for _, people in invited for index, _ in people]
    assert len(set(who)) == len(who)
    assert who == order[: len(who)], "in the order in which they connected"
    assert all(connected[index] < time for time, people in invited for index, _ in people)
    assert 1 < max(len(people) for _, people in invited) <= PER_MONTH
    assert len({index for _, index, _ in asked}) == len(asked) == world.audience.approached


@pytest.mark.parametrize("per_month", [0.4, 12.0])
def test_the_allowance_fills_evenly_up_to_that_of_a_month(per_month):
    """Exact: after ten months without an invitation there are as many as one month allows, at least one; then they fill."""
    world = World(
        recruiting(recruiting={"requests_per_week": 1e6, "accepts": 1.0, "page_invitations_per_month": per_month}), 1, 0
    )
    world.audience.gather()
    env, desk = world.env, world.audience.recruiting
    platform = desk.platforms["network"]
    assert platform.invitations() == 0, "nobody is connected"
    desk.take(PRACTISED).done(0.0, 0.0)
    env.run(until=10 * HOURS_PER_MONTH)
    at_once = max(1, int(per_month))
    assert platform.invitations() == at_once
    platform.take(at_once)
    assert platform.invitations() == 0
    env.run(until=env.now + 0.999 / per_month * HOURS_PER_MONTH)
    assert platform.invitations() == 0
    env.run(until=env.now + 0.002 / per_month * HOURS_PER_MONTH)
    assert platform.invitations() == 1
    platform.give_back(1)
    assert platform.invitations() == min(2, at_once), "and one given back counts, within the allowance of a month"


@pytest.mark.parametrize(
    ("limits", "connected", "page"),
    [
        ({"requests_per_week": 0.0}, 0, 0),
        ({"page_invitations_per_month": 0.0}, 200, 0),
        ({"accepts": 0.0}, 0, 0),
        ({"page_accepts": 0.0}, 200, 0),
        ({}, 200, 200),
    ],
)
def test_each_step_can_be_closed(limits, connected, page):
    sure = {"requests_per_week": 1e6, "page_invitations_per_month": 1e6, "accepts": 1.0, "page_accepts": 1.0}
    world = World(recruiting(200, 2, recruiting=sure | limits), 1, 0)
    record = world.run()
    assert ways(record, TEAM) == ({"connected": connected} if connected else {})
    assert ways(record, "network") == ({"invited": page} if page else {})
    assert not world.audience.recruiting.has_work()


def test_where_nobody_uses_a_channel_there_is_nobody_to_ask():
    hours = recruiting(50, 2, channels={"network": {"users": 0.0, "found_per_year": 10.0}}, profiles={"colleagues": 5})
    world = World(hours, 1, 0)
    assert not world.run().followers.rows
    assert not world.audience.recruiting.has_work()


def test_each_platform_has_its_own_limits_and_nobody_is_connected_twice():
    """Exact: 25 requests per week on either channel; all of both follow both pages in the end, connected once."""
    hours = recruiting(
        150,
        16,
        names=("network", "xing"),
        recruiting={"requests_per_week": 25.0, "accepts": 1.0, "page_accepts": 1.0, "page_invitations_per_month": 40.0},
    )
    world, asked, invited = watched(hours)
    record = world.run()
    for name in ("network", "xing"):
        assert by_week([one for one in asked if one[2] == name]) == dict.fromkeys(range(6), 25)
        assert ways(record, name) == {"invited": 150}
        assert max(sum(name == channel for _, channel in people) for _, people in invited) <= 40
    assert ways(record, TEAM) == {"connected": 150}
    assert {len(world.market.contact(index).follows) for index in range(150)} == {3}


def test_profiles_are_where_people_connect():
    channels = Only(facebook={"invitations": "none"}, linkedin={"invitations": "to_connect"})
    everywhere = {"formats": {kind: {"channels": ["linkedin"]} for kind in FORMATS}}
    assert always_on(channels=channels, content=everywhere).place_of_profiles() == "linkedin"
    none = Only(facebook={"invitations": "none"}, linkedin={"invitations": "to_follow"})
    assert always_on(channels=none, content=everywhere).place_of_profiles() is None
    assert always_on(channels=none, content=everywhere, profiles={"colleagues": 2}).place_of_profiles() == "facebook"
    named = {"colleagues": 2, "channel": "linkedin"}
    assert always_on(channels=none, content=everywhere, profiles=named).place_of_profiles() == "linkedin"


def test_whoever_is_approached_is_so_once_per_channel():
    """Exact: over requests, invitations, those who are brought and those who come by themselves, until pools are empty."""
    hours = recruiting(
        400,
        60,
        channels={
            "network": {"found_per_year": 0.5},
            "micro_blog": {"users": 1.0, "invitations": "to_follow", "found_per_year": 0.5},
            "blog": {"users": 1.0, "invitations": "none", "found_per_year": 3.0, "followers_at_start": 0.3},
        },
        recruiting={"requests_per_week": 20.0, "accepts": 0.7, "minutes": 120.0},
        animation={"invitations_per_year": 0.7, "half_life_weeks": 1e9},
        presence={"twin": "abandoned"},
    )
    world, asked, invited = watched(hours, 3)
    world.liveliness.add(0.0, 1.0)
    for channel in world.channels.values():
        channel.posts_per_week = lambda now: 5.0
    met, invite = [], world.audience.invite

    def watching(people, how):
        met.extend((how, *person) for person in people)
        invite(people, how)

    world.audience.invite = watching
    record = world.run()
    approached = Counter((index, name) for _, index, name in [*asked, *met])
    assert set(approached.values()) == {1}
    assert len(approached) == world.audience.approached
    pages = Counter(row["channel"] for row in rows(record.followers) if row["how"] == "start")
    assert Counter(name for _, name in approached) == {
        "network": 400, "micro_blog": 400, "blog": 400 - pages["blog"]
    }  # fmt: skip
    kinds = Counter((name, how) for how, _, name in met)
    assert kinds.keys() == {
        ("network", "brought"), ("network", "found"), ("micro_blog", "invited"), ("micro_blog", "brought"),
        ("micro_blog", "found"), ("blog", "brought"), ("blog", "found"),
    }  # fmt: skip
    assert {name for _, _, name in asked} == {"network"}
    assert max(Counter((row["contact"], row["channel"]) for row in rows(record.followers)).values()) == 1
    assert len(invited) > 5


def test_where_the_team_can_invite_nobody_it_has_nothing_to_do():
    """Nobody is asked or invited on such a channel, though hours are there and people follow it."""
    hours = recruiting(300, 20, invitations="none", channels={"network": {"followers_at_start": 0.2, "found_per_year": 1.0}})
    world, asked, invited = watched(hours)
    world.channels["network"].posts_per_week = lambda now: 3.0
    record = world.run()
    assert not asked
    assert not invited
    assert {row["activity"] for row in rows(record.hours)} == {"idle"}
    assert ways(record, "network").keys() == {"start", "found"}
    assert not world.profiles.channels, "and nobody is connected with anyone"


def test_people_come_across_a_channel_that_posts_one_after_the_other():
    """Null: Binomial(N, 1 - exp(-c t)), c = found_per_year x (1 - exp(-posts / posts_that_hold)), by week. alpha 0.001.

    After 1 and after 2 years. Rejected: the presence factor left out, c an eighth off, and a rate that stays as it is.
    """
    posts, hold, per_year, people = 2.0, 3.0, 0.8, 1500
    hours = recruiting(
        people,
        104,
        invitations="none",
        channels={"network": {"found_per_year": per_year}},
        recruiting={"page_accepts": 1.0, "accepts": 0.0},
        animation={"posts_that_hold": hold},
    )
    found = np.zeros(2, dtype=int)
    worlds = 4
    for replication in range(worlds):
        world = World(hours, 1, replication)
        world.channels["network"].posts_per_week = lambda now: posts
        times = np.array(column(world.run().followers, "time"))
        found += [(times <= year * HOURS_PER_YEAR).sum() for year in (1, 2)]
    c = per_year * -math.expm1(-posts / hold)

    def p_value(rate, year):
        return stats.binomtest(int(found[year - 1]), worlds * people, 1.0 - (1.0 - rate / 52.0) ** (52 * year)).pvalue

    for year in (1, 2):
        assert 1.0 - (1.0 - c / 52.0) ** (52 * year) == pytest.approx(-math.expm1(-c * year), rel=0.01)
        assert p_value(c, year) > ALPHA
        for wrong in (per_year, c * 9 / 8, c * 7 / 8):
            assert p_value(wrong, year) < ALPHA
    assert stats.binomtest(int(found[1]), worlds * people, c * 2.0).pvalue < ALPHA


def test_nobody_comes_across_a_company_that_never_posts():
    hours = recruiting(300, 52, invitations="none", channels={"network": {"found_per_year": 50.0}})
    world = World(hours, 1, 0)
    assert not world.run().followers.rows
    assert world.audience.approached == 0


@pytest.mark.parametrize(
    ("invitations", "how", "by_accepts"),
    [
        ("to_follow", "found", False),
        ("to_connect", "found", False),
        ("none", "found", False),
        ("to_follow", "brought", True),
        ("to_connect", "brought", False),
        ("none", "brought", False),
        ("to_follow", "invited", True),
    ],
)
def test_who_comes_across_or_is_brought_to_a_page_accepts_as_for_the_page(invitations, how, by_accepts):
    for accepts, page_accepts in ((1.0, 0.0), (0.0, 1.0)):
        chances = {"accepts": accepts, "page_accepts": page_accepts}
        world = World(recruiting(50, 2, invitations=invitations, recruiting=chances), 1, 0)
        world.audience.gather()
        world.audience.invite([(index, "network") for index in range(50)], how)
        assert world.channels["network"].followers == (50 if (accepts == 1.0) == by_accepts else 0)


def test_nothing_is_asked_before_the_team_begins_and_then_all_that_is_allowed():
    """The first day is that on which the team begins; no allowance is saved up for it beyond one month's."""
    limits = {"requests_per_week": 100.0, "accepts": 1.0, "page_accepts": 0.0, "page_invitations_per_month": 30.0}
    world, asked, invited = watched(recruiting(1000, 30, recruiting=limits, hours_policy={"starts_week": 26}))
    world.run()
    assert by_week(asked) == dict.fromkeys(range(26, 30), 100)
    number = sum(len(people) for _, people in invited)
    assert number == int(30.0 * (1.0 + 4 * HOURS_PER_WEEK / HOURS_PER_MONTH))


@pytest.mark.parametrize("ratio", [0.9, 1.0])
def test_whoever_declines_shortlists_the_company_less_by_the_odds_that_are_stated(ratio):
    hours = recruiting(
        20, market={"trust": {"baseline_sigma": 0.0}}, recruiting={"accepts": 0.0}, effects={"declined_request": ratio}
    )
    world = World(hours, 1, 0)
    world.audience.gather()
    account, slope = world.market.account(3), hours.market.shortlist.trust_slope
    before = account.trust(0.0)
    assert before == pytest.approx(0.5)
    assert world.audience.request([(3, "network")]) == []
    odds = [math.exp(rules.logit(rules.p_goes_on(-1.0, 0.0, 0.0, slope, trust, 0.0))) for trust in (before, account.trust(0.0))]
    assert odds[1] / odds[0] == pytest.approx(ratio, rel=1e-9)
    assert (account.trust(0.0) == before) == (ratio == 1.0)
    assert world.market.account(4).trust(0.0) == before
