"""People's own profiles: who is known, what is passed on, what it reaches and what it costs (model.md, 2.4)."""

import math
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from sim.measures import evaluate
from sim.model import World, simulate
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK, Calendar
from sim.model.effects import gains_of
from sim.model.profiles import COLLEAGUES, NOON, TEAM
from sim.model.twin import twin_of
from tests.quiet import ALL_DAYS, always_on, only
from tests.verification.test_reach import world_and_direct_reach
from tests.worlds import PLACEBO, TWO_STEPS, Only, changed, exact, rows, scenario

ALPHA = 0.001
BUYER = {"roles": Only(buyer={"weight": 1.0})}
FORMATS = ("raw", "adapted", "original")
QUALITY = 0.5


def with_profiles(accounts=200, weeks=8, *layers, **changes):
    """One contact per account, who uses the network; the team does nothing about posts, which tests publish."""
    return always_on(
        {
            "market": {"accounts": accounts} | BUYER,
            "channels": Only(network={"users": 1.0, "invitations": "to_connect"}),
            "content": {"formats": {kind: {"channels": ["network"], "reach": 1.3} for kind in FORMATS}},
            "team": {"split": only(recruiting=1.0)},
            "recruiting": {"minutes": 0.1, "accepts": 1.0, "page_accepts": 0.0, "trust_slope": 0.0, "salience_slope": 0.0},
            "animation": {"leaves_per_year": 0.0, "invitations_per_year": 0.0},
            "profiles": {"colleagues": 20, "known_contacts": 8.0},
            "time": {"horizon_weeks": weeks, "run_off_weeks": 0},
        },
        *layers,
        **changes,
    )


def four_days():
    """A section `team` of someone who works from Monday to Thursday alone."""
    sessions = [f"{day} 00:00" for day in ("Mon", "Tue", "Wed", "Thu")]
    return {"hours_per_week": 96.0, "members": {"one": {"sessions": sessions, "max_hours_per_week": 96.0}}}


def fresh(world, since):
    """A piece of a known quality that was published at some moment."""
    form = world.scenario.content.formats["adapted"]
    return SimpleNamespace(number=0, kind="adapted", form=form, quality=QUALITY, fading=0.0, made_at=since, since=since)


def publishing_each_morning(world):
    """Let the latest piece be always fresh."""

    def publisher():
        while True:
            world.publishing.latest = fresh(world, world.env.now)
            yield world.env.timeout(HOURS_PER_DAY)

    world.env.process(publisher())
    return world


def passed_on(record, name):
    return [row for row in rows(record.posts) if row["channel"] == name]


@pytest.mark.parametrize(("colleagues", "known"), [(1, 300.0), (20, 40.0), (60, 30.0)])
def test_users_known_by_colleagues_are_a_binomial_number(colleagues, known):
    """Null: Binomial(users, 1 - (1 - k)^n), k = known_contacts / users. alpha 0.001. Rejected: n k, and k of all contacts."""
    world = World(with_profiles(6000, channels={"network": {"users": 0.5}}, profiles={
        "colleagues": colleagues, "known_contacts": known,
    }), 1, 0)  # fmt: skip
    world.audience.gather()
    users = world.audience.pools["network"].left()
    assert stats.binomtest(users, 6000, 0.5).pvalue > ALPHA
    found = world.profiles.channels[COLLEAGUES].followers
    k = known / users
    assert stats.binomtest(found, users, 1.0 - (1.0 - k) ** colleagues).pvalue > ALPHA
    assert stats.binomtest(found, users, 1.0 - (1.0 - known / 6000) ** colleagues).pvalue < ALPHA
    if colleagues > 1:
        assert stats.binomtest(found, users, min(1.0, colleagues * k)).pvalue < ALPHA
    assert {row["how"] for row in rows(world.record.followers)} == {"start"}


@pytest.mark.parametrize(
    ("colleagues", "known", "expected"), [(0, 15.0, 0), (5, 0.0, 0), (1, 200.0, 200), (3, 1e4, 200), (100_000, 15.0, 200)]
)
def test_nobody_or_everybody_is_known_at_the_ends(colleagues, known, expected):
    world = World(with_profiles(profiles={"colleagues": colleagues, "known_contacts": known}), 1, 0)
    publishing_each_morning(world).run()
    assert world.profiles.channels[COLLEAGUES].followers == expected
    assert all(0.0 < row["reach"] <= 1.0 for row in passed_on(world.record, COLLEAGUES))


def test_more_colleagues_know_those_whom_fewer_know():
    """The draw of who is known is the same for any number of colleagues."""
    known = {}
    for colleagues in (5, 20):
        world = World(with_profiles(2000, profiles={"colleagues": colleagues}), 1, 0)
        world.audience.gather()
        known[colleagues] = {row["contact"] for row in rows(world.record.followers)}
    assert 10 < len(known[5]) < len(known[20])
    assert known[5] < known[20]


@pytest.mark.parametrize("days", [ALL_DAYS, {"calendar": {"weekdays": [0, 1, 2, 3, 4]}}], ids=["all", "five"])
def test_what_a_connected_person_sees_per_week_is_what_the_model_says(days):
    """Exact: reach x quality x format x posts per week; of colleagues, x those who take part x k / (1 - (1 - k)^n).

    Each week's exposures are the sum of the week's posts, those of five or seven days alike, at noon.
    """
    per_week, reach, part, n, k = 1.7, 0.3, 0.25, 20, 8.0 / 200.0
    spec = {"posts_per_week": per_week, "reach": reach, "take_part_unasked": part}
    hours = with_profiles(200, 6, days, profiles=spec, team=four_days())
    world = publishing_each_morning(World(hours, 1, 0))
    record = world.run()
    for name, expected in (
        (TEAM, reach * QUALITY * 1.3 * per_week),
        (COLLEAGUES, reach * QUALITY * 1.3 * per_week * n * part * k / (1.0 - (1.0 - k) ** n)),
    ):
        posts = passed_on(record, name)
        assert {row["time"] % HOURS_PER_DAY for row in posts} == {NOON}
        week = Counter(int(row["time"] // HOURS_PER_WEEK) for row in posts)
        assert week == dict.fromkeys(range(6), len(hours.calendar.weekdays))
        seen = np.bincount([int(row["time"] // HOURS_PER_WEEK) for row in posts], [row["reach"] for row in posts])
        assert seen == pytest.approx(expected, rel=1e-12)
        channel = world.profiles.channels[name]
        exposures = channel.clock.exposure_at(1e6)
        assert exposures == pytest.approx(6 * expected, rel=1e-9)
        assert channel.outside_followers == 0.0


def test_to_see_what_people_pass_on_is_to_remember_it_as_any_post():
    """Exact: salience of those who follow no page is the gain times what they saw of each group's posts since they joined.

    Of earlier posts they see the rest.
    """
    world = publishing_each_morning(World(with_profiles(300, 6), 2, 0))
    record = world.run()
    now, gain = world.env.now, gains_of(world.scenario).exposed
    joined = {}
    for row in rows(record.followers):
        joined.setdefault(row["contact"], {})[row["channel"]] = row["time"]
    assert {frozenset(names) for names in joined.values()} == {frozenset({TEAM}), frozenset({TEAM, COLLEAGUES})}
    fading, decay = (math.log(2.0) / hours for hours in (
        world.scenario.market.salience.half_life_weeks * HOURS_PER_WEEK, world.scenario.channels["network"].half_life_hours
    ))  # fmt: skip

    def kept(post, since):
        begins = max(post["time"], since)
        left, age = post["reach"] * math.exp(-decay * (begins - post["time"])), now - begins
        return left * decay * (math.exp(-fading * age) - math.exp(-decay * age)) / (decay - fading)

    otherwise = {row["contact"] for table in (record.interactions, record.passed_on) for row in rows(table)}
    compared = 0
    for index in joined.keys() - otherwise:
        seen = math.fsum(
            kept(post, joined[index][post["channel"]]) for post in rows(record.posts) if post["channel"] in joined[index]
        )
        assert world.market.contact(index).salience_at(now) == pytest.approx(gain * seen, rel=1e-9)
        compared += 1
    assert compared > 100


def test_engagements_with_profiles_are_a_multiple_of_those_with_a_page():
    """Null: Poisson, of mean engagement x engagement_rate x followers x exposure x format's engagement. alpha 0.001."""
    hours = with_profiles(
        1500,
        26,
        channels={"network": {"engagement_rate": 0.05, "seen_per_share": 0.0}},
        selection={"trust": 0.0, "in_market": 1.0, "customer": 1.0, "activity_sigma": 0.0},
        profiles={"engagement": 3.0, "posts_per_week": 3.0, "known_contacts": 300.0, "take_part_unasked": 0.5},
    )
    world = publishing_each_morning(World(hours, 1, 0))
    record = world.run()
    for name, channel in world.profiles.channels.items():
        since = max(row["time"] for row in rows(record.followers) if row["channel"] == name)
        begins = HOURS_PER_WEEK * math.ceil(since / HOURS_PER_WEEK + 1e-9)
        number = sum(row["channel"] == name and row["time"] > begins for row in rows(record.interactions))
        engagement = hours.content.formats["adapted"].engagement
        posts = passed_on(record, name)
        exposure = seen_between(posts, math.log(2.0) / channel.spec.half_life_hours, begins, world.env.now)
        mean = 3.0 * 0.05 * channel.followers * exposure * engagement
        assert mean > 200.0

        def p_value(mean, number=number):
            return 2.0 * stats.norm.sf(abs(number - mean) / math.sqrt(mean))

        assert p_value(mean) > ALPHA
        assert p_value(mean * 2.0) < ALPHA
        assert p_value(mean / 3.0) < ALPHA


def seen_between(posts, decay, begins, ends):
    """Exposures of a follower between two moments."""

    def seen(post, until):
        return post["reach"] * -math.expm1(-decay * max(0.0, until - post["time"]))

    return math.fsum(seen(post, ends) - seen(post, begins) for post in posts)


def test_those_who_take_part_follow_the_hours_of_advocacy_and_are_forgotten_without():
    """The stock obeys L' = gain (1 - L) - L ln 2 / half-life while someone works at it, to half a percent; exact without."""
    gain, half_life, unasked, most = 0.004, 3.0, 0.1, 0.5
    hours = with_profiles(
        10,
        26,
        team={"split": only(advocacy=1.0)},
        profiles={
            "gain_per_hour": gain, "half_life_weeks": half_life, "enough": 1.0, "take_part_unasked": unasked,
            "take_part_most": most,
        },
    )  # fmt: skip
    world, levels = World(hours, 1, 0), []
    profiles, write = world.profiles, world.weekly_report.write

    def watching():
        levels.append(profiles.taking_part.level(world.env.now))
        now = world.env.now
        assert profiles.share_taking_part(now) == pytest.approx(unasked + (most - unasked) * levels[-1], rel=1e-12)
        write()

    world.weekly_report.write = watching
    record = world.run()
    falls = math.log(2.0) / (half_life * HOURS_PER_WEEK)
    times = HOURS_PER_WEEK * np.arange(1, 27)
    expected = gain / (gain + falls) * -np.expm1(-(gain + falls) * times)
    assert levels == pytest.approx(expected, rel=5e-3)
    assert {row["activity"] for row in rows(record.hours)} == {"advocacy"}
    now = world.env.now
    later = profiles.share_taking_part(now + half_life * HOURS_PER_WEEK)
    assert later == pytest.approx(unasked + (most - unasked) * profiles.taking_part.level(now) / 2.0, rel=1e-9)


def test_advocacy_ends_where_enough_take_part_and_begins_where_anyone_is_missing():
    enough = {"gain_per_hour": 1.0, "enough": 0.8}
    for spec, works in (
        (enough, True),
        (enough | {"colleagues": 0}, False),
        (enough | {"take_part_unasked": 0.4, "take_part_most": 0.4}, False),
        (enough | {"gain_per_hour": 0.0}, False),
    ):
        world = World(with_profiles(10, 2, team={"split": only(advocacy=1.0)}, profiles=spec), 1, 0)
        hours = Counter()
        for row in rows(world.run().hours):
            hours[row["activity"]] += row["seconds"] / 3600.0
        assert hours.keys() == ({"advocacy", "idle"} if works else {"idle"})
        assert hours.total() == pytest.approx(2 * 168.0)
        if works:
            assert 1.0 < hours["advocacy"] < 10.0
            assert world.profiles.taking_part.level(world.env.now) > 0.79


def test_hours_of_advocacy_are_in_the_books_like_any_other():
    """Exact: of 40 hours a tenth is asked for; blocks, hours by activity and the weeks' totals agree to the second."""
    hours = changed(scenario(team={"hours_per_week": 40.0}, time={"horizon_weeks": 30}), **TWO_STEPS)
    record = simulate(hours, 1, 0)
    booked, worked = Counter(), Counter()
    for row in rows(record.hours):
        booked[row["member"], row["activity"]] += row["seconds"]
    for row in rows(record.blocks):
        worked[row["member"], row["activity"]] += row["ended"] - row["began"]
    assert booked.keys() == worked.keys()
    for what, seconds in booked.items():
        assert worked[what] * 3600.0 == pytest.approx(seconds, abs=1.0)
    advocacy = sum(seconds for (_, activity), seconds in booked.items() if activity == "advocacy")
    assert 0.03 < advocacy / booked.total() < 0.3
    assert booked.total() <= 30 * 40 * 3600


@pytest.mark.parametrize("published", [0.0, 3 * 24.0 + 12.0, 3 * 24.0 + 12.5])
def test_what_was_published_over_a_week_ago_is_passed_on_no_more(published):
    """Exact: every noon from publication to a week after it, both ends included; and nobody is paid for other days."""
    world = World(with_profiles(50, 4, ALL_DAYS), 1, 0)
    world.publishing.latest = None
    world.env.timeout(published).callbacks.append(lambda _: setattr(world.publishing, "latest", fresh(world, world.env.now)))
    record = world.run()
    noons = [day * 24.0 + 12.0 for day in range(28) if published <= day * 24.0 + 12.0 <= published + 168.0]
    for name in (TEAM, COLLEAGUES):
        assert [row["time"] for row in passed_on(record, name)] == noons
    assert len(record.expenses) == len(noons)


def test_nothing_is_passed_on_where_nothing_is_published():
    world = World(with_profiles(50, 10), 1, 0)
    record = world.run()
    assert {row["channel"] for row in rows(record.followers)} == {TEAM, COLLEAGUES}
    assert not record.posts.rows
    assert not record.expenses.rows
    assert not record.interactions.rows


def test_a_piece_that_went_nowhere_is_not_passed_on():
    world = World(with_profiles(50, 10), 1, 0)
    draft = world.content.made
    assert not draft
    nowhere = world.scenario.content.formats["raw"].model_copy(update={"channels": ()})
    piece = SimpleNamespace(
        number=1, kind="raw", form=nowhere, quality=0.5, fading=0.0, made_at=0.0, worthless_at=math.inf, enter=lambda *_: None
    )
    world.publishing._publish(piece)
    assert world.publishing.latest is None
    piece.form = world.scenario.content.formats["raw"]
    world.publishing._publish(piece)
    assert world.publishing.latest is piece


def test_nothing_is_passed_on_at_weekends_on_holidays_and_in_closed_weeks():
    calendar = {"weekdays": [0, 1, 2, 3, 4], "holidays": ["01-10", "01-18"], "closed_weeks": [6]}
    hours = with_profiles(50, 12, calendar=calendar, team=four_days(), time={"start": "2012-01-02"})
    record = publishing_each_morning(World(hours, 1, 0)).run()
    days = {int(row["time"] // 24.0) for row in passed_on(record, COLLEAGUES)}
    own = Calendar(hours)
    assert days == {day for day in range(84) if own.is_working_day(day)}
    weekdays = {7 * week + day for week in range(12) for day in range(5)}
    assert weekdays - days == {8, 16, *range(35, 40)}
    assert days < weekdays


def test_colleagues_are_paid_for_the_minutes_of_their_posts():
    """Exact: colleagues x share x posts per day x minutes x cost on every working day, in the week of the day."""
    spec = {"colleagues": 30, "take_part_unasked": 0.2, "posts_per_week": 1.5, "minutes": 6.0, "cost_per_hour": 50.0}
    world = publishing_each_morning(World(with_profiles(50, 10, ALL_DAYS, profiles=spec), 1, 0))
    record = world.run()
    weekly = 30 * 0.2 * 1.5 * 6.0 / 60.0 * 50.0
    amounts = np.bincount([row["week"] for row in rows(record.expenses)], [row["amount"] for row in rows(record.expenses)])
    assert amounts == pytest.approx([weekly] * 10, rel=1e-12)
    assert {row["what"] for row in rows(record.expenses)} == {COLLEAGUES}
    spent = np.array(record.ledger["spent/all"][:10])
    assert spent == pytest.approx(168.0 * world.scenario.team.members["one"].cost_per_hour + weekly, rel=1e-12)


@pytest.mark.parametrize("warm_up", [0, 13])
def test_expenses_are_counted_once_in_cost_in_quarters_and_in_what_is_left(warm_up):
    """With every effect off, what is left is minus the cost: hours at their rate, and expenses; from the warm-up on."""
    hours = changed(
        scenario(team={"hours_per_week": 20.0}, time={"horizon_weeks": 52, "warm_up_weeks": warm_up}, **PLACEBO), **TWO_STEPS
    )
    record, twin = simulate(hours, 3, 0), simulate(twin_of(hours), 3, 0)
    outcome = {name: column[0] for name, column in evaluate(hours, record, twin)["outcomes"].items()}
    expenses = math.fsum(row["amount"] for row in rows(record.expenses) if row["week"] >= warm_up)
    worked = math.fsum(row["seconds"] / 3600.0 * row["cost_per_hour"] for row in rows(record.hours) if row["week"] >= warm_up)
    assert expenses > 500.0
    assert outcome["expenses"] == pytest.approx(expenses, rel=1e-12)
    assert outcome["cost"] == pytest.approx(worked + expenses, rel=1e-12)
    assert outcome["net_return"] == -outcome["cost"]
    assert math.fsum(record.ledger["spent/all"][warm_up:]) == pytest.approx(outcome["cost"], rel=1e-12)
    table = evaluate(hours, record, twin)["quarters"]
    assert math.fsum(table["spent"]) == pytest.approx(outcome["cost"], rel=1e-12)
    by_quarter = np.zeros(len(table["spent"]))
    for row in rows(record.expenses):
        by_quarter[row["week"] // 13] += row["amount"] * (row["week"] >= warm_up)
    for row in rows(record.hours):
        by_quarter[row["week"] // 13] += row["seconds"] / 3600.0 * row["cost_per_hour"] * (row["week"] >= warm_up)
    assert table["spent"] == pytest.approx(by_quarter.tolist(), rel=1e-9)


@pytest.fixture(scope="module")
def busy():
    """A year of 40 hours with all that is new, engagements and shares in plenty, and the exposures of pages by week."""
    hours = changed(
        scenario(team={"hours_per_week": 40.0}, time={"horizon_weeks": 52}, market={"accounts": 400, "customers": 30}),
        **TWO_STEPS,
    )
    chatty = {
        "engagement_rate": 0.2, "outside_per_follower": 0.0, "seen_per_share": 10.0,
        "engagement_mix": {"reaction": 0.4, "comment": 0.1, "share": 0.4, "click": 0.1},
    }  # fmt: skip
    hours = changed(hours, channels=dict.fromkeys(("network", "micro_blog", "blog"), chatty))
    world, direct = world_and_direct_reach(hours)
    return world, world.record, np.array(direct)


def test_page_statistics_hold_nothing_of_profiles(busy):
    """Exact, week by week: followers, interactions and reach are those of pages; clicks are those of both."""
    world, record, direct = busy
    weeks, pages = record.weeks.as_columns(), world.scenario.channels

    def weekly(table, held, weight=lambda _: 1):
        chosen = [row for row in rows(table) if held(row)]
        return np.bincount([int(row["time"] // HOURS_PER_WEEK) for row in chosen], [weight(row) for row in chosen], 52)[:52]

    def on_pages(row):
        return row["channel"] in pages

    for table in (record.followers, record.interactions, record.passed_on, record.posts):
        assert sum(map(on_pages, rows(table))) > 20
        assert sum(not on_pages(row) for row in rows(table)) > 20
    joined = np.cumsum([
        sum(row["change"] for row in rows(record.followers) if on_pages(row) and week < row["time"] / 168.0 <= week + 1)
        for week in range(52)
    ])  # fmt: skip
    at_start = sum(on_pages(row) and row["time"] == 0.0 for row in rows(record.followers))
    assert weeks["followers"] == (joined + at_start).tolist()
    assert weeks["interactions"] == weekly(record.interactions, on_pages).tolist()
    assert weeks["reach"] == pytest.approx((direct + weekly(record.passed_on, on_pages)).tolist(), rel=1e-9)
    assert weeks["visits_social_true"] == weekly(record.interactions, lambda row: row["kind"] == "click").tolist()
    assert set(weeks["outside_followers"]) == {0.0}


def test_measures_of_content_and_of_those_who_take_part_are_of_pages(busy):
    world, record, _ = busy
    tables = evaluate(world.scenario, record, simulate(twin_of(world.scenario), 1, 0))
    on_pages = [row for row in rows(record.interactions) if row["channel"] in world.scenario.channels]
    pieces = tables["pieces"]
    assert sum(pieces["engagements"]) == len([row for row in on_pages if row["time"] < 52 * HOURS_PER_WEEK])
    assert sum(pieces["clicks"]) == sum(row["kind"] == "click" for row in on_pages)
    posts = [row for row in rows(record.posts) if row["channel"] in world.scenario.channels]
    assert sum(pieces["posts"]) == len(posts)


def test_social_media_has_reached_who_is_known_by_colleagues_only_once_something_is_passed_on():
    """Known from the first day, touched from the first noon on which a fresh piece is there; and they need not write there."""
    world = World(with_profiles(100, 4, ALL_DAYS, team={"split": only(advocacy=1.0)}), 1, 0)
    touched = []

    def watch():
        world.env.process(publishing_from(world, 50.0))
        for time in (49.0, 59.9, 60.1):
            yield world.env.timeout(time - world.env.now)
            touched.append(sum(world.market.account(index).touched for index in range(100)))

    world.env.process(watch())
    world.run()
    known = world.profiles.channels[COLLEAGUES].followers
    assert 0 < known < 100
    assert touched == [0, 0, known]
    assert {world.market.account(index).followers for index in range(100)} == {0}


def publishing_from(world, time):
    yield world.env.timeout(time - world.env.now)
    world.publishing.latest = fresh(world, world.env.now)


def test_who_is_connected_with_the_team_can_write_there_and_who_is_known_cannot():
    world = World(with_profiles(100, 1, profiles={"colleagues": 50}), 1, 0)
    world.audience.gather()
    known = {row["account"] for row in rows(world.record.followers)}
    assert world.audience.request([(3, "network")]) == [(3, "network")]
    can = {index for index in range(100) if world.sales._can_write(world.market.account(index))}
    assert can == {3}
    assert len(known) > 50


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_zero_hours_with_colleagues_are_their_own_twin(kind):
    nothing = changed(scenario(team={"hours_per_week": 0.0}, presence={"twin": kind}), **TWO_STEPS)
    if kind == "abandoned":
        nothing = changed(nothing, channels={"network": {"followers_at_start": 0.2}})
    nothing = changed(nothing, team={"hours_per_week": 0.0}, time={"horizon_weeks": 78})
    record, twin = simulate(nothing, 3, 0), simulate(twin_of(nothing), 3, 0)
    assert len(record.needs) > 100
    assert exact(record.needs) == exact(twin.needs)
    assert exact(record.renewals) == exact(twin.renewals)
    assert exact(record.weeks) == exact(twin.weeks)
    assert not record.expenses.rows


def test_a_start_later_passes_nothing_on_before():
    hours = changed(scenario(team={"hours_per_week": 40.0}, time={"horizon_weeks": 30}), **TWO_STEPS)
    record = simulate(changed(hours, hours_policy={"starts_week": 20}), 1, 0)
    for table in (record.followers, record.posts):
        assert min(row["time"] for row in rows(table)) >= 20 * HOURS_PER_WEEK
    assert min(row["week"] for row in rows(record.expenses)) >= 20
    assert passed_on(record, TEAM)
    assert passed_on(record, COLLEAGUES)
