"""`sim page`."""

from pathlib import Path

import click

from sim.cli import options

PORTS = click.IntRange(1024, 65535)


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--port", type=PORTS, default=8501, show_default=True, metavar="N", help="Port of the page, on this machine alone."
)
@options.language
@click.option("--open/--no-open", "is_opened", default=True, help="Open a browser (default) or not.")
def page(folder: Path, port: int, language: str, is_opened: bool) -> None:
    """Show the results in DIR in a browser, with sliders: levels, outcomes, questions, deals, new runs.

    DIR is a result folder, or one that holds several. The page answers on this machine alone and opens nothing outside DIR,
    where new runs are kept. Ctrl-C ends it. It needs Streamlit: pip install 'sim[page]'.

    Example: sim page results/hours
    """
    from sim.page.serve import serve  # noqa: PLC0415

    raise click.exceptions.Exit(serve(folder, port, language=language, is_opened=is_opened))
