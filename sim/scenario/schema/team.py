"""The team: whose hours they are, how many, and what they go to."""

import math
import re
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import (
    ACTIVITIES,
    Activity,
    NonNegative,
    Positive,
    Section,
    Share,
    WholeNumbers,
    must_sum_to_one,
    param,
)
from sim.scenario.schema.time import HOURS_PER_WEEK, Slot, hour_of_week

HIRED = re.compile(r"hire_\d+")  # what those are called whom the team hires
SPREAD_OVER_THE_WEEK = (
    "Tue 09:30", "Thu 14:00", "Mon 09:30", "Wed 14:00", "Fri 09:30",
    "Thu 09:30", "Tue 14:00", "Wed 09:30", "Mon 14:00", "Fri 14:00",
)  # fmt: skip


class Skill(Section):
    """A member's skill at one activity, against a practised colleague (1)."""

    speed: Positive = param(1.0, "work done in an hour", low=0.5, high=1.5)
    quality: Positive = param(1.0, "multiplies the quality of what is made", low=0.8, high=1.2)


class Member(Section):
    """Someone who gives part of the working week to social media."""

    share: Share = param(1.0, "share of the team's hours", evidence="choice")
    max_hours_per_week: NonNegative = param(20.0, "most that this person can give", unit="h/week", evidence="choice")
    cost_per_hour: NonNegative = param(
        45.0,
        "loaded cost of an hour: that salary and 30 % over 1,670 hours",
        unit="currency/h",
        evidence="cm_salary_us_2013",
        low=25.0,
        high=70.0,
    )
    licences_per_year: NonNegative = param(
        0.0,
        "software seats of this person, paid in the first week with hours and then every 52 weeks while there are hours; not"
        " part of cost_per_hour",
        unit="currency/year",
        evidence="choice",
    )
    sessions: Annotated[tuple[Slot, ...], Field(strict=False)] = param(
        SPREAD_OVER_THE_WEEK, "when sessions begin, the first taken first", evidence="choice"
    )
    longest_session_hours: Annotated[float, Field(gt=0, le=24)] = param(
        2.0, "a session grows to this before another is added", unit="h", low=1.0, high=4.0
    )
    skills: dict[Activity, Skill] = param({}, "skill by activity; 1 where none is given", evidence="choice")
    starting_speed: Annotated[float, Field(gt=0, le=1)] = param(1.0, "speed on the first day, against later", low=0.4, high=1.0)
    starting_quality: Annotated[float, Field(gt=0, le=1)] = param(
        1.0, "quality on the first day, against later", low=0.7, high=1.0
    )
    learning_hours: NonNegative = param(
        100.0, "hours on the job that close half of the gap between start and later", unit="h", low=20, high=500
    )
    onboarding_hours: NonNegative = param(
        0.0, "first hours on the job, which go to learning the trade and produce nothing", unit="h", low=0, high=80
    )
    away_weeks: WholeNumbers = param((), "ISO weeks in which this person is away", unit="ISO week", evidence="choice")

    @model_validator(mode="after")
    def _hours_fit_the_sessions(self) -> "Member":
        if len(set(self.sessions)) < len(self.sessions):
            raise ValueError(remark("sessions must not repeat"))
        if any(week not in range(1, 54) for week in self.away_weeks):
            raise ValueError(remark("away_weeks are ISO week numbers from 1 to 53"))
        if self.max_hours_per_week > 0.0 and not self.sessions:
            raise ValueError(
                remark(
                    "max_hours_per_week is {max_hours_per_week}, but there are no sessions to give them in; name some, "
                    "such as [Tue 09:30], or set max_hours_per_week to 0",
                    max_hours_per_week=format(self.max_hours_per_week, "g"),
                )
            )
        begin = sorted(hour_of_week(slot) for slot in self.sessions)
        for starts, following in pairwise([*begin, HOURS_PER_WEEK]):
            if following - starts < self.longest_session_hours - 1e-9:
                raise ValueError(
                    remark(
                        "a session of longest_session_hours ({longest_session_hours} h) does not end before the next one "
                        "begins, or before the week ends; name later sessions, or make them shorter",
                        longest_session_hours=format(self.longest_session_hours, "g"),
                    )
                )
        most = len(self.sessions) * self.longest_session_hours
        if self.max_hours_per_week > most + 1e-9:
            raise ValueError(
                remark(
                    "max_hours_per_week is {max_hours_per_week}, but {sessions} sessions of {longest_session_hours} h "
                    "hold {most}",
                    max_hours_per_week=format(self.max_hours_per_week, "g"),
                    sessions=len(self.sessions),
                    longest_session_hours=format(self.longest_session_hours, "g"),
                    most=format(most, "g"),
                )
            )
        return self


class Split(Section):
    """The share of the hours that is asked for each activity; a share of 0 gets no hour, ever.

    Shares are weights, and not hours worked. An activity with nothing to do leaves its time to the others, and changing between
    them takes time too. Question 11 shows the hours worked beside the shares.

    A decision. No source gives shares of time; publishers' shares of respondents (time_biggest_investment_2014) only rank them.
    """

    listening: Share = param(0.11, "looking for what is said off the own channels", evidence="choice", low=0.0, high=0.25)
    weak_signals: Share = param(
        0.03, "analysing what listening found of trends, competitors and crises", evidence="choice", low=0.0, high=0.2
    )
    recruiting: Share = param(0.11, "inviting people to follow", evidence="choice", low=0.0, high=0.3)
    animation: Share = param(0.04, "keeping the community lively", evidence="choice", low=0.0, high=0.2)
    advocacy: Share = param(
        0.0, "feeding and thanking colleagues who pass on posts (profiles)", evidence="choice", low=0.0, high=0.2
    )
    content: Share = param(0.34, "writing, adapting, passing on", evidence="choice", low=0.2, high=0.6)
    publishing: Share = param(0.14, "putting approved pieces on the channels", evidence="choice", low=0.05, high=0.2)
    validation: Share = param(0.03, "chasing reviewers", evidence="choice", low=0.0, high=0.15)
    dialogue: Share = param(0.15, "answering and reaching out", evidence="choice", low=0.05, high=0.4)
    measurement: Share = param(0.05, "tagging, asking, writing down", evidence="choice", low=0.0, high=0.15)

    @model_validator(mode="after")
    def _is_a_whole(self) -> "Split":
        must_sum_to_one(self.shares(), "the shares of team.split")
        return self

    def shares(self) -> dict[str, float]:
        """Return the share of the hours by activity."""
        return {activity: getattr(self, activity) for activity in ACTIVITIES}


class Team(Section):
    """The scarce resource. `hours_per_week` is the one knob; everything else stays as it is when the knob is moved."""

    hours_per_week: Annotated[float, Field(ge=0, le=1000)] = param(
        10.0, "hours per week that the whole team gives to social media", unit="h/week", evidence="choice", low=0, high=40
    )
    members: dict[str, Member] = param({"community_manager": Member()}, "who they are", evidence="choice")
    hire: Member = param(
        Member(starting_speed=0.6, starting_quality=0.9, onboarding_hours=20.0),
        "who is hired, as often as needed, for hours past everyone's maximum (share is not used)",
    )
    cost_of_hire: NonNegative = param(
        0.0,
        "paid once for each hire, in the first week with hours: recruiting, equipment, courses; the hours of onboarding are"
        " paid as hours",
        unit="currency",
        evidence="choice",
    )
    split: Split = param(Split(), "what the hours are asked for, as weights")
    switching_minutes: NonNegative = param(
        5.0, "lost at each change of activity, at a moment of one's own choice (after an interruption 23 to 25:"
        " interruption_mark)",
        unit="min", low=0, high=15,
    )  # fmt: skip
    shortest_block_minutes: NonNegative = param(
        30.0, "time given to an activity before another is thought of, if it has work", unit="min", low=10, high=60
    )
    arrears_cap_weeks: NonNegative = param(
        1.0, "hours an activity can be owed, in weeks of the member's hours", unit="weeks", low=0.25, high=4
    )
    start_jitter_minutes: NonNegative = param(10.0, "sessions begin up to so much late", unit="min", low=0, high=30)

    @model_validator(mode="after")
    def _hours_have_someone(self) -> "Team":
        for name in self.members:
            if HIRED.fullmatch(name):
                raise ValueError(
                    remark("team.members.{name}: this is what a hire is called; give the member another name", name=name)
                )
        must_sum_to_one({name: member.share for name, member in self.members.items()}, "the shares of team.members")
        room = math.fsum(member.max_hours_per_week for member in self.members.values())
        if self.hours_per_week > room and self.hire.max_hours_per_week <= 0:
            raise ValueError(
                remark(
                    "hours_per_week is {hours_per_week}, members have {room} and a hire has none",
                    hours_per_week=format(self.hours_per_week, "g"),
                    room=format(room, "g"),
                )
            )
        return self
