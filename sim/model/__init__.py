"""The world: actors, rules and what happened."""

from sim.model.record import Record
from sim.model.world import World, simulate

__all__ = ["Record", "World", "simulate"]
