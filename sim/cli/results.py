"""`sim results`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli import console, options
from sim.report.text.translation import say

if TYPE_CHECKING:
    from sim.experiment import Workers

MEBIBYTE = 1024**2


@click.group(context_settings=options.SETTINGS)
def results() -> None:
    """List, show and check results, and hand them on to other tools.

    Example: sim results list
    """


@results.command("list", context_settings=options.SETTINGS)
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path("results"))
def list_(folder: Path) -> None:
    """List the result folders in DIR (if not given, results).

    Example: sim results list
    """
    from sim.experiment.catalogue import entries  # noqa: PLC0415  # heavy

    rows = [("folder", "name", "points", "replications", "size", "state")]
    rows += [
        (str(one.folder), one.name, str(one.points), str(one.replications), f"{one.bytes / MEBIBYTE:.1f} MB", one.state)
        for one in entries(folder)
    ]
    console.columns(rows, left=2)


@results.command(context_settings=options.SETTINGS)
@options.result_folder
def show(folder: Path) -> None:
    """Show how far the results in DIR got, their points and their tables.

    Example: sim results show results/hours
    """
    from sim.experiment import catalogue, read  # noqa: PLC0415  # heavy

    found = read(folder)
    said, one = found.manifest, catalogue.entry(found)
    console.echo(f"{one.name}: {one.points} points, {one.replications} replications, seed {said['seed']}, {one.state}")
    console.echo(f"by sim {said['package_version']}, schema {said['schema_version']}{', ' + one.ended if one.ended else ''}")
    points = [
        (point["label"], f"{point['scenario']['team']['hours_per_week']:g}", point["scenario_hash"][:12])
        for point in said["points"]
    ]
    console.columns([("point", "hours a week", "scenario"), *points])
    if found.is_finished:
        rows = [
            (name, f"{count:,}", str(width), f"{size / MEBIBYTE:.2f}")
            for name, (count, width, size) in catalogue.tables(found).items()
        ]
        console.columns([("table", "rows", "columns", "MB"), *rows])
    else:
        resuming = f"sim resume {folder}"
        console.hint(say("Next: {command}", command=resuming), quiet=False)


@results.command(context_settings=options.SETTINGS)
@options.result_folder
def verify(folder: Path) -> None:
    """See whether every file in DIR is what was written; name those that are not.

    Ends with 1 if something is damaged: sim resume DIR computes it anew.

    Example: sim results verify results/hours
    """
    from sim.experiment import catalogue, integrity, read  # noqa: PLC0415  # heavy

    found = read(folder)
    wrong = integrity.faults(found)
    for fault in wrong:
        console.echo(f"{fault.path}: {fault.what}")
    if any(fault.is_damage for fault in wrong):
        console.hint(
            say("Next: sim resume {folder} computes again what is damaged, and nothing else.", folder=folder), quiet=False
        )
        raise click.exceptions.Exit(1)
    console.echo(f"{folder}: {catalogue.entry(found).state}; every file is what was written")


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="DIR", required=True, help="A new folder for them."
)
@options.worker_options
@options.quiet
def repeat(folder: Path, target: Path, workers: "Workers", quiet: bool) -> None:
    """Compute the results in DIR anew, in a folder of their own, from what DIR says of itself alone.

    With the same versions, tables are the same to the byte; ends with 1 if one is not.

    Example: sim results repeat results/hours -o results/again
    """
    from sim.experiment import Plan, ResultsError, checksums, execute, integrity, manifest, read  # noqa: PLC0415  # heavy

    first = read(folder)
    if target.exists():
        raise ResultsError(f"{target}: exists already; give a new folder")
    if not first.is_finished:
        raise ResultsError(f"{folder}: not finished; finish it first with: sim resume {folder}")
    checksums.verify(folder / manifest.MANIFEST, "compute them anew with the command that made them")
    plan = Plan.from_results(first)
    with console.progress_bar(plan.name, quiet) as progress:
        again = execute(plan, target, workers=workers, progress=progress)
    others = integrity.differing(first, again)
    if others:
        console.echo(f"{target}: not the same as {folder}: {', '.join(others)}")
        raise click.exceptions.Exit(1)
    console.echo(f"{target}: the same as {folder}, table by table")


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option("--format", "form", type=click.Choice(["csv", "duckdb"]), help="All tables: a CSV each, or one DuckDB file.")
@click.option(
    "--for", "tool", type=click.Choice(["mmm", "attribution", "crm"]), help="Or what this kind of tool reads or writes."
)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="PATH", help="Where to (default: DIR/export)."
)
@options.quiet
def export(folder: Path, form: str | None, tool: str | None, target: Path | None, quiet: bool) -> None:
    """Write the tables in another format, or what other tools have.

    A marketing-mix or an attribution tool reads its data, with the truth beside it; a CRM would export the leads and renewals
    of the first world as on its last day, for sim calibrate.

    Example: sim results export results/hours --format csv -o results/csv
    """
    if (form is None) == (tool is None):
        raise click.UsageError("give either --format csv|duckdb or --for mmm|attribution|crm")
    to: Any = form or tool
    paths = sim.export(folder, target, to=to)
    if tool == "crm":
        from sim.workflows.files import crm_day  # noqa: PLC0415  # heavy

        console.hint(
            say("Exported as of the last day, {day}. Give it to sim calibrate as --as-of.", day=crm_day(folder)), quiet
        )
    elif tool is not None:
        console.hint(say("Each world is a company of its own. The dictionary says which columns hold the truth."), quiet)
    for path in paths:
        console.echo(path)
