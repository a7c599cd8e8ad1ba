"""Channels by year: presets agree with the schema, its defaults and the scenario of today; scenarios take them when asked."""

import datetime as dt
import math
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.model.twin import twin_of
from sim.report.html import assumptions
from sim.scenario import Loaded, Scenario, ScenarioError, apply, evidence, load, load_tagged
from sim.scenario.channel_years import years_apart
from sim.scenario.describe import describe, to_yaml
from sim.scenario.first import first_monday, first_scenario
from sim.scenario.presets import ASSUMPTION, YEARS, channel_preset, has_preset, preset_evidence, presets
from sim.scenario.schema.channels import CHANNELS, LIKE, Channel
from sim.scenario.schema.scenario import channel_start

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REFERENCES = [
    pytest.param(preset, field, one, id=f"{preset.name}-{field}-{one.year}")
    for preset in presets().values()
    for field, known in preset.fields.items()
    for one in known
]


@pytest.mark.parametrize("year", [1990, *YEARS, 2019, 2100])
@pytest.mark.parametrize("name", [*presets(), *LIKE, *CHANNELS])
def test_every_preset_is_a_channel(name, year):
    channel = Channel.model_validate(channel_preset(name, year))
    assert channel.reach > 0.0


def test_channels_that_people_name_have_presets():
    assert list(presets()) == ["linkedin", "x", "blog", "youtube", "facebook", "forum"]
    assert all(map(has_preset, (*LIKE, *CHANNELS)))


@pytest.mark.parametrize(("preset", "field", "one"), REFERENCES)
def test_every_number_has_a_year_evidence_and_a_reason(preset, field, one):
    assert one.year in YEARS
    assert one.evidence == ASSUMPTION or one.evidence in evidence.load()
    assert one.why
    assert one.evidence != ASSUMPTION or " to " in one.why.split(";")[0], "how far it may be off"


@pytest.mark.parametrize("preset", presets().values(), ids=presets())
def test_all_have_the_same_fields_from_the_first_year_on(preset):
    assert list(preset.fields) == [
        "users", "reach", "half_life_hours", "engagement_rate", "halving_posts_per_week", "reach_sigma", "frequency_exponent",
        "reach_exponent", "leaves_per_weekly_post", "invitations", "found_per_year",
    ]  # fmt: skip
    for known in preset.fields.values():
        years = [one.year for one in known]
        assert years[0] == YEARS[0]
        assert years == sorted(set(years))


@pytest.mark.parametrize("name", CHANNELS)
def test_2012_is_that_of_the_defaults(name):
    found = channel_preset(name, 2012)
    assert found == {field: getattr(CHANNELS[name], field) for field in found}
    assert Scenario.model_validate({"name": "x", "channels_year": 2012}).channels == Scenario(name="x").channels


def test_2025_is_that_of_the_scenario_of_today():
    asked = Scenario.model_validate({"name": "x", "channels_year": 2025})
    today = load(SCENARIOS / "today.yaml")
    assert asked.channels == today.channels
    assert asked.content == today.content


def test_names_are_the_same_in_any_case_and_language_of_the_trade():
    assert channel_preset("Twitter", 2018) == channel_preset("x", 2018) == channel_preset("micro_blog", 2018)
    assert channel_preset("LinkedIn", 2018) == channel_preset("network", 2018)


@pytest.mark.parametrize(
    ("name", "field", "year", "expected"),
    [
        ("x", "reach", 2014, math.sqrt(0.16 * 0.11)),  # half way by factors
        ("x", "engagement_rate", 2018, math.sqrt(0.016 * 0.013)),
        ("facebook", "reach", 2013, 0.7 * (0.17 / 0.7) ** 0.25),
        ("linkedin", "reach", 2021, 0.25 * (0.058 / 0.25) ** 0.2),
        ("youtube", "users", 2014, 0.075),  # half way by amounts
        ("youtube", "users", 2021, 0.134),
        ("youtube", "half_life_hours", 2014, 144.0),
    ],
)
def test_numbers_between_reference_years_are_interpolated(name, field, year, expected):
    assert channel_preset(name, year)[field] == pytest.approx(expected, rel=0.005)  # three digits are kept


@pytest.mark.parametrize("name", presets())
def test_numbers_are_constant_beyond_the_reference_years(name):
    assert channel_preset(name, 1999) == channel_preset(name, 2012)
    assert channel_preset(name, 2026) == channel_preset(name, 2040) == channel_preset(name, 2025)


def test_the_reach_of_facebook_fell_from_16_percent_to_a_few():
    of_posts = {year: 0.064 / 0.28 * channel_preset("facebook", year)["reach"] for year in YEARS}  # docs/model.md, 2.4
    assert of_posts[2012] == pytest.approx(0.16, abs=0.001)
    assert 0.02 <= of_posts[2025] <= of_posts[2016] <= 0.06


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ScenarioError, match=r"no channel 'tv' is known by year; known are linkedin, network, .*, forum"):
        channel_preset("tv", 2020)


def test_evidence_between_years_is_published_only_if_both_have_the_same():
    assert preset_evidence("linkedin", 2025)["reach"][0] == "linkedin_company_page_reach"
    assert preset_evidence("linkedin", 2023)["reach"][0] == ASSUMPTION
    assert "linkedin_company_page_reach" in preset_evidence("linkedin", 2023)["reach"][1]
    assert preset_evidence("facebook", 2014)["reach"][0] == "facebook_organic_reach"


def test_what_is_given_of_a_channel_stands_on_top_of_its_year():
    given = {"LinkedIn": {"users": 0.5}, "facebook": {}, "tv": {"reach": 0.3}}
    channels = Scenario.model_validate({"name": "x", "channels_year": 2025, "channels": given}).channels
    assert (channels["LinkedIn"].users, channels["LinkedIn"].reach) == (0.5, 0.058)
    assert channels["facebook"].reach == 0.09
    assert channels["tv"] == Channel(reach=0.3)


def test_without_a_year_channels_are_as_they_always_were():
    given = {"linkedin": {}, "facebook": {}, "youtube": {}, "network": {"users": 0.5}}
    channels = Scenario.model_validate({"name": "x", "channels": given}).channels
    assert channels["linkedin"] == channels["facebook"] == CHANNELS["network"]
    assert channels["youtube"] == Channel()
    assert channels["network"] == CHANNELS["network"].model_copy(update={"users": 0.5})
    assert Scenario(name="x").content_hash() == load(SCENARIOS / "b2b.yaml", ["name=x", 'description=""']).content_hash()


def test_an_override_of_the_year_changes_what_nobody_gave():
    today = load(SCENARIOS / "today.yaml").channels
    assert load(SCENARIOS / "b2b.yaml", ["channels_year=2025"]).channels == today
    assert apply(load(SCENARIOS / "b2b.yaml"), {"channels_year": 2025.0}).channels == today, "as a design gives it"
    consumers = apply(load(SCENARIOS / "b2c.yaml"), {"channels_year": 2025}).channels["network"]
    assert (consumers.users, consumers.reach) == (0.6, 0.058)
    kept = load(SCENARIOS / "b2b.yaml", ["channels.network.reach=0.28", "channels_year=2025"]).channels["network"]
    assert (kept.reach, kept.engagement_rate) == (0.28, 0.052)
    back = apply(apply(load(SCENARIOS / "b2b.yaml"), {"channels_year": 2025}), {"channels_year": None})
    assert back == load(SCENARIOS / "b2b.yaml")


def test_scenarios_of_all_years_share_a_twin():
    usual = Scenario(name="x")
    assert twin_of(apply(usual, {"channels_year": 2025})) == twin_of(usual)


def test_values_of_a_year_are_tagged_by_their_evidence(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: x\nchannels_year: 2025\nchannels: {x: {reach: 0.06}, facebook: {}, linkedin: {}}")
    rows = {row.path: row for row in describe(load_tagged(path))}
    assert rows["channels.x.reach"].tag == "yours"
    assert rows["channels.linkedin.engagement_rate"].tag == "published"
    assert "What Types of LinkedIn Posts" in rows["channels.linkedin.engagement_rate"].source
    reach = rows["channels.facebook.reach"]
    assert reach.tag == "assumed"
    assert reach.source.startswith("in the light of: Facebook Zero")
    assert reach.low < reach.value < reach.high, "the plausible range is about the value of the year"


def test_a_scenario_without_and_with_a_year_is_written_and_read(tmp_path):
    for name, year in (("a", None), ("b", 2020)):
        scenario = apply(Scenario(name="x"), {"channels_year": year})
        (tmp_path / f"{name}.yaml").write_text(to_yaml(scenario))
        assert load(tmp_path / f"{name}.yaml") == scenario


def test_a_year_that_is_none_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("name: x\nchannels_year: soon")
    with pytest.raises(
        ScenarioError, match="channels_year: 'soon' is not possible here; give a whole number from 1990 to 2100"
    ):
        load(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("", None),
        ("time: {start: 2015-12-31}", None),
        ("time: {start: 2016-01-01}", (2016, 2012)),
        ("time: {start: 2008-12-31}", (2008, 2012)),
        ("time: {start: 2026-01-05}\nchannels_year: 2025", None),
        ("channels_year: 2025", (2012, 2025)),
        ("time: {start: 2024-01-01}\nchannels: {linkedin: {reach: 0.1, engagement_rate: 0.05}}", None),
        ("time: {start: 2024-01-01}\nchannels: {linkedin: {reach: 0.28, engagement_rate: 0.04}}", None),
        ("time: {start: 2024-01-01}\nchannels: {linkedin: {reach: 0.1}}", (2024, 2012)),
        ("time: {start: 2024-01-01}\nchannels: {linkedin: {reach: 0.1, engagement_rate: 0.05}, tv: {}}", (2024, 2012)),
    ],
)
def test_channels_of_another_time_are_noticed(tmp_path, text, apart):
    (tmp_path / "a.yaml").write_text(f"name: x\n{text}")
    assert years_apart(load_tagged(tmp_path / "a.yaml")) == apart


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.name)
def test_no_shipped_scenario_has_channels_of_another_time(path):
    assert years_apart(load_tagged(path)) is None
    assert years_apart(Loaded(load(path), {}, {})) is None


def test_the_first_scenario_of_2012_is_the_one_in_the_repository():
    assert first_scenario(2012) == (SCENARIOS / "first.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("year", [1990, 2013, 2024, 2026, 2100])
def test_the_first_scenario_of_a_year_has_its_channels(tmp_path, year):
    (tmp_path / "mine.yaml").write_text(first_scenario(year), encoding="utf-8")
    loaded = load_tagged(tmp_path / "mine.yaml")
    scenario, usual = loaded.scenario, load(SCENARIOS / "first.yaml")
    assert (scenario.time.start, scenario.channels_year) == (first_monday(year), year)
    assert list(scenario.channels) == ["linkedin", "x", "blog"]
    for now, then in zip(scenario.channels.items(), usual.channels.values(), strict=True):
        start = channel_start(now[0], year) | {"followers_at_start": then.followers_at_start}
        assert now[1] == Channel(**start)
    same = {"time": usual.time, "channels": usual.channels, "channels_year": None, "content": usual.content}
    assert scenario.replace(**same) == usual
    assert years_apart(loaded) is None


def test_the_first_monday_is_in_the_first_week():
    assert first_monday(2012) == dt.date(2012, 1, 2)
    assert first_monday(2024) == dt.date(2024, 1, 1)
    assert first_monday(2026) == dt.date(2026, 1, 5)


def test_a_report_tells_the_numbers_of_a_year_from_those_of_the_scenario():
    given = {"name": "x", "channels_year": 2025, "channels": {"linkedin": {"users": 0.4}, "youtube": {}}}
    document = Scenario.model_validate(given).document()
    found = assumptions.rows(SimpleNamespace(manifest={"points": [{"scenario": document}]}), 0)
    tags = {row.path: row.tag for row in found}
    assert {path for path, tag in tags.items() if tag == "yours"} == {"channels_year", "channels.linkedin.users"}
    assert (tags["channels.linkedin.engagement_rate"], tags["channels.youtube.reach"]) == ("published", "assumed")
