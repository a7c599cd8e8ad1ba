"""`sim survey`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import later


@click.command(context_settings=options.SETTINGS)
@click.argument("population", type=click.Path(path_type=Path), metavar="[POPULATION]", required=False)
@click.option(
    "--firms",
    type=click.IntRange(1),
    default=1500,
    show_default=True,
    metavar="N",
    help="Firms to simulate; more of them narrow the intervals.",
)
@click.option(
    "--size",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    metavar="N",
    help="Number of executives that the study is assumed to have asked.",
)
@options.world_options
def survey(
    population: Path | None,
    firms: int,
    size: int,
    asked: options.WorldRequest,
) -> None:
    """Ask the executives of many simulated firms what the study of 2012 asked, and compare its figures with their answers.

    POPULATION is a YAML file that says how firms differ (docs/scenario-reference.md); without it, the defaults apply. Each
    firm has a world of its own. Run the same command again to continue after an interruption.

    Example: sim survey --firms 200 --workers 2 -o results/survey
    """
    with console.resumable(asked.folder):
        answer = sim.survey(population, overrides=asked.overrides, firms=firms, size=size, **asked.how)
    console.show(answer, as_json=asked.as_json)
    console.where_to(
        asked.folder, asked.quiet, later("open {folder}/report.html; survey.csv holds its table, firms.csv the firms.")
    )
