"""`sim sensitivity`."""

from pathlib import Path

import click

from sim.cli import console, options, running


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=LOW:HIGH",
    help="Inputs and their ranges (default: every assumption that has a range).",
)
@click.option(
    "--trajectories",
    type=click.IntRange(min=2),
    default=4,
    show_default=True,
    metavar="N",
    help="Of Morris' screening: so many runs of each input.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=0),
    default=32,
    show_default=True,
    metavar="N",
    help="Of the Sobol' indices, a power of two; 0 leaves them out.",
)
@click.option(
    "--most", type=click.IntRange(1, 100), default=8, show_default=True, metavar="N", help="Inputs that pass the screening."
)
@options.levels
@options.search_replications(2, "Worlds of each run of the screening and of the indices; the tornado takes --replications.")
@options.output
@options.run_options
def sensitivity(
    scenario: Path,
    vary: tuple[str, ...],
    trajectories: int,
    samples: int,
    most: int,
    levels: str,
    search_replications: int,
    folder: Path | None,
    asked: options.Asked,
) -> None:
    """Find which inputs of SCENARIO change its net return, and which change the hours to fund.

    Morris' method screens them; Sobol' indices weigh those that pass, with all they do together; and each of them is put to
    either end of its range, on the same worlds, to see whether another level of hours would be advised. The same command
    goes on after an interruption.

    Example: sim sensitivity scenarios/hours_10.yaml --vary sales.margin=0.3:0.7 --samples 8 --replications 2 -o results/guesses
    """
    from sim.analysis.inputs import indices_frame, screened_frame  # noqa: PLC0415
    from sim.experiment import sensitivity as analysis  # noqa: PLC0415
    from sim.report import markup  # noqa: PLC0415
    from sim.report.answers.sensitivity import Sensitivities  # noqa: PLC0415
    from sim.scenario.loading import load_tagged  # noqa: PLC0415

    loaded = load_tagged(scenario, asked.overrides)
    base = loaded.scenario
    hours = analysis.levels_of(base, levels)
    if samples:
        analysis.check_samples(samples)
    running.may_search(folder, asked)  # inputs take a while
    inputs = [analysis.input_of(loaded, text) for text in vary] or analysis.inputs_of(loaded)
    analysis.check_inputs(base, inputs, hours)
    if vary:
        analysis.check_together(base, inputs, trajectories, asked.first_seed)
    if not vary and (missing := analysis.left_out(loaded, inputs)):
        console.hint(
            f"Left out, as their ends do not go with those of others: {', '.join(missing)}; --vary takes them.", asked.quiet
        )
    with running.searching(folder, asked, f"{base.name}: screening") as (place, evaluations, tick):
        evaluate = analysis.evaluator(base, evaluations, search_replications, asked.first_seed, tick)
        screened = analysis.screen(inputs, evaluate, trajectories, asked.first_seed)
        passed = analysis.passing(inputs, screened, most)
        weighed = analysis.indices(passed, evaluate, samples, asked.first_seed) if samples else []
    plan = asked.plan(f"{base.name}: which guesses change the answer", analysis.ends(base, passed, hours), spillover=False)

    def beside(place: Path) -> None:
        markup.safe_csv(screened_frame(screened), place / "morris.csv")
        markup.safe_csv(indices_frame(weighed), place / "sobol.csv")

    with running.executed(plan, place, asked, beside) as results:
        console.show(Sensitivities(results, screened, weighed), as_json=asked.as_json)
    console.where_to(folder, asked.quiet, "sim plot {0} --question 12")
