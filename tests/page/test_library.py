"""What the page may open: results in one folder, and nothing that lies or leads outside."""

import os

import pytest

from sim.experiment import ResultsError
from sim.page import library as module
from sim.page.library import Library
from tests.small import small_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    small_results(folder / "one", 1)
    return folder


def test_a_folder_of_results_and_a_result_folder_are_shelves(folder):
    assert Library.of(folder).names() == ["one"]
    assert Library.of(folder / "one").names() == ["."]
    assert Library.of(folder).new("a run") == folder / "a run"
    assert Library.of(folder / "one").new("a run") == folder / "one" / "runs" / "a run"


@pytest.mark.parametrize("name", ["", " ", "..", ".", "a/b", "../x", "/etc", "a\\b", "a\0b", "one", 101 * "a"])
def test_a_run_cannot_be_called_what_leads_elsewhere_or_is_taken(folder, name):
    with pytest.raises(ResultsError, match="name"):
        Library.of(folder).new(name)


@pytest.mark.parametrize("name", ["..", "../one", "/etc", "two"])
def test_only_results_on_the_shelf_are_opened(folder, name):
    with pytest.raises(ResultsError, match="no such results"):
        Library.of(folder).open(name)


def hostile(folder, kind, monkeypatch):
    if kind == "points out of":
        (folder / "out").symlink_to("/etc")
    elif kind == "a file elsewhere":
        (folder / "one" / "more.parquet").symlink_to("/etc/passwd")
    elif kind == "deep":
        folder.joinpath(*"abcdefghij").mkdir(parents=True)
    elif kind == "files":
        monkeypatch.setattr(module, "MOST_FILES", 30)
        for number in range(31):
            (folder / f"{number}").touch()
    else:
        with (folder / "large").open("wb") as file:
            os.truncate(file.fileno(), module.MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("points out of", "points out of"),
        ("a file elsewhere", "points out of"),
        ("deep", "deep"),
        ("files", "more than 30 files"),
        ("bytes", "16 GB"),
    ],
)
def test_hostile_folders_are_refused(tmp_path, kind, said, monkeypatch):
    small_results(tmp_path / "one", 1, "team.hours_per_week=5")
    assert Library.of(tmp_path).names() == ["one"]
    hostile(tmp_path, kind, monkeypatch)
    with pytest.raises(ResultsError, match=said):
        Library.of(tmp_path)


def test_links_within_the_folder_do_no_harm(folder):
    link = folder / "link"
    link.symlink_to("one")
    try:
        assert "one" in Library.of(folder).names()
    finally:
        link.unlink()


def test_folders_without_results_are_said_to_have_none(tmp_path):
    assert Library.of(tmp_path).names() == [], "an empty folder waits for its first results"
    (tmp_path / "something").touch()
    with pytest.raises(ResultsError, match="no finished results"):
        Library.of(tmp_path)
    with pytest.raises(ResultsError, match="no such folder"):
        Library.of(tmp_path / "none")


def test_a_page_that_was_killed_in_its_first_run_is_opened_again(tmp_path):
    """It was refused: there were no finished results in its folder, but the run that it was to go on with."""
    small_results(tmp_path / "mine", 1)
    (tmp_path / "mine" / "checksums.json").unlink()
    assert Library.of(tmp_path).names() == []
    assert Library.of(tmp_path).unfinished() == [tmp_path / "mine"]
    small_results(tmp_path / "whole", 1)
    assert Library.of(tmp_path).unfinished() == [tmp_path / "mine"]
