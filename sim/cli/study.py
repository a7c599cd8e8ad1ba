"""`sim study`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say


@click.command(context_settings=options.SETTINGS)
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.yaml")
@click.option(
    "--sets",
    type=click.IntRange(0, 5_000),
    metavar="N",
    help="Sets of assumptions to draw, for what to decide while much is unknown (default: as the study says; 0: none).",
)
@options.run_options_to_folder
def study(study: Path, sets: int | None, asked: options.RunRequest) -> None:
    """Run a named study: all its levels, what to decide while much is unknown, then figures and the report, in one folder.

    STUDY.yaml is a file, or the name of a study that is shipped: sim scenario list names them.

    Example: sim study hours --workers 2 -o results/hours
    """
    results = sim.study(study, overrides=asked.overrides, sets=sets, **asked.how)
    console.show(results.answer(with_precision=asked.seconds is not None), as_json=asked.as_json)
    folder = results.folder
    console.hint(
        say(
            "The report is {report}. Figures and tables are in {figures}.",
            report=folder / "report.html",
            figures=folder / "figures",
        ),
        asked.quiet,
    )
