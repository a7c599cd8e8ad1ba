"""The odds of a buyer's decisions: to visit the web site, to shortlist the brand, to continue a sale, to take it up again.

All of them are logistic in what the account remembers and believes at that moment. See docs/model.md, "The market" and "Sales".
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.model import rules
from sim.model.accounts import Account
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.effects import gains_of
from sim.model.intercepts import StageOdds, chances, intercepts
from sim.model.market import voices
from sim.model.stage_durations import course_of
from sim.model.streams import Floats
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Stage:
    """A stage as it is worked through: names of its decisions, its median hours, and who has a voice at its end."""

    number: int
    name: str
    wakes: str
    is_last: bool
    odds: StageOdds
    median_hours: float
    voices: tuple[float, ...]


class Odds:
    """The chance of each decision in a sale; one for all accounts of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        market, self.spec = scenario.market, scenario.sales
        self.shortlist, self.rivals = market.shortlist, market.rivals
        self.visit_slope = market.contact.visit_salience_slope
        self.intercepts = intercepts(scenario)
        self.slow_reply_lost, self.switching_lost = gains_of(scenario).slow_reply_lost, -math.log(self.rivals.switching_odds)
        self.voices_at_first, *later = voices(scenario)
        names, medians = list(self.spec.stages), course_of(scenario).stage_medians
        self.stages = [
            Stage(number, name, f"{name} wakes", number + 1 == len(names), odds, hours, heard)
            for number, (name, odds, hours, heard) in enumerate(zip(names, self.intercepts.stages, medians, later, strict=True))
        ]

    def p_visits(self, account: Account, now: float) -> float:
        """Return the chance that a buyer who looks around now visits the web site."""
        return rules.p_visits(self.intercepts.visit, self.visit_slope, account.log_salience(now))

    def p_shortlists(self, account: Account, now: float) -> float:
        """Return the chance that an account would put the brand on its shortlist now."""
        return rules.p_goes_on(
            self.intercepts.shortlist,
            self.shortlist.salience_slope,
            account.log_salience(now, self.voices_at_first),
            self.shortlist.trust_slope,
            account.trust(now),
            self.rivals.pressure + self.rivals.pressure_per_year * max(0.0, now) / HOURS_PER_YEAR,
        )

    def p_shortlisted_before(self, log_salience: Floats, trust: Floats) -> Floats:
        """Return the chance that accounts would have shortlisted the brand before the first day, shape (accounts,)."""
        effect = self.shortlist.salience_slope * log_salience + self.shortlist.trust_slope * trust
        return np.asarray(1.0 / (1.0 + np.exp(self.rivals.pressure - self.intercepts.shortlist - effect)))

    def p_wins_untouched(self, log_salience: Floats, trust: Floats, is_with_rival: Floats) -> Floats:
        """Return the chance that a need becomes a deal with accounts whom nothing has moved, shape (accounts,).

        Without rivals' pressure. Its mean over accounts is `share_without_social` times the shares of all stages that continue.
        """
        shortlist, sales, stalls = self.shortlist, self.spec, self.spec.stalls
        chance = chances(self.intercepts.shortlist + shortlist.salience_slope * log_salience + shortlist.trust_slope * trust)
        effect = sales.salience_slope * log_salience + sales.trust_slope * trust
        waking = stalls.salience_slope * log_salience + stalls.trust_slope * trust
        for stage in self.stages:
            awake = 1.0 - stage.odds.stalled * (1.0 - chances(stage.odds.wakes + waking))
            lost = self.switching_lost * is_with_rival if stage.is_last else 0.0
            chance = chance * awake * chances(stage.odds.goes_on + effect - lost)
        return chance

    def p_goes_on(self, account: Account, now: float, stage: Stage, reply_delay: float) -> float:
        """Return the chance that a sale continues at the end of a stage; a first reply was so slow, from 0 to 1."""
        lost = self.slow_reply_lost * reply_delay * self.spec.slow_reply_lasts**stage.number
        if stage.is_last and account.is_with_rival and account.contracts == 0:
            lost += self.switching_lost
        salience, trust = account.log_salience(now, stage.voices), account.trust(now)
        return rules.p_goes_on(stage.odds.goes_on, self.spec.salience_slope, salience, self.spec.trust_slope, trust, lost)

    def p_wakes(self, account: Account, now: float, stage: Stage) -> float:
        """Return the chance that a buyer whose sale stood still takes it up again."""
        stalls, salience, trust = self.spec.stalls, account.log_salience(now, stage.voices), account.trust(now)
        return rules.p_goes_on(stage.odds.wakes, stalls.salience_slope, salience, stalls.trust_slope, trust, 0.0)
