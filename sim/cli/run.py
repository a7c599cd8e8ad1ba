"""`sim run`."""

from pathlib import Path

import click

from sim.cli import console, options, running


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
    from sim.report.answers.hours import HoursToFund  # noqa: PLC0415
    from sim.report.trace import AccountTraced, others  # noqa: PLC0415
    from sim.scenario import load_tagged  # noqa: PLC0415

    tagged = load_tagged(scenario, asked.overrides)
    loaded = tagged.scenario
    console.hint_ranges(tagged, asked.quiet)
    if account is not None:
        check_account(loaded, account)
    points = with_lifted([point_of(loaded, [loaded])], limits)
    plan = asked.plan(loaded.name, points, spillover)
    with running.executed(plan, folder, asked) as results:
        followed = None if account is None else traced(plan.points[0], plan.seed, account)
        answer = HoursToFund(results, with_precision=asked.seconds is not None)
        trace = None if followed is None else AccountTraced(followed, loaded)
        if asked.as_json:
            console.show_json(answer.to_dict() | ({} if trace is None else {"trace": trace.to_dict()}))
        else:
            console.show(answer, as_json=False)
            if trace is not None:
                click.echo()
                console.show(trace, as_json=False)
    if followed is not None and followed.needs:
        console.hint(others(followed), asked.quiet)
    if folder is None:
        console.hint("Nothing was kept; -o DIR keeps the results for sim plot, sim report and sim compare.", asked.quiet)
    else:
        console.hint(f"Results are in {folder}; next: sim report {folder} -o report.html", asked.quiet)
