"""What `show` tells of a scenario, and scenarios written out as files."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Loaded, Scenario, apply, load, load_tagged, screening
from sim.scenario.describe import describe, to_yaml
from sim.scenario.merging import Origin
from sim.scenario.screening import assumed

FILE = """name: x
team:
  hours_per_week: {low: 5, likely: 8, high: 12}
channels:
  network: {reach: 0.2}
  micro_blog: {}
  blog: {}
sales: {cycle_weeks: {median: 10, p90: 20}}
"""


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(FILE)
    return {row.path: row for row in describe(load_tagged(path, ["web.share_search=0.4"]))}, path


def test_every_value_is_described_once(rows):
    found, path = rows

    def count(part) -> int:
        return sum(map(count, part.values())) if isinstance(part, dict) and part else 1

    assert len(found) == count(load(path).document())


def test_values_of_the_author_are_theirs(rows):
    found, path = rows
    mine = {name: row.source for name, row in found.items() if row.tag == "yours"}
    assert mine == {
        "name": f"{path}:1",
        "team.hours_per_week": f"{path}:3",
        "channels.network.reach": f"{path}:5",
        "sales.cycle_weeks.median": f"{path}:8",
        "sales.cycle_weeks.sigma": f"{path}:8",
        "web.share_search": "--set web.share_search",
    }


def test_a_row_says_value_unit_and_range(rows):
    row = rows[0]["team.hours_per_week"]
    assert (row.value, row.unit, row.low, row.high) == (8.0, "h/week", 5, 12)
    assert rows[0]["sales.cycle_weeks.median"].low == 6
    assert (rows[0]["sales.cycle_weeks.sigma"].low, rows[0]["sales.cycle_weeks.sigma"].high) == (0.3, 1.2)
    assert rows[0]["sales.cycle_weeks.sigma"].unit == ""


def test_published_assumed_and_chosen_values_say_so(rows):
    found, _ = rows
    published = found["market.shortlist.research_weeks"]
    assert (published.tag, "grade B" in published.source) == ("published", True)
    assert (found["market.salience.base_sigma"].tag, found["market.salience.base_sigma"].source) == ("assumed", "")
    told = found["channels.blog.users"]
    assert told.tag == "assumed"
    assert told.source.startswith("in the light of: Social Buying Meets Social Selling")
    assert found["team.split.content"].tag == "choice"
    assert found["time.run_off_weeks"].tag == "choice"
    assert found["market.segments.all.deal_value.median"].tag == "assumed"


def test_evidence_for_a_collection_does_not_make_its_numbers_published(rows):
    weight = rows[0]["market.roles.user.weight"]
    assert weight.tag == "assumed"
    assert weight.source.startswith("in the light of: More B2B Decision Makers")


def test_comments_can_be_left_out():
    assert "#" not in to_yaml(Scenario(name="x"), commented=False)
    assert "hours_per_week: 10.0  # hours per week that the whole team gives to social media [h/week]" in to_yaml(
        Scenario(name="x")
    )


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=30).filter(str.strip)


@given(
    name=TEXTS | st.sampled_from(["yes", "null", "1e3", "2012-01-02", "- a", "a: b", "# x", "'", '"', "\\", "true", " a "]),
    description=st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    entry=TEXTS,
    hours=st.floats(0, 20),
    median=st.floats(1e-6, 1e12),
    start=st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    commented=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_what_is_written_loads_to_the_same(tmp_path_factory, name, description, entry, hours, median, start, commented):
    scenario = Scenario.model_validate(
        {
            "name": name,
            "description": description,
            "time": {"start": start},
            "team": {"hours_per_week": hours},
            "market": {"segments": {entry: {"deal_value": {"median": median, "sigma": 0.3}}}},
        }
    )
    path = tmp_path_factory.mktemp("written") / "a.yaml"
    path.write_text(to_yaml(scenario, commented), encoding="utf-8", newline="")
    again = load(path)
    assert again == scenario
    assert again.content_hash() == scenario.content_hash()


def test_entries_with_inner_collections_are_written(tmp_path):
    scenario = apply(Scenario(name="x"), {"team.members.community_manager.skills.content": {"speed": 0.5}})
    path = tmp_path / "a.yaml"
    path.write_text(to_yaml(scenario))
    assert load(path) == scenario


def test_what_was_assumed_comes_strongest_first_and_holds_nothing_of_the_authors():
    given = Loaded(Scenario(name="x"), {("market", "trust", "baseline"): Origin("x.yaml", 3)}, {})
    found = assumed(describe(given))
    effects = [effect for _, effect in found if effect is not None]
    assert effects == sorted(effects, reverse=True)
    assert effects[0] > 10_000.0
    assert [effect for _, effect in found[len(effects) :]] == [None] * (len(found) - len(effects)), "not screened: last"
    paths = {row.path for row, _ in found}
    assert "market.trust.baseline" not in paths
    assert not paths & {"team.hours_per_week", "team.split.content", "sales.margin"}


def test_what_was_screened_are_assumptions_that_there_are():
    there = {row.path for row in describe(Loaded(Scenario(name="x"), {}, {}))}
    assert set(screening.effects()) <= there
    assert len(screening.effects()) > 150


def test_an_entry_has_the_range_of_its_kind_in_proportion():
    """Known answers: minutes of 15 to 60 about 30 are 2.5 to 10 about 5; users of 0.1 to 0.6 about 0.3, by odds about 0.06."""
    found = {row.path: row for row in describe(Loaded(Scenario(name="x"), {}, {}))}
    raw = found["content.formats.raw.minutes.median"]
    assert (raw.low, raw.value, raw.high) == (2.5, 5.0, 10.0)
    users = found["channels.blog.users"]
    odds = (0.06 / 0.94) / (0.3 / 0.7)
    ends = [odds * end / (1 - end) for end in (0.1, 0.6)]
    assert (users.low, users.high) == pytest.approx([end / (1 + end) for end in ends])
    assert (found["market.trust.baseline"].low, found["market.trust.baseline"].high) == (0.3, 0.7), (
        "of no collection: as it stands"
    )
    for row in found.values():
        if isinstance(row.value, float) and row.low is not None and row.tag != "choice" and row.value > 0.0:
            assert row.low <= row.value <= row.high, row.path


def test_a_range_of_the_authors_is_as_the_author_gives_it(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "name: x\nchannels: {network: {users: {low: 0.2, likely: 0.25, high: 0.5}}, micro_blog: {}, blog: {}}\n"
    )
    found = {row.path: row for row in describe(load_tagged(tmp_path / "a.yaml"))}
    assert (found["channels.network.users"].low, found["channels.network.users"].high) == (0.2, 0.5)
