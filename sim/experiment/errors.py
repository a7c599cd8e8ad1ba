"""Errors in results on disk, worded so that their owner can correct them."""

from sim.remarks import RemarkError


class ResultsError(RemarkError, ValueError):
    """A result folder, study or design that cannot be used: place, fault and remedy in one line."""


class RunError(RemarkError, RuntimeError):
    """A run that could not continue: what happened, what is kept, how to continue, in one line."""
