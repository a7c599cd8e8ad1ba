"""The command without a process of its own."""

import subprocess
import sys

import pytest

from sim.cli.main import main
from sim.report.questions import QUESTIONS


@pytest.fixture
def few_questions(monkeypatch):
    """Leave the first question, and those of splits and reviews: figures are slow to draw; tests of reports draw them all."""
    for number in set(QUESTIONS) - {1, 6, 9}:
        monkeypatch.delitem(QUESTIONS, number)


@pytest.fixture
def told(monkeypatch, capsys):
    """What a command does, in this process, which is far faster: its exit code, and what it wrote."""

    def tell(*words, cwd):
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["sim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        return subprocess.CompletedProcess(words, end.value.code, *capsys.readouterr())

    return tell
