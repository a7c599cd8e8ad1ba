"""Results that several tests of reports look at."""

import pytest

from tests.small import ends_results, review_results, small_results, split_results


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
def reviewed(tmp_path_factory):
    """Results in which hours are reviewed, over a quarter and over a year."""
    return review_results(tmp_path_factory.mktemp("reviewed") / "run")
