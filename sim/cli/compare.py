"""`sim compare`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option("--baseline", metavar="POINT", help="Compare with this point (default: the first).")
@options.matters("if not given, none is selected")
@options.speaking
@options.as_json
def compare(folders: tuple[Path, ...], baseline: str | None, matters: float | None, as_json: bool) -> None:
    """Compare every point with the baseline, world by world on the same draws.

    P-values are adjusted for their number (Holm); where more than two points are compared, an interval in square brackets holds
    for all of them at once. Results in several folders must share their seed.

    Example: sim compare results/hours --baseline "10 h/week"
    """
    console.show(sim.compare(*folders, baseline=baseline, matters=matters), as_json=as_json)
