"""`sim optimise`."""

from pathlib import Path
from typing import Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import later
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--trials", type=click.IntRange(min=8), default=160, show_default=True, metavar="N", help="Splits to try.")
@options.search_replications(6, "Worlds in which each is tried; the finalists meet in --replications others.")
@click.option("--hours", metavar="LOW:HIGH", help="Find the hours a week too, in this range.")
@options.matters("default: 2 % of the best")
@click.option("--moves", is_flag=True, help="Also: the gain of moving one hour per week asked for to another activity.")
@click.option("--front", is_flag=True, help="Also look for the splits that records show best, and hold them against the truth.")
@click.option(
    "--schedules",
    is_flag=True,
    help="Find the best hours over time instead of a split, in the range of --hours: constant, or a ramp up or down.",
)
@options.run_options
def optimise(scenario: Path, asked: options.RunRequest, schedules: bool, **parameters: Any) -> None:
    """Find the best split of the hours in SCENARIO, and with --hours the best hours, by true net return.

    A search tries splits on few worlds, always the same; the best of them meet the split as it is on worlds that the search
    never saw, and a selection procedure says which is best with a probability of 95 %. The same command goes on after an
    interruption. A split is what is asked for, as weights. The answer says what people worked under it, by person and activity.

    With --schedules it tries constant levels, and ramps up or down, at the split as it is. The best schedule meets the best
    constant level on worlds that the search never saw, and is kept as a scenario, schedule.yaml.

    Example: sim optimise scenarios/hours_10.yaml --trials 24 --replications 12 --workers 2 -o results/split
    """
    answer = sim.optimise(load_tagged(scenario, asked.overrides), schedules=schedules, **parameters, **asked.how)
    console.show(answer, as_json=asked.as_json)
    after = later("sim run {folder}/schedule.yaml") if schedules else "sim plot {folder} --question 6"
    console.where_to(asked.folder, asked.quiet, after)
