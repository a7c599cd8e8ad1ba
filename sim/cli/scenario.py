"""`sim scenario new|check|show`."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.remarks import remark
from sim.report.text.channel_years import channels_of_another_time
from sim.report.text.translation import decimal, later, say, shortest
from sim.scenario import load_tagged
from sim.scenario.describe import IN_THE_LIGHT_OF, Row, describe, to_yaml
from sim.scenario.first import first_scenario
from sim.scenario.screening import assumed
from sim.scenario.shipped import STUDIES, purpose_of, shipped

YEARS = (1990, 2100)
RUN = "sim run {file}"
TAGS = {"yours": later("yours"), "published": later("published"), "assumed": later("assumed"), "choice": later("a choice")}


@click.group(context_settings=options.SETTINGS)
def scenario() -> None:
    """Create, check and show scenario files.

    Example: sim scenario new mine.yaml
    """


@scenario.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.yaml")
@click.option(
    "--year",
    type=click.IntRange(*YEARS),
    metavar="YEAR",
    help="Year in which it starts, with the channels of that year (default: the current year).",
)
@click.option(
    "--from", "origin", metavar="NAME", help="Name of a shipped scenario to begin with (sim scenario list names them)."
)
@options.force
@options.speaking
def new(file: Path, year: int | None, origin: str | None, force: bool) -> None:
    """Write a first scenario to FILE.yaml: about 20 lines, to be replaced by your own numbers.

    It starts on the first Monday of the year, with the channels of that year.

    Example: sim scenario new mine.yaml --year 2025
    """
    from sim.experiment.places import check_file  # noqa: PLC0415  # heavy

    check_file(file, force, "mine.yaml")
    if origin is not None:
        if year is not None:
            raise click.UsageError(remark("give either --year or --from; a scenario that is shipped has its year"))
        file.write_text(_shipped_text(origin), encoding="utf-8")
        console.echo(
            say(
                "{file}: the scenario {name}. Replace its numbers by yours, then: {command}",
                file=file,
                name=origin,
                command=RUN.format(file=file),
            )
        )
        return
    file.write_text(first_scenario(dt.date.today().year if year is None else year), encoding="utf-8")
    console.echo(
        say("{file}: a first scenario. Replace its numbers by yours, then: {command}", file=file, command=RUN.format(file=file))
    )


def _shipped_text(name: str) -> str:
    """Return a shipped scenario as a file that stands alone.

    Raises
    ------
    click.UsageError
        If there is none of that name.
    """
    there = shipped()
    if name not in there:
        raise click.UsageError(
            remark("no scenario {name} is shipped; there are {there}", name=repr(name)[:60], there=", ".join(there))
        )
    text = there[name].read_text(encoding="utf-8")
    if not re.search(r"^extends:", text, re.MULTILINE):
        return text
    return f"# {purpose_of(there[name])}\n{to_yaml(load_tagged(there[name]).scenario)}"


@scenario.command("list")
@options.speaking
def list_() -> None:
    """List the shipped scenarios and studies. Give their names to sim run and sim study.

    Example: sim scenario list
    """
    rows = [(say("name"), say("kind"), say("purpose"))]
    rows += [(name, say("scenario"), say(purpose_of(path))) for name, path in shipped().items()]
    rows += [(name, say("study"), say(purpose_of(path))) for name, path in shipped(STUDIES).items()]
    console.columns(rows, left=3)


@scenario.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE...")
@options.overrides
@options.yes
@options.speaking
@options.as_json
def check(files: tuple[Path, ...], overrides: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Check that each FILE is a valid scenario, and describe its company with zero hours on social media.

    Stops with an error at the first file that is not valid. If the worlds of a scenario take long, it says how long, and
    describes the company only with --yes.

    Example: sim scenario check scenarios/b2b.yaml
    """
    if as_json:
        checked = {str(file): load_tagged(file, overrides) for file in files}
        console.show_json({file: sim.baseline(loaded, yes=yes).to_dict() for file, loaded in checked.items()})
        return
    from sim.workflows import announced  # noqa: PLC0415  # heavy

    for file in files:
        loaded = load_tagged(file, overrides)
        found = loaded.scenario
        hours, content = shortest(found.team.hours_per_week), found.content_hash()
        console.echo(
            say(
                "{file}: valid ({name}, {hours} hours per week, hash {hash})",
                file=file,
                name=found.name,
                hours=hours,
                hash=content,
            )
        )
        if remark := channels_of_another_time(loaded):
            console.hint(remark, quiet=False)
        if line := "" if yes else announced.is_large(found):
            console.hint(line, quiet=False)
            continue
        for sentence in sim.baseline(loaded, yes=yes).sentences():
            console.echo(f"  {sentence}")


@scenario.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.yaml")
@options.overrides
@options.speaking
@options.as_json
@click.option("--yaml", "as_yaml", is_flag=True, help="Print a scenario file with every value in it.")
@click.option(
    "--assumed", "only_assumed", is_flag=True, help="Print only the values that you did not give, the most important first."
)
def show(file: Path, overrides: tuple[str, ...], as_json: bool, as_yaml: bool, only_assumed: bool) -> None:
    """Print every value of FILE, and whether it is yours, published (with its source), assumed or a choice.

    Example: sim scenario show scenarios/b2b.yaml --set team.hours_per_week=15
    """
    loaded = load_tagged(file, overrides)
    if as_json:
        console.echo(json.dumps(loaded.scenario.document(), indent=1, ensure_ascii=False))
        return
    if as_yaml:
        console.echo(to_yaml(loaded.scenario), nl=False)
        return
    rows = describe(loaded)
    if only_assumed:
        _show_assumed(rows)
        return
    width = max(len(row.path) for row in rows)
    for row in rows:
        value = say("none") if row.value is None else f"{row.value} {say(row.unit)}".strip()
        source = f" ({_source(row)})" if row.source else ""
        console.echo(f"{row.path:{width}}  {value}  [{say(TAGS[row.tag])}{source}]")


def _source(row: Row) -> str:
    """Say where a value comes from; citations and places in files are in no language."""
    if row.source.startswith(IN_THE_LIGHT_OF):
        return say("in the light of: {sources}", sources=row.source.removeprefix(IN_THE_LIGHT_OF))
    return row.source


def _show_assumed(rows: Sequence[Row]) -> None:
    table = [(say("value that you did not give"), say("value"), say("range"), say("changes net return by"), say("source"))]
    for row, effect in assumed(rows):
        low, high = ("?" if end is None else f"{end:g}" for end in (row.low, row.high))
        moves = say("not screened") if effect is None else decimal(effect)
        value = f"{row.value} {say(row.unit)}".strip()
        table.append((row.path, value, say("{low} to {high}", low=low, high=high), moves, _source(row) or say("none")))
    console.columns(table, left=len(table[0]))
    console.echo(
        say(
            "Changes of net return (EUR): as the value moves over its range, in the common scenario at 10 hours per week."
            " Compute them for your scenario with: {command}",
            command="sim sensitivity FILE.yaml",
        )
    )
