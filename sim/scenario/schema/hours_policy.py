"""The policy on hours: how many are given over time, and who decides."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import NonNegative, Positive, Section, param

WEEKS_PER_QUARTER = 13
Sign = Literal["followers", "reach", "messages", "leads"]
Weeks = Annotated[int, Field(ge=1, le=1040)]


class HoursPolicy(Section):
    """Fixed, a ramp to `team.hours_per_week`, reviews that move hours by the return that records show, or stages.

    In stages, the team begins at `team.hours_per_week`; one look at one sign then settles the hours of all weeks to come.
    """

    kind: Literal["fixed", "ramp", "review", "staged"] = param("fixed", "how hours change", evidence="choice")
    starts_week: Annotated[int, Field(ge=0, le=1040)] = param(
        0, "week in which the team begins; until then the company lives as in the twin", unit="weeks", evidence="choice"
    )
    from_hours: NonNegative = param(2.0, "ramp: hours of the first week", unit="h/week", evidence="choice")
    ramp_weeks: Weeks = param(26, "ramp: weeks until all hours are given", unit="weeks", evidence="choice")
    every_weeks: Weeks = param(13, "review: weeks from one to the next", unit="weeks", evidence="choice")
    window_weeks: Weeks = param(
        13, "review: weeks looked back on, 13 per quarter, 52 per year", unit="weeks", evidence="choice"
    )
    patience_weeks: Annotated[int, Field(ge=0, le=1040)] = param(
        26, "review: none before so many weeks of work", unit="weeks", low=0, high=104
    )
    credit: Literal["first_touch", "last_touch", "begun_on_social"] = param(
        "last_touch", "review: which deals count as social media's", evidence="choice"
    )
    counts: Literal["closed", "pipeline"] = param(
        "closed",
        "review: deals when they close, or leads when they come, at their value times the share that is won",
        evidence="choice",
    )
    threshold: Annotated[float, Field(ge=-1.0, le=1000.0)] = param(
        0.0, "review: measured return at which hours are neither raised nor cut; 0: what they cost", low=-0.5, high=2.0
    )
    step_hours: Positive = param(5.0, "review: hours added or cut", unit="h/week", evidence="choice")
    least_hours: Positive = param(2.0, "review: no fewer", unit="h/week", evidence="choice")
    most_hours: Positive = param(40.0, "review: no more", unit="h/week", evidence="choice")

    looks_at: Sign = param("followers", "staged: what is seen since the team began; followers at that time", evidence="choice")
    look_quarters: Annotated[int, Field(ge=1, le=80)] = param(
        2, "staged: quarters of 13 weeks from the one in which the team begins to the look", unit="quarters", evidence="choice"
    )
    at_least: NonNegative = param(
        0.0, "staged: seen by then, for `then_hours`; else it is `else_hours`", evidence="choice", most=1e9
    )
    then_hours: NonNegative = param(40.0, "staged: hours if so much is seen", unit="h/week", evidence="choice")
    else_hours: NonNegative = param(0.0, "staged: hours if less is seen; 0: stop", unit="h/week", evidence="choice")

    @model_validator(mode="after")
    def _bounds_are_bounds(self) -> "HoursPolicy":
        if self.least_hours > self.most_hours:
            raise ValueError(
                remark(
                    "least_hours is {least_hours}, more than most_hours, {most_hours}",
                    least_hours=format(self.least_hours, "g"),
                    most_hours=format(self.most_hours, "g"),
                )
            )
        return self

    def most(self, hours: float) -> float:
        """Return the most hours per week that the policy can reach, starting from these."""
        others = {
            "fixed": hours,
            "ramp": self.from_hours,
            "review": self.most_hours,
            "staged": max(self.then_hours, self.else_hours),
        }
        return max(hours, others[self.kind])

    @property
    def look_week(self) -> int:
        """Return the first week that the look of stages settles, counted from the first day: quarters begin there."""
        return WEEKS_PER_QUARTER * (self.starts_week // WEEKS_PER_QUARTER + self.look_quarters)
