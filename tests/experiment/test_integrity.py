"""Whatever happens to files: it is found, named, and costs no more than it must."""

import json
import shutil

import pytest
from pyarrow import parquet

from sim.experiment import ResultsError, blocks, execute, read, resume, runner
from sim.experiment.backends import HERE
from sim.experiment.columns import TABLES
from sim.experiment.evaluation_cache import Evaluations, Measure
from sim.experiment.integrity import MADE_BY, NEXT, SEARCH, SETS, WARNED, faults
from sim.experiment.runner import Task, compute
from sim.experiment.sealed import write_sealed
from sim.experiment.store import Store
from tests.small import short, short_plan, tables_of


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "WORLDS_PER_GROUP", 4)  # so that few worlds make several groups
        execute(short_plan(6), folder)
    return folder


@pytest.fixture
def copy(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "WORLDS_PER_GROUP", 4)
    return shutil.copytree(whole, tmp_path / "copy")


def flip(path, where):
    """Change one bit, so far into the file."""
    content = bytearray(path.read_bytes())
    content[int(where * (len(content) - 1))] ^= 1
    path.write_bytes(bytes(content))


def replications_run(monkeypatch):
    """The replications that are computed from now on."""
    run = []
    compute_ = runner.compute
    monkeypatch.setattr(
        runner,
        "compute",
        lambda task: run.extend(range(task.block.replication, task.block.until_replication)) or compute_(task),
    )
    return run


def test_sound_results_have_no_faults(whole):
    assert faults(read(whole)) == []


@pytest.mark.parametrize("where", [0.2, 0.5, 0.8, 0.999])
def test_a_flipped_bit_in_a_finished_table_is_named_and_mended(whole, copy, where):
    flip(copy / "weeks.parquet", where)
    (found,) = faults(read(copy))
    assert (found.path, found.is_damage) == (copy / "weeks.parquet", True)
    resume(copy)
    assert tables_of(copy) == tables_of(whole)
    assert faults(read(copy)) == []


def test_only_the_damaged_group_is_computed_anew(copy, whole, monkeypatch):
    flip_in_page(copy / "decisions.parquet", group=0, column=2)  # the first of three groups of two replications
    run = replications_run(monkeypatch)
    resume(copy)
    assert run == [0, 1]
    assert tables_of(copy) == tables_of(whole)


def flip_in_page(path, *, group, column):
    """Change one bit of the last byte of a column's data, which is of no header."""
    page = parquet.ParquetFile(path).metadata.row_group(group).column(column)
    inside = (page.dictionary_page_offset or page.data_page_offset) + page.total_compressed_size - 1
    flip(path, (inside + 0.5) / (path.stat().st_size - 1))


def test_a_damaged_page_is_never_read_as_if_it_were_sound(copy):
    path = copy / "outcomes.parquet"
    flip_in_page(path, group=0, column=5)
    with pytest.raises(ResultsError, match=r"outcomes\.parquet: is not what was written"):
        read(copy).table("outcomes")


def test_a_missing_table_is_named_and_computed_anew(copy, whole):
    (copy / "deals.parquet").unlink()
    (found,) = faults(read(copy))
    assert found.what == "is missing"
    resume(copy)
    assert tables_of(copy) == tables_of(whole)


def interrupted(folder, replications=6):
    """A run of which a few blocks are kept."""
    plan = short_plan(replications)
    scenarios = tuple(point.scenario for point in plan.points)
    with Store.create(folder, plan.manifest()) as store:
        for number in range(replications - 2):
            block = blocks.Block(number, number + 1, 0, 2)
            store.add(block, compute(Task(block, scenarios, plan.seed, False)).tables)
    return sorted((folder / "parts").iterdir())


def test_a_flipped_bit_in_a_part_is_named_and_its_block_computed_anew(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(blocks, "WORLDS_PER_GROUP", 4)
    parts = interrupted(tmp_path / "run")
    flip(parts[1] / "deals.parquet", 0.5)
    (found,) = faults(read(tmp_path / "run"))
    assert found.path == parts[1] / "deals.parquet"
    run = replications_run(monkeypatch)
    resume(tmp_path / "run")
    assert run == [1, 4, 5]
    assert tables_of(tmp_path / "run") == tables_of(whole)


def test_what_is_not_ours_is_named_and_left_alone(tmp_path):
    parts = interrupted(tmp_path / "run")
    (parts[0].parent / "letter.txt").write_text("mine")
    (tmp_path / "run" / "notes.txt").write_text("mine too")
    assert [fault.path.name for fault in faults(read(tmp_path / "run")) if not fault.is_damage] == ["letter.txt", "notes.txt"]
    resume(tmp_path / "run")
    assert (tmp_path / "run" / "parts" / "letter.txt").read_text() == "mine"
    execute(short_plan(1), tmp_path / "run", force=True)
    assert (tmp_path / "run" / "notes.txt").read_text() == "mine too"
    assert (tmp_path / "run" / "parts" / "letter.txt").read_text() == "mine"


def test_a_part_of_other_results_is_refused(tmp_path):
    parts = interrupted(tmp_path / "run")
    execute(short_plan(2, "team.hours_per_week=5,30"), tmp_path / "other")
    plan = short_plan(6, "team.hours_per_week=5,30")
    with Store.create(tmp_path / "third", plan.manifest()) as store:
        shutil.copytree(parts[0], store.folder / "parts" / parts[0].name)
    with pytest.raises(ResultsError, match="belongs to other results"):
        resume(tmp_path / "third")
    assert (tmp_path / "third" / "parts" / parts[0].name / "deals.parquet").is_file()
    assert [fault.what for fault in faults(read(tmp_path / "third"))] == ["belongs to other results"]


def test_a_manifest_that_was_changed_is_found(copy):
    text = (copy / "manifest.json").read_text().replace('"seed": 7', '"seed": 8')
    (copy / "manifest.json").write_text(text)
    for reader in (read, resume):
        with pytest.raises(ResultsError, match=r"manifest\.json: damaged \(not what was written\)"):
            reader(copy)


def test_a_run_killed_between_putting_together_and_taking_away_is_whole(copy, whole, monkeypatch):
    """The parts are there still: none is computed again, and they are taken away."""
    shutil.copytree(interrupted(copy.parent / "parts_of")[0].parent, copy / "parts")
    run = replications_run(monkeypatch)
    resume(copy)
    assert run == []
    assert not (copy / "parts").exists()
    assert tables_of(copy) == tables_of(whole)


def test_parts_are_put_together_when_there_are_many(tmp_path, monkeypatch):
    """At any moment there are about as many parts as are allowed, and a kill between two steps loses and doubles nothing."""
    plan = short_plan(8)
    scenarios = tuple(point.scenario for point in plan.points)
    monkeypatch.setattr("sim.experiment.store.MOST_PARTS", 4)
    monkeypatch.setattr(blocks, "WORLDS_PER_GROUP", 4)
    most = 0
    with Store.create(tmp_path / "run", plan.manifest()) as store:
        for number in range(8):
            for point in (0, 1):
                block = blocks.Block(number, number + 1, point, point + 1)
                store.add(block, compute(Task(block, (scenarios[point],), plan.seed, False)).tables)
                most = max(most, len(list((tmp_path / "run" / "parts").iterdir())))
        assert most <= 8
        kept = sorted((tmp_path / "run" / "parts").iterdir())
        assert kept[0].name == "r0000000-0000001.p00000-00001"
        left_over = blocks.Block(0, 1, 0, 1)  # a kill after the rename leaves what was put together
        shutil.copytree(kept[0], tmp_path / "run" / "parts" / left_over.name)
    resume(tmp_path / "run")
    execute(plan, tmp_path / "whole")
    assert tables_of(tmp_path / "run") == tables_of(tmp_path / "whole")


def test_tables_of_many_groups_are_read_by_point_and_replication(whole):
    frame = read(whole).table("outcomes")
    assert list(zip(frame["point"], frame["replication"], strict=True)) == [(p, r) for p in (0, 1) for r in range(6)]
    assert set(TABLES) == {path.stem for path in whole.glob("*.parquet")}


@pytest.mark.parametrize("where", [0.0, 0.01, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("table", ["outcomes", "deals", "quarters"])
def test_a_table_with_any_bit_flipped_is_not_read(copy, table, where):
    """Not only its pages, which have checksums of their own: what stands between and around them, too."""
    read(copy).table(table)
    flip(copy / f"{table}.parquet", where)
    with pytest.raises(ResultsError, match=rf"{table}\.parquet: is not what was written; .*sim resume"):
        read(copy).table(table)


def test_no_table_is_read_beside_a_manifest_that_was_changed(copy):
    text = (copy / "manifest.json").read_text().replace('"seed": 7', '"seed": 8')
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ResultsError, match=r"manifest\.json: damaged \(not what was written\)"):
        read(copy).table("outcomes")


def test_a_table_is_read_again_once_it_is_mended(copy):
    before = read(copy).table("outcomes")
    flip(copy / "outcomes.parquet", 0.5)
    resume(copy)
    assert read(copy).table("outcomes").equals(before)


@pytest.mark.parametrize("edit", ["value", "seal", "nothing left", "a folder"])
@pytest.mark.parametrize("name", MADE_BY)
def test_what_other_commands_made_is_looked_at_too(copy, name, edit):
    """`sim results verify` called them good, and reports left them out."""
    path = copy / name
    write_sealed(path, {"results": "abc", "content": {"hours": 20.0}})
    assert faults(read(copy)) == []
    said = json.loads(path.read_text())
    if edit == "value":
        path.write_text(json.dumps({**said, "content": {"hours": 40.0}}))
    elif edit == "seal":
        path.write_text(json.dumps({"results": "abc", "content": {"hours": 40.0}}))
    else:
        path.unlink()
        path.mkdir() if edit == "a folder" else path.touch()
    (found,) = faults(read(copy))
    assert (found.path, found.is_damage, found.command) == (path, True, MADE_BY[name])


def test_a_timing_without_its_checksum_is_not_what_was_written(copy):
    said = json.loads((copy / "timing.json").read_text())
    del said["sha256"]
    (copy / "timing.json").write_text(json.dumps(said))
    assert [one.path.name for one in faults(read(copy))] == ["timing.json"]
    assert read(copy).timing == {}


def ones(scenarios, seed, replication):
    return {"one": [1.0 + seed + replication for _ in scenarios]}


@pytest.mark.parametrize("edit", ["value", "empty", "text", "page"])
@pytest.mark.parametrize("name", [SEARCH, WARNED, SETS])
def test_worlds_that_a_search_keeps_are_looked_at_too(copy, name, edit):
    path = copy / name
    with Evaluations(path, HERE, Measure(("one",), ones)) as kept:
        kept.outcomes([short()], ["one"], 3, seed=7)
    assert faults(read(copy)) == []
    content = path.read_bytes()
    at = content.index(b"\x00\x00\x22\x40") - 4  # 9.0, which the world of replication 1 holds
    path.write_bytes({
        "value": content[:at] + b"\x01" + content[at + 1 :],
        "empty": b"", "text": b"hello", "page": content[: len(content) // 2] + bytes(len(content) - len(content) // 2),
    }[edit])  # fmt: skip
    (found,) = faults(read(copy))
    assert (found.path, found.command) == (path, "")


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_larger_run_whose_manifest_was_changed_is_refused_and_harms_nothing(copy, is_whole):
    if not is_whole:
        (copy / "checksums.json").unlink()
    before = (copy / "manifest.json").read_bytes()
    (copy / NEXT).write_bytes(before.replace(b'"replications": 6', b'"replications": 9'))
    with pytest.raises(ResultsError, match=r"manifest\.next\.json: damaged \(not what was written\); remove it"):
        resume(copy)
    assert (copy / "manifest.json").read_bytes() == before
    (found,) = (one for one in faults(read(copy)) if one.path == copy / NEXT)
    assert (found.is_damage, found.command) == (True, "")
