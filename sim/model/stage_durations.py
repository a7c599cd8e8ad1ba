"""The course of a sale: how long its stages and its standing still last, so that won deals take as long as the company knows.

The time from lead to won deal is size x (stages, parts of them repeated, and times of standing still), every factor drawn on
its own. Its mean and its variance are those of `sales.cycle_weeks`; stages share one coefficient of variation (Fenton 1960: a
sum of lognormals by its first two moments). Where size and standing still alone vary more than that, stages do not vary.
"""

import math
from dataclasses import dataclass

from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.intercepts import intercepts
from sim.scenario.schema import LogNormal, Scenario


@dataclass(frozen=True)
class Course:
    """Hours of a deal of mean size at full speed: median of each stage, their log spread, and those of standing still."""

    stage_medians: tuple[float, ...]
    stage_sigma: float
    stall: LogNormal
    ordinary_value: float
    elasticity: float

    def size(self, value: float) -> float:
        """Return the factor on all times of a deal of some value; its mean over deals is 1."""
        return float((value / self.ordinary_value) ** self.elasticity)

    @property
    def stage_means(self) -> tuple[float, ...]:
        """Mean hours of each stage, without repetitions."""
        return tuple(median * math.exp(0.5 * self.stage_sigma**2) for median in self.stage_medians)


def course_of(scenario: Scenario) -> Course:
    """Return the course that gives won deals the mean and variance of the scenario's sales cycle, without social media."""
    sales = scenario.sales
    cycle, back = sales.cycle_weeks, sales.steps_back
    mean = cycle.mean * HOURS_PER_WEEK
    shares = [stage.share_of_cycle for stage in sales.stages.values()]
    repeats = [1.0] * (len(shares) - 1) + [0.0]  # all but the last stage may be repeated in part
    value, size_variation = _ordinary_value(scenario)

    stalls, stall = intercepts(scenario).stalls_of_a_won_deal, sales.stalls.length
    stall_mean, stall_square = stall.mean, stall.mean**2 * math.exp(stall.sigma**2)
    standing = math.fsum(stalls) * stall_mean
    standing_variance = math.fsum(n * stall_square - (n * stall_mean) ** 2 for n in stalls)

    longer = [1.0 + may * back.share * back.repeated for may in repeats]
    longer_square = [1.0 + may * back.share * back.repeated * (2.0 + back.repeated) for may in repeats]
    working = (1.0 - standing) / math.fsum(share * factor for share, factor in zip(shares, longer, strict=True))
    means = [share * working for share in shares]  # of the mean cycle

    wanted = math.exp(cycle.sigma**2) / (1.0 + size_variation) - 1.0  # variance of all but size, in squares of the mean cycle
    by_route = math.fsum(m**2 * (square - factor**2) for m, factor, square in zip(means, longer, longer_square, strict=True))
    left = wanted - standing_variance - by_route
    variation = max(0.0, left / math.fsum(m**2 * square for m, square in zip(means, longer_square, strict=True)))
    sigma = math.sqrt(math.log1p(variation))
    return Course(
        stage_medians=tuple(m * mean * math.exp(-0.5 * sigma**2) for m in means),
        stage_sigma=sigma,
        stall=LogNormal(median=stall.median * mean, sigma=stall.sigma),
        ordinary_value=value,
        elasticity=sales.cycle_elasticity,
    )


def expected_open_deals(scenario: Scenario) -> float:
    """Return deals at work without social media in the steady state: leads per hour x hours of work on each (Little 1961)."""
    market, back = scenario.market, scenario.sales.steps_back
    needs = math.fsum(segment.share * segment.needs_per_year for segment in market.segments.values()) * market.accounts
    reaching, hours_open, before = market.shortlist.share_without_social, 0.0, 0.0
    for stage, hours in zip(scenario.sales.stages.values(), course_of(scenario).stage_means, strict=True):
        hours_open += reaching * (hours + back.share * back.repeated * before)
        reaching, before = reaching * stage.pass_share, hours
    return needs / HOURS_PER_YEAR * hours_open


def _ordinary_value(scenario: Scenario) -> tuple[float, float]:
    """Return the value at which the size factor is 1, and the squared coefficient of variation of that factor."""
    power = scenario.sales.cycle_elasticity
    segments = scenario.market.segments.values()
    needs = math.fsum(one.share * one.needs_per_year for one in segments)
    if power == 0.0 or needs == 0.0:
        return 1.0, 0.0
    first = second = 0.0
    for one in segments:
        weight, scale = one.share * one.needs_per_year / needs, power * one.deal_value.sigma
        first += weight * one.deal_value.median**power * math.exp(0.5 * scale**2)
        second += weight * one.deal_value.median ** (2.0 * power) * math.exp(2.0 * scale**2)
    return first ** (1.0 / power), second / first**2 - 1.0
