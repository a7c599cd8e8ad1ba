"""`sim results`."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, Literal

import click

import sim
from sim.cli import console, options
from sim.remarks import remark
from sim.report.text.translation import decimal, say, say_many, shortest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.experiment import Workers

EVENT_LOGS = ("ocel", "xes", "vidigi")


@click.group(context_settings=options.SETTINGS)
def results() -> None:
    """List, show and check results, and hand them on to other tools.

    Example: sim results list
    """


@results.command("list", context_settings=options.SETTINGS)
@click.argument("folder", type=click.Path(path_type=Path), metavar="[DIR]", default=Path("results"))
@options.speaking
def list_(folder: Path) -> None:
    """List the result folders in DIR (default: results).

    Example: sim results list
    """
    from sim.experiment.catalogue import entries  # noqa: PLC0415  # heavy
    from sim.report.text.folders import megabytes, state_of  # noqa: PLC0415  # heavy

    rows = [(say("folder"), say("name"), say("points"), say("replications"), say("size"), say("state"))]
    rows += [
        (str(one.folder), one.name, str(one.points), decimal(one.replications), megabytes(one.bytes), state_of(one))
        for one in entries(folder, lambda said: console.hint(said, quiet=False))
    ]
    console.columns(rows, left=2)


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@options.speaking
def show(folder: Path) -> None:
    """Show the state of the results in DIR, their points and their tables.

    Example: sim results show results/hours
    """
    from sim.experiment import catalogue, read  # noqa: PLC0415  # heavy
    from sim.report.text.folders import MEBIBYTE, state_of  # noqa: PLC0415  # heavy

    found = read(folder)
    said, one = found.manifest, catalogue.entry(found)
    points, worlds = _points(one.points), _replications(one.replications)
    seed, state = said["seed"], state_of(one)
    console.echo(
        say(
            "{name}: {points}, {worlds}, seed {seed}; {state}",
            name=one.name,
            points=points,
            worlds=worlds,
            seed=seed,
            state=state,
        )
    )
    version, schema = said["package_version"], said["schema_version"]
    console.echo(say("Computed by sim {version}, scenario schema {schema}.", version=version, schema=schema))
    if one.ended:
        console.echo(say("Finished on {moment}.", moment=one.ended))
    rows = [
        (point["label"], str(number), shortest(point["scenario"]["team"]["hours_per_week"]), point["scenario_hash"][:12])
        for number, point in enumerate(said["points"])
    ]
    console.columns([(say("point"), say("number"), say("hours per week"), say("scenario")), *rows])
    if found.is_finished:
        tables = [
            (name, decimal(count), decimal(width), decimal(size / MEBIBYTE, 2))
            for name, (count, width, size) in catalogue.tables(found).items()
        ]
        console.columns([(say("table"), say("rows"), say("columns"), say("MB")), *tables])
        command = f"sim results repeat {quote(str(folder))} --point {len(rows) - 1} --replication {one.replications - 1}"
        console.echo()
        console.echo(say("To simulate one world of one point again, here the last: {command}", command=command))
    else:
        resuming = f"sim resume {folder}"
        console.hint(say("Next: {command}", command=resuming), quiet=False)


def _points(count: int) -> str:
    return say_many("{count} point", "{count} points", count)


def _replications(count: int) -> str:
    return say_many("{count} replication", "{count} replications", count)


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@options.speaking
def verify(folder: Path) -> None:
    """Check that every file in DIR is what was written, and name those that are not.

    Ends with 1 if something is damaged: sim resume DIR computes it anew.

    Example: sim results verify results/hours
    """
    from sim.experiment import catalogue, integrity, read  # noqa: PLC0415  # heavy
    from sim.report.text.folders import state_of  # noqa: PLC0415  # heavy

    found = read(folder)
    wrong = integrity.faults(found)
    for fault in wrong:
        console.echo(f"{fault.path}: {say(fault.what)}")
    commands = dict.fromkeys(fault.command.format(folder=quote(str(folder))) for fault in wrong if fault.is_damage)
    for command in filter(None, commands):
        console.hint(say("Next: {command} computes again what is damaged, and nothing else.", command=command), quiet=False)
    if commands:
        raise click.exceptions.Exit(1)
    state = state_of(catalogue.entry(found))
    console.echo(say("{folder}: {state}; every file is as it was written", folder=folder, state=state))


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), metavar="DIR", help="New folder for the results.")
@click.option(
    "--point",
    type=click.IntRange(min=0),
    metavar="P",
    help="Number of the point, to compute one world alone; with --replication.",
)
@click.option("--replication", type=click.IntRange(min=0), metavar="R", help="Number of that world; nothing is written.")
@options.worker_options
@options.quiet
@options.speaking
@options.as_json
def repeat(  # an option each
    folder: Path,
    target: Path | None,
    point: int | None,
    replication: int | None,
    workers: "Workers",
    quiet: bool,
    as_json: bool,
) -> None:
    """Compute the results in DIR anew, in a folder of their own, from what DIR says of itself alone; or one world of them.

    With the same versions, tables are the same to the byte; ends with 1 if one is not. Of one world, the outcomes are printed,
    and held against those in DIR.

    Example: sim results repeat results/hours -o results/again
    """
    if (point is None) != (replication is None) or (point is None) == (target is None):
        raise click.UsageError(remark("give either -o DIR, or --point P and --replication R"))
    if point is not None and replication is not None:
        _repeat_world(folder, point, replication, as_json)
    elif target is not None:
        _repeat_all(folder, target, workers, quiet)


def _repeat_world(folder: Path, point: int, replication: int, as_json: bool) -> None:
    """Simulate one world anew and print its outcomes."""
    from sim.experiment import read  # noqa: PLC0415  # heavy
    from sim.experiment.one_world import simulate_anew  # noqa: PLC0415  # heavy
    from sim.experiment.outcome_columns import outcomes  # noqa: PLC0415  # heavy

    results = read(folder)
    found = simulate_anew(results, point, replication)
    if as_json:
        console.show_json(vars(found))
    else:
        rows = [
            (one.name, say(one.title), f"{found.outcomes[one.name]:,.6g}", _unit(one.unit, results.currency))
            for one in outcomes()
        ]
        console.columns([(say("outcome"), say("title"), say("value"), say("unit")), *rows], left=2)
        console.echo()
        world = say("replication {number}", number=replication)
        console.echo(f"{folder}: {found.label}, {world}; {_compared(found.differing)}")
    if found.differing:
        raise click.exceptions.Exit(1)


def _unit(unit: str, currency: str) -> str:
    """Say a unit, with the currency of the results in it."""
    return say(unit).replace(say("currency"), currency)


def _compared(differing: "Sequence[str] | None") -> str:
    """Say how a world that was simulated again compares with what is stored."""
    if differing is None:
        return say("nothing is stored of this world to compare with")
    if differing:
        return say("not the same as what is stored: {outcomes}", outcomes=", ".join(differing))
    return say("the same as what is stored")


def _repeat_all(folder: Path, target: Path, workers: "Workers", quiet: bool) -> None:
    """Compute all results anew, in a folder of their own, and compare."""
    from sim.experiment import Plan, ResultsError, checksums, execute, integrity, manifest, read  # noqa: PLC0415  # heavy

    first = read(folder)
    if target.exists():
        raise ResultsError(remark("{target}: exists already; give a new folder", target=target))
    if not first.is_finished:
        raise ResultsError(remark("{folder}: not finished; finish it first with: sim resume {folder}", folder=folder))
    checksums.verify(folder / manifest.MANIFEST, "compute them anew with the command that made them")
    plan = Plan.from_results(first)
    with console.progress_bar(plan.name, quiet) as progress:
        again = execute(plan, target, workers=workers, progress=progress)
    others = integrity.differing(first, again)
    if others:
        console.echo(
            say(
                "{target}: not the same as {folder}; these tables differ: {tables}",
                target=target,
                folder=folder,
                tables=", ".join(others),
            )
        )
        raise click.exceptions.Exit(1)
    console.echo(say("{target}: every table is the same as in {folder}", target=target, folder=folder))


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--format", "form", type=click.Choice(["csv", "duckdb"]), help="Format of all tables: one CSV each, or one DuckDB file."
)
@click.option(
    "--for",
    "tool",
    type=click.Choice(["mmm", "attribution", "crm", *EVENT_LOGS]),
    help="Kind of tool to export for, instead of all tables.",
)
@click.option("--long", "long", is_flag=True, help="Add outcomes in long form, one row per world and outcome (with csv).")
@click.option(
    "--point",
    type=click.IntRange(min=0),
    metavar="P",
    help="Number of the point whose events are written (default: the one that is advised).",
)
@click.option(
    "--worlds",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of its first worlds, each in files of its own (default: 1).",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Folder or file to write (default: DIR/export).",
)
@options.quiet
@options.speaking
def export(  # an option each
    folder: Path,
    form: str | None,
    tool: str | None,
    long: bool,
    point: int | None,
    worlds: int | None,
    target: Path | None,
    quiet: bool,
) -> None:
    """Write the tables in another format, or the data that other tools read.

    Outcomes carry the label and the varied parameters of their point as columns. The table points holds these alone, and
    dictionary says what every column means.

    For a marketing-mix or an attribution tool, each world has a folder, with the truth in files of its own. For crm, they are
    the leads and renewals of the first world as a CRM would export them on its last day, for sim calibrate.

    For process mining (ocel, xes) and for the animation of queues (vidigi), worlds are simulated anew, and each event is
    written.

    Example: sim results export results/hours --format csv -o results/csv
    """
    if (form is None) == (tool is None):
        raise click.UsageError(
            remark("give either --format csv|duckdb or --for mmm|attribution|crm|{kinds}", kinds="|".join(EVENT_LOGS))
        )
    if tool not in EVENT_LOGS and (point is not None or worlds is not None):
        raise click.UsageError(remark("--point and --worlds go with --for {kinds}", kinds="|".join(EVENT_LOGS)))
    if long and form != "csv":
        raise click.UsageError(remark("--long goes with --format csv; a DuckDB file holds the view outcomes_long"))
    to: Any = form or tool
    paths = sim.export(folder, target, to=to, long=long, point=point, worlds=worlds or 1)
    if tool == "crm":
        from sim.workflows.files import crm_day  # noqa: PLC0415  # heavy

        console.hint(
            say("Exported as of the last day, {day}. Give it to sim calibrate as --as-of.", day=crm_day(folder)), quiet
        )
    elif tool is not None:
        console.hint(
            say(
                "Each world is a company of its own, in a folder of its own. Files that end in _truth.csv are not for the tool."
            ),
            quiet,
        )
    if tool in ("mmm", "attribution"):
        paths = paths[:2]  # the list of worlds and the dictionary; the rest would fill the screen
    for path in paths:
        console.echo(path)


@results.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option("--point", type=click.IntRange(min=0), default=0, show_default=True, metavar="P", help="Number of the point.")
@click.option(
    "--share",
    type=click.Choice(["touched", "all"]),
    default="touched",
    show_default=True,
    help="Sources among which Markov shares a deal: those of its own journey, or all, as ChannelAttribution does.",
)
@options.speaking
@options.as_json
def credit(folder: Path, point: int, share: Literal["touched", "all"], as_json: bool) -> None:
    """Show what each attribution model credits to social media, world by world, beside the truth.

    Example: sim results credit results/hours --share all
    """
    console.show(sim.credit(folder, point=point, share=share), as_json=as_json)


@results.command(context_settings=options.SETTINGS)
@click.argument("sql", metavar="SQL")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="FILE.csv", help="File to write the rows to."
)
@options.force
@options.speaking
@options.as_json
def query(sql: str, folders: tuple[Path, ...], target: Path | None, force: bool, as_json: bool) -> None:
    """Answer one SELECT over the tables of one or several DIR, through DuckDB.

    Parameters that were varied are columns of outcomes, in double quotes: "sales.margin". The view points has one row per
    point, outcomes_long one row per world and outcome, dictionary one row per column. Of several folders, each has a schema
    with its name, and the plain names hold all of them, with a column folder.

    Example: sim results query 'SELECT label, avg(net_return_expected) FROM outcomes GROUP BY label' results/hours
    """
    from sim.experiment.places import check_file  # noqa: PLC0415  # heavy
    from sim.report.html.markup import safe_csv  # noqa: PLC0415  # heavy

    if target is not None:
        if target.suffix.lower() != ".csv":
            raise click.UsageError(remark("-o {target}: give a file whose name ends in .csv", target=target))
        check_file(target, force, "answer.csv")
    found = sim.query(sql, *folders)
    if target is not None:
        safe_csv(found, target)
        console.echo(target)
    elif as_json:
        console.show_json(found.to_dict("records"))
    else:
        console.columns(_cells(found), left=0)


def _cells(found: "pd.DataFrame") -> list[tuple[str, ...]]:
    """Write a frame as cells for a terminal: numbers to six figures, nothing where there is none."""

    def cell(value: Any) -> str:
        if value is None or value != value:  # noqa: PLR0124  # nan and NaT are not numbers
            return ""
        return f"{value:,.6g}" if isinstance(value, float) else str(value)

    return [tuple(map(str, found.columns)), *(tuple(map(cell, row)) for row in found.itertuples(index=False, name=None))]
