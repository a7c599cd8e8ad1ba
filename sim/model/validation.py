"""Validation: drafts that experts or lawyers must approve before they are published."""

from collections import deque
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.drafts import EXPIRED, IN_REVIEW, QUEUED, SENT_BACK, Draft
from sim.model.publishing import PublishingDesk
from sim.model.setting import Setting
from sim.model.streams import lognormal
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema.content import Reviewers

Process = Generator[simpy.Event, Any, None]


class Panel:
    """Reviewers of one kind, who give a few hours per week."""

    def __init__(self, setting: Setting, name: str, spec: Reviewers) -> None:
        self.name, self.spec, streams = name, spec, setting.streams
        self.people = simpy.Resource(setting.env, capacity=max(1, spec.people))
        # reading is spread over working days: with 2 hours per week for it, an hour's reading takes half a week
        self.elapsed_per_hour = setting.calendar.open_hours_per_week / spec.hours_per_week if spec.hours_per_week > 0 else None
        self._must_see_u, self._hours_u = streams[f"reviewed/{name}"], streams[f"review hours/{name}"]
        self._approved_u = streams[f"approved/{name}"]

    def must_see(self, draft: Draft) -> bool:
        """Return whether a draft needs their approval."""
        return self._must_see_u(draft.number) < self.spec.share_of(draft.kind)

    def elapsed_hours(self, draft: Draft, number: int) -> float:
        """Return the hours of working days that the reading of a draft takes in its n-th round here."""
        own = lognormal(self._hours_u(draft.number, number), self.spec.review_hours.median, self.spec.review_hours.sigma)
        return own * (self.elapsed_per_hour or 0.0)

    def approves(self, draft: Draft, number: int) -> bool:
        """Return what they say at the end of the n-th round."""
        return self._approved_u(draft.number, number) < self.spec.share_approved


class Validation:
    """The way of a draft past all who must approve it, and the desk from which they are reminded."""

    def __init__(self, setting: Setting, sent_back: deque[Draft], publishing: PublishingDesk) -> None:
        """Put on `sent_back`, for rework, what reviewers do not approve."""
        self.env, self.bell, self.calendar = setting.env, setting.bell, setting.calendar
        self.sent_back, self.publishing = sent_back, publishing
        self.spec = setting.scenario.validation
        self.panels = [Panel(setting, name, spec) for name, spec in self.spec.reviewers.items()]
        self._to_chase: deque[Draft] = deque()

    def submit(self, draft: Draft) -> None:
        """Submit a draft to the reviewers who must see it, else straight to publishing."""
        panels = [panel for panel in self.panels if panel.must_see(draft)]
        if panels:
            self.env.process(self.approve(draft, panels))
        else:
            self.publishing.add(draft)

    def approve(self, draft: Draft, panels: list[Panel]) -> Process:
        """Ask kind after kind, round after round, until all approve or the draft has lost its worth."""
        for panel in panels:
            number, approved = 0, False
            while not approved:
                draft.enter(QUEUED, self.env.now, panel.name)
                draft.reminded, draft.reminder = False, None
                self._to_chase.append(draft)
                self.bell.ring()
                with panel.people.request() as turn:
                    yield turn
                    if self.env.now > draft.worthless_at:
                        draft.enter(EXPIRED, self.env.now)
                        return
                    draft.enter(IN_REVIEW, self.env.now, panel.name)
                    yield from self.read(draft, panel, number)
                approved = panel.approves(draft, number)
                draft.rounds += 1
                number += 1
                if not approved:
                    draft.enter(SENT_BACK, self.env.now, panel.name)
                    draft.reworked = self.env.event()
                    self.sent_back.append(draft)
                    self.bell.ring()
                    yield draft.reworked
        self.publishing.add(draft)

    def read(self, draft: Draft, panel: Panel, number: int) -> Process:
        """Read a draft, once a reviewer gets round to it; a reminder, before or during, cuts what is left of the wait."""
        if panel.elapsed_per_hour is None:
            yield self.env.event()  # nobody ever does
            return
        env, later, kept = self.env, self.calendar.later, 1.0 - self.spec.chase_cut
        hours = panel.elapsed_hours(draft, number)
        if draft.reminded:
            yield env.timeout(later(env.now, hours * kept) - env.now)
            return
        began = env.now
        draft.reminder = env.event()
        yield env.timeout(later(began, hours) - began) | draft.reminder
        if draft.reminded:
            left = max(0.0, hours - self.calendar.open_hours(began, env.now))
            yield env.timeout(later(env.now, left * kept) - env.now)

    def has_work(self) -> bool:
        """Return whether a draft is with the reviewers that nobody has asked about this round."""
        waiting = self._to_chase
        while waiting and (waiting[0].state not in (QUEUED, IN_REVIEW) or waiting[0].reminded):
            waiting.popleft()
        return bool(waiting)

    def take(self, worker: Worker) -> Work | None:
        """Remind the reviewers of the draft that has waited longest."""
        if not self.has_work():
            return None
        draft = self._to_chase.popleft()
        seconds = whole_seconds(self.spec.chase_minutes, worker.speed("validation"))
        return Work(seconds, lambda began, ended: self._remind(draft), piece=draft.number)

    def _remind(self, draft: Draft) -> None:
        if draft.state in (QUEUED, IN_REVIEW) and not draft.reminded:
            draft.reminded = True
            if draft.reminder is not None and not draft.reminder.triggered:
                draft.reminder.succeed()
