"""`sim resume`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli import console, options

if TYPE_CHECKING:
    from sim.experiment import Workers


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@options.worker_options
@options.budget
@options.speaking
@options.quiet
@options.as_json
def resume(folder: Path, workers: "Workers", seconds: float | None, quiet: bool, as_json: bool) -> None:
    """Finish the run in DIR that was interrupted; the tables are those of a run that was not.

    Example: sim resume results/hours --workers 2
    """
    results = sim.resume(folder, workers=workers, seconds=seconds, bar=console.bar(quiet))
    console.show(results.answer(with_precision=seconds is not None), as_json=as_json)
