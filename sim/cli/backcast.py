"""`sim backcast`."""

from pathlib import Path
from typing import Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import later
from sim.scenario import load_tagged

REPLICATIONS = 100


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option(
    "--actual", type=click.Path(path_type=Path), required=True, metavar="FILE.csv", help="File with what your records show."
)
@options.columns_mapping
@options.day_order
@options.decimal
@click.option("--replications", type=click.IntRange(20, 100_000), default=REPLICATIONS, show_default=True, metavar="N",
              help="Worlds that form the band.")  # fmt: skip
@options.world_options
def backcast(scenario: Path, actual: Path, asked: options.WorldRequest, **reading: Any) -> None:
    """Compare the last months in your records with the same months as SCENARIO simulates them.

    FILE.csv has one row per week, month or quarter: its first day (period), and any of leads, leads_SOURCE, qualified, deals,
    deals_begun_on_social, revenue, followers, impressions, engagements, visits_social, visits_search, visits_direct, cycle_days
    and hours. The scenario's time.start must not lie after the first period.

    Example: sim backcast mine.yaml --actual months.csv --set time.start=2016-01-04 -o results/backcast
    """
    with console.resumable(asked.folder):
        answer = sim.backcast(load_tagged(scenario, asked.overrides), actual, **reading, **asked.how)
    console.show(answer, as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, later("open {folder}/report.html; backcast.csv holds every period."))
