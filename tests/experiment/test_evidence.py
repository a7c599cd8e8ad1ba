import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment.detection import ALPHA, PEERS, against_peers, before_and_after, foretells, hold_out


def array(*values):
    return np.array(values, dtype=float)


def test_before_and_after_is_the_binomial_of_the_sum():
    """By hand: 8 of 10 after: P(X >= 8) of Bin(10, 1/2) is 56 / 1024."""
    assert before_and_after(array(2), array(8))[0] == pytest.approx((45 + 10 + 1) / 1024)
    assert before_and_after(array(0, 5), array(0, 0)).tolist() == [1.0, 1.0]
    assert hold_out(array(8), array(2)) == before_and_after(array(2), array(8))


@pytest.mark.parametrize("rate", [1.0, 4.0, 30.0])
def test_poisson_counts_that_do_not_change_are_called_so_as_often_as_they_should(rate):
    """Exact, by the law of the counts: the size is at most alpha, and most of it is used where counts are large."""
    counts = np.arange(0, 200)
    p = stats.poisson.pmf(counts, rate)
    size = sum(
        p[before] * p[before_and_after(np.full(200, float(before)), counts.astype(float)) <= ALPHA].sum() for before in counts
    )
    assert size <= ALPHA
    assert size > (0.02 if rate > 10 else 0.001)


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
