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
@options.facts
@click.option(
    "--fact",
    "more_facts",
    multiple=True,
    metavar="OUTCOME[/PER]=LOW:HIGH",
    help="Fact of your own, e.g. deals_by_horizon/year=15:25: per year, at the scenario's hours.",
)
@click.option(
    "--ranges",
    type=click.Choice(["all", "yours"]),
    default="all",
    show_default=True,
    help="Guesses to draw: all that have a range, or those that the scenario gives as {low, likely, high}.",
)
@click.option(
    "--members",
    type=click.IntRange(2, 5_000),
    default=400,
    show_default=True,
    metavar="N",
    help="Sets of assumptions to draw.",
)
@options.belief
@options.levels
@click.option(
    "--buyers",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Buyers to ask per arm of a survey of recall, one of the pilot's tests (default: 200, or as many as there are).",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Scenario whose hours over time to weigh beside the levels: of sim optimise --schedules, of sim plan, or yours.",
)
@options.world_options
def ensemble(scenario: Path, asked: options.WorldRequest, **parameters: Any) -> None:
    """Find what to decide on hours while nobody knows which numbers of SCENARIO are true.

    It draws sets of assumptions from their ranges, some without any effect on buyers' minds. Sets count by how well their
    worlds agree with the facts. The answer says what each level of hours returns over all of them, which belief the decision
    depends on, and what it is worth to know more, or to measure in a pilot before funding. Run the same command again to
    continue after an interruption.

    Example: sim ensemble scenarios/hours_10.yaml --members 40 --levels 10,40 -o results/ensemble
    """
    with console.resumable(asked.folder):
        answer = sim.ensemble(load_tagged(scenario, asked.overrides), **parameters, **asked.how)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, later("open {folder}/report.html; members.csv holds every set of assumptions."))
