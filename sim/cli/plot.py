"""`sim plot`."""

from pathlib import Path

import click

from sim.cli import options, output


@click.command(context_settings=options.SETTINGS)
@options.result_folder
@click.option(
    "--question",
    "questions",
    type=click.IntRange(1, 12),
    multiple=True,
    metavar="N",
    help="1 to 12; all that the results can answer if not given.",
)
@click.option(
    "--format", "form", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True, help="File format."
)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), metavar="DIR", help="Folder (default: DIR/figures).")
@options.trace
@options.quiet
def plot(folder: Path, questions: tuple[int, ...], form: str, target: Path | None, account: int | None, quiet: bool) -> None:
    """Draw the figures of the results in DIR, each with its table as CSV.

    With --trace, the way of one account at the advised level is drawn, and the other figures only if asked for.

    Example: sim plot results/hours --question 1 --format svg
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.results import read  # noqa: PLC0415
    from sim.report import page  # noqa: PLC0415
    from sim.report.figures import NEEDS  # noqa: PLC0415
    from sim.report.figures import questions as answerable  # noqa: PLC0415
    from sim.report.language import say  # noqa: PLC0415

    target = folder / "figures" if target is None else target
    if target.exists() and not target.is_dir():
        raise ResultsError(f"{target}: is a file; give a folder for the figures")
    results = read(folder)
    for question in questions:
        if question not in answerable(results):
            raise ResultsError(f"--question {question}: {say(NEEDS[question][1], folder=folder)}")
    written = [] if account is None else page.write_trace(results, target, account, form)
    if questions or account is None:
        written += page.write_figures(results, target, questions or answerable(results), form)
    for path in written:
        click.echo(path)
    output.hint(f"next: sim report {folder} -o report.html", quiet)
