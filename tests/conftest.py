"""For all tests: how long an example takes says nothing of what is tested, so no property test has a deadline.

Tests put other things in the place of parts of a world, which compiled modules do not allow; test_compiled.py compiles its own.

Where several workers share the tests, those of a file are run by one of them, so that what they share is made once; a file may
name another group with `xdist_group`. Groups that take longest begin first.
"""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from sim.version import build

if build() != "pure Python":
    pytest.exit("the model is compiled, and tests take it apart; run first: make pure", returncode=2)

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
gc.set_threshold(20_000, 20, 20)  # at the usual pace, the search for garbage takes a twentieth of the time

TESTS = Path(__file__).parent
LONGEST = (
    "report", "test_compiled", "cli/test_commands", "browser", "recovery", "calibrate/test_leads", "verification/test_response",
    "strong", "verification/test_reviewers", "demand", "bench/test_adapters", "intake/test_firms", "cli/test_fuzz",
    "cli/test_start", "page/test_views",
)  # fmt: skip


def group_of(item):
    """The name of the group that a test is run with."""
    mark = item.get_closest_marker("xdist_group")
    return mark.args[0] if mark else item.path.relative_to(TESTS).with_suffix("").as_posix()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(config, items):
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=lambda item: LONGEST.index(group_of(item)) if group_of(item) in LONGEST else len(LONGEST))


@pytest.fixture
def few_resamples(monkeypatch):
    """Draw sets anew 30 times instead of 200, where what is said of a decision is tested, and not how far it may be off."""
    monkeypatch.setattr("sim.experiment.ignorance.RESAMPLES", 30)
    monkeypatch.setattr("sim.experiment.group_information.PERMUTATIONS", 20)


@pytest.fixture
def leave_questions():
    """Take all questions of reports away but some, for a test: figures are slow to draw, and tests of reports draw them all."""
    from sim.report.questions import QUESTIONS  # noqa: PLC0415

    whole = dict(QUESTIONS)

    def leave(*numbers):
        for number in set(QUESTIONS) - set(numbers):
            del QUESTIONS[number]

    yield leave
    QUESTIONS.clear()  # put back one by one, they would be in another order
    QUESTIONS.update(whole)
