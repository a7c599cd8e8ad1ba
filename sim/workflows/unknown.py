"""What to decide while nobody knows which parameters are true: asked of a scenario, or beside the results of levels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.experiment import ensemble as sets
from sim.experiment import sensitivity as weighing
from sim.experiment.designs import HOURS
from sim.experiment.ensemble import Drawn, Ensemble
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.ignorance import Decision
from sim.experiment.runner import Progress
from sim.report.text.translation import say
from sim.scenario import Loaded, apply
from sim.scenario.schema.facts import Fact
from sim.workflows.announced import check_worlds
from sim.workflows.options import Worlds

MEMBERS, FEWEST_MEMBERS, BELIEF = 400, 2, sets.NO_EFFECT_SHARE


@dataclass(frozen=True)
class Asking:
    """What sets of parameters are held against, how many are drawn, and the chance that buyers are not moved, before facts."""

    facts: Mapping[str, Fact]
    members: int = MEMBERS
    belief: float = BELIEF


@dataclass(frozen=True)
class Asked:
    """Sets that are drawn and possible at all levels; `at`: the levels at which facts are read; `fixed`: what was not drawn."""

    asking: Asking
    drawn: Drawn
    hours: tuple[float, ...]
    at: Mapping[str, float]
    fixed: Sequence[str]


def ask(start: Loaded, levels: Sequence[float], asking: Asking, ranges: Literal["all", "yours"], how: Worlds) -> Asked:
    """Draw sets of parameters, and see that all are possible before the first world is run.

    Raises
    ------
    ScenarioError, ResultsError
        If there is nothing to draw, or a level is not possible.
    """
    if asking.members < FEWEST_MEMBERS:
        raise ResultsError(f"--members {asking.members}: take {FEWEST_MEMBERS} sets at least")
    hours = sets.beyond_none(levels)
    own = start.scenario.team.hours_per_week
    at = {name: one.hours or own or min(hours) for name, one in asking.facts.items()}
    hours = sorted({*hours, *at.values(), *(one.until for one in asking.facts.values() if one.until)})
    guesses = weighing.inputs_of(start, only_given=ranges == "yours")
    fixed = [] if ranges == "yours" else weighing.left_out(start, guesses)
    if fixed:
        how.remark(
            say("Held fixed, because their extreme values conflict with other parameters: {inputs}.", inputs=", ".join(fixed))
        )
    drawn = sets.draw(start.scenario, guesses, asking.members, sets.NO_EFFECT_SHARE, how.seed)
    sets.check_levels(drawn.members, hours)
    check_worlds(apply(start.scenario, {HOURS: max(hours)}), asking.members * len(hours), how)
    return Asked(asking, drawn, tuple(hours), at, fixed)


def answer(
    asked: Asked, evaluations: Evaluations, seed: int, progress: Progress | None = None
) -> tuple[Ensemble, Decision]:  # fmt: skip
    """Simulate the sets, and decide."""
    found = sets.find(
        asked.drawn, asked.asking.facts, asked.hours, asked.at, evaluations, seed=seed, progress=progress
    )  # fmt: skip
    return found, found.decide(asked.asking.belief, seed)
