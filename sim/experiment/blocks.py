"""Division of the work: blocks of points by replications, each computed by one worker at one go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

WORLDS_PER_GROUP = 512  # kept together in the end: few enough to be held in memory, many enough to make few files
MOST_POINTS = 32  # of a block; its points share the runs of their twins
SECONDS_PER_BLOCK = 1.0  # long beside what handing a block over costs, short beside a run
Covered = npt.NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Block:
    """Some replications of some points; `until` is the first that is not of it."""

    replication: int
    until_replication: int
    point: int
    until_point: int

    PATTERN: ClassVar[re.Pattern[str]] = re.compile(r"r(\d{7,})-(\d{7,})\.p(\d{5,})-(\d{5,})")

    def __str__(self) -> str:
        replications = _numbers("replication", self.replication, self.until_replication)
        return f"{replications} of {_numbers('point', self.point, self.until_point)}"

    @property
    def name(self) -> str:
        """As folders are named after it; numbers are those of the first and the last."""
        replications = f"r{self.replication:07d}-{self.until_replication - 1:07d}"
        return f"{replications}.p{self.point:05d}-{self.until_point - 1:05d}"

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Parse the name of a block; None if it is not one."""
        found = cls.PATTERN.fullmatch(name)
        if not found:
            return None
        first, last, first_point, last_point = map(int, found.groups())
        block = cls(first, last + 1, first_point, last_point + 1)
        return block if first <= last and first_point <= last_point else None

    @property
    def where(self) -> tuple[slice, slice]:
        """Its place in an array of shape (points, replications)."""
        return slice(self.point, self.until_point), slice(self.replication, self.until_replication)

    @property
    def worlds(self) -> int:
        """How many pairs of worlds it holds."""
        return (self.until_point - self.point) * (self.until_replication - self.replication)

    def holds(self, other: "Block") -> bool:
        """Return whether another block is wholly within this one."""
        return (
            self.replication <= other.replication
            and other.until_replication <= self.until_replication
            and self.point <= other.point
            and other.until_point <= self.until_point
        )


def _numbers(noun: str, first: int, until: int) -> str:
    return f"{noun} {first}" if until == first + 1 else f"{noun}s {first} to {until - 1}"


class Pace:
    """The number of replications per block: what takes about a second, as seen so far; or as many as were asked for."""

    def __init__(self, asked: int | None = None) -> None:
        self._asked = asked
        self._seconds: dict[int, float] = {}

    def saw(self, block: Block, seconds: float) -> None:
        """Note how long a block took to compute."""
        self._seconds[block.until_point - block.point] = seconds / (block.until_replication - block.replication)

    def replications(self, points: int) -> int:
        """Return the number of replications for a block of this many points."""
        if self._asked is not None:
            return self._asked
        seen = self._seconds.get(points)
        return 1 if seen is None else max(1, int(SECONDS_PER_BLOCK / max(seen, 1e-6)))


def groups(points: int, replications: int) -> list[Block]:
    """List the final groups, whatever the blocks were: some replications of all points, or of some points if there are many."""
    size = group_size(points)
    return [
        Block(first, min(first + size, replications), point, min(point + WORLDS_PER_GROUP, points))
        for first in range(0, replications, size)
        for point in range(0, points, WORLDS_PER_GROUP)
    ]


def group_of(block: Block, points: int) -> Block:
    """Return the group that a block lies in, as if there were no last replication."""
    size = group_size(points)
    first, point = block.replication // size * size, block.point // WORLDS_PER_GROUP * WORLDS_PER_GROUP
    return Block(first, first + size, point, min(point + WORLDS_PER_GROUP, points))


def group_size(points: int) -> int:
    """Return the number of replications in a group."""
    return max(1, WORLDS_PER_GROUP // points)


def blocks(left: Covered, pace: Pace, workers: int) -> Iterator[Block]:
    """Yield blocks that cover what is left to do, none across groups; `left` has shape (points, replications)."""
    points, replications = left.shape
    spread = points * max(1, replications) // workers  # few replications are spread over workers by their points
    chunk = max(1, min(MOST_POINTS, spread, points))
    size = group_size(points)
    for first in range(0, replications, size):
        number = first
        while number < min(first + size, replications):
            until = min(number + pace.replications(chunk), first + size, replications)
            for tile in range(0, points, WORLDS_PER_GROUP):
                end = min(tile + WORLDS_PER_GROUP, points)
                for point in range(tile, end, chunk):
                    yield from _missing(left, Block(number, until, point, min(point + chunk, end)))
            number = until


def _missing(left: Covered, block: Block) -> Iterator[Block]:
    """Yield a block if none of it is done, else what is left of it: one replication at a time, neighbouring points together."""
    todo = left[block.where]
    if todo.all():
        yield block
        return
    for number in np.flatnonzero(todo.any(axis=0)):
        replication = block.replication + int(number)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], todo[:, number], [False])).astype(int)))
        for first, until in edges.reshape(-1, 2).tolist():
            yield Block(replication, replication + 1, block.point + first, block.point + until)
