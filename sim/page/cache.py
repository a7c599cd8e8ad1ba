"""Cached views of stored results, so that a slider answers at once; the same functions as the command line's."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

import sim
from sim.analysis import comparison, deals, levels
from sim.experiment.integrity import TRIP_WIRES
from sim.experiment.plan import Plan, Point
from sim.experiment.results import Results
from sim.experiment.trace_run import traced
from sim.measures.trace import Trace
from sim.report.answers import one_page
from sim.report.answers.base import Part
from sim.report.figures import outcome
from sim.report.figures.alt import alt_text
from sim.report.figures.style import as_bytes
from sim.report.questions import QUESTIONS, Question, answerable, headline
from sim.report.questions.q01_hours import levels_shown
from sim.report.text.cells import Table
from sim.report.text.translation import told_in
from sim.report.text.words import Headline
from sim.scenario import Loaded, load_tagged
from sim.workflows.results import RunResults

MOST_KEPT = 200
HELD = (Results, RunResults)  # each by its very class, as Streamlit takes them
WORKERS = 2


def _key(results: Results) -> str:
    wires = results.folder / TRIP_WIRES  # is written last, whoever looks for warnings
    warned = wires.stat().st_mtime_ns if wires.exists() else 0
    return f"{results.folder}{results.timing}{results.manifest['replications']}{warned}"


def _kept(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Cache a function by the results, the language, and its other arguments."""
    return st.cache_resource(max_entries=MOST_KEPT, show_spinner=False, hash_funcs=dict.fromkeys(HELD, _key))(compute)


@_kept
def answered(results: Results, language: str) -> Headline:
    """Return what the results say at the likely values."""
    with told_in(language):
        return headline(results)


@_kept
def is_stop(results: Results, language: str) -> bool:
    """Return whether the advice is to give no hours."""
    with told_in(language):
        return one_page.is_stop(results, headline(results))


@_kept
def first_page(results: Results, language: str) -> list[Part]:
    """Return what fits on one page, the advice first; without warnings, which take some minutes more."""
    with told_in(language):
        return list(one_page.answered(results, headline(results)))


@_kept
def warned(results: Results, language: str) -> list[Part]:
    """Return what to watch and what would change the advice, or how to find out."""
    with told_in(language):
        return list(one_page.warned(results))


@_kept
def company(answers: str, language: str) -> tuple[str, Loaded, list[str]]:
    """Return the scenario of a company as a file's text and as it is loaded, and the company read back; answers are JSON."""
    with told_in(language), TemporaryDirectory(prefix="sim-") as folder:
        file = Path(folder) / "company.yaml"
        found = sim.start(json.loads(answers), file, workers=WORKERS)
        return file.read_text(encoding="utf-8"), load_tagged(file), list(found.sentences())


@_kept
def levels_table(results: Results, language: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return question 1's table, as data and in readable form."""
    with told_in(language):
        return levels.table(results), levels_shown(results)


@_kept
def answerable_by(results: Results) -> tuple[Question, ...]:
    """Return the questions that results answer."""
    return answerable(results)


@_kept
def question_tables(results: Results, question: int, point: int, language: str) -> list[Table]:
    """Return the tables of a question."""
    with told_in(language):
        return QUESTIONS[question].tables(results, point)


@_kept
def figure(results: Results, question: int, point: int, language: str, form: str) -> tuple[bytes, str]:
    """Draw the figure of a question as a file, and describe it in words."""
    with told_in(language):
        drawn = QUESTIONS[question].draw(results, point)
        return as_bytes(drawn, form), alt_text(drawn)


@_kept
def outcome_figure(results: Results, name: str, language: str) -> tuple[bytes, str]:
    """Draw an outcome against hours, and describe the figure in words."""
    with told_in(language):
        drawn = outcome.draw(results, name)
        return as_bytes(drawn, "png"), alt_text(drawn, has_table=False)


@_kept
def compared(results: Results, baseline: int) -> pd.DataFrame:
    """Return paired differences from a point."""
    return comparison.paired_differences([results], comparison.point_names([results])[baseline])


@_kept
def all_deals(results: Results, point: int) -> pd.DataFrame:
    """Return the deals of a point."""
    return deals.table(results, point)


@_kept
def followed(results: Results, point: int, account: int) -> tuple[Trace, Point]:
    """Trace an account in the first world of a point and in its twin, simulated anew."""
    plan = Plan.from_results(results)
    return traced(plan.points[point], plan.seed, account), plan.points[point]
