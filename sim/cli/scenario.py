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
from sim.scenario import load_tagged
from sim.scenario.describe import Row, describe, to_yaml
from sim.scenario.first import first_scenario
from sim.scenario.screening import assumed
from sim.scenario.shipped import STUDIES, purpose_of, shipped

YEARS = (1990, 2100)


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
def new(file: Path, year: int | None, origin: str | None, force: bool) -> None:
    """Write a first scenario to FILE.yaml, about 20 lines to make your own.

    It starts on the first Monday of the year, with the channels of that year.

    Example: sim scenario new mine.yaml --year 2025
    """
    from sim.experiment.places import check_file  # noqa: PLC0415  # heavy

    check_file(file, force, "mine.yaml")
    if origin is not None:
        if year is not None:
            raise click.UsageError(remark("give either --year or --from; a scenario that is shipped has its year"))
        file.write_text(_shipped_text(origin), encoding="utf-8")
        console.echo(f"{file}: the scenario {origin}; make it yours, then: sim run {file}")
        return
    file.write_text(first_scenario(dt.date.today().year if year is None else year), encoding="utf-8")
    console.echo(f"{file}: a first scenario; make it yours, then: sim run {file}")


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
def list_() -> None:
    """List the scenarios and studies that are shipped: sim run and sim study take their names.

    Example: sim scenario list
    """
    rows = [("name", "kind", "what it is for")]
    rows += [(name, "scenario", purpose_of(path)) for name, path in shipped().items()]
    rows += [(name, "study", purpose_of(path)) for name, path in shipped(STUDIES).items()]
    console.columns(rows, left=3)


@scenario.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE...")
@options.overrides
@options.yes
@options.as_json
def check(files: tuple[Path, ...], overrides: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Check that each FILE is a valid scenario, and read its company back; the first that is not is an error.

    If the worlds of a scenario take long, it says how long, and reads nothing back without --yes.

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
        console.echo(f"{file}: good ({found.name}, {found.team.hours_per_week:g} h/week, {found.content_hash()})")
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
@options.as_json
@click.option("--yaml", "as_yaml", is_flag=True, help="Print a scenario file with every value in it.")
@click.option("--assumed", "only_assumed", is_flag=True, help="Print only what was assumed for you, the most important first.")
def show(file: Path, overrides: tuple[str, ...], as_json: bool, as_yaml: bool, only_assumed: bool) -> None:
    """Print FILE resolved, each value tagged yours, published (with its source) or assumed.

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
        value = "none" if row.value is None else f"{row.value} {row.unit}".strip()
        source = f" ({row.source})" if row.source else ""
        console.echo(f"{row.path:{width}}  {value}  [{row.tag}{source}]")


def _show_assumed(rows: Sequence[Row]) -> None:
    found = assumed(rows)
    table = [("assumed for you", "value", "range", "changes net return by", "source")]
    for row, effect in found:
        low, high = ("?" if end is None else f"{end:g}" for end in (row.low, row.high))
        moves = "not screened" if effect is None else f"{effect:,.0f}"
        table.append((row.path, f"{row.value} {row.unit}".strip(), f"{low} to {high}", moves, row.source or "none"))
    console.columns(table, left=len(table[0]))
    console.echo("change: over its range, in the common scenario at 10 hours (EUR); sim sensitivity computes it for this one")
