"""Intercepts: without social media, the shares that the company knows come out."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.model import simulate
from sim.model.intercepts import intercepts
from sim.model.rules import logistic, logit
from sim.model.sales import expected_open_deals, stage_medians
from sim.model.twin import twin_of
from tests.worlds import changed, rows, scenario

ALPHA = 0.001


@pytest.fixture(scope="module")
def large():
    """A large market without social media: about 36,000 needs, each followed to its end."""
    base = scenario(
        market={"accounts": 20_000, "customers": 8_000, "segments": {"all": {"needs_per_year": 0.6}}},
        customers={"unanswered_penalty": 0.0},
    )
    return simulate(twin_of(base), 3, 0)


def decided(record, stage):
    """How many needs reached a decision alive, and how many passed it."""
    reached = passed = 0
    for row in rows(record.needs):
        before = all(u < p for u, p in zip(row["u"][:stage], row["p"][:stage], strict=True))
        reached += before
        passed += before and row["u"][stage] < row["p"][stage]
    return passed, reached


@pytest.mark.parametrize(("stage", "share"), [(0, 0.24), (1, 0.60), (2, 0.65), (3, 0.70), (4, 0.73)])
def test_each_decision_is_passed_by_the_share_the_company_knows(large, stage, share):
    """Null: binomial with that share (accounts' own chances average to it). alpha 0.001; a share 7 % higher is rejected."""
    passed, reached = decided(large, stage)
    assert stats.binomtest(passed, reached, share).pvalue > ALPHA
    assert stats.binomtest(passed, reached, 1.07 * share).pvalue < ALPHA


def test_one_shortlisted_need_in_five_is_won(large):
    """Null: binomial with the product of the stages. alpha 0.001."""
    _, leads = decided(large, 1)
    won, _ = decided(large, 4)
    assert stats.binomtest(won, leads, 0.60 * 0.65 * 0.70 * 0.73).pvalue > ALPHA
    weights = sum(row["weight"] for row in rows(large.needs))
    assert weights == pytest.approx(won, rel=4.0 / np.sqrt(won))


def test_contracts_of_the_first_day_are_renewed_by_the_share_the_company_knows(large):
    """Null: binomial, at the first anniversary (later, the trusting remain). alpha 0.001; a share 4 % off is rejected."""
    first = [row for row in rows(large.renewals) if row["need"] == -1 and row["anniversary"] == 0]
    renewed = sum(row["renewed"] for row in first)
    assert len(first) == 8000
    assert stats.binomtest(renewed, len(first), 0.85).pvalue > ALPHA
    assert stats.binomtest(renewed, len(first), 0.82).pvalue < ALPHA


def test_renewals_grow_by_the_share_the_company_knows(large):
    """Null: binomial, of those renewed at the first anniversary. alpha 0.001; a share of 7.5 % in place of 10 % is rejected."""
    first = [row for row in rows(large.renewals) if row["need"] == -1 and row["anniversary"] == 0]
    renewed, expanded = sum(row["renewed"] for row in first), sum(row["expanded"] for row in first)
    assert stats.binomtest(expanded, renewed, 0.10).pvalue > ALPHA
    assert stats.binomtest(expanded, renewed, 0.075).pvalue < ALPHA
    assert all(row["renewed"] for row in first if row["expanded"])


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
    hours = scenario(market={"salience": {"base_sigma": 0.0}, "trust": {"baseline_sigma": 0.0}})
    found = intercepts(hours)
    assert found.shortlist == pytest.approx(logit(0.24) - 1.5, abs=1e-9)
    assert found.stages == pytest.approx([logit(p) - 0.5 for p in (0.60, 0.65, 0.70, 0.73)], abs=1e-9)
    assert found.renewal == pytest.approx(logit(0.85) - 1.0, abs=1e-9)
    assert found.expansion == pytest.approx(logit(0.10) - 0.5, abs=1e-9)


def test_intercepts_do_not_know_the_hours():
    base = scenario()
    assert intercepts(changed(base, team={"hours_per_week": 40.0})) == intercepts(twin_of(base))


def test_stages_add_up_to_the_cycle():
    """The sum of the stages has the mean and the variance of the sales cycle."""
    hours = scenario()
    medians, sigma = stage_medians(hours)
    mean = sum(medians) * np.exp(0.5 * sigma**2)
    variance = sum(m**2 for m in medians) * np.exp(sigma**2) * np.expm1(sigma**2)
    cycle = hours.sales.cycle_weeks
    assert mean == pytest.approx(cycle.mean * 168, rel=1e-12)
    assert variance == pytest.approx((cycle.mean * 168) ** 2 * np.expm1(cycle.sigma**2), rel=1e-12)


def test_durations_of_won_deals_are_those_of_the_cycle(large):
    """Null: mean time from lead to deal is the cycle's mean (whatever comes of it). z-test, alpha 0.001."""
    hours = scenario()
    weeks = np.array([(row["ended_at"] - row["lead_at"]) / 168 for row in rows(large.needs)])
    cycle = hours.sales.cycle_weeks
    error = weeks.std(ddof=1) / np.sqrt(len(weeks))
    slowed = max(large.weeks.as_columns()["slowness"])
    assert slowed == 1.0
    assert abs(weeks.mean() - cycle.mean) < 3.29 * error
    assert abs(weeks.mean() - 1.05 * cycle.mean) > 3.29 * error


def test_expected_open_deals_by_hand():
    hours = scenario(sales={"cycle_weeks": {"median": 20.0, "sigma": 0.0}})
    reaching = 1 + 0.6 + 0.6 * 0.65 + 0.6 * 0.65 * 0.7
    assert expected_open_deals(hours) == pytest.approx(2000 * 0.2 / 52 * 0.24 * 5 * reaching, rel=1e-12)
