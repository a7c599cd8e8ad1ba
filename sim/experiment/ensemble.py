"""The ensemble: sets of parameters drawn from their ranges, kept where they fit the facts, and what those that fit advise.

Facts such as the study's say little of what happens in buyers' minds. So some members have no effect on minds at all; if they
fit as well as the others, the facts cannot tell.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.experiment.designs import HOURS
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import OUTCOMES, SEEDS, Evaluations, Values
from sim.experiment.facts import shown_of
from sim.experiment.precision import RETURN
from sim.experiment.runner import Progress
from sim.experiment.sensitivity import NAMED, Input, scenario_at
from sim.experiment.statistics import CONFIDENCE, edges
from sim.model.calendar import WEEKS_PER_YEAR
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.schema.facts import Fact

Flags = npt.NDArray[np.bool_]

REALISED = "net_return"
NO_EFFECT = (  # what touches do to minds; a slow reply to a buyer loses a deal without
    "year_of_posts", "engagement", "good_post", "peer_answer", "good_reply", "no_reply", "unanswered_complaint",
    "recommendation", "praise", "declined_request",
)  # fmt: skip
FIT_SEED, ADVICE_SEED = 2_000_003, 3_000_017  # added to the seed, that facts, advice and the scenario itself have other worlds
ORDER = 10.0  # times the low end: from there on a guess is of how many times, not of how much
LIKELY = 4.0  # times that the likely value counts beside an end of the range, in the mean (Malcolm et al. 1959)
NONE = 0.0  # hours of a level that is always open
FEWEST = 20  # members of a kind from which on shares of them say something
TELLING = 3.0  # a Bayes factor less far from 1 is not worth more than a bare mention (Kass and Raftery 1995)


@dataclass(frozen=True)
class Member:
    """A set of parameters: its number, the values of the guesses, whether touches move minds, and the scenario."""

    number: int
    values: Mapping[str, float]
    has_effect: bool
    scenario: Scenario


@dataclass(frozen=True)
class Worlds:
    """How many worlds are simulated of each member, and of the scenario as it is."""

    of_member: int
    as_it_is: int


@dataclass(frozen=True)
class Drawn:
    """Members that are possible, and the numbers of those that are not."""

    members: Sequence[Member]
    impossible: Sequence[int]


@dataclass(frozen=True)
class Fitted:
    """What members show of each fact, shape (members, facts), and whether it lies in the fact's interval."""

    facts: Mapping[str, Fact]
    shown: Values
    fits_fact: Flags

    @property
    def fits(self) -> Flags:
        """Members that fit every fact; shape (members,)."""
        return np.asarray(self.fits_fact.all(axis=1))


@dataclass(frozen=True)
class Returns:
    """Net returns of members by level of hours and world; shape (members, levels, worlds)."""

    hours: Sequence[float]
    expected: Values
    realised: Values

    def of(self, which: Flags) -> "Returns":
        """Select the returns of some members."""
        return Returns(self.hours, self.expected[which], self.realised[which])

    def means(self) -> Values:
        """Average expected net return by member and level, with zero hours (which return 0) before the others."""
        found = self.expected.mean(axis=2)
        return np.concatenate([np.zeros((len(found), 1)), found], axis=1)

    @property
    def levels(self) -> tuple[float, ...]:
        """The levels that may be advised, none among them."""
        return (NONE, *self.hours)


@dataclass(frozen=True)
class Advice:
    """What members advise: by level, none first, the share in which it is best, and in which it pays; the mean and 90 % range.

    `steady` is the level of the highest mean; `worth_of_knowing` the mean return lost for not knowing which member holds.
    """

    members: int
    levels: tuple[float, ...]
    best: Values
    pays: Values
    mean: Values
    low: Values
    high: Values
    steady: float
    worth_of_knowing: float


@dataclass(frozen=True)
class Doubt:
    """Variance of the realised net return of a level: of worlds given the parameters, and of parameters."""

    chance: float
    ignorance: float

    @property
    def ignorance_share(self) -> float:
        """Of the whole, what not knowing the parameters makes; nan if nothing varies."""
        whole = self.chance + self.ignorance
        return self.ignorance / whole if whole > 0.0 else math.nan


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

    The first of them have no effect on minds; a Latin hypercube puts its points in no order.

    Raises
    ------
    ResultsError
        If there are no guesses, or no member is possible.
    """
    if not guesses:
        raise ResultsError("every number of the scenario is given as known; give some as {low: .., likely: .., high: ..}")
    unit = scipy.stats.qmc.LatinHypercube(len(guesses), rng=np.random.default_rng(seed)).random(members)
    columns = [pert(one, unit[:, place]) for place, one in enumerate(guesses)]
    without = round(members * no_effect_share)
    settled = {f"effects.{name}": 1.0 for name in NO_EFFECT} | {"crises.trust_loss": 0.0}
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
        raise ResultsError("no member is possible: the ranges contradict one another; narrow some")
    return Drawn(found, impossible)


def check_levels(members: Sequence[Member], hours: Sequence[float]) -> None:
    """Check that every member is possible at the lowest and the highest level of hours, and so at those between.

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


def pert(guess: Input, uniforms: Values) -> Values:
    """Return quantiles of the PERT distribution of a guess; on logarithms, if its ends differ by orders of magnitude.

    A beta distribution over the range with mean (low + 4 value + high) / 6 and its mode at the value.
    """
    is_of_times = guess.low > 0.0 and guess.high > ORDER * guess.low
    low, value, high = (math.log(one) if is_of_times else one for one in (guess.low, guess.value, guess.high))
    place = (value - low) / (high - low)
    law = scipy.stats.beta(1.0 + LIKELY * place, 1.0 + LIKELY * (1.0 - place), loc=low, scale=high - low)
    found = np.asarray(law.ppf(uniforms), dtype=float)
    return np.exp(found) if is_of_times else found


def fit(
    members: Sequence[Member], facts: Mapping[str, Fact], evaluations: Evaluations, worlds: int, seed: int,
    progress: Progress | None = None,
) -> Fitted:  # fmt: skip
    """Simulate the facts for each member in worlds of its own, and check whether they lie in their intervals."""
    found = evaluations.of_own_worlds([one.scenario for one in members], (seed + FIT_SEED) % SEEDS, progress, worlds=worlds)
    years = np.array([one.scenario.time.horizon_weeks / WEEKS_PER_YEAR for one in members])
    columns = {name: found[:, :, place] for place, name in enumerate(OUTCOMES.names)}
    shown = np.stack([shown_of(fact, columns, years) for fact in facts.values()], axis=1)
    low, high = (np.array([getattr(fact, end) for fact in facts.values()]) for end in ("low", "high"))
    return Fitted(facts, shown, (low <= shown) & (shown <= high))


def live(
    members: Sequence[Member], hours: Sequence[float], evaluations: Evaluations, worlds: int, seed: int,
    progress: Progress | None = None,
) -> Returns:  # fmt: skip
    """Simulate net returns of members at each level of hours, in worlds of their own that its levels share.

    Raises
    ------
    ResultsError
        If one is undefined: it would pass for the best.
    """
    scenarios = [apply(one.scenario, {HOURS: level}) for one in members for level in hours]
    found = evaluations.of_own_worlds(scenarios, seed, progress, worlds=worlds, together=len(hours))
    shape = (len(members), len(hours), worlds)
    expected, realised = (found[:, :, OUTCOMES.names.index(name)].reshape(shape) for name in (RETURN, REALISED))
    undefined = ~(np.isfinite(expected) & np.isfinite(realised)).all(axis=(1, 2))
    if undefined.any():
        numbers = ", ".join(str(members[place].number) for place in np.flatnonzero(undefined)[:NAMED])
        raise ResultsError(f"net return is undefined in {undefined.sum()} members, such as {numbers}; narrow their ranges")
    return Returns(tuple(hours), expected, realised)


def advice(returns: Returns) -> Advice:
    """Summarise what members advise; each counts the same.

    Raises
    ------
    ResultsError
        If there are none.
    """
    means = returns.means()
    if not len(means):
        raise ResultsError("there are no members to take advice from")
    best = np.bincount(means.argmax(axis=1), minlength=means.shape[1]) / len(means)
    average = means.mean(axis=0)
    low, high = np.quantile(means, edges(), axis=0)
    steady = int(average.argmax())
    lost = max(0.0, float(_best_unseen(returns).mean() - average[steady]))
    return Advice(
        len(means), returns.levels, best, (means > 0.0).mean(axis=0), average, low, high, returns.levels[steady], lost
    )


def _best_unseen(returns: Returns) -> Values:
    """Return what each member gains at its best level, chosen in all worlds but one and valued in that one; shape (members,).

    Choice and value in the same few worlds would count their luck as knowledge (the winner's curse).
    """
    values = np.concatenate([np.zeros_like(returns.expected[:, :1]), returns.expected], axis=1)
    worlds = values.shape[2]
    found = np.empty((len(values), worlds))
    for unseen in range(worlds):
        chosen = np.delete(values, unseen, axis=2).mean(axis=2).argmax(axis=1)
        found[:, unseen] = values[np.arange(len(values)), chosen, unseen]
    mean: Values = found.mean(axis=1)
    return mean


def doubt(returns: Returns, level: float) -> Doubt:
    """Split the variance at a level into chance and ignorance, by one-way analysis of variance with random effects.

    Both are nan with fewer than two members or worlds.
    """
    values = returns.realised[:, returns.hours.index(level)]
    members, worlds = values.shape
    if members < 2 or worlds < 2:
        return Doubt(math.nan, math.nan)
    within = float(values.var(axis=1, ddof=1).mean())
    between = worlds * float(values.mean(axis=1).var(ddof=1))
    return Doubt(within, max(0.0, (between - within) / worlds))


def evidence_ratio(fitted: Fitted, has_effect: Flags) -> tuple[float, float, float]:
    """Return how many times as often members with an effect fit as those without: a Bayes factor, with its 90 % interval.

    By the delta method on logarithms (Katz et al. 1978), with half a member added to those that fit and to those that do not.
    """
    counts = [(fitted.fits[which].sum() + 0.5, which.sum() + 1.0) for which in (has_effect, ~has_effect)]
    (with_fit, with_all), (none_fit, none_all) = counts
    logarithm = math.log(with_fit / with_all * none_all / none_fit)
    error = math.sqrt(1.0 / with_fit - 1.0 / with_all + 1.0 / none_fit - 1.0 / none_all)
    reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0) * error
    return math.exp(logarithm), math.exp(logarithm - reach), math.exp(logarithm + reach)


@dataclass(frozen=True)
class Ensemble:
    """What was found: members, what they show of the facts, the returns of those that fit, and of the scenario as it is."""

    drawn: Drawn
    fitted: Fitted
    returns: Returns  # of members that fit, in their order
    as_it_is: Returns

    @property
    def has_effect(self) -> Flags:
        """Whether touches move minds; shape (members,)."""
        return np.array([one.has_effect for one in self.drawn.members])

    @property
    def fitting(self) -> list[Member]:
        """The members that fit."""
        return [one for one, fits in zip(self.drawn.members, self.fitted.fits, strict=True) if fits]

    def advice_by_kind(self) -> dict[bool, Advice]:
        """Return the advice of fitting members with an effect on minds, and of those without, where there are any."""
        by_kind = {kind: self.returns_of(with_effect=kind) for kind in (True, False)}
        return {kind: advice(returns) for kind, returns in by_kind.items() if len(returns.expected)}

    def returns_of(self, *, with_effect: bool) -> Returns:
        """Select the returns of the fitting members with an effect on minds, or of those without."""
        return self.returns.of(self.has_effect[self.fitted.fits] == with_effect)


def find(
    base: Scenario, drawn: Drawn, facts: Mapping[str, Fact], hours: Sequence[float], evaluations: Evaluations, worlds: Worlds,
    *, seed: int, progress: Progress | None = None,
) -> Ensemble:  # fmt: skip
    """Compare all members with the facts, and simulate those that fit, and the scenario as it is, at every level of hours."""
    fitted = fit(drawn.members, facts, evaluations, worlds.of_member, seed, progress)
    usual = Member(-1, {}, True, base)
    as_it_is = live([usual], hours, evaluations, worlds.as_it_is, seed, progress)
    kept = [one for one, fits in zip(drawn.members, fitted.fits, strict=True) if fits]
    nobody = np.empty((0, len(hours), worlds.of_member))
    returns = (
        live(kept, hours, evaluations, worlds.of_member, (seed + ADVICE_SEED) % SEEDS, progress)
        if kept
        else Returns(tuple(hours), nobody, nobody)
    )
    return Ensemble(drawn, fitted, returns, as_it_is)
