import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment.statistics import holm, mean, paired_p_value, ratio_of_sums, share


def test_the_interval_of_a_mean_is_that_of_student():
    sample = np.array([1.0, 4.0, 2.0, 8.0, 5.0])
    expected = stats.t.interval(0.9, 4, loc=sample.mean(), scale=stats.sem(sample))
    found = mean(sample)
    assert (found.value, found.low, found.high) == pytest.approx((4.0, *expected))


def test_intervals_cover_as_often_as_they_say():
    """Null: coverage is 90 %. 2,000 samples of 8, fixed seed; alpha = 0.001."""
    rng = np.random.default_rng(1)
    covered = sum(one.low <= 0.0 <= one.high for one in (mean(rng.normal(size=8)) for _ in range(2000)))
    assert stats.binomtest(covered, 2000, 0.9).pvalue > 0.001


def test_one_world_has_no_interval():
    assert mean(np.array([3.0])).value == 3.0
    assert math.isnan(mean(np.array([3.0])).low)
    assert mean(np.array([3.0])).says_nothing()


def test_a_ratio_is_undefined_when_its_denominator_may_be_zero():
    rng = np.random.default_rng(2)
    around_zero = rng.normal(size=30)
    assert math.isnan(ratio_of_sums(np.ones(30), around_zero).value)
    found = ratio_of_sums(np.full(30, 2.0), np.full(30, 4.0) + 0.1 * around_zero)
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(0.5, rel=0.02)


def test_shares_have_wilson_intervals():
    found = share(0, 30)
    assert found.value == 0.0
    assert 0.0 <= found.low < 1e-9
    assert 0.05 < found.high < 0.12
    assert math.isnan(share(0, 0).value)


def test_holm_multiplies_the_smallest_by_their_number():
    assert holm([0.01, 0.04, 0.5]) == pytest.approx([0.03, 0.08, 0.5])
    assert holm([]) == []


def test_paired_p_values():
    assert paired_p_value(np.zeros(5)) == 1.0
    assert paired_p_value(np.full(5, 2.0)) == 0.0
    assert math.isnan(paired_p_value(np.array([1.0])))
    sample = np.array([1.0, 2.0, -1.0, 3.0])
    assert paired_p_value(sample) == pytest.approx(stats.ttest_1samp(sample, 0).pvalue)
