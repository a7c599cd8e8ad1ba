import dataclasses

import pytest

from sim.experiment import Plan, Point, ResultsError, RunError, Workers, execute, read, resume, runner
from sim.experiment.blocks import Block
from sim.experiment.runner import Task, compute, replicate
from sim.experiment.store import Store
from tests.small import short_plan, small, tables_of


def test_the_same_bytes_for_any_number_of_workers_and_any_block(tmp_path):
    execute(short_plan(5), tmp_path / "one")
    for number, workers in enumerate((Workers(4), Workers(2, block=1), Workers(1, block=3))):
        execute(short_plan(5), tmp_path / str(number), workers=workers)
        assert tables_of(tmp_path / "one") == tables_of(tmp_path / str(number))
    assert not (tmp_path / "one" / "parts").exists()


@pytest.mark.slow
def test_the_same_bytes_from_dask(tmp_path):
    execute(short_plan(3), tmp_path / "here")
    execute(short_plan(3), tmp_path / "there", workers=Workers(2, "dask"))
    assert tables_of(tmp_path / "here") == tables_of(tmp_path / "there")


@pytest.mark.slow
def test_the_same_bytes_from_ray(tmp_path):
    execute(short_plan(3), tmp_path / "here")
    execute(short_plan(3), tmp_path / "there", workers=Workers(2, "ray"))
    assert tables_of(tmp_path / "here") == tables_of(tmp_path / "there")


def part_of(plan, replication):
    block = Block(replication, replication + 1, 0, len(plan.points))
    return block, compute(Task(block, tuple(point.scenario for point in plan.points), plan.seed, plan.spillover)).tables


def test_a_resumed_run_equals_one_that_was_not_interrupted(tmp_path):
    plan = short_plan(4)
    execute(plan, tmp_path / "whole")
    with Store.create(tmp_path / "cut", plan.manifest()) as store:
        for replication in (2, 0):
            store.add(*part_of(plan, replication))
        (store.folder / "parts" / "r0000003-0000003.p00000-00001.unfinished").mkdir()  # what a kill in mid-write leaves
    seen = []
    resume(tmp_path / "cut", progress=lambda done, total: seen.append((done, total)))
    assert tables_of(tmp_path / "whole") == tables_of(tmp_path / "cut")
    assert not (tmp_path / "cut" / "parts").exists()
    assert seen == [(4, 8), (6, 8), (8, 8)]


def test_an_interrupt_keeps_what_was_finished(tmp_path, monkeypatch):
    calls = []

    def interrupted(task):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(task)
        return compute(task)

    monkeypatch.setattr(runner, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute(
            short_plan(4), tmp_path / "run", workers=Workers(block=1), beside=lambda run: (run / "front.csv").write_text("x")
        )
    monkeypatch.undo()
    assert len(list((tmp_path / "run" / "parts").iterdir())) == 2
    resume(tmp_path / "run")
    assert (tmp_path / "run" / "front.csv").read_text() == "x", "what belongs beside the tables is there after resume, too"
    execute(short_plan(4), tmp_path / "whole")
    assert tables_of(tmp_path / "run") == tables_of(tmp_path / "whole")


def test_a_second_writer_is_refused(tmp_path):
    with Store.create(tmp_path / "run", short_plan(1).manifest()):
        for write in (lambda: resume(tmp_path / "run"), lambda: execute(short_plan(1), tmp_path / "run", force=True)):
            with pytest.raises(ResultsError, match="another run is writing"):
                write()
    resume(tmp_path / "run")


def test_workers_of_another_version_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "compute", lambda task: dataclasses.replace(compute(task), version="0.0.1"))
    with pytest.raises(RunError, match=r"0\.0\.1"):
        execute(short_plan(1), tmp_path / "run")


def test_resuming_a_finished_run_changes_nothing(tmp_path):
    execute(short_plan(2), tmp_path / "run")
    before = tables_of(tmp_path / "run")
    resume(tmp_path / "run")
    assert tables_of(tmp_path / "run") == before
    with pytest.raises(ResultsError, match="no result folder"):
        resume(tmp_path)


def test_levels_share_one_run_of_their_twin(monkeypatch):
    runs = []
    simulate = runner.simulate
    monkeypatch.setattr(runner, "simulate", lambda *world: runs.append(world[0].team.hours_per_week) or simulate(*world))
    replicate(tuple(point.scenario for point in short_plan(1, "team.hours_per_week=5,10,15").points), 1, 0)
    assert runs == [0.0, 5.0, 10.0, 15.0]


def test_more_replications_or_points_leave_those_there_are_as_they_were(tmp_path):
    few = execute(short_plan(2), tmp_path / "few").table("outcomes")
    many = execute(short_plan(3, "team.hours_per_week=5,20,30"), tmp_path / "many").table("outcomes")
    kept = many[(many["replication"] < 2) & (many["point"] < 2)].reset_index(drop=True)
    assert few.equals(kept)


def test_seeds_differ(tmp_path):
    plan = short_plan(1)
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
    plan = short_plan(1)
    execute(plan, tmp_path / "run")
    assert Plan.from_results(read(tmp_path / "run")) == plan
