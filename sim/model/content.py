"""Content: from material and ideas to drafts, and from approved drafts to posts. See docs/model.md, "Content"."""

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import simpy

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.setting import Setting
from sim.model.streams import pick
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import Format, Kind

if TYPE_CHECKING:
    from sim.model.validation import Validation


class Draft:
    """A piece on its way to the channels."""

    __slots__ = (
        "form",
        "kind",
        "made_at",
        "number",
        "quality",
        "reminded",
        "reminder",
        "reworked",
        "rounds",
        "settled_at",
        "state",
    )

    def __init__(self, number: int, kind: Kind, form: Format, made_at: float, quality: float) -> None:
        self.number, self.kind, self.form, self.made_at, self.quality = number, kind, form, made_at, quality
        self.rounds = 0
        self.state = "made"
        self.settled_at: float | None = None
        self.reminded = False
        self.reminder: simpy.Event | None = None
        self.reworked: simpy.Event


class Shelf:
    """Material that comes in at a steady rate and is of use for some weeks."""

    __slots__ = ("at", "per_hour", "room", "stock")

    def __init__(self, per_week: float, weeks: float) -> None:
        self.per_hour = per_week / HOURS_PER_WEEK
        self.room = per_week * weeks
        self.stock, self.at = min(per_week, self.room), 0.0

    def holds_one(self, now: float) -> bool:
        """Whether there is a piece to use."""
        self.stock = min(self.room, self.stock + self.per_hour * (now - self.at))
        self.at = now
        return self.stock >= 1.0


class ContentDesk:
    """Making drafts: raw and adapted ones use up corporate material, original ones use up ideas."""

    def __init__(self, setting: Setting) -> None:
        self.env = setting.env
        spec = setting.scenario.content
        self.rework_share = setting.scenario.validation.rework_share
        self.formats: list[tuple[Kind, Format]] = list(spec.formats.items())
        bounds, total = [], 0.0
        for _, form in self.formats:
            total += form.mix
            bounds.append(total)
        self._bounds = tuple(bounds)
        self.shelves = {
            "inventory": Shelf(spec.inventory_per_week, spec.shelf_weeks),
            "ideas": Shelf(spec.ideas_per_week, spec.shelf_weeks),
        }
        self._format_u = setting.streams["format"]
        self.sent_back: deque[Draft] = deque()
        self.made: list[Draft] = []
        self.begun = 0
        self.validation: Validation

    def has_work(self) -> bool:
        """Whether a draft waits for rework, or there is something to make one from."""
        return bool(self.sent_back) or self._next_format() is not None

    def take(self, worker: Worker) -> Work | None:
        """Rework first; else the next draft."""
        if self.sent_back:
            draft = self.sent_back.popleft()
            minutes = draft.form.minutes * self.rework_share
            return Work(whole_seconds(minutes, worker.speed("content")), lambda began, ended: draft.reworked.succeed())
        chosen = self._next_format()
        if chosen is None:
            return None
        kind, form = chosen
        self.shelves[form.source].stock -= 1.0
        number = self.begun
        self.begun += 1
        skill = worker.quality("content")

        def finish(_: float, ended: float) -> None:
            draft = Draft(number, kind, form, ended, rules.draft_quality(form.quality, skill, 1.0))
            self.made.append(draft)
            self.validation.submit(draft)

        return Work(whole_seconds(form.minutes, worker.speed("content")), finish)

    def _next_format(self) -> tuple[Kind, Format] | None:
        """The format drawn for the next draft; if its source is empty, the likeliest of those whose source is not."""
        now = self.env.now
        drawn = self.formats[pick(self._format_u(self.begun), self._bounds)]
        if self.shelves[drawn[1].source].holds_one(now):
            return drawn
        others = [one for one in self.formats if one[1].mix > 0.0 and self.shelves[one[1].source].holds_one(now)]
        return max(others, key=lambda one: one[1].mix) if others else None


class PublishingDesk:
    """Putting approved drafts on their channels, first come, first served."""

    def __init__(self, setting: Setting, channels: dict[str, Channel], liveliness_boost: Callable[[float], float]) -> None:
        self.env, self.record, self.channels = setting.env, setting.record, channels
        spec = setting.scenario.content
        self.minutes = spec.minutes_to_publish
        self.fading = rules.decay_rate(spec.topicality_half_life_weeks * HOURS_PER_WEEK)
        self.boost = liveliness_boost
        self.waiting: deque[Draft] = deque()

    def add(self, draft: Draft) -> None:
        """An approved draft, to go on every channel of its format."""
        draft.state = "approved"
        self.waiting.append(draft)

    def has_work(self) -> bool:
        """Whether anything waits to be published."""
        return bool(self.waiting)

    def take(self, worker: Worker) -> Work | None:
        """The next piece, on all its channels; each takes its minutes."""
        if not self.waiting:
            return None
        draft = self.waiting.popleft()
        minutes = self.minutes * len(draft.form.channels)
        return Work(whole_seconds(minutes, worker.speed("publishing")), lambda began, ended: self._publish(draft))

    def _publish(self, draft: Draft) -> None:
        now = self.env.now
        quality = draft.quality * math.exp(-self.fading * (now - draft.made_at))
        boost = self.boost(now)
        for name in draft.form.channels:
            factor = self.channels[name].post(draft.kind, quality, boost)
            self.record.posts.add((now, name, draft.number, draft.kind, quality, factor))
        draft.state, draft.settled_at = "published", now
