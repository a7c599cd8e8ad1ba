"""Time: hours since Monday 00:00 of week 0, and the weeks in which people work."""

import datetime as dt
from collections.abc import Hashable
from functools import lru_cache

from sim.scenario.schema import Scenario
from sim.scenario.schema.time import DAYS, HOURS_PER_DAY, HOURS_PER_WEEK, hour_of_week

__all__ = [
    "DAYS", "DAYS_PER_WEEK", "HOURS_PER_DAY", "HOURS_PER_WEEK", "HOURS_PER_YEAR", "SECONDS_PER_HOUR", "SECONDS_PER_MINUTE",
    "WEEKS_PER_YEAR", "Calendar", "hour_of_week",
]  # fmt: skip

DAYS_PER_WEEK = 7
WEEKS_PER_YEAR = 52.0
HOURS_PER_YEAR = HOURS_PER_WEEK * WEEKS_PER_YEAR
SECONDS_PER_HOUR = 3600
SECONDS_PER_MINUTE = 60


@lru_cache(maxsize=8)
def _working_days(*calendar: Hashable) -> dict[int, bool]:  # noqa: ARG001  # the key
    """Return what is known so far of the days of a calendar, which all worlds of that calendar share."""
    return {}


class Calendar:
    """The calendar: weeks by number, and those in which the company is closed."""

    def __init__(self, scenario: Scenario) -> None:
        start = scenario.time.start
        self.monday = start - dt.timedelta(days=start.weekday())
        self._closed = frozenset(scenario.calendar.closed_weeks)
        self._weekdays = frozenset(scenario.calendar.weekdays)
        self._holidays = frozenset(tuple(map(int, day.split("-"))) for day in scenario.calendar.holidays)
        self._opens = _working_days(self.monday, self._weekdays, self._closed, self._holidays)
        self.open_hours_per_week = HOURS_PER_DAY * len(self._weekdays)

    def first_day(self, week: int) -> dt.date:
        """Return the Monday of a week."""
        return self.monday + dt.timedelta(weeks=week)

    def date(self, time: float) -> dt.date:
        """Return the day of a moment."""
        return self.monday + dt.timedelta(hours=time)

    def is_closed(self, week: int) -> bool:
        """Return whether nobody works in a week."""
        return self.week_of_year(week) in self._closed

    def week_of_year(self, week: int) -> int:
        """Return the ISO number of a week."""
        return self.first_day(week).isocalendar().week

    def is_working_day(self, day: int) -> bool:
        """Return whether anybody works on a day, counted from 0: no weekend, no holiday, no closed week."""
        known = self._opens.get(day)
        if known is None:
            week, weekday = divmod(day, DAYS_PER_WEEK)
            date = self.monday + dt.timedelta(days=day)
            known = weekday in self._weekdays and (date.month, date.day) not in self._holidays and not self.is_closed(week)
            self._opens[day] = known
        return known

    def open_hours(self, since: float, until: float) -> float:
        """Return the hours of working days (24 a day) between two moments."""
        hours, at = 0.0, since
        for day in range(int(since // HOURS_PER_DAY), int(until // HOURS_PER_DAY) + 1):
            ends = min((day + 1) * HOURS_PER_DAY, until)
            if self.is_working_day(day):
                hours += ends - at
            at = ends
        return hours

    def later(self, now: float, hours: float) -> float:
        """Return when so many hours of working days (24 a day) have passed; weekends and holidays do not count.

        In a year without any working day, all hours count.
        """
        day = int(now // HOURS_PER_DAY)
        left, at = hours, now
        closed_since = at
        while True:
            if at - closed_since > HOURS_PER_YEAR:
                return closed_since + left
            ends = (day + 1) * HOURS_PER_DAY
            if self.is_working_day(day):
                if at + left <= ends:
                    return at + left
                left -= ends - at
                closed_since = ends
            day, at = day + 1, ends
