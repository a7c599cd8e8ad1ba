"""Options that mean the same in every command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

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


def run_options(command: Command) -> Command:
    """The options of everything that runs worlds."""
    for option in (as_json, quiet, force, workers, seed, replications, overrides):
        command = option(command)
    return command
