"""A company's own facts, met: its deals per year are solved for its needs, on worlds. See docs/model.md, 2.11."""

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
from sim.scenario.schema.company import Company
from sim.scenario.schema.hours_policy import HoursPolicy

SEED = 2012  # of the draws on which facts are met, whatever the seed of a run
FIRST = 8  # worlds of a first look, which leaves about a tenth of the error: what customers tell grows with the deals
MOST = 64
STANDARD_ERROR = 0.005  # of the mean that is met, as a share of it


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
    first = _seen(_solved(scenario, 1.0, ""), range(FIRST), workers)
    found = _solved(scenario, first.ratio, "")
    seen = _seen(found, range(FIRST), workers)
    enough = min(MOST, math.ceil(FIRST * (seen.error / STANDARD_ERROR) ** 2))
    seen = seen.with_more(_seen(found, range(FIRST, enough), workers))
    return _solved(scenario, seen.ratio, name)


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
    return company_now(_solved(scenario, 1.0, "")).content_hash()


def company_now(scenario: Scenario) -> Scenario:
    """Return the scenario as it goes on if the hours stay what they are now; the twin, if there are none."""
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
        return math.fsum(self.shown) / math.fsum(self.of_shares)

    @property
    def error(self) -> float:
        """Standard error of the ratio, as a share of it."""
        left = np.array(self.shown) - self.ratio * np.array(self.of_shares)
        return float(left.std(ddof=1)) / math.sqrt(len(left)) / float(np.mean(self.shown))


def _seen(scenario: Scenario, which: range, workers: Workers) -> Seen:
    now = company_now(scenario)
    now = now.replace(time=now.time.model_copy(update={"run_off_weeks": 0}))  # what ends later is not counted
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
