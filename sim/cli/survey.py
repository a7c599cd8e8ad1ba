"""`sim survey`."""

from pathlib import Path

import click

from sim.cli import console, options, running


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
    from sim.report.answers import survey as answers  # noqa: PLC0415
    from sim.report.answers.sheet import write  # noqa: PLC0415

    said = told.load_population(population)
    base = told.base_of(said, population, asked.overrides)
    running.may_live(asked, answers.FILES)  # firms take a while
    drawn = told.firms_of(said, base, firms, asked.seed)
    measure = told.measure(said.answers.recall_quarters)
    with running.living(asked, answers.FILES, "asking", measure) as (place, evaluations, tick):
        pool = told.ask(said, drawn, asked.seed, evaluations, tick)
    answer = answers.Surveyed(pool, told.table(pool, size), size, asked.seed)
    write(answer.sheet(), place)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, "open {0}/report.html; survey.csv is its table, firms.csv the firms")
