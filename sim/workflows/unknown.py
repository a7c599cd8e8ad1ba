"""The decision while nobody knows which parameters are true: asked of a scenario, or beside the results of levels."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sim.experiment import ensemble as sets
from sim.experiment import sensitivity as weighing
from sim.experiment.designs import HOURS
from sim.experiment.ensemble import Drawn, Ensemble
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations, Values
from sim.experiment.ignorance import Decision
from sim.experiment.pilots import BUYERS
from sim.experiment.policies import Policy
from sim.experiment.runner import Progress
from sim.experiment.schedules import FIXED
from sim.experiment.ways import check_policies, live_ways
from sim.remarks import remark
from sim.report.html.sheet import PAGE
from sim.report.text.translation import say
from sim.scenario import Loaded, Scenario, apply
from sim.scenario.schema.facts import FACTS, Fact
from sim.workflows.announced import check_worlds
from sim.workflows.options import ScenarioLike, Worlds, loaded

QUESTION, SETS = "question.json", "sets"  # the file beside an answer that says what was asked; its part on the sets drawn
MEMBERS, FEWEST_MEMBERS, BELIEF = 400, 2, sets.NO_EFFECT_SHARE


@dataclass(frozen=True)
class Asking:
    """The terms of an ensemble: the facts, how many sets are drawn, and the prior chance that buyers are not moved.

    `buyers` are asked per arm of a survey, in a pilot; by default 200, or fewer where the market has fewer. `policies` are ways
    to give hours over time, weighed beside levels.
    """

    facts: Mapping[str, Fact]
    members: int = MEMBERS
    belief: float = BELIEF
    buyers: int | None = None
    policies: tuple[Policy, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Sets that are drawn and possible at all levels; `at`: the levels at which facts are read; `fixed`: what was not drawn."""

    asking: Asking
    buyers: int
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
        raise ResultsError(
            remark(
                "--members {members}: take {fewest_members} sets at least",
                members=asking.members,
                fewest_members=FEWEST_MEMBERS,
            )
        )
    buyers = _buyers(asking, start.scenario.market.accounts)
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
    check_policies(drawn.members, asking.policies)
    check_worlds(apply(start.scenario, {HOURS: max(hours)}), asking.members * (len(hours) + len(asking.policies)), how)
    return Asked(asking, buyers, drawn, tuple(hours), at, fixed)


def policies_of(base: Scenario, given: Sequence[ScenarioLike], how: Worlds) -> tuple[Policy, ...]:
    """Take the hours over time of some scenarios, to be weighed beside constant levels; remark on what else is left aside.

    Raises
    ------
    ScenarioError, ResultsError
        If one is not a scenario, or the hours of the scenario itself change, so that its levels are not constant.
    """
    if given and base.hours_policy.kind != FIXED:
        said = f"hours_policy.kind is {base.hours_policy.kind}, and policies are weighed against constant hours"
        raise ResultsError(f"{said}; give fixed")
    found = []
    for one in given:
        scenario = loaded(one).scenario
        found.append(Policy.of(scenario))
        if others := _other_differences(base, scenario):
            how.remark(
                say(
                    "Of {name} only the hours over time count. It also differs in: {paths}.",
                    name=scenario.name,
                    paths=", ".join(others),
                )
            )
    return tuple(found)


def _other_differences(base: Scenario, other: Scenario) -> list[str]:
    """Name the sections in which a scenario differs from another, but for names, its hours, and how they change."""
    alike = other.replace(
        name=base.name,
        description=base.description,
        hours_policy=base.hours_policy,
        team=other.team.model_copy(update={"hours_per_week": base.team.hours_per_week}),
    )
    mine, its = base.model_dump(), alike.model_dump()
    return [section for section in mine if mine[section] != its[section]]


def question(asked: Asked, seed: int) -> dict[str, Any]:
    """Return what is asked, as it is kept beside the answer: another question is not to replace it."""
    drawn = ",".join(one.scenario.content_hash() for one in asked.drawn.members)
    return {
        "facts": {name: fact.model_dump() for name, fact in asked.asking.facts.items()},
        "members": asked.asking.members,
        "belief": asked.asking.belief,
        "levels": list(asked.hours),
        "policies": [dict(one.settings) for one in asked.asking.policies],
        "buyers": asked.buyers,
        "seed": seed,
        SETS: hashlib.sha256(drawn.encode()).hexdigest()[:32],
    }


def check_question(folder: Path | None, asked: dict[str, Any]) -> None:
    """Check that a folder does not hold the answer to another question.

    Raises
    ------
    ResultsError
        If it does, with what differs.
    """
    if folder is None or not (folder / PAGE).exists():
        return
    try:
        before = json.loads((folder / QUESTION).read_text(encoding="utf-8"))
        differing = [name for name, one in asked.items() if before[name] != one]
    except (OSError, ValueError, KeyError, TypeError):
        differing = [f"{QUESTION} cannot be read"]
    if differing == [SETS]:
        differing = ["the scenario or its ranges"]
    if differing:
        said = ", ".join(one for one in differing if one != SETS)
        raise ResultsError(
            remark(
                "{folder}: holds the answer to another question (it differs in: {said}); choose another folder, or "
                "remove {answer} to have it replaced",
                folder=folder,
                said=said,
                answer=folder / PAGE,
            )
        )


def _buyers(asking: Asking, accounts: int) -> int:
    """Return how many buyers are asked per arm, one per account.

    Raises
    ------
    ResultsError
        If there are not so many.
    """
    most = max(1, accounts // 2)
    if asking.buyers is None:
        return min(BUYERS, most)
    if not 1 <= asking.buyers <= most:
        said = (
            f"--buyers {asking.buyers}: a survey asks one buyer per account, and each arm holds half of the market's {accounts}"
        )
        raise ResultsError(remark("{said}; take 1 to {most}", said=said, most=most))
    return asking.buyers


def live_policies(asked: Asked, evaluations: Evaluations, seed: int, progress: Progress | None = None) -> Values | None:
    """Simulate levels and policies, before `answer` finds those of levels; None if there are no policies.

    Shape (sets, levels + policies, names of `OF_SETS`).

    Raises
    ------
    ResultsError
        If a net return is undefined.
    """
    policies = asked.asking.policies
    if not policies:
        return None
    members = asked.drawn.members
    found = live_ways(members, asked.hours, [one.settings for one in policies], evaluations, seed, progress=progress)
    sets.check_defined(members, found)
    return found


def answer(
    asked: Asked, evaluations: Evaluations, seed: int, progress: Progress | None = None
) -> tuple[Ensemble, Decision]:  # fmt: skip
    """Simulate the sets, and decide.

    Raises
    ------
    ResultsError
        If no set comes near a fact that is the reader's own. Of a published one the answer says so.
    """
    found = sets.find(
        asked.drawn, asked.asking.facts, asked.hours, asked.at, evaluations,
        seed=seed, buyers=asked.buyers, progress=progress,
    )  # fmt: skip
    for one in found.far:
        if FACTS.get(one.fact) != asked.asking.facts[one.fact]:
            raise ResultsError(
                remark(
                    "fact {fact}: no set of assumptions comes near {low} to {high}; the nearest of {members} shows "
                    "{nearest} at {at} hours per week. Check the figure, its unit and its hours, or give wider ranges",
                    fact=one.fact,
                    low=format(one.low, "g"),
                    high=format(one.high, "g"),
                    members=len(asked.drawn.members),
                    nearest=format(one.nearest, ".3g"),
                    at=format(asked.at[one.fact], "g"),
                )
            )
    return found, found.decide(asked.asking.belief, seed)
