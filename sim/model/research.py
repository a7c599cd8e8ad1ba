"""Research: what a buyer does before drawing up a shortlist. See docs/model.md, "The market".

At a keyed moment of the research, the same in every world, the buyer looks around: visits the web site, likelier where the
brand comes to mind, and asks peers, of whom those that are customers say what they think.
"""

from sim.model import rules
from sim.model.books import DIRECT, SEARCH
from sim.model.calendar import HOURS_PER_WEEK
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
        self._looks_u, self._peers_u = streams.sparse("looks around", 3), streams.sparse("peers", 8)
        self._replayed: dict[tuple[int, int], list[tuple[int, float]]] | None = None
        if replayed is not None:
            self._replayed = {}
            for account, need, _, peer, opinion in replayed.recommendations.rows:
                self._replayed.setdefault((account, need), []).append((peer, opinion))

    def expect(self, need: Need) -> None:
        """When a need's buyer looks around."""
        u_when, *draws = self._looks_u.several(need.account.index, need.number)
        self.env.timeout(need.opens_at + u_when * self.hours - self.env.now).callbacks.append(
            lambda _: self._look_around(need, *draws)
        )

    def _look_around(self, need: Need, u_visits: float, u_source: float) -> None:
        now, account = self.env.now, need.account
        if u_visits < rules.p_visits(self.intercept, self.contact.visit_salience_slope, account.log_salience(now)):
            source = SEARCH if u_source < self.contact.share_search else DIRECT
            need.visits += ((now, source),)
            self.books.research_visit(source)
        for peer, opinion in self._answers(need):
            account.hear(now, opinion)
            need.recommended = need.recommended or opinion > PRAISE
            self.record.recommendations.add((account.index, need.number, now, peer, opinion))

    def _answers(self, need: Need) -> list[tuple[int, float]]:
        name = (need.account.index, need.number)
        if self._replayed is not None:
            return self._replayed.get(name, [])
        if not self.peers_asked:
            return []
        peers = {int(u * len(self.market)) for u in self._peers_u.several(*name)[: self.peers_asked]} - {need.account.index}
        return [
            (peer, self.market.account(peer).trust(self.env.now))
            for peer in sorted(peers)
            if self.market.contracts_of(peer) > 0
        ]
