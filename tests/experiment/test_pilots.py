"""What a pilot shows by each test, and what that is worth, against laws that are known."""

import math

import numpy as np
import pytest

from sim.experiment import pilots
from sim.experiment.designs import HOURS
from sim.experiment.detection import DISPERSION, PEERS
from sim.experiment.early_signs import DISCOUNTED, OF_SETS, of_sets
from sim.experiment.information import worth_of_signs
from sim.experiment.pilots import (
    AFTER,
    ARM,
    ATTRIBUTION,
    BEFORE_AND_AFTER,
    CREDITED,
    HOLD_OUT,
    LEADS,
    LISTED,
    PEER_GROUP,
    SPENT,
    SURVEY,
    TWIN,
    TWIN_ARM,
    TWIN_LISTED,
    USUAL,
    name_of,
    seen,
)
from sim.experiment.precision import RETURN
from sim.experiment.runner import replicate
from sim.measures.quarters import NET, discounted
from sim.scenario import apply
from tests.experiment.test_ignorance import SEEDS, SETS, _holds, resamples, worth_of_choice
from tests.small import small

LEADS_A_QUARTER, LISTED_SHARE, BUYERS = 2_000.0, 0.3, 200
TWO_QUARTERS = 1  # the place of that time in AFTER
ERRORS = {  # of the leads that hours bring a quarter, as each test tells them after two; its variance, by hand
    BEFORE_AND_AFTER: 2.0 * DISPERSION * LEADS_A_QUARTER / 2.0,
    PEER_GROUP: (1.0 + 1.0 / PEERS) * DISPERSION * LEADS_A_QUARTER / 2.0,
    HOLD_OUT: 4.0 * DISPERSION * LEADS_A_QUARTER / 2.0,  # of half the leads, with half the effect
    SURVEY: 2.0 * LISTED_SHARE * (1.0 - LISTED_SHARE) / BUYERS / 0.001**2,
    ATTRIBUTION: 0.0,
}


def kept_of(brought):
    """Sets alike but for the leads that hours bring a quarter; these credit margin, and bring the brand to mind."""
    each = np.repeat(brought[:, None], 4, axis=1)
    usual = np.full_like(each, LEADS_A_QUARTER)
    return {
        USUAL: usual, TWIN: usual, LEADS: usual + each, TWIN_ARM: usual / 2.0, ARM: (usual + each) / 2.0,
        CREDITED: 10_000.0 + 10.0 * each, SPENT: np.full_like(each, 5_000.0),
        TWIN_LISTED: np.full_like(each, LISTED_SHARE), LISTED: LISTED_SHARE + 0.001 * each,
    }  # fmt: skip


@pytest.mark.slow
def test_each_test_is_worth_what_conjugate_laws_say():
    """Known answer: a normal effect of which each test tells with the error of its counts; 18 of 20 seeds, 3 s.e."""
    mean, spread = 20.0, 60.0
    inside = dict.fromkeys(ERRORS, 0)
    for seed in range(SEEDS):
        brought = np.random.default_rng(seed).normal(mean, spread, SETS)
        shown = seen(kept_of(brought), range(SETS), seed, BUYERS)
        values = np.stack([np.zeros(SETS), brought], axis=1)
        signs = {test: of_test[:, TWO_QUARTERS] for test, of_test in shown.items()}
        found, by_chance = worth_of_signs(signs, np.full(SETS, 1.0 / SETS), values, resamples(SETS))
        assert found[ATTRIBUTION].value > by_chance
        for test, variance in ERRORS.items():
            inside[test] += _holds(found[test], worth_of_choice(mean, spread**2 / math.sqrt(spread**2 + variance)))
    assert all(count >= 18 for count in inside.values()), inside


def test_the_luck_of_each_test_has_the_variance_that_is_said():
    """Known answer: of 4,000 sets alike, differences on their scales; the variance of roots is a quarter of the dispersion."""
    sets = 4_000
    shown = seen(kept_of(np.zeros(sets)), range(sets), 3, BUYERS)
    known = {
        BEFORE_AND_AFTER: DISPERSION / 2.0, PEER_GROUP: DISPERSION / 4.0 * (1.0 + 1.0 / PEERS), HOLD_OUT: DISPERSION / 2.0,
        SURVEY: 1.0 / (2.0 * BUYERS),
    }  # fmt: skip
    for test, variance in known.items():
        for place in range(len(AFTER)):
            found = shown[test][:, place, 0]
            assert found.mean() == pytest.approx(0.0, abs=4.0 * math.sqrt(variance / sets)), test
            assert found.var() == pytest.approx(variance, rel=5.0 * math.sqrt(2.0 / sets)), test


def test_each_test_shows_what_hours_bring_on_the_scale_of_its_counts():
    """Known answer: 400 leads more per quarter beside 2,000; of the hold-out's half of the accounts, half of both."""
    sets, brought = 4_000, 400.0
    shown = seen(kept_of(np.full(sets, brought)), range(sets), 3, BUYERS)
    told = math.sqrt(LEADS_A_QUARTER + brought) - math.sqrt(LEADS_A_QUARTER)
    known = {BEFORE_AND_AFTER: told, PEER_GROUP: told, HOLD_OUT: told / math.sqrt(2.0)}
    for test, difference in known.items():
        for place, quarters in enumerate(AFTER):
            found = shown[test][:, place, 0].mean()
            assert found == pytest.approx(difference * math.sqrt(quarters), abs=4.0 * math.sqrt(DISPERSION / sets)), test


def test_tests_share_the_luck_of_the_company_and_every_set_keeps_its_own():
    sets = 2_000
    shown = seen(kept_of(np.zeros(sets)), range(sets), 3, BUYERS)
    both = np.corrcoef(shown[BEFORE_AND_AFTER][:, 0, 0], shown[PEER_GROUP][:, 0, 0])[0, 1]
    assert both == pytest.approx(1.0 / math.sqrt(2.0 * (1.0 + 1.0 / PEERS)), abs=0.06), "the own count is one and the same"
    fewer = seen(kept_of(np.zeros(2)), [5, 1], 3, BUYERS)
    for test in ERRORS:
        np.testing.assert_array_equal(fewer[test], shown[test][[5, 1]])


def test_what_is_kept_of_a_world_is_what_its_quarters_hold():
    scenarios = (small(), apply(small(), {HOURS: 0.0}))
    found, tables = of_sets(scenarios, 1, 0), replicate(scenarios, 1, 0)
    quarters = {name: np.array(column, dtype=float) for name, column in tables["quarters"].items()}
    for point in range(2):
        mine = {name: column[quarters["point"] == point] for name, column in quarters.items()}
        for quarter in range(3):
            assert found[name_of(LEADS, quarter)][point] == mine["leads_all"][quarter]
            assert found[name_of(SPENT, quarter)][point] == mine["spent"][quarter]
            assert found[name_of(USUAL, quarter)][point] == mine["twin_leads_all"][quarter], "the horizon has no second year"
            assert found[name_of(CREDITED, quarter)][point] == small().sales.margin * mine["revenue_last_touch"][quarter]
        assert math.isnan(found[name_of(LEADS, 3)][point]), "the horizon ends before"
    assert found[name_of(LEADS, 1)][1] == found[name_of(TWIN, 1)][1], "at zero hours nothing is brought"
    assert set(found) == set(OF_SETS.names)


def test_a_return_is_discounted_by_the_rate_of_the_scenario():
    """Known answer: at a rate of 0 it is the net return; of flows by hand, each counts 1.1 to the power of its years less."""
    rates = (0.0, 0.1)
    scenarios = tuple(apply(small(), {"customers.discount_rate": rate}) for rate in rates)
    found = of_sets(scenarios, 1, 0)
    assert found[DISCOUNTED][0] == pytest.approx(found[RETURN][0])
    assert found[DISCOUNTED][1] < found[RETURN][1], "hours are paid before deals close"
    columns = {name: np.zeros(2) for name in NET}
    columns |= {"revenue_expected": np.array([0.0, 200.0]), "twin_selling_cost_expected": np.array([3.0, 0.0])}
    columns |= {"spent": np.array([10.0, 0.0]), "renewal_margin_expected": np.array([0.0, 7.0])}
    assert discounted(columns, 0.5, 0.1) == pytest.approx((3.0 - 10.0) / 1.1**0.125 + (100.0 + 7.0) / 1.1**0.375)


def test_the_usual_leads_are_those_of_the_same_months_of_all_years():
    scenario = apply(small(), {"time.horizon_weeks": 117})  # nine quarters
    numbers = np.arange(12.0)
    columns = dict.fromkeys(pilots.READ, numbers)
    found = pilots.of_quarters(columns, scenario)
    assert [found[name_of(USUAL, quarter)] for quarter in range(4)] == [(0 + 4 + 8) / 3, (1 + 5) / 2, (2 + 6) / 2, (3 + 7) / 2]
    late = apply(scenario, {"hours_policy.starts_week": 13})
    assert pilots.of_quarters(columns, late)[name_of(LEADS, 0)] == 1.0


def test_a_quarter_without_shortlists_is_asked_about_as_the_one_before():
    kept = kept_of(np.zeros(3))
    kept[LISTED] = np.array([[0.2, math.nan, 0.4, math.nan], [math.nan, 0.6, 0.6, math.nan], [0.4, 0.4, 0.4, math.nan]])
    shown = seen(kept, range(3), 1, 1_000_000)
    share = np.sin(shown[SURVEY].sum(axis=2)) ** 2  # difference and level are the arcsine of the arm with hours
    np.testing.assert_allclose(share[:, :2], [[0.2, 0.2], [0.3, 0.6], [0.4, 0.4]], atol=0.003)
    assert np.isnan(share[:, 2]).all(), "the horizon ends before"
