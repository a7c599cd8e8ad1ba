"""`sim report`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="FILE.html", required=True, help="Report to write."
)
@options.speaking
@options.force
@options.quiet
def report(folders: tuple[Path, ...], target: Path, force: bool, quiet: bool) -> None:
    """Write the report of the results in DIR: one file that opens offline and prints.

    The answer is that of the first DIR. A question that it cannot answer, such as the best split, is answered by the next DIR
    that can.

    Example: sim report results/hours results/split -o hours.html --lang fr
    """
    from sim.workflows.files import unanswered  # noqa: PLC0415  # heavy

    written = sim.write_report(folders, target, force=force)
    console.echo(written)
    for folder in unanswered(folders):
        console.hint(
            say(
                "{folder} answers no question beyond those that the others answer. To see both: sim compare, sim plot.",
                folder=folder,
            ),
            quiet,
        )
    console.hint(say("Next: open {file} in a browser; print it from there.", file=written), quiet)
