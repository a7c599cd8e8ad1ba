"""Search for the best split of the hours, and for the inputs that change the answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack

from sim.analysis import schedules as schedule_table
from sim.analysis import splits
from sim.analysis.inputs import indices_frame, screened_frame
from sim.experiment import optimise as splitting
from sim.experiment import runner
from sim.experiment import schedules as scheduling
from sim.experiment import sensitivity as weighing
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import OUTCOMES, Evaluations, Measure
from sim.experiment.integrity import SCHEDULE, SEARCH
from sim.experiment.places import make
from sim.experiment.plan import Plan
from sim.experiment.runner import Progress
from sim.experiment.selection import check_replications
from sim.experiment.store import check_free, check_unlocked
from sim.remarks import remark
from sim.report.answers.optimise import BestSplit
from sim.report.answers.schedules import BestSchedule
from sim.report.answers.sensitivity import Sensitivities
from sim.report.html import markup
from sim.report.text.translation import later, say
from sim.scenario import Scenario
from sim.scenario.describe import to_yaml
from sim.workflows.options import WORLDS, Run, RunOptions, ScenarioLike, Worlds, loaded
from sim.workflows.results import RunResults, kept

SCENARIOS = later("scenarios")  # what is counted by searches
LEVELS = (5.0, 10.0, 20.0, 40.0)  # hours per week among which one is advised, by default


def optimise(
    scenario: ScenarioLike,
    *,
    trials: int = 160,
    search_replications: int = 6,
    hours: str | tuple[float, float] | None = None,
    matters: float | None = None,
    moves: bool = False,
    front: bool = False,
    schedules: bool = False,
    **options: Unpack[RunOptions],
) -> BestSplit | BestSchedule:
    """Find the best split of the hours, and the best hours if a range is given, by true net return; or the best schedule.

    A search tries splits on few worlds, always the same. The best of them meet today's split on worlds that the search
    never saw, and a selection procedure says which is best with a probability of 95 %. A split is what is asked for, as
    weights; the answer says what people worked under it, by person and activity.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    trials
        Splits to try.
    search_replications
        Worlds in which each is tried; the finalists meet in `replications` others.
    hours
        Find the hours per week too, in this range.
    matters
        Difference in net return from which on it matters which split it is; by default 2 % of the best.
    moves
        Also find the gain of moving one hour per week asked for to another activity.
    front
        Also look for the splits that records show best, and hold them against the truth.
    schedules
        Find the best hours over time instead, with today's split: constant levels and straight ramps, up or down, between
        the ends of the range of `hours`. The best is kept beside the results as a scenario, `schedule.yaml`.
    **options
        As for `run`.

    Raises
    ------
    ScenarioError, ResultsError, RunError
        As `run` does; also if there are no hours to split, or schedules are asked for without a range of hours.

    Examples
    --------
    >>> answer = sim.optimise("scenarios/first.yaml", trials=8, search_replications=1, replications=4)
    >>> answer.results.labels[0]
    'as it is'
    """
    how = Run.of(options)
    base = loaded(scenario, how).scenario
    if matters is not None and not how.is_open:
        check_replications(how.planned)
    text = hours if hours is None or isinstance(hours, str) else ":".join(map(str, hours))
    within = None if text is None else splitting.hours_range(base, text)
    splitting.check_hours(base, within)
    search = splitting.Search(trials, search_replications, hours=within, front=front)
    if schedules:
        if within is None or moves or front or matters is not None:
            raise ResultsError(remark("--schedules: goes with --hours LOW:HIGH, and not with --moves, --front or --matters"))
        return _best_schedule(base, within, search, how)
    moved = splitting.moves(base) if moves else []
    check_search(how)
    found: list[splitting.Candidate] = []

    def make_results(folder: Path) -> RunResults:
        with evaluating(folder, how, say("{name}: trying splits", name=base.name), SCENARIOS) as (evaluations, progress):
            found.extend(splitting.search(base, search, evaluations, how.seed, progress or _unseen))
        points = splitting.finalists(base, found, search) + moved

        def beside(place: Path) -> None:
            markup.safe_csv(splits.search_frame(found), place / "search.csv")
            if front:
                markup.safe_csv(splits.front_frame(splitting.front(found)), place / "front.csv")

        return _final(how.plan(f"{base.name}: best split", tuple(points)), folder, how, beside)

    return BestSplit(kept(how.path, make_results), matters, splitting.front(found) if front else [])


def _best_schedule(base: Scenario, within: tuple[float, float], how_far: splitting.Search, how: Run) -> BestSchedule:
    check_search(how)

    def make_results(folder: Path) -> RunResults:
        with evaluating(folder, how, say("{name}: trying schedules", name=base.name), SCENARIOS) as (evaluations, progress):
            found = splitting.search(base, how_far, evaluations, how.seed, progress or _unseen, scheduling.space(base, within))
        points = scheduling.finalists(base, found, how_far.finalists)
        results = _final(how.plan(f"{base.name}: best schedule", tuple(points)), folder, how, lambda _: None)
        best = schedule_table.of_best(results)
        (folder / SCHEDULE).write_text(to_yaml(best), encoding="utf-8")
        return results

    return BestSchedule(kept(how.path, make_results))


def sensitivity(
    scenario: ScenarioLike,
    *,
    vary: Sequence[str] | Mapping[str, tuple[float, float]] = (),
    trajectories: int = 4,
    samples: int = 32,
    most: int = 8,
    levels: str | Sequence[float] = LEVELS,
    search_replications: int = 2,
    **options: Unpack[RunOptions],
) -> Sensitivities:
    """Find which inputs change the decision on hours: by how much the advised level leads the best other choice.

    Inputs follow the laws that `ensemble` draws them from. Morris' method screens them. Sobol' indices weigh those that pass,
    with all they do together. Each of them is put to the 5th and the 95th percentile of its law, on the same worlds, to see
    how that lead changes and whether another level of hours would be advised.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    vary
        Inputs and their ranges, as `{path: (low, high)}` or texts such as `"sales.margin=0.3:0.7"`; by default every assumption
        that has a range.
    trajectories
        Runs of each input in Morris' screening.
    samples
        Size of the design for the Sobol' indices, a power of two; 0 leaves them out.
    most
        Inputs that pass the screening, at most.
    levels
        Hours per week among which one is advised.
    search_replications
        Worlds of each run of the screening and of the indices; the ends of the ranges take `replications`.
    **options
        As for `run`.

    Raises
    ------
    ScenarioError, ResultsError, RunError
        As `run` does; also if an input has no range or levels are not hours.

    Examples
    --------
    >>> answer = sim.sensitivity(
    ...     "scenarios/first.yaml", vary={"sales.margin": (0.3, 0.7)}, trajectories=2, samples=0, levels=[5, 10],
    ...     search_replications=1, replications=2,
    ... )
    >>> [one.path for one in answer.screened]
    ['sales.margin']
    """
    how = Run.of(options)
    given = loaded(scenario, how)
    base = given.scenario
    texts = [f"{path}={low}:{high}" for path, (low, high) in vary.items()] if isinstance(vary, Mapping) else list(vary)
    hours = weighing.levels_of(base, levels_text(levels))
    if samples:
        weighing.check_samples(samples)
    check_search(how)  # inputs take a while
    inputs = [weighing.input_of(given, text) for text in texts] or weighing.inputs_of(given)
    weighing.check_inputs(base, inputs, hours)
    if texts:
        weighing.check_together(base, inputs, trajectories, how.seed)
    elif missing := weighing.left_out(given, inputs):
        how.remark(
            say(
                "Left out, because their extreme values conflict with other inputs: {inputs}. Use --vary to include them.",
                inputs=", ".join(missing),
            )
        )
    screened: list[weighing.Screened] = []
    weighed: list[weighing.Index] = []

    def make_results(folder: Path) -> RunResults:
        with evaluating(folder, how, say("{name}: screening", name=base.name), SCENARIOS) as (evaluations, progress):
            evaluate = weighing.evaluator(base, hours, evaluations, search_replications, how.seed, progress or _unseen)
            screened.extend(weighing.screen(inputs, evaluate, trajectories, how.seed))
            passed = weighing.passing(inputs, screened, most)
            weighed.extend(weighing.indices(passed, evaluate, samples, how.seed) if samples else [])

        def beside(place: Path) -> None:
            markup.safe_csv(screened_frame(screened), place / "morris.csv")
            markup.safe_csv(indices_frame(weighed), place / "sobol.csv")

        plan = how.plan(f"{base.name}: which guesses change the answer", weighing.ends(base, passed, hours))
        return _final(plan, folder, how, beside)

    return Sensitivities(kept(how.path, make_results), screened, weighed)


@contextmanager
def evaluating(
    folder: Path, how: Worlds, title: str, counted: str, measure: Measure = OUTCOMES
) -> Iterator[tuple[Evaluations, Progress | None]]:
    """Give the worlds that were seen in a folder, which is made if need be, and how to say how far it is."""
    make(folder)
    with how.bar(title, counted) as progress, Evaluations(folder / SEARCH, how.crew, measure) as evaluations:
        yield evaluations, progress


def levels_text(levels: str | Sequence[float]) -> str:
    """Write levels as the command line gives them: `5,10,20,40`."""
    return levels if isinstance(levels, str) else ",".join(f"{one:g}" for one in levels)


def check_search(how: Run) -> None:
    """Check that a search may write to its folder.

    Raises
    ------
    ResultsError
        If the folder holds something else, or another run is at work in it.
    """
    if how.path is not None:
        check_free(how.path, how.force)
        check_unlocked(how.path)


def _final(plan: Plan, folder: Path, how: Run, beside: Callable[[Path], None]) -> RunResults:
    with how.bar(plan.name, WORLDS) as progress:
        results = runner.execute(
            plan, folder, workers=how.crew, force=how.force, seconds=how.seconds, progress=progress, beside=beside
        )
    return RunResults.of(results)


def _unseen(done: int, total: int) -> None:
    """Show no progress."""
