"""Dialogue: conversations that wait for an answer, not for ever. See docs/model.md, "Dialogue"."""

from collections import deque
from collections.abc import Callable

from sim.model.market import Account
from sim.model.setting import Setting
from sim.model.streams import lognormal
from sim.model.work import Work, Worker, whole_seconds

WAITING, IN_HAND, ANSWERED, MISSED, OFFLINE = "waiting", "in hand", "answered", "missed", "offline"
URGENT = frozenset({"complaint", "buyer_message"})
PRIVATE = frozenset({"buyer_message", "outreach"})  # these move a deal or a contact, not the account's trust
OUTLOOK_WEIGHT = 0.1  # of the latest urgent conversation in what is expected of the next


class Conversation:
    """A message, and what its answer or its neglect will do."""

    __slots__ = ("account", "deadline", "kind", "on_end", "opened_at", "state", "u_minutes")

    def __init__(
        self,
        kind: str,
        account: Account,
        opened_at: float,
        deadline: float,
        u_minutes: float,
        on_end: Callable[[str], None] | None,
    ) -> None:
        self.kind, self.account, self.opened_at, self.deadline = kind, account, opened_at, deadline
        self.u_minutes, self.on_end = u_minutes, on_end
        self.state = WAITING


class Dialogue:
    """The desk at which conversations wait: urgent ones first, else first come, first served."""

    def __init__(self, setting: Setting) -> None:
        self.env, self.calendar = setting.env, setting.calendar
        self.record, self.bell, self.horizon = setting.record, setting.bell, setting.horizon
        scenario = setting.scenario
        spec = scenario.dialogue
        self.patience_hours, self.minutes, self.urgent_first = spec.patience_hours, spec.minutes, spec.urgent_first
        self.reply_quality = scenario.market.trust.reply_quality
        self._urgent: deque[Conversation] = deque()
        self._others: deque[Conversation] = deque()
        self._open: dict[int, Conversation] = {}
        # what a ghost's message would meet: the share of urgent messages answered lately, and after how long
        staffed = scenario.team.hours_per_week > 0.0 and scenario.team.split.dialogue > 0.0
        self.expected_delay = 0.5 * self.patience_hours
        self.expected_share_answered = 1.0 if staffed else 0.0

    def open(
        self,
        kind: str,
        account: Account,
        u_minutes: float,
        *,
        deadline: float | None = None,
        on_end: Callable[[str], None] | None = None,
    ) -> None:
        """Someone wants an answer; `on_end` is told whether it was answered, missed, or overtaken by the horizon."""
        now = self.env.now
        if now >= self.horizon:
            self.record.conversations.add((kind, account.index, now, now, OFFLINE))
            if on_end is not None:
                on_end(OFFLINE)
            return
        if deadline is None:
            deadline = self.calendar.later(now, self.patience_hours)
        one = Conversation(kind, account, now, deadline, u_minutes, on_end)
        self._open[id(one)] = one
        (self._urgent if self.urgent_first and kind in URGENT else self._others).append(one)
        self.env.timeout(deadline - now).callbacks.append(lambda _: self._run_out(one))
        self.bell.ring()

    def has_work(self) -> bool:
        """Whether a conversation waits."""
        return self._next(self._urgent) is not None or self._next(self._others) is not None

    def has_urgent_work(self) -> bool:
        """Whether one waits that comes before anything else."""
        return self._next(self._urgent) is not None

    def take(self, worker: Worker) -> Work | None:
        """The next conversation; a reply begun in time is in time."""
        queue = self._urgent if self.has_urgent_work() else self._others
        one = self._next(queue)
        if one is None:
            return None
        queue.popleft()
        one.state = IN_HAND
        minutes = lognormal(one.u_minutes, self.minutes.median, self.minutes.sigma)
        quality = min(0.99, self.reply_quality * worker.quality("dialogue"))
        return Work(whole_seconds(minutes, worker.speed("dialogue")), lambda began, ended: self._answer(one, quality))

    def close(self) -> None:
        """The horizon: what is still open goes off line, without effect, in both worlds alike."""
        for one in list(self._open.values()):
            self._settle(one, OFFLINE)

    def _next(self, queue: deque[Conversation]) -> Conversation | None:
        while queue and queue[0].state != WAITING:
            queue.popleft()
        return queue[0] if queue else None

    def _answer(self, one: Conversation, quality: float) -> None:
        if one.state == IN_HAND:
            if one.kind not in PRIVATE:
                one.account.touch(self.env.now, quality, one.account.memory.reply_gain)
            self._settle(one, ANSWERED)

    def _run_out(self, one: Conversation) -> None:
        if one.state == WAITING:
            if one.kind not in PRIVATE:
                one.account.disappoint(self.env.now)
            self._settle(one, MISSED)

    def _settle(self, one: Conversation, outcome: str) -> None:
        now = self.env.now
        one.state = outcome
        del self._open[id(one)]
        self.record.conversations.add((one.kind, one.account.index, one.opened_at, now, outcome))
        if one.kind in URGENT and outcome != OFFLINE:
            self.expected_share_answered += OUTLOOK_WEIGHT * ((outcome == ANSWERED) - self.expected_share_answered)
            if outcome == ANSWERED:
                delay = min(now - one.opened_at, self.patience_hours)
                self.expected_delay += OUTLOOK_WEIGHT * (delay - self.expected_delay)
        if one.on_end is not None:
            one.on_end(outcome)
