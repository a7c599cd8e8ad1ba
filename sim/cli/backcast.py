"""`sim backcast`."""

from pathlib import Path
from typing import Literal

import click

from sim.cli import console, options, running

REPLICATIONS = 100


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--actual", "file", type=click.Path(path_type=Path), required=True, metavar="FILE.csv", help="What records show.")
@options.columns_mapping
@options.day_order
@options.decimal
@click.option("--replications", type=click.IntRange(20, 100_000), default=REPLICATIONS, show_default=True, metavar="N",
              help="Worlds that make the band.")  # fmt: skip
@options.lived_options
def backcast(
    scenario: Path,
    file: Path,
    mapping: Path | None,
    day_order: Literal["dmy", "mdy"] | None,
    decimal: Literal[".", ","] | None,
    replications: int,
    asked: options.Lived,
) -> None:
    """Compare the last months in your records with the same months as SCENARIO simulates them.

    FILE.csv has a row a week, month or quarter: its first day (period), and any of leads, leads_SOURCE, qualified, deals,
    deals_begun_on_social, revenue, followers, impressions, engagements, visits_social, visits_search, visits_direct, cycle_days
    and hours. The scenario's time.start must not lie after the first period.

    Example: sim backcast mine.yaml --actual months.csv --set time.start=2016-01-04 -o results/backcast
    """
    from sim.calibrate import backcast as told  # noqa: PLC0415
    from sim.calibrate import columns  # noqa: PLC0415
    from sim.report.answers import backcast as answers  # noqa: PLC0415
    from sim.report.answers.sheet import write  # noqa: PLC0415
    from sim.scenario import load  # noqa: PLC0415

    base = load(scenario, asked.overrides)
    names = {} if mapping is None else columns.read_mapping(mapping).columns
    actual = told.read_actual(file, base, columns=names, day_order=day_order, decimal=decimal)
    measure = told.measure(actual)
    with running.living(asked, answers.FILES, base.name, measure) as (place, evaluations, _):
        found = told.compare(actual, base, evaluations, replications, asked.seed)
    answer = answers.Backcast(actual, found, base, replications, asked.seed)
    write(answer.sheet(), place)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, "open {0}/report.html; backcast.csv has every period")
