"""For all tests: how long an example takes says nothing of what is tested, so no property test has a deadline.

Tests put other things in the place of parts of a world, which compiled modules do not allow; test_compiled.py compiles its own.
"""

import pytest
from hypothesis import settings

from sim.version import build

if build() != "pure Python":
    pytest.exit("the model is compiled, and tests take it apart; run first: make pure", returncode=2)

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
