"""Worlds that a search keeps: a file that cannot be used is refused, and let go of."""

import sqlite3

import pytest

from sim.experiment import ResultsError, Workers, store
from sim.experiment.evaluation_cache import Evaluations, Measure, check_free


def no_outcomes(scenarios, seed, replication):
    raise AssertionError("nothing is to be run")


@pytest.fixture
def opened(monkeypatch):
    """Every connection that was opened."""
    connect, made = sqlite3.connect, []

    def noted(*given, **named):
        made.append(connect(*given, **named))
        return made[-1]

    monkeypatch.setattr("sim.experiment.evaluation_cache.sqlite3.connect", noted)
    return made


def is_closed(connection):
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_file_that_cannot_be_used_is_closed_again(tmp_path, opened):
    """Python 3.13 warns of a connection that is left open; on some systems the file could not be removed."""
    damaged, other = tmp_path / "damaged.sqlite", tmp_path / "other.sqlite"
    damaged.write_bytes(b"no database" * 500)
    with Evaluations(other, Workers(), Measure(("a",), no_outcomes)):
        pass
    for path, said in ((damaged, "damaged"), (other, "another purpose")):
        with pytest.raises(ResultsError, match=said):
            Evaluations(path, Workers(), Measure(("b",), no_outcomes))
    assert len(opened) == 3
    assert all(map(is_closed, opened))


def test_what_a_kill_leaves_in_a_folder_is_no_hindrance(tmp_path):
    """The journal of a database, and a file that was half written: the same command said that something else was there."""
    for name in ("search.sqlite", "search.sqlite-journal", "report.html.unfinished"):
        (tmp_path / name).touch()
    check_free(tmp_path, ["report.html"])
    (tmp_path / "report.html.unfinished").unlink()
    store.check_free(tmp_path, force=False)
    (tmp_path / "mine.txt").touch()
    with pytest.raises(ResultsError, match=r"holds something other than report\.html"):
        check_free(tmp_path, ["report.html"])
    with pytest.raises(ResultsError, match="exists already"):
        store.check_free(tmp_path, force=False)
