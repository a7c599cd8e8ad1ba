"""Weak signals: trends, competitors' moves and first signs of a crisis; found by listening, understood by analysis."""

from collections import deque
from collections.abc import Callable
from functools import partial

from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.content import ContentDesk
from sim.model.dialogue import NOBODY
from sim.model.outreach import Outreach
from sim.model.setting import Setting
from sim.model.signals import ListeningDesk
from sim.model.streams import exponential, lognormal
from sim.model.work import Work, Worker, whole_seconds

TREND, MOVE, EARLY_SIGN = "trend", "competitor_move", "early_sign"


class WeakSignal:
    """A signal that was found, waiting to be understood."""

    __slots__ = ("analysed_at", "born_at", "dies_at", "found_at", "has_idea", "kind", "number", "on_analysed", "u_minutes")

    def __init__(
        self, kind: str, number: int, born_at: float, dies_at: float, u_minutes: float, on_analysed: Callable[[], None]
    ) -> None:
        self.kind, self.number, self.born_at, self.dies_at = kind, number, born_at, dies_at
        self.u_minutes, self.on_analysed = u_minutes, on_analysed
        self.found_at: float | None = None
        self.analysed_at: float | None = None
        self.has_idea = False


class AnalysisDesk:
    """The desk at which mentions found by listening wait for analysis; first signs of a crisis come first."""

    def __init__(self, setting: Setting, listening: ListeningDesk, outreach: Outreach, content: ContentDesk) -> None:
        self.env, self.bell, self.record, self.horizon = setting.env, setting.bell, setting.record, setting.horizon
        self.listening, self.outreach, self.content = listening, outreach, content
        self.spec, self.streams = setting.scenario.weak_signals, setting.streams
        self._outreach_u, self._idea_u = self.streams.sparse("move unsettles"), self.streams.sparse("product idea")
        self._urgent: deque[WeakSignal] = deque()
        self._waiting: deque[WeakSignal] = deque()
        self.found: list[WeakSignal] = []

    def expect(self) -> None:
        """Expect trends and moves, a Poisson process each, from streams of their own."""
        spec = self.spec
        self._arise(TREND, spec.trends_per_year, spec.trend_life_weeks, lambda number: self._be_topical())
        self._arise(MOVE, spec.moves_per_year, spec.move_life_weeks, self._reach_out)

    def listen_for(self, signal: WeakSignal, finds_per_hour: float, u: float) -> None:
        """Let a signal be found while it lives; it then waits for analysis."""

        def found(found_at: float) -> None:
            signal.found_at = found_at
            self.found.append(signal)
            (self._urgent if signal.kind == EARLY_SIGN else self._waiting).append(signal)
            self.bell.ring()

        self.listening.expect(signal.born_at, signal.dies_at, finds_per_hour, u, found)

    def dissolve(self) -> None:
        """Forget all signals."""
        for signals in (self._urgent, self._waiting, self.found):
            signals.clear()

    def has_work(self) -> bool:
        """Return whether a signal waits that still matters."""
        now = self.env.now
        for queue in (self._urgent, self._waiting):
            while queue and queue[0].dies_at <= now:
                queue.popleft()
        return bool(self._urgent or self._waiting)

    def take(self, worker: Worker) -> Work | None:
        """Understand the next signal."""
        if not self.has_work():
            return None
        signal, minutes = (self._urgent or self._waiting).popleft(), self.spec.analysis_minutes
        own = lognormal(signal.u_minutes, minutes.median, minutes.sigma)
        return Work(whole_seconds(own, worker.speed("weak_signals")), lambda began, ended: self._understand(signal))

    def write_down(self) -> None:
        """Write every weak signal that was found into the record."""
        for one in self.found:
            self.record.signals.add((one.kind, NOBODY, one.number, one.born_at, one.found_at, one.analysed_at, one.has_idea))

    def _arise(self, kind: str, per_year: float, life_weeks: float, on_analysed: Callable[[int], None]) -> None:
        if per_year <= 0.0:
            return
        details, number, at = self.streams.sparse(kind, 4), 0, 0.0
        while True:
            u_gap, u_life, u_found, u_minutes = details.several(number)
            at += exponential(u_gap, HOURS_PER_YEAR / per_year)
            if at >= self.horizon:
                return
            dies_at = at + exponential(u_life, life_weeks * HOURS_PER_WEEK)
            signal = WeakSignal(kind, number, at, dies_at, u_minutes, partial(on_analysed, number))
            self.listen_for(signal, self.spec.finds_per_hour, u_found)
            number += 1

    def _understand(self, signal: WeakSignal) -> None:
        signal.analysed_at = self.env.now
        if signal.kind != EARLY_SIGN:
            u = self._idea_u(signal.number, int(signal.kind == MOVE))
            signal.has_idea = u < self.spec.share_with_product_idea
        if signal.dies_at > self.env.now:
            signal.on_analysed()

    def _be_topical(self) -> None:
        self.content.topicality.until = self.env.now + self.spec.topical_weeks * HOURS_PER_WEEK
        self.content.inspire(self.spec.ideas_go_to, self.spec.ideas_per_trend)

    def _reach_out(self, number: int) -> None:
        """Write to some of the buyers who research: those whom this move unsettles most."""
        researching = self.outreach.researching(self.env.now)
        by_unrest = sorted(researching, key=lambda need: self._outreach_u(need.account.index, number))
        for need in by_unrest[: self.spec.outreach_per_move]:
            self.outreach.reach_out(need)
