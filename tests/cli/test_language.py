"""Whatever a command says is said in the language that was asked for: answers, lists, checks, hints and pages."""

import ast
import re

import click
import pytest

from sim.cli.main import COMMANDS, cli
from sim.report.text import folders
from tests.calibrate.test_leads import company, export
from tests.places import ROOT
from tests.report.test_french import SPOKEN_BY, english
from tests.small import SHORT_YAML

PRINTING = {"echo", "hint", "secho", "columns", "interruptible", "where_to"}
WORD = re.compile(r"[A-Za-z]{3,}")
NAMED = ("sim", "_SIM")  # how commands, and the program itself, are written in every language
ANSWERS = [
    "run small.yaml --replications 2",
    "run ranged.yaml --replications 2 -o kept",
    "sweep small.yaml --vary team.hours_per_week=5,10 --replications 2 -o swept",
    "compare swept",
    "resume swept",
    "plot swept --question 1",
    "report swept -o report.html",
    "calibrate leads leads.csv --as-of 2018-03-31 -o leads.yaml",
    "results list .",
    "results show swept",
    "results verify swept",
    "results repeat swept --point 1 --replication 1",
    "results repeat swept -o again",
    "results export swept --for mmm -o tools",
    "results export swept --format csv -o tables",
    "scenario new mine.yaml --year 2025",
    "scenario new launched.yaml --from launch",
    "scenario list",
    "scenario check ranged.yaml",
    "scenario show ranged.yaml",
    "scenario show ranged.yaml --assumed",
    "completion bash",
]


NO_FORCE = ("results repeat", "results export")  # folders of their own, never written over


def all_commands():
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        below = [command]
        if isinstance(command, click.Group):
            below = [command.get_command(context, one) for one in command.list_commands(context)]
        yield from ((one.name, one) for one in below)


def test_every_command_that_answers_has_a_language():
    options = {name: {text for option in command.params for text in option.opts} for name, command in all_commands()}
    assert [name for name, known in options.items() if "--lang" not in known] == []


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("language")
    (folder / "small.yaml").write_text(SHORT_YAML)
    (folder / "ranged.yaml").write_text(SHORT_YAML + "sales: {margin: {low: 0.3, likely: 0.5, high: 0.7}}\n")
    export(folder / "leads.csv", company(1, leads=400))
    return folder


def wordy(node):
    """Yield the pieces of an argument that are printed as they stand in the code, in whatever language was asked for."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and WORD.search(node.value)
        and not node.value.startswith(NAMED)
    ):
        yield node.value
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPOKEN_BY):
        for below in ast.iter_child_nodes(node):
            yield from wordy(below)


def printed(tree):
    """Yield what is given to the functions that print."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in PRINTING:
            yield from node.args


def test_nothing_is_printed_past_the_catalog():
    files = [path for folder in ("cli", "workflows") for path in sorted((ROOT / "sim" / folder).glob("*.py"))]
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}
    assert {name: said for name, tree in trees.items() if (said := [w for one in printed(tree) for w in wordy(one)])} == {}


def test_what_is_wrong_with_a_file_has_its_french():
    """Faults are found below the floor that speaks; each of their texts is marked for the catalog."""
    tree = ast.parse((ROOT / "sim/experiment/integrity.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault"]
    texts = {node.args[1].value for node in calls if isinstance(node.args[1], ast.Constant)}
    assert texts
    assert texts <= set(folders.FAULTS)


def test_commands_speak_french(told, place, few_questions):
    """In order, since some take what those before have made; in English, the same search finds English."""
    for line in ANSWERS:
        words = line.split()
        forced = "-o" in words and not line.startswith(NO_FORCE)
        done = told(*words, "--lang", "fr", *(["--force"] if forced else []), cwd=place)
        assert done.returncode == 0, done.stderr
        assert english(done.stdout + done.stderr) == [], line
    assert english((place / "tables/dictionary.csv").read_text(encoding="utf-8")) == []
    done = told(*ANSWERS[1].split(), "--force", cwd=place)
    assert english(done.stdout)
    assert english(done.stderr)
