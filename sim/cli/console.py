"""Printing for commands: answers on stdout, progress and hints on stderr."""

import json
import math
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.report.text.translation import say, say_many
from sim.scenario.printable import escaped

if TYPE_CHECKING:
    from sim.experiment.runner import Progress
    from sim.report.answers.base import Answer, Part
    from sim.scenario import Loaded
    from sim.workflows.options import Bar


SIGNALLED = 128  # and the number of the signal: the exit code of a shell
REPORT = "sim report {folder} -o report.html"


def report_of(folder: Path) -> str:
    """Give the command that makes the report of a folder."""
    return REPORT.format(folder=folder)


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text; whatever in it could control a terminal, such as a name from a file, is written out."""
    click.echo(escaped(str(text)), err=err, nl=nl)


def show(answer: "Answer", *, as_json: bool) -> None:
    """Print an answer: in sentences and tables, or as JSON."""
    if as_json:
        show_json(answer.to_dict())
        return
    show_parts(answer.parts())


def show_parts(parts: Iterable["Part"], *, is_continued: bool = False) -> None:
    """Print parts of an answer, each under its heading."""
    for number, part in enumerate(parts):
        if part.heading:
            heading = escaped(part.heading)
            click.secho(f"\n{heading}" if number or is_continued else heading, bold=True)
        for sentence in part.sentences:
            echo(sentence)
        for table in part.tables:
            columns(table.rows, table.left)
            for note in table.notes:
                echo(note)


def show_json(content: Any) -> None:
    """Print what JSON can hold of some content."""
    echo(json.dumps(finite(content), indent=1, ensure_ascii=False))


def columns(rows: Sequence[tuple[str, ...]], left: int = 1) -> None:
    """Print rows under their heads, the first columns flush left, the others right."""
    widths = [max(len(row[column].strip()) for row in rows) for column in range(len(rows[0]))]
    echo()
    for row in rows:
        cells = [
            cell.strip().ljust(width) if column < left else cell.strip().rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        echo("  ".join(cells).rstrip())


def finite(value: Any) -> Any:
    """Convert a value to what JSON can hold: not-a-number becomes null."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


@contextmanager
def progress_bar(title: str, quiet: bool, of: str = "worlds") -> Iterator["Progress | None"]:
    """Show a bar with the time left, if stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    with bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn(say(of)),
        bars.TextColumn(say("time left")),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Interrupted(click.Abort):
    """Stopped by Ctrl-C or SIGTERM, where there is more to say than that: what is kept, and what continues from there."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


class _Terminated(KeyboardInterrupt):
    """Stopped by SIGTERM."""


@contextmanager
def interruptible(said: str) -> Iterator[None]:
    """Within the block let SIGTERM stop as Ctrl-C does, and say so much about either.

    Raises
    ------
    Interrupted
        If it is stopped; with the exit code of a shell for either signal.
    """

    def terminate(*_: object) -> None:
        raise _Terminated

    is_main = threading.current_thread() is threading.main_thread()  # no other may take signals
    before = signal.signal(signal.SIGTERM, terminate) if is_main else None
    try:
        yield
    except KeyboardInterrupt as error:
        stopped_by = signal.SIGTERM if isinstance(error, _Terminated) else signal.SIGINT
        raise Interrupted(said, SIGNALLED + stopped_by) from None
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


@contextmanager
def resumable(folder: Path | None) -> Iterator[None]:
    """Say of a search that is stopped within the block what is kept of it; `sim resume` is for runs, and not for searches."""
    if folder is None:
        said = say("interrupted; nothing was kept, as no folder was given. Use -o DIR to keep the worlds seen so far.")
    else:
        said = say(
            "interrupted; the worlds seen so far are kept in {folder}. Run the same command again to continue.", folder=folder
        )
    with interruptible(said):
        yield


def hint(text: str, quiet: bool) -> None:
    """Tell the user on stderr what can be done next."""
    if not quiet:
        echo(text, err=True)


def hint_ranges(loaded: "Loaded", quiet: bool) -> None:
    """Tell the user how numbers that are given as ranges are treated."""
    if loaded.ranges:
        count = len(loaded.ranges)
        hint(
            say_many(
                "{count} value is a range; this run uses its likely value. See what it does to the advice with: {command}",
                "{count} values are ranges; this run uses their likely values. See what they do to the advice with: {command}",
                count,
                command="sim ensemble --ranges yours",
            ),
            quiet,
        )


def bar(quiet: bool) -> "Bar":
    """Give what workflows show progress by."""
    return lambda title, counted: progress_bar(title, quiet, counted)


def where_to(folder: Path | None, quiet: bool, following: str = REPORT) -> None:
    """Say where results are, and what to do with them: a message in which `{folder}` stands for the folder."""
    if folder is None:
        hint(say("Nothing was kept. Use -o DIR to keep the results."), quiet)
    else:
        hint(say("Results are in {folder}. Next: {following}", folder=folder, following=say(following, folder=folder)), quiet)
