"""Tasks of a member, and the desks that give them."""

from collections.abc import Callable
from typing import Protocol

from sim.model.calendar import SECONDS_PER_MINUTE

Done = Callable[[float, float], object]
NOTHING = -1  # the piece of work that is on no draft and no message


class Work:
    """A piece of work: whole seconds of a member's time, and what comes of it.

    `done(began, ended)` is called, with times in hours, when all of it is done; if the work is divisible, also for each
    part that a session's end cuts off. `piece` is the number of the draft or message that it is on.
    """

    __slots__ = ("divisible", "done", "piece", "seconds")

    def __init__(self, seconds: int, done: Done, *, divisible: bool = False, piece: int = NOTHING) -> None:
        self.seconds, self.done, self.divisible, self.piece = seconds, done, divisible, piece


class Worker(Protocol):
    """Someone who works at a desk."""

    name: str
    block_seconds: int

    def speed(self, activity: str) -> float:
        """Return the work done in an hour, against a practised colleague."""

    def quality(self, activity: str) -> float:
        """Return the quality of what is made, against a practised colleague."""


class Desk(Protocol):
    """A desk: the source of the work of one activity, with its own limit."""

    def has_work(self) -> bool:
        """Return whether there is anything to do."""

    def take(self, worker: Worker) -> Work | None:
        """Return the next piece of work, or None if there is nothing to do."""


def whole_seconds(minutes: float, speed: float) -> int:
    """Return a worker's time for what takes a practised colleague so many minutes; at least a second."""
    return max(1, round(minutes * SECONDS_PER_MINUTE / speed))
