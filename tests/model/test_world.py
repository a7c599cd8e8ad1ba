"""A world's life and end."""

import gc

import pytest

from sim.model import simulate
from sim.model.twin import twin_of
from tests.worlds import scenario


@pytest.mark.parametrize("hours", [0.0, 20.0])
def test_a_world_leaves_hardly_anything_to_the_garbage_collector(hours):
    """What is counted as old is searched rarely, so the cycles of a world, tens of thousands of objects, would pile up."""
    short = scenario(team={"hours_per_week": hours}, time={"horizon_weeks": 26}, market={"accounts": 800})
    for world in (short, twin_of(short)):
        simulate(world, 1, 0)
        gc.collect()
        record = simulate(world, 1, 1)
        del record
        assert gc.collect() < 100


def test_worlds_one_after_the_other_leave_hardly_anything_either():
    """Some end while a draft waits for rework that never comes, or with a crisis: these tie knots of their own."""
    hours = scenario(
        team={"hours_per_week": 20.0}, time={"horizon_weeks": 26}, market={"accounts": 800}, crises={"per_year": 4.0}
    )
    simulate(hours, 1, 0)
    gc.collect()
    for replication in range(1, 9):
        assert simulate(hours, 1, replication).interactions.rows
    assert gc.collect() < 800
