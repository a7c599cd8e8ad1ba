"""`sim run`."""

from pathlib import Path

import click

import sim
from sim.cli import console, options
from sim.scenario import load_tagged


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@options.lift
@options.spillover
@options.trace
@options.run_options
def run(scenario: Path, limits: tuple[str, ...], spillover: bool, account: int | None, asked: options.RunRequest) -> None:
    """Run SCENARIO and its zero-hours twin, and say what the hours returned; with --lift, also what limits them.

    With --trace, it also prints the history of one account, event by event, beside the same account at zero hours.

    Example: sim run scenarios/hours_10.yaml --replications 100 -o results/ten
    """
    loaded = load_tagged(scenario, asked.overrides)
    console.hint_ranges(loaded, asked.quiet)
    trace = None if account is None else sim.trace(loaded, account, seed=asked.seed, yes=asked.yes)
    results = sim.run(loaded, lift=limits, spillover=spillover, **asked.how)
    answer = results.answer(with_precision=asked.seconds is not None)
    if asked.as_json:
        console.show_json(answer.to_dict() | ({} if trace is None else {"trace": trace.to_dict()}))
    else:
        console.show(answer, as_json=False)
        if trace is not None:
            console.echo()
            console.show(trace, as_json=False)
    if trace is not None and trace.hint:
        console.hint(trace.hint, asked.quiet)
    console.where_to(asked.folder, asked.quiet)
