"""From answers to a scenario that loads, says what was answered, and keeps a range for what was not."""

from collections import Counter

import pytest

from sim.intake.reading import read_answers
from sim.intake.scenario_file import scenario_file
from sim.model import simulate
from sim.scenario import ScenarioError, load_tagged
from sim.scenario.schema.channels import PROFILE_CHANNELS
from sim.scenario.schema.company import deals_of_shares

HER_FIRM = {
    "name": "Her Firm", "year": 2026, "currency": "EUR", "target_accounts": 800, "deals_per_year": 45, "deal_value": "18,000",
    "margin": "70 %", "customers": 150, "renewal_rate": 86, "cycle_months": 5,
    "people": [{"name": "Anna", "hours": 8, "cost_per_hour": 60}, {"name": "Ben", "hours": 4, "cost_per_hour": 50}],
    "channels": "linkedin, blog", "now": {"hours": 2, "followers": 400, "months": 18},
}  # fmt: skip


@pytest.fixture
def loaded(tmp_path):
    """Loads the scenario of some answers."""

    def of(**answers):
        file = tmp_path / "firm.yaml"
        file.write_text(scenario_file(read_answers(answers)), encoding="utf-8")
        return load_tagged(file)

    return of


def test_the_scenario_says_what_was_answered(loaded):
    found = loaded(**HER_FIRM).scenario
    market, team = found.market, found.team
    assert (found.name, found.currency, found.time.start.isoformat(), found.channels_year) == (
        "Her Firm", "EUR", "2026-01-05", 2026,
    )  # fmt: skip
    assert (market.accounts, market.customers, found.company.deals_per_year) == (800, 150, 45.0)
    assert market.segments["all"].deal_value.mean == pytest.approx(18_000.0)
    assert (found.sales.margin, found.customers.renewal_share) == (0.7, 0.86)
    assert found.sales.cycle_weeks.mean == pytest.approx(5 * 365.25 / 7 / 12, rel=1e-4)
    assert team.hours_per_week == 12.0
    assert {name: (member.share, member.cost_per_hour) for name, member in team.members.items()} == {
        "Anna": (pytest.approx(2 / 3, abs=1e-6), 60.0), "Ben": (pytest.approx(1 / 3, abs=1e-6), 50.0),
    }  # fmt: skip
    assert team.hire.cost_per_hour == 55.0, "who is hired costs what the others do"
    assert list(found.channels) == ["linkedin", "blog"]
    assert found.company.hours_now == 2.0
    assert deals_of_shares(market, found.sales) == pytest.approx(45.0)


@pytest.mark.parametrize("hours", [[6, 4.5, 3, 2, 2], [1] * 7, [3, 7, 11] * 16])
def test_the_shares_of_many_people_make_a_whole(loaded, hours):
    people = [{"name": f"P{number}", "hours": one} for number, one in enumerate(hours)]
    members = loaded(**HER_FIRM | {"people": people}).scenario.team.members
    assert [member.share * sum(hours) for member in members.values()] == pytest.approx(hours, rel=1e-5)


def test_followers_are_those_that_were_counted(loaded):
    for followers in (400, 60_000):
        found = loaded(**HER_FIRM | {"now": {"followers": followers}}).scenario
        contacts = found.market.accounts * len(found.market.roles)
        counted = sum(
            contacts * one.users * one.followers_at_start * (1.0 + one.outside_per_follower) for one in found.channels.values()
        )
        assert counted == pytest.approx(followers, rel=1e-3)


@pytest.mark.parametrize(
    ("channels", "raw", "adapted", "original"),
    [
        ("youtube, blog", "blog", "blog", "youtube blog"),
        ("linkedin, youtube", "linkedin", "linkedin", "linkedin youtube"),
        ("linkedin, forum, x", "linkedin x", "linkedin forum x", "linkedin forum x"),
        ("forum, youtube", "forum", "forum", "forum youtube"),
        ("youtube", "youtube", "youtube", "youtube"),
        ("linkedin, blog", "linkedin", "linkedin", "linkedin blog"),
        ("blog", "blog", "blog", "blog"),
    ],
)
def test_every_channel_gets_posts_of_the_kinds_that_are_for_it(loaded, channels, raw, adapted, original):
    formats = loaded(**HER_FIRM | {"channels": channels}).scenario.content.formats
    assert {kind: " ".join(form.channels) for kind, form in formats.items()} == {
        "raw": raw, "adapted": adapted, "original": original,
    }  # fmt: skip
    usual = loaded(**HER_FIRM).scenario.content.formats
    for kind, form in formats.items():
        assert form.model_copy(update={"channels": usual[kind].channels}) == usual[kind], "nothing else changes"


@pytest.mark.parametrize("other", ["blog", "linkedin"])
def test_a_company_on_youtube_and_another_channel_publishes_on_both(loaded, other):
    answers = HER_FIRM | {"channels": ["youtube", other], "target_accounts": 120, "customers": 20, "deals_per_year": 5}
    posts = simulate(loaded(**answers).scenario, 1, 0).posts
    published = Counter(channel for _, channel, *_ in posts.rows if channel not in PROFILE_CHANNELS)
    assert set(published) == {"youtube", other}
    assert published["youtube"] > 10
    assert published[other] > published["youtube"], "most is passed on, and no video"


def test_hours_that_are_too_young_have_won_no_deal_yet(loaded):
    assert loaded(**HER_FIRM | {"now": {"hours": 2, "months": 6}}).scenario.company.hours_now == 0.0
    assert loaded(**HER_FIRM | {"now": {"hours": 2, "months": 9}}).scenario.company.hours_now == 2.0


def test_what_is_not_known_keeps_a_range(loaded):
    found = loaded(name="x")
    assert {".".join(map(str, path)) for path in found.ranges} == {
        "market.accounts", "market.customers", "market.segments.all.deal_value.median", "sales.margin",
        "sales.cycle_weeks.median", "customers.renewal_share", "team.members.social media manager.cost_per_hour",
    }  # fmt: skip
    assert found.scenario.company.deals_per_year == 0.0


def test_accounts_that_are_not_known_are_those_that_the_deals_need(loaded):
    found = loaded(name="x", deals_per_year=45)
    assert found.scenario.market.segments["all"].needs_per_year == pytest.approx(0.2, rel=0.01)
    assert found.ranges["market", "accounts"][0] == pytest.approx(found.scenario.market.accounts / 2, abs=1)


def test_people_who_give_much_have_longer_sessions(loaded):
    team = loaded(name="x", people=[{"name": "Anna", "hours": 35, "cost_per_hour": 50}]).scenario.team
    assert (team.hours_per_week, team.members["Anna"].max_hours_per_week) == (35.0, 40.0)


@pytest.mark.parametrize("name", ["a  # b: c", "{x}", "'", '"', "null", "12", "- x", "名前", "x: y", "#"])
def test_any_name_stays_what_it_is(loaded, name):
    assert loaded(name=name, people=[{"name": name, "hours": 5}]).scenario.name == name


def test_more_deals_than_accounts_make_are_refused_in_the_words_of_the_answers():
    with pytest.raises(ScenarioError, match=r"target_accounts: 400 deals per year are more than 800 target accounts make"):
        scenario_file(read_answers({"name": "x", "target_accounts": 800, "deals_per_year": 400}))
