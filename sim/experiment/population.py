"""Firms and their executives, drawn from a population; firm i is the same however many are drawn."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.experiment.simplex import SPLIT, with_others
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.scenario import Scenario, apply
from sim.scenario.schema import LogNormal
from sim.scenario.schema.population import Population

DRAWS = ("hours", "accounts", "deal_value", "quarters", "channel_use", "traffic", "leads")
NORMAL = NormalDist()
LEAST_UNIFORM = 2.0**-53  # a uniform of 0 has no quantile


@dataclass(frozen=True)
class Firm:
    """A firm as a scenario, and what its executive looks at."""

    scenario: Scenario
    measures_traffic: bool
    watches_leads: bool

    @property
    def has_records(self) -> bool:
        """Whether the executive looks at any, and the team gives hours to keep them."""
        return self.measures_traffic or self.watches_leads


def draw(population: Population, base: Scenario, number: int, seed: int) -> Firm:
    """Draw firm `number` of a population: the base scenario, with what differs between firms."""
    firms, practices = population.firms, population.practices
    uniforms = np.random.default_rng([seed, number]).random(len(DRAWS))
    uniform = dict(zip(DRAWS, uniforms.tolist(), strict=True))
    traffic, leads = uniform["traffic"] < practices.measures_traffic, uniform["leads"] < practices.watches_leads
    accounts = round(truncated(firms.accounts, firms.most_accounts, uniform["accounts"]))
    hours = associated(uniform["hours"], uniform["quarters"], firms.experience_odds_ratio)
    history = firms.history_quarters * WEEKS_PER_QUARTER
    quarters = firms.first_quarters + int(uniform["quarters"] * (firms.last_quarters - firms.first_quarters + 1))
    value = spread(firms.deal_value_sigma, uniform["deal_value"])
    use = spread(firms.channel_use_sigma, uniform["channel_use"])
    settings: dict[str, Any] = {
        "name": f"firm {number}",
        "time.horizon_weeks": history + quarters * WEEKS_PER_QUARTER,
        "time.warm_up_weeks": history,
        "hours_policy.starts_week": history,
        "time.run_off_weeks": 0,  # the executive answers at the horizon
        "team.hours_per_week": truncated(firms.hours_per_week, firms.most_hours_per_week, hours),
        f"{SPLIT}.measurement": practices.measurement_share if traffic or leads else 0.0,
        "market.accounts": max(1, accounts),
        "market.customers": round(firms.customers_share * accounts),
    }
    for name, segment in base.market.segments.items():
        settings[f"market.segments.{name}.deal_value.median"] = segment.deal_value.median * value
    for name, channel in base.channels.items():
        settings[f"channels.{name}.users"] = min(1.0, channel.users * use)
    return Firm(apply(base, with_others(base, settings)), traffic, leads)


def associated(uniform: float, given: float, odds_ratio: float) -> float:
    """Return the quantile of one rank given another under Plackett's copula: wherever both are divided, the odds ratio is this.

    Both ranks keep their uniform laws. The inverse is that of Nelsen (2006), exercise 3.38.
    """
    more, both = odds_ratio - 1.0, uniform * (1.0 - uniform)
    middle = 2.0 * both * (given * odds_ratio**2 + 1.0 - given) + odds_ratio * (1.0 - 2.0 * both)
    root = math.sqrt(odds_ratio * (odds_ratio + 4.0 * both * given * (1.0 - given) * more**2))
    rank = (middle - (1.0 - 2.0 * uniform) * root) / (2.0 * (odds_ratio + both * more**2))
    return min(max(rank, 0.0), 1.0 - LEAST_UNIFORM)


def truncated(quantity: LogNormal, most: float, uniform: float) -> float:
    """Return the quantile of a lognormal quantity that is truncated at `most`."""
    below = NORMAL.cdf(math.log(most / quantity.median) / quantity.sigma) if quantity.sigma > 0.0 else 1.0
    return min(most, quantity.median * spread(quantity.sigma, uniform * below))


def spread(sigma: float, uniform: float) -> float:
    """Return the quantile of a lognormal quantity of median 1."""
    return math.exp(sigma * NORMAL.inv_cdf(max(uniform, LEAST_UNIFORM)))
