"""The best plan in stages: begin at some hours, look once at what the records show, and continue, change the hours or stop.

It is found over sets of parameters, which are what nobody knows, in a world for each, which is luck: worlds that switch hours
after a look are run once for every way to continue, and `backward_induction` finds what to look at and where to cut. What it is
worth is read in other sets and other worlds, in which the plan itself is run. See docs/model.md, 4.1.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.experiment.backward_induction import Look, solve
from sim.experiment.designs import HOURS
from sim.experiment.early_signs import COST, DISCOUNTED, OF_SETS, sign_name
from sim.experiment.ensemble import ADVICE_SEED, Drawn, Ensemble, Member, agreement
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, Flags, Values
from sim.experiment.ignorance import draws_of, resampled_as
from sim.experiment.lived import NONE
from sim.experiment.pilots import AFTER
from sim.experiment.runner import Progress
from sim.experiment.statistics import Estimate, edges, weighted_share
from sim.experiment.trip_wires import remembered
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.schema.hours_policy import WEEKS_PER_QUARTER, Sign

POLICY = "hours_policy"
SIGN_OF: Mapping[Sign, str] = {  # of a policy: of early signs
    "leads": "leads_organic_social", "messages": "messages", "reach": "reach", "followers": "followers",
}  # fmt: skip
COUNTS = ("leads", "messages", "followers")  # signs that are whole numbers
BATCH = 8  # sets that live all ways on before the clock is looked at
FEWEST_SETS = 16  # that a plan is looked for in, whatever the budget


@dataclass(frozen=True)
class Stages:
    """Begin at so many hours; after so many quarters, `then_hours` if the sign is `at_least` so much, else `else_hours`."""

    begin: float
    quarters: int
    looks_at: Sign
    at_least: float
    then_hours: float
    else_hours: float

    @property
    def is_blind(self) -> bool:
        """Whether what is seen changes nothing."""
        return self.then_hours == self.else_hours

    def settings(self) -> dict[str, Any]:
        """Return what a scenario is changed by to live it."""
        policy = {name: value for name, value in asdict(self).items() if name not in {"begin", "quarters"}}
        policy |= {"kind": "staged", "look_quarters": self.quarters}
        return {HOURS: self.begin} | {f"{POLICY}.{name}": value for name, value in policy.items()}


def switches(hours: Sequence[float], looks: Sequence[int]) -> list[Stages]:
    """Return every way to begin at a level and continue at another, or none, after some quarters whatever is seen."""
    return [
        Stages(begin, quarters, "followers", 0.0, other, other)
        for begin in hours
        for quarters in looks
        for other in (NONE, *hours)
        if other != begin
    ]


def check_looks(base: Scenario, looks: Sequence[int]) -> None:
    """Check that a scenario has fixed hours to begin with, and continues after every look.

    Raises
    ------
    ResultsError
        If not.
    """
    if base.hours_policy.kind != "fixed":
        said = f"hours_policy.kind is {base.hours_policy.kind}, and a plan in stages is a policy of its own"
        raise ResultsError(f"{said}; give fixed")
    starts = base.hours_policy.starts_week // WEEKS_PER_QUARTER
    for one in looks:
        if one not in AFTER:
            raise ResultsError(
                f"--looks {one}: signs are known after {', '.join(map(str, AFTER))} quarters; give some of these"
            )
        if (starts + one) * WEEKS_PER_QUARTER >= base.time.horizon_weeks:
            raise ResultsError(
                f"--looks {one}: the horizon ends by then ({base.time.horizon_weeks} weeks); give fewer quarters"
            )


def mixed(drawn: Drawn) -> Drawn:
    """Order members so that the first so many hold either kind in proportion, wherever one stops."""
    places: list[tuple[float, Member]] = []
    for kind in (True, False):
        mine = [one for one in drawn.members if one.has_effect == kind]
        places += [((place + 0.5) / len(mine), one) for place, one in enumerate(mine)]
    return Drawn([one for _, one in sorted(places, key=lambda place: (place[0], place[1].number))], drawn.impossible)


def check_plans(members: Sequence[Member], plans: Sequence[Stages]) -> None:
    """Check that every set can live every plan.

    Raises
    ------
    ResultsError
        If one cannot.
    """
    for one in members:
        for plan in plans:
            try:
                apply(one.scenario, plan.settings())
            except ScenarioError as error:
                raise ResultsError(f"member {one.number} cannot live a plan in stages ({error.first_line})") from error


def live(
    members: Sequence[Member], hours: Sequence[float], plans: Sequence[Stages], evaluations: Evaluations, seed: int,
    *, first: int = 0, progress: Progress | None = None,
) -> Values:  # fmt: skip
    """Simulate levels and plans in one world for each member, that of `ensemble.find`; shape (members, levels + plans, names).

    The members are those from number `first` on.
    """
    each = [{HOURS: level} for level in hours] + [one.settings() for one in plans]
    scenarios = [apply(one.scenario, settings) for one in members for settings in each]
    found = evaluations.of_own_worlds(scenarios, (seed + ADVICE_SEED) % SEEDS, progress, together=len(each), first=first)
    return found[:, 0].reshape(len(members), len(each), -1)


def live_while_there_is_time(
    members: Sequence[Member], hours: Sequence[float], plans: Sequence[Stages], evaluations: Evaluations, seed: int,
    *, is_time_up: Callable[[], bool], progress: Progress | None,
) -> Values:  # fmt: skip
    """Live levels and plans in batches of members until all have or time is up; shape (members done, levels + plans, names)."""
    done: list[Values] = []
    each = len(hours) + len(plans)
    for first in range(0, len(members), BATCH):
        if first >= FEWEST_SETS and is_time_up():
            break
        batch = members[first : first + BATCH]
        done.append(live(batch, hours, plans, evaluations, seed, first=first))
        if progress is not None:
            progress((first + len(batch)) * each, len(members) * each)
    return np.concatenate(done)


def tree(lived: Values, hours: Sequence[float], plans: Sequence[Stages]) -> Look:
    """Lay out what was run as a choice of how to begin, and a look after it; `lived` is of `live`.

    A sign enters by its logarithm, log1p, as it spans orders of magnitude.
    """
    returns = lived[:, :, OF_SETS.names.index(DISCOUNTED)]
    on = {(one.begin, one.quarters, one.then_hours): returns[:, len(hours) + place] for place, one in enumerate(plans)}
    ways: dict[tuple[float, int], Look] = {}
    for place, begin in enumerate(hours):
        for quarters in sorted({one.quarters for one in plans}):
            seen = np.log1p(lived[:, place, [_column(sign, quarters) for sign in SIGN_OF]])
            onward = {other: returns[:, place] if other == begin else on[begin, quarters, other] for other in (NONE, *hours)}
            ways[begin, quarters] = Look(seen, onward)
    return Look(np.zeros((len(lived), 0)), ways)


def best_plan(look: Look, weights: Values) -> tuple[Stages, float]:
    """Find the best plan of a tree, with a threshold that people can remember, and what it returns by sets without a say."""
    first, values = solve(look, weights)
    begin, quarters = first.above
    rule = first.later[first.above]
    expected = float(weights @ values)
    if rule.sign is None or rule.above == rule.below:
        return Stages(begin, quarters, "followers", 0.0, rule.above, rule.above), expected
    sign = tuple(SIGN_OF)[rule.sign]
    cut = math.expm1(rule.cut)
    at_least = remembered(math.ceil(cut) if sign in COUNTS else cut)
    return Stages(begin, quarters, sign, at_least, rule.above, rule.below), expected


@dataclass(frozen=True)
class OfWay:
    """A constant level or the plan (`hours` is None): its mean discounted return and its cost over sets, also by kind."""

    hours: float | None
    mean: Estimate
    moved: Estimate
    unmoved: Estimate
    spent: Estimate


@dataclass(frozen=True)
class Staged:
    """A plan in stages, and what it returns in sets and worlds that had no say in it.

    Attributes
    ----------
    against
        The constant level that returns most in these sets, 0 for no hours.
    gain, saved
        What the plan returns more, and what it costs less, than that level.
    reached
        Share of sets in which as much is seen as it takes.
    ways
        Every constant level, no hours first, and the plan.
    expected
        What the plan returned in the sets that it was looked for in, each without a say of its own.
    searched, sets, effective_sets
        Sets that it was looked for in; those in which it was tried, and to how many equal ones their weights come down.
    """

    plan: Stages
    against: float
    gain: Estimate
    saved: Estimate
    reached: Estimate
    ways: tuple[OfWay, ...]
    expected: float
    searched: int
    sets: int
    effective_sets: float
    belief: float
    seed: int

    @property
    def of_plan(self) -> OfWay:
        """What the plan returns."""
        return self.ways[-1]

    @property
    def constant(self) -> OfWay:
        """What the best constant level returns."""
        return next(one for one in self.ways if one.hours == self.against)


def weigh(
    plan: Stages, fresh: Ensemble, lived: Values, belief: float, *, expected: float, searched: int, seed: int
) -> Staged:  # fmt: skip
    """Say what a plan is worth against constant levels; `lived` has the levels of `fresh` and then the plan, as by `live`.

    Intervals are by resampling sets, either kind for itself.
    """
    hours = fresh.lived.hours
    zero = np.zeros((len(lived), 1))
    returns, spent = (np.hstack([zero, lived[:, :, OF_SETS.names.index(name)]]) for name in (DISCOUNTED, COST))
    seen = lived[:, hours.index(plan.begin), _column(plan.looks_at, plan.quarters)]
    kinds = fresh.lived.has_effect
    weights = fresh.lived.weights(belief)
    best = int((weights @ returns)[:-1].argmax())

    def figures(weighed: Values, which: Any) -> Values:
        of = returns[which], spent[which]
        by_kind = [_mean_of(kinds[which] == kind, weighed, of[0]) for kind in (True, False)]
        return np.stack([weighed @ of[0], *by_kind, weighed @ of[1]])

    found = figures(weights, slice(None))
    again = []
    for draw in draws_of(kinds):
        one = resampled_as(fresh.lived, draw, lambda which: agreement(fresh.evidence, kinds, which))
        again.append(figures(one.weights(belief), draw))
    resampled = np.stack(again)
    low, high = np.quantile(resampled, edges(), axis=0)

    def apart(kind: int) -> Estimate:
        ends = np.quantile(resampled[:, kind, -1] - resampled[:, kind, best], edges())
        return Estimate(float(found[kind, -1] - found[kind, best]), float(ends[0]), float(ends[1]))

    ways = tuple(
        OfWay(
            level,
            *(Estimate(float(found[kind, place]), float(low[kind, place]), float(high[kind, place])) for kind in range(4)),
        )
        for place, level in enumerate((NONE, *hours, None))
    )
    effective = float(1.0 / (weights**2).sum())
    dearer = apart(3)
    return Staged(
        plan=plan,
        against=(NONE, *hours)[best],
        gain=apart(0),
        saved=Estimate(-dearer.value, -dearer.high, -dearer.low),
        reached=weighted_share(float(weights @ (seen >= plan.at_least)), effective),
        ways=ways,
        expected=expected,
        searched=searched,
        sets=len(lived),
        effective_sets=effective,
        belief=belief,
        seed=seed,
    )


def scenario_of(base: Scenario, plan: Stages) -> Scenario:
    """Return a scenario that lives the plan."""
    found = apply(base, plan.settings())
    return found.replace(name=f"{base.name}, in stages"[:200])


def _column(sign: Sign, quarters: int) -> int:
    return OF_SETS.names.index(sign_name(SIGN_OF[sign], quarters))


def _mean_of(those: Flags, weights: Values, values: Values) -> Values:
    whole = float(weights[those].sum())
    mean: Values = weights[those] @ values[those] / whole if whole > 0.0 else np.full(values.shape[1], math.nan)
    return mean
