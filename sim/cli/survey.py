"""`sim survey`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options, output

if TYPE_CHECKING:
    from sim.experiment import Workers


@click.command(context_settings=options.SETTINGS)
@click.argument("population", type=click.Path(path_type=Path), metavar="[POPULATION]", required=False)
@click.option("--firms", type=click.IntRange(1), default=1500, show_default=True, metavar="N", help="Firms in the pool.")
@click.option(
    "--samples", type=click.IntRange(2, 100_000), default=1000, show_default=True, metavar="N", help="Samples drawn from it."
)
@click.option(
    "--size",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    metavar="N",
    help="Executives in a sample.",
)
@options.overrides
@options.seed
@options.worker_options
@options.output
@options.quiet
@options.as_json
def survey(
    population: Path | None,
    firms: int,
    samples: int,
    size: int,
    overrides: tuple[str, ...],
    seed: int | None,
    workers: "Workers",
    folder: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Ask the executives of many simulated firms what the study of 2012 asked, and hold its figures against their answers.

    POPULATION is a YAML file that says how firms differ (docs/scenario-reference.md); without it, as the defaults say. Each
    firm lives through a world of its own; the same command goes on after an interruption.

    Example: sim survey --firms 200 --workers 2 -o results/survey
    """
    from sim.experiment import survey as asked  # noqa: PLC0415
    from sim.report import sheet_on_survey as sheet  # noqa: PLC0415

    seed = options.SEED if seed is None else seed
    said = asked.load_population(population)
    base = asked.base_of(said, population, overrides)
    measure = asked.measure(said.answers.recall_quarters)
    with output.living(folder, sheet.FILES, workers, quiet, "asking", measure) as (place, evaluations, tick):
        pool = asked.ask(said, base, firms, seed, evaluations, tick)
    rows = asked.table(pool, samples, size, seed)
    sheet.write_sheet(pool, rows, samples, size, seed, place)
    output.survey(pool, rows, as_json)
    output.where_to(folder, quiet, "open {0}/report.html; survey.csv is its table, firms.csv the firms")
