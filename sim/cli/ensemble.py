"""`sim ensemble`."""

from pathlib import Path
from typing import Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import later
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option(
    "--facts",
    "facts",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Facts that parameters must fit, instead of the published ones.",
)
@click.option(
    "--fact",
    "more_facts",
    multiple=True,
    metavar="OUTCOME[/PER]=LOW:HIGH",
    help="One more, such as deals_by_horizon/year=15:25, in a year and at the scenario's hours.",
)
@click.option(
    "--ranges",
    type=click.Choice(["all", "yours"]),
    default="all",
    show_default=True,
    help="Guesses to draw: all that have a range, or those given as {low, likely, high}.",
)
@click.option(
    "--members",
    type=click.IntRange(2, 5_000),
    default=400,
    show_default=True,
    metavar="N",
    help="Sets of parameters to draw.",
)
@click.option(
    "--no-effect-share",
    type=options.FiniteRange(0.0, 1.0),
    default=0.4,
    show_default=True,
    metavar="SHARE",
    help="Of those, without any effect on buyers' minds.",
)
@click.option("--worlds", type=click.IntRange(2, 1000), default=3, show_default=True, metavar="N", help="Of each member.")
@options.levels
@options.replications
@options.world_options
def ensemble(scenario: Path, asked: options.WorldRequest, **parameters: Any) -> None:
    """Test whether the advice on hours holds for all the parameters that fit the facts, not only for those of SCENARIO.

    Draws sets of parameters from their ranges, some without any effect on buyers' minds; keeps those whose worlds fit the
    facts; and says in what share of them each level of hours is best, what facts cannot tell, and how much of the doubt is
    chance. The same command goes on after an interruption. --replications are worlds of the scenario as it is.

    Example: sim ensemble scenarios/hours_10.yaml --members 40 --worlds 2 --levels 10,40 --replications 4 -o results/ensemble
    """
    answer = sim.ensemble(load_tagged(scenario, asked.overrides), **parameters, **asked.how)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, later("open {folder}/report.html; members.csv holds every set of parameters."))
