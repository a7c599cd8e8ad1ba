"""`sim sweep`."""

from pathlib import Path

import click

from sim.cli import console, options, running


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--vary", multiple=True, required=True, metavar="PATH=FROM:TO:STEP|A,B,C", help="What to vary; may be repeated.")
@click.option("--design", type=click.Choice(["grid", "lhs", "sobol"]), default="grid", show_default=True, help="Which points.")
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Points of a Latin hypercube or a Sobol' design.")
@options.lift
@options.spillover
@options.output
@options.run_options
def sweep(
    scenario: Path,
    vary: tuple[str, ...],
    design: str,
    samples: int | None,
    limits: tuple[str, ...],
    spillover: bool,
    folder: Path | None,
    asked: options.Asked,
) -> None:
    """Run SCENARIO at every combination of the values to vary, each against its twin; or at points spread over ranges.

    With --design lhs or sobol, --vary gives ranges, PATH=LOW:HIGH. Shares that are not varied make room for those that are, and
    team.split=simplex varies the whole split.

    Example: sim sweep scenarios/b2b.yaml --vary team.hours_per_week=5:40:5 --replications 3 -o results/sweep
    """
    from sim.experiment.designs import points_of  # noqa: PLC0415
    from sim.experiment.limits import with_lifted  # noqa: PLC0415
    from sim.report.answers.choice import answer_of  # noqa: PLC0415
    from sim.scenario import load_tagged  # noqa: PLC0415

    tagged = load_tagged(scenario, asked.overrides)
    loaded = tagged.scenario
    console.hint_ranges(tagged, asked.quiet)
    points = with_lifted(points_of(loaded, vary, design, samples, asked.first_seed), limits)
    plan = asked.plan(loaded.name, points, spillover)
    with running.executed(plan, folder, asked) as results:
        answer = answer_of(results, with_precision=asked.seconds is not None)
        console.show(answer, as_json=asked.as_json)
    if folder is None:
        console.hint("Nothing was kept; -o DIR keeps the results for sim plot, sim report and sim compare.", asked.quiet)
    else:
        console.hint(f"Results are in {folder}; next: sim report {folder} -o report.html", asked.quiet)
