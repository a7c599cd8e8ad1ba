"""What cannot work is said before work begins: before the first world is simulated, and before anything is written."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from sim.model.world import World
from tests.calibrate.test_leads import company, export
from tests.small import SMALL_YAML, small_results

VARY = "--vary sales.margin=0.3:0.7"
FULL = "full.yaml"  # every number in it is given
REVIEW = SMALL_YAML + "hours_policy: {kind: review, most_hours: 20}\n"
MOST_HOURS = "hours_policy: {kind: review, most_hours: {low: 11, likely: 20, high: 30}}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with scenarios, results, exports, and files and folders that are in the way."""
    folder = tmp_path_factory.mktemp("made")
    small_results(folder / "res", 2)
    small_results(folder / "mixes", 1, "sales.margin=0.4,0.5")
    texts = {
        "small.yaml": SMALL_YAML,
        "review.yaml": REVIEW,
        "guess.yaml": SMALL_YAML + MOST_HOURS,
        "file": "",
        "none.yaml": "facts: {}\n",
        "firms.yaml": "name: firms\nscenario: review.yaml\n",
        "empty.csv": "period,leads\n" + "".join(f"2012-{month:02}-01,\n" for month in range(4, 9)),
        "months.csv": "period,leads\n" + "".join(f"2012-{month:02}-01,3\n" for month in range(4, 9)),
        "study.yaml": "name: study\nscenarios: [small.yaml]\nvary: ['market.customers=5,500']\n",
        "fine.yaml": "name: fine\nscenarios: [small.yaml]\n",
        "money.yaml": "name: money\nscenarios: [small.yaml, dollars.yaml]\n",
        "dollars.yaml": SMALL_YAML.replace("small", "dollars") + "currency: USD\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    for way in ("folder", "page/report.html", "seen/search.sqlite"):
        (folder / way).mkdir(parents=True)
    export(folder / "leads.csv", company(1, leads=50))
    shutil.copytree(folder / "res", folder / "odd")
    (folder / "odd" / "parts").write_text("mine")
    shutil.copytree(folder / "res", folder / "sums")
    (folder / "sums" / "checksums.json").write_text("{")
    shutil.copytree(folder / "res", folder / "changed")
    manifest = folder / "changed" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed": 7', '"seed": 8'))
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """That folder, where no world can be simulated."""

    def run(self):
        raise AssertionError("a world is simulated")

    monkeypatch.setattr(World, "run", run)
    folder = tmp_path / "place"
    shutil.copytree(made, folder)
    return folder


def state(folder: Path) -> dict[str, bytes | None]:
    return {str(path): None if path.is_dir() else path.read_bytes() for path in sorted(folder.rglob("*"))}


def refusal(told, place, words):
    """What is said of a command that cannot work: on one line, perhaps after hints and before click's."""
    before = state(place.parent)
    done = told(*words.split(), cwd=place)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert state(place.parent) == before
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("sim: ")]
    return line


CASES = [
    # options that contradict one another, or numbers that are none
    ("optimise small.yaml --matters 100 --replications 9 -o new", "a selection takes 10 replications at least, not 9"),
    ("optimise small.yaml --matters 100 --replications 5 --budget 9 -o new", "10 replications at least, not 5"),
    ("optimise small.yaml --matters nan -o new", "'nan' is not a finite number"),
    ("optimise small.yaml --precision 5% --replications 9 -o new", "allow at least 25"),
    ("optimise small.yaml --precision 5% --outcome net_retrun -o new", "did you mean net_return"),
    ("optimise small.yaml --outcome net_return -o new", "--outcome goes with --precision or --half-width"),
    (f"sensitivity small.yaml {VARY} --precision 5% --replications 9 -o new", "allow at least 25"),
    (f"sensitivity small.yaml {VARY} --outcome net_return -o new", "--outcome goes with --precision or --half-width"),
    ("run small.yaml --outcome net_return -o new", "--outcome goes with --precision or --half-width"),
    ("study fine.yaml --precision 5% --replications 9 -o new", "allow at least 25"),
    ("run small.yaml --budget nan -o new", "'nan' is not a finite number"),
    ("run small.yaml --budget inf -o new", "'inf' is not a finite number"),
    ("resume res --budget nan", "'nan' is not a finite number"),
    ("run small.yaml --half-width inf -o new", "'inf' is not a finite number"),
    ("compare res --matters inf", "'inf' is not a finite number"),
    ("compare res --matters 100", "10 replications at least, not 2"),
    ("ensemble small.yaml --belief nan -o new", "'nan' is not a finite number"),
    # scenarios that are impossible, at whatever point
    ("run small.yaml --trace 300 -o new", "there are 0 to 299"),
    ("run small.yaml --lift pol -o new", "did you mean pool"),
    ("sweep small.yaml --vary team.hours_per_week=5,2000 -o new", "team.hours_per_week: 2000 is too large"),
    ("sweep small.yaml --vary market.customers=5,500 -o new", "customers (500) cannot outnumber accounts (300)"),
    ("sweep small.yaml --vary currency=EUR,USD -o new", "different currencies"),
    ("sweep small.yaml --vary team.hours_per_week=5:9 --design sobol --samples 9 -o new", "give 16"),
    ("study study.yaml -o new", "customers (500) cannot outnumber accounts (300)"),
    ("study money.yaml -o new", "different currencies"),
    ("optimise small.yaml --hours 5:2000 -o new", "team.hours_per_week: 2000.0 is too large"),
    ("optimise small.yaml --set team.hours_per_week=0 -o new", "no hours to split; raise it, or find hours too"),
    ("optimise small.yaml --moves --set team.hours_per_week=0.5 -o new", "no activity has 1 h per week to give"),
    ("survey firms.yaml --firms 40 -o new", "to most_hours (20)"),
    ("survey --firms 200000 -o new", "from 1 to 100000 are possible"),
    # inputs and levels
    (f"sensitivity small.yaml {VARY} --samples 12 -o new", "2, 4, 8, 16"),
    (f"sensitivity small.yaml {VARY} --levels 5,2000 -o new", "team.hours_per_week: 2000.0 is too large"),
    (f"sensitivity small.yaml {VARY} --levels nan -o new", "team.hours_per_week: nan is not possible here"),
    (f"sensitivity small.yaml {VARY} --vary sales.margin=0.2:0.6 -o new", "each path can be varied once"),
    (f"sensitivity {FULL} -o new", "no input has a range; give some with --vary PATH=LOW:HIGH"),
    (
        "sensitivity review.yaml --vary hours_policy.most_hours=15:50 --levels 5,18 -o new",
        "hours_policy.most_hours 15 is not possible at 18 hours per week",
    ),
    (
        "sensitivity small.yaml --vary market.accounts=100:400 --vary market.customers=20:200 -o new",
        "are not possible together (market.customers: customers (",
    ),
    # warnings
    ("warn no", "no: no result folder"),
    ("warn mixes", "mixes: holds no levels of hours; make some with: sim sweep"),
    ("warn res --scenario dollars.yaml", "the results are of the scenario 'small', not of 'dollars'"),
    (f"warn res --scenario {FULL}", "every number of the scenario is given as known"),
    ("warn res --worlds 1", "1 is not in the range"),
    # facts
    ("ensemble small.yaml --fact deals=3 -o new", "write OUTCOME=LOW:HIGH"),
    ("ensemble small.yaml --fact dealz=1:3 -o new", "'dealz' is not an outcome; did you mean deals"),
    ("ensemble small.yaml --fact deals=0:1e13 -o new", "--fact deals=0:1e13: high: Input should be less than or equal to"),
    ("ensemble small.yaml --facts none.yaml -o new", "none.yaml: no facts, which any parameters fit"),
    ("ensemble small.yaml --levels 5,2000 -o new", "team.hours_per_week: 2000.0 is too large"),
    ("ensemble small.yaml --buyers 151 -o new", "each arm holds half of the market's 300; take 1 to 150"),
    ("ensemble small.yaml --levels 0 -o new", "give at least one above 0"),
    (f"ensemble {FULL} -o new", "every number of the scenario is given as known"),
    (
        "ensemble guess.yaml --ranges yours --members 20 --levels 10,19 -o new",
        "--levels: 19 hours per week are not possible in member",
    ),
    # where results shall go
    ("run small.yaml -o file/new", "file/new: cannot be made"),
    ("run small.yaml -o res", "--force"),
    ("run small.yaml -o odd --force", "odd: holds something other than results; nothing was replaced"),
    ("study fine.yaml -o file/new", "file/new: cannot be made"),
    ("optimise small.yaml -o file/new", "file/new: cannot be made, as "),
    ("optimise small.yaml -o res", "--force"),
    ("optimise small.yaml -o seen", "seen/search.sqlite: unable to open database file; choose another folder"),
    (f"sensitivity small.yaml {VARY} -o file/new", "file/new: cannot be made, as "),
    ("ensemble guess.yaml --ranges yours --levels 11 -o file/new", "file/new: cannot be made, as "),
    ("ensemble guess.yaml --ranges yours --levels 11 -o page", "page/report.html: is a folder, where a file is to be made"),
    ("survey --firms 2 -o file/new", "file/new: cannot be made, as "),
    ("survey --firms 2 -o page", "page/report.html: is a folder, where a file is to be made"),
    ("survey --firms 2 -o res", "res: holds something other than"),
    ("backcast small.yaml --actual months.csv -o file/new", "file/new: cannot be made, as "),
    ("backcast small.yaml --actual months.csv -o page", "page/report.html: is a folder, where a file is to be made"),
    ("plot res --trace 3 -o file/new", "file/new: cannot be made, as "),
    ("plot res --question 1 -o file/new", "file/new: cannot be made, as "),
    ("plot res --trace 300 -o new", "there are 0 to 299"),
    ("plot res --trace 3 --question 6 -o new", "see sim optimise"),
    ("results export res --for crm -o file/new", "file/new: cannot be made, as "),
    ("results export res --format csv -o file/new", "file/new: cannot be made, as "),
    ("results export res --format duckdb -o file/new", "file: cannot be made, as "),
    ("results repeat res -o file/new", "file/new: cannot be made"),
    ("results repeat sums -o new", "sums/checksums.json: damaged"),
    ("results repeat changed -o new", "changed/manifest.json: damaged (not what was written)"),
    ("report res -o folder --force", "folder: is a folder; give a file, such as folder/report.html"),
    ("scenario new folder --force", "folder: is a folder; give a file, such as folder/mine.yaml"),
    ("calibrate leads leads.csv --as-of 2018-03-31 -o no/new.yaml", "no: no such folder; make it first"),
    ("calibrate leads leads.csv --as-of 2018-03-31 -o folder --force", "folder: is a folder; give a file"),
    ("calibrate deals leads.csv -o no/new.yaml", "no: no such folder; make it first"),
    ("calibrate deals leads.csv --extends small.yaml -o small.yaml --force", "a file cannot extend itself"),
    # and before scenarios are drawn, which takes a while
    (f"sensitivity {FULL} -o file/new", "file/new: cannot be made, as "),
    (f"ensemble {FULL} -o file/new", "file/new: cannot be made, as "),
    ("survey --firms 200000 -o file/new", "file/new: cannot be made, as "),
    # exports
    ("backcast small.yaml --actual empty.csv -o new", "no value of leads in the scenario's time, 2012-01-02 to 2012-10-08"),
    ("backcast small.yaml --actual months.csv --set time.start=2030-01-07 -o new", "at least 3 are needed"),
]


@pytest.mark.parametrize(("words", "said"), CASES, ids=[words for words, _ in CASES])
def test_it_is_said_before_work_begins(told, place, words, said):
    if FULL in words:
        (place / FULL).write_text(told("scenario", "show", "small.yaml", "--yaml", cwd=place).stdout)
    assert said in refusal(told, place, words)


@pytest.mark.parametrize(("backend", "package"), [("dask", "distributed"), ("ray", "ray")])
@pytest.mark.parametrize(
    "words", ["run small.yaml -o new", "optimise small.yaml -o new", "survey --firms 2 -o new", "results repeat res -o new"]
)
def test_a_backend_whose_package_is_missing(told, place, monkeypatch, backend, package, words):
    monkeypatch.setitem(sys.modules, package, None)
    line = refusal(told, place, f"{words} --backend {backend}")
    assert line == f"sim: --backend {backend} needs more: pip install 'sim[{backend}]'"


def test_a_folder_that_another_run_is_writing_to(told, place):
    with FileLock(place / "res" / ".lock"):
        assert "another run is writing here" in refusal(told, place, "optimise small.yaml --force -o res")


def test_a_folder_that_cannot_be_written_to(told, place, monkeypatch):
    """Denied by the system's answer, as tests may be run by one who may write everywhere."""
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
    assert "new: cannot be written to (Permission denied)" in refusal(told, place, "run small.yaml -o new")
    assert "new: cannot be written to (Permission denied)" in refusal(told, place, "survey --firms 2 -o new")
    assert ".: cannot be written to (Permission denied)" in refusal(told, place, "scenario new new.yaml")


@pytest.mark.parametrize("command", ["optimise", "ensemble --members 4 --ranges yours --levels 11"])
def test_the_largest_seed_comes_to_its_worlds(told, place, command):
    """The seeds beside it were too large for the file of the search, after that was made."""
    done = told(*command.split(), "guess.yaml", "--seed", 2**63 - 1, "-o", "new", cwd=place)
    assert "a world is simulated" in done.stderr


def test_days_can_be_varied(told, made, tmp_path):
    """Their manifest could not be written, after a folder was made."""
    shutil.copy(made / "small.yaml", tmp_path)
    words = "sweep small.yaml --vary time.start=2012-01-02,2014-01-06 --replications 1 -o new"
    assert told(*words.split(), cwd=tmp_path).returncode == 0
    assert '"time.start": "2014-01-06"' in (tmp_path / "new" / "manifest.json").read_text()
    assert told("plot", "new", "--question", "1", cwd=tmp_path).returncode == 0
