"""Rules: pure functions of numbers for what an event changes."""

import math

LN2 = math.log(2.0)
FOLLOWERS_OF_REACH = 1000.0  # for whom a channel's `reach` is stated


def decay_rate(half_life: float) -> float:
    """Return the rate of exponential decay for a half-life, per the same unit of time."""
    return LN2 / half_life


def logit(p: float) -> float:
    """Return the log odds of a probability in (0, 1)."""
    return math.log(p / (1.0 - p))


def logistic(log_odds: float) -> float:
    """Return the probability for log odds; it never overflows."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


def p_goes_on(
    intercept: float, salience_slope: float, log_salience: float, trust_slope: float, trust: float, lost: float
) -> float:
    """Return the probability that a buyer decides for the brand: to shortlist it, or to move to the next stage.

    `lost` is what rivals or a slow reply take away, in log odds.
    """
    return logistic(intercept + salience_slope * log_salience + trust_slope * trust - lost)


def p_visits(intercept: float, salience_slope: float, log_salience: float) -> float:
    """Return the probability that a buyer looks at the web site while researching."""
    return logistic(intercept + salience_slope * log_salience)


def p_renews(intercept: float, trust_slope: float, trust: float, complaint_lost: float, unanswered: float) -> float:
    """Return the probability that a customer renews, with so many complaints of a year that nobody answered (log odds each)."""
    return logistic(intercept + trust_slope * trust - complaint_lost * unanswered)


def p_expands(intercept: float, trust_slope: float, trust: float) -> float:
    """Return the probability that a contract that is renewed grows."""
    return logistic(intercept + trust_slope * trust)


def grown(value: float, growth: float, p: float) -> float:
    """Return a contract's value after a renewal at which it grows with a probability; expected, or realised if p is 0 or 1."""
    return value * (1.0 + growth * p)


def renewals_ahead(renewal_share: float, discount_rate: float, years: int) -> float:
    """Return a contract's renewals to be expected in the years to come, each worth less the later it is: a geometric sum."""
    kept = renewal_share / (1.0 + discount_rate)
    return kept * (1.0 - kept**years) / (1.0 - kept)


def after_touch(trust: float, quality: float, gain: float) -> float:
    """Return trust after a touch: towards 1 for quality above one half, towards 0 below, by a share `gain` of the way.

    Poor content costs business too (evidence: edelman_tl_2020), so quality under one half lowers trust. No touch goes
    further than all of the way.
    """
    pull = 2.0 * quality - 1.0
    target = 1.0 if pull > 0.0 else 0.0
    return trust + min(1.0, gain) * abs(pull) * (target - trust)


def after_miss(trust: float, loss: float) -> float:
    """Return trust after a message left without reply: a share `loss` of it goes, at most all."""
    return trust - min(1.0, loss) * trust


def quality(ordinary: float, skill: float, topicality: float = 1.0) -> float:
    """Return the quality in (0, 1) of a draft or a reply; skill and topicality are normalised around 1."""
    return min(0.99, ordinary * skill * topicality)


def reach_at_frequency(posts_per_week: float, halving_posts_per_week: float, exponent: float = 1.0) -> float:
    """Return the share of its reach that a post keeps when so many are posted: 1 if rare, one half at the halving rate.

    With another `exponent` than 1, one half to that power at the halving rate; 0 means no effect, and below 0 reach rises.
    """
    kept = 1.0 / (1.0 + posts_per_week / halving_posts_per_week)
    return kept if exponent == 1.0 else float(kept**exponent)


def reach_at_size(followers: float, exponent: float) -> float:
    """Return the factor on the share of followers that a post reaches, 1 at 1,000 of them.

    Views of a post grow with followers ^ exponent: 1 leaves the share alone. An audience below one person counts as one.
    """
    return 1.0 if exponent == 1.0 else float((max(1.0, followers) / FOLLOWERS_OF_REACH) ** (exponent - 1.0))


def post_reach(reach: float, frequency_factor: float, quality: float, boost: float) -> float:
    """Return the share of followers that a post reaches: exposures per follower over its life, at most one each.

    `reach` is that of the channel, `boost` all else that multiplies it: format, luck, liveliness.
    """
    return min(1.0, reach * frequency_factor * quality * boost)


def engagement_weight(rate: float, trust: float, trust_effect: float, in_market: float, customer: float) -> float:
    """Return engagements per exposure of a contact; `in_market` and `customer` are the factors that hold now (or 1)."""
    return max(0.0, rate * in_market * customer * (1.0 + trust_effect * (trust - 0.5)))


def logit_of_share(share: float) -> float:
    """Return the log odds of a share in [0, 1]: of nobody and of everybody, infinite."""
    return math.copysign(math.inf, share - 0.5) if share in (0.0, 1.0) else logit(share)


def p_accepts(log_odds: float, trust_slope: float, trust: float, salience_slope: float, log_salience: float) -> float:
    """Return the probability that someone invited follows; `log_odds` holds at a trust of one half and median salience."""
    return logistic(log_odds + trust_slope * (trust - 0.5) + salience_slope * log_salience)


def leaving_rate(rate: float, posts_per_week: float, posts_that_hold: float, liveliness: float, per_post: float = 0.0) -> float:
    """Return the rate at which a follower leaves.

    Out of neglect: the full `rate` without posts and liveliness, less with either. And `per_post` for each post per week.
    """
    return rate * (1.0 - liveliness) * math.exp(-posts_per_week / posts_that_hold) + per_post * posts_per_week


def slowness(open_work: float, capacity: float, exponent: float) -> float:
    """Return the factor on the duration of stages when sales has more open deals than it can work on at full speed."""
    if capacity <= 0.0 or open_work <= capacity:
        return 1.0
    return float((open_work / capacity) ** exponent)


def filled(stock: float, gain: float, hours: float) -> float:
    """Return a saturating stock in [0, 1] after `hours` that each fill a share `gain` of what is missing."""
    return 1.0 - (1.0 - stock) * math.exp(-gain * hours)


def learned(start: float, hours: float, half_life_hours: float) -> float:
    """Return the speed or quality of a newcomer after some hours on the job, from `start` towards 1 (exponential learning).

    Heathcote, Brown and Mewhort (2000) find practice of individuals exponential rather than a power of its length.
    """
    if half_life_hours <= 0.0:
        return 1.0
    return 1.0 - (1.0 - start) * math.exp(-LN2 * hours / half_life_hours)


def ramped(from_hours: float, to_hours: float, climbed: float) -> float:
    """Return hours per week after a share of the way up a straight ramp; all of them from its end on."""
    return from_hours + (to_hours - from_hours) * min(1.0, climbed)


def stepped(hours: float, excess: float, step: float, least: float, most: float) -> float:
    """Return hours per week after a review: a step up if the return was above the threshold, else down; within bounds."""
    return min(max(hours + math.copysign(step, excess), least), most)
