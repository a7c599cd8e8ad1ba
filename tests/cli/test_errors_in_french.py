"""An error is said in the language that was asked for, with exit 2 and nothing written; each of a scenario has its French."""

import ast

import pytest

from sim.remarks import Remark, RemarkError, joined, remark, remark_many, remark_of
from sim.report.text import extract_messages
from sim.report.text.remarks import in_language
from sim.report.text.translation import told_in
from sim.scenario import load
from sim.scenario.errors import ScenarioError
from tests.places import ROOT

BAD = 'name: x\nteam:\n  hours_per_weak: 5\nsales: {margin: 1.5}\nmarket: {accounts: "18,000"}\n'
NBSP = "\u00a0"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path


def test_faults_of_a_scenario_are_said_in_french(told, place):
    done = told("run", "bad.yaml", "-o", "kept", "--lang", "fr", cwd=place)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"sim: bad.yaml:3: team.hours_per_weak: cette clé n’existe pas ici{NBSP}; "
        f"vouliez-vous dire team.hours_per_week{NBSP}? (et 2 de plus)",
        f"bad.yaml:4: sales.margin: 1.5 est trop grand{NBSP}; indiquez un nombre de 0 à 1",
        f"bad.yaml:5: market.accounts: '18,000' n’est pas possible ici{NBSP}; indiquez un nombre entier de 0 à 200000, en"
        f" comptes, en chiffres avec au plus un point décimal{NBSP}; écrivez 18000",
    ]
    assert [one.name for one in place.iterdir()] == ["bad.yaml"]


def test_the_same_faults_are_said_in_english(told, place):
    done = told("run", "bad.yaml", cwd=place)
    assert done.stderr.splitlines()[0] == (
        "sim: bad.yaml:3: team.hours_per_weak: there is no such key here; did you mean team.hours_per_week? (and 2 more)"
    )


def test_an_error_says_in_english_what_it_says_in_french(place):
    with pytest.raises(ScenarioError) as caught:
        load(place / "bad.yaml")
    assert in_language(caught.value) == str(caught.value)
    with told_in("fr"):
        assert "cette clé n’existe pas ici" in in_language(caught.value)


def test_an_error_within_an_error_is_said_in_french_too():
    inner = RemarkError(remark("check the name"))
    outer = RemarkError(joined(["f.yaml", remark("not YAML: {problem}", problem=inner)], ": "))
    assert str(outer) == "f.yaml: not YAML: check the name"
    with told_in("fr"):
        assert in_language(outer) == f"f.yaml: ce n’est pas du YAML{NBSP}: vérifiez le nom"
    assert remark_of(OSError("disk")) == "disk"


def test_a_remark_on_many_things_knows_how_many():
    many = remark_many("{count} row", "{count} rows", 1_200)
    assert many == "1,200 rows"
    assert isinstance(many, Remark)


def is_text(node):
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


RAISED = {"ScenarioError", "ValueError", "_fault", "fault_at", "_bad_parent"}


def test_every_error_of_a_scenario_is_a_remark_with_its_french():
    known = {one for message in extract_messages.read("fr") if message.id and message.string
             for one in (message.id if isinstance(message.id, tuple) else (message.id,))}  # fmt: skip
    plain, unknown = [], []
    for path in sorted((ROOT / "sim/scenario").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RAISED:
                texts = [*node.args, *(one.value for one in node.keywords if one.arg == "remedy")]
                plain += [f"{path.name}:{one.lineno}" for one in texts if is_text(one)]
            if name == "remark" and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value not in known:
                unknown.append(node.args[0].value)
    assert plain == []
    assert unknown == []
