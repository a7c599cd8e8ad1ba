"""`sim plot`."""

from pathlib import Path
from typing import Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--question",
    "questions",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="N",
    help="Number of the question, as in the report; all that the results can answer if not given.",
)
@click.option(
    "--format", "form", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True, help="File format."
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder (default: figures in DIR).",
)
@options.trace
@options.speaking
@options.quiet
def plot(folders: tuple[Path, ...], target: Path | None, quiet: bool, **how: Any) -> None:
    """Draw the figures of the results in DIR, each with its table as CSV.

    Several DIR are drawn side by side, each a case of its own; they need the same seed and replications. A figure that shows
    one level of hours shows the one that is advised. With --trace, the way of one account there is drawn, and other figures
    only if asked for.

    Example: sim plot results/hours --question 1 --format svg
    """
    written = sim.plot(folders, target, **how)
    for path in written:
        console.echo(path)
    compared = f"sim compare {' '.join(map(str, folders))}"
    console.hint(say("Next: {command}", command=console.report_of(folders[0]) if len(folders) == 1 else compared), quiet)
