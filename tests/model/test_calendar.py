"""Waits that begin on a whole hour end at their moment, to the last bit: what the arrival of needs by the week rests on."""

from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 1_000), st.floats(min_value=0.0, max_value=1e6))
def test_what_is_left_until_a_moment_is_exact_from_a_whole_hour(week, moment):
    now = min(week * 168.0, float(int(moment)))
    assert now + (moment - now) == moment
