"""Dialogue: conversations that wait for an answer, not for ever. See docs/model.md, "Dialogue"."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable

from sim.model import rules
from sim.model.accounts import Account
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.setting import Setting
from sim.model.streams import lognormal
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema import ConversationKind, Talk

WAITING, IN_HAND, ANSWERED, MISSED, OFFLINE = "waiting", "in hand", "answered", "missed", "offline"
PRIVATE = frozenset({"buyer_message", "outreach", "crisis"})  # these have effects of their own, not on an account's trust
OWN_DOING = frozenset({"outreach", "spam", "crisis"})  # what the team is not asked
FIRST, USUAL, LAST = "first", "usual", "last"
NOBODY = -1  # in the record: the account of those who belong to none


class Conversation:
    """A message, and what its answer or its neglect will do."""

    __slots__ = ("account", "deadline", "kind", "number", "on_end", "opened_at", "spec", "state", "u_minutes")

    def __init__(
        self,
        number: int,
        kind: Talk,
        spec: ConversationKind,
        account: Account | None,
        opened_at: float,
        deadline: float,
        u_minutes: float,
        on_end: Callable[[str], None] | None,
    ) -> None:
        self.number, self.kind, self.spec, self.account = number, kind, spec, account
        self.opened_at, self.deadline = opened_at, deadline
        self.u_minutes, self.on_end = u_minutes, on_end
        self.state = WAITING


class Outlook:
    """Recent service levels: the share of messages answered, and after how long; an exponentially weighted mean."""

    __slots__ = ("_moments", "_shares", "delay", "share", "weight")

    def __init__(self, share: float, delay: float, weight: float) -> None:
        self.share, self.delay, self.weight = share, delay, weight
        self._moments: list[float] = []
        self._shares = [share]

    def note(self, now: float, answered: bool, delay: float) -> None:
        """Note one more message, answered or not."""
        self.expect(now, self.share + self.weight * (answered - self.share))
        if answered:
            self.delay += self.weight * (delay - self.delay)

    def expect(self, now: float, share: float) -> None:
        """Take a share to be usual from now on."""
        self.share = share
        self._moments.append(now)
        self._shares.append(share)

    def share_at(self, now: float) -> float:
        """Return the share that was usual at a moment, which may be past."""
        return self._shares[bisect_right(self._moments, now)]


class Dialogue:
    """The desk at which conversations wait: by priority of their kind, then first come, first served."""

    def __init__(self, setting: Setting) -> None:
        self.env, self.calendar = setting.env, setting.calendar
        self.record, self.bell, self.horizon, self.ledger = setting.record, setting.bell, setting.horizon, setting.ledger
        scenario = setting.scenario
        self.counted_from = scenario.time.warm_up_weeks * HOURS_PER_WEEK
        self.spec = scenario.dialogue
        self.minutes = self.spec.minutes
        self.reply_quality, self.gains = scenario.market.trust.reply_quality, setting.gains
        self._queues: dict[str, deque[Conversation]] = {FIRST: deque(), USUAL: deque(), LAST: deque()}
        self._in_order = tuple(self._queues.values())
        self._open: dict[int, Conversation] = {}
        self._opened = 0
        staffed = scenario.team.hours_per_week > 0.0 and scenario.team.split.dialogue > 0.0
        weight = min(1.0, 1.0 / self.spec.memory_messages)
        # what a ghost's message would meet: how those that come first fared lately
        self.outlook = Outlook(0.0, 0.5 * self.patience("buyer_message"), weight)
        if staffed and setting.starts_at == 0.0:
            self._begin()
        elif staffed:
            self.env.timeout(setting.starts_at).callbacks.append(lambda _: self._begin())
        # what people who might write have seen: how all messages fared lately
        self.impression = Outlook(0.0, 0.0, weight)

    def _begin(self) -> None:
        """Take a team that begins to answer everyone, until it shows otherwise."""
        self.outlook.expect(self.env.now, 1.0)

    def patience(self, kind: Talk) -> float:
        """Return the hours of working days for which a message of a kind is worth answering."""
        return self.spec.patience_hours * self._kind(kind).patience

    def value(self, kind: Talk) -> float:
        """Return what a reply of a kind gains and a miss loses, against the common figures."""
        return self._kind(kind).value

    def volume(self, now: float) -> float:
        """Return messages that come at a moment, over those that would come if none were ever answered."""
        return 1.0 + self.spec.replies_raise_volume * self.impression.share_at(now)

    def open(
        self,
        kind: Talk,
        account: Account | None,
        u_minutes: float,
        *,
        deadline: float | None = None,
        on_end: Callable[[str], None] | None = None,
    ) -> Conversation | None:
        """Open a conversation; `on_end` is told whether it was answered, missed, or overtaken by the horizon."""
        now, number = self.env.now, self._opened
        self._opened += 1
        if now >= self.horizon:
            self.record.conversations.add((kind, NOBODY if account is None else account.index, now, now, OFFLINE, number))
            if on_end is not None:
                on_end(OFFLINE)
            return None
        if deadline is None:
            deadline = self.calendar.later(now, self.patience(kind))
        one = Conversation(number, kind, self._kind(kind), account, now, deadline, u_minutes, on_end)
        self._open[number] = one
        self._queues[one.spec.priority].append(one)
        self.env.timeout(deadline - now).callbacks.append(lambda _: self._run_out(one))
        self.bell.ring()
        return one

    def waiting(self) -> int:
        """Count the conversations that wait or are in hand."""
        return len(self._open)

    def has_work(self) -> bool:
        """Return whether a conversation waits."""
        first, usual, last = self._in_order
        return self._next(first) is not None or self._next(usual) is not None or self._next(last) is not None

    def has_urgent_work(self) -> bool:
        """Return whether one waits that comes before anything else."""
        return self._next(self._in_order[0]) is not None

    def take(self, worker: Worker) -> Work | None:
        """Take the next conversation; a reply begun in time is in time."""
        for queue in self._in_order:
            one = self._next(queue)
            if one is not None:
                queue.popleft()
                return self._reply(one, worker)
        return None

    def close(self) -> None:
        """Let what is still open at the horizon go off line, without effect, in both worlds alike."""
        for one in list(self._open.values()):
            self._settle(one, OFFLINE)

    def dissolve(self) -> None:
        """Forget all conversations."""
        for queue in self._in_order:
            queue.clear()
        self._open.clear()

    def _kind(self, kind: Talk) -> ConversationKind:
        spec: ConversationKind = getattr(self.spec.kinds, kind)
        return spec

    def _next(self, queue: deque[Conversation]) -> Conversation | None:
        while queue and queue[0].state != WAITING:
            queue.popleft()
        return queue[0] if queue else None

    def _reply(self, one: Conversation, worker: Worker) -> Work:
        one.state = IN_HAND
        minutes = one.spec.effort * lognormal(one.u_minutes, self.minutes.median, self.minutes.sigma)
        quality = rules.quality(self.reply_quality, worker.quality("dialogue"))
        seconds = whole_seconds(minutes, worker.speed("dialogue"))
        return Work(seconds, lambda began, ended: self._answer(one, quality), piece=one.number)

    def _answer(self, one: Conversation, quality: float) -> None:
        if one.state == IN_HAND:
            if one.account is not None and one.kind not in PRIVATE:
                one.account.touch(self.env.now, quality, self.gains.replied * one.spec.value)
            self._settle(one, ANSWERED)

    def _run_out(self, one: Conversation) -> None:
        if one.state == WAITING:
            if one.account is not None and one.kind not in PRIVATE:
                one.account.disappoint(self.env.now, self.gains.missed * one.spec.value)
            self._settle(one, MISSED)

    def _settle(self, one: Conversation, outcome: str) -> None:
        now = self.env.now
        one.state = outcome
        del self._open[one.number]
        account = NOBODY if one.account is None else one.account.index
        self.record.conversations.add((one.kind, account, one.opened_at, now, outcome, one.number))
        if outcome != OFFLINE and one.kind not in OWN_DOING:
            self.impression.note(now, outcome == ANSWERED, 0.0)
            if one.opened_at >= self.counted_from:
                self.ledger.message(now)
            if one.spec.priority == FIRST:
                hours = self.calendar.open_hours(one.opened_at, now)
                self.outlook.note(now, outcome == ANSWERED, min(hours, self.patience(one.kind)))
        on_end, one.on_end = one.on_end, None  # told once; whom it tells may in turn know the conversation
        if on_end is not None:
            on_end(outcome)
