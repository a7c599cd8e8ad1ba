"""Research: what a buyer does before drawing up a shortlist. See docs/model.md, "The market".

Both are side events at keyed moments of the research, in every world the same: a visit to the web site, likelier where
the brand comes to mind, and a question to peers, of whom those that are customers say what they think.
"""

from sim.model import rules
from sim.model.books import DIRECT, SEARCH
from sim.model.calendar import HOURS_PER_WEEK, delay_until
from sim.model.intercepts import intercepts
from sim.model.market import Market
from sim.model.needs import Need
from sim.model.record import Record
from sim.model.setting import Setting

PRAISE = 0.5  # an opinion above it speaks for the brand


class Research:
    """Visits and questions of buyers who research a purchase."""

    def __init__(self, setting: Setting, market: Market, replayed: Record | None = None) -> None:
        """With a record, peers say what they said in that world."""
        self.env, self.record, self.books = setting.env, setting.record, setting.books
        self.market = market
        scenario, streams = setting.scenario, setting.streams
        self.contact, self.peers_asked = scenario.market.contact, scenario.market.word_of_mouth.peers_asked
        self.hours = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
        self.intercept = intercepts(scenario).visit
        self._visit_u, self._ask_u = streams.sparse("research visit", 3), streams.sparse("asks peers")
        self._peers_u = streams.sparse("peers", 8)
        self._replayed: dict[tuple[int, int], list[tuple[int, float]]] | None = None
        if replayed is not None:
            self._replayed = {}
            for account, need, _, peer, opinion in replayed.recommendations.rows:
                self._replayed.setdefault((account, need), []).append((peer, opinion))

    def expect(self, need: Need) -> None:
        """When a need's buyer visits and asks."""
        env, name = self.env, (need.account.index, need.number)
        u_visits, u_when, u_source = self._visit_u.several(*name)
        delay = delay_until(env.now, need.opens_at + u_when * self.hours)
        env.timeout(delay, (need, u_visits, u_source)).callbacks.append(self._consider_a_visit)
        if self.peers_asked:
            delay = delay_until(env.now, need.opens_at + self._ask_u(*name) * self.hours)
            env.timeout(delay, need).callbacks.append(self._ask)

    def _consider_a_visit(self, event: object) -> None:
        need, u_visits, u_source = event.value  # type: ignore[attr-defined]  # SimPy's events carry any value
        now = self.env.now
        if u_visits < rules.p_visits(self.intercept, self.contact.visit_salience_slope, need.account.log_salience(now)):
            source = SEARCH if u_source < self.contact.share_search else DIRECT
            need.visits += ((now, source),)
            self.books.research_visit(source)

    def _ask(self, event: object) -> None:
        """The buyer asks some accounts what they know; customers among them say what they think."""
        need: Need = event.value  # type: ignore[attr-defined]
        for peer, opinion in self._answers(need):
            need.account.hear(self.env.now, opinion)
            need.recommended = need.recommended or opinion > PRAISE
            self.record.recommendations.add((need.account.index, need.number, self.env.now, peer, opinion))

    def _answers(self, need: Need) -> list[tuple[int, float]]:
        name = (need.account.index, need.number)
        if self._replayed is not None:
            return self._replayed.get(name, [])
        peers = {int(u * len(self.market)) for u in self._peers_u.several(*name)[: self.peers_asked]} - {need.account.index}
        return [
            (peer, self.market.account(peer).trust(self.env.now))
            for peer in sorted(peers)
            if self.market.contracts_of(peer) > 0
        ]
