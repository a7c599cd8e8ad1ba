"""`sim calibrate`."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sim.cli import console, options

if TYPE_CHECKING:
    from sim.calibrate.estimates import Findings


@click.group(context_settings=options.SETTINGS)
def calibrate() -> None:
    """Estimate the scenario's parameters from your own exports, with intervals.

    Example: sim calibrate leads leads.csv --as-of 2018-03-31
    """


def _date(ctx: click.Context, param: click.Parameter, said: str | None) -> dt.date | None:
    """Parse a day written as 2018-03-31."""
    if said is None:
        return None
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(f"{said!r} is no day; write it as 2018-03-31", ctx, param) from None


file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
as_of = click.option("--as-of", callback=_date, required=True, metavar="DATE", help="Day of the export; later is not known.")
overrides = click.option(
    "-o",
    "--output",
    "overrides",
    type=click.Path(path_type=Path),
    metavar="OVERRIDES.yaml",
    help="File for scenarios to extend.",
)
extends = click.option(
    "--extends", type=click.Path(path_type=Path), metavar="FILE.yaml", help="That it extends in turn, such as another export's."
)


def _taken(overrides: Path) -> str:
    return (
        f"Overrides are in {overrides}; a scenario takes them with the line `extends: {overrides.name}`,"
        " and without lines of its own for the same numbers, which would stand above them."
    )


def _estimates(command: Callable[..., "Findings"]) -> Callable[..., None]:
    """Turn a function that gives estimates into a command: read the columns' names, print the findings, write the overrides."""

    @wraps(command)
    def wrapped(
        mapping: Path | None,
        overrides: Path | None,
        extends: Path | None,
        force: bool,
        quiet: bool,
        as_json: bool,
        **given: Any,
    ) -> None:
        from sim.calibrate import columns  # noqa: PLC0415
        from sim.calibrate import overrides as written  # noqa: PLC0415
        from sim.report.answers.estimates import Estimates  # noqa: PLC0415
        from sim.scenario import yaml  # noqa: PLC0415

        if overrides is not None:
            options.check_file(overrides, force, "overrides.yaml")
        if extends is not None:
            yaml.read(extends)
            if overrides is not None and overrides.resolve() == extends.resolve():
                raise click.UsageError(f"--extends {extends}: a file cannot extend itself; give another with -o")
        names = {} if mapping is None else columns.read_mapping(mapping).columns
        found = command(columns=names, **given)
        if overrides is not None:
            base = None if extends is None else written.relative(extends, overrides)
            written.write(written.of_findings(found, base), overrides)
        console.show(Estimates(found), as_json=as_json)
        if overrides is not None:
            console.hint(_taken(overrides), quiet)

    for option in (options.as_json, options.quiet, options.force, extends, overrides, options.columns_mapping):
        wrapped = option(wrapped)
    return wrapped


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@click.option("--since", callback=_date, metavar="DATE", help="Answer for leads first contacted from then on.")
@click.option(
    "--wins-recorded-since",
    "recorded_since",
    callback=_date,
    metavar="DATE",
    help="Wins before were not on record: earlier leads then tell how long wins take, and no more.",
)
@click.option("--forecast-to", callback=_date, metavar="DATE", help="Also how many of these leads are won by then.")
@options.columns_mapping
@options.day_order
@overrides
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
    """Estimate how many leads of each source will be won, how long that takes, and how many are won by a date.

    FILE.csv is a CRM's export with a row a lead: first_contact_on, won_on (empty if there is none), and, if it has them,
    outcome (a day counts where it says won), source and lead, its id. Leads that are not won yet may still be: a mixture cure
    model tells how many.

    Example: sim calibrate leads leads.csv --as-of 2018-03-31 --since 2018-01-01 --forecast-to 2018-11-14
    """
    from sim.calibrate import columns  # noqa: PLC0415
    from sim.calibrate import leads as told  # noqa: PLC0415
    from sim.calibrate import overrides as written  # noqa: PLC0415
    from sim.report.answers.leads import LeadsToCome  # noqa: PLC0415

    if overrides is not None:
        options.check_file(overrides, force, "overrides.yaml")
    names = columns.ColumnMapping() if mapping is None else columns.read_mapping(mapping)
    dates = told.Dates(as_of, since, recorded_since)
    read = told.read_leads(file, dates, columns=names.columns, sources=names.sources, day_order=day_order)
    found = told.answers(read, forecast_to)
    if overrides is not None:
        written.write(written.of_leads(read, found[-1]), overrides)
    console.show(LeadsToCome(read, found, forecast_to), as_json=as_json)
    if overrides is not None:
        console.hint(_taken(overrides), quiet)


@calibrate.command(context_settings=options.SETTINGS)
@file
@click.option("--segment", default="all", show_default=True, metavar="NAME", help="Segment of the market that they are of.")
@options.day_order
@options.decimal
@_estimates
def deals(
    file: Path,
    segment: str,
    columns: dict[str, str],
    day_order: Literal["dmy", "mdy"] | None,
    decimal: Literal[".", ","] | None,
) -> "Findings":
    """Estimate the median and spread of the first-year values of won deals.

    FILE.csv has a row a deal: value, and, if it has them, outcome (those not won are left out), currency and id.

    Example: sim calibrate deals deals.csv -o deals.yaml
    """
    from sim.calibrate.deals import read_deals  # noqa: PLC0415

    return read_deals(file, segment, columns=columns, day_order=day_order, decimal=decimal)


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@click.option("--stages", metavar="A,B,C", help="Names of the stages in their order (default: those of the common scenario).")
@options.day_order
@_estimates
def stages(
    file: Path, as_of: dt.date, stages: str | None, columns: dict[str, str], day_order: Literal["dmy", "mdy"] | None
) -> "Findings":
    """Estimate the share of deals that passes each stage, and how long won deals take.

    FILE.csv has a row a deal: the day on which it entered each stage (STAGE_on), won_on, lost_on. Deals still in a stage
    may pass or be lost yet; that is reckoned with.

    Example: sim calibrate stages stages.csv --as-of 2018-03-31 -o stages.yaml
    """
    from sim.calibrate.stages import default_stages, read_stages  # noqa: PLC0415

    names = default_stages() if stages is None else [name.strip() for name in stages.split(",")]
    return read_stages(file, as_of, names, columns=columns, day_order=day_order)


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@options.day_order
@_estimates
def renewals(file: Path, as_of: dt.date, columns: dict[str, str], day_order: Literal["dmy", "mdy"] | None) -> "Findings":
    """Estimate the share of contracts that is renewed each year.

    FILE.csv has a row a renewal (due_on, renewed: yes or no), or a row a contract (started_on, and ended_on,
    the day on which the customer left, or nothing).

    Example: sim calibrate renewals renewals.csv --as-of 2018-03-31 -o renewals.yaml
    """
    from sim.calibrate.renewals import read_renewals  # noqa: PLC0415

    return read_renewals(file, as_of, columns=columns, day_order=day_order)


@calibrate.command(context_settings=options.SETTINGS)
@file
@click.option("--channel", default="network", show_default=True, metavar="NAME", help="Channel that it is of.")
@options.day_order
@options.decimal
@_estimates
def channel(
    file: Path,
    channel: str,
    columns: dict[str, str],
    day_order: Literal["dmy", "mdy"] | None,
    decimal: Literal[".", ","] | None,
) -> "Findings":
    """Estimate engagements per impression, and how they divide by kind.

    FILE.csv is a platform's export with a row a post or a week: day, impressions, and reaction, comment, share and click,
    or engagements in all; followers, if it has them. The exports of LinkedIn (by day or post), X (by day) and Meta (by post)
    are read as they are, saved as CSV.

    Example: sim calibrate channel posts.csv --channel network -o network.yaml
    """
    from sim.calibrate.channels import read_channel  # noqa: PLC0415

    return read_channel(file, channel, columns=columns, day_order=day_order, decimal=decimal)
