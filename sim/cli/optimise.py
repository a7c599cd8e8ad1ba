"""`sim optimise`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--trials", type=click.IntRange(min=8), default=160, show_default=True, metavar="N", help="Splits to try.")
@options.search_replications(6, "Worlds in which each is tried; the finalists meet in --replications others.")
@click.option("--hours", metavar="LOW:HIGH", help="Find the hours a week too, in this range.")
@options.matters("default: 2 % of the best")
@click.option("--moves", is_flag=True, help="Also: the gain of moving one hour per week asked for to another activity.")
@click.option("--front", is_flag=True, help="Also look for the splits that records show best, and hold them against the truth.")
@options.run_options
def optimise(
    scenario: Path,
    trials: int,
    search_replications: int,
    hours: str | None,
    matters: float | None,
    moves: bool,
    front: bool,
    asked: options.RunRequest,
) -> None:
    """Find the best split of the hours in SCENARIO, and with --hours the best hours, by true net return.

    A search tries splits on few worlds, always the same; the best of them meet the split as it is on worlds that the search
    never saw, and a selection procedure says which is best with a probability of 95 %. The same command goes on after an
    interruption. A split is what is asked for, as weights. The answer says what people worked under it, by person and activity.

    Example: sim optimise scenarios/hours_10.yaml --trials 24 --replications 12 --workers 2 -o results/split
    """
    answer = sim.optimise(
        load_tagged(scenario, asked.overrides),
        trials=trials,
        search_replications=search_replications,
        hours=hours,
        matters=matters,
        moves=moves,
        front=front,
        **asked.how,
    )
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, "sim plot {folder} --question 6")
