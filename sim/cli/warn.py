"""`sim warn`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say

if TYPE_CHECKING:
    from sim.experiment import Workers


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    metavar="SCENARIO",
    help="Scenario file of the results: the numbers in it are known, and not guesses"
    " (default: all that differ from the program's defaults).",
)
@click.option(
    "--most",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    metavar="N",
    help="Number of guesses to try, the most important first.",
)
@click.option(
    "--members",
    type=click.IntRange(4, 5_000),
    default=64,
    show_default=True,
    metavar="N",
    help="Sets of assumptions to draw for the early signs.",
)
@click.option(
    "--worlds", type=click.IntRange(2, 1000), default=10, show_default=True, metavar="N", help="Worlds per value tried."
)
@click.option(
    "--sets",
    type=click.IntRange(0, 5_000),
    default=200,
    show_default=True,
    metavar="N",
    help="Sets of assumptions to draw for the decision; 0 leaves it out.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), metavar="S", help="Seed of all draws (default: that of the results)."
)
@options.yes
@options.worker_options
@options.quiet
@options.speaking
@options.as_json
def warn(folder: Path, workers: "Workers", seed: int | None, quiet: bool, as_json: bool, **asked: Any) -> None:
    """Find whether the advice of the results in DIR holds while much is unknown, what would flip it, and what to watch.

    It draws sets of assumptions, and says what each level of hours returns over all of them. It sets the most important guesses
    to both ends of their ranges. If the advice on hours changes there, it finds the value at which it flips. It says which
    early sign in the team's own records warns that the hours will not pay, and how often that is wrong. Run the same command
    again to continue after an interruption.

    Example: sim warn results/hours --scenario scenarios/today.yaml --workers 2
    """
    if seed is not None:
        asked["seed"] = seed
    with console.resumable(folder):
        answer = sim.warnings(folder, workers=workers, bar=console.bar(quiet), **asked)
    console.show(answer, as_json=as_json)
    kept = [*(["ignorance.json"] if asked["sets"] else []), "flips.json", "trip_wires.json"]
    console.hint(say("Kept in {folder}: {files}.", folder=folder, files=", ".join(kept)), quiet)
