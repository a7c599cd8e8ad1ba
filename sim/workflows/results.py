"""Results that a person can hold: their answer, their levels, their outcomes, and each question that they answer."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis import levels, parameters
from sim.analysis.units import with_units
from sim.experiment import results as stored
from sim.experiment.errors import ResultsError, RunError
from sim.remarks import remark
from sim.report import questions
from sim.report.answers.base import Answer
from sim.report.answers.choice import answer_of
from sim.report.html.markup import html_figure
from sim.report.html.parts import html_table, paragraphs
from sim.report.questions import QUESTIONS, Question
from sim.report.questions.q01_hours import levels_shown
from sim.report.text import company
from sim.report.text.translation import say
from sim.workflows.options import Folder

ResultsLike = stored.Results | Folder


@dataclass(frozen=True)
class AskedQuestion:
    """One of the questions of the report, asked of results.

    Attributes
    ----------
    results, question
        Who is asked, and what.
    point
        The level that is spoken of, where not all are shown.
    """

    results: stored.Results
    question: Question
    point: int

    @property
    def asked(self) -> str:
        """What people ask."""
        return say(self.question.asked)

    @property
    def reading(self) -> str:
        """An explanation of how to read the answer."""
        return say(self.question.reading)

    def tables(self) -> list[pd.DataFrame]:
        """Return the tables that answer it, the main one first; units are in their attributes."""
        tables = self.question.tables(self.results, self.point)
        return [with_units(table.frame, self.results.currency) for table in tables]

    def figure(self) -> Figure:
        """Draw the figure that answers it."""
        return self.question.draw(self.results, self.point)

    def _repr_html_(self) -> str:
        shown = [paragraphs([self.asked]), html_figure(self.figure()), paragraphs([self.reading])]
        for table in self.question.tables(self.results, self.point):
            shown += [
                paragraphs([table.caption] if table.caption else []),
                html_table(table.shown, table.caption or self.asked),
            ]
        return "".join(shown)


@dataclass(frozen=True)
class RunResults(stored.Results):
    """The results of a run, a sweep or a study, and what they say."""

    @classmethod
    def of(cls, results: stored.Results) -> "RunResults":
        """Take the results of a folder."""
        return cls(results.folder, results.manifest)

    @property
    def headline(self) -> tuple[str, ...]:
        """The answer in five sentences, uncertainty included."""
        return questions.headline(self).sentences

    def answer(self, *, with_precision: bool = False) -> Answer:
        """Return the answer to what the results were made for; and how precise that is, if asked."""
        return answer_of(self, with_precision=with_precision)

    def levels(self) -> pd.DataFrame:
        """Return a row per level of hours: cost, deals, money with intervals, and the return of the hours added; with units."""
        return with_units(levels.table(self), self.currency)

    def outcomes(self, *, shape: Literal["wide", "long"] = "wide") -> pd.DataFrame:
        """Return the outcomes with the parameters that set their points apart, by their paths.

        Wide: a row per world, a column per outcome; units and titles are in the attributes. Long: a row per world and outcome,
        with its title, unit and value.
        """
        return parameters.wide(self) if shape == "wide" else parameters.long(self)

    def points(self) -> pd.DataFrame:
        """Return a row per point: its number, its label, and every parameter that sets it apart, by its path."""
        return parameters.table(self)

    def question(self, number: int, point: int | None = None) -> AskedQuestion:
        """Ask one of the questions, from 1; of the level that is advised, or of another point.

        Raises
        ------
        ResultsError
            If there is no such question or point, or the results do not hold its answer.
        """
        if number not in QUESTIONS:
            raise ResultsError(
                remark("there is no question {number}; they are 1 to {questions}", number=number, questions=max(QUESTIONS))
            )
        question = QUESTIONS[number]
        if question not in questions.answerable(self):
            raise ResultsError(
                remark("question {number}: {lack}", number=number, lack=question.lacks.format(folder=self.folder))
            )
        if point is not None and not 0 <= point < len(self.labels):
            raise ResultsError(
                remark("there is no point {point}; they are 0 to {labels}", point=point, labels=len(self.labels) - 1)
            )
        return AskedQuestion(self, question, questions.headline(self).point if point is None else point)

    def _repr_html_(self) -> str:
        said = questions.headline(self)
        read_back = company.read_back(self, said.point)
        return paragraphs([*said.sentences, read_back]) + html_table(levels_shown(self), say("Levels of hours"))


def read(folder: Folder) -> RunResults:
    """Open a result folder.

    Raises
    ------
    ResultsError
        If it is not one, or was written by a version that this one cannot read.

    Examples
    --------
    >>> sim.read("results/reference").labels
    ['10 hours']
    """
    return RunResults.of(stored.read(folder))


def stored_in(results: ResultsLike) -> stored.Results:
    """Open results that are given by their folder."""
    return results if isinstance(results, stored.Results) else stored.read(results)


def all_stored(results: ResultsLike | Sequence[ResultsLike]) -> list[stored.Results]:
    """Open results, one or several."""
    return [stored_in(one) for one in listed(results)]


def listed(results: ResultsLike | Sequence[ResultsLike]) -> list[ResultsLike]:
    """List results, one or several."""
    return [results] if isinstance(results, stored.Results | str | os.PathLike) else list(results)


@contextmanager
def resumable(folder: Path | None) -> Iterator[None]:
    """Within the block, let an error of a run say how to continue, if it does not say so and there is a folder to continue in.

    Raises
    ------
    RunError
        As it was raised, and how to continue.
    """
    try:
        yield
    except RunError as error:
        if folder is None or "sim resume" in str(error):
            raise
        raise RunError(
            remark("{error}; finished work is kept; continue with: sim resume {folder}", error=error, folder=folder)
        ) from error


def kept(folder: Path | None, make: Callable[[Path], stored.Results]) -> RunResults:
    """Make results in a folder; or in a temporary one, which is gone when nothing holds the results any more."""
    if folder is not None:
        return RunResults.of(make(folder))
    above = Path(tempfile.mkdtemp(prefix="sim-"))
    try:
        results = RunResults.of(make(above / "run"))
    except BaseException:
        shutil.rmtree(above, ignore_errors=True)
        raise
    weakref.finalize(results, shutil.rmtree, above, ignore_errors=True)
    return results
