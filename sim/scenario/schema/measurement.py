"""Measurement: what its hours buy."""

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import LARGEST, NonNegative, Positive, Section, Share, param


class Habit(Section):
    """Something that gets recorded: a share without any hours, more with them, and less again when hours stop."""

    without_hours: Share = param(
        0.44, "share recorded rightly with no hours", evidence="dark_social_atlantic_2012", low=0.2, high=0.7
    )
    gain_per_hour: NonNegative = param(0.15, "share of what is missing that an hour fills", unit="1/h", low=0.02, high=0.5)
    half_life_weeks: Positive = param(13.0, "of what hours have built", unit="weeks", low=2, high=52, most=LARGEST)


class Attribution(Section):
    """Attribution models: how they share the credit for a deal out; nothing in a world depends on it."""

    ends_share: Annotated[float, Field(ge=0, le=0.5)] = param(
        0.4, "position-based: credit of the first touch, and of the last", evidence="attribution_defaults", low=0.3, high=0.5
    )
    half_life_days: Positive = param(
        7.0, "time decay: a touch so long before another has half its credit", unit="days", evidence="attribution_defaults",
        low=7, high=90,
    )  # fmt: skip


class Measurement(Section):
    """Tagged links, lead sources asked for, and a dashboard kept up to date."""

    tagging: Habit = param(Habit(half_life_weeks=6.0), "visits and touches from social media recorded as such")
    asking: Habit = param(Habit(), "lead sources asked for and written down")
    enough: Share = param(0.95, "share recorded at which nothing is left to do", low=0.8, high=1.0)
    report_minutes: NonNegative = param(
        12.0,
        "to bring the dashboard up to date, once a week, before anything else (professionals, all week on it: 3.8 h,"
        " time_weekly_content_report_strategy); 0: by itself",
        unit="min",
        low=0,
        high=60,
    )
    lag_weeks: Annotated[int, Field(ge=0, le=52)] = param(
        1, "weeks until the quarter's report shows what happened in sales, since records are entered late", unit="weeks",
        low=0, high=6,
    )  # fmt: skip
    attribution: Attribution = param(Attribution(), "parameters of attribution models")
    lookback_weeks: Positive = param(26.0, "touches so long before a lead may get credit", unit="weeks", low=4, high=52)
