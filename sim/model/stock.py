"""Stocks: what hours of work fill, and what decays without them."""

import math

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK


class Stock:
    """A share in [0, 1] that hours of work fill and that decays without them; from `enough` on, hours are not needed."""

    def __init__(self, gain_per_hour: float, half_life_weeks: float, enough: float) -> None:
        self.gain = gain_per_hour
        self.rate = rules.decay_rate(half_life_weeks * HOURS_PER_WEEK)
        self._enough = enough
        self._level, self._at = 0.0, 0.0
        self._short_from = 0.0 if gain_per_hour > 0.0 and enough > 0.0 else math.inf

    def is_short(self, now: float) -> bool:
        """Return whether hours would still change something worth having."""
        return now >= self._short_from

    def level(self, now: float) -> float:
        """Return the stock now."""
        return self._level * math.exp(-self.rate * (now - self._at))

    def fill(self, now: float, hours: float) -> None:
        """Fill by so many hours of work, each a share of what is missing."""
        self._set(now, rules.filled(self.level(now), self.gain, hours))

    def add(self, now: float, share: float) -> None:
        """Fill a share of what is missing, at once."""
        level = self.level(now)
        self._set(now, level + share * (1.0 - level))

    def drain(self, now: float, share: float) -> None:
        """Lose a share, at once."""
        self._set(now, self.level(now) * (1.0 - share))

    def _set(self, now: float, level: float) -> None:
        self._level, self._at = level, now
        if self._short_from < math.inf:
            self._short_from = now + max(0.0, math.log(level / self._enough) / self.rate) if level > 0.0 else now
