"""Research: what a buyer does before drawing up a shortlist. See docs/model.md, "The market".

At a keyed moment of the research, the same in every world, the buyer looks around: visits the web site, likelier where the
brand comes to mind, and asks peers, of whom those that are customers say what they think.
"""

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.ledger import DIRECT, SEARCH
from sim.model.market import Market
from sim.model.needs import FIRST_DAY, Need
from sim.model.odds import Odds
from sim.model.record import Record
from sim.model.setting import Setting
from sim.model.streams import Streams
from sim.scenario.schema import Scenario

PRAISE = 0.5  # an opinion above it speaks for the brand
Told = tuple[int, float]  # a peer, and its opinion


class LookingAround:
    """Search by buyers who look around: what they find and whom they ask, as laws for any moment."""

    def __init__(self, scenario: Scenario, streams: Streams, market: Market, odds: Odds) -> None:
        self.market, self.odds = market, odds
        self.share_search, self.peers_asked = scenario.market.contact.share_search, scenario.market.word_of_mouth.peers_asked
        self.hours = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
        self._looks_u, self._peers_u = streams.sparse("looks around", 3), streams.sparse("peers", 8)
        self._looks: dict[tuple[int, int], list[float]] = streams.worked_out("looks around")
        self._peers: dict[tuple[int, int], list[int]] = streams.worked_out("peers", len(market), self.peers_asked)

    def draws(self, account: int, need: int, opens_at: float) -> tuple[float, float, float]:
        """Return when a need's buyer looks around, and the uniforms that decide whether it visits the web site, and how."""
        looks = self._looks.get((account, need))
        if looks is None:
            looks = self._looks[account, need] = self._looks_u.several(account, need)
        u_when, u_visits, u_source = looks
        return opens_at + u_when * self.hours, u_visits, u_source

    def visit(self, need: Need, now: float, u_visits: float, u_source: float) -> str:
        """Note a visit to the web site, if the buyer pays one; return what records call it, or nothing."""
        if u_visits >= self.odds.p_visits(need.account, now):
            return ""
        source = SEARCH if u_source < self.share_search else DIRECT
        need.visits += ((now, source),)
        return source

    def answers(self, need: Need, now: float) -> list[Told]:
        """Return what those of the peers asked that are customers say."""
        if not self.peers_asked:
            return []
        name = own, _ = need.account.index, need.number
        peers = self._peers.get(name)
        if peers is None:
            asked = self._peers_u.several(*name)[: self.peers_asked]
            peers = self._peers[name] = sorted({int(u * len(self.market)) for u in asked} - {own})
        return [(peer, self.market.account(peer).trust(now)) for peer in peers if self.market.contracts_of(peer) > 0]

    @staticmethod
    def hear(need: Need, now: float, opinion: float) -> None:
        """Let the committee hear what a peer says of the brand."""
        need.account.hear(now, opinion)
        need.recommended = need.recommended or opinion > PRAISE


class Research:
    """LookingAround and questions of buyers who research a purchase."""

    def __init__(self, setting: Setting, looking: LookingAround, replayed: Record | None = None) -> None:
        """Let peers say what they said in the world of a record, if there is one."""
        self.env, self.record, self.ledger, self.looking = setting.env, setting.record, setting.ledger, looking
        self._replayed: dict[tuple[int, int], list[Told]] | None = None
        if replayed is not None:
            self._replayed = {}
            for account, need, _, peer, opinion in replayed.recommendations.rows:
                self._replayed.setdefault((account, need), []).append((peer, opinion))

    def expect(self, need: Need) -> None:
        """Expect a need's buyer to look around, unless that was before the first day."""
        looks_at, *draws = self.looking.draws(need.account.index, need.number, need.opens_at)
        if looks_at >= FIRST_DAY:
            self.env.timeout(looks_at - self.env.now).callbacks.append(lambda _: self._look_around(need, *draws))

    def _look_around(self, need: Need, u_visits: float, u_source: float) -> None:
        now = self.env.now
        if source := self.looking.visit(need, now, u_visits, u_source):
            self.ledger.research_visit(source)
        for peer, opinion in self._answers(need, now):
            self.looking.hear(need, now, opinion)
            self.record.recommendations.add((need.account.index, need.number, now, peer, opinion))

    def _answers(self, need: Need, now: float) -> list[Told]:
        if self._replayed is not None:
            return self._replayed.get((need.account.index, need.number), [])
        return self.looking.answers(need, now)
