"""`sim calibrate`."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli import console, options
from sim.remarks import remark
from sim.report.text.translation import say

if TYPE_CHECKING:
    from sim.report.answers.base import Answer


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
        raise click.BadParameter(remark("{said} is not a day; write it as 2018-03-31", said=repr(said)), ctx, param) from None


file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
as_of = click.option(
    "--as-of", callback=_date, required=True, metavar="DATE", help="Day of the export: what happened later is unknown."
)
overrides = click.option(
    "-o",
    "--output",
    "overrides",
    type=click.Path(path_type=Path),
    metavar="OVERRIDES.yaml",
    help="File to write, for scenarios to extend.",
)
extends = click.option(
    "--extends",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="File that the output extends in turn, e.g. another export's.",
)


all_won = click.option("--all-won", "all_won", is_flag=True, help="Take every row, or every closing day, as a win.")


def _taken(overrides: Path) -> str:
    return say(
        "The overrides are in {file}. A scenario takes them with the line `extends: {name}`. Delete its own lines for the same"
        " numbers: they would prevail.",
        file=overrides,
        name=overrides.name,
    )


def _shows(*more: Callable[..., Any]) -> Callable[[Callable[..., "Answer"]], options.Command]:
    """Make a command of what reads an export: show the answer, and say what the overrides are for."""

    def of(command: Callable[..., "Answer"]) -> options.Command:
        @wraps(command)
        def wrapped(quiet: bool, as_json: bool, overrides: Path | None, **given: Any) -> None:
            console.show(command(overrides=overrides, **given), as_json=as_json)
            if overrides is not None:
                console.hint(_taken(overrides), quiet)

        after: tuple[Callable[..., Any], ...] = (
            options.as_json,
            options.speaking,
            options.quiet,
            options.force,
            *more,
            overrides,
            options.columns_mapping,
        )
        return options.decorated(wrapped, *after)

    return of


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@click.option("--since", callback=_date, metavar="DATE", help="First contact of the leads to answer for.")
@click.option(
    "--wins-recorded-since",
    "recorded_since",
    callback=_date,
    metavar="DATE",
    help="Day from which wins are on record: earlier leads then only show how long wins take.",
)
@click.option("--forecast-to", callback=_date, metavar="DATE", help="Day to forecast the wins among these leads for.")
@all_won
@options.day_order
@_shows()
def leads(file: Path, as_of: dt.date, **how: Any) -> "Answer":
    """Estimate how many leads of each source will be won, how long that takes, and how many are won by a date.

    FILE.csv is a CRM's export with one row per lead: first_contact_on, won_on (empty if there is none) or closed_on and outcome
    (which says won, lost or open), and, if it has them, lost_on, source and lead, its id. Open leads can still be won, lost
    ones cannot: a mixture cure model in which losses compete estimates how many.

    `sim calibrate look FILE.csv` shows how a file is read.

    Example: sim calibrate leads leads.csv --as-of 2018-03-31 --since 2018-01-01 --forecast-to 2018-11-14
    """
    return sim.calibrate_leads(file, as_of, **how)


@calibrate.command(context_settings=options.SETTINGS)
@file
@click.option("--segment", default="all", show_default=True, metavar="NAME", help="Market segment of these deals.")
@all_won
@options.day_order
@options.decimal
@_shows(extends)
def deals(file: Path, **how: Any) -> "Answer":
    """Estimate the median and spread of the first-year values of won deals.

    FILE.csv has one row per deal: value, outcome (those not won are left out; without it, won_on or --all-won), and, if it has
    them, currency and id. `sim calibrate look FILE.csv` shows how it is read.

    Example: sim calibrate deals deals.csv -o deals.yaml
    """
    return sim.calibrate_deals(file, **how)


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@click.option("--stages", metavar="A,B,C", help="Names of the stages in their order (default: those of the common scenario).")
@options.day_order
@_shows(extends)
def stages(file: Path, as_of: dt.date, **how: Any) -> "Answer":
    """Estimate the share of deals that passes each stage, and how long won deals take.

    FILE.csv has one row per deal: the day on which it entered each stage (STAGE_on), won_on, lost_on. Deals still in a stage
    may yet pass or be lost; the estimate allows for that.

    Example: sim calibrate stages stages.csv --as-of 2018-03-31 -o stages.yaml
    """
    return sim.calibrate_stages(file, as_of, **how)


@calibrate.command(context_settings=options.SETTINGS)
@file
@as_of
@options.day_order
@_shows(extends)
def renewals(file: Path, as_of: dt.date, **how: Any) -> "Answer":
    """Estimate the share of contracts that is renewed each year.

    FILE.csv has one row per renewal (due_on, renewed: yes or no), or one row per contract (started_on, and ended_on,
    the day on which the customer left, or nothing).

    Example: sim calibrate renewals renewals.csv --as-of 2018-03-31 -o renewals.yaml
    """
    return sim.calibrate_renewals(file, as_of, **how)


@calibrate.command(context_settings=options.SETTINGS)
@file
@click.option("--channel", default="network", show_default=True, metavar="NAME", help="Channel of this export.")
@options.day_order
@options.decimal
@_shows(extends)
def channel(file: Path, **how: Any) -> "Answer":
    """Estimate engagements per impression, and how they divide by kind.

    FILE.csv is a platform's export with one row per post or week: day, impressions, and reaction, comment, share and click,
    or engagements in all; followers, if it has them. The exports of LinkedIn (by day or post), X (by day or post) and Meta
    (posts of Facebook or Instagram) are read without a mapping, saved as CSV.

    Example: sim calibrate channel posts.csv --channel network -o network.yaml
    """
    return sim.calibrate_channel(file, **how)


@calibrate.command(context_settings=options.SETTINGS)
@file
@click.option("--for", "kind", type=click.Choice(["leads", "deals", "stages", "renewals", "channel", "backcast"]),
              help="Command that is to read the file (default: the one that knows most of its columns).")  # fmt: skip
@options.columns_mapping
@options.day_order
@options.decimal
@click.option("-o", "--output", "mapping", type=click.Path(path_type=Path), metavar="NAMES.yaml",
              help="File to write the column names to; correct it and give it as --columns.")  # fmt: skip
@options.force
@options.quiet
@options.speaking
@options.as_json
def look(file: Path, quiet: bool, as_json: bool, mapping: Path | None, **how: Any) -> None:
    """Show how an export is read, before anything is learned from it.

    It lists the columns and what each is taken for, the words of outcomes and how many rows have each, the order of days, the
    currency, and the rows that would be left out and why. Nothing is estimated.

    Example: sim calibrate look deals.csv -o names.yaml
    """
    console.show(sim.calibrate_look(file, mapping=mapping, **how), as_json=as_json)
    if mapping is not None:
        console.hint(say("What was found is in {file}. Correct it, and give it as --columns {file}.", file=mapping), quiet)
