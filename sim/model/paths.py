"""Contact paths: how a buyer who has shortlisted the brand gets in touch, and what records call it.

The path is the one of largest utility plus a keyed Gumbel draw. See docs/model.md, "The market".
"""

from sim.model.ledger import DIRECT, OFFLINE, REFERRAL, SEARCH
from sim.model.needs import Need
from sim.model.streams import Streams, gumbel
from sim.scenario.schema import Scenario

WEB, BY_OFFLINE, BY_REFERRAL, BY_SOCIAL = "web", "offline", "referral", "social"


class Paths:
    """The paths of all buyers of a world."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.spec = scenario.market.contact
        self._choice_u, self._source_u = streams.sparse("shortlist and paths", 5), streams.sparse("sources", 2)
        self._choices: dict[tuple[int, int], tuple[float, list[float]]] = streams.worked_out("shortlist and paths")

    def draws(self, need: Need) -> tuple[float, list[float]]:
        """Return the uniform that decides whether the brand is shortlisted, and those of the paths."""
        name = need.account.index, need.number
        draws = self._choices.get(name)
        if draws is None:
            u_shortlist, *u_paths = self._choice_u.several(*name)
            draws = self._choices[name] = (u_shortlist, u_paths)
        return draws

    def without_social(self, need: Need, u_paths: list[float]) -> tuple[str, float]:
        """Return the best path that is not social, and its utility."""
        u_web, u_offline, _, u_referral = u_paths
        utility = {WEB: self.spec.web + gumbel(u_web), BY_OFFLINE: self.spec.offline + gumbel(u_offline)}
        if need.recommended:
            utility[BY_REFERRAL] = self.spec.referral + gumbel(u_referral)
        best = max(utility, key=utility.__getitem__)
        return best, utility[best]

    def social(self, u_paths: list[float]) -> float:
        """Return the utility of a message on a channel."""
        return self.spec.social + gumbel(u_paths[2])

    def source_draws(self, need: Need) -> tuple[float, float]:
        """Return the uniforms that decide whether a social source is written down, and whether a web visit came by search."""
        u_recorded, u_search = self._source_u.several(need.account.index, need.number)
        return u_recorded, u_search

    def source(self, path: str, u_search: float) -> str:
        """Return what records call a path that is not social."""
        if path == WEB:
            return SEARCH if u_search < self.spec.share_search else DIRECT
        return REFERRAL if path == BY_REFERRAL else OFFLINE
