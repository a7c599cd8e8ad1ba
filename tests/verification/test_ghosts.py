"""Ghosts are brought up to date late, and find what they would have found had they been waited for."""

import dataclasses
import hashlib

import pytest

from sim.model import World
from sim.model.record import Table
from sim.model.twin import twin_of
from tests.worlds import scenario

SMALL = {
    "time": {"horizon_weeks": 130, "run_off_weeks": 40},
    "market": {"accounts": 300, "customers": 150, "segments": {"all": {"needs_per_year": 0.8}}},
    "customers": {"questions_per_year": 8.0, "share_on_social": 0.6, "share_complaints": 0.6},
    "crises": {"per_year": 2.0},
    "channels": {"network": {"followers_at_start": 0.2}},
}


def tables(record):
    return {
        field.name: table.rows if isinstance(table := getattr(record, field.name), Table) else table
        for field in dataclasses.fields(record)
    }


def digest(rows):
    """To the last bit; what differs in long tables takes too long to show."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()


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
    late, soon = tables(world.run()), tables(waited_for(World(lived, 3, 0)))
    for name, rows in late.items():
        assert digest(rows) == digest(soon[name]), name
    lost = [row for row in late["needs"] if row[9] < 1.0 and not row[7]]
    assert len(lost) > 100
    if hours and not is_twin:
        assert len(late["interactions"]) > 300
        assert late["crises"]
