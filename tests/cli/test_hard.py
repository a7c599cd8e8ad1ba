"""What broke the program once, as a kind of fault each: the right value, or one line, exit 2 and nothing written."""

import errno
import os
import signal
import subprocess
import sys
import time

import pyarrow
import pytest

from sim.cli.main import Terminated
from sim.experiment import ResultsError, runner
from sim.experiment.sealed import write_sealed
from sim.experiment.store import check_free
from sim.scenario.printable import escaped, is_printable
from tests.small import SHORT_YAML, small_results

OWN = """
name: all own
channels:
  podcast: {users: .4, invitations: to_connect, found_per_year: 0.5}
  "my {chan}nel % $x$": {users: .3, followers_at_start: 0.2}
profiles: {colleagues: 10, channel: podcast}
sponsoring: {per_week: 100, channel: podcast}
market:
  accounts: 40
  customers: 20
  segments: {"big {x}": {share: 0.5, needs_per_year: 1.0}, "small %s $y": {share: 0.5, needs_per_year: 1.2}}
  roles: {"boss {z}": {weight: 0.5}, "é": {weight: 0.5}}
sales: {stages: {"first {s} $": {share_of_cycle: 0.5, pass_share: 0.6}, second: {share_of_cycle: 0.5, pass_share: 0.7}}}
content:
  sources: {mine: {per_week: 3}}
  formats: {raw: {mix: 1.0, sources: [mine], channels: [podcast]}}
  planned: {launch: {kind: raw, week: 3}}
weak_signals: {ideas_go_to: mine}
validation: {reviewers: {"bob {b}": {share_raw: 0.5}}}
team: {hours_per_week: 30, members: {"Ann {q} %": {share: 0.5}, bob: {share: 0.5}}}
time: {horizon_weeks: 40}
"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_name_may_be_the_authors_own(told, tmp_path, language):
    """Channels, segments, roles, stages, sources, formats, planned posts, reviewers, members: traced and drawn."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    done = told("run", "own.yaml", "--trace", 5, "--replications", 1, "--lang", language, "-o", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for account in (5, 30):
        done = told("plot", "run", "--trace", account, "-o", "figures", "--lang", language, cwd=tmp_path)
        assert done.returncode == 0, done.stderr


REFUSED = [
    ("market.shortlist.salience_slope=0.0005", "market.shortlist.salience_slope 0.0005 takes more than 1,000,000 times"),
    ("sales.cycle_weeks.median=1e11", "cycle_weeks.median is 1e+11; give at most 1040 weeks"),
    ("sales.cycle_weeks={median: 900, sigma: 4}", "cycle_weeks.mean is"),
    ("dialogue.patience_hours=1e12", "give a number from 1e-06 to 200000, in h"),
    ("time.start=9999-12-31", "9999-12-31 is too large; give a date such as 2012-01-02 from 1900-01-01 to 2200-12-31"),
    ("outside.spam_per_week=1e5", "give a number from 0 to 1000, in 1/week"),
    ("outside.questions_per_week=1e12", "give a number from 0 to 1000"),
    ("weak_signals.trends_per_year=1e12", "give a number from 0 to 5000"),
    ("animation.invitations_per_year=1e12", "give a number from 0 to 365"),
    ("content.formats.raw.engagement=1e12", "give a number from 0 to 100"),
    ("selection.customer=1e12", "give a number from 1e-06 to 100"),
    ("selection.trust=1e12", "give a number from 0 to 100"),
    ("sales.load_exponent=1000", "give a number from 0 to 10"),
    ("team={hours_per_week: 900, hire: {max_hours_per_week: 0.001}}", "take more than 1,000 hires"),
    (r'channels={"x\e[31m": {}}', "channels has an entry named"),
    (r'name="a\u202eb"', "a name has letters, digits, blanks and signs"),
    (r'name="a\u0085b"', "a name has letters, digits, blanks and signs"),
    (r'name="a\u2028b"', "a name has letters, digits, blanks and signs"),
]


@pytest.mark.parametrize(("override", "said"), REFUSED, ids=[override for override, _ in REFUSED])
def test_what_cannot_be_computed_is_refused_by_name_in_one_line(told, tmp_path, override, said):
    (tmp_path / "a.yaml").write_text("name: a\n")
    words = ("run", "a.yaml", "--set", override, "--replications", 1, "-o", "run")
    if override.startswith(("channels", "team=", "name")):  # an override of the whole
        path, _, value = override.partition("=")
        (tmp_path / "a.yaml").write_text(f"{'' if path == 'name' else 'name: a'}\n{path}: {value}\n")
        words = ("run", "a.yaml", "--replications", 1, "-o", "run")
    done = told(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 3
    assert done.stdout == ""
    assert all(is_printable(line) for line in done.stderr.splitlines())
    assert not (tmp_path / "run").exists()


def test_many_entries_are_refused_without_naming_them_all(told, tmp_path):
    (tmp_path / "a.yaml").write_text("name: a\nchannels:\n" + "".join(f"  c{number}: {{}}\n" for number in range(2_000)))
    done = told("scenario", "check", "a.yaml", cwd=tmp_path)
    assert (done.returncode, len(done.stderr) < 500) == (2, True)
    assert "channels has 2000 entries; give at most 1000" in done.stderr


def test_a_negative_zero_is_zero(told, tmp_path):
    (tmp_path / "a.yaml").write_text("name: a\nteam: {hours_per_week: -0.0}\nmarket: {accounts: 30, customers: 3}\n")
    done = told("scenario", "check", "a.yaml", cwd=tmp_path)
    assert "(a, 0 hours per week," in done.stdout


def test_a_pipe_is_no_scenario(told, tmp_path):
    os.mkfifo(tmp_path / "a.yaml")
    done = told("scenario", "check", "a.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "this is not a file" in done.stderr


def test_a_bad_epoch_is_said_before_any_work(told, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    done = told("results", "list", ".", cwd=tmp_path)
    assert (done.returncode, "SOURCE_DATE_EPOCH is 'abc'" in done.stderr) == (2, True)


def test_little_room_is_said_before_libraries_are_loaded(told, tmp_path, monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda _: (600_000_000, 600_000_000))
    done = told("results", "list", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        1, "sim: memory is short: this process may take 0.6 GB (ulimit -v); allow it 2.5\n"
    )  # fmt: skip


def test_sigterm_is_one_line(told, tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise Terminated

    monkeypatch.setattr("sim.cli.main.Commands.invoke", stopped)
    done = told("results", "list", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr.startswith("sim: interrupted;"), done.stderr.count("\n")) == (143, True, 1)


ENDING = """
import threading, time
from sim.cli.main import main
threading.Thread(target=time.sleep, args=(5.0,)).start()  # waited for while Python ends, as workers are
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_after_the_answer_changes_nothing(number):
    """It was a traceback of Python's own, beside results that were whole."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", ENDING, "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as ending:
        said = ending.stdout.readline()
        time.sleep(0.5)
        ending.send_signal(number)
        rest, error = ending.communicate(timeout=60)
    assert (ending.returncode, said.startswith("sim "), rest, error) == (0, True, "", "")


def test_what_was_interrupted_is_gone_on_with_before_it_is_thrown_away(tmp_path):
    small_results(tmp_path / "run", 1)
    with pytest.raises(ResultsError, match="exists already; choose another folder, or --force"):
        check_free(tmp_path / "run", force=False)
    (tmp_path / "run" / "checksums.json").unlink()
    with pytest.raises(ResultsError, match=rf"not finished; continue with: sim resume {tmp_path / 'run'}; or choose"):
        check_free(tmp_path / "run", force=False)


def test_what_is_printed_cannot_control_a_terminal():
    assert escaped("a\x1b[31m\u202e\x85\n") == "a\\u001b[31m\\u202e\\u0085\n"
    assert escaped("é ü 日本") == "é ü 日本"


def test_what_is_damaged_beside_results_is_named_with_the_command_that_makes_it_anew(told, tmp_path):
    small_results(tmp_path / "run", 1)
    write_sealed(tmp_path / "run" / "flips.json", {"results": "abc", "content": {}})
    assert told("results", "verify", "run", cwd=tmp_path).returncode == 0
    (tmp_path / "run" / "flips.json").write_text("{}")
    (tmp_path / "run" / "sets.sqlite").write_text("hello")
    done = told("results", "verify", "run", cwd=tmp_path)
    assert done.returncode == 1
    assert "run/flips.json: is not what was written\n" in done.stdout
    assert "run/sets.sqlite: is not what was written; remove it" in done.stdout
    assert done.stderr == "Next: sim warn run computes again what is damaged, and nothing else.\n"


def test_a_folder_that_cannot_be_read_is_listed_with_the_reason(told, tmp_path):
    """It was left out, as if it were not there."""
    small_results(tmp_path / "run", 1)
    (tmp_path / "run" / "manifest.json").write_text("{}")
    done = told("results", "list", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("run/manifest.json: is not what was written; give back")


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory"), pyarrow.ArrowMemoryError("malloc of size 64")]
)
def test_a_table_for_which_memory_is_short_is_not_said_to_be_damaged(told, tmp_path, monkeypatch, error):
    small_results(tmp_path / "run", 1)

    def short_of_it(*_, **__):
        raise error

    monkeypatch.setattr("sim.experiment.results.pq.ParquetFile", short_of_it)
    done = told("compare", "run", cwd=tmp_path)
    assert done.returncode == 1
    assert "memory is short; fewer --workers" in done.stderr
    assert "anew" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_report_into_a_folder_that_cannot_be_written_to_is_refused_in_one_line(told, tmp_path, monkeypatch):
    small_results(tmp_path / "run", 1)
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)  # tests may be run by one who may write everywhere
    done = told("report", "run", "-o", "r.html", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n"), (tmp_path / "r.html").exists()) == (2, 1, False)
    assert "cannot be written to (Permission denied)" in done.stderr


def test_a_folder_that_is_moved_while_it_is_written_to_is_said_to_be(told, tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text(SHORT_YAML)
    compute = runner.compute

    def moved(task):
        if (tmp_path / "run").exists():
            (tmp_path / "run").rename(tmp_path / "elsewhere")
        return compute(task)

    monkeypatch.setattr("sim.experiment.runner.compute", moved)
    done = told("run", "a.yaml", "--replications", 2, "-o", "run", cwd=tmp_path)
    assert done.returncode == 1
    assert "sim: run: is not there any more; if it was moved, continue with sim resume" in done.stderr
    assert done.stderr.count("\n") == 1
    monkeypatch.undo()
    assert told("resume", "elsewhere", cwd=tmp_path).returncode == 0
