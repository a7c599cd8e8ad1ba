"""Intercepts: without social media, the shares that the company knows come out."""

import warnings

import numpy as np
import pytest
from scipy import integrate, stats

from sim.model.intercepts import chances, intercepts
from sim.model.rules import logistic, logit
from sim.model.twin import twin_of
from tests.worlds import changed, scenario

STAGES = {"marketing_qualified": 0.60, "sales_qualified": 0.65, "opportunity": 0.70, "proposal": 0.73}


def test_the_share_that_grows_is_one_of_those_renewed_exactly():
    """By fine integration: those who renew trust more than all, so that the share of growth is taken among them."""
    hours = scenario(customers={"expansion": {"trust_slope": 6.0}})
    found = intercepts(hours)

    def mean(of):
        value, _ = integrate.quad(lambda z: stats.norm.pdf(z) * of(logistic(0.5 * z)), -8, 8, epsabs=1e-10)
        return value

    assert hours.market.trust.baseline == 0.5
    assert hours.market.trust.baseline_sigma == 0.5
    renews = mean(lambda trust: logistic(found.renewal + 2.0 * trust))
    both = mean(lambda trust: logistic(found.renewal + 2.0 * trust) * logistic(found.expansion + 6.0 * trust))
    assert renews == pytest.approx(0.85, abs=1e-5)
    assert both / renews == pytest.approx(0.10, abs=1e-5)
    assert mean(lambda trust: logistic(found.expansion + 6.0 * trust)) != pytest.approx(0.10, abs=1e-3)


def test_the_shortlist_intercept_is_that_of_fine_integration():
    """Quadrature over salience and trust against scipy, for spreads at the edge of their ranges."""
    for sigma, trust_sigma in ((0.7, 0.5), (1.2, 1.0), (0.3, 0.2)):
        hours = scenario(market={"salience": {"base_sigma": sigma}, "trust": {"baseline_sigma": trust_sigma}})
        intercept = intercepts(hours).shortlist
        found, _ = integrate.dblquad(
            lambda z, y, s=sigma, t=trust_sigma, i=intercept: (
                stats.norm.pdf(z) * stats.norm.pdf(y) * logistic(i + s * z + 3.0 * logistic(logit(0.5) + t * y))
            ),
            -7, 7, -7, 7, epsabs=1e-7,
        )  # fmt: skip
        assert found == pytest.approx(0.24, abs=2e-5)


def test_without_spread_intercepts_are_plain_logits():
    hours = scenario(
        market={"salience": {"base_sigma": 0.0}, "trust": {"baseline_sigma": 0.0}, "rivals": {"share_of_accounts": 0.0}}
    )
    found = intercepts(hours)
    assert found.shortlist == pytest.approx(logit(0.24) - 1.5, abs=1e-9)
    assert found.visit == pytest.approx(0.0, abs=1e-9)
    for odds, p in zip(found.stages, STAGES.values(), strict=True):
        lost_asleep = 0.5 * (1.0 - p)
        assert odds.stalled == pytest.approx(lost_asleep / 0.5, abs=1e-12)
        assert odds.wakes == pytest.approx(-0.5, abs=1e-9)
        assert odds.goes_on == pytest.approx(logit(p / (1.0 - lost_asleep)) - 0.5, abs=1e-9)
    assert found.renewal == pytest.approx(logit(0.85) - 1.0, abs=1e-9)
    p = np.array(list(STAGES.values()))
    assert found.stalls_of_a_won_deal == pytest.approx(tuple(0.5 * (1 - p) / (1 - 0.5 * (1 - p))), abs=1e-9)
    assert found.expansion == pytest.approx(logit(0.10) - 0.5, abs=1e-9)


def test_intercepts_do_not_know_the_hours():
    base = scenario()
    assert intercepts(changed(base, team={"hours_per_week": 40.0})) == intercepts(twin_of(base))


def test_chances_beyond_what_numbers_can_hold_are_none_and_all_without_a_warning():
    """Slopes at their hard limits lead there; a line of numpy's own stood on the screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert chances(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
