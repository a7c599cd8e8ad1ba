"""Seasons: clocks that run faster in some months than in others. See docs/model.md, 2.5, *Seasons*.

What follows a law of its own, whatever the month, follows it on such a clock. In a year the clock runs on by a year, so
yearly totals stay what they are.
"""

import datetime as dt

import numpy as np

from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK, Calendar
from sim.model.streams import Floats
from sim.scenario.schema import Scenario

DAYS_OF_MONTHS = (31.0, 28.2425, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)  # of a mean year
HOURS_OF_YEAR = HOURS_PER_DAY * 365.2425


class Season:
    """A clock that runs at the weight of each month; both clocks show 0 on the first day. Equal weights change no bit."""

    __slots__ = ("_borders", "_first", "_passed", "is_flat", "key")

    def __init__(self, weights: tuple[float, ...], monday: dt.date, ahead: float = 0.0) -> None:
        """Take the weight of a moment from the month of so many hours later."""
        self.is_flat = min(weights) == max(weights)
        self._first = ((monday.timetuple().tm_yday - 1) * HOURS_PER_DAY + ahead) / HOURS_OF_YEAR  # in years
        self._borders = _shares(np.array(DAYS_OF_MONTHS))
        self._passed = _shares(np.array(DAYS_OF_MONTHS) * np.array(weights))
        self.key: tuple[float, ...] = () if self.is_flat else (*weights, self._first)

    def elapsed(self, moments: Floats) -> Floats:
        """Return what the clock shows at moments (hours)."""
        if self.is_flat:
            return moments
        return HOURS_OF_YEAR * (
            _within(moments / HOURS_OF_YEAR + self._first, self._borders, self._passed)
            - _within(np.array(self._first), self._borders, self._passed)
        )

    def moments(self, elapsed: Floats) -> Floats:
        """Return when (hours) the clock shows so much."""
        if self.is_flat:
            return elapsed
        years = elapsed / HOURS_OF_YEAR + _within(np.array(self._first), self._borders, self._passed)
        return HOURS_OF_YEAR * (_within(years, self._passed, self._borders) - self._first)

    def wait(self, now: float, hours: float) -> float:
        """Return how long it takes from now until the clock has run on by so many hours."""
        if self.is_flat:
            return hours
        return max(0.0, float(self.moments(self.elapsed(np.array(now)) + hours)) - now)


def season_of_leads(scenario: Scenario) -> Season:
    """Return the clock on which needs open, so that buyers get in touch by the weights once their research is over."""
    research = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
    return Season(scenario.market.seasons.leads, Calendar(scenario).monday, research)


def season_of_decisions(scenario: Scenario) -> Season:
    """Return the clock on which sales are worked through and pause."""
    return Season(scenario.market.seasons.decisions, Calendar(scenario).monday)


def _shares(parts: Floats) -> Floats:
    """Return how much of a year is over at the beginning of each month, and at its end, shape (13,)."""
    over = np.concatenate(([0.0], np.cumsum(parts)))
    return np.asarray(over / over[-1])


def _within(years: Floats, of: Floats, into: Floats) -> Floats:
    """Translate years, piecewise linearly within each."""
    whole = np.floor(years)
    return np.asarray(whole + np.interp(years - whole, of, into))
