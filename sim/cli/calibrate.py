"""`sim calibrate`."""

import datetime as dt
from pathlib import Path
from typing import Literal

import click

from sim.cli import options, output


@click.group(context_settings=options.SETTINGS)
def calibrate() -> None:
    """What your own exports tell of the scenario's parameters, and how surely.

    Example: sim calibrate leads leads.csv --as-of 2018-03-31
    """


def _date(ctx: click.Context, param: click.Parameter, said: str | None) -> dt.date | None:
    """A day as 2018-03-31."""
    if said is None:
        return None
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(f"{said!r} is no day; write it as 2018-03-31", ctx, param) from None


@calibrate.command(context_settings=options.SETTINGS)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--as-of", callback=_date, required=True, metavar="DATE", help="Day of the export; wins after it are not known.")
@click.option("--since", callback=_date, metavar="DATE", help="Answer for leads first contacted from then on.")
@click.option(
    "--wins-recorded-since",
    "recorded_since",
    callback=_date,
    metavar="DATE",
    help="Wins before were not on record: earlier leads then tell how long wins take, and no more.",
)
@click.option("--forecast-to", callback=_date, metavar="DATE", help="Also how many of these leads are won by then.")
@click.option(
    "--columns",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="What your columns and sources are called.",
)
@click.option(
    "--day-order", type=click.Choice(["dmy", "mdy"]), help="Of dates such as 03/04/2018, where the file does not tell."
)
@click.option(
    "-o",
    "--output",
    "overrides",
    type=click.Path(path_type=Path),
    metavar="OVERRIDES.yaml",
    help="File for scenarios to extend.",
)
@options.force
@options.quiet
@options.as_json
def leads(
    file: Path,
    as_of: dt.date,
    since: dt.date | None,
    recorded_since: dt.date | None,
    forecast_to: dt.date | None,
    mapping: Path | None,
    day_order: Literal["dmy", "mdy"] | None,
    overrides: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """How many leads of each source will be won, how long that takes, and how many are won by a date.

    FILE.csv is a CRM's export with a row a lead: day of first contact, day of the win (empty if there is none), and, if it has
    them, a source and an id. Leads that are not won yet may still be: a mixture cure model tells how many.

    Example: sim calibrate leads leads.csv --as-of 2018-03-31 --since 2018-01-01 --forecast-to 2018-11-14
    """
    from sim.calibrate import columns  # noqa: PLC0415
    from sim.calibrate import leads as told  # noqa: PLC0415
    from sim.calibrate import overrides as written  # noqa: PLC0415
    from sim.scenario import ScenarioError  # noqa: PLC0415

    if overrides is not None and overrides.exists() and not force:
        raise ScenarioError("exists already", file=str(overrides), remedy="choose another name, or --force to replace it")
    names = columns.ColumnMapping() if mapping is None else columns.read_mapping(mapping)
    dates = told.Dates(as_of, since, recorded_since)
    read = told.read_leads(file, dates, columns=names.columns, sources=names.sources, day_order=day_order)
    found = told.answers(read, forecast_to)
    if overrides is not None:
        written.write(written.of_leads(read, found[-1]), overrides)
    output.leads(read, found, forecast_to, as_json)
    if overrides is not None:
        output.hint(f"Overrides are in {overrides}; a scenario takes them with: extends: {overrides.name}", quiet)
