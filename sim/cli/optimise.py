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
@click.option(
    "--trials", type=click.IntRange(min=8), default=160, show_default=True, metavar="N", help="Number of splits to try."
)
@options.search_replications(6, "Worlds per split in the search; the finalists are compared in --replications other worlds.")
@click.option("--hours", metavar="LOW:HIGH", help="Find the hours per week too, in this range.")
@options.matters("default: 2 % of the best")
@click.option("--moves", is_flag=True, help="Show the gain of asking for one hour per week of another activity instead.")
@click.option(
    "--front", is_flag=True, help="Find the splits that look best in the records, too, and compare them with the truth."
)
@click.option(
    "--schedules",
    is_flag=True,
    help="Find the best hours over time instead of a split, in the range of --hours: constant, or a ramp up or down.",
)
@options.run_options
def optimise(scenario: Path, asked: options.RunRequest, schedules: bool, **parameters: Any) -> None:
    """Find the best split of the hours in SCENARIO, and with --hours the best hours, by true net return.

    A search tries splits on few worlds, always the same. The best of them then meet today's split on worlds that the search
    never saw, and a selection procedure says which is best with a probability of 95 %. Run the same command again to continue
    after an interruption. A split is what is asked for, as weights. The answer says what people worked under it, by person and
    activity.

    With --schedules it tries constant levels, and ramps up or down, with today's split. The best schedule meets the best
    constant level on worlds that the search never saw, and is kept as a scenario, schedule.yaml.

    Example: sim optimise scenarios/hours_10.yaml --trials 24 --replications 12 --workers 2 -o results/split
    """
    answer = sim.optimise(load_tagged(scenario, asked.overrides), schedules=schedules, **parameters, **asked.how)
    console.show(answer, as_json=asked.as_json)
    after = later("sim run {folder}/schedule.yaml") if schedules else "sim plot {folder} --question 6"
    console.where_to(asked.folder, asked.quiet, after)
