"""`sim calibrate` and `sim survey`, as a user runs them."""

import json

import pytest

from tests.calibrate.test_leads import company, export
from tests.cli.test_commands import sim
from tests.small import SMALL_YAML


@pytest.fixture
def leads(tmp_path):
    return export(tmp_path / "leads.csv", company(1, leads=400))


def test_leads_as_json_with_a_forecast_and_overrides(leads, tmp_path):
    words = ["--as-of", "2018-03-31", "--since", "2017-06-01", "--forecast-to", "2018-09-30", "-o", "ours.yaml", "--json"]
    done = sim("calibrate", "leads", leads.name, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {"source", "leads", "won", "share_won", "low", "high", "median_days", "forecast"} <= set(said["sources"][0])
    assert said["total"]["leads"] == sum(one["leads"] for one in said["sources"])
    assert said["rows"] == 400 == said["total"]["leads"] + sum(one["count"] for one in said["left_out"])
    assert said["total"]["won"] <= said["total"]["forecast"]["low"] <= said["total"]["forecast"]["high"]
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: ours.yaml\n")
    assert sim("scenario", "check", "mine.yaml", cwd=tmp_path).returncode == 0
    again = sim("calibrate", "leads", leads.name, *words, cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists already" in again.stderr


def test_leads_as_text_say_what_was_left_out(leads, tmp_path):
    leads.write_text(leads.read_text() + "x,2018-03-01,social,2018-02-01\n")
    done = sim("calibrate", "leads", leads.name, "--as-of", "2018-03-31", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 row left out: won before first contact (row 402)" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["leads.csv", "--as-of", "31/03/2018"], "write it as 2018-03-31"),
        (["nowhere.csv", "--as-of", "2018-03-31"], "nowhere.csv"),
        (["leads.csv", "--as-of", "2018-03-31", "--since", "2018-03-31"], "too few to learn from"),
        (["leads.csv", "--as-of", "2018-03-31", "--forecast-to", "2018-01-01"], "the day of the export"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(leads, tmp_path, words, said):
    done = sim("calibrate", "leads", *words, "-o", "ours.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ours.yaml").exists()


def test_a_survey_goes_on_in_its_folder_and_leaves_others_alone(tmp_path):
    (tmp_path / "small.yaml").write_text(
        "name: small\nfirms: {accounts: {median: 100, sigma: 0.3}, first_quarters: 1, last_quarters: 2}\n"
    )
    words = ["survey", "small.yaml", "--size", "4", "--samples", "20", "--quiet", "-o", "asked"]
    assert sim(*words, "--firms", "4", cwd=tmp_path).returncode == 0
    first = (tmp_path / "asked" / "firms.csv").read_text().splitlines()
    done = sim(*words, "--firms", "6", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["figures"]) == 6
    assert (tmp_path / "asked" / "firms.csv").read_text().splitlines()[: len(first)] == first
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thing").write_text("mine")
    refused = sim("survey", "small.yaml", "-o", "other", cwd=tmp_path)
    assert refused.returncode == 2
    assert "something other than report.html, survey.csv" in refused.stderr


def test_an_ensemble_is_the_same_for_any_workers_and_goes_on_in_its_folder(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    words = ["ensemble", "small.yaml", "--members", "8", "--no-effect-share", "0.5", "--worlds", "2", "--levels", "5,20"]
    words += ["--replications", "2", "--fact", "no_decision_share=0:1", "--facts", "facts.yaml", "--quiet"]
    (tmp_path / "facts.yaml").write_text("facts:\n  reached: {outcome: reach, low: 1, high: 1e9}\n")
    done = sim(*words, "-o", "one", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fit" in done.stdout
    again = sim(*words, "-o", "one", cwd=tmp_path)
    assert again.stdout == done.stdout
    two = sim(*words, "--workers", "2", "-o", "two", cwd=tmp_path)
    assert two.stdout == done.stdout
    for name in ("report.html", "members.csv", "levels.csv", "facts.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    said = json.loads(sim(*words, "--json", "-o", "one", cwd=tmp_path).stdout)
    assert said["members"]["drawn"] == 8
    none = [row for row in said["levels"] if not row["has_effect"]]
    assert [row["best_share"] for row in none] == [1.0, 0.0, 0.0], "without an effect on minds no hours are best"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fact", "dealz=1:2"], "is no outcome"),
        (["--facts", "nowhere.yaml"], "nowhere.yaml"),
        (["--levels", "5,x"], "--levels"),
        (["--ranges", "yours"], "given as known"),
        (["--members", "1"], "--members"),
    ],
)
def test_what_is_wrong_with_an_ensemble_is_said_before_anything_is_written(tmp_path, words, said):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    done = sim("ensemble", "small.yaml", *words, "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
