"""Overrides over a scenario that is there: what they reach, what they keep, what they refuse."""

import pytest

from sim.scenario import Scenario, ScenarioError, apply, load, load_tagged, parse_override

PLAIN = Scenario(name="x")


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: x\n")
    return path


def test_an_override_keeps_the_other_default_entries(plain):
    channels = load(plain, ["channels.network.reach=0.2"]).channels
    assert {name: channel.reach for name, channel in channels.items()} == {"network": 0.2, "micro_blog": 0.16, "blog": 0.21}


def test_without_overrides_nothing_changes():
    assert apply(PLAIN, {}) == PLAIN


def test_the_last_of_two_overrides_wins(plain):
    assert load(plain, ["team.hours_per_week=3", "team.hours_per_week=4"]).team.hours_per_week == 4.0


def test_overrides_are_checked_together():
    split = apply(PLAIN, {"team.split.content": 0.24, "team.split.dialogue": 0.25}).team.split
    assert (split.content, split.dialogue, split.listening) == (0.24, 0.25, 0.11)


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("team.split={content: 0.24, dialogue: 0.25}", lambda s: s.team.split.dialogue == 0.25),
        ("calendar.closed_weeks=[1, 2]", lambda s: s.calendar.closed_weeks == (1, 2)),
        ("name='10'", lambda s: s.name == "10"),
        ("time.start=2013-01-07", lambda s: s.time.start.year == 2013),
        ("channels.tv={reach: 0.02}", lambda s: s.channels["tv"].reach == 0.02 and len(s.channels) == 4),
        (
            "team.members.community_manager.skills.content.speed=1.1",
            lambda s: s.team.members["community_manager"].skills["content"].speed == 1.1,
        ),
        ("sales.cycle_weeks.sigma=0.2", lambda s: vars(s.sales.cycle_weeks) == {"median": 20.0, "sigma": 0.2}),
        (
            "sales.cycle_weeks.mean=40",
            lambda s: s.sales.cycle_weeks.median == 20 and s.sales.cycle_weeks.mean == pytest.approx(40),
        ),
        ("sales.cycle_weeks.median=10", lambda s: vars(s.sales.cycle_weeks) == {"median": 10.0, "sigma": 0.6}),
        ("sales.cycle_weeks={median: 10}", lambda s: vars(s.sales.cycle_weeks) == {"median": 10.0, "sigma": 0.0}),
    ],
)
def test_what_an_override_reaches(plain, override, read):
    assert read(load(plain, [override]))


def test_null_removes_an_entry(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: x\nmarket: {segments: {small: {share: 1}, large: {share: 0}}}")
    assert list(load(path, ["market.segments.large=null"]).market.segments) == ["small"]


def test_names_of_entries_may_hold_dots(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: x\nmarket: {segments: {a: {share: 0.5}, a.b: {share: 0.5}}}")
    assert load(path, ["market.segments.a.b.needs_per_year=0.4"]).market.segments["a.b"].needs_per_year == 0.4


def test_ranges_given_and_made_void_by_overrides(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "name: x\nteam: {hours_per_week: {low: 1, likely: 2, high: 3}, switching_minutes: {low: 1, likely: 2, high: 3}}"
    )
    loaded = load_tagged(path, ["team.hours_per_week=9", "web.share_search={low: 0.1, likely: 0.2, high: 0.3}"])
    assert loaded.ranges == {("team", "switching_minutes"): (1, 2, 3), ("web", "share_search"): (0.1, 0.2, 0.3)}
    assert loaded.scenario.web.share_search == 0.2


WRONG = [
    (
        "channels.netwrk.reach=0.2",
        "--set channels.netwrk.reach: the scenario has no channels.netwrk; did you mean channels.network?",
    ),
    ("channels.netwrk.reach={a: 1}", "the scenario has no channels.netwrk; did you mean channels.network?"),
    ("channels.tv=3", "--set channels.tv: the scenario has no channels.tv"),
    ("team.hours=1", "--set team.hours: the scenario has no team.hours; did you mean team.hours_per_week?"),
    ("hours_per_week=1", "the scenario has no hours_per_week; did you mean team.hours_per_week?"),
    (
        "team.hours_per_week.x=1",
        "--set team.hours_per_week.x: the scenario has no team.hours_per_week.x; team.hours_per_week has no parts",
    ),
    ("content.formats.neww={mix: 0}", "the scenario has no content.formats.neww; "),
    ("extends=b.yaml", "--set extends: the scenario has no extends; "),
    ("team.hours_per_week=-1", "--set team.hours_per_week: -1 is too small; give a number from 0 to 1000, in h/week"),
    ("team.hours_per_week=", "--set team.hours_per_week: nothing (null) is not possible here; give a number"),
    ("team.hours_per_week=[1", "--set team.hours_per_week: not YAML: "),
    ("team.hours_per_week=!!int 3", "--set team.hours_per_week: a tag (tag:yaml.org,2002:int) is not allowed"),
    ("team.hours_per_week={low: 2, likely: 1, high: 3}", "--set team.hours_per_week: low 2, likely 1, high 3 are not in order"),
    ("team.split.content=0.9", "--set team.split.content: the shares of team.split must sum to 1, not 1.56"),
    ("channels.tv={reach: 3}", "--set channels.tv: channels.tv.reach: 3 is too large; give a number from 0 to 1"),
    (
        "channels.blog=null",
        "--set channels.blog: content.formats.original.channels names 'blog'; channels has network, micro_blog",
    ),
    ("name=10", "--set name: 10 is not possible here; give text on one line of 1 to 200 characters, in quotes"),
    ("hours", "--set hours: this is not PATH=VALUE; write for example --set team.hours_per_week=5"),
    ("team.=3", "--set team.: this names no value; write for example team.hours_per_week"),
    ("=3", "--set =3: this is not PATH=VALUE"),
]


@pytest.mark.parametrize(("override", "fragment"), WRONG, ids=[case[0] for case in WRONG])
def test_faults_name_the_override(plain, override, fragment):
    with pytest.raises(ScenarioError) as caught:
        load(plain, [override])
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"team.hours": 5}, "team.hours: the scenario has no team.hours; did you mean team.hours_per_week?"),
        ({"team.hours_per_week": -5}, "team.hours_per_week: -5 is too small; give a number from 0 to 1000, in h/week"),
        (
            {"validation.reviewers.expert.people": 2.5},
            "validation.reviewers.expert.people: 2.5 is not possible here; give a whole number from 0 to 1000, in people",
        ),
    ],
)
def test_faults_of_apply_name_the_path_once(values, message):
    with pytest.raises(ScenarioError) as caught:
        apply(PLAIN, values)
    assert str(caught.value) == message


def test_levels_made_by_arithmetic_fit_whole_numbers():
    assert apply(PLAIN, {"time.horizon_weeks": 52.0}).time.horizon_weeks == 52


def test_apply_leaves_the_scenario_as_it_was():
    before = PLAIN.content_hash()
    assert apply(PLAIN, {"team.hours_per_week": 5.0}).content_hash() != before
    assert PLAIN.content_hash() == before


def test_an_override_is_a_path_and_a_yaml_value():
    assert parse_override(" a.b = {c: [1, yes]}") == ("a.b", {"c": [1, "yes"]})
    assert parse_override("name='a=b'") == ("name", "a=b")


def test_an_override_below_what_another_spoilt_is_refused():
    with pytest.raises(ScenarioError, match=r"the scenario has no channels\.network"):
        apply(PLAIN, {"channels": 5, "channels.network.reach": 0.1})
