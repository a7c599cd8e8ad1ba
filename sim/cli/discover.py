"""`sim discover`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--when",
    metavar="CONDITION",
    help='"every level loses" (default), "10 hours suffice", "10 hours return 80% of the best", or an outcome and a'
    ' number: "net_return_expected < 0", "net_return at 10 > 50000".',
)
@click.option(
    "--over",
    multiple=True,
    metavar="PARAM",
    help="Look for limits of this parameter only; may be repeated, also for decisions (default: all that vary but decisions).",
)
@click.option(
    "-o", "--output", "picture", type=click.Path(path_type=Path), metavar="FILE", help="Draw the answer: .png, .svg or .pdf."
)
@click.option("--size", type=click.Choice(["page", "phone"]), default="page", show_default=True, help="Size of the picture.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@options.speaking
@options.as_json
def discover(
    folder: Path, when: str | None, over: tuple[str, ...], picture: Path | None, size: str, force: bool, as_json: bool
) -> None:
    """Find where a condition holds, such as "10 hours suffice" or "every level loses", among what cannot be chosen.

    DIR is of a design over ranges (sim sweep --design lhs) or of sim ensemble. Boxes (PRIM) and a small tree (CART) are found
    on half of its rows and worlds. The other half, which had no say, judges them: what may be chance is not shown as found.

    Example: sim discover results/ensemble --when "10 hours suffice" -o when.png
    """
    if picture is not None:
        from sim.workflows.charts import check_picture  # noqa: PLC0415  # heavy

        check_picture(picture, force)
    answer = sim.discover(folder, when, over=over)
    if picture is not None:
        answer.save(picture, size=size, force=force)
    console.show(answer, as_json=as_json)
