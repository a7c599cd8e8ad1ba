"""Publishing: from approved drafts to posts. See docs/model.md, "Content"."""

import math
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.drafts import APPROVED, EXPIRED, PLANNED, PUBLISHED, Draft
from sim.model.setting import Setting
from sim.model.streams import lognormal_of_mean_one
from sim.model.work import Work, Worker, whole_seconds

Process = Generator[simpy.Event, Any, None]

MINUTES_PER_HOUR = 60.0
FRESH_HOURS = HOURS_PER_WEEK  # what was published longer ago is neither passed on nor sponsored


class PublishingDesk:
    """Putting approved drafts on their channels: those that belong to this day, then the others, first come, first served."""

    def __init__(self, setting: Setting, channels: dict[str, Channel], liveliness_boost: Callable[[float], float]) -> None:
        self.env, self.record, self.channels = setting.env, setting.record, channels
        self.bell, self.calendar, self.weeks = setting.bell, setting.calendar, setting.scenario.time.horizon_weeks
        spec = setting.scenario.content
        self.minutes, self.minutes_further = spec.minutes_to_publish, spec.minutes_further_channel
        self.boost = liveliness_boost
        self._luck_u = {name: setting.streams.sparse(f"luck of a post/{name}") for name in channels}
        self.waiting: deque[Draft] = deque()
        self.latest: Draft | None = None  # published

    def add(self, draft: Draft) -> None:
        """Add an approved draft, to be posted on every channel of its format; one that belongs to a day goes first."""
        draft.enter(APPROVED, self.env.now)
        planned = sum(1 for one in self.waiting if one.due_at > 0.0) if draft.due_at > 0.0 else len(self.waiting)
        self.waiting.insert(planned, draft)
        self.bell.ring()

    def has_work(self) -> bool:
        """Return whether anything waits to be published, and drop what would come too late."""
        now = self.env.now
        while self.waiting and now + self._minutes(self.waiting[0]) / MINUTES_PER_HOUR > self.waiting[0].worthless_at:
            self.waiting.popleft().enter(EXPIRED, now)
        return bool(self.waiting)

    def take(self, worker: Worker) -> Work | None:
        """Take the next piece, for all its channels; cutting it for each further channel takes extra minutes."""
        if not self.has_work():
            return None
        draft = self.waiting.popleft()
        seconds = whole_seconds(self._minutes(draft), worker.speed("publishing"))
        return Work(seconds, lambda began, ended: self._set_up(draft), piece=draft.number)

    def _minutes(self, draft: Draft) -> float:
        return self.minutes + self.minutes_further * (len(draft.form.channels) - 1) if draft.form.channels else 0.0

    def _set_up(self, draft: Draft) -> None:
        """Set up what is ready: a planned post goes out by itself on its day, any other at once."""
        now = self.env.now
        if now < draft.due_at:
            draft.enter(PLANNED, now)
            self.env.timeout(draft.due_at - now).callbacks.append(lambda _: self._publish(draft))
        else:
            self._publish(draft)

    def _publish(self, draft: Draft) -> None:
        now = self.env.now
        if now > draft.worthless_at:
            draft.enter(EXPIRED, now)
            return
        quality = self.quality(draft)
        boost = self.boost(now) * draft.form.reach
        for name in draft.form.channels:
            channel = self.channels[name]
            post = channel.post(draft.kind, quality, boost * self._luck(channel, draft.number), draft.form.engagement)
            self.record.posts.add((now, name, draft.number, draft.kind, quality, post.frequency_factor, post.reach))
        draft.enter(PUBLISHED, now)
        if draft.form.channels:
            self.latest = draft

    def show_again(self, hour: float, show: Callable[[Draft, float], object]) -> Process:
        """Let the latest piece be shown again at an hour of every working day until the horizon, with its quality by then.

        Nothing is shown while what was published last is no longer fresh.
        """
        first = math.ceil((self.env.now - hour) / HOURS_PER_DAY)
        for day in range(max(0, first), self.weeks * DAYS_PER_WEEK):
            if not self.calendar.is_working_day(day):
                continue
            yield self.env.timeout(day * HOURS_PER_DAY + hour - self.env.now)
            draft = self.latest
            if draft is not None and self.env.now - draft.since <= FRESH_HOURS:
                show(draft, self.quality(draft))

    def quality(self, draft: Draft) -> float:
        """Return what is left of a draft's quality now."""
        return draft.quality * math.exp(-draft.fading * (self.env.now - draft.made_at))

    def _luck(self, channel: Channel, number: int) -> float:
        """Return what chance makes of the reach of a piece on a channel, on average 1."""
        return lognormal_of_mean_one(self._luck_u[channel.name](number), channel.spec.reach_sigma)
