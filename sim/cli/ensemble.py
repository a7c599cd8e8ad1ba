"""`sim ensemble`."""

from pathlib import Path

import click

from sim.cli import console, options, running


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option(
    "--facts",
    "facts_file",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Facts that parameters must fit, instead of the published ones.",
)
@click.option(
    "--fact",
    "more",
    multiple=True,
    metavar="OUTCOME[/PER]=LOW:HIGH",
    help="One more, such as deals_by_horizon/year=15:25, in a year and at the scenario's hours.",
)
@click.option(
    "--ranges",
    type=click.Choice(["all", "yours"]),
    default="all",
    show_default=True,
    help="Guesses to draw: all that have a range, or those given as {low, likely, high}.",
)
@click.option(
    "--members",
    type=click.IntRange(2, 5_000),
    default=400,
    show_default=True,
    metavar="N",
    help="Sets of parameters to draw.",
)
@click.option(
    "--no-effect-share",
    type=options.FiniteRange(0.0, 1.0),
    default=0.4,
    show_default=True,
    metavar="SHARE",
    help="Of those, without any effect on buyers' minds.",
)
@click.option("--worlds", type=click.IntRange(2, 1000), default=3, show_default=True, metavar="N", help="Of each member.")
@options.levels
@options.replications
@options.lived_options
def ensemble(
    scenario: Path,
    facts_file: Path | None,
    more: tuple[str, ...],
    ranges: str,
    members: int,
    no_effect_share: float,
    worlds: int,
    levels: str,
    replications: int | None,
    asked: options.Lived,
) -> None:
    """Test whether the advice on hours holds for all the parameters that fit the facts, not only for those of SCENARIO.

    Draws sets of parameters from their ranges, some without any effect on buyers' minds; keeps those whose worlds fit the
    facts; and says in what share of them each level of hours is best, what facts cannot tell, and how much of the doubt is
    chance. The same command goes on after an interruption. --replications are worlds of the scenario as it is.

    Example: sim ensemble scenarios/hours_10.yaml --members 40 --worlds 2 --levels 10,40 --replications 4 -o results/ensemble
    """
    from sim.experiment import ensemble as found  # noqa: PLC0415
    from sim.experiment import facts as known  # noqa: PLC0415
    from sim.experiment import sensitivity  # noqa: PLC0415
    from sim.report.answers import ensemble_sheet  # noqa: PLC0415
    from sim.report.answers.ensemble import Ensembled  # noqa: PLC0415
    from sim.report.answers.sheet import write  # noqa: PLC0415
    from sim.scenario.loading import load_tagged  # noqa: PLC0415

    loaded = load_tagged(scenario, asked.overrides)
    facts = known.load_facts(facts_file, more)
    hours = found.beyond_none(sensitivity.levels_of(loaded.scenario, levels))
    running.may_live(asked, ensemble_sheet.FILES)  # members take a while
    guesses = sensitivity.inputs_of(loaded, only_given=ranges == "yours")
    kept = [] if ranges == "yours" else sensitivity.left_out(loaded, guesses)
    if kept:
        console.hint(f"Not drawn, as their ends do not go with those of others: {', '.join(kept)}.", asked.quiet)
    drawn = found.draw(loaded.scenario, guesses, members, no_effect_share, asked.seed)
    found.check_levels(drawn.members, hours)
    counts = found.Worlds(worlds, replications or options.REPLICATIONS)
    with running.living(asked, ensemble_sheet.FILES, loaded.scenario.name) as (place, evaluations, tick):
        told = found.find(loaded.scenario, drawn, facts, hours, evaluations, counts, seed=asked.seed, progress=tick)
    write(ensemble_sheet.sheet_of(told, loaded.scenario, kept, asked.seed), place)
    console.show(Ensembled(told, loaded.scenario.currency), as_json=asked.as_json)
    console.where_to(asked.folder, asked.quiet, "open {0}/report.html; members.csv has every set of parameters")
