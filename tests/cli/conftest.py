"""The command without a process of its own."""

import signal
import subprocess
import sys

import pytest

from sim.cli.main import main


@pytest.fixture(autouse=True)
def few_worlds_of_a_company(monkeypatch, few_resamples):
    """Look at two worlds of a company, where its deals are solved or read back: what commands say of them is tested."""
    monkeypatch.setattr("sim.experiment.company.FIRST", 2)
    monkeypatch.setattr("sim.experiment.company.MOST", 4)


@pytest.fixture(autouse=True)
def signals_as_they_were():
    """Give the signals back to the tests: a command that has ended ignores them, as its process is over then."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def few_questions(leave_questions):
    """Leave the first question of reports, and those of splits and reviews."""
    leave_questions(1, 6, 9)


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
