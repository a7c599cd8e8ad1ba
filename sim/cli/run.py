"""`sim run`."""

from pathlib import Path

import click

from sim.cli import options, output


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@options.lift
@options.spillover
@options.trace
@options.output
@options.run_options
def run(
    scenario: Path,
    limits: tuple[str, ...],
    spillover: bool,
    account: int | None,
    folder: Path | None,
    asked: options.Asked,
) -> None:
    """Run SCENARIO and its zero-hours twin, and say what the hours bought; with --lift, also what holds them up.

    With --trace, one account's way is told too, event by event, beside the same account at zero hours.

    Example: sim run scenarios/hours_10.yaml --replications 100 -o results/ten
    """
    from sim.experiment.limits import with_lifted  # noqa: PLC0415
    from sim.experiment.study import point_of  # noqa: PLC0415
    from sim.experiment.tracing import check_account, traced  # noqa: PLC0415
    from sim.report.trace import as_json, others  # noqa: PLC0415
    from sim.scenario import load_tagged  # noqa: PLC0415

    tagged = load_tagged(scenario, asked.overrides)
    loaded = tagged.scenario
    output.hint_ranges(tagged, asked.quiet)
    if account is not None:
        check_account(loaded, account)
    points = with_lifted([point_of(loaded, [loaded])], limits)
    plan = asked.plan(loaded.name, points, spillover)
    with output.executed(plan, folder, asked) as results:
        followed = None if account is None else traced(plan.points[0], plan.seed, account)
        more = {} if followed is None else {"trace": as_json(followed, loaded)}
        output.summary(results, asked.as_json, more, with_precision=asked.seconds is not None)
        if not asked.as_json:
            output.limit_table(results)
            if followed is not None:
                output.trace_table(followed, loaded)
    if followed is not None and followed.needs:
        output.hint(others(followed), asked.quiet)
    if folder is None:
        output.hint("Nothing was kept; -o DIR keeps the results for sim plot, sim report and sim compare.", asked.quiet)
    else:
        output.hint(f"Results are in {folder}; next: sim report {folder} -o report.html", asked.quiet)
