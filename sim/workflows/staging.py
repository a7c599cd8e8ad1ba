"""Find a plan in stages while nobody knows which parameters are true: begin, look at the records once, continue or stop."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from sim.analysis import stages as kept_stages
from sim.experiment import ensemble as sets
from sim.experiment import sensitivity as weighing
from sim.experiment import staging
from sim.experiment.early_signs import OF_SETS
from sim.experiment.ensemble import Drawn
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, check_free
from sim.experiment.facts import load_facts
from sim.experiment.results import Results
from sim.experiment.runner import Progress
from sim.experiment.staging import Staged
from sim.remarks import remark
from sim.report.answers.stages import FILES, PLAN, Planned
from sim.report.html.sheet import write
from sim.report.text.translation import say
from sim.scenario import Loaded
from sim.scenario.describe import to_yaml
from sim.workflows import unknown
from sim.workflows.options import WORLDS, Folder, ScenarioLike, WorldOptions, Worlds, loaded, no_remark
from sim.workflows.results import ResultsLike, stored_in
from sim.workflows.searches import evaluating, levels_text
from sim.workflows.unknown import BELIEF, Asked, Asking

LEVELS, LOOKS, MEMBERS = (10.0, 20.0, 40.0), "1,2,4", 100
FRESH = 2  # sets in which a plan is tried, for each in which it was looked for
FRESH_SEED = 9_000_011  # added to the seed, for sets and worlds that had no say
SEARCHING = 0.65  # of a budget goes to the search


def plan(
    scenario: ScenarioLike,
    *,
    levels: str | Sequence[float] = LEVELS,
    looks: str | Sequence[int] = LOOKS,
    members: int = MEMBERS,
    belief: float = BELIEF,
    facts: Folder | None = None,
    seconds: float | None = None,
    beside: ResultsLike | None = None,
    **options: Unpack[WorldOptions],
) -> Planned:
    """Find the best plan in stages: begin at some hours, look once at what the records show, continue with other hours or stop.

    Sets of assumptions are drawn as by `ensemble`. Each has a world for every way to begin and to continue. What to look at,
    when, and from where on to do what, is found from the end backwards by regression on what is seen. The plan that is found
    is then run, beside all constant levels, in as many sets and worlds again and more that had no say in it.

    Parameters
    ----------
    scenario
        A scenario, or its file; its `hours_policy.kind` must be fixed.
    levels
        Hours per week to begin with and to continue with. Each set takes levels x (1 + looks x levels) worlds, and one at the
        hours at which facts are read. looks Quarters after which to look: some of 1, 2 and 4. members Sets of assumptions in
        which to look for the plan; it is tried in twice as many. belief Chance that social media moves no buyer's mind,
        before the facts. facts As for `ensemble`. seconds Look in as many sets as there is time for, 16 at least, and no more
        than `members`. beside Results of several levels of the same scenario, or their folder: their report then opens with
        the plan, too. **options `seed`, `workers`, `folder`, `bar` and `remark`: see `sim.workflows.options.Worlds`. The
        folder gets a page, and the plan as a scenario, `plan.yaml`.

    Raises
    ------
    ScenarioError, ResultsError
        If a level or a look is not possible, the folder is taken, or results are of another scenario.

    Examples
    --------
    >>> answer = sim.plan("scenarios/first.yaml", members=16, levels=[10], looks=[1])
    >>> answer.to_dict()["plan"]["begin"]
    10.0
    """
    how, begun = Worlds.of(options), time.monotonic()
    start = loaded(scenario, how)
    hours = weighing.levels_of(start.scenario, levels_text(levels))
    quarters = _quarters(looks)
    staging.check_looks(start.scenario, quarters)
    held = None if beside is None else _of_same(stored_in(beside), start)
    if how.path is not None:
        check_free(how.path, FILES)  # sets take a while
    known = load_facts(None if facts is None else Path(facts), ())
    if members < staging.FEWEST_SETS:
        raise ResultsError(
            remark("--members {members}: take {fewest_sets} sets at least", members=members, fewest_sets=staging.FEWEST_SETS)
        )
    asked = _ask(start, hours, Asking(known, members, belief), how)
    chosen = sets.beyond_none(hours)
    ways = staging.switches(chosen, quarters)
    staging.check_plans(asked.drawn.members, ways)
    title = say("{name}: looking for a plan in stages", name=start.scenario.name)

    def is_time_up() -> bool:
        return seconds is not None and time.monotonic() - begun > SEARCHING * seconds

    with how.place() as place, evaluating(place, how, title, WORLDS, OF_SETS) as (evaluations, progress):
        lived = staging.live_while_there_is_time(
            asked.drawn.members, chosen, ways, evaluations, how.seed, is_time_up=is_time_up, progress=progress
        )
        among = Drawn(asked.drawn.members[: len(lived)], asked.drawn.impossible)
        searched = sets.find(among, known, asked.hours, asked.at, evaluations, seed=how.seed)
        look = staging.tree(lived, chosen, ways)
        best, expected = staging.best_plan(look, searched.lived.weights(belief))
        found = _try(best, expected, len(lived), start, asked, how, evaluations, progress)
        answer = Planned(found, start.scenario)
        write(answer.sheet(), place)
        (place / PLAN).write_text(to_yaml(staging.scenario_of(start.scenario, best)), encoding="utf-8")
    if held is not None:
        kept_stages.keep(held, found)
    return answer


def _ask(start: Loaded, hours: Sequence[float], asking: Asking, how: Worlds) -> Asked:
    asked = unknown.ask(start, hours, asking, "all", how)
    return replace(asked, drawn=staging.mixed(asked.drawn))


def _try(
    best: staging.Stages, expected: float, searched: int, start: Loaded, asked: Asked, how: Worlds, evaluations: Evaluations,
    progress: Progress | None,
) -> Staged:  # fmt: skip
    """Live a plan, and all levels, in sets and worlds that had no say in it."""
    seed = (how.seed + FRESH_SEED) % SEEDS
    asking = replace(asked.asking, members=FRESH * searched)
    fresh = _ask(start, asked.hours, asking, replace(how, seed=seed, remark=no_remark))
    members = fresh.drawn.members
    staging.check_plans(members, [best])
    tried = sets.find(fresh.drawn, asking.facts, fresh.hours, fresh.at, evaluations, seed=seed, progress=progress)
    lived = staging.live(members, fresh.hours, [best], evaluations, seed, progress=progress)
    return staging.weigh(best, tried, lived, asking.belief, expected=expected, searched=searched, seed=how.seed)


def _quarters(looks: str | Sequence[int]) -> list[int]:
    try:
        found = sorted({int(one) for one in (looks.split(",") if isinstance(looks, str) else looks)})
    except ValueError:
        raise ResultsError(remark("--looks {looks}: write quarters, such as 1,2,4", looks=str(looks))) from None
    if not found:
        raise ResultsError(remark("--looks: give at least one quarter, such as 2"))
    return found


def _of_same(held: Results, start: Loaded) -> Results:
    names = {one["scenario"]["name"] for one in held.manifest["points"]}
    if start.scenario.name not in names:
        said = f"{held.folder}: is of the scenario {' and '.join(sorted(map(repr, names)))}, not of {start.scenario.name!r}"
        raise ResultsError(remark("{said}; give results of this one", said=said))
    return held
