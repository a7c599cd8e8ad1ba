"""The answer to the question that results were made for."""

from sim.analysis import inputs, splits
from sim.experiment.results import Results
from sim.report.answers.base import Answer
from sim.report.answers.hours import HoursToFund
from sim.report.answers.optimise import BestSplit
from sim.report.answers.sensitivity import Sensitivities


def answer_of(results: Results, *, with_precision: bool = False) -> Answer:
    """Answer which split is best, which guesses matter, or how many hours to fund; and how precise that is, if asked."""
    if splits.has_splits(results):
        return BestSplit(results)
    if inputs.has_ends(results):
        return Sensitivities(results)
    return HoursToFund(results, with_precision)
