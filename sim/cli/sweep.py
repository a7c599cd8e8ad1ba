"""`sim sweep`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SCENARIO...")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=FROM:TO:STEP|FROM:TO:logN|A,B,C",
    help="Parameter to vary, and its values; may be repeated.",
)
@click.option(
    "--zip", "zipped", is_flag=True, help="Take the first values together, then the second, ..., instead of every combination."
)
@click.option(
    "--points",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="File of points: one row per point, one column per path.",
)
@click.option(
    "--design", type=click.Choice(["grid", "lhs", "sobol"]), default="grid", show_default=True, help="Design of the points."
)
@click.option(
    "--samples", type=click.IntRange(min=1), metavar="N", help="Number of points of a Latin hypercube or a Sobol' design."
)
@click.option(
    "--dry-run", is_flag=True, help="Print how many worlds that makes and about how long they take; run no more than a few."
)
@options.lift
@options.spillover
@options.run_options
def sweep(  # noqa: PLR0913  # an option each
    scenarios: tuple[Path, ...],
    vary: tuple[str, ...],
    zipped: bool,
    file: Path | None,
    design: str,
    samples: int | None,
    dry_run: bool,
    limits: tuple[str, ...],
    spillover: bool,
    asked: options.RunRequest,
) -> None:
    """Run SCENARIO at every combination of the values to vary, each against its twin; or at points spread over ranges.

    With --design lhs or sobol, --vary gives ranges, PATH=LOW:HIGH, and a surface is fitted to the points. Shares that are not
    varied make room for those that are, and team.split=simplex varies the whole split. Several SCENARIO are compared with one
    another, at each of the values. The advice is on decisions, such as hours. If anything else varies, the advice is given
    for each of its values.

    Example: sim sweep scenarios/b2b.yaml --vary team.hours_per_week=5:40:5 --replications 3 -o results/sweep
    """
    loaded = [load_tagged(one, asked.overrides) for one in scenarios]
    for one in loaded:
        console.hint_ranges(one, asked.quiet)
    if dry_run:
        from sim.experiment.designs import Layout  # noqa: PLC0415  # heavy
        from sim.workflows.runs import dry_sweep  # noqa: PLC0415  # heavy

        layout = Layout(vary, design, samples, zipped, file)
        console.show(dry_sweep(loaded, layout, lift=limits, spillover=spillover, **asked.how), as_json=asked.as_json)
        return
    results = sim.sweep(
        loaded, *vary, design=design, samples=samples, zipped=zipped, points=file, lift=limits, spillover=spillover, **asked.how
    )
    console.show(results.answer(with_precision=asked.seconds is not None), as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet)
