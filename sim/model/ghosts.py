"""Ghosts: what continues after a decision against it, for the sake of expected results. See docs/model.md, "Two worlds".

Nothing in the world waits for a ghost, so it is not a process of the simulation. It is a sequence of moments, and is brought up
to date when its account is about to change, and at the end. Until then its account is what it was, so each moment finds what
it would have found had it been waited for.
"""

import math
from collections.abc import Generator

Moments = Generator[float, None, None]


class Ghost:
    """One sale or contract that can no longer be won or kept, up to the moment (hours) of what comes next."""

    __slots__ = ("_moments", "next_at")

    def __init__(self, moments: Moments) -> None:
        """Follow `moments`, each of which is yielded before what happens at it; the sequence ends with the ghost."""
        self._moments = moments
        self.next_at = next(moments, math.inf)

    def go_on(self, until: float) -> None:
        """Let happen what comes before a moment (hours)."""
        while self.next_at < until:
            self.next_at = next(self._moments, math.inf)
