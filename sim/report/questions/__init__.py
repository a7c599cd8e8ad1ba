"""The questions, in the order of the report. A new one is a module here, and its place in `QUESTIONS`."""

from sim.experiment.combined import CombinedResults
from sim.experiment.results import Results
from sim.report.questions import (
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
from sim.report.questions.base import Question, always
from sim.report.text.words import Headline

MODULES = (
    q01_hours, q02_deals, q03_records, q04_money, q05_luck, q06_split, q07_mix, q08_indirect, q09_review, q10_customers,
    q11_work, q12_inputs,
)  # fmt: skip
QUESTIONS: dict[int, Question] = {one.QUESTION.number: one.QUESTION for one in MODULES}


def answerable(results: Results) -> tuple[Question, ...]:
    """Return the questions that the results can answer: some need what only some results hold."""
    if isinstance(results, CombinedResults):  # what some need is of one folder
        return tuple(one for one in QUESTIONS.values() if one.can_answer is always)
    return tuple(one for one in QUESTIONS.values() if one.can_answer(results))


def headline(results: Results) -> Headline:
    """Return the headline of the question that the results were made for, else of the first."""
    asked = next((one for one in QUESTIONS.values() if one.is_asked_first(results)), QUESTIONS[1])
    return asked.headline(results)


__all__ = ["QUESTIONS", "Question", "answerable", "headline"]
