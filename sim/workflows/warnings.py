"""Find what would flip the advice on hours, and what to look at early on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from sim.analysis import choices, ignorance, points, surface
from sim.analysis import flips as flipping
from sim.analysis import trip_wires as wiring
from sim.experiment import ensemble, flips, trip_wires
from sim.experiment import sensitivity as weighing
from sim.experiment.company import solved_in
from sim.experiment.designs import CANDIDATE
from sim.experiment.early_signs import MEASURE, OF_SETS
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.ignorance import Decision
from sim.experiment.integrity import SETS, WARNED
from sim.experiment.places import check_place
from sim.experiment.results import Results
from sim.experiment.runner import Progress
from sim.remarks import remark
from sim.report import questions
from sim.report.answers.warnings import Warnings
from sim.report.html import assumptions
from sim.report.text.translation import say
from sim.scenario import Loaded, Scenario
from sim.scenario.describe import YOURS, describe
from sim.scenario.merging import Origin
from sim.scenario.schema.facts import FACTS
from sim.workflows import unknown
from sim.workflows.options import WORLDS, ScenarioLike, WorldOptions, Worlds
from sim.workflows.options import loaded as loaded_by
from sim.workflows.results import ResultsLike, stored_in
from sim.workflows.unknown import Asking

WORLDS_EACH = 10  # fewer would be a trial (`words.are_few`)
SETS_DRAWN, LEVELS_TRIED = 200, 3


@dataclass(frozen=True)
class Asked:
    """The search behind warnings: the scenario of the advised point, levels per week, and hours advised (0: stop).

    `level` is the level of the advised point, which is looked at early on even if the advice is to stop.
    """

    start: Loaded
    levels: tuple[float, ...]
    level: float
    hours: float

    @property
    def base(self) -> Scenario:
        """The scenario of the advised point."""
        return self.start.scenario


def warnings(
    results: ResultsLike,
    *,
    scenario: ScenarioLike | None = None,
    most: int = flips.MOST,
    members: int = trip_wires.MEMBERS,
    worlds: int = WORLDS_EACH,
    sets: int = SETS_DRAWN,
    **options: Unpack[WorldOptions],
) -> Warnings:
    """Find whether the advice on hours holds while much is unknown, what would flip it, and what to look at early on.

    Sets of assumptions are drawn from the ranges of all guesses, and each has a world at some levels of hours, as in
    `ensemble`: what each level returns over all of them is the answer that opens the page. The most important guesses are put
    to both ends of their ranges. Where the advice is another one there, bisection finds the value at which it flips. For the
    early signs, sets of assumptions have a world at the advised hours: what records show by then is compared with whether the
    hours pay in the end. All are kept beside the results, as `ignorance.json`, `flips.json` and `trip_wires.json`. An
    interrupted search continues where it was.

    Parameters
    ----------
    results
        Results of several levels of hours, or their folder.
    scenario
        The scenario that they were made from, or its file. It shows which numbers its author gave: these are not guesses.
        Without it, numbers that differ from the defaults count as given.
    most
        Guesses to try, at most; those of the largest measured effect first.
    members
        Sets of assumptions to draw: half of them to choose what to look at, half to test it.
    worlds
        Worlds per value that is tried, all on the same draws.
    sets
        Sets of assumptions to draw for the decision; 0 leaves it as it was found before.
    **options
        `seed` (that of the results by default), `workers`, `bar` and `remark`: see `sim.workflows.options.Worlds`. `folder`
        is where worlds are kept, by default that of the results.

    Raises
    ------
    ScenarioError, ResultsError
        If the results hold no levels of hours, the scenario is another one, or no guess is left.

    Examples
    --------
    >>> results = sim.sweep("scenarios/first.yaml", {"team.hours_per_week": [5, 10]}, replications=2)
    >>> answer = sim.warnings(results, most=1, members=4, worlds=2, sets=4)
    >>> answer.to_dict()["trip_wires"]["members"]
    4
    """
    held = stored_in(results)
    how = Worlds.of({"seed": held.manifest["seed"], **{name: one for name, one in options.items() if one is not None}})
    asked = _asked(held, scenario, how)
    trip_wires.check(members)
    guesses = weighing.inputs_of(asked.start)
    tried = flips.most_telling(guesses, most)
    flips.check(tried, worlds)
    weighing.check_inputs(asked.base, tried, asked.levels)
    drawn = ensemble.draw(asked.base, guesses, members, 0.0, how.seed)
    ensemble.check_levels(drawn.members, [asked.level])
    for folder in (held.folder, how.path or held.folder):
        check_place(folder)
    decision = _decided(held, asked, Asking(FACTS, sets), how) if sets else ignorance.stored(held)
    with _evaluating(how.path or held.folder, how, asked.base.name) as (evaluations, progress):
        evaluate = flips.evaluator(asked.base, asked.levels, evaluations, how.seed, progress)
        flipped = flips.find(tried, asked.levels, asked.hours, evaluate, worlds=worlds, seed=how.seed)
        returns, signs = trip_wires.live(drawn.members, asked.level, evaluations, how.seed, progress)
    wires = trip_wires.choose(asked.level, returns, signs, how.seed)
    flipping.keep(held, flipped)
    wiring.keep(held, wires)
    return Warnings(flipped, wires, held.currency, decision)


def decide_beside(results: Results, asking: Asking, how: Worlds, scenario: ScenarioLike | None = None) -> Decision:
    """Find what to decide while nobody knows, and keep it beside results of several levels of hours.

    Raises
    ------
    ScenarioError, ResultsError
        As `warnings` does.
    """
    return _decided(results, _asked(results, scenario, how), asking, how)


def _decided(held: Results, asked: Asked, asking: Asking, how: Worlds) -> Decision:
    levels_tried = flips.thinned(asked.levels, asked.level, LEVELS_TRIED)
    drawn = unknown.ask(asked.start, levels_tried, asking, "all", how)
    title = say("{name}: simulating sets of assumptions", name=asked.base.name)
    with (
        how.bar(title, WORLDS) as progress,
        Evaluations((how.path or held.folder) / SETS, how.crew, OF_SETS) as evaluations,
    ):
        _, decision = unknown.answer(drawn, evaluations, how.seed, progress)
    ignorance.keep(held, decision)
    return decision


def _asked(held: Results, scenario: ScenarioLike | None, how: Worlds) -> Asked:
    """Take the advice of results and what it was made from.

    Raises
    ------
    ResultsError
        If they hold no levels of hours, or the scenario is another one.
    """
    point = _advised_point(held)
    line = [one for one in points.line_of(held, point) if points.hours_of(held, one) > 0.0]
    level = points.hours_of(held, point)
    given = next(one for one in choices.advice(held) if point in one.context.points)
    hours = flips.STOP if given.is_stop else level
    start = _as_stored(held, point)
    if scenario is not None:
        start = _as_given(start, loaded_by(scenario, how))
    return Asked(start, flips.thinned([points.hours_of(held, one) for one in line], level), level, hours)


def _advised_point(held: Results) -> int:
    remedy = "make some with: sim sweep SCENARIO --vary team.hours_per_week=5,10,20,40 -o DIR"
    settings = [points.settings(held, point) for point in points.as_they_are(held)]
    if any(CANDIDATE in one for one in settings):
        raise ResultsError(
            remark("{folder}: holds splits of the hours, not levels of them; {remedy}", folder=held.folder, remedy=remedy)
        )
    if surface.is_design(held):
        raise ResultsError(
            remark(
                "{folder}: holds points spread over ranges, not levels of hours; {remedy}", folder=held.folder, remedy=remedy
            )
        )
    point = questions.headline(held).point
    line = [points.hours_of(held, one) for one in points.line_of(held, point)]
    if not points.hours_of(held, point) > 0.0 or len(set(line)) < len(line):
        raise ResultsError(remark("{folder}: holds no levels of hours; {remedy}", folder=held.folder, remedy=remedy))
    return point


def _as_stored(held: Results, point: int) -> Loaded:
    """Rebuild the scenario of a point: numbers that differ from the defaults count as given, but for those that were solved."""
    scenario = Scenario.model_validate(held.manifest["points"][point]["scenario"], strict=False)
    rows = assumptions.rows(held, point)
    given = {row.path for row in rows if row.tag == YOURS} - {*solved_in(scenario)}
    return Loaded(scenario, {tuple(path.split(".")): Origin(scenario.name) for path in given}, {})


def _as_given(start: Loaded, file: Loaded) -> Loaded:
    """Add what the author gave in the scenario's file: plain numbers, and ranges whose likely values still hold.

    Raises
    ------
    ResultsError
        If it is another scenario.
    """
    if file.scenario.name != start.scenario.name:
        said = f"the results are of the scenario {start.scenario.name!r}, not of {file.scenario.name!r}"
        raise ResultsError(remark("{said}; give the one that they were made from", said=said))
    values = {row.path: row.value for row in describe(start)}
    ranges = {path: one for path, one in file.ranges.items() if values.get(".".join(map(str, path))) == one[1]}
    return Loaded(start.scenario, {**start.origins, **file.origins}, ranges)


@contextmanager
def _evaluating(folder: Path, how: Worlds, name: str) -> Iterator[tuple[Evaluations, Progress | None]]:
    title = say("{name}: looking for warnings", name=name)
    with how.bar(title, WORLDS) as progress, Evaluations(folder / WARNED, how.crew, MEASURE) as evaluations:
        yield evaluations, progress
