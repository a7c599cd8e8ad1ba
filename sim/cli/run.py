"""`sim run`."""

from pathlib import Path

import click

from sim.cli import options, output


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@options.lift
@options.spillover
@options.output
@options.run_options
def run(
    scenario: Path,
    limits: tuple[str, ...],
    spillover: bool,
    folder: Path | None,
    asked: options.Asked,
) -> None:
    """Run SCENARIO and its zero-hours twin, and say what the hours bought; with --lift, also what holds them up.

    Example: sim run scenarios/hours_10.yaml --replications 100 -o results/ten
    """
    from sim.experiment.limits import with_lifted  # noqa: PLC0415
    from sim.experiment.runner import Plan  # noqa: PLC0415
    from sim.experiment.study import point_of  # noqa: PLC0415
    from sim.scenario import load  # noqa: PLC0415

    loaded = load(scenario, asked.overrides)
    points = with_lifted([point_of(loaded, [loaded])], limits)
    plan = Plan(loaded.name, points, asked.replications or 30, 1 if asked.seed is None else asked.seed, spillover)
    with output.executed(plan, folder, asked) as results:
        output.summary(results, asked.as_json)
        if not asked.as_json:
            output.limit_table(results)
    if folder is None:
        output.hint("Nothing was kept; -o DIR keeps the results for sim plot, sim report and sim compare.", asked.quiet)
    else:
        output.hint(f"Results are in {folder}; next: sim report {folder} -o report.html", asked.quiet)
