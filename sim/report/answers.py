"""The answer to the question that results were made for: the hours, the split, or which guesses matter."""

from sim.analysis import inputs, splits
from sim.experiment.results import Results
from sim.report import words_on_inputs, words_on_splits
from sim.report.words import Answer, answer


def answered(results: Results) -> Answer:
    """What is said first of results; the point that it speaks of; and whether that is to stop."""
    if splits.has_splits(results):
        table = splits.table(results)
        said = tuple(words_on_splits.sentences(results, table, None))
        return Answer(said, int(table["point"].iloc[0]), bool(table["net_return_high"].iloc[0] < 0.0))
    usual = answer(results)
    if inputs.has_ends(results):
        return Answer((*words_on_inputs.sentences(results, []), *usual.sentences[2:]), usual.point, usual.is_stop)
    return usual
