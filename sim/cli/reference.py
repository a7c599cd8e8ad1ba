"""The reference of the command line, made from the commands themselves: `python -m sim.cli.reference` writes it."""

from collections.abc import Iterator
from pathlib import Path

import click

from sim.cli.main import cli

REFERENCE = Path("docs/commands.md")
WIDTH = 100
OPENING = """# Commands

The help of each command, as `--help` prints it. Exit codes: 0 done; 1 failed while running (finished work is kept, and the
message says how to continue); 2 bad input, nothing written; 130 interrupted. Results go to stdout, progress and hints to
stderr; `--quiet` leaves them out.
"""


def reference_markdown() -> str:
    """Return the reference as Markdown."""
    return "\n".join([OPENING, *_command(cli, click.Context(cli, info_name="sim", max_content_width=WIDTH))])


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n\n```text\n{_help(command, context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=context, max_content_width=WIDTH))


def _help(command: click.Command, context: click.Context) -> str:
    context.terminal_width = WIDTH
    context.help_option_names = ["-h", "--help"]
    return command.get_help(context).rstrip()


if __name__ == "__main__":
    REFERENCE.write_text(reference_markdown(), encoding="utf-8")
