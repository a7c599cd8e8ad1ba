"""Horizon and working time."""

import datetime as dt
from typing import Annotated

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import Section, WholeNumbers, param

Slot = Annotated[str, Field(pattern=r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$")]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 12, 31))]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168.0
HOLIDAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
MOST_HOLIDAYS = 60
LEAP_YEAR = 2012


def hour_of_week(slot: str) -> float:
    """Convert a moment of the week to hours since Monday 00:00: `Tue 09:30` is 33.5."""
    return DAYS.index(slot[:3]) * HOURS_PER_DAY + int(slot[4:6]) + int(slot[7:9]) / 60.0


class Time(Section):
    """The period that is simulated."""

    start: Day = param(dt.date(2012, 1, 2), "first day; week 0 is the week that holds it", evidence="choice")
    horizon_weeks: Annotated[int, Field(ge=1, le=1040)] = param(
        156, "weeks in which hours are spent and needs open", unit="weeks", evidence="choice"
    )
    run_off_weeks: Annotated[int, Field(ge=0, le=1040)] = param(
        260, "at most so long after the horizon are open deals followed to their end", unit="weeks", evidence="choice"
    )
    warm_up_weeks: Annotated[int, Field(ge=0, le=1040)] = param(
        0, "first weeks that no result counts; 0, as the ramp-up is part of the answer", unit="weeks", evidence="choice"
    )

    @model_validator(mode="after")
    def _warm_up_ends_before_the_horizon(self) -> "Time":
        if self.warm_up_weeks >= self.horizon_weeks:
            raise ValueError(remark("warm_up_weeks must be smaller than horizon_weeks"))
        return self


class Calendar(Section):
    """The hours at which people work."""

    opens_at: Annotated[float, Field(ge=0, lt=24)] = param(8.5, "working day begins", unit="hour of day", evidence="choice")
    closes_at: Annotated[float, Field(gt=0, le=24)] = param(18.0, "working day ends", unit="hour of day", evidence="choice")
    weekdays: WholeNumbers = param((0, 1, 2, 3, 4), "working days, Monday = 0", evidence="choice")
    closed_weeks: WholeNumbers = param(
        (33, 52), "ISO weeks in which nobody works (mid-August, Christmas)", unit="ISO week", evidence="choice"
    )
    holidays: Annotated[tuple[Annotated[str, Field(pattern=HOLIDAY)], ...], Field(strict=False)] = param(
        ("01-01", "05-01"), "days of every year on which nobody works (month-day)", evidence="choice"
    )

    @model_validator(mode="after")
    def _is_a_possible_week(self) -> "Calendar":
        if self.opens_at >= self.closes_at:
            raise ValueError(remark("opens_at must be earlier than closes_at"))
        if not self.weekdays or any(day not in range(7) for day in self.weekdays):
            raise ValueError(remark("weekdays are numbers from 0 (Monday) to 6 (Sunday), at least one"))
        if any(week not in range(1, 54) for week in self.closed_weeks):
            raise ValueError(remark("closed_weeks are ISO week numbers from 1 to 53"))
        for holiday in self.holidays:
            try:
                dt.date.fromisoformat(f"{LEAP_YEAR}-{holiday}")
            except ValueError:
                raise ValueError(remark("holidays has {holiday}, which is not a day of any year", holiday=holiday)) from None
        if len(self.holidays) > MOST_HOLIDAYS:
            raise ValueError(
                remark(
                    "holidays are at most {most_holidays} days; longer closures are closed_weeks", most_holidays=MOST_HOLIDAYS
                )
            )
        return self
