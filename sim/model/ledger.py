"""The ledger: what the team knows of its own results, kept as it goes. Measures must find the same in the record."""

import math

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.needs import Need
from sim.scenario.schema import Scenario

SOCIAL, SEARCH, DIRECT, REFERRAL, OFFLINE = "organic_social", "organic_search", "direct_traffic", "referrals", "offline_sources"
SOURCES = (SOCIAL, SEARCH, DIRECT, REFERRAL, OFFLINE)
FIRST_TOUCH, LAST_TOUCH, LEAD_SOURCE = "first_touch", "last_touch", "begun_on_social"
CREDIT = (FIRST_TOUCH, LAST_TOUCH, LEAD_SOURCE)  # how the ledger give credit for a deal


class Ledger:
    """Weekly, by recorded source: visits, leads, qualified leads, and money of won deals by how credit is given; cost of hours.

    `seen` is what else the team can see, weekly: followers at that time, reach, messages.

    `pipeline` is the money of leads when they come, at the value times the share of leads that the company knows to win.
    """

    def __init__(self, scenario: Scenario, weeks: int) -> None:
        self._lookback = scenario.measurement.lookback_weeks * HOURS_PER_WEEK
        self._share_won = math.prod(stage.pass_share for stage in scenario.sales.stages.values())
        self.week = 0
        self.visits_from_clicks, self.recorded_visits_from_clicks = 0, 0
        self.research_visits = {SEARCH: 0, DIRECT: 0}
        names = [f"{what}/{source}" for what in ("leads", "qualified") for source in SOURCES]
        names += [f"{what}/{model}" for what in ("deals", "revenue", "pipeline") for model in CREDIT]
        names += ["deals/all", "revenue/all", "spent/all"]
        self.weekly: dict[str, list[float]] = {name: [0.0] * (weeks + 1) for name in names}
        self.seen: dict[str, list[float]] = {name: [0.0] * (weeks + 1) for name in ("followers", "reach", "messages")}

    def spend(self, week: int, cost: float) -> None:
        """Count what the hours of a member, or an expense beside them, cost in a week."""
        self.weekly["spent/all"][week] += cost

    def message(self, now: float) -> None:
        """Count a message that wanted an answer, when it is answered or past hope."""
        self.seen["messages"][min(int(now / HOURS_PER_WEEK), len(self.seen["messages"]) - 1)] += 1.0

    def dashboard(self, followers: float, reach: float) -> None:
        """Note what platforms show of the week that ends."""
        self.seen["followers"][self.week] = followers
        self.seen["reach"][self.week] = reach

    def visit(self, recorded: bool) -> None:
        """Count a visit to the web site that a follower from a target account paid from social media."""
        self.visits_from_clicks += 1
        self.recorded_visits_from_clicks += recorded

    def take_visits(self) -> tuple[int, int]:
        """Return such visits since last asked: all, and those recorded as social."""
        visits = self.visits_from_clicks, self.recorded_visits_from_clicks
        self.visits_from_clicks = self.recorded_visits_from_clicks = 0
        return visits

    def research_visit(self, source: str) -> None:
        """Count a visit to the web site of a buyer who researches."""
        self.research_visits[source] += 1

    def take_research_visits(self) -> tuple[int, int]:
        """Return such visits since last asked: by search, and direct."""
        visits = self.research_visits[SEARCH], self.research_visits[DIRECT]
        self.research_visits = {SEARCH: 0, DIRECT: 0}
        return visits

    def lead(self, need: Need, now: float, source: str) -> None:
        """Count a buyer who got in touch: note the source, and which touches of the account came before."""
        touches = [touch for touch in need.account.touches if now - self._lookback <= touch[0] <= now]
        need.become_lead(now, source, touches)
        self._count(f"leads/{source}", now)
        so_far = (need.first_touch, source, source)  # the last touch is the lead itself
        for model, credited in zip(CREDIT, so_far, strict=True):
            if credited == SOCIAL:
                self._count(f"pipeline/{model}", now, need.value * self._share_won)

    def qualify(self, need: Need, now: float) -> None:
        """Count a lead that passed the first stage."""
        need.qualified_at = now
        self._count(f"qualified/{need.recorded_source}", now)

    def win(self, need: Need, now: float) -> None:
        """Credit the money of a deal to the first and to the last recorded touch, and to where its lead began."""
        self.end(need, now)
        need.last_touch = need.journey[-1][1]
        touches = (need.first_touch, need.last_touch, need.recorded_source)
        for model in ("all", *(model for model, source in zip(CREDIT, touches, strict=True) if source == SOCIAL)):
            self._count(f"deals/{model}", now)
            self._count(f"revenue/{model}", now, need.value)

    def end(self, need: Need, now: float) -> None:
        """End the journey of a lead that is won or lost."""
        need.journey += tuple(sorted(touch for touch in need.account.touches if need.lead_at < touch[0] <= now))

    def _count(self, name: str, now: float, amount: float = 1.0) -> None:
        weeks = self.weekly[name]
        weeks[min(int(now / HOURS_PER_WEEK), len(weeks) - 1)] += amount
