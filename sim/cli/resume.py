"""`sim resume`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say

if TYPE_CHECKING:
    from sim.experiment import Workers

MADE = (
    "figures",
    "export",
    "report.html",
    "flips.json",
    "trip_wires.json",
    "ignorance.json",
)  # in the folder, by other commands


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@options.more_replications
@click.option("--vary", multiple=True, metavar="PATH=...", help="Points to add, as sim sweep takes them; may be repeated.")
@click.option(
    "--points",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="File of points to add: one row per point, one column per path.",
)
@options.worker_options
@options.budget
@options.speaking
@options.quiet
@options.as_json
def resume(
    folder: Path,
    replications: int | None,
    vary: tuple[str, ...],
    file: Path | None,
    workers: "Workers",
    seconds: float | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Finish the interrupted run in DIR, or add worlds or points to a run.

    The tables are the same as those of one larger run. New points must set the same parameters as the others.

    Example: sim resume results/hours --replications 60 --workers 2
    """
    made = [name for name in MADE if (folder / name).exists()]
    results = sim.resume(
        folder, *vary, replications=replications, points=file, workers=workers, seconds=seconds, bar=console.bar(quiet)
    )
    console.show(results.answer(with_precision=seconds is not None), as_json=as_json)
    if made and (vary or file is not None or replications is not None):
        names = ", ".join(made)
        console.hint(say("Made from the results as they were before, so make them anew: {names}.", names=names), quiet)
