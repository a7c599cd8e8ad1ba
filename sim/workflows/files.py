"""Write what results show as files: figures, the report, and tables for other tools."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from sim.experiment.combined import together
from sim.experiment.errors import ResultsError
from sim.experiment.places import check_file, check_place
from sim.remarks import remark
from sim.report.export import event_logs, figures, formats, queries, synthetic_crm, tools
from sim.report.html import report
from sim.report.questions import QUESTIONS, answerable
from sim.report.text.translation import spoken, told_in
from sim.workflows.options import Folder
from sim.workflows.results import ResultsLike, all_stored, listed, stored_in

CRM = "crm"


def plot(
    results: ResultsLike | Sequence[ResultsLike],
    folder: Folder | None = None,
    *,
    questions: Sequence[int] = (),
    account: int | None = None,
    form: Literal["png", "svg", "pdf"] = "png",
    language: str | None = None,
) -> list[Path]:
    """Draw the figures of results, each with its table as CSV.

    Parameters
    ----------
    results
        Results or their folder; or several, which are drawn side by side and need the same seed and replications.
    folder
        Where to; by default `figures` in the folder of the results.
    questions
        Numbers of the questions; by default all that the results can answer.
    account
        Draw the way of this account at the advised level instead; with `questions`, besides.
    form
        Of the figures.
    language
        `en` or `fr`; by default the one that is spoken, English in a notebook.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    ResultsError
        If the results do not hold an answer, do not go together, or the folder cannot be written to.

    Examples
    --------
    >>> sim.plot("results/reference", "figures", questions=[4])[0].name
    'q04_money.png'
    """
    if folder is None and len(listed(results)) > 1:
        raise ResultsError(remark("figures of several results belong to none of their folders; give one for them: -o DIR"))
    read = all_stored(results)
    target = read[0].folder / "figures" if folder is None else Path(folder)
    if target.exists() and not target.is_dir():
        raise ResultsError(remark("{target}: is a file; give a folder for the figures", target=target))
    check_place(target)
    held = together(read)
    unknown = [number for number in questions if number not in QUESTIONS]
    if unknown:
        raise ResultsError(
            remark(
                "--question {unknown}: there is no question of that number; they are 1 to {questions}",
                unknown=unknown[0],
                questions=max(QUESTIONS),
            )
        )
    asked = [QUESTIONS[number] for number in questions]
    for question in asked:
        if question not in answerable(held):
            raise ResultsError(
                remark("--question {number}: {lack}", number=question.number, lack=question.lacks.format(folder=held.folder))
            )
    with told_in(language or spoken()):
        written = [] if account is None else figures.write_trace(held, target, account, form)
        if asked or account is None:
            written += figures.write_figures(held, target, asked or answerable(held), form)
    return written


def write_report(
    results: ResultsLike | Sequence[ResultsLike], file: Folder, *, language: str | None = None, force: bool = False
) -> Path:
    """Write the report of results: one file that opens offline and prints.

    Parameters
    ----------
    results
        Results or their folder. Of several, the first gives the answer; a question that it cannot answer is answered by the
        next that can.
    file
        Where to, such as `report.html`.
    language
        `en` or `fr`; by default the one that is spoken, English in a notebook.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ResultsError
        If the results do not go together or the file cannot be written.

    Examples
    --------
    >>> sim.write_report("results/reference", "report.html", language="fr").name
    'report.html'
    """
    read, path = all_stored(results), Path(file)
    if len({one.currency for one in read}) > 1:
        raise ResultsError(remark("results in different currencies cannot go into one report; write one for each currency"))
    check_file(path, force, "report.html")
    with told_in(language or spoken()):
        report.write(read, path)
    return path


def unanswered(results: Sequence[ResultsLike]) -> list[Path]:
    """Name the folders that answer no question beyond those that the folders before them answer."""
    read = all_stored(results)
    return [
        one.folder
        for number, one in enumerate(read)
        if number and set(answerable(one)) <= {question for other in read[:number] for question in answerable(other)}
    ]


def export(
    results: ResultsLike,
    target: Folder | None = None,
    *,
    to: Literal["csv", "duckdb", "mmm", "attribution", "crm", "ocel", "xes", "vidigi"] = "csv",
    long: bool = False,
    point: int | None = None,
    worlds: int = 1,
) -> list[Path]:
    """Write the tables of results for other tools.

    Parameters
    ----------
    results
        Results or their folder.
    target
        Where to: a folder, or a file for `duckdb`; by default within `export` in the folder of the results.
    to
        `csv` or `duckdb`: all tables; outcomes carry the parameters of their point as columns, `points` holds a row per point,
        and `dictionary` one per column. `mmm` or `attribution`: what a marketing-mix or an attribution tool reads, a
        folder per world, with the truth in files of its own. `crm`: what a CRM would export of the first world on its last day.
        `ocel`, `xes` or `vidigi`: every event of some worlds, which are simulated anew, for process mining and animation.
    long
        With `csv`: also the outcomes in long form, a row per world and outcome. In DuckDB that is the view `outcomes_long`.
    point, worlds
        With `ocel`, `xes` or `vidigi`: of which point, by default the one that the answer speaks of, and of how many of its
        first worlds.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    ResultsError
        If the results are not finished or the files cannot be written.

    Examples
    --------
    >>> [path.name for path in sim.export("results/reference", "tables", to="attribution")][:3]
    ['worlds.csv', 'attribution_dictionary.csv', 'journeys.csv']
    """
    read = stored_in(results)
    if target is not None:
        path = Path(target)
    else:
        path = read.folder / "export" / "results.duckdb" if to == formats.DUCKDB else read.folder / "export"
    if to != formats.DUCKDB and path.exists() and not path.is_dir():
        raise ResultsError(remark("{path}: is a file; give a folder for the export", path=path))
    check_place(path.parent if to == formats.DUCKDB else path)
    if to == CRM:
        return synthetic_crm.write(read, path)
    if to in event_logs.EVENT_EXPORTS:
        return event_logs.write(read, to, path, point, worlds)
    return formats.write(read, to, path, long=long) if to in formats.FORMATS else tools.write(read, to, path)


def query(sql: str, *results: ResultsLike) -> pd.DataFrame:
    """Answer a SELECT over the tables of results, through DuckDB (`pip install 'sim[sql]'`).

    Parameters
    ----------
    sql
        One query. `outcomes` has the label and the parameters of each point as columns, named by their paths in double quotes;
        `points` is a row per point, `outcomes_long` a row per world and outcome, `dictionary` a row per column; the other
        tables are those of the results.
    *results
        Results, or their folders. Of several, each folder's tables are in a schema with its name, and the plain names hold
        all of them, with the name of the folder in the column `folder`.

    Returns
    -------
    DataFrame
        What the query selects.

    Raises
    ------
    ResultsError
        If DuckDB is missing, results are damaged or not finished, or the query cannot be answered.

    Examples
    --------
    >>> sim.query("SELECT label, avg(net_return) AS mean FROM outcomes GROUP BY label", "results/reference")["label"][0]
    '10 hours'
    """
    return queries.answer(sql, all_stored(list(results)))


def crm_day(results: ResultsLike) -> dt.date:
    """Return the day on which the CRM of `export` is read: the last of the horizon."""
    return synthetic_crm.day(stored_in(results))
