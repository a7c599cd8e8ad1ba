"""What commands print: answers on stdout, progress and hints on stderr."""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.experiment.runner import Progress
    from sim.report.answers.base import Answer
    from sim.scenario import Loaded
    from sim.workflows.options import Bar


def show(answer: "Answer", *, as_json: bool) -> None:
    """Print an answer: in sentences and tables, or as JSON."""
    if as_json:
        show_json(answer.to_dict())
        return
    for sentence in answer.sentences():
        click.echo(sentence)
    for table in answer.tables():
        columns(table.rows, table.left)
        for note in table.notes:
            click.echo(note)


def show_json(content: Any) -> None:
    """Print what JSON can hold of some content."""
    click.echo(json.dumps(finite(content), indent=1, ensure_ascii=False))


def columns(rows: Sequence[tuple[str, ...]], left: int = 1) -> None:
    """Print rows under their heads, the first columns flush left, the others right."""
    widths = [max(len(row[column].strip()) for row in rows) for column in range(len(rows[0]))]
    click.echo()
    for row in rows:
        cells = [
            cell.strip().ljust(width) if column < left else cell.strip().rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


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
        bars.TextColumn(of),
        bars.TextColumn("time left"),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def hint(text: str, quiet: bool) -> None:
    """Tell the user on stderr what can be done next."""
    if not quiet:
        click.echo(text, err=True)


def hint_ranges(loaded: "Loaded", quiet: bool) -> None:
    """Tell the user how numbers that are given as ranges are treated."""
    if loaded.ranges:
        count = len(loaded.ranges)
        said = "1 number is a range and stands" if count == 1 else f"{count} numbers are ranges and stand"
        hint(f"{said} at what is likely here; sim ensemble --ranges yours carries such through to the advice.", quiet)


def bar(quiet: bool) -> "Bar":
    """Give what workflows show progress by."""
    return lambda title, counted: progress_bar(title, quiet, counted)


def where_kept(folder: Path | None, quiet: bool) -> None:
    """Say where results are, and what to do with them."""
    if folder is None:
        hint("Nothing was kept; -o DIR keeps the results for sim plot, sim report and sim compare.", quiet)
    else:
        hint(f"Results are in {folder}; next: sim report {folder} -o report.html", quiet)


def where_to(folder: Path | None, quiet: bool, following: str) -> None:
    """Tell the user where results are, and what can be done with them."""
    if folder is None:
        hint("Nothing was kept; -o DIR keeps the results.", quiet)
    else:
        hint(f"Results are in {folder}; next: {following.format(folder)}", quiet)
