"""`sim plot`."""

from pathlib import Path

import click

from sim.cli import console, options


@click.command(context_settings=options.SETTINGS)
@click.argument("folders", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--question",
    "numbers",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="N",
    help="Number of the question, as in the report; all that the results can answer if not given.",
)
@click.option(
    "--format", "form", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True, help="File format."
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder (default: figures in DIR).",
)
@options.trace
@options.language
@options.quiet
def plot(
    folders: tuple[Path, ...], numbers: tuple[int, ...], form: str, target: Path | None, account: int | None,
    language: str, quiet: bool,
) -> None:  # fmt: skip
    """Draw the figures of the results in DIR, each with its table as CSV.

    Several DIR are drawn side by side, each a case of its own; they need the same seed and replications. A figure that shows
    one level of hours shows the one that is advised. With --trace, the way of one account there is drawn, and other figures
    only if asked for.

    Example: sim plot results/hours --question 1 --format svg
    """
    from sim.experiment.errors import ResultsError  # noqa: PLC0415
    from sim.experiment.places import check_place  # noqa: PLC0415
    from sim.experiment.results import read  # noqa: PLC0415
    from sim.experiment.together import together  # noqa: PLC0415
    from sim.report import files  # noqa: PLC0415
    from sim.report.language import told_in  # noqa: PLC0415
    from sim.report.questions import QUESTIONS, answerable  # noqa: PLC0415

    if target is None and len(folders) > 1:
        raise ResultsError("figures of several results belong to none of their folders; give one for them: -o DIR")
    target = folders[0] / "figures" if target is None else target
    if target.exists() and not target.is_dir():
        raise ResultsError(f"{target}: is a file; give a folder for the figures")
    check_place(target)
    results = together([read(folder) for folder in folders])
    unknown = [number for number in numbers if number not in QUESTIONS]
    if unknown:
        raise click.BadParameter(f"there is no question {unknown[0]}; they are 1 to {max(QUESTIONS)}", param_hint="--question")
    asked = [QUESTIONS[number] for number in numbers]
    for question in asked:
        if question not in answerable(results):
            raise ResultsError(f"--question {question.number}: {question.lacks.format(folder=results.folder)}")
    with told_in(language):
        written = [] if account is None else files.write_trace(results, target, account, form)
        if asked or account is None:
            written += files.write_figures(results, target, asked or answerable(results), form)
    for path in written:
        click.echo(path)
    if len(folders) == 1:
        console.hint(f"next: sim report {folders[0]} -o report.html", quiet)
    else:
        console.hint(f"next: sim compare {' '.join(map(str, folders))}", quiet)
