"""`sim calibrate` and `sim survey`, as a user runs them."""

import json

import pytest

from tests.calibrate.test_leads import company, export
from tests.small import SMALL_YAML


@pytest.fixture
def leads(tmp_path):
    return export(tmp_path / "leads.csv", company(1, leads=400))


def test_leads_as_json_with_a_forecast_and_overrides(told, leads, tmp_path):
    words = ["--as-of", "2018-03-31", "--since", "2017-06-01", "--forecast-to", "2018-09-30", "-o", "ours.yaml", "--json"]
    done = told("calibrate", "leads", leads.name, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {"source", "leads", "won", "share_won", "low", "high", "median_days", "forecast"} <= set(said["sources"][0])
    assert said["total"]["leads"] == sum(one["leads"] for one in said["sources"])
    assert said["rows"] == 400 == said["total"]["leads"] + sum(one["count"] for one in said["left_out"])
    assert said["total"]["won"] <= said["total"]["forecast"]["low"] <= said["total"]["forecast"]["high"]
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: ours.yaml\n")
    assert told("scenario", "check", "mine.yaml", cwd=tmp_path).returncode == 0
    again = told("calibrate", "leads", leads.name, *words, cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists already" in again.stderr


def test_leads_as_text_say_what_was_left_out(told, leads, tmp_path):
    leads.write_text(leads.read_text() + "x,2018-03-01,social,2018-02-01\n")
    done = told("calibrate", "leads", leads.name, "--as-of", "2018-03-31", cwd=tmp_path)
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
def test_what_is_wrong_is_one_line_and_exit_code_2(told, leads, tmp_path, words, said):
    done = told("calibrate", "leads", *words, "-o", "ours.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ours.yaml").exists()


def test_a_survey_goes_on_in_its_folder_and_leaves_others_alone(told, tmp_path):
    (tmp_path / "small.yaml").write_text(
        "name: small\nfirms: {accounts: {median: 100, sigma: 0.3}, first_quarters: 1, last_quarters: 2}\n"
    )
    words = ["survey", "small.yaml", "--size", "4", "--quiet", "-o", "asked"]
    assert told(*words, "--firms", "4", cwd=tmp_path).returncode == 0
    first = (tmp_path / "asked" / "firms.csv").read_text().splitlines()
    done = told(*words, "--firms", "6", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["figures"]) == 6
    assert (tmp_path / "asked" / "firms.csv").read_text().splitlines()[: len(first)] == first
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thing").write_text("mine")
    refused = told("survey", "small.yaml", "-o", "other", cwd=tmp_path)
    assert refused.returncode == 2
    assert "something other than report.html, survey.csv" in refused.stderr


@pytest.mark.slow
def test_an_ensemble_is_the_same_for_any_workers_and_goes_on_in_its_folder(told, tmp_path):
    ranges = (
        "effects: {year_of_posts: {low: 1.0, likely: 1.4, high: 2.5}}\nsales: {margin: {low: 0.4, likely: 0.5, high: 0.6}}\n"
    )
    (tmp_path / "small.yaml").write_text(SMALL_YAML + ranges)
    words = ["ensemble", "small.yaml", "--ranges", "yours", "--members", "8", "--belief", "0.5", "--levels", "5,20"]
    words += ["--fact", "no_decision_share=0:1", "--facts", "facts.yaml", "--quiet"]
    (tmp_path / "facts.yaml").write_text("facts:\n  reached: {outcome: reach, low: 1, high: 1e9, hours: 5}\n")
    done = told(*words, "-o", "one", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "sets of assumptions" in done.stdout
    again = told(*words, "-o", "one", cwd=tmp_path)
    assert again.stdout == done.stdout
    two = told(*words, "--workers", "2", "-o", "two", cwd=tmp_path)
    assert two.stdout == done.stdout
    for name in ("report.html", "members.csv", "levels.csv", "facts.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    said = json.loads(told(*words, "--json", "-o", "one", cwd=tmp_path).stdout)
    assert said["members"]["drawn"] == 8
    assert [row["mean_if_not_moved"]["value"] < 0.0 for row in said["levels"]] == [False, True, True, True], (
        "they cost, and move nobody"
    )
    assert said["belief"] == 0.5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fact", "dealz=1:2"], "is not an outcome"),
        (["--facts", "nowhere.yaml"], "nowhere.yaml"),
        (["--levels", "5,x"], "--levels"),
        (["--levels", "0"], "at least one above 0"),
        (["--ranges", "yours"], "given as known"),
        (["--members", "1"], "--members"),
    ],
)
def test_what_is_wrong_with_an_ensemble_is_said_before_anything_is_written(told, tmp_path, words, said):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    done = told("ensemble", "small.yaml", *words, "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "text", "words", "path"),
    [
        (
            "deals", "amount\n" + "".join(f"{n}\n" for n in range(100, 120)), ["--all-won"],
            "market.segments.all.deal_value.median",
        ),
        ("renewals", "due_on,renewed\n" + "2018-01-05,yes\n" * 12, ["--as-of", "2018-03-31"], "customers.renewal_share"),
        (
            "channel", "date,impressions,engagements\n" + "2018-01-05,1000,20\n" * 12, ["--channel", "blog"],
            "channels.blog.engagement_rate",
        ),
        (
            "stages", "a_on,won_on,lost_on\n" + "2018-01-05,2018-01-09,\n2018-01-05,,2018-01-09\n" * 12,
            ["--as-of", "2018-03-31", "--stages", "a"], "sales.stages.a.pass_share",
        ),
    ],
)  # fmt: skip
def test_an_export_gives_its_parameters_as_json_and_as_a_file_to_extend(told, tmp_path, command, text, words, path):
    (tmp_path / "export.csv").write_text(text)
    (tmp_path / "base.yaml").write_text("sales: {margin: 0.4}\n")
    words = ["calibrate", command, "export.csv", *words, "--extends", "base.yaml", "-o", "ours.yaml", "--json"]
    done = told(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = {one["path"]: one for one in json.loads(done.stdout)["estimates"]}
    assert found[path]["low"] <= found[path]["value"] <= found[path]["high"]
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: ours.yaml\n")
    assert told("scenario", "check", "mine.yaml", cwd=tmp_path).returncode == 0
    again = told(*words, cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists already" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["deals", "export.csv"], "no column for value"),
        (["renewals", "export.csv", "--as-of", "2018-03-31"], "no column for due_on"),
        (["channel", "export.csv"], "no column for"),
        (["stages", "export.csv", "--as-of", "2018-03-31"], "no column for"),
        (["deals", "nowhere.csv"], "nowhere.csv"),
        (["deals", "export.csv", "--extends", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_an_export_that_cannot_be_used_is_one_line_and_exit_code_2(told, tmp_path, words, said):
    (tmp_path / "export.csv").write_text("thing\n1\n")
    done = told("calibrate", *words, "-o", "ours.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ours.yaml").exists()


def test_a_simulated_company_is_exported_as_its_crm_would(told, tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    assert told("run", "small.yaml", "--replications", "1", "-o", "res", "--quiet", cwd=tmp_path).returncode == 0
    done = told("results", "export", "res", "--for", "crm", "-o", "crm", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Exported as of the last day" in done.stderr
    day = done.stderr.split("last day, ")[1][:10]
    renewed = told("calibrate", "renewals", "crm/crm_renewals.csv", "--as-of", day, cwd=tmp_path)
    assert renewed.returncode == 0, renewed.stderr
    assert (tmp_path / "crm" / "crm_leads.csv").read_text().startswith("lead,first_contact_on,source,marketing_qualified_on")


def test_a_backcast_says_where_records_and_worlds_part(told, tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    rows = "".join(f"2012-{month:02d}-01,9000,1000\n" for month in range(2, 10))
    (tmp_path / "months.csv").write_text("month,leads,=followers\n" + rows)
    words = ["backcast", "small.yaml", "--actual", "months.csv", "--replications", "20"]
    done = told(*words, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "leads: 72,000 in the records" in done.stdout
    assert (tmp_path / "out" / "report.html").exists()
    said = json.loads(told(*words, "--json", "-o", "out", cwd=tmp_path).stdout)
    assert [one["verdict"] for one in said["series"]] == ["above"]
    refused = told("backcast", "small.yaml", "--actual", "nowhere.csv", "-o", "none", cwd=tmp_path)
    assert refused.returncode == 2
    assert "nowhere.csv" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_look_shows_how_a_file_is_read_and_writes_the_mapping(told, tmp_path):
    rows = "".join(f"{n}{stage[-1]},{1000 + n},{stage}\n" for n in range(20) for stage in ("Etapa A", "Etapa B"))
    (tmp_path / "deals.csv").write_text("Deal ID,Amount,Stage\n" + rows)
    refused = told("calibrate", "deals", "deals.csv", cwd=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "'Etapa A' (20), 'Etapa B' (20)" in refused.stderr
    looked = told("calibrate", "look", "deals.csv", "-o", "names.yaml", cwd=tmp_path)
    assert looked.returncode == 0, looked.stderr
    assert "sim calibrate deals would refuse this file" in looked.stdout
    assert "Etapa A" in (tmp_path / "names.yaml").read_text()
    again = told("calibrate", "look", "deals.csv", "-o", "names.yaml", cwd=tmp_path)
    assert again.returncode == 2
    (tmp_path / "names.yaml").write_text('outcomes: {won: ["Etapa A"], lost: ["Etapa B"]}\n')
    found = json.loads(told("calibrate", "deals", "deals.csv", "--columns", "names.yaml", "--json", cwd=tmp_path).stdout)
    assert found["estimates"][0]["from"] == "20 deals"
    said = json.loads(told("calibrate", "look", "deals.csv", "--columns", "names.yaml", "--json", cwd=tmp_path).stdout)
    assert said["refusal"] is None
    assert {one["word"]: one["meaning"] for one in said["words"]} == {"Etapa A": "won", "Etapa B": "lost"}


def test_a_file_of_wins_only_is_read_if_that_is_said(told, tmp_path):
    (tmp_path / "deals.csv").write_text("Deal ID,Amount\n" + "".join(f"{n},{1000 + n}\n" for n in range(20)))
    assert told("calibrate", "deals", "deals.csv", cwd=tmp_path).returncode == 2
    assert told("calibrate", "deals", "deals.csv", "--all-won", cwd=tmp_path).returncode == 0
