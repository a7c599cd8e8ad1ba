"""`sim optimise`."""

from pathlib import Path

import click

from sim.cli import console, options, running


@click.command(context_settings=options.SETTINGS)
@options.scenario_file
@click.option("--trials", type=click.IntRange(min=8), default=160, show_default=True, metavar="N", help="Splits to try.")
@options.search_replications(6, "Worlds in which each is tried; the finalists meet in --replications others.")
@click.option("--hours", metavar="LOW:HIGH", help="Find the hours a week too, in this range.")
@options.matters("default: 2 % of the best")
@click.option("--moves", is_flag=True, help="Also: what moving one hour a week from one activity to another gains.")
@click.option("--front", is_flag=True, help="Also look for the splits that records show best, and hold them against the truth.")
@options.output
@options.run_options
def optimise(
    scenario: Path,
    trials: int,
    search_replications: int,
    hours: str | None,
    matters: float | None,
    moves: bool,
    front: bool,
    folder: Path | None,
    asked: options.Asked,
) -> None:
    """Find the best split of the hours in SCENARIO, and with --hours the best hours, by true net return.

    A search tries splits on few worlds, always the same; the best of them meet the split as it is on worlds that the search
    never saw, and a selection procedure says which is best with a probability of 95 %. The same command goes on after an
    interruption.

    Example: sim optimise scenarios/hours_10.yaml --trials 24 --replications 12 --workers 2 -o results/split
    """
    from sim.analysis import splits  # noqa: PLC0415
    from sim.experiment import optimise as search  # noqa: PLC0415
    from sim.experiment.selection import check_replications  # noqa: PLC0415
    from sim.report import markup  # noqa: PLC0415
    from sim.report.answers.optimise import BestSplit  # noqa: PLC0415
    from sim.scenario import load  # noqa: PLC0415

    base = load(scenario, asked.overrides)
    if matters is not None and not asked.is_open:
        check_replications(asked.planned)
    within = None if hours is None else search.hours_range(base, hours)
    search.check_hours(base, within)
    how = search.Search(trials, search_replications, hours=within, front=front)
    moved = search.moves(base) if moves else []
    with running.searching(folder, asked, f"{base.name}: trying splits") as (place, evaluations, tick):
        found = search.search(base, how, evaluations, asked.first_seed, tick)
    points = search.finalists(base, found, how) + moved
    plan = asked.plan(f"{base.name}: best split", tuple(points), spillover=False)

    def beside(place: Path) -> None:
        if front:
            markup.safe_csv(splits.front_frame(search.front(found)), place / "front.csv")

    with running.executed(plan, place, asked, beside) as results:
        answer = BestSplit(results, matters, search.front(found) if front else [])
        console.show(answer, as_json=asked.as_json)
    console.where_to(folder, asked.quiet, "sim plot {0} --question 6")
