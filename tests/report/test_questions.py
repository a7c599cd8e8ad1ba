"""All twelve questions: each has a command whose results hold it, a table, a figure, and its place in the report."""

import re

import click
import pandas as pd
import pytest

from sim.cli.main import cli
from sim.report.export import figures
from sim.report.figures import style
from sim.report.html import report
from sim.report.questions import QUESTIONS, answerable

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share


@pytest.fixture(scope="module")
def every_kind(levels, split, reviewed, at_ends):
    """Results of levels, of splits, of reviews and of inputs."""
    return [levels, split, reviewed, at_ends]


def holding(every_kind, question):
    return next(one for one in every_kind if QUESTIONS[question] in answerable(one))


@pytest.mark.parametrize("question", QUESTIONS)
def test_its_command_is_one_that_there_is(question):
    _, name, *words = QUESTIONS[question].command.split()
    command = cli.get_command(click.Context(cli), name)
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_has_a_figure_and_tables(every_kind, question, tmp_path, monkeypatch):
    """What the figure shows is looked at in test_page.py."""
    monkeypatch.setattr(style, "as_bytes", lambda *_, **__: b"")
    results = holding(every_kind, question)
    written = figures.write_figures(results, tmp_path, (QUESTIONS[question],), "svg")
    assert written[0].name == f"{QUESTIONS[question].file_name}.svg"
    assert len(written) > 1
    assert all(len(pd.read_csv(path).columns) > 1 for path in written[1:])


def test_only_some_need_a_run_of_their_own(every_kind):
    assert [one.number for one in QUESTIONS.values() if one not in answerable(every_kind[0])] == [6, 9, 12]


def test_one_report_has_all_of_them_in_order(every_kind, tmp_path, without_pictures):
    report.write(every_kind, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    sections = re.findall(r'<section id="q(\d+)">(.*?)</section>', text, re.DOTALL)
    assert [int(number) for number, _ in sections] == list(range(1, 13))
    for number, section in sections:
        asked = QUESTIONS[int(number)]
        assert asked.asked.replace("'", "&#39;") in section
        assert section.count("<img ") == 1
        assert section.count("<table") == len(asked.tables(holding(every_kind, int(number)), 0))
        assert 'alt="' in section
