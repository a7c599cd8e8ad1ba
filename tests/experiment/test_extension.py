"""Replications and points that are added later: the same as if they had been asked for at once; a kill loses nothing."""

import shutil
from dataclasses import replace

import pytest

import sim
from sim.experiment import Plan, ResultsError, execute, extension, read, runner
from sim.experiment.designs import Layout, grid
from sim.experiment.errors import RunError
from sim.experiment.integrity import NEXT, faults
from sim.experiment.one_world import simulate_anew
from sim.experiment.precision import Target
from sim.experiment.store import Store
from tests.small import short, short_plan

HOURS = "team.hours_per_week"


def files_of(folder):
    """All that matters of a folder of finished results, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in {".parquet", ".json"}} | {
        "timing.json": b""
    }


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return execute(short_plan(2), tmp_path_factory.mktemp("extension") / "few").folder


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return files_of(execute(short_plan(4), tmp_path_factory.mktemp("extension") / "many").folder)


@pytest.fixture(scope="module")
def wider(tmp_path_factory):
    plan = short_plan(2, f"{HOURS}=5,20,10,15")
    return files_of(execute(plan, tmp_path_factory.mktemp("extension") / "wider").folder)


@pytest.fixture
def held(few, tmp_path):
    shutil.copytree(few, tmp_path / "run")
    return tmp_path / "run"


def test_replications_added_later_are_those_asked_for_at_once(held, many):
    results = sim.resume(held, replications=4)
    assert files_of(held) == many
    assert faults(results) == []


def test_points_added_later_are_those_asked_for_at_once(held, wider):
    sim.resume(held, f"{HOURS}=5,10,15")
    assert files_of(held) == wider


def test_points_and_replications_can_be_added_together(held, tmp_path):
    sim.resume(held, {HOURS: [10]}, replications=3)
    whole = execute(short_plan(3, f"{HOURS}=5,20,10"), tmp_path / "whole")
    assert files_of(held) == files_of(whole.folder)


def test_points_of_a_file_can_be_added(held, tmp_path):
    (tmp_path / "more.csv").write_text(f"{HOURS}\n10\n", encoding="utf-8")
    assert sim.resume(held, points=tmp_path / "more.csv").labels == ["5 h/week", "20 h/week", "10 h/week"]


def test_points_are_added_across_groups_of_worlds(tmp_path, monkeypatch):
    """With more points, a group holds fewer replications: what was one group becomes parts of several."""
    monkeypatch.setattr("sim.experiment.blocks.WORLDS_PER_GROUP", 6)
    some = execute(short_plan(7), tmp_path / "some")
    whole = execute(short_plan(7, f"{HOURS}=5,20,10"), tmp_path / "whole")
    sim.resume(some.folder, f"{HOURS}=10")
    assert files_of(some.folder) == files_of(whole.folder)


class Killed(BaseException):
    """As a kill: nothing of ours handles it."""


@pytest.mark.parametrize("more", [{"replications": 4}, {"layout": Layout((f"{HOURS}=10,15",))}], ids=["worlds", "points"])
@pytest.mark.parametrize("moment", ["a part", "the second part", "the checksums", "the manifest"])
def test_a_kill_while_results_grow_loses_nothing(held, few, many, wider, monkeypatch, more, moment):
    """Killed before all worlds are parts, the folder is what it was; killed later, it is the larger run, unfinished."""
    parts = []

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "the manifest":
            patch.setattr(Store, "_end_growing", lambda store: die() if (held / NEXT).exists() else None)
        elif moment == "the checksums":
            patch.setattr(
                "pathlib.Path.unlink", lambda path, missing_ok=False: die() if path.name == "checksums.json" else None
            )
        else:
            write = Store._write

            def one_more(store, block, tables):
                parts.append(block)
                if moment == "a part" or len(parts) > 1:
                    die()
                write(store, block, tables)

            patch.setattr(Store, "_write", one_more)
            if moment == "the second part":
                patch.setattr(extension, "_cut", lambda group, points: [one_replication(group, 0), one_replication(group, 1)])
        with pytest.raises(Killed):
            extension.extend(held, **more)
    runner.resume(held)
    after = files_of(held)
    if moment == "the manifest":
        assert after == (many if "replications" in more else wider)
        return
    assert after == files_of(few)
    assert faults(read(held)) == []
    extension.extend(held, **more)
    runner.resume(held)
    assert files_of(held) == (many if "replications" in more else wider)


def one_replication(group, replication):
    return replace(group, replication=replication, until_replication=replication + 1)


def test_a_run_that_ends_while_worlds_are_added_goes_on(held, many, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(runner, "replicate", lambda *_, **__: (_ for _ in ()).throw(RunError("the disk is full")))
        with pytest.raises(RunError):
            sim.resume(held, replications=4)
    assert not read(held).is_finished
    sim.resume(held)
    assert files_of(held) == many


def test_an_unfinished_run_can_be_given_more_replications_but_no_points(few, many, tmp_path):
    folder = tmp_path / "begun"
    Store.create(folder, short_plan(2).manifest()).close()
    with pytest.raises(ResultsError, match="finish it first"):
        sim.resume(folder, f"{HOURS}=10")
    sim.resume(folder, replications=4)
    assert files_of(folder) == many


def test_precision_is_no_longer_asked_once_replications_are(tmp_path):
    plan = Plan("short", grid(short(), [f"{HOURS}=20"]), 3, 7, target=Target(share=0.5))
    execute(plan, tmp_path / "run")
    assert sim.resume(tmp_path / "run", replications=4).manifest["target"] is None


@pytest.mark.parametrize(
    ("vary", "more", "said"),
    [
        ([], {"replications": 2}, "there are 2 already"),
        ([f"{HOURS}=5"], {}, "every point is there already"),
        (["sales.margin=0.3"], {}, "must set what the others set"),
    ],
)
def test_what_adds_nothing_is_refused_and_changes_nothing(held, few, vary, more, said):
    with pytest.raises(ResultsError, match=said):
        sim.resume(held, *vary, **more)
    assert files_of(held) == files_of(few)


def test_damaged_results_are_mended_before_anything_is_added(held):
    path = held / "deals.parquet"
    path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:])
    with pytest.raises(ResultsError, match="mend it first"):
        sim.resume(held, replications=4)
    assert not (held / NEXT).exists()


def test_one_world_is_simulated_anew_and_is_what_is_stored(held):
    found = simulate_anew(read(held), 1, 1)
    assert found.differing == []
    table = read(held).table("outcomes")
    row = table[(table["point"] == 1) & (table["replication"] == 1)].iloc[0]
    assert found.outcomes["net_return_expected"] == row["net_return_expected"]
    assert simulate_anew(read(held), 1, 5).differing is None, "there is no such world there, but it can be run"
    with pytest.raises(ResultsError, match="points 0 to 1"):
        simulate_anew(read(held), 2, 0)


def test_a_world_that_is_not_what_is_stored_is_told(held, monkeypatch):
    results = read(held)
    table = results.table("outcomes").assign(cost=0.0)
    monkeypatch.setattr("sim.experiment.results.Results.table", lambda *_: table)
    assert simulate_anew(results, 0, 0).differing == ["cost"]


@pytest.mark.parametrize(("asked", "whole"), [({"replications": 4}, "many"), ({"vary": [f"{HOURS}=5,10,15"]}, "wider")])
def test_the_same_command_goes_on_after_an_interruption(held, asked, whole, request):
    """It was refused: there were as many already, or every point, of a run that had only begun."""
    vary, more = asked.get("vary", []), {key: one for key, one in asked.items() if key != "vary"}
    extension.extend(held, asked.get("replications"), Layout(((HOURS, [5, 10, 15]),)) if vary else None)
    assert not read(held).is_finished
    sim.resume(held, *vary, **more)
    assert files_of(held) == request.getfixturevalue(whole)
    with pytest.raises(ResultsError, match="already"):
        sim.resume(held, *vary, **more)
