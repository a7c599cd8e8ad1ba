"""The response to hours, and the two estimators of what they bring (model.md, 9 and 13)."""

from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from sim.measures import evaluate
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario.schema import Scenario
from tests.worlds import PLACEBO, changed, effects, scenario

ALPHA = 0.001
STRONG = pytest.mark.xdist_group("strong")  # one worker lives these worlds, for all tests


@lru_cache(maxsize=64)
def _twin(text: str, seed: int, replication: int):
    return simulate(Scenario.model_validate_json(text, strict=False), seed, replication)


def outcome(hours, seed, replication):
    """The row of outcomes of one replication against its twin."""
    return _outcome(hours.model_dump_json(), seed, replication)


@lru_cache(maxsize=512)
def _outcome(text: str, seed: int, replication: int):
    hours = Scenario.model_validate_json(text, strict=False)
    twin = _twin(twin_of(hours).model_dump_json(), seed, replication)
    tables = evaluate(hours, simulate(hours, seed, replication), twin)
    return {name: column[0] for name, column in tables["outcomes"].items()}


LEVELS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 30, 32, 36, 40)


def test_with_all_gains_zero_the_return_is_a_straight_line_of_slope_minus_cost():
    """Levels whose sessions are whole seconds; the slope is the cost of an hour in the weeks worked, to 1e-9."""
    base = scenario(time={"horizon_weeks": 60}, calendar={"holidays": []}, **PLACEBO)
    worked = 60 - 2  # week 33 is closed once, week 52 once in 60 weeks from January
    for level in LEVELS:
        row = outcome(changed(base, team={"hours_per_week": float(level)}), 1, 0)
        assert row["net_return_expected"] == row["net_return"] == -row["cost"]
        assert row["hours"] == pytest.approx(level * worked, rel=1e-9)
        assert row["net_return_expected"] == pytest.approx(-45.0 * worked * level, rel=1e-9)


def test_the_twin_is_one_for_all_hours_and_splits():
    base = scenario()
    twins = {
        twin_of(changed(base, team={"hours_per_week": level, "split": split})).content_hash()
        for level in (0.0, 5.0, 40.0)
        for split in ({}, {"listening": 0.0, "content": 0.45})
    }
    assert len(twins) == 1
    assert twin_of(changed(base, market={"accounts": 1999})).content_hash() not in twins
    assert twin_of(twin_of(base)).content_hash() in twins


def estimators(hours, replications, seed, what):
    """Realised less expected, of `what`, shape (replications,)."""
    return np.array([row[what] - row[f"{what}_expected"] for row in (outcome(hours, seed, n) for n in range(replications))])


def p_same_mean(differences):
    """Null: the mean of paired differences is zero; two-sided z-test."""
    error = np.std(differences, ddof=1) / np.sqrt(len(differences))
    return 2.0 * stats.norm.sf(abs(np.mean(differences)) / error)


def strong(hours=20.0):
    """A small market on which social media has a strong effect, so that a biased estimator would show."""
    return scenario(
        team={"hours_per_week": hours},
        time={"horizon_weeks": 78},
        market={
            "accounts": 400,
            "customers": 100,
            "segments": {"all": {"needs_per_year": 1.0}},
            "contact": {"social": 3.0},
        },
        channels={"network": {"users": 0.6, "reach": 0.3}},
        effects=effects(slow_reply_lost=1.0),
    )


@STRONG
@pytest.mark.slow
@pytest.mark.parametrize("what", ["net_deals", "twin_deals", "net_deals_by_horizon", "twin_deals_by_horizon"])
def test_expected_and_realised_deals_have_the_same_mean(what):
    """60 replications, seed 1. Null: same mean, alpha 0.001; an estimator 12 % too high is rejected."""
    differences = estimators(strong(), 60, 1, what)
    assert p_same_mean(differences) > ALPHA
    if what == "twin_deals":
        expected = np.array([outcome(strong(), 1, n)["twin_deals_expected"] for n in range(60)])
        assert p_same_mean(differences - 0.12 * expected) < ALPHA


@STRONG
@pytest.mark.slow
@pytest.mark.parametrize("what", ["net_renewals", "twin_renewals", "net_expansions", "net_renewal_margin", "net_value_ahead"])
def test_expected_and_realised_renewals_have_the_same_mean(what):
    """60 replications, seed 1. Null: same mean, alpha 0.001."""
    assert p_same_mean(estimators(strong(), 60, 1, what)) > ALPHA


@STRONG
@pytest.mark.slow
def test_expected_and_realised_margins_of_renewals_that_grow_have_the_same_mean():
    """A third of renewals grow by a half. 60 replications, seed 1. Null: same mean, alpha 0.001; 8 % more is rejected.

    So is the margin without growth, which is some 15 % less.
    """
    growing = changed(strong(), customers={"expansion": {"share_without_social": 0.3, "growth": 0.5}})
    for what in ("twin_expansions", "twin_renewal_margin", "net_renewal_margin", "twin_value_ahead", "net_value_ahead"):
        assert p_same_mean(estimators(growing, 60, 1, what)) > ALPHA, what
    expected = np.array([outcome(growing, 1, n)["twin_renewal_margin_expected"] for n in range(60)])
    plain = np.array([outcome(strong(), 1, n)["twin_renewal_margin_expected"] for n in range(60)])
    differences = estimators(growing, 60, 1, "twin_renewal_margin")
    assert p_same_mean(differences - 0.08 * expected) < ALPHA
    assert p_same_mean(differences + expected - plain) < ALPHA


@pytest.mark.slow
def test_expected_and_realised_renewals_agree_where_customers_are_neglected():
    """Many complaints that nobody answers. 40 replications, seed 9. Null: same mean, alpha 0.001."""
    neglect = scenario(
        team={"hours_per_week": 1.0},
        market={"accounts": 400, "customers": 300},
        effects=effects(complaint_lost=1.0),
        customers={"questions_per_year": 6.0, "share_on_social": 0.5, "share_complaints": 0.5},
    )
    assert p_same_mean(estimators(neglect, 40, 9, "renewals")) > ALPHA


@STRONG
@pytest.mark.slow
def test_expected_results_are_far_less_noisy_than_realised_ones():
    """A tenth, of 20 worlds; were it as noisy, a ratio under 0.3 would be found once in 160 times (F-test)."""
    pairs = [outcome(strong(), 1, n) for n in range(20)]
    realised, expected = (np.var([row[name] for row in pairs], ddof=1) for name in ("net_deals", "net_deals_expected"))
    assert expected < 0.3 * realised


def test_hours_bring_more_deals_and_deals_bring_the_margin():
    """Some 14 deals more, with a standard deviation of 1.2 over worlds; 0.034 more of the shortlists, of 0.002."""
    rows = [outcome(scenario(team={"hours_per_week": 20.0}), 1, n) for n in range(2)]
    for row in rows:
        assert row["net_margin_expected"] == pytest.approx(0.5 * row["net_revenue_expected"], rel=1e-12)
        assert row["net_return_expected"] == pytest.approx(
            row["net_margin_expected"] + row["net_renewal_margin_expected"] - row["cost"], rel=1e-9
        )
    assert np.mean([row["net_deals_expected"] for row in rows]) > 2.0
    assert np.mean([row["shortlist_share"] - row["twin_shortlist_share"] for row in rows]) > 0.005


@pytest.mark.slow
def test_expected_and_realised_agree_in_the_default_world():
    """80 replications of 20 h/week, seed 2. Null: same mean, alpha 0.001 each."""
    found = [outcome(scenario(team={"hours_per_week": 20.0}), 2, n) for n in range(80)]
    compared = (
        "net_deals", "twin_deals", "net_revenue", "net_renewals", "twin_renewals", "net_expansions", "net_renewal_margin",
        "twin_value_ahead", "net_value_ahead",
    )  # fmt: skip
    for what in compared:
        assert p_same_mean(np.array([row[what] - row[f"{what}_expected"] for row in found])) > ALPHA, what


@pytest.mark.slow
def test_the_response_is_flat_or_negative_at_first_then_steep_then_levels_off():
    """Nine levels of one knob, 4 replications, seed 1."""
    levels = np.array([1.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 35.0, 40.0])
    found = [[outcome(scenario(team={"hours_per_week": h}), 1, n) for n in range(4)] for h in levels]
    deals = np.array([np.mean([row["net_deals_expected"] for row in some]) for some in found])
    first = np.mean([row["net_return_deals_expected"] for row in found[0]])
    assert first < 0.0, "an hour a week costs more than it brings"
    assert (np.diff(deals) > 0.0).all(), "more hours, more deals"
    an_hour = np.diff(np.concatenate([[0.0], deals])) / np.diff(np.concatenate([[0.0], levels]))
    steepest = int(np.argmax(an_hour))
    assert 1 <= steepest <= 6, "steepest neither at first nor at last"
    assert an_hour[0] < 0.6 * an_hour[steepest]
    assert an_hour[-1] < 0.7 * an_hour[steepest]
    assert an_hour[-2:].mean() < 0.8 * an_hour[steepest]
