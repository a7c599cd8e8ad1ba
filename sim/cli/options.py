"""Options that mean the same in every command."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
MOST_REPLICATIONS = 1_000_000

scenario_file = click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO")
result_folder = click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
overrides = click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario.")
replications = click.option(
    "--replications", type=click.IntRange(1, MOST_REPLICATIONS), metavar="N", help="Worlds a point (default 30)."
)
seed = click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="S", help="Seed of all draws (default 1).")
workers = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes; same results for any number.",
)
force = click.option("--force", is_flag=True, help="Replace results that are there.")
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
    workers: int
    force: bool
    quiet: bool
    as_json: bool


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of everything that runs worlds, given to the command as one argument, `asked`."""

    @wraps(command)
    def with_asked(**given: Any) -> None:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        command(asked=asked, **given)

    options = (as_json, quiet, force, workers, seed, replications, overrides)
    return reduce(lambda decorated, option: option(decorated), options, with_asked)
