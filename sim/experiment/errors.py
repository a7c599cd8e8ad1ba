"""Errors in results on disk, worded so that their owner can correct them."""


class ResultsError(ValueError):
    """A result folder, study or design that cannot be used: place, fault and remedy in one line."""


class RunError(RuntimeError):
    """A run that could not continue: what happened, what is kept, how to continue, in one line."""
