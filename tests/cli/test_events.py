"""Event logs that cannot be written as asked for: one line, exit 2 and nothing written."""

import shutil

import pytest

from tests.small import small_results


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("events") / "run", 1, "team.hours_per_week=20").folder


@pytest.fixture
def folder(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "run")
    (tmp_path / "a file").write_text("mine")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "petri"], "'petri' is not one of 'mmm', 'attribution', 'crm', 'ocel', 'xes', 'vidigi'"),
        (["--for", "xes", "--point", "1"], "--point 1: there are points 0 to 0"),
        (["--for", "vidigi", "--worlds", "2"], "holds 1 of each point; give 1 to 1"),
        (["--for", "mmm", "--point", "0"], "--point and --worlds go with --for ocel|xes|vidigi"),
        (["--for", "ocel", "-o", "a file"], "a file: is a file; give a folder for the export"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_line(told, folder, words, said):
    ended = told("results", "export", "run", *words, cwd=folder)
    message, *hint = ended.stderr.splitlines()
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in message
    assert all(line.startswith("Try: ") for line in hint)
    assert not (folder / "run" / "export").exists()
    assert (folder / "a file").read_text() == "mine"


@pytest.mark.parametrize("words", [["ocel"], ["xes"], ["vidigi", "--point", "0"]])
def test_a_run_that_is_not_finished_has_no_event_logs_yet(told, folder, words):
    (folder / "run" / "checksums.json").unlink()
    ended = told("results", "export", "run", "--for", *words, cwd=folder)
    assert ended.returncode == 2
    assert "not finished" in ended.stderr
    assert "sim resume" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not (folder / "run" / "export").exists()


def test_logs_that_are_there_are_replaced_and_other_files_kept(told, folder):
    words = ("results", "export", "run", "--for", "ocel", "-o", "out", "--quiet")
    assert told(*words, cwd=folder).returncode == 0
    first = (folder / "out" / "ocel_p0_r0.json").read_bytes()
    (folder / "out" / "ocel_p0_r0.json").write_text("old")
    (folder / "out" / "ocel_p0_r0.sqlite").write_text("old")
    (folder / "out" / "mine.txt").write_text("mine")
    assert told(*words, cwd=folder).returncode == 0
    assert (folder / "out" / "ocel_p0_r0.json").read_bytes() == first
    assert (folder / "out" / "ocel_p0_r0.sqlite").read_bytes().startswith(b"SQLite format 3")
    assert (folder / "out" / "mine.txt").read_text() == "mine"
