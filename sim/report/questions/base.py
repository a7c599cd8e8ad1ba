"""The question as an object: what people ask, and all that answers it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.experiment.results import Results
from sim.report.text import words
from sim.report.text.cells import Table
from sim.report.text.words import Headline

SWEEP = "sim sweep SCENARIO.yaml --vary team.hours_per_week=5:40:5 -o DIR"
OPTIMISE = "sim optimise SCENARIO.yaml --moves -o DIR"
STUDY = "sim study STUDY.yaml -o DIR"
SENSITIVITY = "sim sensitivity SCENARIO.yaml -o DIR"


def always(results: Results) -> bool:  # noqa: ARG001  # as all are called
    """Accept any results."""
    return True


def never(results: Results) -> bool:  # noqa: ARG001  # as all are called
    """Claim no results."""
    return False


def nothing(results: Results, point: int) -> Iterable[str]:  # noqa: ARG001  # as all are called
    """Return no notes."""
    return ()


@dataclass(frozen=True)
class Question:
    """One of the questions that results answer. `point` is the level reported where not all are shown.

    Attributes
    ----------
    number, name
        Its place in the report, and its name in the names of files.
    asked, reading
        What people ask, and how the answer is read; messages, to be translated into the current language.
    tables, draw
        The tables that answer it, the main one first, and the figure.
    command
        A command whose results hold the answer.
    can_answer, lacks
        Whether results of one folder hold the answer, and the message for those that do not.
    besides
        What else the question tells, and the command for it; a message for results that hold no answer.
    is_of_one_level
        Whether only one level of hours is shown.
    notes
        What a reader of the report must know besides.
    is_asked_first, headline
        Whether results were made for this question before all others, and what is said first of them then.
    """

    number: int
    name: str
    asked: str
    reading: str
    tables: Callable[[Results, int], list[Table]]
    draw: Callable[[Results, int], Figure]
    command: str = SWEEP
    can_answer: Callable[[Results], bool] = always
    lacks: str = ""
    besides: str = ""
    is_of_one_level: bool = False
    notes: Callable[[Results, int], Iterable[str]] = nothing
    is_asked_first: Callable[[Results], bool] = never
    headline: Callable[[Results], Headline] = words.headline

    @property
    def file_name(self) -> str:
        """Name of the figure's file, without its ending."""
        return f"q{self.number:02d}_{self.name}"

    def csv_name(self, table: Table) -> str:
        """Name of the file of a table."""
        return f"{self.file_name}{'_' if table.name else ''}{table.name}.csv"
