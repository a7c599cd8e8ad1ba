"""`sim survey`."""

from pathlib import Path

import click

from sim.cli import options, output


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
    help="Executives that the study is taken to have asked.",
)
@options.lived_options
def survey(
    population: Path | None,
    firms: int,
    size: int,
    asked: options.Lived,
) -> None:
    """Ask the executives of many simulated firms what the study of 2012 asked, and hold its figures against their answers.

    POPULATION is a YAML file that says how firms differ (docs/scenario-reference.md); without it, as the defaults say. Each
    firm lives through a world of its own; the same command goes on after an interruption.

    Example: sim survey --firms 200 --workers 2 -o results/survey
    """
    from sim.experiment import survey as told  # noqa: PLC0415
    from sim.report import sheet_on_survey as sheet  # noqa: PLC0415

    said = told.load_population(population)
    base = told.base_of(said, population, asked.overrides)
    output.may_live(asked, sheet.FILES)  # firms take a while
    drawn = told.firms_of(said, base, firms, asked.seed)
    measure = told.measure(said.answers.recall_quarters)
    with output.living(asked, sheet.FILES, "asking", measure) as (place, evaluations, tick):
        pool = told.ask(said, drawn, asked.seed, evaluations, tick)
    rows = told.table(pool, size)
    sheet.write_sheet(pool, rows, size, asked.seed, place)
    output.survey(pool, rows, size, asked.as_json)
    output.where_to(asked.folder, asked.quiet, "open {0}/report.html; survey.csv is its table, firms.csv the firms")
