"""`sim sensitivity`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=LOW:HIGH",
    help="Inputs and their ranges (default: every assumption that has a range).",
)
@click.option(
    "--trajectories",
    type=click.IntRange(min=2),
    default=4,
    show_default=True,
    metavar="N",
    help="Trajectories of Morris' screening: runs per input.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=0),
    default=32,
    show_default=True,
    metavar="N",
    help="Samples of the Sobol' indices, a power of two; 0 leaves them out.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    metavar="N",
    help="Number of inputs that pass the screening.",
)
@options.levels
@options.search_replications(2, "Worlds per run of the screening and of the indices; the tornado takes --replications.")
@options.run_options
def sensitivity(
    scenario: Path,
    vary: tuple[str, ...],
    trajectories: int,
    samples: int,
    most: int,
    levels: str,
    search_replications: int,
    asked: options.RunRequest,
) -> None:
    """Find which inputs of SCENARIO change the decision on hours.

    It looks at the lead of the advised level: what it returns beyond the best other choice, including no hours at all. Morris'
    method screens all inputs. Sobol' indices weigh those that pass, interactions included. Then each of them is set to the 5th
    and the 95th percentile of its range, on the same worlds. Run the same command again to continue after an interruption.

    Example: sim sensitivity scenarios/hours_10.yaml --vary sales.margin=0.3:0.7 --samples 8 --replications 2 -o results/guesses
    """
    answer = sim.sensitivity(
        load_tagged(scenario, asked.overrides),
        vary=vary,
        trajectories=trajectories,
        samples=samples,
        most=most,
        levels=levels,
        search_replications=search_replications,
        **asked.how,
    )
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, "sim plot {folder} --question 12")
