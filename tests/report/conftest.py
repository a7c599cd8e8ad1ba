"""Results that several tests of reports look at."""

import pytest

from sim.report.html import markup, report
from tests.small import ends_results, review_results, small_results, split_results


@pytest.fixture
def without_pictures(monkeypatch):
    """Leave figures of a page undrawn, which takes most of its time: what stands around them is looked at."""
    monkeypatch.setattr(markup, "as_bytes", lambda *_, **__: b"")


@pytest.fixture(scope="session")
def split(tmp_path_factory):
    """Results in which splits are compared and hours moved."""
    return split_results(tmp_path_factory.mktemp("split") / "run")


@pytest.fixture(scope="session")
def at_ends(tmp_path_factory):
    """Results in which inputs are put to their ends."""
    return ends_results(tmp_path_factory.mktemp("ends") / "run")


@pytest.fixture(scope="session")
def levels(tmp_path_factory):
    """Results of two levels of hours."""
    return small_results(tmp_path_factory.mktemp("levels") / "run", 2)


@pytest.fixture(scope="session")
def page(levels, tmp_path_factory):
    """The report of two levels of hours, as it is written."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.write([levels], path)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory):
    """Results in which hours are reviewed, over a quarter and over a year."""
    return review_results(tmp_path_factory.mktemp("reviewed") / "run")
