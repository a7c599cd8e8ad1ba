"""`sim completion`."""

import click
from click.shell_completion import get_completion_class

from sim.cli import console, options
from sim.report.text.translation import say

INTO = {
    "bash": ("~/.bashrc", "source <(sim completion bash)"),
    "zsh": ("~/.zshrc", "source <(sim completion zsh)"),
    "fish": ("~/.config/fish/config.fish", "sim completion fish | source"),
}


@click.command(context_settings=options.SETTINGS)
@click.argument("shell", type=click.Choice(list(INTO)))
@options.quiet
@options.speaking
@click.pass_context
def completion(ctx: click.Context, shell: str, quiet: bool) -> None:
    """Print the script by which SHELL completes the names of commands and options.

    Example: sim completion bash >> ~/.bashrc
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "sim", "_SIM_COMPLETE").source())
    file, line = INTO[shell]
    console.hint(say("To keep it, add this line to {file}: {line}", file=file, line=line), quiet)
