"""`sim results`."""

from pathlib import Path

import click

from sim.cli import options, output


@click.group(context_settings=options.SETTINGS)
def results() -> None:
    """Hand results on to other tools.

    Example: sim results export results/hours --for mmm
    """


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option("--for", "tool", type=click.Choice(["mmm", "attribution"]), help="Kind of tool that is to read it.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), metavar="DIR", help="Folder (default: DIR/export).")
@options.quiet
def export(folder: Path, tool: str | None, target: Path | None, quiet: bool) -> None:
    """Write the data that a marketing-mix or an attribution tool reads, with the truth beside it, and a data dictionary.

    Example: sim results export results/hours --for attribution -o results/paths
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.store import read  # noqa: PLC0415
    from sim.report import exports  # noqa: PLC0415

    if tool is None:
        raise click.UsageError("--for is missing; give mmm or attribution")
    target = folder / "export" if target is None else target
    if target.exists() and not target.is_dir():
        raise ResultsError(f"{target}: is a file; give a folder for the export")
    for path in exports.write(read(folder), tool, target):
        click.echo(path)
    output.hint("Each world is a company of its own; the columns that tell the truth are named so in the dictionary.", quiet)
