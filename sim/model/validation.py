"""Validation: drafts that experts or lawyers must approve before they are published."""

from collections import deque
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.content import ContentDesk, Draft, PublishingDesk
from sim.model.setting import Setting
from sim.model.streams import lognormal
from sim.model.work import Work, Worker, whole_seconds

Process = Generator[simpy.Event, Any, None]


class Validation:
    """Reviewers, who give a few hours a week, and the desk from which drafts are chased."""

    def __init__(self, setting: Setting, content: ContentDesk, publishing: PublishingDesk) -> None:
        self.env, self.bell = setting.env, setting.bell
        self.content, self.publishing = content, publishing
        self.spec = setting.scenario.validation
        streams = setting.streams
        self.reviewers = simpy.Resource(self.env, capacity=self.spec.reviewers)
        # reviewing is spread over the week: a reviewer with 2 hours for it gets through 1 hour's reading in half a week
        self.elapsed_per_hour = HOURS_PER_WEEK / self.spec.hours_per_week if self.spec.hours_per_week > 0 else None
        self._reviewed_u, self._hours_u, self._approved_u = streams["reviewed"], streams["review hours"], streams["approved"]
        self._to_chase: deque[Draft] = deque()

    def submit(self, draft: Draft) -> None:
        """A draft is made: to the reviewers if it needs them, else straight to publishing."""
        if self._reviewed_u(draft.number) < draft.form.share_reviewed:
            self.env.process(self.approve(draft))
        else:
            self.publishing.add(draft)

    def approve(self, draft: Draft) -> Process:
        """Round after round, until a reviewer approves."""
        while True:
            draft.state, draft.reminded, draft.reminder = "in review", False, None
            self._to_chase.append(draft)
            with self.reviewers.request() as turn:
                yield turn
                yield from self.read(draft)
            approved = self._approved_u(draft.number, draft.rounds) < self.spec.share_approved
            draft.rounds += 1
            if approved:
                break
            draft.state = "sent back"
            draft.reworked = self.env.event()
            self.content.sent_back.append(draft)
            self.bell.ring()
            yield draft.reworked
        self.publishing.add(draft)
        self.bell.ring()

    def read(self, draft: Draft) -> Process:
        """A reviewer gets round to a draft; a reminder, before or during, cuts what is left of the wait."""
        if self.elapsed_per_hour is None:
            yield self.env.event()  # nobody ever does
            return
        own = lognormal(self._hours_u(draft.number, draft.rounds), self.spec.review_hours.median, self.spec.review_hours.sigma)
        wait = own * self.elapsed_per_hour
        kept = 1.0 - self.spec.chase_cut
        if draft.reminded:
            yield self.env.timeout(wait * kept)
            return
        began = self.env.now
        draft.reminder = self.env.event()
        yield self.env.timeout(wait) | draft.reminder
        if draft.reminded:
            yield self.env.timeout(max(0.0, wait - (self.env.now - began)) * kept)

    def has_work(self) -> bool:
        """Whether a draft is with the reviewers that nobody has asked about this round."""
        waiting = self._to_chase
        while waiting and (waiting[0].state != "in review" or waiting[0].reminded):
            waiting.popleft()
        return bool(waiting)

    def take(self, worker: Worker) -> Work | None:
        """Remind the reviewers of the draft that has waited longest."""
        if not self.has_work():
            return None
        draft = self._to_chase.popleft()
        return Work(
            whole_seconds(self.spec.chase_minutes, worker.speed("validation")), lambda began, ended: self._remind(draft)
        )

    def _remind(self, draft: Draft) -> None:
        if draft.state == "in review" and not draft.reminded:
            draft.reminded = True
            if draft.reminder is not None and not draft.reminder.triggered:
                draft.reminder.succeed()
