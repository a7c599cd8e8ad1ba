"""Measures of a world: pure functions from records to tables."""

from sim.measures.evaluate import evaluate

__all__ = ["evaluate"]
