"""The team: members, their sessions, and which activity comes next. See docs/model.md, "The team".

Working time is counted in whole seconds, so that activities, switching and idle time make up the sessions exactly.
"""

import math
from collections.abc import Callable, Generator, Mapping
from typing import Any

import simpy

from sim.model import rules
from sim.model.calendar import (
    DAYS_PER_WEEK,
    HOURS_PER_DAY,
    HOURS_PER_WEEK,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    WEEKS_PER_YEAR,
    hour_of_week,
)
from sim.model.management import Management
from sim.model.setting import Setting
from sim.model.work import Desk, Work
from sim.scenario.schema import ACTIVITIES
from sim.scenario.schema import Member as MemberSpec
from sim.scenario.schema.team import HIRED
from sim.scenario.schema.team import Team as TeamSpec

Process = Generator[simpy.Event, Any, None]
Seconds = Generator[simpy.Event, Any, int]

SWITCHING, IDLE, ONBOARDING, DIALOGUE = "switching", "idle", "onboarding", "dialogue"
HIRING, LICENCES = "hiring", "licences"  # what is paid beside the hours
YEAR = int(WEEKS_PER_YEAR)  # that licences hold for
PURPOSES = (*ACTIVITIES, SWITCHING, IDLE, ONBOARDING)  # what an hour can be booked on


def hours_by_member(team: TeamSpec, hours_per_week: float | None = None) -> list[tuple[str, MemberSpec, float]]:
    """Return who works how many hours per week: members by their shares up to their maximum, then as many hires as it takes."""
    hours = dict.fromkeys(team.members, 0.0)
    left = team.hours_per_week if hours_per_week is None else hours_per_week
    while left > 1e-9:
        open_ = {name: one for name, one in team.members.items() if one.share > 0 and hours[name] < one.max_hours_per_week}
        if not open_:
            break
        shares = math.fsum(one.share for one in open_.values())
        given = {name: min(left * (one.share / shares), one.max_hours_per_week - hours[name]) for name, one in open_.items()}
        for name, more in given.items():
            hours[name] += more
        left -= math.fsum(given.values())
    staff = [(name, team.members[name], h) for name, h in hours.items() if h > 0.0]
    number = 1
    while left > 1e-9 and team.hire.max_hours_per_week > 0.0:
        staff.append((f"hire_{number}", team.hire, min(left, team.hire.max_hours_per_week)))
        left -= team.hire.max_hours_per_week
        number += 1
    return staff


class Duty:
    """An activity of one member: its share of the work, how far it is behind it (seconds), and what was begun and put aside."""

    __slots__ = ("activity", "arrears", "desk", "is_at_rest", "share", "unfinished")

    def __init__(self, activity: str, share: float, desk: Desk) -> None:
        self.activity, self.share, self.desk = activity, share, desk
        self.arrears = 0.0
        self.is_at_rest = True
        self.unfinished: Work | None = None


class Member:
    """A member of the team: works in sessions, always on the activity furthest behind its share."""

    def __init__(
        self,
        setting: Setting,
        name: str,
        spec: MemberSpec,
        desks: Mapping[str, Desk],
        has_urgent_work: Callable[[], bool],
        management: Management,
    ) -> None:
        self.setting, self.management, self.ledger = setting, management, setting.ledger
        self.team = setting.scenario.team
        self.env, self.bell, self.calendar = setting.env, setting.bell, setting.calendar
        self.hours, self.blocks, self.slices = setting.record.hours, setting.record.blocks, setting.record.slices
        self.weeks, self.horizon = setting.scenario.time.horizon_weeks, setting.horizon
        self.name, self.spec = name, spec
        self._lateness_u = setting.streams[f"session start/{name}"]
        team = self.team
        self.block_seconds = max(1, round(team.shortest_block_minutes * SECONDS_PER_MINUTE))
        self.switching_seconds = round(team.switching_minutes * SECONDS_PER_MINUTE)
        self.jitter_hours = team.start_jitter_minutes / 60.0
        self.granted, self.session_seconds, self.cap_seconds = -1.0, 0, 0.0
        self.cost_of_hire = team.cost_of_hire if HIRED.fullmatch(name) else 0.0  # still to be paid
        self.licensed_until = 0  # week
        self.slots: list[tuple[float, int]] = []
        self.take_on(management.full if management.is_fixed else management.granted)
        by_share = sorted(team.split.shares().items(), key=lambda item: -item[1])
        self.duties = [Duty(activity, share, desks[activity]) for activity, share in by_share if share > 0.0]
        answering = [duty for duty in self.duties if duty.activity == DIALOGUE]
        self.dialogue = answering[0] if answering else None
        self.has_urgent_work = has_urgent_work
        self.uncredited = 0  # seconds of work not yet credited to the activities that had something to do
        self.booked: dict[str, int] = {}
        self.skill_speed = {str(activity): skill.speed for activity, skill in spec.skills.items()}
        self.skill_quality = {str(activity): skill.quality for activity, skill in spec.skills.items()}
        self.onboarding_left = round(spec.onboarding_hours * SECONDS_PER_HOUR)
        self.worked = 0  # seconds on the job
        self.learned_speed, self.learned_quality = spec.starting_speed, spec.starting_quality

    def speed(self, activity: str) -> float:
        """Return the work done in an hour, against a practised colleague."""
        return self.learned_speed * self.skill_speed.get(activity, 1.0)

    def quality(self, activity: str) -> float:
        """Return the quality of what is made, against a practised colleague."""
        return self.learned_quality * self.skill_quality.get(activity, 1.0)

    def work_life(self) -> Process:
        """Work session after session, until the horizon."""
        for week in range(self.management.policy.starts_week, self.weeks):
            if not self.management.is_fixed:
                yield from self.management.until(week)
                self.take_on(self.management.granted)
            self.pay_what_is_due(week)
            if self.calendar.week_of_year(week) in self.spec.away_weeks:
                continue
            for starts, slot in self.slots:
                if not self.calendar.is_working_day(week * DAYS_PER_WEEK + int(starts // HOURS_PER_DAY)):
                    continue
                late = self.jitter_hours * self._lateness_u(week, slot)
                yield self.env.timeout(max(0.0, week * HOURS_PER_WEEK + starts + late - self.env.now))
                yield from self.session()
            for activity, seconds in self.booked.items():
                self.hours.add((week, self.name, activity, seconds, self.spec.cost_per_hour))
            self.ledger.spend(week, sum(self.booked.values()) * self.spec.cost_per_hour / SECONDS_PER_HOUR)
            self.booked.clear()

    def pay_what_is_due(self, week: int) -> None:
        """Pay in a week with hours for being hired, if this is the first one, and for a year of licences, if none are left."""
        if not self.slots:
            return
        if self.cost_of_hire:
            self.setting.pay(HIRING, self.cost_of_hire, week)
            self.cost_of_hire = 0.0
        if self.spec.licences_per_year and week >= self.licensed_until:
            self.setting.pay(LICENCES, self.spec.licences_per_year, week)
            self.licensed_until = week + YEAR

    def take_on(self, granted: float) -> None:
        """Take on this member's part of so many hours per week from now on: in how many sessions, and how long."""
        if granted == self.granted:
            return
        self.granted = granted
        hours = {name: own for name, _, own in hours_by_member(self.team, granted)}.get(self.name, 0.0)
        sessions = max(1, math.ceil(hours / self.spec.longest_session_hours - 1e-9)) if hours > 0.0 else 0
        self.session_seconds = round(hours * SECONDS_PER_HOUR / sessions) if sessions else 0
        self.slots = sorted((hour_of_week(slot), number) for number, slot in enumerate(self.spec.sessions[:sessions]))
        self.cap_seconds = self.team.arrears_cap_weeks * hours * SECONDS_PER_HOUR

    def seconds_to_horizon(self) -> int:
        """Return whole seconds left for work; sessions end there, whatever they were to be."""
        return max(0, round((self.horizon - self.env.now) * SECONDS_PER_HOUR))

    def session(self) -> Process:
        """Work one session: settle in, then block after block."""
        left, spec = min(self.session_seconds, self.seconds_to_horizon()), self.spec
        self.learned_speed = rules.learned(spec.starting_speed, self.worked / SECONDS_PER_HOUR, spec.learning_hours)
        self.learned_quality = rules.learned(spec.starting_quality, self.worked / SECONDS_PER_HOUR, spec.learning_hours)
        self.worked += left
        if self.onboarding_left:
            left -= yield from self.be_shown(left)
        doing: Duty | None = None
        while left > 0:
            duty = self.most_owed()
            if duty is None:
                left -= yield from self.idle(left)
                continue
            left -= yield from self.block(duty, left, 0 if duty is doing else self.switching_seconds)
            doing = duty

    def most_owed(self) -> Duty | None:
        """Return the activity furthest behind its share among those with something to do, or None.

        Arrears are in seconds of the whole team's work: an activity of share 0.1 that gets 6 minutes has caught up an hour.
        Time worked is credited to the activities with something to do; switching and idle time to none. One whose work has
        just come in is level with the one furthest behind, and comes first (as a process that wakes in a fair scheduler).
        """
        if self.dialogue is not None and self.has_urgent_work():
            return self.dialogue
        busy = []
        for duty in self.duties:
            if duty.unfinished is not None or duty.desk.has_work():
                busy.append(duty)
            else:
                duty.is_at_rest = True
        if not busy:
            self.uncredited = 0
            return None
        credit = self.uncredited / math.fsum([duty.share for duty in busy])
        self.uncredited = 0
        level = max([duty.arrears for duty in busy if not duty.is_at_rest], default=0.0)
        come_in, most = None, busy[0]
        for duty in busy:
            if duty.is_at_rest:
                duty.arrears, duty.is_at_rest = level, False
                come_in = come_in or duty
            duty.arrears = min(duty.arrears + credit, self.cap_seconds)
            if duty.arrears > most.arrears:
                most = duty
        return come_in or most

    def block(self, duty: Duty, left: int, switching: int) -> Seconds:
        """Change to an activity and work on it for about half an hour, if it has so much to do."""
        env, came = self.env, self.env.now
        switching = min(switching, left)
        left -= switching
        settled_in = switching / SECONDS_PER_HOUR
        spent = 0
        most = min(left, self.block_seconds)
        if most == 0:
            yield env.timeout(settled_in)
        while spent < most:
            work = duty.unfinished or duty.desk.take(self)
            duty.unfinished = None
            if work is None:
                break
            part = min(work.seconds, left - spent)
            began = env.now + settled_in
            yield env.timeout(settled_in + part / SECONDS_PER_HOUR)
            settled_in = 0.0
            spent += part
            work.seconds -= part
            self.slices.add((self.name, duty.activity, work.piece, began, env.now, work.seconds == 0))
            if work.seconds == 0 or work.divisible:
                work.done(began, env.now)
            else:
                duty.unfinished = work
            if self.dialogue is not None and duty is not self.dialogue and self.has_urgent_work():
                break
        if spent + switching == 0:
            raise RuntimeError(f"{duty.activity} said that it had work, and gave none")
        duty.arrears -= spent / duty.share
        self.uncredited += spent
        at_work = came + switching / SECONDS_PER_HOUR
        if switching:
            self.blocks.add((self.name, SWITCHING, came, at_work))
        if spent:
            self.blocks.add((self.name, duty.activity, at_work, env.now))
        self.book(duty.activity, spent)
        self.book(SWITCHING, switching)
        return switching + spent

    def be_shown(self, left: int) -> Seconds:
        """Spend the first hours on the job on learning the trade."""
        seconds = min(left, self.onboarding_left)
        began = self.env.now
        yield self.env.timeout(seconds / SECONDS_PER_HOUR)
        self.onboarding_left -= seconds
        self.blocks.add((self.name, ONBOARDING, began, self.env.now))
        self.book(ONBOARDING, seconds)
        return seconds

    def idle(self, left: int) -> Seconds:
        """Wait for something to come in; look round after a block, for what time alone brings rings no bell."""
        began = self.env.now
        yield self.bell.wait() | self.env.timeout(min(left, self.block_seconds) / SECONDS_PER_HOUR)
        seconds = min(left, math.ceil((self.env.now - began) * SECONDS_PER_HOUR - 1e-6))
        self.blocks.add((self.name, IDLE, began, self.env.now))
        self.book(IDLE, seconds)
        return seconds

    def book(self, purpose: str, seconds: int) -> None:
        """Write down time."""
        if seconds:
            self.booked[purpose] = self.booked.get(purpose, 0) + seconds


def team_of(
    setting: Setting, desks: Mapping[str, Desk], has_urgent_work: Callable[[], bool], management: Management
) -> list[Member]:
    """Return everyone who gives hours, at the most that the policy can come to."""
    team, policy = setting.scenario.team, setting.scenario.hours_policy
    return [
        Member(setting, name, spec, desks, has_urgent_work, management)
        for name, spec, _ in hours_by_member(team, policy.most(team.hours_per_week))
    ]
