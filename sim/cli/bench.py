"""`sim bench`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli import console, options
from sim.remarks import remark
from sim.report.text.translation import say

if TYPE_CHECKING:
    from sim.bench.tools import Tool
    from sim.experiment import Workers

patterns = click.option(
    "--pattern", "patterns", multiple=True, metavar="NAME", help="Worlds with this pattern of hours alone; may be repeated."
)


class Bench(click.Group):
    """`sim bench --tool own DIR` is short for `sim bench run --tool own DIR`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in where only its options are given."""
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Bench, context_settings=options.SETTINGS)
def bench() -> None:
    """Grade tools that measure marketing on worlds whose truth is known.

    Example: sim bench make results/bench --workers 2
    """


@bench.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--hours",
    type=click.FloatRange(1.0, 40.0),
    default=20.0,
    show_default=True,
    metavar="H",
    help="Hours per week of each team.",
)
@click.option(
    "--replications", type=click.IntRange(1, 1000), default=1, show_default=True, metavar="N", help="Worlds per family."
)
@options.seed
@patterns
@options.worker_options
@options.quiet
@options.speaking
def make(
    folder: Path, hours: float, replications: int, seed: int | None, patterns: tuple[str, ...], workers: "Workers", quiet: bool
) -> None:
    """Make the worlds: thirty families by hours, effect, records and seasons; data for tools, and the truth apart.

    Run the same command again to continue after an interruption.

    Example: sim bench make results/bench --workers 2
    """
    with console.progress_bar(say("making worlds"), quiet, "families") as progress:
        truth = sim.make_bench(
            folder, hours=hours, replications=replications, seed=options.SEED if seed is None else seed, patterns=patterns,
            workers=workers, progress=progress,
        )  # fmt: skip
    count = truth["world"].nunique()
    console.echo(say("{worlds} worlds are in {folder}; the truth is in {truth}.", worlds=str(count), folder=folder / "worlds",
                     truth=folder / "truth.csv"))  # fmt: skip
    command = f"sim bench --tool own {folder}"
    console.hint(say("Next: {command}", command=command), quiet)


@bench.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--tool", "names", multiple=True, metavar="NAME", help="Tool with an adapter; may be repeated. sim bench tools lists them."
)
@click.option("--command", metavar="TEXT", help='Your own tool, such as "python mine.py {data} {out}".')
@click.option("--name", default="mine", show_default=True, metavar="NAME", help="Name of your own tool in the tables.")
@patterns
@click.option("--install", is_flag=True, help="Make the environment of a tool, if it is not there.")
@click.option(
    "--timeout", type=click.FloatRange(1.0), default=1800.0, show_default=True, metavar="S", help="Seconds for a world."
)
@options.force
@options.quiet
@options.speaking
@options.as_json
def run(
    folder: Path,
    names: tuple[str, ...],
    command: str | None,
    name: str,
    patterns: tuple[str, ...],
    quiet: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Run tools on the worlds in DIR, and grade all that have answered; without a tool, grade alone.

    A world that a tool has finished is kept: run the same command again to continue. --force forgets them.

    Example: sim bench --tool own results/bench
    """
    answer = None
    for tool in _asked(names, command, name, patterns):
        with console.progress_bar(tool.name, quiet) as progress:
            answer = sim.run_bench(folder, tool, **how, progress=progress)
    console.show(answer or sim.grade_bench(folder), as_json=as_json)
    console.hint(say("The page is {page}.", page=folder / "report.html"), quiet)


@bench.command(context_settings=options.SETTINGS)
@options.speaking
def tools() -> None:
    """List the tools that have an adapter, with the packages that their environments hold.

    Example: sim bench tools
    """
    from sim.bench import tools as known  # noqa: PLC0415  # heavy

    found = [known.tool(name) for name in known.names()]
    rows = [(one.name, ", ".join(one.packages) or "–", ", ".join(one.patterns)) for one in found]
    console.columns([(say("tool"), say("packages"), say("patterns")), *rows], left=3)


def _asked(names: tuple[str, ...], command: str | None, name: str, patterns: tuple[str, ...]) -> "list[Tool]":
    from sim.bench import tools as known  # noqa: PLC0415  # heavy

    found = [known.tool(one) for one in names]
    if command is not None:
        found.append(known.tool_of_command(command, name, patterns))
    elif patterns:
        raise click.UsageError(remark("--pattern goes with --command: an adapter says itself which worlds it is made for"))
    return found
