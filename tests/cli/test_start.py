"""`sim start`: from answers to a scenario, read back, and an answer; nothing is written if they are wrong."""

import json
import os
import signal
import sys
from functools import partial

import pytest
from click.testing import CliRunner

import sim
from sim.cli.console import Interrupted, interruptible
from sim.cli.main import main
from sim.cli.start import start
from sim.scenario import load

FIRM = ["--name", "Her Firm", "--year", "2026", "--target-accounts", "120", "--deals-per-year", "5", "--deal-value", "18,000"]
MORE = ["--customers", "20", "--person", "Anna:6:55", "--channels", "linkedin, blog", "--margin", "70 %"]


@pytest.fixture(autouse=True)
def inside_a_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def started(*words, **options):
    return CliRunner().invoke(start, [*map(str, words)], **options)


def test_options_give_a_scenario_and_the_company_read_back(tmp_path):
    done = started(*FIRM, *MORE, "-o", "firm.yaml", "--until", "scenario", "--quiet")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Without social media Her Firm wins 5 deals per year worth 90,000 EUR, and renews 85 %")
    found = load(tmp_path / "firm.yaml")
    assert (found.company.deals_per_year, found.market.accounts, found.team.members["Anna"].cost_per_hour) == (5.0, 120, 55.0)
    assert found.company.solved_for, "so it need not be solved again"
    again = started(*FIRM, "-o", "firm.yaml", "--until", "scenario")
    assert "exists already" in str(again.exception)


def test_a_file_of_answers_with_an_option_above_it_gives_json(tmp_path):
    (tmp_path / "answers.yaml").write_text("name: Her Firm\ntarget_accounts: 120\ndeals_per_year: 4\n", encoding="utf-8")
    words = ("--answers", "answers.yaml", "--deals-per-year", 5, "-o", "firm.yaml", "--until", "scenario", "--json", "--quiet")
    done = started(*words)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["baseline"]["deals_per_year"] == 5.0


def test_wrong_answers_are_said_all_at_once_and_nothing_is_written(tmp_path):
    done = started("--name", "x", "--margin", "145 %", "--deal-value", "lots", "-o", "firm.yaml")
    assert str(done.exception).splitlines()[0].startswith("deal_value: 'lots' is not a number")
    assert "margin: 145 % is not possible here" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
    assert "give --answers FILE" in started("-o", "firm.yaml").output
    assert "more than name, hours and cost" in started("--person", "a:1:2:3", "-o", "firm.yaml").output


def test_results_that_are_there_are_seen_before_anything_is_solved(tmp_path):
    (tmp_path / "results" / "firm").mkdir(parents=True)
    (tmp_path / "results" / "firm" / "something").touch()
    done = started(*FIRM, "-o", "firm.yaml")
    assert done.exit_code != 0
    assert not (tmp_path / "firm.yaml").exists()


def test_questions_are_asked_until_they_can_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.cli.start._is_asked_at_a_terminal", lambda: True)
    said = [
        "",
        "Her Firm",
        "",
        "",
        "120",
        "five",
        "5",
        "18k",
        "",
        "20",
        "",
        "",
        "Anna",
        "6",
        "",
        "",
        "blog, linkdin",
        "blog",
        "0",
    ]
    done = started("-o", "firm.yaml", "--until", "scenario", input="\n".join(said) + "\n")
    assert done.exit_code == 0, done.output
    assert "The company needs a name." in done.output
    assert "'five' is not a number" in done.output
    assert "did you mean linkedin?" in done.output
    found = load(tmp_path / "firm.yaml")
    assert (found.name, found.company.deals_per_year, list(found.channels), list(found.team.members)) == (
        "Her Firm", 5.0, ["blog"], ["Anna"],
    )  # fmt: skip


def test_a_block_that_says_more_when_it_is_stopped_gives_the_signal_back():
    mine = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        given = signal.getsignal(signal.SIGTERM)
        with pytest.raises(Interrupted, match="so far") as stopped, interruptible("so far"):
            os.kill(os.getpid(), signal.SIGTERM)
        assert stopped.value.code == 143
        assert signal.getsignal(signal.SIGTERM) is given
    finally:
        signal.signal(signal.SIGTERM, mine)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["words", "json"])
def test_who_stops_the_search_for_warnings_is_told_where_the_answer_is(monkeypatch, capsys, number, code, more):
    """Stopped after the answer: it says so in one line, with the command that goes on; results are those of the answer."""
    monkeypatch.setattr("sim.workflows.start.REPLICATIONS", 2)
    monkeypatch.setattr("sim.workflows.start.levels_with", lambda scenario: [2.0, 6.0])
    monkeypatch.setattr(sim, "warnings", lambda *given, **how: os.kill(os.getpid(), number))
    monkeypatch.setattr(sys, "argv", ["sim", "start", *FIRM, "-o", "her firm.yaml", "--quiet", *more])
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with Ctrl-C ignored
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    told = capsys.readouterr()
    assert [line for line in told.err.splitlines() if line] == [
        "sim: stopped; the answer is kept in results/her firm. Warnings are looked for with:"
        " sim warn 'results/her firm' --scenario 'her firm.yaml'"
    ]
    assert ("With the numbers as given" in told.out) is (not more)
    assert len(sim.read("results/her firm").labels) == 2


@pytest.mark.slow
def test_the_whole_way_ends_with_one_page(tmp_path, monkeypatch):
    """In few worlds, and with few sets of assumptions: what they come to is not looked at."""
    monkeypatch.setattr("sim.workflows.start.REPLICATIONS", 4)
    monkeypatch.setattr(sim, "warnings", partial(sim.warnings, sets=12, members=10, most=2, worlds=2))
    done = started(*FIRM, *MORE, "-o", "firm.yaml")
    assert done.exit_code == 0, done.output
    headings = (
        "With the numbers as given", "Your company without social media", "The week, in hours worked", "The money",
        "What to do", "What to watch",
    )  # fmt: skip
    assert [line for line in done.output.splitlines() if line in headings] == list(headings)
    assert (tmp_path / "results" / "firm" / "flips.json").is_file()
