"""The figures, one a question."""

from collections.abc import Callable

from matplotlib.figure import Figure

from sim.analysis import inputs, reviews, splits
from sim.experiment.results import Results
from sim.experiment.together import Together
from sim.report.figures import (
    q01_hours,
    q02_deals,
    q03_records,
    q04_money,
    q05_luck,
    q06_split,
    q07_mix,
    q08_indirect,
    q09_review,
    q10_customers,
    q11_work,
    q12_inputs,
)

SPLITS, REVIEWS, INPUTS = 6, 9, 12
FIGURES: dict[int, tuple[str, Callable[[Results, int], Figure]]] = {
    1: ("hours", lambda results, point: q01_hours.draw(results)),
    2: ("deals", q02_deals.draw),
    3: ("records", q03_records.draw),
    4: ("money", q04_money.draw),
    5: ("luck", q05_luck.draw),
    6: ("split", q06_split.draw),
    7: ("mix", q07_mix.draw),
    8: ("indirect", q08_indirect.draw),
    9: ("review", q09_review.draw),
    10: ("customers", q10_customers.draw),
    11: ("work", q11_work.draw),
    12: ("inputs", q12_inputs.draw),
}


NEEDS: dict[int, tuple[Callable[[Results], bool], str]] = {
    SPLITS: (
        lambda results: splits.has_splits(results) or splits.has_moves(results),
        "no splits were compared in {folder}; see sim optimise",
    ),
    REVIEWS: (reviews.has_reviews, "nobody reviews the hours in {folder}; see hours_policy.kind"),
    INPUTS: (inputs.has_ends, "no input was put to its ends in {folder}; see sim sensitivity"),
}


def questions(results: Results) -> tuple[int, ...]:
    """The questions that the results can answer: some need what only some results hold."""
    own = () if isinstance(results, Together) else tuple(NEEDS)  # what they need is of one folder
    return tuple(one for one in FIGURES if one not in NEEDS or (one in own and NEEDS[one][0](results)))


def wanting(question: int, results: Results) -> str:
    """What results lack for a question that they cannot answer."""
    return NEEDS[question][1].format(folder=results.folder)


def figure_name(question: int) -> str:
    """File name of a question's figure, without ending."""
    return f"q{question:02d}_{FIGURES[question][0]}"


def draw(results: Results, question: int, point: int) -> Figure:
    """The figure of a question; `point` is the level that is spoken of where not all are shown."""
    return FIGURES[question][1](results, point)


__all__ = ["FIGURES", "INPUTS", "NEEDS", "REVIEWS", "SPLITS", "draw", "figure_name", "questions", "wanting"]
