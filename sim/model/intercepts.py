"""Intercepts from shares that a company knows: solved so that, without social media, those shares come out.

Salience and trust differ between accounts, so the share of needs shortlisted is a mean of logistic functions; it is
computed by Gauss-Hermite quadrature over both (Golub and Welsch 1969, as in numpy) and inverted by bisection.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.model.streams import Floats
from sim.scenario.schema import Scenario

_NODES = 16
_LARGEST_LOG_ODDS = 60.0
_HALVINGS = 80


@dataclass(frozen=True)
class Intercepts:
    """Log odds at an account of median salience and no trust, for each decision."""

    shortlist: float
    stages: tuple[float, ...]
    renewal: float
    expansion: float


def intercepts(scenario: Scenario) -> Intercepts:
    """The intercepts that give the scenario's shares without social media."""
    market, sales, customers = scenario.market, scenario.sales, scenario.customers
    return _solve(
        market.salience.base_sigma,
        market.trust.baseline,
        market.trust.baseline_sigma,
        (market.shortlist.salience_slope, market.shortlist.trust_slope, market.shortlist.share_without_social),
        (sales.salience_slope, sales.trust_slope, tuple(stage.pass_share for stage in sales.stages.values())),
        (customers.trust_slope, customers.renewal_share),
        (customers.expansion.trust_slope, customers.expansion.share_without_social),
    )


@lru_cache(maxsize=256)
def _solve(
    salience_sigma: float,
    baseline: float,
    baseline_sigma: float,
    shortlist: tuple[float, float, float],
    sales: tuple[float, float, tuple[float, ...]],
    renewal: tuple[float, float],
    expansion: tuple[float, float],
) -> Intercepts:
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    salience = np.repeat(salience_sigma * nodes, _NODES)
    logits = math.log(baseline / (1.0 - baseline)) + baseline_sigma * nodes
    trust = np.tile(1.0 / (1.0 + np.exp(-logits)), _NODES)
    accounts = np.repeat(weights, _NODES) * np.tile(weights, _NODES)

    effect = shortlist[0] * salience + shortlist[1] * trust
    first = _intercept(effect, accounts, shortlist[2])
    reaching = accounts * _p(first + effect)
    effect = sales[0] * salience + sales[1] * trust
    stages = []
    for share in sales[2]:  # those who reach a later stage trust the brand more than those who do not
        stages.append(_intercept(effect, reaching, share))
        reaching = reaching * _p(stages[-1] + effect)
    renews = _intercept(renewal[0] * trust, accounts, renewal[1])
    renewing = accounts * _p(renews + renewal[0] * trust)
    expands = _intercept(expansion[0] * trust, renewing, expansion[1])
    return Intercepts(first, tuple(stages), renews, expands)


def _p(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _intercept(effect: Floats, weights: Floats, share: float) -> float:
    total = float(weights.sum())
    low, high = -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if float((weights * _p(middle + effect)).sum()) / total < share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
