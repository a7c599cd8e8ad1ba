"""A world's life and end."""

import gc

import pytest

from sim.model import simulate
from sim.model.twin import twin_of
from tests.worlds import scenario


@pytest.mark.parametrize("hours", [0.0, 20.0])
def test_a_world_leaves_hardly_anything_to_the_garbage_collector(hours):
    """What is counted as old is searched rarely, so the cycles of a world, some 100,000 objects, would pile up."""
    short = scenario(team={"hours_per_week": hours}, time={"horizon_weeks": 52})
    for world in (short, twin_of(short)):
        simulate(world, 1, 0)
        gc.collect()
        record = simulate(world, 1, 1)
        del record
        assert gc.collect() < 100
