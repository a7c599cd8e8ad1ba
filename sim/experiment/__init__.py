"""Many worlds: designs, runs, results on disk, and statistics."""

from sim.experiment.backends import Workers
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.plan import Plan, Point
from sim.experiment.results import Results, read
from sim.experiment.runner import execute, replicate, resume

__all__ = ["Plan", "Point", "Results", "ResultsError", "RunError", "Workers", "execute", "read", "replicate", "resume"]
