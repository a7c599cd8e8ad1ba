"""Options that mean the same in every command."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.experiment import Plan, Point, Workers
    from sim.experiment.precision import Target

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
MOST_REPLICATIONS = 1_000_000
REPLICATIONS, SEED = 30, 1  # if nothing is said

Command = Callable[..., None]

scenario_file = click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO")
result_folder = click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
overrides = click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario.")
replications = click.option(
    "--replications", type=click.IntRange(1, MOST_REPLICATIONS), metavar="N", help=f"Worlds a point (default {REPLICATIONS})."
)
seed = click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="S", help=f"Seed of all draws (default {SEED}).")
workers = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes; same results for any number.",
)
backend = click.option(
    "--backend",
    type=click.Choice(["processes", "dask", "ray"]),
    default="processes",
    show_default=True,
    help="Where worlds are run: processes here, or a cluster.",
)
scheduler = click.option(
    "--scheduler", metavar="ADDRESS", help="Of the cluster, such as tcp://127.0.0.1:8786; if not given, one here."
)
block = click.option(
    "--block",
    type=click.IntRange(min=1),
    metavar="N",
    help="Replications a worker does at a time (default: a second's work).",
)
force = click.option("--force", is_flag=True, help="Replace results that are there.")


class FiniteRange(click.FloatRange):
    """A range of numbers without infinity and nan, which is in any range, as no comparison with it holds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert as click does, refusing infinity and nan."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
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
        raise click.BadParameter(f"{said!r} is no share between 0 and 1; write 5% or 0.05", ctx, param)
    return share


precision = click.option(
    "--precision",
    callback=_share,
    metavar="SHARE",
    help="Run until the interval of the outcome is within this share of its mean, such as 5%, at every point.",
)
half_width = click.option(
    "--half-width",
    type=FiniteRange(min=0.0, min_open=True),
    metavar="AMOUNT",
    help="Or until it reaches no farther than this to either side.",
)
outcome = click.option("--outcome", metavar="NAME", help="Outcome to be precise in (default: gross_return_expected).")
budget = click.option(
    "--budget", "seconds", type=FiniteRange(min=0.0, min_open=True), metavar="SECONDS", help="Stop when time is up."
)


def matters(if_not: str) -> Callable[[Command], Command]:
    """Add the option for the smallest difference between points that matters."""
    return click.option(
        "--matters",
        type=FiniteRange(min=0.0, min_open=True),
        metavar="AMOUNT",
        help=f"Select the highest net return: with a probability of 95 % none is better by so much or more ({if_not}).",
    )


def search_replications(default: int, of: str) -> Callable[[Command], Command]:
    """Add the option for the worlds of a search, fewer than those of its answer."""
    return click.option(
        "--search-replications", type=click.IntRange(1, 10_000), default=default, show_default=True, metavar="N", help=of
    )


columns_mapping = click.option(
    "--columns", "mapping", type=click.Path(path_type=Path), metavar="FILE.yaml", help="What your columns are called."
)
day_order = click.option(
    "--day-order", type=click.Choice(["dmy", "mdy"]), help="Of dates such as 03/04/2018, where the file does not tell."
)
decimal = click.option(
    "--decimal", type=click.Choice([".", ","]), help="Mark of amounts such as 1,234, where the file does not tell."
)
levels = click.option(
    "--levels", default="5,10,20,40", show_default=True, metavar="A,B,C", help="Hours a week among which one is advised."
)
language = click.option(
    "--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language of what is written."
)
quiet = click.option("--quiet", is_flag=True, help="No progress, no hints.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
output = click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)

lift = click.option(
    "--lift",
    "limits",
    multiple=True,
    metavar="LIMIT",
    help="Also run with this limit lifted, to see what it costs: material, reviewers, pool, ... or all; may be repeated.",
)
spillover = click.option(
    "--spillover", is_flag=True, help="Also tell direct effects from those by sales load, word of mouth and crises (slower)."
)

trace = click.option(
    "--trace",
    "account",
    type=click.IntRange(min=0),
    metavar="ACCOUNT",
    help="Also follow this account through the first world and its twin. Worth it: accounts with deals caused, in the table of "
    "question 2 (sim plot DIR --question 2); three are named at the end of any trace.",
)


@dataclass(frozen=True)
class Asked:
    """What was asked of a command that runs worlds."""

    overrides: tuple[str, ...]
    replications: int | None
    seed: int | None
    workers: "Workers"
    precision: float | None
    half_width: float | None
    outcome: str | None
    seconds: float | None
    force: bool
    quiet: bool
    as_json: bool

    def __post_init__(self) -> None:
        _ = self.target  # what does not go together is said before anything is done

    @property
    def is_open(self) -> bool:
        """Whether the number of replications is to be found: as many as are enough, or as there is time for."""
        return self.target is not None or (self.seconds is not None and self.replications is None)

    @property
    def first_seed(self) -> int:
        """The seed where no study names one."""
        return SEED if self.seed is None else self.seed

    @property
    def target(self) -> "Target | None":
        """The precision that was asked for, if any."""
        from sim.experiment.precision import GROSS, MOST, Target  # noqa: PLC0415

        if self.precision is None and self.half_width is None:
            if self.outcome is not None:
                raise click.UsageError("--outcome goes with --precision or --half-width")
            return None
        return Target(self.outcome or GROSS, self.precision, self.half_width, self.replications or MOST)

    @property
    def planned(self) -> int:
        """Replications of a command without a study file; 0 if their number is to be found."""
        return 0 if self.is_open else self.replications or REPLICATIONS

    def plan(self, name: str, points: "tuple[Point, ...]", spillover: bool) -> "Plan":
        """Build the plan that a command without a study file runs."""
        from sim.experiment.plan import Plan  # noqa: PLC0415

        return Plan(name, points, self.planned, self.first_seed, spillover, self.target)


@dataclass(frozen=True)
class Lived:
    """What was asked of a command that keeps what it needs of the worlds that it asks for, and makes a page."""

    overrides: tuple[str, ...]
    seed: int
    workers: "Workers"
    folder: Path | None
    quiet: bool
    as_json: bool


def check_file(path: Path, force: bool, example: str) -> None:
    """Check that a file may be written, before anything is computed for it.

    Raises
    ------
    ResultsError
        If not.
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.places import check_place  # noqa: PLC0415

    if path.is_dir():
        raise ResultsError(f"{path}: is a folder; give a file, such as {path / example}")
    if not path.parent.is_dir():
        raise ResultsError(f"{path.parent}: no such folder; make it first")
    check_place(path.parent)
    if path.exists() and not force:
        raise ResultsError(f"{path}: exists already; choose another name, or --force to replace it")


def lived_options(command: Command) -> Command:
    """Add the options of such a command, passed to it as one argument, `asked`."""

    @wraps(command)
    def with_lived(seed: int | None, **given: Any) -> None:
        known = {field.name: given.pop(field.name) for field in fields(Lived) if field.name != "seed"}
        command(asked=Lived(seed=SEED if seed is None else seed, **known), **given)

    return _decorated(with_lived, as_json, quiet, output, worker_options, seed, overrides)


def worker_options(command: Command) -> Command:
    """Add the options for who computes, passed to the command as one argument, `workers`."""

    @wraps(command)
    def with_workers(workers: int, backend: str, scheduler: str | None, block: int | None, **given: Any) -> None:
        from sim.experiment.backends import Workers  # noqa: PLC0415

        command(workers=Workers(workers, backend, scheduler, block), **given)

    return _decorated(with_workers, block, scheduler, backend, workers)


def run_options(command: Command) -> Command:
    """Add the options of everything that runs worlds, passed to the command as one argument, `asked`."""

    @wraps(command)
    def with_asked(**given: Any) -> None:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        command(asked=asked, **given)

    more = (budget, outcome, half_width, precision)
    options = (as_json, quiet, force, worker_options, *more, seed, replications, overrides)
    return _decorated(with_asked, *options)


def _decorated(command: Command, *options: Callable[[Command], Command]) -> Command:
    return reduce(lambda decorated, option: option(decorated), options, command)
