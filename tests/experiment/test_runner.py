import dataclasses

import pytest

from sim.experiment import ResultsError, execute, read, resume, runner
from sim.experiment.columns import TABLES
from sim.experiment.runner import Plan, Point, replicate
from sim.experiment.store import Store
from tests.small import small, small_plan


def files(folder):
    names = [f"{name}.parquet" for name in TABLES]
    return {name: (folder / name).read_bytes() for name in [*names, "manifest.json"]}


def test_the_same_bytes_for_any_number_of_workers(tmp_path):
    execute(small_plan(5), tmp_path / "one", workers=1)
    execute(small_plan(5), tmp_path / "four", workers=4)
    assert files(tmp_path / "one") == files(tmp_path / "four")
    assert not (tmp_path / "one" / "parts").exists()


def test_a_resumed_run_equals_one_that_was_not_interrupted(tmp_path):
    plan = small_plan(4)
    execute(plan, tmp_path / "whole")
    cut = Store.create(tmp_path / "cut", plan.manifest())
    scenarios = tuple(point.scenario for point in plan.points)
    for replication in (2, 0):
        cut.add(replication, replicate(scenarios, plan.seed, replication))
    (tmp_path / "cut" / "parts" / "000003.unfinished").mkdir()  # what a kill in mid-write leaves
    seen = []
    resume(tmp_path / "cut", progress=lambda done, total: seen.append((done, total)))
    assert files(tmp_path / "whole") == files(tmp_path / "cut")
    assert seen == [(2, 4), (3, 4), (4, 4)]


def test_an_interrupt_keeps_what_was_finished(tmp_path, monkeypatch):
    calls = []

    def interrupted(scenarios, seed, replication, *rest):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(replication)
        return replicate(scenarios, seed, replication)

    monkeypatch.setattr(runner, "replicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute(small_plan(4), tmp_path / "run")
    assert Store(tmp_path / "run").finished() == {0, 1}
    monkeypatch.undo()
    resume(tmp_path / "run")
    execute(small_plan(4), tmp_path / "whole")
    assert files(tmp_path / "run") == files(tmp_path / "whole")


def test_resuming_a_finished_run_changes_nothing(tmp_path):
    execute(small_plan(2), tmp_path / "run")
    before = files(tmp_path / "run")
    resume(tmp_path / "run")
    assert files(tmp_path / "run") == before
    with pytest.raises(ResultsError, match="no result folder"):
        resume(tmp_path)


def test_levels_share_one_run_of_their_twin(monkeypatch):
    runs = []
    simulate = runner.simulate
    monkeypatch.setattr(runner, "simulate", lambda *world: runs.append(world[0].team.hours_per_week) or simulate(*world))
    replicate(tuple(point.scenario for point in small_plan(1, "team.hours_per_week=5,10,15").points), 1, 0)
    assert runs == [0.0, 5.0, 10.0, 15.0]


def test_more_replications_or_points_leave_those_there_are_as_they_were(tmp_path):
    few = execute(small_plan(2), tmp_path / "few").table("outcomes")
    many = execute(small_plan(3, "team.hours_per_week=5,20,30"), tmp_path / "many").table("outcomes")
    kept = many[(many["replication"] < 2) & (many["point"] < 2)].reset_index(drop=True)
    assert few.equals(kept)


def test_seeds_differ(tmp_path):
    plan = small_plan(1)
    one = execute(plan, tmp_path / "one").table("outcomes")
    two = execute(dataclasses.replace(plan, seed=8), tmp_path / "two").table("outcomes")
    assert not one.equals(two)


def test_plans_that_mix_currencies_or_hold_nothing_are_refused():
    dollars = small().replace(currency="USD")
    with pytest.raises(ResultsError, match="EUR, USD"):
        Plan("x", (Point("a", small()), Point("b", dollars)), 1, 1)
    with pytest.raises(ResultsError, match="nothing to run"):
        Plan("x", (), 1, 1)


def test_a_plan_survives_its_manifest(tmp_path):
    plan = small_plan(1)
    execute(plan, tmp_path / "run")
    assert Plan.from_results(read(tmp_path / "run")) == plan
