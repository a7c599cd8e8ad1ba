"""Many worlds: designs, runs, results on disk, and what they say."""

from sim.experiment.errors import ResultsError
from sim.experiment.runner import Plan, Point, execute, replicate, resume
from sim.experiment.store import Results, read

__all__ = ["Plan", "Point", "Results", "ResultsError", "execute", "read", "replicate", "resume"]
