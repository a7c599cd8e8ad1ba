"""The search for a split: on a made-up return whose best split is known, and on worlds."""

import math

import numpy as np
import pytest

from sim.experiment import ResultsError, Workers
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.optimise import (
    MEASURED,
    Candidate,
    Search,
    _uniforms,
    finalists,
    front,
    hours_range,
    moves,
    search,
    with_use,
)
from sim.experiment.precision import RETURN
from sim.scenario import apply
from tests.small import small

ACTIVITIES = with_use(small())
BEST = dict(zip(ACTIVITIES, (0.05, 0.05, 0.2, 0.05, 0.3, 0.1, 0.05, 0.15, 0.05), strict=True))


class Known:
    """Returns that fall with the distance from a split, with noise that all splits share; the records like dialogue alone."""

    def outcomes(self, scenarios, names, replications, seed):
        assert names == [RETURN, MEASURED]
        noise = np.random.default_rng(seed).normal(0.0, 50.0, replications)
        splits = np.array([[getattr(one.team.split, name) for name in ACTIVITIES] for one in scenarios])
        true = 100.0 - 100.0 * ((splits - np.array(list(BEST.values()))) ** 2).sum(axis=1)
        measured = splits[:, ACTIVITIES.index("dialogue")]
        return np.stack([true[:, None] + noise, np.repeat(measured[:, None], replications, axis=1)], axis=2)


def found(trials=240, **more):
    return search(small(), Search(trials=trials, replications=4, **more), Known(), 1, lambda done, total: None)


def test_advocacy_is_searched_where_there_are_colleagues():
    assert "advocacy" not in ACTIVITIES
    some = apply(small(), {"profiles.colleagues": 5})
    assert [name for name in with_use(some) if name not in ACTIVITIES] == ["advocacy"]
    tried = search(some, Search(trials=8, replications=1), Known(), 1, lambda done, total: None)
    assert all(math.fsum(one.settings.values()) == pytest.approx(1.0, abs=1e-9) for one in tried)
    assert max(one.settings["team.split.advocacy"] for one in tried) > 0.0


def test_any_seed_that_a_run_takes_will_do():
    assert len(search(small(), Search(trials=8, replications=1), Known(), 2**40, lambda done, total: None)) == 8


def loss(candidate):
    return sum((candidate.settings[f"team.split.{name}"] - share) ** 2 for name, share in BEST.items())


def test_the_search_comes_near_the_best_split_and_nearer_than_chance():
    """Uniform splits of the same number come within 0.02 (a sum of squares) only by luck; the search must halve theirs."""
    spacings = np.random.default_rng(1).exponential(size=(240, 9))
    by_chance = min(((spacings / spacings.sum(axis=1, keepdims=True) - list(BEST.values())) ** 2).sum(axis=1))
    tried = found()
    assert len(tried) == 240
    assert loss(tried[0]) < 0.5 * by_chance
    assert tried[0].true >= tried[-1].true


def test_every_split_tried_sums_to_one_and_the_present_one_is_among_them():
    tried = found(trials=24)
    for one in tried:
        assert math.fsum(one.settings.values()) == pytest.approx(1.0, abs=1e-9)
    usual = [getattr(small().team.split, name) for name in ACTIVITIES]
    assert any(list(one.settings.values()) == pytest.approx(usual, abs=0.002) for one in tried)
    assert tried == found(trials=24)


def test_hours_may_be_found_too():
    tried = found(trials=16, hours=(5.0, 20.0))
    assert all(5.0 <= one.settings["team.hours_per_week"] <= 20.0 for one in tried)
    assert hours_range(small(), "5:40") == (5.0, 40.0)
    with pytest.raises(ResultsError, match="LOW:HIGH"):
        hours_range(small(), "40:5")


def with_team(**changes):
    return small().replace(team=small().team.model_copy(update=changes))


def with_hours_of_most_return(scenarios, names, replications, seed):
    """Ten hours return most, the farther from them the less, in every world."""
    hours = np.array([one.team.hours_per_week for one in scenarios])
    return np.repeat(np.stack([-((hours - 10.0) ** 2), hours], axis=1)[:, None, :], replications, axis=1)


@pytest.mark.parametrize("hours", [(20.0, 40.0), (5.25, 40.0), (5.1, 33.37), (12.0, 12.25), (1.0, 4.0)])
@pytest.mark.parametrize("now", [0.0, 7.3, 10.0, 60.0])
def test_no_hours_outside_the_range_are_tried_whatever_the_hours_now(hours, now, monkeypatch):
    """Ten hours, the best of all, won a range of 20 to 40 h: the search began with the hours of the scenario."""
    monkeypatch.setattr(Known, "outcomes", lambda self, *asked: with_hours_of_most_return(*asked))
    base = with_team(hours_per_week=now)
    how = Search(trials=24, replications=1, hours=hours)
    tried = search(base, how, Known(), 1, lambda done, total: None)
    low, high = hours
    for one in tried:
        steps = (one.settings["team.hours_per_week"] - low) / 0.5
        assert steps == pytest.approx(round(steps), abs=1e-9)
        assert low <= one.settings["team.hours_per_week"] <= high
    first = tried[0].settings["team.hours_per_week"]
    assert abs(first - min(max(10.0, low), high)) <= 1.0
    for point in finalists(base, tried, how):
        assert low <= point.scenario.team.hours_per_week <= high


@pytest.mark.parametrize("largest", [1.0, 0.95, 0.8, 1.0 / len(ACTIVITIES)])
def test_the_search_begins_with_the_split_as_it_is_however_uneven(largest):
    """Draws end at 0.999, which a share of 0.77 or more would exceed at spacings of mean 1."""
    rest = (1.0 - largest) / (len(ACTIVITIES) - 1)
    shares = {name: largest if name == "dialogue" else rest for name in ACTIVITIES}
    assert all(0.0 <= one <= 0.999 for one in _uniforms(shares).values())
    base = with_team(split=small().team.split.model_copy(update=shares))
    tried = search(base, Search(trials=8, replications=1), Known(), 1, lambda done, total: None)
    usual = [shares[name] for name in ACTIVITIES]
    assert any(list(one.settings.values()) == pytest.approx(usual, abs=0.003) for one in tried)


def test_a_return_that_is_undefined_is_refused_and_never_wins(monkeypatch):
    """Sorting candidates by a return that is none left them in any order, and Optuna took the trial for one that failed."""
    real = Known.outcomes

    def undefined(self, scenarios, *asked):
        found = real(self, scenarios, *asked)
        found[3, 1, 0] = math.nan
        return found

    monkeypatch.setattr(Known, "outcomes", undefined)
    with pytest.raises(ResultsError, match=r"net return is undefined with team.split.\w+ 0"):
        found(trials=16)


def test_records_of_nothing_spent_are_no_records(monkeypatch):
    """A measured return that is undefined in every world counted as -1, and stood on the front with it."""
    real = Known.outcomes

    def unspent(self, *asked):
        found = real(self, *asked)
        found[:, :, 1] = math.nan
        return found

    monkeypatch.setattr(Known, "outcomes", unspent)
    how = Search(trials=16, replications=4, front=True)
    tried = search(small(), how, Known(), 1, lambda done, total: None)
    assert front(tried) == []
    assert "best in the records" not in [point.label for point in finalists(small(), tried, how)]


def test_finalists_differ_from_one_another_and_from_the_split_as_it_is():
    how = Search(finalists=4, front=True)
    points = finalists(small(), found(trials=80, front=True), how)
    assert points[0].label == "as it is"
    assert [point.label for point in points[1:5]] == [f"found {number}" for number in range(1, 5)]
    splits = [np.array([getattr(point.scenario.team.split, name) for name in ACTIVITIES]) for point in points]
    apart = [np.abs(one - other).sum() / 2 for at, one in enumerate(splits) for other in splits[:at]]
    assert min(apart) >= 0.05 - 1e-9


def test_the_front_holds_what_no_other_beats_in_both():
    def candidate(true, measured):
        return Candidate({}, true, measured)

    tried = [candidate(5, 1), candidate(4, 2), candidate(4, 1), candidate(1, 3), candidate(0, 3), candidate(3, math.nan)]
    assert [(one.true, one.measured) for one in front(tried)] == [(5, 1), (4, 2), (1, 3)]


def test_an_hour_is_moved_between_all_that_have_one():
    points = moves(small())
    hours = {name: getattr(small().team.split, name) * small().team.hours_per_week for name in ACTIVITIES}
    givers = [name for name, has in hours.items() if has >= 1.0]
    assert len(points) == len(givers) * 8
    one = next(point for point in points if point.label == "content > dialogue")
    moved = {name: getattr(one.scenario.team.split, name) * small().team.hours_per_week - hours[name] for name in ACTIVITIES}
    assert moved == pytest.approx({name: {"content": -1.0, "dialogue": 1.0}.get(name, 0.0) for name in ACTIVITIES}, abs=1e-9)
    with pytest.raises(ResultsError, match="hours_per_week"):
        moves(small().replace(team=small().team.model_copy(update={"hours_per_week": 0.5})))


def test_worlds_are_kept_and_none_is_computed_twice(tmp_path, monkeypatch):
    levels = [small().replace(team=small().team.model_copy(update={"hours_per_week": hours})) for hours in (5.0, 10.0)]
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        first = evaluations.outcomes(levels, [RETURN, "cost"], 2, seed=3)
    assert first.shape == (2, 2, 2)
    assert first[1, 0, 1] == pytest.approx(2 * first[0, 0, 1], rel=0.01)  # of cost; a whole number of sessions is worked
    monkeypatch.setattr("sim.experiment.evaluation_cache.replicate", None)
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        assert (evaluations.outcomes(levels[::-1], [RETURN, "cost"], 2, seed=3) == first[::-1]).all()
        with pytest.raises(TypeError):
            evaluations.outcomes(levels, [RETURN], 3, seed=3)


def test_worlds_of_a_search_are_those_of_a_run(tmp_path):
    from sim.experiment import execute  # noqa: PLC0415
    from tests.small import small_plan  # noqa: PLC0415

    plan = small_plan(3)
    table = execute(plan, tmp_path / "run").table("outcomes")
    with Evaluations(tmp_path / "seen.sqlite", Workers(2)) as evaluations:
        seen = evaluations.outcomes([point.scenario for point in plan.points], [RETURN], 3, plan.seed)
    assert seen[:, :, 0].ravel().tolist() == table[RETURN].tolist()


def test_a_file_that_is_damaged_or_of_another_version_is_refused(tmp_path):
    (tmp_path / "damaged.sqlite").write_bytes(b"no data base, but long enough to be taken for one" * 50)
    with pytest.raises(ResultsError, match="damaged"):
        Evaluations(tmp_path / "damaged.sqlite", Workers())
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations, evaluations._base:
        evaluations._base.execute("UPDATE made_by SET version = '0.0.1'")
    with pytest.raises(ResultsError, match="another version"):
        Evaluations(tmp_path / "seen.sqlite", Workers())
