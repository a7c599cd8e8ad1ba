"""`sim sweep`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--vary", multiple=True, required=True, metavar="PATH=FROM:TO:STEP|A,B,C", help="What to vary; may be repeated.")
@click.option("--design", type=click.Choice(["grid", "lhs", "sobol"]), default="grid", show_default=True, help="Which points.")
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Points of a Latin hypercube or a Sobol' design.")
@options.lift
@options.spillover
@options.run_options
def sweep(
    scenario: Path,
    vary: tuple[str, ...],
    design: str,
    samples: int | None,
    limits: tuple[str, ...],
    spillover: bool,
    asked: options.RunRequest,
) -> None:
    """Run SCENARIO at every combination of the values to vary, each against its twin; or at points spread over ranges.

    With --design lhs or sobol, --vary gives ranges, PATH=LOW:HIGH. Shares that are not varied make room for those that are, and
    team.split=simplex varies the whole split.

    Example: sim sweep scenarios/b2b.yaml --vary team.hours_per_week=5:40:5 --replications 3 -o results/sweep
    """
    loaded = load_tagged(scenario, asked.overrides)
    console.hint_ranges(loaded, asked.quiet)
    results = sim.sweep(loaded, *vary, design=design, samples=samples, lift=limits, spillover=spillover, **asked.how)
    console.show(results.answer(with_precision=asked.seconds is not None), as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet)
