"""Content: from material and ideas to drafts. See docs/model.md, "Content"."""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK, hour_of_week
from sim.model.drafts import EXPIRED, Draft, Pipeline
from sim.model.setting import Setting
from sim.model.streams import lognormal, pick
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import Format, Kind, Source
from sim.scenario.schema.content import Planned

FIRST_PLANNED = 1 << 32  # planned drafts have numbers, and so draws, of their own, whatever the mix has come to


class Shelf:
    """Material that comes in at a steady rate and is of use for some weeks."""

    __slots__ = ("at", "per_hour", "ready_at", "room", "spec", "stock")

    def __init__(self, spec: Source) -> None:
        self.spec = spec
        self.per_hour = spec.per_week / HOURS_PER_WEEK
        self.room = spec.per_week * spec.keeps_weeks
        self.at = self.ready_at = self.stock = 0.0
        self.add(0.0, min(spec.per_week, self.room))

    def holds_one(self, now: float) -> bool:
        """Return whether there is a piece to use."""
        return now >= self.ready_at

    def add(self, now: float, pieces: float) -> None:
        """Add so many pieces, beyond the steady feed (take them away, if negative)."""
        fed = min(max(self.room, self.stock), self.stock + self.per_hour * (now - self.at))
        self.stock, self.at = fed + pieces, now
        if self.stock >= 1.0:
            self.ready_at = now
        elif self.per_hour > 0.0 and self.room >= 1.0:
            self.ready_at = now + (1.0 - self.stock) / self.per_hour
        else:
            self.ready_at = math.inf


@dataclass
class Topicality:
    """The gain from analysed trends for drafts that are begun while these are fresh."""

    factor: float
    worthless_after_hours: float
    until: float = -math.inf


class Occasion(NamedTuple):
    """A planned post: when work on it may begin, when it is to go out, when it is too late."""

    opens_at: float
    due_at: float
    worthless_at: float
    number: int
    plan: Planned


class EditorialCalendar:
    """Posts that belong to a day, in the order in which work on them may begin."""

    def __init__(self, planned: Mapping[str, Planned], horizon: float) -> None:
        occasions: list[Occasion] = []
        for plan in planned.values():
            due = plan.week * HOURS_PER_WEEK + hour_of_week(plan.slot)
            while due < horizon:
                opens_at = due - plan.lead_weeks * HOURS_PER_WEEK
                worthless_at = due + plan.worthless_after_weeks * HOURS_PER_WEEK
                occasions.append(Occasion(opens_at, due, worthless_at, FIRST_PLANNED + len(occasions), plan))
                if plan.every_weeks == 0:
                    break
                due += plan.every_weeks * HOURS_PER_WEEK
        self._occasions = sorted(occasions, key=lambda one: one[:2])

    def open(self, now: float) -> list[Occasion]:
        """Return those that may be worked on, and strike off those that are too late."""
        if not self._occasions or self._occasions[0].opens_at > now:
            return []
        self._occasions = [one for one in self._occasions if one.worthless_at >= now]
        return [one for one in self._occasions if one.opens_at <= now]

    def begun(self, occasion: Occasion) -> None:
        """Strike off one that is in hand."""
        self._occasions.remove(occasion)


class ContentDesk:
    """Making drafts out of material and ideas: what was sent back first, then what is planned, then the usual mix."""

    def __init__(self, setting: Setting, sent_back: deque[Draft], submit: Callable[[Draft], None]) -> None:
        """Take up again what is on `sent_back`; `submit` what is made."""
        self.env, self.pipeline = setting.env, Pipeline(setting.record.stages)
        scenario = setting.scenario
        spec = scenario.content
        self.rework_share = scenario.validation.rework_share
        self.formats: list[tuple[Kind, Format]] = list(spec.formats.items())
        self._bounds = tuple(accumulate(form.mix for _, form in self.formats))
        self.shelves = {name: Shelf(source) for name, source in spec.sources.items()}
        used = {name: None for _, form in self.formats if form.mix > 0.0 for name in form.sources}
        self._usual = [self.shelves[name] for name in used]
        self.calendar = EditorialCalendar(spec.planned, setting.horizon)
        weak = scenario.weak_signals
        self.topicality = Topicality(weak.topicality, weak.topical_worthless_after_weeks * HOURS_PER_WEEK)
        self._format_u, self._minutes_u = setting.streams["format"], setting.streams["making minutes"]
        self.sent_back, self.submit = sent_back, submit
        self.made: list[Draft] = []
        self.begun = 0

    def has_work(self) -> bool:
        """Return whether a draft waits for rework that is still worth it, or there is something to make one from."""
        now = self.env.now
        while self.sent_back and now > self.sent_back[0].worthless_at:
            self.sent_back.popleft().enter(EXPIRED, now)
        return bool(self.sent_back) or any(now >= shelf.ready_at for shelf in self._usual) or self._next_planned() is not None

    def take(self, worker: Worker) -> Work | None:
        """Take rework first, then what is planned; else the next draft of the mix."""
        if not self.has_work():
            return None
        if self.sent_back:
            return self._rework(self.sent_back.popleft(), worker)
        planned = self._next_planned()
        if planned is not None:
            occasion, form, shelf = planned
            self.calendar.begun(occasion)
            draft = self._begin(occasion.number, occasion.plan.kind, form, shelf)
            draft.topicality, draft.due_at = occasion.plan.topicality, occasion.due_at
            draft.worthless_at = min(draft.worthless_at, occasion.worthless_at)
            return self._make(draft, worker)
        chosen = self._next_format()
        if chosen is None:
            return None
        draft = self._begin(self.begun, *chosen)
        self.begun += 1
        if self.env.now < self.topicality.until:
            draft.topicality = self.topicality.factor
            draft.worthless_at = min(draft.worthless_at, self.env.now + self.topicality.worthless_after_hours)
        return self._make(draft, worker)

    def dissolve(self) -> None:
        """Forget all drafts."""
        self.made.clear()
        self.sent_back.clear()

    def inspire(self, source: str, pieces: float) -> None:
        """Add something new to write about, beyond the usual feed."""
        self.shelves[source].add(self.env.now, pieces)

    def _begin(self, number: int, kind: Kind, form: Format, shelf: Shelf) -> Draft:
        shelf.add(self.env.now, -1.0)
        draft = Draft(number, kind, form, self.pipeline)
        draft.fading = rules.decay_rate(shelf.spec.topicality_half_life_weeks * HOURS_PER_WEEK)
        if shelf.spec.worthless_after_weeks > 0.0:
            draft.worthless_at = self.env.now + shelf.spec.worthless_after_weeks * HOURS_PER_WEEK
        return draft

    def _make(self, draft: Draft, worker: Worker) -> Work:
        minutes = draft.form.minutes
        own = lognormal(self._minutes_u(draft.number), minutes.median, minutes.sigma)
        draft.seconds = whole_seconds(own, worker.speed("content"))
        draft.quality = rules.quality(draft.form.quality, worker.quality("content"), draft.topicality)

        def finish(_: float, ended: float) -> None:
            draft.made_at = ended
            self.made.append(draft)
            self.submit(draft)

        return Work(draft.seconds, finish, piece=draft.number)

    def _rework(self, draft: Draft, worker: Worker) -> Work:
        seconds = whole_seconds(draft.form.minutes.median * self.rework_share, worker.speed("content"))
        draft.seconds += seconds
        return Work(seconds, lambda began, ended: draft.reworked.succeed(), piece=draft.number)

    def _next_planned(self) -> tuple[Occasion, Format, Shelf] | None:
        """Return the next planned post that may be worked on and for which there is material."""
        for occasion in self.calendar.open(self.env.now):
            form = next(form for kind, form in self.formats if kind == occasion.plan.kind)
            shelf = self._stocked(form)
            if shelf is not None:
                return occasion, form, shelf
        return None

    def _next_format(self) -> tuple[Kind, Format, Shelf] | None:
        """Return the format drawn for the next draft; if its sources are empty, the likeliest of those whose are not."""
        kind, form = self.formats[pick(self._format_u(self.begun), self._bounds)]
        shelf = self._stocked(form)
        if shelf is not None:
            return kind, form, shelf
        stocked = [(kind, form, self._stocked(form)) for kind, form in self.formats if form.mix > 0.0]
        possible = [(kind, form, shelf) for kind, form, shelf in stocked if shelf is not None]
        return max(possible, key=lambda one: one[1].mix) if possible else None

    def _stocked(self, form: Format) -> Shelf | None:
        """Return the first of a format's sources that holds a piece."""
        now = self.env.now
        return next((self.shelves[name] for name in form.sources if self.shelves[name].holds_one(now)), None)
