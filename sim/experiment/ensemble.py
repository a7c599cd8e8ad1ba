"""The ensemble: sets of parameters drawn from their ranges, the worlds that they live, and how well they agree with the facts.

Facts such as the study's say little of what happens in buyers' minds. So in some sets touches move no mind; whether facts can
tell these from the others is a result. What is decided on all of them is in `ignorance`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.experiment import pilots, themes
from sim.experiment.designs import HOURS
from sim.experiment.early_signs import DISCOUNTED, OF_SETS, SIGNS, sign_name
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, Flags, Values
from sim.experiment.facts import FAR, dispersion, elasticity_of, likelihood, likelihood_of_elasticity, nearest, parts_of
from sim.experiment.guesses import Input, pert
from sim.experiment.ignorance import Decision, Far, decide
from sim.experiment.lived import NONE, Lived
from sim.experiment.precision import RETURN
from sim.experiment.runner import Progress
from sim.experiment.sensitivity import NAMED, scenario_at
from sim.model.calendar import WEEKS_PER_YEAR
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.schema.facts import Fact

NO_EFFECT = (  # what touches do to minds; a slow reply to a buyer loses a deal without
    "year_of_posts", "engagement", "good_post", "peer_answer", "good_reply", "no_reply", "unanswered_complaint",
    "recommendation", "praise", "declined_request",
)  # fmt: skip
NO_EFFECT_SHARE = 0.4  # of sets, whatever anybody believes: the two kinds are told apart best if neither is rare
ADVICE_SEED, AGAIN_SEED = 3_000_017, 7_000_003  # added to the seed, that the scenario itself has other worlds
AGAIN = 6  # every so many sets one lives a second world
TOGETHER = 0.5  # rank correlation of guesses that go together, nearly (of the normal scores)


@dataclass(frozen=True)
class Member:
    """A set of parameters: its number, the values of the guesses, whether touches move minds, and the scenario."""

    number: int
    values: Mapping[str, float]
    has_effect: bool
    scenario: Scenario


@dataclass(frozen=True)
class Drawn:
    """Members that are possible, and the numbers of those that are not."""

    members: Sequence[Member]
    impossible: Sequence[int]


@dataclass(frozen=True)
class Evidence:
    """The worlds of members beside a fact: what is divided by what, shape (members, worlds), 0 where it is undefined.

    Of an elasticity the parts are itself and 1.
    """

    fact: Fact
    above: Values
    below: Values

    def shown(self) -> Values:
        """Return what each member shows; nan if nothing; shape (members,)."""
        above, below = self.above.sum(axis=1), self.below.sum(axis=1)
        found: Values = np.divide(above, below, out=np.full(len(above), math.nan), where=below > 0.0)
        return found

    def nearest(self) -> tuple[float, float]:
        """Return what the member nearest to the fact shows, and how far that is in standard errors."""
        return nearest(self.fact, self.above, self.below, dispersion(self.above, self.below))

    def log_likelihood(self, kinds: Flags, which: npt.NDArray[np.int64]) -> Values:
        """Return how well some members agree with the fact, as the logarithm of a density up to a constant."""
        above, below = self.above[which], self.below[which]
        if self.fact.until is not None:
            return likelihood_of_elasticity(self.fact, np.where(below > 0.0, above, math.nan), kinds[which])
        return likelihood(self.fact, above, below, dispersion(above, below), kinds[which])


@dataclass(frozen=True)
class Ensemble:
    """Members, what they return, and what they show of the facts."""

    drawn: Drawn
    lived: Lived
    facts: Mapping[str, Fact]
    evidence: Sequence[Evidence]

    @property
    def shown(self) -> Values:
        """What members show of each fact; shape (members, facts)."""
        return np.stack([one.shown() for one in self.evidence], axis=1)

    def decide(self, belief: float, seed: int) -> Decision:
        """Summarise what members say of each level of hours, and what knowing more is worth."""
        kinds = self.lived.has_effect
        return decide(
            self.lived,
            self.guesses(),
            belief,
            seed,
            lambda which: agreement(self.evidence, kinds, which),
            self.themes(),
            self.far,
        )

    @property
    def far(self) -> tuple[Far, ...]:
        """The facts that no member comes near, even for all the luck of its worlds: who weighs by them weighs the extremes."""
        found = []
        for (name, fact), one in zip(self.facts.items(), self.evidence, strict=True):
            shown, apart = one.nearest()
            if apart > FAR:
                found.append(Far(name, fact.low, fact.high, shown))
        return tuple(found)

    def themes(self) -> dict[str, Values]:
        """Return the values of guesses by theme, shape (members, guesses).

        Buyers' minds hold whether there is an effect. No other theme holds what is settled without one, which would tell.
        """
        members, settled = self.drawn.members, settled_without_effect()
        drawn = set.intersection(*(set(one.values) for one in members))  # what is settled without an effect may be no guess
        found: dict[str, Values] = {}
        for theme, paths in themes.by_theme(path for path in members[0].values if path in drawn).items():
            kept = [path for path in paths if theme == themes.MINDS or path not in settled]
            if kept:
                found[theme] = np.array([[one.values[path] for path in kept] for one in members])
        moved = self.lived.has_effect[:, None].astype(float)
        return {**found, themes.MINDS: np.concatenate([moved, found.get(themes.MINDS, moved)], axis=1)}

    def guesses(self) -> dict[str, Values]:
        """Return the values of each guess by its path, shape (members,).

        Whether there is an effect is not one of these guesses. Odds ratios of sets without an effect are left out by the number
        1, which would show that there is none.
        """
        members = self.drawn.members
        settled = settled_without_effect()
        return {
            path: np.array([one.values[path] for one in members]) for path in members[0].values if path not in settled
        }  # fmt: skip


def beyond_none(hours: Sequence[float]) -> list[float]:
    """Return the levels of hours without zero, which is always possible.

    Raises
    ------
    ResultsError
        If nothing is left.
    """
    left = [level for level in hours if level > NONE]
    if not left:
        raise ResultsError("--levels: no hours are always among the levels; give at least one above 0, such as 10")
    return left


def draw(base: Scenario, guesses: Sequence[Input], members: int, no_effect_share: float, seed: int) -> Drawn:
    """Draw members by a Latin hypercube, each guess from the PERT law of its low end, value and high end.

    Odds ratios of effects rise and fall together, as do the value of deals and the time that they take. The first members
    have no effect on minds; a Latin hypercube puts its points in no order.

    Raises
    ------
    ResultsError
        If there are no guesses, or no set of assumptions is possible.
    """
    if not guesses:
        raise ResultsError("every number of the scenario is given as known; give some as {low: .., likely: .., high: ..}")
    generator = np.random.default_rng(seed)
    unit = scipy.stats.qmc.LatinHypercube(len(guesses), rng=generator).random(members)
    unit = _together(unit, [one.path for one in guesses], generator)
    columns = [pert(one, unit[:, place]) for place, one in enumerate(guesses)]
    without = round(members * no_effect_share)
    settled = settled_without_effect()
    found, impossible = [], []
    for number, row in enumerate(np.stack(columns, axis=1).tolist()):
        values = dict(zip((one.path for one in guesses), row, strict=True))
        values |= settled if number < without else {}
        try:
            scenario = scenario_at(base, values)
        except (ScenarioError, ResultsError):
            impossible.append(number)
            continue
        found.append(Member(number, values, number >= without, scenario))
    if not found:
        raise ResultsError("no valid set of assumptions: the ranges contradict each other; narrow some of them")
    return Drawn(found, impossible)


def settled_without_effect() -> dict[str, float]:
    """Return what is settled, by path, in a set in which touches move no mind."""
    return {f"effects.{name}": 1.0 for name in NO_EFFECT} | {"crises.trust_loss": 0.0}


def _together(unit: Values, paths: Sequence[str], generator: np.random.Generator) -> Values:
    """Reorder the columns of a hypercube so that guesses which go together rise together (Iman and Conover 1982)."""
    found = unit.copy()
    effects = {f"effects.{name}" for name in NO_EFFECT}
    for group in (
        [place for place, path in enumerate(paths) if path in effects],
        [place for place, path in enumerate(paths) if path == "sales.cycle_weeks.median" or path.endswith("deal_value.median")],
    ):
        if len(group) < 2:
            continue
        shared = generator.standard_normal((len(unit), 1))
        own = generator.standard_normal((len(unit), len(group)))
        scores = math.sqrt(TOGETHER) * shared + math.sqrt(1.0 - TOGETHER) * own
        ranks = scores.argsort(axis=0).argsort(axis=0)
        found[:, group] = np.take_along_axis(np.sort(unit[:, group], axis=0), ranks, axis=0)
    return found


def check_levels(members: Sequence[Member], hours: Sequence[float]) -> None:
    """Check that every member is possible at the lowest and the highest level of hours, hence at those between.

    Raises
    ------
    ResultsError
        If one cannot.
    """
    for one in members:
        for level in (min(hours), max(hours)):
            try:
                apply(one.scenario, {HOURS: level})
            except ScenarioError as error:
                said = f"--levels: {level:g} hours per week are not possible in member {one.number} ({error.first_line})"
                raise ResultsError(f"{said}; give other levels, or narrow the ranges") from error


def find(
    drawn: Drawn, facts: Mapping[str, Fact], hours: Sequence[float], at: Mapping[str, float], evaluations: Evaluations,
    *, seed: int, buyers: int = pilots.BUYERS, progress: Progress | None = None,
) -> Ensemble:  # fmt: skip
    """Simulate all members at every level of hours, some of them twice, and see how well they agree with the facts.

    Each member lives in a world of its own, which its levels share. `evaluations` are of `early_signs.OF_SETS`. Facts are read
    in the same worlds, each at the level that `at` gives by its name. A pilot at the lowest level is one that the set's world
    shows; a survey of recall asks so many `buyers` per arm.

    Raises
    ------
    ResultsError
        If a net return is undefined: it would pass for the best.
    """
    members = drawn.members
    again = np.arange(0, len(members), AGAIN)
    total = (len(members) + len(again)) * len(hours)

    def ticking(before: int) -> Progress | None:
        return None if progress is None else lambda done, _: progress(before + done, total)

    first = _live(members, hours, evaluations, (seed + ADVICE_SEED) % SEEDS, ticking(0))
    second = np.full_like(first, math.nan)
    repeated = members[::AGAIN]
    second[again] = _live(repeated, hours, evaluations, (seed + AGAIN_SEED) % SEEDS, ticking(len(members) * len(hours)))
    years = np.array([one.scenario.time.horizon_weeks / WEEKS_PER_YEAR for one in members])
    worlds = np.stack([first, second], axis=1)
    kinds = np.array([one.has_effect for one in members])
    evidence: list[Evidence] = []
    for label, fact in facts.items():
        there = worlds[:, :, list(hours).index(at[label])]
        if fact.until is not None:
            place = OF_SETS.names.index(fact.outcome)
            each = elasticity_of(fact, there[:, :, place], worlds[:, :, list(hours).index(fact.until), place])
            counted = np.isfinite(each)
            evidence.append(Evidence(fact, np.where(counted, each, 0.0), counted.astype(float)))
            continue
        columns = {name: there[:, :, place] for place, name in enumerate(OF_SETS.names)}
        evidence.append(Evidence(fact, *parts_of(fact, columns, years)))
    place, plain = (OF_SETS.names.index(name) for name in (DISCOUNTED, RETURN))
    likelihood = agreement(evidence, kinds, np.arange(len(members)))
    signs, spent = _pilot(first[:, 0], [one.number for one in members], seed, buyers)
    lived = Lived(
        tuple(hours), first[:, :, place], second[:, :, place], kinds, likelihood, signs, spent,
        plain=first[:, :, plain], rate=members[0].scenario.customers.discount_rate, buyers=buyers,
    )  # fmt: skip
    return Ensemble(drawn, lived, facts, tuple(evidence))


def _pilot(worlds: Values, numbers: Sequence[int], seed: int, buyers: int) -> tuple[dict[str, Values], Values]:
    """Return what a pilot shows by each test, shape (sets, times, signs), and what it costs by then, shape (sets, times).

    `worlds` are the measures of each set at the lowest level, shape (sets, names).
    """
    kept = {
        name: worlds[:, [OF_SETS.names.index(pilots.name_of(name, quarter)) for quarter in range(pilots.QUARTERS)]]
        for name in pilots.KEPT
    }
    records = [[OF_SETS.names.index(sign_name(sign, after)) for sign in SIGNS] for after in pilots.AFTER]
    signs = {pilots.RECORDS: np.log1p(worlds[:, records]), **pilots.seen(kept, numbers, seed, buyers)}
    return signs, np.cumsum(kept[pilots.SPENT], axis=1)[:, np.array(pilots.AFTER) - 1]


def agreement(evidence: Sequence[Evidence], kinds: Flags, which: npt.NDArray[np.int64]) -> Values:
    """Return how well some sets agree with all facts together, up to a common factor; shape (sets,).

    Laws of long runs are those of these sets: who draws them anew gets the luck of these laws, too.
    """
    logs = np.zeros(len(which))
    for one in evidence:
        logs += one.log_likelihood(kinds, which)
    found: Values = np.exp(logs - logs.max())
    return found


def _live(
    members: Sequence[Member], hours: Sequence[float], evaluations: Evaluations, seed: int, progress: Progress | None
) -> Values:
    """Simulate a world for each member, shared by its levels; outcomes of shape (members, levels, names)."""
    scenarios = [apply(one.scenario, {HOURS: level}) for one in members for level in hours]
    found = evaluations.of_own_worlds(scenarios, seed, progress, together=len(hours))[:, 0]
    found = found.reshape(len(members), len(hours), -1)
    check_defined(members, found)
    return found


def check_defined(members: Sequence[Member], found: Values) -> None:
    """Check that all members have a net return under every choice; `found` has shape (members, choices, names of `OF_SETS`).

    Raises
    ------
    ResultsError
        If one is undefined: it would pass for the best.
    """
    undefined = ~np.isfinite(found[:, :, OF_SETS.names.index(RETURN)]).all(axis=1)
    if undefined.any():
        numbers = ", ".join(str(members[place].number) for place in np.flatnonzero(undefined)[:NAMED])
        raise ResultsError(f"net return is undefined in {undefined.sum()} members, such as {numbers}; narrow their ranges")
