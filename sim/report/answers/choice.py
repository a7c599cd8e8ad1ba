"""The answer to the question that results were made for."""

from sim.analysis import inputs, splits, surface
from sim.experiment.results import Results
from sim.report.answers.base import Answer
from sim.report.answers.fitted import FittedSurface
from sim.report.answers.hours import HoursToFund
from sim.report.answers.optimise import BestSplit
from sim.report.answers.sensitivity import Sensitivities


def answer_of(results: Results, *, with_precision: bool = False) -> Answer:
    """Answer which split is best, which guesses matter, what a surface says, or how many hours to fund."""
    if splits.has_splits(results):
        return BestSplit(results)
    if inputs.has_ends(results):
        return Sensitivities(results)
    if surface.is_design(results):
        return FittedSurface(results)
    return HoursToFund(results, with_precision)
