"""A question that is added to the list, and an answer that is written, are everywhere without another change."""

import json

import pandas as pd
import pytest

from sim.cli import console
from sim.cli.main import cli
from sim.report.answers.base import Answer, TextTable
from sim.report.figures.style import drawn
from sim.report.html import report
from sim.report.questions import QUESTIONS, Question
from sim.report.text.cells import Table

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share


def tables(results, point):
    frame = pd.DataFrame({"level": results.labels})
    return [Table("", "All levels.", frame, frame)]


def draw(results, point):
    return drawn(lambda figure: figure.subplots().set_title("Seen from the north"))


NORTH = Question(13, "north", "Which way is north?", "By the sun.", tables, draw)


def test_a_question_is_in_the_report_and_can_be_plotted(levels, tmp_path, monkeypatch, leave_questions):
    leave_questions(1, 12)
    monkeypatch.setitem(QUESTIONS, NORTH.number, NORTH)
    report.write([levels], tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert text.index("Which of our guesses") < text.index("Which way is north?")
    assert "By the sun." in text
    cli(["plot", str(levels.folder), "--question", "13", "-o", str(tmp_path / "f")], standalone_mode=False)
    assert {path.name for path in (tmp_path / "f").iterdir()} == {"q13_north.png", "q13_north.csv"}


class Sunny(Answer):
    def sentences(self):
        return ["It is sunny."]

    def tables(self):
        return [TextTable([("day", "hours"), ("Monday", "7")], ["hours of sun"])]

    def to_dict(self):
        return {"hours": float("nan")}


def test_an_answer_is_printed_or_given_to_programs(capsys):
    console.show(Sunny(), as_json=False)
    assert capsys.readouterr().out == "It is sunny.\n\nday     hours\nMonday      7\nhours of sun\n"
    console.show(Sunny(), as_json=True)
    assert json.loads(capsys.readouterr().out) == {"hours": None}
