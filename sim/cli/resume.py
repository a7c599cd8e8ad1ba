"""`sim resume`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options, output

if TYPE_CHECKING:
    from sim.experiment import Workers


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@options.worker_options
@options.budget
@options.quiet
@options.as_json
def resume(folder: Path, workers: "Workers", seconds: float | None, quiet: bool, as_json: bool) -> None:
    """Finish the run in DIR that was interrupted; the tables are those of a run that was not.

    Example: sim resume results/hours --workers 2
    """
    from sim.experiment.runner import resume as finish  # noqa: PLC0415

    with output.progress_bar(str(folder), quiet) as progress:
        results = finish(folder, workers=workers, seconds=seconds, progress=progress)
    output.answer(results, as_json, with_precision=seconds is not None)
