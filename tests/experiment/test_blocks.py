import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.blocks import WORLDS_PER_GROUP, Block, Pace, blocks, group_of, groups


@given(
    points=st.integers(1, 70) | st.integers(500, 1100),
    replications=st.integers(0, 90),
    workers=st.integers(1, 9),
    size=st.integers(1, 100),
    done=st.lists(st.tuples(st.integers(0, 69), st.integers(0, 89)), max_size=40),
)
def test_blocks_cover_what_is_left_once_and_nothing_else(points, replications, workers, size, done):
    left = np.ones((points, replications), dtype=bool)
    for point, replication in done:
        left[point % points, replication % max(1, replications) : replication % max(1, replications) + 1] = False
    covered = np.zeros(left.shape, dtype=int)
    for block in blocks(left, Pace(size), workers):
        covered[block.where] += 1
        group = group_of(block, points)
        assert group.holds(block)
    assert (covered == left).all()


@given(points=st.integers(1, 2000), replications=st.integers(0, 5000))
def test_groups_follow_one_another_and_stay_small(points, replications):
    found = groups(points, replications)
    assert sum(group.worlds for group in found) == points * replications
    assert all(one < other for one, other in itertools.pairwise(found))
    assert all(group.worlds <= WORLDS_PER_GROUP for group in found)
    assert all(group_of(group, points).holds(group) for group in found)


@given(st.integers(0, 10**8), st.integers(1, 500), st.integers(0, 10**6), st.integers(1, 500))
def test_a_block_is_found_again_by_its_name(replication, replications, point, points):
    block = Block(replication, replication + replications, point, point + points)
    assert Block.named(block.name) == block


@pytest.mark.parametrize(
    "name", ["", "r1-2.p0-1", "r0000003-0000002.p00000-00000", "notes", "r0000001-0000001.p00000-00000.unfinished"]
)
def test_other_names_are_no_blocks(name):
    assert Block.named(name) is None


def test_blocks_grow_until_they_take_a_second():
    pace = Pace()
    assert pace.replications(8) == 1
    pace.saw(Block(0, 2, 0, 8), seconds=0.1)
    assert pace.replications(8) == 20
    assert pace.replications(1) == 1  # not seen yet
    pace.saw(Block(0, 1, 0, 8), seconds=30.0)
    assert pace.replications(8) == 1


def test_few_replications_of_many_points_are_spread_over_the_workers():
    found = list(blocks(np.ones((8, 1), dtype=bool), Pace(), workers=2))
    assert [(block.point, block.until_point) for block in found] == [(0, 4), (4, 8)]
