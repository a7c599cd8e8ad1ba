"""`sim report`."""

from pathlib import Path

import click

from sim.cli import options


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="FILE.html", required=True, help="The report."
)
@options.force
def report(folder: Path, target: Path, force: bool) -> None:
    """Write the report of the results in DIR: one file that opens offline and prints.

    Example: sim report results/hours -o hours.html
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.results import read  # noqa: PLC0415
    from sim.report import page  # noqa: PLC0415

    results = read(folder)
    if target.is_dir():
        raise ResultsError(f"{target}: is a folder; give a file, such as {target / 'report.html'}")
    if not target.parent.is_dir():
        raise ResultsError(f"{target.parent}: no such folder; make it first")
    if target.exists() and not force:
        raise ResultsError(f"{target}: exists already; --force replaces it")
    page.report(results, target)
    click.echo(target)
