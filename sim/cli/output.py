"""What commands print: progress on stderr, results on stdout."""

import atexit
import datetime as dt
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import Asked, Lived
from sim.experiment.ensemble import Ensemble
from sim.experiment.evaluations import OUTCOMES, Evaluations, Measure
from sim.experiment.evaluations import check_free as check_no_other
from sim.experiment.integrity import SEARCH
from sim.experiment.optimise import Candidate
from sim.experiment.places import make
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.runner import Progress, execute
from sim.experiment.sensitivity import Index, Screened
from sim.experiment.store import check_free, check_unlocked
from sim.experiment.survey import Pool, Row
from sim.measures.trace import Trace
from sim.scenario import Loaded, Scenario

if TYPE_CHECKING:
    from sim.calibrate.backcast import Actual, Compared
    from sim.calibrate.estimates import Findings
    from sim.calibrate.leads import Answer, Leads


@contextmanager
def progress_bar(title: str, quiet: bool, of: str = "worlds") -> Iterator[Progress | None]:
    """A bar with the time left, if stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    with bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn(of),
        bars.TextColumn("time left"),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def executed(plan: Plan, folder: Path | None, asked: Asked, beside: Callable[[Path], None] | None = None) -> Iterator[Results]:
    """Run a plan into a folder, or into a temporary one that is gone afterwards; with what else belongs `beside` it."""
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sim-"))) / "run"
        with progress_bar(plan.name, asked.quiet) as progress:
            results = execute(
                plan,
                folder,
                workers=asked.workers,
                force=asked.force,
                seconds=asked.seconds,
                progress=progress,
                beside=beside,
            )
        yield results


def may_search(folder: Path | None, asked: Asked) -> None:
    """See that a search may write to its folder; `searching` does, for what takes long before it to be asked first."""
    if folder is not None:
        check_free(folder, asked.force)
        check_unlocked(folder)


@contextmanager
def searching(folder: Path | None, asked: Asked, title: str) -> Iterator[tuple[Path, Evaluations, Progress]]:
    """A folder to search in, or a temporary one; the worlds that were seen there, and how to say how far it is."""
    may_search(folder, asked)
    place = _place(folder)
    with progress_bar(title, asked.quiet, of="scenarios") as bar, Evaluations(place / SEARCH, asked.workers) as evaluations:
        yield place, evaluations, bar or (lambda done, total: None)


def may_live(asked: Lived, made: Collection[str]) -> None:
    """See that worlds and what is made of them may be kept in the folder; as `living` does."""
    if asked.folder is not None:
        check_no_other(asked.folder, made)


@contextmanager
def living(
    asked: Lived, made: Collection[str], title: str, measure: Measure = OUTCOMES
) -> Iterator[tuple[Path, Evaluations, Progress | None]]:
    """A folder for worlds and what is made of them, or a temporary one; the worlds seen there, and a bar."""
    may_live(asked, made)
    place = _place(asked.folder)
    with progress_bar(title, asked.quiet) as bar, Evaluations(place / SEARCH, asked.workers, measure) as evaluations:
        yield place, evaluations, bar


def _place(folder: Path | None) -> Path:
    """The folder, made; or a temporary one, gone when the command ends."""
    place = folder
    if place is None:
        place = Path(tempfile.mkdtemp(prefix="sim-")) / "run"
        atexit.register(shutil.rmtree, place.parent, ignore_errors=True)
    make(place)
    return place


def where_to(folder: Path | None, quiet: bool, following: str) -> None:
    """Where results are, and what may be done with them."""
    if folder is None:
        hint("Nothing was kept; -o DIR keeps the results.", quiet)
    else:
        hint(f"Results are in {folder}; next: {following.format(folder)}", quiet)


def show_splits(results: Results, matters: float | None, front: Sequence[Candidate], as_json: bool) -> None:
    """The answer to question 6."""
    from sim.analysis import splits  # noqa: PLC0415
    from sim.report import words_on_splits as words  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(finite(words.content(results, matters, front)), indent=1, ensure_ascii=False))
        return
    table = splits.table(results)
    for sentence in words.sentences(results, table, matters):
        click.echo(sentence)
    columns([*words.rows(table)])
    if splits.has_moves(results):
        columns([*words.move_rows(splits.moves(results))])
        click.echo(words.MOVES_LEGEND)
    if front:
        columns([*words.front_rows(front)])
        click.echo(words.FRONT_LEGEND)


def survey(pool: Pool, rows: Sequence[Row], size: int, as_json: bool) -> None:
    """The study beside the survey."""
    from sim.experiment.survey import truth  # noqa: PLC0415
    from sim.report import words_on_survey as words  # noqa: PLC0415

    if as_json:
        content = {
            "figures": words.frame(rows).to_dict("records"),
            "truth": truth(pool),
            "firms": len(pool.firms),
            "asked": size,
        }
        click.echo(json.dumps(finite(content), indent=1, ensure_ascii=False))
        return
    for sentence in words.sentences(pool, rows, size):
        click.echo(sentence)
    columns([*words.shown(rows, size)])


def ensemble(found: Ensemble, scenario: Scenario, as_json: bool) -> None:
    """Whether the advice holds."""
    from sim.report import words_on_ensemble as words  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(finite(words.content(found, scenario.currency)), indent=1, ensure_ascii=False))
        return
    for sentence in words.sentences(found, scenario.currency):
        click.echo(sentence)
    columns(words.fact_rows(found), left=2)
    if found.fitted.fits.any():
        columns(words.rows(found), left=2)
        click.echo(f"amounts in {scenario.currency}, after run-off; nine in ten members: 5 to 95 % of them")


def leads(read: "Leads", found: "Sequence[Answer]", to: dt.date | None, as_json: bool) -> None:
    """What leads tell."""
    from sim.report import words_on_leads as words  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(finite(words.content(read, found, to)), indent=1, ensure_ascii=False))
        return
    for sentence in words.sentences(read, found, to):
        click.echo(sentence)
    columns([*words.rows(found)])
    click.echo(words.LEGEND)


def backcast(actual: "Actual", found: "Sequence[Compared]", as_json: bool) -> None:
    """Records beside simulated months."""
    from sim.report import words_on_backcast as words  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(finite(words.content(actual, found)), indent=1, ensure_ascii=False))
        return
    for sentence in words.sentences(actual, found):
        click.echo(sentence)
    columns(words.rows(found))


def findings(found: "Findings", as_json: bool) -> None:
    """What an export tells of parameters."""
    from sim.report import words_on_findings as words  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(finite(words.content(found)), indent=1, ensure_ascii=False))
        return
    columns([*words.rows(found)])
    click.echo()
    for sentence in words.sentences(found):
        click.echo(sentence)


def sensitivities(results: Results, screened: Sequence[Screened], weighed: Sequence[Index], as_json: bool) -> None:
    """The answer to question 12."""
    from sim.analysis import inputs  # noqa: PLC0415
    from sim.report import words_on_inputs  # noqa: PLC0415

    if as_json:
        content = {
            "tornado": inputs.table(results).to_dict("records"),
            "morris": inputs.screened_frame(screened).to_dict("records"),
            "sobol": inputs.indices_frame(weighed).to_dict("records"),
        }
        click.echo(json.dumps(finite(content), indent=1, ensure_ascii=False))
        return
    for sentence in words_on_inputs.sentences(results, weighed):
        click.echo(sentence)
    columns([*words_on_inputs.rows(results, weighed)])
    click.echo(words_on_inputs.legend(results))


def answer(results: Results, as_json: bool, *, with_precision: bool = False) -> None:
    """The answer to the question that the results were made for."""
    from sim.analysis import inputs, splits  # noqa: PLC0415  # pandas is heavy

    if splits.has_splits(results):
        show_splits(results, None, [], as_json)
    elif inputs.has_ends(results):
        sensitivities(results, [], [], as_json)
    else:
        summary(results, as_json, with_precision=with_precision)
        if not as_json:
            level_table(results)
            limit_table(results)


def summary(results: Results, as_json: bool, more: dict[str, Any] | None = None, *, with_precision: bool = False) -> None:
    """The answer to question 1: five lines and the table of levels; or everything as JSON, with what else was asked."""
    from sim.analysis import levels, limits  # noqa: PLC0415  # pandas is heavy
    from sim.report import precision, words  # noqa: PLC0415  # pandas is heavy

    said = words.headline(results)
    is_of_precision = with_precision or results.manifest["target"] is not None
    if as_json:
        rows = levels.table(results).to_dict("records")
        content = {"name": results.manifest["name"], "answer": said.sentences, "stop": said.is_stop, "levels": rows}
        if is_of_precision:
            content["precision"] = precision.rows(results)
        if limits.has_lifted(results):
            content["limits"] = limits.table(results).to_dict("records")
        content |= more or {}
        click.echo(json.dumps(finite(content), indent=1, ensure_ascii=False))
        return
    for sentence in (*said.sentences, *(precision.sentences(results) if is_of_precision else ())):
        click.echo(sentence)


def level_table(results: Results) -> None:
    """The levels as a table that fits a terminal."""
    from sim.analysis import levels  # noqa: PLC0415
    from sim.report import words  # noqa: PLC0415

    table = levels.table(results)
    if len(table) < 2:
        return

    def returned(row: Any) -> str:
        middle, low, high = (words.money(row[name]) for name in ("net_return", "net_return_low", "net_return_high"))
        return f"{middle} ({low} to {high})"

    rows = [("level", "cost", "net deals", "net return (interval)", "pays in", "begun on social", "return of added hours")]
    rows += [
        (
            str(row["label"]),
            words.money(row["cost"]),
            words.number(row["net_deals"]),
            returned(row),
            words.percent(row["pays_share"]),
            words.percent(row["begun_on_social_share"], 1),
            words.number(row["step"], 2) if math.isfinite(row["step"]) else "-",
        )
        for _, row in table.iterrows()
    ]
    columns(rows)
    click.echo(f"amounts in {results.currency}, after run-off; interval {words.CONFIDENCE_TEXT}")


def limit_table(results: Results) -> None:
    """What lifting each limit alone gains, if any was lifted, and which one binds."""
    from sim.analysis import limits  # noqa: PLC0415
    from sim.report import words  # noqa: PLC0415
    from sim.report.questions import q11_work  # noqa: PLC0415

    if not limits.has_lifted(results):
        return
    table = q11_work.limits_shown(limits.table(results)).drop(columns=q11_work.MEANING)
    columns([tuple(table.columns), *table.itertuples(index=False, name=None)], left=2)
    click.echo(f"gains over the level as it is, in {results.currency}; interval {words.CONFIDENCE_TEXT}, paired by world")
    for level, binding in limits.binding(results).items():
        click.echo(f"At {level}, {binding} binds." if binding else f"At {level}, no gain can be told from zero.")


def trace_table(followed: Trace, scenario: Scenario) -> None:
    """Every event of an account in both worlds, and what became of its purchases."""
    from sim.report import trace  # noqa: PLC0415

    click.echo()
    for sentence in trace.sentences(followed, scenario.currency):
        click.echo(sentence)
    table = trace.shown(trace.frame(followed, scenario))
    if len(table):
        columns([tuple(table.columns), *table.itertuples(index=False, name=None)], left=trace.TEXT_COLUMNS)
        click.echo(trace.LEGEND)


def columns(rows: Sequence[tuple[str, ...]], left: int = 1) -> None:
    """Rows under their heads, the first columns flush left, the others right."""
    widths = [max(len(row[column].strip()) for row in rows) for column in range(len(rows[0]))]
    click.echo()
    for row in rows:
        cells = [
            cell.strip().ljust(width) if column < left else cell.strip().rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def hint(text: str, quiet: bool) -> None:
    """What one may do next, on stderr."""
    if not quiet:
        click.echo(text, err=True)


def hint_ranges(loaded: Loaded, quiet: bool) -> None:
    """What becomes of numbers that are given as ranges."""
    if loaded.ranges:
        count = len(loaded.ranges)
        said = "1 number is a range and stands" if count == 1 else f"{count} numbers are ranges and stand"
        hint(f"{said} at what is likely here; sim ensemble --ranges yours carries such through to the advice.", quiet)


def finite(value: Any) -> Any:
    """A value as JSON can hold it: not-a-number becomes null."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
