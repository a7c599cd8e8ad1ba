"""From a need to a deal: research, shortlist, first contact, stages, won or lost. See docs/model.md, "Sales".

Every need is followed through all its stages. Once a decision goes against it, it goes on as a ghost: it carries the
product of its probabilities as a weight, and touches neither load nor customers nor books.
"""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.audience import Audience
from sim.model.books import DIRECT, OFFLINE, SEARCH, SOCIAL
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.customers import Customers
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.intercepts import intercepts
from sim.model.market import Account, Need
from sim.model.measurement import Measurement
from sim.model.setting import Setting
from sim.model.streams import gumbel, standard_normal
from sim.scenario.schema import Scenario

Process = Generator[simpy.Event, Any, None]


def stage_medians(scenario: Scenario) -> tuple[list[float], float]:
    """Median hours and log spread of each stage, such that their sum has the mean and variance of the sales cycle.

    Stages share one coefficient of variation (Fenton 1960: a sum of lognormals by its first two moments).
    """
    sales = scenario.sales
    cycle = sales.cycle_weeks
    shares = [stage.share_of_cycle for stage in sales.stages.values()]
    variation = math.expm1(cycle.sigma**2) / sum(share**2 for share in shares)
    sigma = math.sqrt(math.log1p(variation))
    return [share * cycle.mean * HOURS_PER_WEEK * math.exp(-0.5 * sigma**2) for share in shares], sigma


def expected_open_deals(scenario: Scenario) -> float:
    """Open deals without social media in the steady state: leads an hour x hours that each stays open (Little 1961)."""
    market = scenario.market
    needs = sum(segment.share * segment.needs_per_year for segment in market.segments.values()) * market.accounts
    reaching, hours_open = market.shortlist.share_without_social, 0.0
    for stage in scenario.sales.stages.values():
        hours_open += reaching * stage.share_of_cycle * scenario.sales.cycle_weeks.mean * HOURS_PER_WEEK
        reaching *= stage.pass_share
    return needs / HOURS_PER_YEAR * hours_open


class Sales:
    """Buyers on their way, and the load that open deals put on sales."""

    def __init__(
        self,
        setting: Setting,
        audience: Audience | None,
        dialogue: Dialogue,
        customers: Customers,
        measurement: Measurement,
    ) -> None:
        self.env, self.books, self.horizon, self.calendar = setting.env, setting.books, setting.horizon, setting.calendar
        self.audience, self.dialogue = audience, dialogue
        self.customers, self.measurement = customers, measurement
        scenario, streams = setting.scenario, setting.streams
        self.shortlist, self.contact, self.spec = scenario.market.shortlist, scenario.market.contact, scenario.sales
        self.research_hours = self.shortlist.research_weeks * HOURS_PER_WEEK
        self.intercepts = intercepts(scenario)
        medians, self.sigma = stage_medians(scenario)
        self.stages = list(zip(self.intercepts.stages, medians, range(len(medians)), strict=True))
        self.capacity = self.spec.capacity_ratio * expected_open_deals(scenario)
        self.open_deals = 0
        self.slowness = 1.0
        self.followed = 0
        self._pass_u = streams.sparse("stages passed", len(medians))
        self._duration_u = streams.sparse("stage durations", len(medians))
        self._choice_u = streams.sparse("shortlist and paths", 4)
        self._source_u = streams.sparse("sources", 4)
        self._message_u = streams.sparse("message minutes")

    def pursue(self, need: Need) -> Process:
        """A purchase, from the day the need opens to the day the deal is won, lost or seen to its end as a ghost."""
        env, account, number = self.env, need.account, need.number
        salience_slope, trust_slope, sigma = self.spec.salience_slope, self.spec.trust_slope, self.sigma
        if self.audience is None:  # nobody is there to see the need open: one wait, to the same bit
            yield env.timeout(need.opens_at + self.research_hours)
        else:
            yield env.timeout(need.opens_at)
            self._enter_market(account, 1)
            yield env.timeout(self.research_hours)
            self._enter_market(account, -1)
        u_shortlist, *u_paths = self._choice_u.several(account.index, number)
        self._decide_shortlist(need, u_shortlist)
        if need.live or self._can_write(account):
            yield from self._get_in_touch(need, u_paths)
        need.lead_at = env.now
        if need.live:
            self._open(need)
        durations = self._duration_u.several(account.index, number)
        passes = self._pass_u.several(account.index, number)
        for intercept, median, stage in self.stages:
            hours = median * math.exp(sigma * standard_normal(durations[stage]))
            yield env.timeout(hours * self.slowness)
            now, was_live = env.now, need.live
            lost = self.spec.slow_reply_penalty * need.reply_delay if stage == 0 else 0.0
            p = rules.p_goes_on(intercept, salience_slope, account.log_salience(now), trust_slope, account.trust(now), lost)
            need.decide(p, passes[stage])
            if was_live and not need.live:
                self._lose(need)
            elif need.live and stage == 0:
                self.books.qualify(need, now)
        self._close(need)
        yield from self.customers.keep(account, number, need.value, need.weight, need.live, HOURS_PER_YEAR)

    def update_load(self) -> None:
        """Weekly: how much the open deals slow each other down."""
        self.slowness = rules.slowness(self.open_deals, self.capacity, self.spec.load_exponent)

    def _enter_market(self, account: Account, needs: int) -> None:
        """So many more needs are researched (fewer, if negative): contacts in market engage more."""
        account.in_market += needs
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)

    def _decide_shortlist(self, need: Need, u: float) -> None:
        account, now = need.account, self.env.now
        need.touched, need.shaken = account.touched, account.shaken
        p = rules.p_goes_on(
            self.intercepts.shortlist,
            self.shortlist.salience_slope,
            account.log_salience(now),
            self.shortlist.trust_slope,
            account.trust(now),
            self.shortlist.rivals_pressure,
        )
        if not need.decide(p, u):
            need.closed_at = now

    def _get_in_touch(self, need: Need, u_paths: list[float]) -> Process:
        """By the path chosen; of a ghost's paths only a message makes a difference."""
        account = need.account
        path, second = self._choose_path(account, *u_paths)
        account.outreach = account.outreach and account.in_market > 0  # an answer among peers serves the need it was about
        if need.live or path == "social":
            need.path = path
        if path == "social":
            yield from self._write(need, second)

    def _can_write(self, account: Account) -> bool:
        """Whether the social path is open: to followers and those reached out to, before the horizon."""
        if self.audience is None or self.env.now >= self.horizon:
            return False
        return account.followers > 0 or account.outreach

    def _choose_path(self, account: Account, u_web: float, u_offline: float, u_social: float) -> tuple[str, str]:
        """The path of largest utility, and the best one that is not social."""
        contact = self.contact
        web, offline = contact.web + gumbel(u_web), contact.offline + gumbel(u_offline)
        second = "web" if web >= offline else "offline"
        if not self._can_write(account):
            return second, second
        social = contact.social + gumbel(u_social)
        if account.outreach:
            social += contact.social_after_outreach
        return ("social" if social > max(web, offline) else second), second

    def _write(self, need: Need, second: str) -> Process:
        """A message on a channel; a buyer who gets no reply takes the second path. A ghost meets what is usual lately."""
        sent_at, patience = self.env.now, self.dialogue.patience("buyer_message")
        if not need.live:
            answered, delay = self.dialogue.outlook.share, self.dialogue.outlook.delay
            yield self.env.timeout(self.calendar.later(sent_at, answered * delay + (1.0 - answered) * patience) - sent_at)
            need.reply_delay = answered * min(1.0, delay / patience)
            return
        settled = self.env.event()
        u_minutes = self._message_u(need.account.index, need.number)
        self.dialogue.open("buyer_message", need.account, u_minutes, on_end=lambda outcome: _tell(settled, outcome))
        outcome = yield settled
        if outcome == ANSWERED:
            need.reply_delay = min(1.0, self.calendar.open_hours(sent_at, self.env.now) / patience)
        else:
            need.path = second

    def _open(self, need: Need) -> None:
        """A lead: sales has work, and the books note where it came from."""
        u_recorded, u_search, u_visits, u_visit_time = self._source_u.several(need.account.index, need.number)
        if need.path == "social":
            recorded = u_recorded < self.measurement.asked_share(self.env.now)
            need.recorded_source = SOCIAL if recorded else DIRECT
        elif need.path == "web":
            need.recorded_source = SEARCH if u_search < self.contact.share_search else DIRECT
        else:
            need.recorded_source = OFFLINE
        searched_at = None
        if u_visits < self.contact.share_visiting_in_research:
            searched_at = need.opens_at + u_visit_time * self.research_hours
        self.open_deals += 1
        self.books.lead(need, searched_at, self.env.now)

    def _lose(self, need: Need) -> None:
        """A deal is lost; from here on the need is a ghost."""
        need.closed_at = self.env.now
        self.open_deals -= 1

    def _close(self, need: Need) -> None:
        """The last stage is over: a deal if every decision was for it."""
        need.ended_at = self.env.now
        need.touched, need.shaken = need.account.touched, need.account.shaken
        self.followed -= 1
        if need.live:
            need.closed_at = self.env.now
            self.open_deals -= 1
            self.books.win(need, self.env.now)
            self.customers.sign(need.account)


def _tell(event: simpy.Event, outcome: str) -> None:
    event.succeed(outcome)
