"""Signals off the own channels: buyers who ask their peers, found by listening. See docs/model.md, "Signals"."""

import math
from collections import deque

from sim.model.books import SOCIAL
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.market import Market, Need
from sim.model.setting import Setting
from sim.model.streams import exponential
from sim.model.work import Work, Worker


class Signal:
    """A question asked in public: born and gone whatever the team does; found after so many hours of listening."""

    __slots__ = ("born_at", "dies_at", "heard_at_birth", "hours_to_find", "need")

    def __init__(self, need: Need, born_at: float, dies_at: float, hours_to_find: float) -> None:
        self.need, self.born_at, self.dies_at, self.hours_to_find = need, born_at, dies_at, hours_to_find
        self.heard_at_birth = 0.0


class ListeningDesk:
    """Hours of listening add up; each live signal is found when those since its birth reach its threshold."""

    def __init__(self, setting: Setting, market: Market, dialogue: Dialogue) -> None:
        self.env, self.record = setting.env, setting.record
        self.market, self.dialogue = market, dialogue
        scenario, streams = setting.scenario, setting.streams
        self.spec = scenario.listening
        self.outreach_gain = scenario.market.salience.outreach_gain
        self.research_hours = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
        self._minutes_u, self._asker_u = streams.sparse("outreach minutes"), streams.sparse("who asks")
        self._streams = streams
        self.heard = 0.0
        self._to_come: deque[Signal] = deque()
        self._live: list[Signal] = []

    def expect(self, needs: list[Need]) -> None:
        """Which needs will be asked about, and when: from the need's own stream."""
        asked, details = self._streams["signal asked"], self._streams.sparse("signal", 3)
        hours_to_find = 1.0 / self.spec.finds_per_hour if self.spec.finds_per_hour > 0.0 else math.inf
        signals = []
        for need in needs:
            name = (need.account.index, need.number)
            if asked(*name) < self.spec.share_of_needs_asked_about:
                u_born, u_life, u_threshold = details.several(*name)
                born_at = need.opens_at + u_born * self.research_hours
                dies_at = min(born_at + exponential(u_life, self.spec.life_hours), need.opens_at + self.research_hours)
                signals.append(Signal(need, born_at, dies_at, exponential(u_threshold, hours_to_find)))
        self._to_come = deque(sorted(signals, key=lambda one: one.born_at))

    def has_work(self) -> bool:
        """There is always something to listen to."""
        return True

    def take(self, worker: Worker) -> Work | None:
        """Listen for a while."""
        speed = worker.speed("listening")
        return Work(worker.block_seconds, lambda began, ended: self._listen(began, ended, speed), divisible=True)

    def _listen(self, began: float, ended: float, speed: float) -> None:
        before = self.heard
        self.heard += (ended - began) * speed
        while self._to_come and self._to_come[0].born_at < ended:
            signal = self._to_come.popleft()
            signal.heard_at_birth = before + max(0.0, signal.born_at - began) * speed
            self._live.append(signal)
        still_live = []
        for signal in self._live:
            beyond = (self.heard - signal.heard_at_birth) - signal.hours_to_find
            # inside this slice the signal is found where its threshold lies, not at the end
            found_at = ended - beyond / speed
            if beyond >= 0.0 and found_at <= signal.dies_at:
                self._find(signal, found_at)
            elif signal.dies_at > ended:
                still_live.append(signal)
        self._live = still_live

    def _find(self, signal: Signal, found_at: float) -> None:
        need = signal.need
        self.record.signals.add((need.account.index, need.number, signal.born_at, found_at))
        closes = need.opens_at + self.research_hours
        if closes <= self.env.now:
            return

        def reach_out(outcome: str) -> None:
            if outcome == ANSWERED:
                self._reach_out(need)

        self.dialogue.open(
            "outreach",
            need.account,
            self._minutes_u(need.account.index, need.number),
            deadline=closes,
            on_end=reach_out,
        )

    def _reach_out(self, need: Need) -> None:
        account, roles = need.account, len(self.market.roles)
        role = int(self._asker_u(account.index, need.number) * roles)
        contact = self.market.contact(account.index * roles + role)
        contact.remember(self.env.now, self.outreach_gain)
        account.outreach = account.touched = True
        account.touches += ((self.env.now, SOCIAL),)
