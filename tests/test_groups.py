"""Tests that share what is costly are run by one worker: pytest-xdist says nothing where it no longer sees to that."""

import pytest


@pytest.mark.xdist_group("together")
def test_tests_of_a_group_are_known_as_such(request):
    """pytest 9.2 has node ids that pytest-xdist 3.8 cannot mark; groups then fall apart, and the suite takes longer."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run with --dist loadgroup")
    assert request.node.nodeid.endswith("@together")
