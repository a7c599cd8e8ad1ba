"""The figures, one a question."""

from collections.abc import Callable

from matplotlib.figure import Figure

from sim.experiment.results import Results
from sim.report import review
from sim.report.figures import (
    q01_hours,
    q02_deals,
    q03_records,
    q04_money,
    q05_luck,
    q07_mix,
    q08_indirect,
    q09_review,
    q10_customers,
    q11_work,
)

REVIEWS = 9
FIGURES: dict[int, tuple[str, Callable[[Results, int], Figure]]] = {
    1: ("hours", lambda results, point: q01_hours.draw(results)),
    2: ("deals", q02_deals.draw),
    3: ("records", q03_records.draw),
    4: ("money", q04_money.draw),
    5: ("luck", q05_luck.draw),
    7: ("mix", q07_mix.draw),
    8: ("indirect", q08_indirect.draw),
    9: ("review", q09_review.draw),
    10: ("customers", q10_customers.draw),
    11: ("work", q11_work.draw),
}


def questions(results: Results) -> tuple[int, ...]:
    """The questions that the results can answer: reviews are asked about only where there are some."""
    return tuple(question for question in FIGURES if question != REVIEWS or review.has_reviews(results))


def figure_name(question: int) -> str:
    """File name of a question's figure, without ending."""
    return f"q{question:02d}_{FIGURES[question][0]}"


def draw(results: Results, question: int, point: int) -> Figure:
    """The figure of a question; `point` is the level that is spoken of where not all are shown."""
    return FIGURES[question][1](results, point)


__all__ = ["FIGURES", "REVIEWS", "draw", "figure_name", "questions"]
