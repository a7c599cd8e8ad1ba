"""Outreach: writing to buyers who research a purchase, found by listening or by analysis."""

from bisect import bisect_left, bisect_right

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.ledger import SOCIAL
from sim.model.market import Market
from sim.model.needs import FIRST_DAY, Need
from sim.model.setting import Setting
from sim.model.signals import ListeningDesk
from sim.model.streams import exponential


class Outreach:
    """Buyers who ask their peers in public, and the conversations that finding one leads to."""

    def __init__(self, setting: Setting, market: Market, dialogue: Dialogue, listening: ListeningDesk) -> None:
        self.env, self.record = setting.env, setting.record
        self.market, self.dialogue, self.listening = market, dialogue, listening
        scenario, streams = setting.scenario, setting.streams
        self.spec = scenario.listening
        self.gain = setting.gains.answered_peer
        self.research_hours = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
        self._asked_u, self._details_u = streams["signal asked"], streams.sparse("signal", 3)
        self._minutes_u, self._asker_u = streams.sparse("outreach minutes"), streams.sparse("who asks")
        self._needs: list[Need] = []
        self._opens: list[float] = []

    def expect(self, needs: list[Need]) -> None:
        """Expect needs to be asked about: which of them, and when, is from the need's own stream."""
        self._needs = sorted(needs, key=lambda need: (need.opens_at, need.account.index))
        self._opens = [need.opens_at for need in self._needs]
        for need in needs:
            name = (need.account.index, need.number)
            if self._asked_u(*name) < self.spec.share_of_needs_asked_about:
                u_born, u_life, u_found = self._details_u.several(*name)
                born_at = need.opens_at + u_born * self.research_hours
                if born_at < FIRST_DAY:
                    continue
                dies_at = min(born_at + exponential(u_life, self.spec.life_hours), need.opens_at + self.research_hours)
                self._listen_for(need, born_at, dies_at, u_found)

    def researching(self, now: float) -> list[Need]:
        """Return the needs under research at a moment."""
        return self._needs[bisect_left(self._opens, now - self.research_hours) : bisect_right(self._opens, now)]

    def reach_out(self, need: Need) -> None:
        """Write to a contact of the account, while it researches."""
        closes = need.opens_at + self.research_hours
        if closes <= self.env.now:
            return

        def ends(outcome: str) -> None:
            if outcome == ANSWERED:
                self._impress(need)

        u_minutes = self._minutes_u(need.account.index, need.number)
        self.dialogue.open("outreach", need.account, u_minutes, deadline=closes, on_end=ends)

    def _listen_for(self, need: Need, born_at: float, dies_at: float, u: float) -> None:
        def found(found_at: float) -> None:
            self.record.signals.add(("buyer_question", need.account.index, need.number, born_at, found_at, None, False))
            self.reach_out(need)

        self.listening.expect(born_at, dies_at, self.spec.finds_per_hour, u, found)

    def _impress(self, need: Need) -> None:
        account, roles = need.account, len(self.market.roles)
        role = int(self._asker_u(account.index, need.number) * roles)
        contact = self.market.contact(account.index * roles + role)
        contact.remember(self.env.now, self.gain)
        account.outreach = True
        account.be_touched(self.env.now)
        account.touches += ((self.env.now, SOCIAL),)
