"""Listening: what is said off the own channels, found by hours of listening. See docs/model.md, "Signals"."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count, pairwise

from sim.model.calendar import SECONDS_PER_HOUR
from sim.model.streams import exponential
from sim.model.work import Work, Worker

LONGEST_SLICE = 24 * SECONDS_PER_HOUR  # no session is longer


class Signal:
    """Something said in public: born and gone whatever the team does; found after so much listening.

    Births, deaths and the threshold are in seconds, a birth on a whole one: so what is found does not depend, to the
    last bit, on how the listening is cut into sessions.
    """

    __slots__ = ("born", "dies", "on_found", "slices", "threshold", "total")

    def __init__(self, born: int, dies: float, threshold: float, on_found: Callable[[float], None]) -> None:
        self.born, self.dies, self.threshold, self.on_found = born, dies, threshold, on_found
        self.slices: list[tuple[float, float, float]] = []  # from, to, speed of the listening while it lived
        self.total = 0.0

    def hear(self, first: int, last: int, speed: float) -> bool:
        """Listen from one second to another; return whether that was enough."""
        since, until = max(first, self.born), min(last, self.dies)
        if until > since:
            self.slices.append((since, until, speed))
            self.total += (until - since) * speed
        return self.total >= self.threshold

    def found_second(self) -> float:
        """Return when its threshold was reached: inside a slice, not at its end; those who listen at once add up."""
        edges = sorted({edge for since, until, _ in self.slices for edge in (since, until)})
        left = self.threshold
        for since, until in pairwise(edges):
            rate = math.fsum(speed for begun, ended, speed in self.slices if begun <= since and ended >= until)
            if rate * (until - since) >= left:
                return since + left / rate
            left -= rate * (until - since)
        return edges[-1]


class ListeningDesk:
    """Hours of listening; each live signal is found when those since its birth reach its threshold."""

    def __init__(self) -> None:
        self._to_come: list[tuple[int, int, Signal]] = []
        self._order = count()
        self._live: list[Signal] = []

    def expect(
        self, born_at: float, dies_at: float, finds_per_hour: float, u: float, on_found: Callable[[float], None]
    ) -> None:
        """Expect a signal that lives between two moments (h); one live hour of listening in 1 / finds_per_hour finds it.

        `on_found` is told at the end of the slice of listening in which its threshold (Exp(1), from `u`) was reached, with
        the moment at which it was.
        """
        seconds = exponential(u, SECONDS_PER_HOUR / finds_per_hour) if finds_per_hour > 0.0 else math.inf
        signal = Signal(round(born_at * SECONDS_PER_HOUR), dies_at * SECONDS_PER_HOUR, seconds, on_found)
        heappush(self._to_come, (signal.born, next(self._order), signal))

    def dissolve(self) -> None:
        """Forget all signals."""
        self._to_come.clear()
        self._live.clear()

    def has_work(self) -> bool:
        """Return True, as there is always something to listen to."""
        return True

    def take(self, worker: Worker) -> Work | None:
        """Listen for a while."""
        speed = worker.speed("listening")
        return Work(worker.block_seconds, lambda began, ended: self._listen(began, ended, speed), divisible=True)

    def _listen(self, began: float, ended: float, speed: float) -> None:
        first, last = round(began * SECONDS_PER_HOUR), round(ended * SECONDS_PER_HOUR)
        while self._to_come and self._to_come[0][0] < last:
            self._live.append(heappop(self._to_come)[2])
        still_live, found = [], []
        for signal in self._live:
            if signal.hear(first, last, speed):
                found.append(signal)
            elif signal.dies > last - LONGEST_SLICE:  # a colleague who heard it live may still be listening
                still_live.append(signal)
        self._live = still_live
        for signal in found:
            signal.on_found(signal.found_second() / SECONDS_PER_HOUR)
