"""Whatever a command says is said in the language that was asked for: answers, hints and pages."""

import click
import pytest

from sim.cli.main import COMMANDS, cli
from tests.calibrate.test_leads import company, export
from tests.report.test_french import english
from tests.small import SHORT_YAML

SAY_NOTHING = {"completion", "results", "scenario"}  # lists and checks, in English
ANSWERS = [
    "run small.yaml --replications 2",
    "run ranged.yaml --replications 2 -o kept",
    "sweep small.yaml --vary team.hours_per_week=5,10 --replications 2 -o swept",
    "compare swept",
    "resume swept",
    "plot swept --question 1",
    "report swept -o report.html",
    "calibrate leads leads.csv --as-of 2018-03-31 -o leads.yaml",
]


def all_commands():
    context = click.Context(cli)
    for name in set(COMMANDS) - SAY_NOTHING:
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


def test_commands_speak_french(told, place, few_questions):
    """In order, since some take what those before have made; in English, the same search finds English."""
    for line in ANSWERS:
        words = line.split()
        done = told(*words, "--lang", "fr", *(["--force"] if "-o" in words else []), cwd=place)
        assert done.returncode == 0, done.stderr
        assert english(done.stdout + done.stderr) == [], line
    done = told(*ANSWERS[1].split(), "--force", cwd=place)
    assert english(done.stdout)
    assert english(done.stderr)
