"""Common random numbers: uniform, independent of the order asked, and turned into other distributions rightly."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.model.streams import (
    BLOCK,
    POISSON_AS_NORMAL_FROM,
    Streams,
    exponential,
    gumbel,
    lognormal,
    pick,
    poisson,
    standard_normal,
)

ALPHA = 0.001
open_unit = st.floats(1e-12, 1.0 - 1e-12)


def dense(seed=1, replication=0, name="need", count=20_000):
    return Streams(seed, replication)[name].column(count)


def test_uniforms_lie_strictly_between_zero_and_one():
    values = dense(count=200_000)
    assert values.min() > 0.0
    assert values.max() < 1.0
    sparse = Streams(1, 0).sparse("shortlist", 8)
    several = [u for entity in range(2000) for u in sparse.several(entity)]
    assert 0.0 < min(several) < max(several) < 1.0


@pytest.mark.parametrize("seed", [1, 2])
def test_dense_uniforms_are_uniform(seed):
    """Null: U(0, 1). KS, alpha 0.001; squares of uniforms are rejected."""
    values = dense(seed)
    assert stats.kstest(values, "uniform").pvalue > ALPHA
    assert stats.kstest(values**1.1, "uniform").pvalue < ALPHA


def test_sparse_uniforms_are_uniform_and_unrelated_to_each_other():
    """Null: U(0, 1), no rank correlation between the several of one name. alpha 0.001 each."""
    sparse = Streams(1, 0).sparse("details", 3)
    values = np.array([sparse.several(entity, 4) for entity in range(8000)])
    for column in values.T:
        assert stats.kstest(column, "uniform").pvalue > ALPHA
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert stats.spearmanr(values[:, a], values[:, b]).pvalue > ALPHA


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "need"}, {"name": "deal value"}),
        ({"seed": 1}, {"seed": 2}),
        ({"replication": 0}, {"replication": 1}),
    ],
)
def test_streams_of_different_names_seeds_and_replications_are_unrelated(one, other):
    """Null: no rank correlation. alpha 0.001."""
    a, b = dense(**one), dense(**other)
    assert (a != b).all()
    assert stats.spearmanr(a, b).pvalue > ALPHA


def test_entities_indices_and_blocks_are_unrelated():
    """Null: no rank correlation between neighbours, indices and blocks. alpha 0.001 each."""
    stream = Streams(1, 0)["need"]
    first, second = stream.column(50_000, 0), stream.column(50_000, 1)
    assert stats.spearmanr(first, second).pvalue > ALPHA
    assert stats.spearmanr(first[:-1], first[1:]).pvalue > ALPHA
    assert stats.spearmanr(first[:-BLOCK], first[BLOCK:]).pvalue > ALPHA


def test_a_draw_does_not_depend_on_which_were_asked_before():
    names = [(entity, index) for entity in (0, 1, 255, 256, 257, 9_999, 10_000_000) for index in (0, 1, 7, 10_000)]
    usual = Streams(3, 1)["need"]
    expected = {name: usual(*name) for name in names}
    for shuffle in range(5):
        order = names * 2
        random.Random(shuffle).shuffle(order)
        stream = Streams(3, 1)["need"]
        assert all(stream(*name) == expected[name] for name in order)


def test_sparse_draws_do_not_depend_on_order_and_first_of_several_is_the_one():
    sparse = Streams(3, 1).sparse("shortlist", 4)
    expected = {(e, i): sparse.several(e, i) for e in range(50) for i in range(3)}
    again = Streams(3, 1).sparse("shortlist", 4)
    for name in reversed(expected):
        assert again.several(*name) == expected[name]
        assert again(*name) == expected[name][0]


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000])
def test_a_column_is_its_entities_one_by_one(count):
    one, other = Streams(5, 0)["need"], Streams(5, 0)["need"]
    assert one.column(count, 2).tolist() == [other(entity, 2) for entity in range(count)]
    assert other.column(count, 2).tolist() == [one(entity, 2) for entity in range(count)]
    assert one.column(count, 2).shape == (count,)


def test_a_longer_column_begins_with_the_shorter():
    stream = Streams(5, 0)["need"]
    assert stream.column(10_000)[:300].tolist() == Streams(5, 0)["need"].column(300).tolist()


def test_a_dense_and_a_sparse_stream_of_one_name_are_different():
    streams = Streams(5, 0)
    assert streams["shortlist"](0) != streams.sparse("shortlist")(0)


GRID = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize(
    ("inverse", "law"),
    [
        (lambda u: exponential(u, 2.5), stats.expon(scale=2.5)),
        (lambda u: lognormal(u, 3.0, 0.8), stats.lognorm(0.8, scale=3.0)),
        (gumbel, stats.gumbel_r()),
        (standard_normal, stats.norm()),
    ],
    ids=["exponential", "lognormal", "gumbel", "normal"],
)
def test_inverses_are_those_of_their_distributions(inverse, law):
    drawn = np.array([inverse(u) for u in GRID])
    assert drawn == pytest.approx(law.ppf(GRID), rel=1e-9, abs=1e-9)
    assert drawn.mean() == pytest.approx(law.mean(), rel=0.01, abs=0.01)
    assert drawn.std() == pytest.approx(law.std(), rel=0.02)
    sample = np.array([inverse(u) for u in dense()])
    assert stats.kstest(sample, law.cdf).pvalue > ALPHA


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 1.0, 7.5, 30.0, 59.9])
def test_small_poisson_counts_are_the_exact_inverse(mean):
    for u in GRID[::97]:
        assert poisson(u, mean) == max(0, stats.poisson.ppf(u, mean))


@pytest.mark.parametrize("mean", [POISSON_AS_NORMAL_FROM, 250.0, 1e5])
def test_large_poisson_counts_are_near_it_and_whole(mean):
    drawn = np.array([poisson(u, mean) for u in GRID])
    assert drawn.dtype.kind == "i"
    assert drawn.mean() == pytest.approx(mean, rel=0.002)
    assert drawn.var() == pytest.approx(mean, rel=0.02)
    middle = (GRID > 0.01) & (GRID < 0.99)
    assert np.abs(drawn - stats.poisson.ppf(GRID, mean))[middle].max() <= 2


@given(u=open_unit)
def test_inverses_rise_with_the_uniform(u):
    higher = u + (1.0 - u) * 0.5
    assert exponential(u) < exponential(higher)
    assert lognormal(u, 2.0, 0.5) < lognormal(higher, 2.0, 0.5)
    assert gumbel(u) < gumbel(higher)
    assert poisson(u, 4.0) <= poisson(higher, 4.0)
    assert lognormal(0.5, 7.0, 1.3) == pytest.approx(7.0)


@pytest.mark.parametrize("u", [2.0**-53, 1.0 - 2.0**-53])
def test_inverses_are_finite_at_the_ends(u):
    assert all(math.isfinite(value) for value in (exponential(u), lognormal(u, 1.0, 5.0), gumbel(u), float(poisson(u, 5.0))))


@given(u=open_unit, weights=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6))
def test_pick_finds_the_interval_that_holds_the_uniform(u, weights):
    bounds = tuple((np.cumsum(weights) / sum(weights)).tolist())
    index = pick(u, bounds)
    assert 0 <= index < len(bounds)
    assert u < bounds[index] or index == len(bounds) - 1
    assert index == 0 or bounds[index - 1] <= u


def test_pick_chooses_in_the_shares_given():
    """Null: multinomial. alpha 0.001."""
    chosen = [pick(u, (0.2, 0.5, 1.0)) for u in dense(name="segment")]
    assert stats.chisquare(np.bincount(chosen), np.array([0.2, 0.3, 0.5]) * len(chosen)).pvalue > ALPHA
