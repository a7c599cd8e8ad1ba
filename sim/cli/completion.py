"""`sim completion`."""

import click
from click.shell_completion import get_completion_class

from sim.cli import options

INTO = {
    "bash": "source <(sim completion bash)   # in ~/.bashrc",
    "zsh": "source <(sim completion zsh)   # in ~/.zshrc",
    "fish": "sim completion fish | source   # in ~/.config/fish/config.fish",
}


@click.command(context_settings=options.SETTINGS)
@click.argument("shell", type=click.Choice(list(INTO)))
@options.quiet
@click.pass_context
def completion(ctx: click.Context, shell: str, quiet: bool) -> None:
    """Print what makes SHELL complete the names of commands and options.

    Example: sim completion bash >> ~/.bashrc
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "sim", "_SIM_COMPLETE").source())
    if not quiet:
        click.echo(f"keep it: {INTO[shell]}", err=True)
