"""`sim plan`."""

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
    "--levels",
    default="10,20,40",
    show_default=True,
    metavar="A,B,C",
    help="Levels of hours per week to start with and to continue with.",
)
@click.option(
    "--looks", default="1,2,4", show_default=True, metavar="Q,Q", help="Quarters after which to look: some of 1, 2 and 4."
)
@click.option(
    "--members",
    type=click.IntRange(16, 5_000),
    default=100,
    show_default=True,
    metavar="N",
    help="Sets of assumptions to find the plan in; it is then tested in twice as many.",
)
@options.belief
@options.facts
@options.budget
@click.option(
    "--beside",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Results of several levels of this scenario; their report then opens with the plan.",
)
@options.world_options
def plan(scenario: Path, asked: options.WorldRequest, **parameters: Any) -> None:
    """Find the best plan in stages for SCENARIO while nobody knows which of its numbers are true.

    A plan starts with some hours, looks once at what the records show, and then continues with other hours or stops. Each of N
    sets of assumptions takes a world for every way to start and to continue: levels x (1 + looks x levels) worlds, so fewer
    levels are quicker. The plan is then valued in other sets and worlds, against the best constant level there. The folder
    holds it as a scenario that can be run. Run the same command again to continue after an interruption.

    Example: sim plan scenarios/hours_10.yaml --levels 10,40 --looks 2 --members 24 -o results/plan
    """
    answer = sim.plan(load_tagged(scenario, asked.overrides), **parameters, **asked.how)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, later("open {folder}/report.html; run the plan: sim run {folder}/plan.yaml"))
