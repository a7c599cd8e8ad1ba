"""The command as it is installed, in a process of its own, as a user runs it."""

import datetime as dt
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import polars
import pytest

from sim.analysis.charts.kinds import KINDS
from sim.cli.main import COMMANDS
from sim.report.html import markup
from tests.places import ROOT
from tests.small import SMALL_YAML, small_results, tables_of

SIM = str(Path(sys.executable).with_name("sim"))
SUBCOMMANDS = [[name] for name in COMMANDS] + [["scenario", name] for name in ("new", "check", "show")]
SUBCOMMANDS += [["calibrate", "leads"], ["calibrate", "look"]]
SUBCOMMANDS += [["results", name] for name in ("list", "show", "verify", "export")]


def sim(*words, cwd, timeout=900):
    return subprocess.run([SIM, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.yaml").write_text(SMALL_YAML)
    (folder / "short.yaml").write_text("extends: small.yaml\nname: short\ntime: {horizon_weeks: 20, run_off_weeks: 26}\n")
    small_results(folder / "res", 2)
    return folder


@pytest.mark.parametrize("words", SUBCOMMANDS, ids=" ".join)
def test_every_command_has_an_example(words, told, tmp_path):
    done = told(*words, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"Example: sim {words[0]}" in " ".join(done.stdout.split())


def test_help_lists_every_command_and_loads_nothing_heavy(tmp_path):
    done = sim("--help", cwd=tmp_path)
    assert all(name in done.stdout for name in COMMANDS)
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", SIM, "--help"], capture_output=True, text=True, cwd=tmp_path, check=True
    ).stderr
    assert not re.search(r"\| +(pandas|numpy|matplotlib|scipy|simpy|pydantic)$", loaded, re.MULTILINE)


def test_run_answers_on_one_page(place):
    done = sim("run", "small.yaml", "--replications", 2, cwd=place)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    headings = ["With the numbers as given", "Your company without social media", "The week, in hours worked", "The money"]
    assert [line for line in lines if line in headings] == headings
    assert len(lines) < 50, "a page"
    assert "Nothing was kept" in done.stderr


@pytest.mark.slow
def test_lifted_limits_stand_in_a_table_of_their_own(told, place):
    words = ("run", "small.yaml", "--replications", 2, "--lift", "acceptance", "--lift", "sales", "--quiet")
    done = told(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^small +acceptance +", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1].startswith("At small, ")
    rows = json.loads(told(*words, "--json", cwd=place).stdout)["limits"]
    assert [row["limit"] for row in rows] == ["acceptance", "sales"]
    swept = told("sweep", "small.yaml", "--vary", "team.hours_per_week=5,20", *words[2:6], "--quiet", cwd=place)
    assert swept.stdout.count("acceptance") == 2 + swept.stdout.count("acceptance binds")


def test_run_as_json_and_quiet(told, place):
    done = told("run", "small.yaml", "--replications", 2, "--json", "--quiet", "--set", "team.hours_per_week=3", cwd=place)
    said = json.loads(done.stdout)
    assert done.stderr == ""
    assert said["levels"][0]["hours_per_week"] == 3.0


def test_a_second_run_says_the_same(told, place):
    """In another process, and by others still."""
    words = ("run", "small.yaml", "--replications", 2, "--json")
    assert sim(*words, "--workers", 2, cwd=place).stdout == told(*words, cwd=place).stdout


def test_an_account_can_be_followed(told, place):
    words = ("run", "small.yaml", "--replications", 1, "--seed", 7, "--trace", 3)
    done = told(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    answer, _, followed = done.stdout.partition("\n\nAccount 3, in the first world")
    assert answer.startswith("With the numbers as given\n")
    assert followed
    events = json.loads(told(*words, "--json", "--quiet", cwd=place).stdout)["trace"]["events"]
    assert [event["event"] for event in events if event["event"] in followed] == [event["event"] for event in events]
    plotted = told("plot", "res", "--trace", 3, "-o", "traced-figs", cwd=place)
    assert plotted.returncode == 0, plotted.stderr
    assert sorted(path.name for path in (place / "traced-figs").iterdir()) == ["trace_3.csv", "trace_3.png"]


def test_results_can_be_plotted_reported_compared_and_resumed(told, place, few_questions):
    plotted = told("plot", "res", "--question", 1, "--format", "svg", "-o", "figs", cwd=place)
    assert plotted.returncode == 0, plotted.stderr
    assert (place / "figs" / "q01_hours.svg").is_file()
    reported = told("report", "res", "-o", "r.html", cwd=place)
    assert reported.returncode == 0, reported.stderr
    assert told("report", "res", "-o", "r.html", cwd=place).returncode == 2
    compared = told("compare", "res", "--baseline", "20 h/week", "--json", cwd=place)
    assert {row["point"] for row in json.loads(compared.stdout)} == {"5 h/week"}
    assert told("resume", "res", cwd=place).returncode == 0


def test_results_are_listed_shown_verified_and_exported(told, place):
    listed = told("results", "list", ".", cwd=place)
    assert re.search(r"^res +small +2 +2 .* finished$", listed.stdout, re.MULTILINE)
    shown = told("results", "show", "res", cwd=place)
    assert re.search(r"^outcomes +4 ", shown.stdout, re.MULTILINE)
    assert told("results", "verify", "res", cwd=place).returncode == 0
    assert told("results", "export", "res", "--format", "csv", "-o", "as_csv", cwd=place).returncode == 0
    frame = pd.read_csv(place / "as_csv" / "outcomes.csv")
    assert told("results", "export", "res", "--format", "duckdb", "-o", "res.duckdb", cwd=place).returncode == 0
    with duckdb.connect(str(place / "res.duckdb"), read_only=True) as base:
        assert base.execute("SELECT avg(net_return_expected) FROM outcomes").fetchone()[0] == pytest.approx(
            frame["net_return_expected"].mean()
        )
        comment = "SELECT comment FROM duckdb_columns() WHERE table_name = 'outcomes' AND column_name = 'cost'"
        assert "currency" in base.execute(comment).fetchone()[0]
    assert polars.read_parquet(place / "res" / "outcomes.parquet").height == 4
    assert told("results", "export", "res", "--format", "duckdb", "-o", "res.duckdb", cwd=place).returncode == 2


def test_damage_is_named_with_exit_code_1_and_mended(told, place):
    shutil.copytree(place / "res", place / "hurt")
    path = place / "hurt" / "deals.parquet"
    path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:])
    found = told("results", "verify", "hurt", cwd=place)
    assert (found.returncode, found.stdout) == (1, "hurt/deals.parquet: is not what was written\n")
    assert told("resume", "hurt", cwd=place).returncode == 0
    assert path.read_bytes() == (place / "res" / "deals.parquet").read_bytes()


@pytest.mark.slow
def test_a_precise_answer_says_how_precise_it_is(told, place):
    done = told("run", "small.yaml", "--half-width", 4000, "--outcome", "net_margin_expected", cwd=place)
    assert re.search(r"net_margin_expected is .* after \d+ replications\.$", done.stdout, re.MULTILINE)
    cut = told("run", "small.yaml", "--precision", "0.1%", "--budget", 6, "--quiet", cwd=place)
    assert "+-0.1 % was asked for and not reached" in cut.stdout
    timed = told("run", "small.yaml", "--budget", 8, "--quiet", cwd=place)
    assert int(re.search(r"gross_return_expected is .* after (\d+) replications\.$", timed.stdout, re.MULTILINE)[1]) > 5


@pytest.mark.slow
def test_a_split_is_found_drawn_and_goes_on_after_a_kill(told, place):
    few = ("--trials", 8, "--search-replications", 1, "--replications", 10)
    words = ("optimise", "short.yaml", *few, "-o", "split")
    done = told(*words, "--moves", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "chance of" in done.stdout
    assert "in hours worked per week" in done.stdout or "Hours worked per week" in done.stdout
    assert "an hour less asked of" in done.stdout
    assert told("plot", "split", "--question", 6, cwd=place).returncode == 0
    said = json.loads(told(*words, "--force", "--json", "--quiet", cwd=place).stdout)
    assert len(said["splits"]) >= 3
    assert sum(row["chance_of_best"] for row in said["splits"]) == pytest.approx(1.0)
    assert {row["member"] for row in said["plan"]} == {"community_manager"}
    ranked = told("compare", "split", "--matters", 500, cwd=place)
    assert "selection" in ranked.stdout


@pytest.mark.slow
def test_inputs_are_screened_weighed_and_drawn(told, place, leave_questions):
    vary = ("--vary", "sales.margin=0.3:0.7", "--vary", "market.accounts=200:400")
    words = ("sensitivity", "short.yaml", *vary, "--trajectories", 2, "--samples", 4, "--levels", "5,20", "--replications", 2)
    done = told(*words, "-o", "inputs", cwd=place)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^sales.margin +0\.3\d{1,3} +0\.6\d{1,3} ", done.stdout, re.MULTILINE)
    assert len(pd.read_csv(place / "inputs" / "morris.csv")) == len(pd.read_csv(place / "inputs" / "sobol.csv")) == 2
    assert told("plot", "inputs", "--question", 12, cwd=place).returncode == 0
    leave_questions(1, 12)
    assert told("report", "inputs", "-o", "inputs.html", cwd=place).returncode == 0


def test_versions_name_what_numbers_depend_on(place):
    said = sim("--version", cwd=place).stdout
    assert said.startswith("sim ")
    assert all(f"{name} " in said for name in ("Python", "simpy", "numpy"))


@pytest.mark.parametrize(
    ("shell", "mark"), [("bash", "complete -o nosort"), ("zsh", "#compdef sim"), ("fish", "complete --no-files")]
)
def test_shells_complete_names(place, shell, mark):
    assert mark in sim("completion", shell, cwd=place).stdout
    asked = {**os.environ, "_SIM_COMPLETE": "bash_complete", "COMP_WORDS": "sim results ver", "COMP_CWORD": "2"}
    done = subprocess.run([SIM], env=asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["plain,verify"]


def test_results_say_how_to_be_computed_anew(told, place):
    done = told("results", "repeat", "res", "-o", "again", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "every table is the same as in res" in done.stdout
    assert tables_of(place / "again") == tables_of(place / "res")


def test_a_report_is_told_in_french_and_takes_answers_from_several_folders(told, place, few_questions):
    assert (
        told("run", "small.yaml", "--set", "hours_policy.kind=review", "--replications", 2, "-o", "held", cwd=place).returncode
        == 0
    )
    done = told("report", "res", "held", "-o", "fr.html", "--lang", "fr", cwd=place)
    assert done.returncode == 0, done.stderr
    page = (place / "fr.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert page.count("<img ") == 2, "of the levels, and of the reviews"
    assert "sim optimise SCENARIO.yaml" in page, "what would answer the sixth"


def test_results_are_drawn_side_by_side(told, place):
    assert told("results", "repeat", "res", "-o", "other", cwd=place).returncode == 0
    done = told("plot", "res", "other", "--question", 1, "--format", "svg", "-o", "both", cwd=place)
    assert done.returncode == 0, done.stderr
    drawn = (place / "both" / "q01_hours.svg").read_text(encoding="utf-8")
    assert "res" in drawn
    assert "other" in drawn


def test_any_outcome_is_drawn_against_a_parameter(told, place):
    words = ("--x", "hours_per_week", "--y", "net_return_expected", "--y", "deals_expected")
    files = ("-o", "any.svg", "--table", "any.csv", "--interactive", "any.html")
    done = told("plot", "res", *words, *files, cwd=place)
    assert (done.returncode, done.stdout.split()) == (0, ["any.svg", "any.csv", "any.html"]), done.stderr
    frame = pd.read_csv(place / "any.csv")
    outcomes = pd.read_parquet(place / "res" / "outcomes.parquet")
    row = frame[(frame["outcome"] == "deals_expected") & (frame["team.hours_per_week"] == 20)].iloc[0]
    assert row["value"] == pytest.approx(outcomes[outcomes["point"] == 1]["net_deals_expected"].mean())
    assert told("plot", "res", *words, *files, cwd=place).returncode == 2
    assert told("plot", "res", *words, *files, "--force", "--size", "phone", "--lang", "fr", cwd=place).returncode == 0
    assert "heures par semaine" in (place / "any.svg").read_text(encoding="utf-8")
    usual = told("plot", "res", "--kind", "box", "--y", "net_return", cwd=place)
    assert [Path(line).name for line in usual.stdout.split()] == ["box_net_return_hours_per_week.png",
                                                                  "box_net_return_hours_per_week.csv"]  # fmt: skip


GALLERY = "docs/gallery.md"
QUICK = {
    "scenarios/b2b.yaml --set market.accounts=800 --set time.horizon_weeks=104": "short.yaml", "5:40:5": "5,10,20",
    "--replications 8": "--replications 2", "--replications 6": "--replications 2", "--replications 4": "--replications 1",
    "--samples 48": "--samples 12", "--samples 8 ": "--samples 2 ", "--trials 60": "--trials 12",
}  # fmt: skip


def test_the_gallery_shows_every_kind_by_its_command(told, place):
    """On small worlds, and fewer of them."""
    lines = documented(GALLERY)
    text = (ROOT / GALLERY).read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(KINDS)
    pictures = re.findall(r"!\[([^]]{20,})\]\((images/[\w-]+\.png)\)", text)
    assert len(pictures) == sum(line.startswith("sim plot") for line in lines)
    assert all(0 < (ROOT / "docs" / name).stat().st_size < 80_000 for _, name in pictures)
    for printed in lines:
        line = printed
        for whole, part in QUICK.items():
            line = line.replace(whole, part)
        done = told(*shlex.split(line)[1:], "--quiet", cwd=place)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        if line.startswith("sim plot"):
            assert (place / shlex.split(line)[-1]).stat().st_size > 5_000


def test_a_new_scenario_runs(told, place):
    assert told("scenario", "new", "mine.yaml", cwd=place).returncode == 0
    assert ": valid (" in told("scenario", "check", "mine.yaml", cwd=place).stdout
    shown = told("scenario", "show", "mine.yaml", cwd=place).stdout
    assert all(f"[{tag}" in shown for tag in ("yours", "published", "assumed"))
    assert told("scenario", "new", "mine.yaml", cwd=place).returncode == 2


def test_a_new_scenario_is_of_this_year_or_of_the_one_asked_for(told, place):
    assert told("scenario", "new", "now.yaml", cwd=place).returncode == 0
    assert f"channels_year: {dt.date.today().year} " in (place / "now.yaml").read_text(encoding="utf-8")
    assert told("scenario", "new", "then.yaml", "--year", 2019, cwd=place).returncode == 0
    assert "start: 2019-01-07" in (place / "then.yaml").read_text(encoding="utf-8")
    for name in ("now.yaml", "then.yaml"):
        checked = told("scenario", "check", name, cwd=place)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert told("scenario", "new", "never.yaml", "--year", 3000, cwd=place).returncode == 2


def test_channels_of_another_time_are_remarked_on_once(told, place, few_questions):
    late = ("--set", "time.start=2025-01-06")
    (place / "late.yaml").write_text(
        "name: late\nscenarios: [small.yaml]\nvary: ['team.hours_per_week=0,5']\nreplications: 1\n"
    )
    for words in (
        ("scenario", "check", "small.yaml"),
        ("run", "small.yaml", "--replications", 1),
        ("sweep", "small.yaml", "--vary", "team.hours_per_week=0,5", "--replications", 1),
        ("study", "late.yaml", "-o", "late"),
    ):
        done = told(*words, *late, cwd=place)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("starts in 2025, but takes numbers of its channels from 2012. Give channels_year: 2025") == 1
    quiet = told("run", "small.yaml", "--replications", 1, "--quiet", *late, cwd=place)
    assert quiet.stderr == ""
    told_otherwise = told("run", "small.yaml", "--replications", 1, *late, "--set", "channels_year=2024", cwd=place)
    assert "channels" not in told_otherwise.stderr


BAD = [
    (["run", "none.yaml"], "none.yaml"),
    (["run", "bad.yaml"], "bad.yaml:2: team.hours_per_wek"),
    (["run", "small.yaml", "--set", "team.hours=3"], "team.hours"),
    (["run", "small.yaml", "--set", "team.hours_per_week=-1"], "team.hours_per_week"),
    (["run", "small.yaml", "--replications", "0"], "--replications"),
    (["run", "small.yaml", "--seed", "x"], "--seed"),
    (["run", "small.yaml", "-o", "small.yaml"], "small.yaml"),
    (["run", "small.yaml", "-o", "res"], "--force"),
    (["run", "small.yaml", "-o", "small.yaml/sub"], "small.yaml/sub"),
    (["sweep", "small.yaml", "--vary", "team.hours_per_week"], "--vary"),
    (["sweep", "small.yaml", "--vary", "team.hours_per_week=5:1:1"], "--vary"),
    (["sweep", "small.yaml", "--vary", "no.such=1,2"], "no"),
    (["sweep", "small.yaml", "--vary", "team.hours_per_week=5", "--lift", "pol"], "did you mean pool"),
    (["run", "small.yaml", "--lift", "nothing"], "there are signals, finding"),
    (["study", "small.yaml", "-o", "out"], "small.yaml"),
    (["run", "small.yaml", "--trace", "300", "-o", "traced"], "there are 0 to 299"),
    (["run", "small.yaml", "--trace", "-1"], "--trace"),
    (["run", "small.yaml", "--trace", "x"], "--trace"),
    (["plot", "res", "--trace", "300", "-o", "figs3"], "there are 0 to 299"),
    (["plot", "res", "--trace", "-1", "-o", "figs3"], "--trace"),
    (["resume", "nowhere"], "no result folder"),
    (["compare", "nowhere"], "no result folder"),
    (["compare", "res", "--baseline", "7"], "5 h/week"),
    (["plot", "res", "--question", "6"], "see sim optimise"),
    (["plot", "res", "--question", "12"], "see sim sensitivity"),
    (["plot", "res", "--question", "13"], "--question"),
    (["compare", "res", "--matters", "100"], "at least"),
    (["run", "small.yaml", "--precision", "5", "-o", "new"], "5% or 0.05"),
    (["run", "small.yaml", "--precision", "5%", "--replications", "3", "-o", "new"], "at least 25"),
    (["run", "small.yaml", "--precision", "5%", "--outcome", "net_retrun", "-o", "new"], "did you mean net_return"),
    (["run", "small.yaml", "--outcome", "net_return", "-o", "new"], "goes with --precision"),
    (["run", "small.yaml", "--scheduler", "tcp://127.0.0.1:1", "-o", "new"], "--backend dask or ray"),
    (["sweep", "small.yaml", "--vary", "team.hours_per_week=5:40", "--design", "lhs", "-o", "new"], "--samples"),
    (["sweep", "small.yaml", "--vary", "team.split.content=0.9,1.2", "-o", "new"], "sum to 1.2"),
    (["optimise", "small.yaml", "--hours", "40:5", "-o", "new"], "LOW:HIGH"),
    (["optimise", "small.yaml", "-o", "res"], "--force"),
    (["optimise", "small.yaml", "--moves", "--set", "team.hours_per_week=0.5", "-o", "new"], "no activity has"),
    (["optimise", "small.yaml", "--schedules", "-o", "new"], "goes with --hours LOW:HIGH"),
    (["plan", "small.yaml", "--looks", "3", "-o", "new"], "signs are known after 1, 2, 4 quarters"),
    (["plan", "small.yaml", "--looks", "4", "-o", "new"], "the horizon ends by then (40 weeks)"),
    (["plan", "small.yaml", "--looks", "2", "--levels", "10,x", "-o", "new"], "--levels"),
    (["plan", "small.yaml", "--looks", "2", "--set", "hours_policy.kind=ramp", "-o", "new"], "hours_policy.kind is ramp"),
    (["plan", "small.yaml", "--looks", "2", "--beside", "nowhere", "-o", "new"], "no result folder"),
    (["plan", "small.yaml", "--looks", "2", "-o", "res"], "holds something other than"),
    (["sensitivity", "small.yaml", "--vary", "sales.margin=0.7:0.3", "-o", "new"], "LOW:HIGH"),
    (["sensitivity", "small.yaml", "--samples", "100", "--vary", "sales.margin=0.3:0.7", "-o", "new"], "2, 4, 8"),
    (["sensitivity", "small.yaml", "--levels", "5,x", "-o", "new"], "--levels"),
    (["results", "list", "nowhere"], "no such folder"),
    (["results", "show", "nowhere"], "no result folder"),
    (["results", "verify", "nowhere"], "no result folder"),
    (["results", "export", "res", "--format", "csv", "--for", "mmm"], "either"),
    (["plot", "res", "--question", "9", "-o", "figs9"], "nobody reviews the hours"),
    (["plot", "nowhere", "-o", "figs2"], "no result folder"),
    (["results", "export", "nowhere", "--for", "mmm"], "no result folder"),
    (["results", "export", "res", "--for", "magic", "-o", "exp"], "--for"),
    (["results", "export", "res"], "--for"),
    (["results", "export", "res", "--for", "mmm", "-o", "small.yaml"], "is a file"),
    (["report", "res", "-o", "no/where.html"], "no such folder"),
    (["report", "nowhere", "-o", "r2.html"], "no result folder"),
    (["report", "res", "-o", "r2.html", "--lang", "de"], "--lang"),
    (["plot", "res", "res", "-o", "figs4"], "each given once"),
    (["plot", "res", "--x", "team.hours_per_wek", "-o", "c.png"], "did you mean team.hours_per_week"),
    (["plot", "res", "--x", "team.hours_per_week", "--y", "net_retrun", "-o", "c.png"], "did you mean net_return"),
    (["plot", "res", "--x", "team.hours_per_week", "--table", "c.csv", "-o", "c.gif"], "ends in .png or .svg or .pdf"),
    (["plot", "res", "--kind", "sobol"], "sim sensitivity SCENARIO"),
    (["plot", "res", "--kind", "heatmap"], "did you mean heat"),
    (["plot", "res", "--table", "c.csv"], "goes with --x"),
    (["plot", "res", "--x", "team.hours_per_week", "--question", "1"], "--question"),
    (["page", "nowhere"], "no such folder"),
    (["discover", "nowhere"], "no result folder"),
    (["discover", "res"], "1 combinations of what cannot be chosen are too few"),
    (["discover", "res", "--when", "profit"], "is not a condition; write"),
    (["discover", "res", "-o", "when.gif"], "ends in .png or .svg or .pdf"),
    (["results", "repeat", "res", "-o", "res"], "exists already"),
    (["plot", "res", "held"], "-o DIR"),
    (["report", ".", "-o", "r2.html"], "no result folder, but holds some"),
    (["completion", "tcsh"], "bash"),
    (["scenario", "check", "bad.yaml"], "bad.yaml:2"),
    (["scenario", "new", "no/where.yaml"], "no such folder"),
    (["rnu"], "did you mean run"),
    (["run"], "SCENARIO"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_bad_input_is_one_message_exit_2_and_nothing_written(place, told, words, said):
    (place / "bad.yaml").write_text("name: bad\nteam: {hours_per_wek: 3}\n")
    before = sorted(place.rglob("*"))
    done = told(*words, cwd=place)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
    assert done.stdout == ""
    assert sorted(place.rglob("*")) == before


def test_bad_input_prints_no_traceback(place):
    done = sim("run", "none.yaml", cwd=place)
    assert done.returncode == 2
    assert done.stderr.startswith("sim: none.yaml")
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_exits_130_and_the_run_can_be_resumed(told, place):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with Ctrl-C ignored
    words = [SIM, "run", "small.yaml", "--replications", "24", "-o", "long", "--workers", "2"]
    running = subprocess.Popen(words, cwd=place, stderr=subprocess.PIPE, text=True, start_new_session=True)
    parts = place / "long" / "parts"
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and not (parts.is_dir() and any(parts.glob("r*[0-9]"))):
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=300)
    assert running.returncode == 130
    assert "resume" in said
    assert "Traceback" not in said
    assert any(parts.glob("r*[0-9]"))
    assert told("resume", "long", cwd=place).returncode == 0
    assert told("run", "small.yaml", "--replications", 24, "-o", "whole", cwd=place).returncode == 0
    for name in ("outcomes", "deals"):
        assert (place / "long" / f"{name}.parquet").read_bytes() == (place / "whole" / f"{name}.parquet").read_bytes()


def documented(name):
    """Each command line in a fenced block of a page, in order."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for kind, block in blocks if not kind for line in block.splitlines() if line.startswith("sim ")]


GUIDE, SHORT = "docs/guide.md", "docs/effects.md"  # all but the short one take minutes
PAGES = [pytest.param(name, marks=[pytest.mark.slow]) for name in (GUIDE, "docs/one-deal.md", "docs/other-tools.md")]
SMALLER = {
    "horizon_weeks: 156": "horizon_weeks: 52", "weeks: 260 ": "weeks: 60 ", "horizon_weeks: 260": "horizon_weeks: 130",
    "accounts: 2000": "accounts: 800", "sets: 200": "sets: 6", "=5,10,20,40": "=10,20",
}  # fmt: skip
FEWER = {
    "--budget 10 ": "--budget 300 --replications 4 ", "--precision 10% ": "--precision 30% ", "--trials 16 ": "--trials 8 ",
    "5:40:5": "5:20:5",
    "--samples 80 --replications 6": "--samples 40 --replications 4 --set time.horizon_weeks=26",
    "--firms 40": "--firms 10", "--members 20": "--members 6", "--sets 20": "--sets 6",
    "sim start ": "sim start --until scenario ",
    "sim report results/her_firm -o her_firm.html": "sim run her_firm.yaml --replications 1",
}  # fmt: skip


def smaller_scenarios(folder):
    """Copy the scenarios that come with the program, with fewer weeks and accounts."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for path in (folder / "scenarios").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for whole, part in SMALLER.items():
            text = text.replace(whole, part)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", [SHORT, *PAGES])
def test_commands_in_the_docs_run_as_printed(told, name, tmp_path, monkeypatch, leave_questions):
    """In a third of the three years, in fewer worlds, without pictures in pages: the whole guide takes a quarter of an hour.

    Its reports answer those questions alone that it plots, or that one of its studies is for.

    `sim start` stops at the scenario, which is run once: tests/cli/test_start.py goes all the way, with a small company.
    """
    monkeypatch.setattr(markup, "as_bytes", lambda *_, **__: b"")
    if name == GUIDE:
        leave_questions(1, 5, 6, 7, 9, 11, 12)
    smaller_scenarios(tmp_path)
    shutil.copy(ROOT / "tests/bench/mine.py", tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # as in an active environment
    lines = documented(name)
    assert lines
    for printed in lines:
        line = printed
        for whole, part in FEWER.items() if name == GUIDE else ():
            line = line.replace(whole, part)
        done = told(*shlex.split(line)[1:], cwd=tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_guide_has_all_commands_of_the_readme():
    assert documented("README.md")
    assert set(documented("README.md")) <= set(documented(GUIDE))


def test_the_page_on_one_deal_says_what_the_command_prints(told, tmp_path):
    """Each row of its table stands in one printed line, in this order, and each number of its text stands somewhere in them."""
    page = (ROOT / "docs/one-deal.md").read_text(encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    command = next(line for line in page.splitlines() if line.startswith("sim run"))
    printed = told(*shlex.split(command)[1:], cwd=tmp_path).stdout.partition("\n\n")[2]
    assert "nothing of social media" in printed
    lines = iter(printed.splitlines())
    rows = [line for line in page.splitlines() if re.match(r"\| \d", line)]
    assert rows
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert any(all(cell in line for cell in cells) for line in lines), row
    text = page.partition("**Before anybody buys.**")[2].partition("## To make this page anew")[0]
    numbers = set(re.findall(r"\d[\d.,-]*\d|\d", text))
    assert numbers
    assert {number for number in numbers if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", printed)} == set()


def test_python_in_the_guide_runs(tmp_path):
    block = re.search(r"```python\n(.*?)```", (ROOT / "docs/guide.md").read_text(encoding="utf-8"), re.DOTALL)
    smaller_scenarios(tmp_path)
    done = subprocess.run([sys.executable, "-c", block.group(1)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer, number = done.stdout.splitlines()
    assert answer.startswith("Only 4 worlds were run. That is a trial: a decision takes 30. With the numbers as given, ")
    float(number)


def test_numbers_given_as_ranges_are_said_to_stand_at_what_is_likely(told, tmp_path):
    (tmp_path / "plain.yaml").write_text(SMALL_YAML)
    (tmp_path / "ranges.yaml").write_text(SMALL_YAML + "sales: {margin: {low: 0.4, likely: 0.5, high: 0.6}}\n")
    for name, is_said in (("plain.yaml", False), ("ranges.yaml", True)):
        done = told("run", name, "--replications", 1, cwd=tmp_path)
        assert ("1 value is a range; this run uses its likely value" in done.stderr) == is_said


def test_a_sweep_is_told_before_it_is_run(told, place):
    words = ["sweep", "small.yaml", "--vary", "team.hours_per_week=5,10", "--vary", "sales.margin=0.2:0.8:log3"]
    dry = told(*words, "--replications", 4, "--dry-run", cwd=place)
    assert dry.returncode == 0, dry.stderr
    assert dry.stdout.startswith("6 points of 4 worlds each: 24 worlds, and their twins.\nAbout ")
    assert "10 h/week, margin 0.4" in dry.stdout
    open_ended = told(*words, "--precision", "5%", "--dry-run", "--json", "-o", "dry", cwd=place)
    said = json.loads(open_ended.stdout)
    assert (said["replications"], said["worlds"], len(said["points"])) == (25, 150, 6)
    assert said["seconds"] > 0.0
    assert not (place / "dry").exists()


def test_a_sweep_takes_zipped_values_a_file_of_points_and_several_scenarios(told, place):
    words = ["--replications", 1, "--quiet"]
    both = ["--vary", "team.hours_per_week=5,10", "--vary", "sales.margin=0.2,0.8"]
    assert told("sweep", "small.yaml", *both, "--zip", *words, "-o", "zipped", cwd=place).returncode == 0
    listed = told("results", "query", "SELECT label FROM points", "zipped", "--json", cwd=place)
    assert [row["label"] for row in json.loads(listed.stdout)] == ["5 h/week, margin 0.2", "10 h/week, margin 0.8"]
    assert told("results", "query", "SELECT * FROM points", "zipped", "-o", "again.csv", cwd=place).returncode == 0
    assert told("results", "query", "SELECT * FROM points", "zipped", "-o", "again.csv", cwd=place).returncode == 2
    assert told("results", "query", "SELECT * FROM points", "zipped", "-o", "again.txt", cwd=place).returncode == 2
    repeated = told("sweep", "small.yaml", "--points", "again.csv", *words, "-o", "replayed", cwd=place)
    assert repeated.returncode == 0, repeated.stderr
    assert (place / "replayed" / "outcomes.parquet").read_bytes() == (place / "zipped" / "outcomes.parquet").read_bytes()
    (place / "other.yaml").write_text((place / "small.yaml").read_text().replace("name: small", "name: other"))
    assert told("sweep", "small.yaml", "other.yaml", *words, "-o", "cases", cwd=place).returncode == 0
    shown = told("results", "query", 'SELECT label, "case" FROM points', "cases", cwd=place)
    assert re.search(r"^ *other +other$", shown.stdout, re.MULTILINE)
    for refused in (["small.yaml"], ["small.yaml", "--points", "nowhere.csv"], ["small.yaml", *both, "--zip", "--points", "x"]):
        result = told("sweep", *refused, "-o", "none", cwd=place)
        assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert not (place / "none").exists()


def test_one_world_is_repeated_by_the_command_that_show_names(told, place):
    shown = told("results", "show", "res", cwd=place)
    command = re.search(r"sim (results repeat res --point 1 --replication 1)$", shown.stdout, re.MULTILINE)
    again = told(*command[1].split(), cwd=place)
    assert again.returncode == 0, again.stderr
    assert again.stdout.endswith("res: 20 h/week, replication 1; the same as what is stored\n")
    assert told("results", "repeat", "res", "--point", 1, cwd=place).returncode == 2
    assert told("results", "repeat", "res", "--point", 9, "--replication", 1, cwd=place).returncode == 2


def test_worlds_and_points_are_added_to_results(told, place):
    shutil.copytree(place / "res", place / "grown")
    assert told("resume", "grown", "--replications", 3, "--vary", "team.hours_per_week=30", cwd=place).returncode == 0
    counted = told(
        "results", "query", "SELECT label, count(*) AS n FROM outcomes GROUP BY 1 ORDER BY 1", "grown", "--json", cwd=place
    )
    assert json.loads(counted.stdout) == [{"label": one, "n": 3} for one in ("20 h/week", "30 h/week", "5 h/week")]
    fewer = told("resume", "grown", "--replications", 2, cwd=place)
    assert (fewer.returncode, fewer.stderr) == (2, "sim: --replications 2: there are 3 already; give more of them\n")
