"""Effects of a touch, derived from odds ratios that a person can judge. See docs/effects.md.

An account of median salience (1) and a trust of one half; a member with an equal say, of weight 1 / seats. A touch that adds
g to that member's salience multiplies the odds of being shortlisted by (1 + g / seats) ^ slope; one that moves trust by d, by
exp(slope x d). Solved for the touch.
"""

import math
from dataclasses import dataclass

from sim.model import rules
from sim.model.calendar import WEEKS_PER_YEAR
from sim.scenario.schema import Scenario

POSTS_OF_A_YEAR = 20.0
HALF = 0.5  # the trust at which effects are stated


@dataclass(frozen=True)
class Gains:
    """Changes by touches: salience of a contact (units of the median base), share of the way trust moves, log odds lost.

    `recommended` adds to the salience of the whole committee.
    """

    exposed: float
    engaged: float
    answered_peer: float
    recommended: float
    touched: float
    declined: float
    replied: float
    praised: float
    missed: float
    complaint_lost: float
    slow_reply_lost: float


def gains_of(scenario: Scenario) -> Gains:
    """Return the gains that give the odds ratios of `scenario.effects`."""
    effects, market = scenario.effects, scenario.market
    seats = float(len(market.roles))
    shortlist, renewal = market.shortlist, scenario.customers
    fading = rules.decay_rate(market.salience.half_life_weeks)
    left_of_a_year = -math.expm1(-fading * WEEKS_PER_YEAR) / (fading * WEEKS_PER_YEAR)
    return Gains(
        exposed=salience_for(effects.year_of_posts, shortlist.salience_slope) * seats / (POSTS_OF_A_YEAR * left_of_a_year),
        engaged=salience_for(effects.engagement, shortlist.salience_slope) * seats,
        answered_peer=salience_for(effects.peer_answer, shortlist.salience_slope) * seats,
        recommended=salience_for(effects.recommendation, shortlist.salience_slope),
        touched=trust_for(effects.good_post, shortlist.trust_slope),
        declined=trust_for(effects.declined_request, shortlist.trust_slope),
        replied=trust_for(effects.good_reply, renewal.trust_slope),
        praised=trust_for(effects.praise, shortlist.trust_slope),
        missed=trust_for(effects.no_reply, renewal.trust_slope),
        complaint_lost=-math.log(effects.unanswered_complaint),
        slow_reply_lost=-math.log(effects.slow_reply),
    )


def salience_for(odds_ratio: float, slope: float) -> float:
    """Return the salience that a committee of median base must gain for its odds to be multiplied so."""
    return math.expm1(math.log(odds_ratio) / slope) if odds_ratio != 1.0 else 0.0


def trust_for(odds_ratio: float, slope: float) -> float:
    """Return how far trust must go from one half to 1, to 0 for a ratio below 1, for odds to be multiplied so: a share."""
    return abs(math.log(odds_ratio)) / (slope * HALF) if odds_ratio != 1.0 else 0.0
