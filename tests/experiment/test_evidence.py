import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment import detection
from sim.experiment.detection import ALPHA, PEERS, against_peers, before_and_after, foretells, hold_out


def array(*values):
    return np.array(values, dtype=float)


def test_before_and_after_is_the_beta_binomial_of_the_sum():
    """By hand: of a sum of 2, both parameters 2 (a mean of 1 over 1/2): P(X = 2) is 2 x 3 / (4 x 5)."""
    assert before_and_after(array(0), array(2))[0] == pytest.approx(0.3)
    assert before_and_after(array(0, 5), array(0, 0)).tolist() == [1.0, 1.0]
    assert hold_out(array(8), array(2)) == before_and_after(array(2), array(8))


def test_counts_that_vary_no_more_than_poisson_ones_are_tested_as_such(monkeypatch):
    """By hand: 8 of 10 after: P(X >= 8) of Bin(10, 1/2) is 56 / 1024."""
    monkeypatch.setattr(detection, "DISPERSION", 1.0 + 1e-6)
    assert before_and_after(array(2), array(8))[0] == pytest.approx((45 + 10 + 1) / 1024, rel=1e-3)


def law(counts, mean, dispersion):
    if dispersion == 1.0:
        return stats.poisson.pmf(counts, mean)
    return stats.nbinom.pmf(counts, mean / (dispersion - 1.0), 1.0 / dispersion)


def size(mean, dispersion, test=before_and_after):
    """The chance that two counts of one law are called different, exactly."""
    counts = np.arange(int(mean + 8.0 * math.sqrt(dispersion * mean) + 12.0))
    p = law(counts, mean, dispersion)
    before, after = (one.ravel().astype(float) for one in np.meshgrid(counts, counts, indexing="ij"))
    return (np.outer(p, p).ravel() * (test(before, after) <= ALPHA)).sum()


def for_poisson(before, after):
    """The exact test of two Poisson rates, which takes its counts at their word."""
    return stats.binom.sf(after - 1.0, before + after, 0.5)


@pytest.mark.parametrize("dispersion", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("mean", [1.0, 4.0, 12.0, 30.0, 80.0])
def test_counts_that_do_not_change_are_called_so_as_often_as_they_should(mean, dispersion):
    """Exact, by the laws of the counts: the size is at most alpha, and most of it is used where counts are large and vary."""
    found = size(mean, dispersion)
    assert found <= ALPHA + 0.003, "the mean is estimated"
    assert found > (0.03 if mean > 10.0 and dispersion == 1.5 else 0.01 if mean > 10.0 else 0.0)


def test_a_test_for_poisson_counts_finds_what_is_not_there():
    """Where real counts vary by a half more than Poisson ones: in eight of a hundred cases instead of five."""
    assert size(80.0, 1.0, for_poisson) <= ALPHA
    assert size(80.0, 1.5, for_poisson) == pytest.approx(0.08, abs=0.01)


def test_the_highest_of_twenty_is_one_in_twenty():
    peers = np.arange(PEERS, dtype=float)
    assert against_peers(PEERS - 0.5, peers) == pytest.approx(ALPHA)
    assert against_peers(PEERS - 1.0, peers) == pytest.approx(2 * ALPHA), "a tie is no win"
    assert against_peers(-1.0, peers) == 1.0


def test_rank_correlations_have_intervals_that_cover():
    """Null: of 400 samples of 60 from a normal law of correlation 0.5, the 90 % interval holds its Spearman 88 to 95 times."""
    rng = np.random.default_rng(1)
    known = 6.0 / math.pi * math.asin(0.5 / 2.0)
    held = 0
    for _ in range(400):
        x = rng.standard_normal(60)
        _, low, high = foretells(x, 0.5 * x + math.sqrt(0.75) * rng.standard_normal(60))
        held += low <= known <= high
    assert 0.86 <= held / 400 <= 0.95


def test_nothing_is_foretold_by_what_never_varies():
    assert all(math.isnan(value) for value in foretells(np.ones(10), np.arange(10.0)))
    assert foretells(np.arange(10.0), np.arange(10.0) ** 3)[0] == pytest.approx(1.0)
