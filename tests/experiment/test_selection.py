"""Ranking and selection against known answers."""

import numpy as np
import pytest
from scipy import stats

from sim.experiment.selection import chance_of_best, select


def problem(seed, gap, points=6, replications=3000):
    """Points of known means, paired by common random numbers; the best stands anywhere, the others `gap` below it."""
    generator = np.random.default_rng(seed)
    best = int(generator.integers(points))
    means = np.full(points, -gap)
    means[best] = 0.0
    spreads = generator.uniform(0.5, 3.0, points)  # they differ, so that variances must be read where they stand
    common = generator.normal(0.0, 2.0, replications)
    return best, means[:, None] + common + spreads[:, None] * generator.normal(0.0, 1.0, (points, replications))


def test_the_best_is_selected_as_often_as_is_guaranteed():
    """Null: at least 95 % of 200 problems, the others just as far below the best as matters. alpha = 0.001."""
    right = 0
    for seed in range(200):
        best, values = problem(seed, gap=0.5)
        right += select(values, indifference=0.5, alpha=0.05).best == best
    assert stats.binomtest(right, 200, 0.95, alternative="less").pvalue > 0.001


def test_common_random_numbers_spare_replications():
    """The same margins with independent worlds need more of them."""
    best, values = problem(3, gap=0.5)
    alone = np.array([np.roll(row, 37 * number) for number, row in enumerate(values)])
    paired, independent = select(values, 0.5), select(alone, 0.5)
    assert paired.best == independent.best == best
    assert paired.replications < independent.replications


def test_points_far_behind_leave_early_and_none_is_selected_without_proof():
    values = np.random.default_rng(1).normal(0.0, 1.0, (3, 400)) + np.array([[0.0], [0.0], [-20.0]])
    found = select(values, indifference=0.01)
    assert found.best is None
    assert set(found.contenders) == {0, 1}
    assert list(found.left_after) == [2]
    assert 10 <= found.left_after[2] < 50
    assert found.replications == 400
    with pytest.raises(ValueError, match="at least 2 and 10"):
        select(values[:, :5], 1.0)


def test_points_that_never_differ_share_their_place():
    """Without effect under common random numbers two points were in the race for ever, and neither was ever selected."""
    row = np.random.default_rng(2).normal(0.0, 1.0, 60)
    alone = select(np.array([row, row, row]), indifference=0.5)
    assert (alone.best, alone.contenders, alone.same, alone.left_after) == (0, (0, 1, 2), ((0, 1, 2),), {})
    assert alone.replications == 60


@pytest.mark.parametrize("copies", [(0,), (3,), (0, 3)])
def test_a_copy_of_a_point_changes_nothing_for_the_others(copies):
    """Copies of the best, of another, and of both: who leaves, and when, is as without them."""
    for seed in range(20):
        best, values = problem(seed, gap=0.5, points=4)
        order = [best, *(point for point in range(4) if point != best)]
        without = select(values[order], 0.5)
        found = select(values[[*order, *(order[one] for one in copies)]], 0.5)
        assert (without.best, without.same) == (0, ())
        assert found.best == 0
        assert found.replications == without.replications
        assert found.same == tuple((one, number) for number, one in enumerate(copies, 4))
        of_copies = {number: without.left_after[one] for number, one in enumerate(copies, 4) if one}
        assert found.left_after == without.left_after | of_copies


def test_an_outcome_that_is_undefined_is_refused():
    """A comparison with nan is false: every point left the race, which then never ended."""
    _, values = problem(1, gap=0.5)
    values[2, 50] = np.nan
    with pytest.raises(ValueError, match="undefined"):
        select(values, 0.5)


def test_the_race_ends_where_kim_and_nelson_end_it():
    """Two points whose means are equal from the second replication on, though they are not the same in the first two.

    One replication after h^2 S^2 / delta^2, the most that they can take to be told apart, the highest mean is selected.
    """
    values = np.zeros((2, 400))
    values[:, :2] = [[1.0, -1.0], [-1.0, 1.0]]
    indifference, first_stage = 0.2, 10
    h_squared = ((2.0 * 0.05) ** (-2.0 / (first_stage - 1)) - 1.0) * (first_stage - 1)
    most = int(h_squared * np.var(values[0, :10] - values[1, :10], ddof=1) / indifference**2)
    assert most > first_stage
    found = select(values, indifference)
    assert found.best == 0
    assert found.replications == most + 1
    assert select(values[:, :most], indifference).best is None
    assert select(values, indifference=50.0).replications == first_stage  # nothing that matters is left to be told


def test_the_chance_of_being_best_is_that_of_the_normal_law():
    """Two points whose difference has mean d and standard error s: Phi(d / s)."""
    generator = np.random.default_rng(5)
    difference = generator.normal(0.0, 1.0, 400)
    difference += 0.05 - difference.mean()
    values = np.array([difference, np.zeros(400)])
    expected = stats.norm.cdf(0.05 / (difference.std(ddof=1) / 20.0))
    assert chance_of_best(values)[0] == pytest.approx(expected, abs=0.02)
    assert chance_of_best(np.zeros((4, 9))) == pytest.approx([0.25] * 4)
