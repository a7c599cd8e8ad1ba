import pytest

from sim.experiment import Point, ResultsError
from sim.experiment.limits import LIFT, LIMITS, lift, named, with_lifted
from sim.model.world import simulate
from sim.scenario import apply
from sim.scenario.schema import ACTIVITIES, Scenario
from tests.places import ROOT
from tests.small import small
from tests.worlds import Only, changed, scenario

# a scenario that shares no name of a channel, source or reviewer with the defaults
OTHER = scenario(
    content={
        "sources": Only({"press": {"per_week": 3.0, "keeps_weeks": 0.0}, "v. 2": {"per_week": 1.0}}),
        "formats": Only(raw={"mix": 1.0, "sources": ["press", "v. 2"], "channels": ["forum"]}),
    },
    weak_signals={"ideas_go_to": "press"},
    channels=Only(forum={"users": 0.5, "followers_at_start": 0.2, "reach_exponent": 0.8}),
    validation={"reviewers": Only(board={"share_raw": 0.7})},
    team={"members": Only(a={"share": 0.5, "starting_speed": 0.5}, b={"share": 0.5})},
)


def leaves(data, path=()):
    if isinstance(data, dict):
        for name, part in data.items():
            yield from leaves(part, (*path, name))
    else:
        yield ".".join(path), data


def differences(one: Scenario, two: Scenario):
    before, after = dict(leaves(one.document())), dict(leaves(two.document()))
    assert before.keys() == after.keys()
    return {path: value for path, value in after.items() if before[path] != value}


def test_every_activity_has_a_limit():
    assert set(ACTIVITIES) <= {limit.activity for limit in LIMITS.values()}


@pytest.mark.parametrize("base", [apply(small(), {"channels_year": 2025}), OTHER], ids=["today", "other names"])
@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_changes_what_it_names_in_any_scenario(limit, base):
    found = differences(base, lift(base, limit))
    assert found
    assert found.keys() <= LIMITS[limit].changes(base).keys()


def test_no_two_limits_change_the_same_value():
    paths = [path for limit in LIMITS.values() for path in limit.changes(small())]
    assert len(paths) == len(set(paths))


def test_a_larger_pool_brings_no_more_followers_on_the_first_day():
    one, more = OTHER.channels["forum"], lift(OTHER, "pool").channels["forum"]
    assert more.users * more.followers_at_start == pytest.approx(one.users * one.followers_at_start)


def hours_on(record, purpose):
    return sum(row[3] for row in record.hours.rows if row[2] == purpose)


def test_lifting_does_what_it_says():
    base = changed(small(), team={"hours_per_week": 15.0}, time={"horizon_weeks": 15, "run_off_weeks": 0},
                   dialogue={"patience_hours": 2.0})  # fmt: skip
    as_it_is = simulate(base, 1, 0)
    assert len(as_it_is.stages) > 0
    assert "in review" not in {row[2] for row in simulate(lift(base, "reviewers"), 1, 0).stages.rows}
    assert hours_on(as_it_is, "switching") > 0
    assert hours_on(simulate(lift(base, "switching"), 1, 0), "switching") == 0
    patient = simulate(lift(base, "patience"), 1, 0).conversations.as_columns()
    assert "missed" in as_it_is.conversations.as_columns()["outcome"]
    assert {kind for kind, outcome in zip(patient["kind"], patient["outcome"], strict=True) if outcome == "missed"} <= {
        "outreach",
        "crisis",
    }
    assert len(simulate(lift(base, "finding"), 1, 0).signals) > 2 * len(as_it_is.signals)
    assert simulate(lift(base, "records"), 1, 0).weeks.as_columns()["tagged_share"][0] == 1.0
    assert all(factor > 0.99 for factor in simulate(lift(base, "frequency"), 1, 0).posts.as_columns()["frequency_factor"])
    assert len(simulate(lift(base, "acceptance"), 1, 0).followers) > 2 * len(as_it_is.followers)


def test_limits_are_named_once_in_their_order():
    assert named(["switching", "material", "switching"]) == ("material", "switching")
    assert named(["all", "material"]) == tuple(LIMITS)
    with pytest.raises(ResultsError, match=r"no limit 'materiel'.*did you mean material.*reviewers.*all"):
        named(["materiel"])


def test_each_point_is_joined_by_one_a_limit_after_all_the_others():
    points = [Point(f"{hours} h/week", small(), {"team.hours_per_week": hours}) for hours in (5, 10)]
    found = with_lifted(points, ["pool", "reviewers"])
    assert list(found[:2]) == points
    assert [point.label for point in found[2:4]] == ["5 h/week, pool lifted", "5 h/week, reviewers lifted"]
    assert found[5].settings == {"team.hours_per_week": 10, LIFT: "reviewers"}
    assert with_lifted(points, []) == tuple(points)


def test_the_guide_lists_every_limit_with_its_meaning():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    for name, limit in LIMITS.items():
        assert f"| `{name}` | {limit.activity.replace('_', ' ')} | {limit.meaning} |" in guide
