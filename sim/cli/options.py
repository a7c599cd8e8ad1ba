"""Options that mean the same in every command."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial, reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import console
from sim.remarks import remark
from sim.report.text.translation import LANGUAGES, told_in

if TYPE_CHECKING:
    from sim.experiment import Workers

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
MOST_REPLICATIONS = 1_000_000
REPLICATIONS, SEED = 30, 1  # if nothing is said

Command = Callable[..., None]

scenario_file = click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO")
result_folder = click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
overrides = click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario.")
replications = click.option(
    "--replications",
    type=click.IntRange(1, MOST_REPLICATIONS),
    metavar="N",
    help=f"Replications (worlds) per point (default: {REPLICATIONS}).",
)
more_replications = click.option(
    "--replications",
    type=click.IntRange(1, MOST_REPLICATIONS),
    metavar="N",
    help="New total of replications per point, more than the results hold.",
)
seed = click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="S", help=f"Seed of all draws (default: {SEED}).")
workers = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    metavar="N",
    help="Number of processes; the results do not depend on it.",
)
backend = click.option(
    "--backend",
    type=click.Choice(["processes", "dask", "ray"]),
    default="processes",
    show_default=True,
    help="Place to run worlds: processes on this machine, or a cluster.",
)
scheduler = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Address of the cluster's scheduler, e.g. tcp://127.0.0.1:8786 (default: start one on this machine).",
)
block = click.option(
    "--block",
    type=click.IntRange(min=1),
    metavar="N",
    help="Replications per task of a worker (default: a second's work).",
)
yes = click.option("--yes", is_flag=True, help="Run without asking, even if it takes long or much memory.")
force = click.option("--force", is_flag=True, help="Replace existing results.")


class FiniteRange(click.FloatRange):
    """A range of numbers without infinity and nan, which is in any range, as no comparison with it holds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert as click does, refusing infinity and nan."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(remark("{value} is not a finite number.", value=repr(value)), param, ctx)
        return found


def _share(ctx: click.Context, param: click.Parameter, said: str | None) -> float | None:
    """Parse a share: `5%` or `0.05`."""
    if said is None:
        return None
    text = said.strip()
    try:
        share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        share = 0.0
    if not 0.0 < share < 1.0:
        raise click.BadParameter(remark("{said} is not a share between 0 and 1; write 5% or 0.05", said=repr(said)), ctx, param)
    return share


precision = click.option(
    "--precision",
    callback=_share,
    metavar="SHARE",
    help="Run until the half-width of the interval is at most this share of the mean at every point, e.g. 5%; at least 25"
    " replications each.",
)
half_width = click.option(
    "--half-width",
    type=FiniteRange(min=0.0, min_open=True),
    metavar="AMOUNT",
    help="Run until the half-width of the interval is at most this amount.",
)
outcome = click.option(
    "--outcome", metavar="NAME", help="Outcome whose interval is to be that narrow (default: gross_return_expected)."
)
belief = click.option(
    "--belief",
    type=FiniteRange(0.0, 1.0),
    default=0.4,
    show_default=True,
    metavar="SHARE",
    help="Chance, before the facts, that social media moves no buyer's mind.",
)
facts = click.option(
    "--facts",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="File of facts to weigh assumptions by, instead of the published ones.",
)
budget = click.option(
    "--budget", "seconds", type=FiniteRange(min=0.0, min_open=True), metavar="SECONDS", help="Stop when time is up."
)


def matters(if_not: str) -> Callable[[Command], Command]:
    """Add the option for the smallest difference between points that matters."""
    return click.option(
        "--matters",
        type=FiniteRange(min=0.0, min_open=True),
        metavar="AMOUNT",
        help=f"Select the highest net return: with 95 % probability no other is better by this amount ({if_not}).",
    )


def search_replications(default: int, of: str) -> Callable[[Command], Command]:
    """Add the option for the worlds of a search, fewer than those of its answer."""
    return click.option(
        "--search-replications", type=click.IntRange(1, 10_000), default=default, show_default=True, metavar="N", help=of
    )


columns_mapping = click.option(
    "--columns", type=click.Path(path_type=Path), metavar="FILE.yaml", help="File that gives the names of your columns."
)
day_order = click.option(
    "--day-order",
    type=click.Choice(["dmy", "mdy"]),
    help="Order of day and month in dates such as 03/04/2018, if the file leaves it open.",
)
decimal = click.option(
    "--decimal", type=click.Choice([".", ","]), help="Decimal mark of amounts such as 1,234, if the file leaves it open."
)
levels = click.option(
    "--levels", default="5,10,20,40", show_default=True, metavar="A,B,C", help="Levels of hours per week to choose from."
)
language = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of answers, figures and pages.",
)
quiet = click.option("--quiet", is_flag=True, help="Suppress progress and hints.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
output = click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
output_needed = click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Folder for the results."
)

lift = click.option(
    "--lift",
    "limits",
    multiple=True,
    metavar="LIMIT",
    help="Run again with this limit lifted, to see what it costs: material, reviewers, pool, ... or all; may be repeated.",
)
spillover = click.option(
    "--spillover", is_flag=True, help="Separate direct effects from those of sales load, word of mouth and crises (slower)."
)

trace = click.option(
    "--trace",
    "account",
    type=click.IntRange(min=0),
    metavar="ACCOUNT",
    help="Follow this account through the first world and its twin. Choose one with a deal that the hours caused: see"
    " the table of "
    "question 2 (sim plot DIR --question 2) or the end of any trace.",
)


@dataclass(frozen=True)
class WorldRequest:
    """The options of a command that runs worlds."""

    overrides: tuple[str, ...]
    seed: int | None
    workers: "Workers"
    folder: Path | None
    quiet: bool
    as_json: bool
    yes: bool

    @property
    def how(self) -> dict[str, Any]:
        """The same as workflows take it; what was not asked for is left to them."""
        asked = {"seed": self.seed, "workers": self.workers, "folder": self.folder, "yes": self.yes or None}
        shown = {"bar": console.bar(self.quiet), "remark": partial(console.hint, quiet=self.quiet)}
        return {name: value for name, value in asked.items() if value is not None} | shown


@dataclass(frozen=True)
class RunRequest(WorldRequest):
    """The options of a command that makes results."""

    replications: int | None
    precision: float | None
    half_width: float | None
    outcome: str | None
    seconds: float | None
    force: bool

    def __post_init__(self) -> None:
        if self.outcome is not None and self.precision is None and self.half_width is None:
            raise click.UsageError(remark("--outcome goes with --precision or --half-width"))

    @property
    def how(self) -> dict[str, Any]:
        """The same as workflows take it; what was not asked for is left to them."""
        names = ("replications", "precision", "half_width", "outcome", "seconds")
        asked = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return super().how | asked | {"force": self.force}


def world_options(command: Command) -> Command:
    """Give a command the options of everything that runs worlds, as one argument, `asked`."""
    return decorated(_asked_as(WorldRequest, command), as_json, speaking, quiet, yes, output, worker_options, seed, overrides)


def speaking(command: Command) -> Command:
    """Give a command --lang; whatever it says is said in that language."""

    @wraps(command)
    def in_language(language: str, **given: Any) -> None:
        with told_in(language):
            command(**given)

    return language(in_language)


def worker_options(command: Command) -> Command:
    """Give a command the options that say who computes, as one argument, `workers`."""

    @wraps(command)
    def with_workers(workers: int, backend: str, scheduler: str | None, block: int | None, **given: Any) -> None:
        from sim.experiment.backends import Workers  # noqa: PLC0415  # heavy

        command(workers=Workers(workers, backend, scheduler, block), **given)

    return decorated(with_workers, block, scheduler, backend, workers)


def run_options(command: Command) -> Command:
    """Give a command the options of everything that makes results, as one argument, `asked`."""
    return _run_options(command, output)


def run_options_to_folder(command: Command) -> Command:
    """Give a command the same options, with a folder that must be given."""
    return _run_options(command, output_needed)


def _run_options(command: Command, folder: Callable[[Command], Command]) -> Command:
    more = (budget, outcome, half_width, precision)
    options = (as_json, speaking, quiet, yes, force, worker_options, *more, seed, replications, overrides, folder)
    return decorated(_asked_as(RunRequest, command), *options)


def _asked_as(kind: type[WorldRequest], command: Command) -> Command:
    @wraps(command)
    def with_asked(**given: Any) -> None:
        asked = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        command(asked=asked, **given)

    return with_asked


def decorated(command: Command, *options: Callable[..., Any]) -> Command:
    """Give a command some options; help shows the last of them first."""
    return reduce(lambda done, option: option(done), options, command)
