"""`sim report`."""

from pathlib import Path

import click

from sim.cli import console, options


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="FILE.html", required=True, help="The report."
)
@options.language
@options.force
@options.quiet
def report(folders: tuple[Path, ...], target: Path, language: str, force: bool, quiet: bool) -> None:
    """Write the report of the results in DIR: one file that opens offline and prints.

    The answer is that of the first DIR; a question that it cannot answer, such as the best split, is answered by the next that
    can.

    Example: sim report results/hours results/split -o hours.html --lang fr
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.results import read  # noqa: PLC0415
    from sim.report import page  # noqa: PLC0415
    from sim.report.language import told_in  # noqa: PLC0415
    from sim.report.questions import answerable  # noqa: PLC0415

    results = [read(folder) for folder in folders]
    if len({one.currency for one in results}) > 1:
        raise ResultsError("results in different currencies cannot stand in one report")
    options.check_file(target, force, "report.html")
    with told_in(language):
        page.report(results, target)
    click.echo(target)
    for number, one in enumerate(results):
        known = {question for other in results[:number] for question in answerable(other)}
        if number and set(answerable(one)) <= known:
            console.hint(f"{one.folder} answers nothing that the others do not; to see both: sim compare, sim plot", quiet)
    console.hint(f"next: open {target} in a browser; print it from there", quiet)
