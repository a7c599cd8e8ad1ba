"""The scenarios that come with the project."""

from importlib import resources
from pathlib import Path

import pytest

from sim.experiment.designs import CASE
from sim.experiment.study import load_study
from sim.scenario import Scenario, load, load_tagged
from sim.scenario.yaml import read

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HOURS = (5, 10, 15, 20, 25, 30, 35, 40)


def test_the_common_scenario_is_that_of_the_defaults():
    common = load(SCENARIOS / "b2b.yaml")
    assert common == Scenario(name=common.name, description=common.description)


@pytest.mark.parametrize("hours", HOURS)
def test_scenarios_by_hours_differ_from_the_common_one_by_hours_only(hours):
    scenario = load(SCENARIOS / f"hours_{hours:02}.yaml")
    common = load(SCENARIOS / "b2b.yaml")
    assert scenario.team.hours_per_week == hours
    assert scenario == common.replace(name=scenario.name, team=common.team.model_copy(update={"hours_per_week": float(hours)}))
    lines = (SCENARIOS / f"hours_{hours:02}.yaml").read_text().splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == ["name", "extends", "team"]


def test_no_social_has_no_hours():
    assert load(SCENARIOS / "no_social.yaml").team.hours_per_week == 0


def test_the_first_scenario_is_package_data():
    packaged = resources.files("sim.scenario").joinpath("first.yaml").read_text(encoding="utf-8")
    assert packaged == (SCENARIOS / "first.yaml").read_text(encoding="utf-8")


def test_the_first_scenario_has_what_its_author_knows_and_stays_near_the_defaults():
    loaded = load_tagged(SCENARIOS / "first.yaml")
    first, usual = loaded.scenario, Scenario(name="x")
    assert len((SCENARIOS / "first.yaml").read_text().splitlines()) < 40
    assert first.sales.stages == usual.sales.stages
    assert first.content == usual.content
    assert first.market.segments["all"].deal_value.mean == pytest.approx(47_000)
    assert any(channel.followers_at_start > 0 for channel in first.channels.values())


def test_the_study_of_hours_is_of_today():
    points = load_study(SCENARIOS / "studies" / "hours.yaml").points
    assert [point.scenario.team.hours_per_week for point in points] == list(HOURS)
    today = load(SCENARIOS / "today.yaml")
    for point in points:
        hours = {"hours_per_week": point.scenario.team.hours_per_week}
        assert point.scenario == today.replace(name=point.scenario.name, team=today.team.model_copy(update=hours))


def test_the_study_of_2012_names_scenarios_that_exist():
    study = read(SCENARIOS / "studies" / "study_2012.yaml").data
    assert [load(SCENARIOS / "studies" / name).team.hours_per_week for name in study["scenarios"]] == list(HOURS)
    assert (study["replications"], study["seed"]) == (30, 1)


@pytest.mark.parametrize("path", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda path: path.name)
def test_each_opens_with_what_it_is_for(path):
    assert path.read_text(encoding="utf-8").startswith("# ")


def differing(one: object, other: object, path: str = "") -> set[str]:
    """Dotted paths at which two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        below = ((one.get(key), other.get(key), f"{path}.{key}".strip(".")) for key in {*one, *other})
        return {found for parts in below for found in differing(*parts)}
    return set() if one == other else {path}


def test_consumers_and_businesses_differ_only_where_the_file_says():
    """Team, practice, material, effects: all the same; the market, its decisions and its volume of messages are not."""
    b2b, b2c = load(SCENARIOS / "b2b.yaml").document(), load(SCENARIOS / "b2c.yaml").document()
    found = differing(b2b, b2c)
    roots = {".".join(path.split(".")[:2]) for path in found}
    assert roots == {
        "name", "description", "market.accounts", "market.customers", "market.roles", "market.segments", "market.shortlist",
        "sales.stages", "sales.cycle_weeks", "customers.renewal_share", "customers.questions_per_year",
        "customers.share_on_social", "channels.network", "channels.micro_blog", "channels.blog", "dialogue.patience_hours",
        "outside.questions_per_week", "outside.spam_per_week", "listening.share_of_needs_asked_about", "web.visits_per_week",
    }  # fmt: skip
    given = read(SCENARIOS / "b2c.yaml").data
    assert {path.split(".")[0] for path in found} == set(given) - {"extends"}
    assert {path for path in found if path.startswith("channels")} == {
        f"channels.{name}.{field}" for name in ("network", "micro_blog", "blog") for field in ("users", "outside_per_follower")
    }


def test_2012_and_today_differ_in_channels_colleagues_and_what_leads_cost():
    then, now = load(SCENARIOS / "b2b.yaml").document(), load(SCENARIOS / "today.yaml").document()
    found = differing(then, now)
    assert {path for path in found if not path.startswith("channels.")} == {
        "name", "description", "time.start", "channels_year", "profiles.colleagues",
        "team.split.listening", "team.split.advocacy",
        *(f"sales.stages.{stage}.seller_hours" for stage in then["sales"]["stages"]),
    }  # fmt: skip
    assert now["channels"]["network"]["reach"] < then["channels"]["network"]["reach"]
    assert now["channels"]["network"]["engagement_rate"] > then["channels"]["network"]["engagement_rate"]


def test_the_study_of_the_years_has_the_two_scenarios_as_its_cases():
    points = load_study(SCENARIOS / "studies" / "years.yaml").points
    then, now = load(SCENARIOS / "b2b.yaml"), load(SCENARIOS / "today.yaml")
    assert [point.settings[CASE] for point in points] == ["2012"] * 4 + ["today"] * 4
    for point, expected in zip(points, [then] * 4 + [now] * 4, strict=True):
        hours = {"hours_per_week": point.scenario.team.hours_per_week}
        same = {"name": expected.name, "description": expected.description, "team": expected.team.model_copy(update=hours)}
        assert point.scenario.replace(name=same["name"], description=same["description"]) == expected.replace(**same)


def test_the_launch_has_its_days():
    planned = load(SCENARIOS / "launch.yaml").content.planned
    assert {(name, plan.week) for name, plan in planned.items()} == {("column", 4), ("launch", 26), ("fair", 40)}


@pytest.mark.parametrize("name", ["limits", "mix", "years"])
def test_studies_of_the_common_scenario_leave_it_as_it_is(name):
    study = read(SCENARIOS / "studies" / f"{name}.yaml").data
    assert study["scenarios"] == ["../b2b.yaml"]
    assert study["vary"] == ["team.hours_per_week=5,10,20,40"]
