"""What the tests of the page share."""

import sys

import pytest


@pytest.fixture(autouse=True)
def main_module_as_it_was():
    """Give back the main module: Streamlit 1.67 leaves that of the page, and processes that are started later would run it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
