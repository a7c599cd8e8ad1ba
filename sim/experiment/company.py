"""A company's own facts, met: its deals per year are solved for its needs, on worlds. See docs/model.md, 2.11."""

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from sim.experiment.backends import HERE, Workers, stream
from sim.measures.causal_effects import Window, array
from sim.model import simulate
from sim.model.market import Market
from sim.model.odds import Odds
from sim.model.streams import streams_of
from sim.model.twin import twin_of
from sim.scenario import Scenario, apply
from sim.scenario.schema.company import Company, deals_of_shares
from sim.scenario.schema.hours_policy import HoursPolicy
from sim.scenario.schema.market import Seasons

SEED = 2012  # of the draws on which facts are met, whatever the seed of a run
FIRST = 8  # worlds of a first look, which leaves about a tenth of the error: what customers tell grows with the deals
MOST = 64
STANDARD_ERROR = 0.005  # of the mean that is met, as a share of it
STANDARD_ERROR_READ_BACK = 0.02

_RATIOS: dict[str, float] = {}  # solved in this process, by fingerprint


@dataclass(frozen=True)
class Look:
    """One replication of the company as it is now; a task for a worker."""

    scenario: Scenario
    replication: int

    def __str__(self) -> str:
        return f"the company's deals, world {self.replication} (seed {SEED})"


def met(scenario: Scenario, workers: Workers = HERE) -> Scenario:
    """Return the scenario with needs per account from which its worlds show the company's deals per year.

    `company.simulated_over_shares` is solved by fixed-point iteration; the mean over worlds is met with a standard error of
    0.5 % (or what 64 worlds give). A scenario that states no deals, or was solved before, comes back as it is.

    Raises
    ------
    ScenarioError
        If no needs that accounts can have are enough.
    """
    name = fingerprint(scenario)
    if scenario.company.deals_per_year == 0.0 or scenario.company.solved_for == name:
        return scenario
    if name not in _RATIOS:
        first = _seen(company_now(_solved(scenario, 1.0, "")), range(FIRST), workers)
        now = company_now(_solved(scenario, first.ratio, ""))
        _RATIOS[name] = _seen_until(now, STANDARD_ERROR, workers).ratio
    return _solved(scenario, _RATIOS[name], name)


@dataclass(frozen=True)
class Baseline:
    """A company with zero hours, as is expected of its worlds.

    Attributes
    ----------
    deals_per_year, revenue_per_year
        Deals won per year, and their first-year value in the currency of the scenario.
    error
        Standard error of both by the luck of the draw, as a share; 0 where deals are those that the company stated.
    customers
        On the first day.
    renewal_rate
        Share of contracts due that is renewed.
    """

    deals_per_year: float
    revenue_per_year: float
    error: float
    customers: int
    renewal_rate: float


def baseline_of(scenario: Scenario, workers: Workers = HERE, error: float = STANDARD_ERROR_READ_BACK) -> Baseline:
    """Tell what a company is expected to win and keep with zero hours.

    Where it stated its deals and spends no hours now, these are the deals. Else worlds are run until the standard error is as
    small a share of them as `error` (at most 64).
    """
    known = scenario.company
    deals, reached = known.deals_per_year, 0.0
    if deals == 0.0 or known.hours_now > 0.0:
        scenario = met(scenario, workers)
        seen = _seen_until(twin_of(scenario), error, workers)
        deals, reached = deals_of_shares(scenario.market, scenario.sales) * seen.ratio, seen.error
    market = scenario.market
    parts = [(one.share * one.needs_per_year, one.deal_value.mean) for one in market.segments.values()]
    needs = math.fsum(weight for weight, _ in parts)
    value = math.fsum(weight * value for weight, value in parts) / needs if needs else 0.0
    return Baseline(deals, deals * value, reached, market.customers, scenario.customers.renewal_share)


def solved_in(scenario: Scenario) -> dict[str, float]:
    """Return the parameters that were solved for what the company states, and to what."""
    if scenario.company.deals_per_year == 0.0:
        return {}
    segments = scenario.market.segments.items()
    return {f"market.segments.{name}.needs_per_year": segment.needs_per_year for name, segment in segments}


def without_facts(scenario: Scenario) -> Scenario:
    """Return the scenario with what its company states met, and then forgotten: other firms win other deals."""
    return met(scenario).replace(company=Company())


def fingerprint(scenario: Scenario) -> str:
    """Return 16 hexadecimal digits that change with whatever moves the deals that the company wins now."""
    known = scenario.company
    segments = scenario.market.segments
    most = max(segment.needs_per_year for segment in segments.values()) or 1.0
    in_proportion = {  # rounded, as needs that were solved differ in their last digits from those that are solved anew
        name: segment.model_copy(update={"needs_per_year": round(segment.needs_per_year / most, 9)})
        for name, segment in segments.items()
    }
    stated = Company(hours_now=known.hours_now)
    market = scenario.market.model_copy(update={"segments": in_proportion})
    now = company_now(_without_seasons(scenario.replace(company=stated, market=market)))
    return hashlib.sha256(f"{now.content_hash()} {known.deals_per_year!r}".encode()).hexdigest()[:16]


def company_now(scenario: Scenario) -> Scenario:
    """Return the scenario as it continues if the hours stay what they are now; the twin, if there are none."""
    hours = scenario.company.hours_now
    if hours == 0.0:
        return twin_of(scenario)
    team = scenario.team.model_copy(update={"hours_per_week": hours})
    return scenario.replace(name="now", description="", team=team, hours_policy=HoursPolicy())


def _solved(scenario: Scenario, ratio: float, name: str) -> Scenario:
    return apply(scenario, {"company.simulated_over_shares": ratio, "company.solved_for": name})


@dataclass(frozen=True)
class Seen:
    """Deals that worlds show, and those that the shares alone give for the needs of the same worlds."""

    shown: tuple[float, ...]
    of_shares: tuple[float, ...]

    def with_more(self, other: "Seen") -> "Seen":
        """Return both together."""
        return Seen(self.shown + other.shown, self.of_shares + other.of_shares)

    @property
    def ratio(self) -> float:
        """Deals shown over those of the shares: a ratio estimator."""
        of_shares = math.fsum(self.of_shares)
        return math.fsum(self.shown) / of_shares if of_shares else 0.0

    @property
    def error(self) -> float:
        """Standard error of the ratio, as a share of it."""
        if self.ratio == 0.0:
            return 0.0
        left = np.array(self.shown) - self.ratio * np.array(self.of_shares)
        return float(left.std(ddof=1)) / math.sqrt(len(left)) / float(np.mean(self.shown))


def _seen_until(now: Scenario, error: float, workers: Workers) -> Seen:
    """Look at worlds until the standard error of the ratio is so small a share of it, or at 64."""
    seen = _seen(now, range(FIRST), workers)
    enough = min(MOST, math.ceil(FIRST * (seen.error / error) ** 2))
    return seen.with_more(_seen(now, range(FIRST, enough), workers))


def _without_seasons(scenario: Scenario) -> Scenario:
    """Return the scenario with all months alike: seasons spread a year's deals, and a window may hold a part of a year."""
    return scenario.replace(market=scenario.market.model_copy(update={"seasons": Seasons()}))


def _seen(now: Scenario, which: range, workers: Workers) -> Seen:
    now = _without_seasons(now.replace(time=now.time.model_copy(update={"run_off_weeks": 0})))  # what ends later is not counted
    by_replication = sorted(stream((Look(now, number) for number in which), deals_of, workers))
    return Seen(tuple(one for _, one, _ in by_replication), tuple(one for *_, one in by_replication))


def deals_of(look: Look) -> tuple[int, float, float]:
    """Return the replication, the deals of its world in the window, and those that the shares alone give for its needs.

    The first are expected: every need counts with the product of the probabilities of its decisions. The second are a
    control variate: its mean over draws is known in closed form.
    """
    scenario = look.scenario
    record, window = simulate(scenario, SEED, look.replication), Window.of(scenario)
    ended, opens = array(record.needs, "ended_at"), array(record.needs, "opens_at")
    shown = array(record.needs, "weight")[(ended >= window.begins) & (ended <= window.ends)].sum()
    market = Market(scenario, streams_of(SEED, look.replication))
    with_rival = np.array([market.account(index).is_with_rival for index in range(len(market))], dtype=float)
    chances = Odds(scenario).p_wins_untouched(*market.minds(), with_rival)
    market.dissolve()
    arising = array(record.needs, "account")[(opens >= window.begins) & (opens < window.ends)]
    return look.replication, float(shown), float(chances[arising].sum())
