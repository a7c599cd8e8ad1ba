"""Results that several tests of reports look at."""

import pytest

from tests.small import ends_results, split_results


@pytest.fixture(scope="session")
def split(tmp_path_factory):
    """Results in which splits are compared and hours moved."""
    return split_results(tmp_path_factory.mktemp("split") / "run")


@pytest.fixture(scope="session")
def at_ends(tmp_path_factory):
    """Results in which inputs are put to their ends."""
    return ends_results(tmp_path_factory.mktemp("ends") / "run")
