"""Content: from material and ideas to drafts, and from approved drafts to posts. See docs/model.md, "Content"."""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import simpy

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK, hour_of_week
from sim.model.channels import Channel
from sim.model.record import Table
from sim.model.setting import Bell, Setting
from sim.model.streams import lognormal, pick
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import Format, Kind, Source
from sim.scenario.schema.content import Planned

if TYPE_CHECKING:
    from sim.model.validation import Validation

QUEUED, IN_REVIEW, SENT_BACK, PLANNED, APPROVED = (
    "waiting for review",
    "in review",
    "sent back",
    "waiting for its day",
    "approved",
)
PUBLISHED, EXPIRED = "published", "expired"
STAGES = (QUEUED, IN_REVIEW, SENT_BACK, APPROVED, PLANNED)
MINUTES_PER_HOUR = 60.0


class Pipeline:
    """The way of drafts to the channels: how many are on it, and a row for each stay in a stage."""

    def __init__(self, log: Table) -> None:
        self.log = log
        self.length = 0

    def moves(self, draft: "Draft", stage: str, now: float) -> None:
        """A draft leaves the stage it was in for another one."""
        if draft.state in STAGES:
            self.log.add((draft.number, draft.kind, draft.state, draft.since, now))
            self.length -= 1
        if stage in STAGES:
            self.length += 1
        else:
            draft.settled_at = now
        draft.state, draft.since = stage, now


class Draft:
    """A piece on its way to the channels."""

    __slots__ = (
        "due_at", "fading", "form", "kind", "made_at", "number", "pipeline", "quality", "reminded", "reminder", "reworked",
        "rounds", "seconds", "settled_at", "since", "state", "topicality", "worthless_at",
    )  # fmt: skip

    def __init__(self, number: int, kind: Kind, form: Format, pipeline: Pipeline) -> None:
        self.number, self.kind, self.form, self.pipeline = number, kind, form, pipeline
        self.made_at = self.quality = self.fading = 0.0
        self.due_at, self.worthless_at, self.topicality = 0.0, math.inf, 1.0
        self.rounds = self.seconds = 0
        self.state, self.since = "made", math.nan
        self.settled_at: float | None = None
        self.reminded = False
        self.reminder: simpy.Event | None = None
        self.reworked: simpy.Event

    def enter(self, stage: str, now: float) -> None:
        """Leave the stage it was in for another one."""
        self.pipeline.moves(self, stage, now)


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
        """Whether there is a piece to use."""
        return now >= self.ready_at

    def add(self, now: float, pieces: float) -> None:
        """So many pieces more, beyond the steady feed (fewer, if negative)."""
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
    """What analysed trends give to drafts that are begun while they are fresh."""

    factor: float
    worthless_after_hours: float
    until: float = -math.inf


class EditorialCalendar:
    """Posts that belong to a day, in the order in which work on them may begin."""

    def __init__(self, planned: Mapping[str, Planned], horizon: float) -> None:
        occasions = []
        for plan in planned.values():
            due = plan.week * HOURS_PER_WEEK + hour_of_week(plan.slot)
            while due < horizon:
                occasions.append((due - plan.lead_weeks * HOURS_PER_WEEK, due, plan))
                if plan.every_weeks == 0:
                    break
                due += plan.every_weeks * HOURS_PER_WEEK
        self._occasions = deque(sorted(occasions, key=lambda one: one[:2]))

    def next(self, now: float) -> tuple[float, Planned] | None:
        """When the next post is due that may be worked on and is not too late, and what is planned."""
        while self._occasions and self._occasions[0][0] <= now:
            _, due, plan = self._occasions[0]
            if now <= due + plan.worthless_after_weeks * HOURS_PER_WEEK:
                return due, plan
            self._occasions.popleft()
        return None

    def begun(self) -> None:
        """The next one is in hand."""
        self._occasions.popleft()


class ContentDesk:
    """Making drafts out of material and ideas: what was sent back first, then what is planned, then the usual mix."""

    def __init__(self, setting: Setting) -> None:
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
        self.sent_back: deque[Draft] = deque()
        self.made: list[Draft] = []
        self.begun = 0
        self.validation: Validation

    def has_work(self) -> bool:
        """Whether a draft waits for rework, or there is something to make one from."""
        now = self.env.now
        return bool(self.sent_back) or any(now >= shelf.ready_at for shelf in self._usual) or self._next_planned() is not None

    def take(self, worker: Worker) -> Work | None:
        """Rework first, then what is planned; else the next draft of the mix."""
        if self.sent_back:
            return self._rework(self.sent_back.popleft(), worker)
        planned = self._next_planned()
        if planned is not None:
            due, plan, form, shelf = planned
            self.calendar.begun()
            draft = self._begin(plan.kind, form, shelf)
            draft.topicality = plan.topicality
            draft.due_at, draft.worthless_at = due, due + plan.worthless_after_weeks * HOURS_PER_WEEK
            return self._make(draft, worker)
        chosen = self._next_format()
        if chosen is None:
            return None
        draft = self._begin(*chosen)
        if self.env.now < self.topicality.until:
            draft.topicality = self.topicality.factor
            draft.worthless_at = min(draft.worthless_at, self.env.now + self.topicality.worthless_after_hours)
        return self._make(draft, worker)

    def inspire(self, source: str, pieces: float) -> None:
        """Something new to write about, beyond the usual feed."""
        self.shelves[source].add(self.env.now, pieces)

    def _begin(self, kind: Kind, form: Format, shelf: Shelf) -> Draft:
        shelf.add(self.env.now, -1.0)
        draft = Draft(self.begun, kind, form, self.pipeline)
        self.begun += 1
        draft.fading = rules.decay_rate(shelf.spec.topicality_half_life_weeks * HOURS_PER_WEEK)
        if shelf.spec.worthless_after_weeks > 0.0:
            draft.worthless_at = self.env.now + shelf.spec.worthless_after_weeks * HOURS_PER_WEEK
        return draft

    def _make(self, draft: Draft, worker: Worker) -> Work:
        minutes = draft.form.minutes
        own = lognormal(self._minutes_u(draft.number), minutes.median, minutes.sigma)
        draft.seconds = whole_seconds(own, worker.speed("content"))
        draft.quality = rules.draft_quality(draft.form.quality, worker.quality("content"), draft.topicality)

        def finish(_: float, ended: float) -> None:
            draft.made_at = ended
            self.made.append(draft)
            self.validation.submit(draft)

        return Work(draft.seconds, finish)

    def _rework(self, draft: Draft, worker: Worker) -> Work:
        seconds = whole_seconds(draft.form.minutes.median * self.rework_share, worker.speed("content"))
        draft.seconds += seconds
        return Work(seconds, lambda began, ended: draft.reworked.succeed())

    def _next_planned(self) -> tuple[float, Planned, Format, Shelf] | None:
        """The next planned post that may be worked on, if there is material for it."""
        following = self.calendar.next(self.env.now)
        if following is None:
            return None
        due, plan = following
        form = next(form for kind, form in self.formats if kind == plan.kind)
        shelf = self._stocked(form)
        return None if shelf is None else (due, plan, form, shelf)

    def _next_format(self) -> tuple[Kind, Format, Shelf] | None:
        """The format drawn for the next draft; if its sources are empty, the likeliest of those whose are not."""
        kind, form = self.formats[pick(self._format_u(self.begun), self._bounds)]
        shelf = self._stocked(form)
        if shelf is not None:
            return kind, form, shelf
        stocked = [(kind, form, self._stocked(form)) for kind, form in self.formats if form.mix > 0.0]
        possible = [(kind, form, shelf) for kind, form, shelf in stocked if shelf is not None]
        return max(possible, key=lambda one: one[1].mix) if possible else None

    def _stocked(self, form: Format) -> Shelf | None:
        """The first of a format's sources that holds a piece."""
        now = self.env.now
        return next((self.shelves[name] for name in form.sources if self.shelves[name].holds_one(now)), None)


class PublishingDesk:
    """Putting approved drafts on their channels: those that belong to this day, then the others, first come, first served."""

    def __init__(self, setting: Setting, channels: dict[str, Channel], liveliness_boost: Callable[[float], float]) -> None:
        self.env, self.record, self.channels = setting.env, setting.record, channels
        self.bell: Bell = setting.bell
        spec = setting.scenario.content
        self.minutes, self.minutes_further = spec.minutes_to_publish, spec.minutes_further_channel
        self.boost = liveliness_boost
        self.waiting: deque[Draft] = deque()

    def add(self, draft: Draft) -> None:
        """An approved draft, to go on every channel of its format; one that belongs to a day before the others."""
        draft.enter(APPROVED, self.env.now)
        planned = sum(1 for one in self.waiting if one.due_at > 0.0) if draft.due_at > 0.0 else len(self.waiting)
        self.waiting.insert(planned, draft)
        self.bell.ring()

    def has_work(self) -> bool:
        """Whether anything waits to be published; what would come too late is dropped."""
        now = self.env.now
        while self.waiting and now + self._minutes(self.waiting[0]) / MINUTES_PER_HOUR > self.waiting[0].worthless_at:
            self.waiting.popleft().enter(EXPIRED, now)
        return bool(self.waiting)

    def take(self, worker: Worker) -> Work | None:
        """The next piece, on all its channels; cutting it for each further channel takes extra minutes."""
        if not self.has_work():
            return None
        draft = self.waiting.popleft()
        seconds = whole_seconds(self._minutes(draft), worker.speed("publishing"))
        return Work(seconds, lambda began, ended: self._set_up(draft))

    def _minutes(self, draft: Draft) -> float:
        return self.minutes + self.minutes_further * (len(draft.form.channels) - 1) if draft.form.channels else 0.0

    def _set_up(self, draft: Draft) -> None:
        """Everything is ready: a planned post goes out by itself on its day, any other at once."""
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
        quality = draft.quality * math.exp(-draft.fading * (now - draft.made_at))
        boost = self.boost(now)
        for name in draft.form.channels:
            factor = self.channels[name].post(draft.kind, quality, boost)
            self.record.posts.add((now, name, draft.number, draft.kind, quality, factor))
        draft.enter(PUBLISHED, now)
