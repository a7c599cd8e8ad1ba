"""The figures of results, and their tables as CSV, as files."""

from collections.abc import Sequence
from pathlib import Path

from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.trace_run import traced
from sim.report.answers import trace
from sim.report.figures import deal
from sim.report.figures.style import save
from sim.report.html.markup import safe_csv
from sim.report.questions import Question, headline


def write_figures(results: Results, folder: Path, questions: Sequence[Question], form: str) -> list[Path]:
    """Write the figures of some questions, and their tables as CSV, to a folder that is created if needed."""
    point = headline(results).point
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for question in questions:
        path = folder / f"{question.file_name}.{form}"
        save(question.draw(results, point), path)
        written.append(path)
        for table in question.tables(results, point):
            written.append(folder / question.csv_name(table))
            safe_csv(table.frame, written[-1])
    return written


def write_trace(results: Results, folder: Path, account: int, form: str) -> list[Path]:
    """Write the trace of an account at the advised level, in the first world and its twin, simulated anew: figure and CSV.

    Raises
    ------
    ResultsError
        If the market has no such account.
    """
    plan = Plan.from_results(results)
    point = plan.points[headline(results).point]
    followed = traced(point, plan.seed, account)
    folder.mkdir(parents=True, exist_ok=True)
    figure, table = (folder / f"trace_{account}.{ending}" for ending in (form, "csv"))
    save(deal.draw(followed, point.scenario), figure)
    safe_csv(trace.frame(followed, point.scenario), table)
    return [figure, table]
