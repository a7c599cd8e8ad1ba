"""The tables of questions 6 and 12, as people read them."""

from sim.analysis import inputs, splits
from sim.experiment.results import Results
from sim.report import words_on_inputs, words_on_splits
from sim.report.cells import Table, frame_of
from sim.report.language import say
from sim.report.words import confidence


def of_splits(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Question 6."""
    found = []
    if splits.has_splits(results):
        table = splits.table(results)
        caption = " ".join(words_on_splits.sentences(results, table, None))
        found.append(Table("", caption, table.drop(columns="point"), frame_of(words_on_splits.rows(table))))
    if splits.has_moves(results):
        table = splits.moves(results)
        caption = say(
            "What one hour a week moved, the rest as it is; interval {confidence}, paired by world, gains most and least; all"
            " moves are in the CSV.",
            confidence=confidence(),
        )
        found.append(Table("moves", caption, table, frame_of(words_on_splits.move_rows(table))))
    return found


def of_inputs(results: Results, point: int) -> list[Table]:  # noqa: ARG001
    """Question 12."""
    caption = " ".join(words_on_inputs.sentences(results, []))
    return [Table("", caption, inputs.table(results), frame_of(words_on_inputs.rows(results, [])))]
