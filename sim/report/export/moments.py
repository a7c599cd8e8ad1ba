"""Moments of a world as tools for event logs read them: ISO 8601, in UTC, to the microsecond."""

import datetime as dt

from sim.model.calendar import Calendar
from sim.scenario import Scenario


class Moments:
    """The clock of a scenario, which knows no time zone: its hours are taken as UTC."""

    def __init__(self, scenario: Scenario) -> None:
        self.monday = dt.datetime.combine(Calendar(scenario).monday, dt.time())

    def utc(self, hours: float) -> str:
        """Return a moment, given in hours since Monday 00:00 of week 0."""
        return (self.monday + dt.timedelta(hours=hours)).isoformat(timespec="microseconds") + "Z"
