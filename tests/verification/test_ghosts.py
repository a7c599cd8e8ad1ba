"""Ghosts are brought up to date late, and find what they would have found had they been waited for."""

import pytest

from sim.model import World
from sim.model.twin import twin_of
from tests.digests import digest
from tests.worlds import rows, scenario

SMALL = {
    "time": {"horizon_weeks": 130, "run_off_weeks": 40},
    "market": {"accounts": 300, "customers": 150, "segments": {"all": {"needs_per_year": 0.8}}},
    "customers": {"questions_per_year": 8.0, "share_on_social": 0.6, "share_complaints": 0.6},
    "crises": {"per_year": 2.0},
    "channels": {"network": {"followers_at_start": 0.2}},
}


def waited_for(world):
    """The record of a world whose ghosts are brought up to date every hour."""

    def hour_by_hour():
        while True:
            yield world.env.timeout(1.0)
            world.market.bring_ghosts_up_to(world.env.now)

    world.env.process(hour_by_hour())
    return world.run()


@pytest.mark.parametrize("hours", [0.0, 20.0])
@pytest.mark.parametrize("is_twin", [False, True])
def test_a_ghost_finds_its_account_as_it_was(hours, is_twin):
    """Exact: the same tables, to the last bit, whether ghosts go on hour by hour or when their account changes."""
    hours_given = scenario(team={"hours_per_week": hours}, **SMALL)
    lived = twin_of(hours_given) if is_twin else hours_given
    world = World(lived, 3, 0)
    late = world.run()
    assert digest(late) == digest(waited_for(World(lived, 3, 0)))
    lost = [need for need in rows(late.needs) if need["weight"] < 1.0 and not need["won"]]
    assert len(lost) > 100
    if hours and not is_twin:
        assert len(late.interactions) > 300
        assert len(late.crises)
