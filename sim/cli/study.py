"""`sim study`."""

from dataclasses import replace
from pathlib import Path

import click

from sim.cli import console, options, running


@click.command(context_settings=options.SETTINGS)
@click.argument("study", type=click.Path(path_type=Path), metavar="STUDY.yaml")
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Folder for the results."
)
@options.run_options
def study(
    study: Path,
    folder: Path,
    asked: options.Asked,
) -> None:
    """Run a named study: all its levels, then figures and the report, in one folder.

    Example: sim study scenarios/studies/hours.yaml --workers 2 -o results/hours
    """
    from sim.experiment.study import load_study  # noqa: PLC0415

    plan = load_study(study, replications=asked.replications, seed=asked.seed, overrides=asked.overrides)
    if asked.is_open:
        plan = replace(plan, replications=0, target=asked.target)
    with running.executed(plan, folder, asked) as results:
        from sim.report import files, page  # noqa: PLC0415
        from sim.report.answers.choice import answer_of  # noqa: PLC0415
        from sim.report.questions import answerable  # noqa: PLC0415

        files.write_figures(results, folder / "figures", answerable(results), "png")
        page.report([results], folder / "report.html")
        answer = answer_of(results, with_precision=asked.seconds is not None)
        console.show(answer, as_json=asked.as_json)
    console.hint(f"The report is {folder / 'report.html'}; figures and tables are in {folder / 'figures'}", asked.quiet)
