"""The world: actors, rules and what happened."""

from sim.model.record import Record
from sim.model.world import World, no_garbage_collection, simulate

__all__ = ["Record", "World", "no_garbage_collection", "simulate"]
