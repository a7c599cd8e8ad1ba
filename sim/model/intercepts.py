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
class StageOdds:
    """A stage: the share of deals that stall there, and log odds of waking and of going on (median account, no trust)."""

    stalled: float
    wakes: float
    goes_on: float


@dataclass(frozen=True)
class Intercepts:
    """Log odds at an account of median salience and no trust, for each decision; and how often a won deal stood still."""

    visit: float
    shortlist: float
    stages: tuple[StageOdds, ...]
    renewal: float
    expansion: float
    stalls_of_a_won_deal: tuple[float, ...]  # mean number, by stage


def intercepts(scenario: Scenario) -> Intercepts:
    """Return the intercepts that give non-customers the scenario's shares, without social media and word of mouth."""
    market, sales, customers = scenario.market, scenario.sales, scenario.customers
    stalls, rivals, contact = sales.stalls, market.rivals, market.contact
    return _solve(
        (market.salience.base_sigma, market.trust.baseline, market.trust.baseline_sigma),
        (contact.visit_salience_slope, contact.share_visiting_in_research),
        (market.shortlist.salience_slope, market.shortlist.trust_slope, market.shortlist.share_without_social),
        (sales.salience_slope, sales.trust_slope, tuple(stage.pass_share for stage in sales.stages.values())),
        (stalls.salience_slope, stalls.trust_slope, stalls.lost_share, stalls.wakes),
        (rivals.share_of_accounts, math.log(rivals.switching_odds)),
        (customers.trust_slope, customers.renewal_share),
        (customers.expansion.trust_slope, customers.expansion.share_without_social),
    )


@lru_cache(maxsize=256)
def _solve(
    spread: tuple[float, float, float],
    visit: tuple[float, float],
    shortlist: tuple[float, float, float],
    sales: tuple[float, float, tuple[float, ...]],
    stalls: tuple[float, float, float, float],
    rivals: tuple[float, float],
    renewal: tuple[float, float],
    expansion: tuple[float, float],
) -> Intercepts:
    salience_sigma, baseline, baseline_sigma = spread
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    salience = np.repeat(salience_sigma * nodes, _NODES)
    logits = math.log(baseline / (1.0 - baseline)) + baseline_sigma * nodes
    trust = np.tile(1.0 / (1.0 + np.exp(-logits)), _NODES)
    accounts = np.repeat(weights, _NODES) * np.tile(weights, _NODES)

    effect = shortlist[0] * salience + shortlist[1] * trust
    first = _intercept(effect, accounts, shortlist[2])
    reaching = accounts * chances(first + effect)
    effect, waking = sales[0] * salience + sales[1] * trust, stalls[0] * salience + stalls[1] * trust
    stages, stood_still = [], []
    for number, share in enumerate(sales[2]):  # those who reach a later stage trust the brand more than those who do not
        stalled = stalls[2] * (1.0 - share) / (1.0 - stalls[3])
        wakes = _intercept(waking, reaching, stalls[3])
        woken = stalled * chances(wakes + waking)
        awake = 1.0 - stalled + woken
        # at the last stage it matters whether the account must leave a rival
        held = ((1.0, 0.0),) if number + 1 < len(sales[2]) else ((1.0 - rivals[0], 0.0), (rivals[0], rivals[1]))
        goes_on = _intercept(effect, reaching * awake, share * float(reaching.sum()) / float((reaching * awake).sum()), held)
        stages.append(StageOdds(stalled, wakes, goes_on))
        stood_still.append(woken / awake)
        reaching = reaching * awake * _chance(goes_on + effect, held)
    won = reaching / reaching.sum()
    renews = _intercept(renewal[0] * trust, accounts, renewal[1])
    renewing = accounts * chances(renews + renewal[0] * trust)
    return Intercepts(
        visit=_intercept(visit[0] * salience, accounts, visit[1]),
        shortlist=first,
        stages=tuple(stages),
        renewal=renews,
        expansion=_intercept(expansion[0] * trust, renewing, expansion[1]),
        stalls_of_a_won_deal=tuple(float((won * share).sum()) for share in stood_still),
    )


def chances(log_odds: Floats) -> Floats:
    """Return the probabilities for log odds, of the same shape."""
    with np.errstate(over="ignore"):  # beyond what numbers can hold the chance is zero, as it should be
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


_FREE = ((1.0, 0.0),)


def _chance(log_odds: Floats, held: tuple[tuple[float, float], ...]) -> Floats:
    """Return the mean chance over kinds of accounts, each a share of them and a shift of its log odds."""
    return np.asarray(sum(share * chances(log_odds + shift) for share, shift in held))


def _intercept(effect: Floats, weights: Floats, share: float, held: tuple[tuple[float, float], ...] = _FREE) -> float:
    total = float(weights.sum())
    low, high = -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if float((weights * _chance(middle + effect, held)).sum()) / total < share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
