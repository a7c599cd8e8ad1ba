"""From a need to a deal: research, shortlist, first contact, stages, won or lost. See docs/model.md, "Sales".

Every need is followed through all its stages. Once a decision goes against it, it goes on as a ghost: it carries the
product of its probabilities as a weight, and touches neither load nor customers nor books.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

from sim.model import rules
from sim.model.audience import Audience
from sim.model.books import DIRECT, OFFLINE, REFERRAL, SEARCH, SOCIAL
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.course import course_of, expected_open_deals
from sim.model.customers import Customers
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.intercepts import StageOdds, intercepts
from sim.model.market import Account, voices
from sim.model.measurement import Measurement
from sim.model.needs import NO_DECISION, RIVAL, SHORTLIST, STANDS_STILL, STEPS_BACK, Need
from sim.model.record import Record
from sim.model.setting import Setting
from sim.model.streams import gumbel, standard_normal
from sim.scenario.schema import MOST_STAGES

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class _Stage:
    """A stage as it is worked through: names of its decisions, its median hours, and who has a voice at its end."""

    number: int
    name: str
    wakes: str
    is_last: bool
    odds: StageOdds
    median_hours: float
    voices: tuple[float, ...]


class Sales:
    """Buyers on their way, and the load that open deals put on sales."""

    def __init__(
        self,
        setting: Setting,
        audience: Audience | None,
        dialogue: Dialogue,
        customers: Customers,
        measurement: Measurement,
        replayed: Record | None = None,
    ) -> None:
        self.env, self.books, self.horizon, self.calendar = setting.env, setting.books, setting.horizon, setting.calendar
        self.record, self._replayed = setting.record, None if replayed is None else replayed.slowness
        self.audience, self.dialogue = audience, dialogue
        self.customers, self.measurement = customers, measurement
        scenario, streams = setting.scenario, setting.streams
        self.shortlist, self.contact, self.spec = scenario.market.shortlist, scenario.market.contact, scenario.sales
        self.research_hours = self.shortlist.research_weeks * HOURS_PER_WEEK
        self.rivals = scenario.market.rivals
        gains = customers.market.memory.gains
        self.slow_reply_lost, self.switching_lost = gains.slow_reply_lost, -math.log(self.rivals.switching_odds)
        self.intercepts, self.course = intercepts(scenario), course_of(scenario)
        self.voices_at_first, *later = voices(scenario)
        names = list(self.spec.stages)
        self.stages = [
            _Stage(number, name, f"{name} wakes", number + 1 == len(names), odds, hours, heard)
            for number, (name, odds, hours, heard) in enumerate(
                zip(names, self.intercepts.stages, self.course.stage_medians, later, strict=True)
            )
        ]
        self.capacity = self.spec.capacity_ratio * expected_open_deals(scenario)
        self.open_deals, self.standing = 0, 0
        self.slowness = 1.0
        self.followed = 0
        self._pass_u = streams.sparse("stages passed", len(names))
        self._duration_u = streams.sparse("stage durations", len(names))
        self._back_u, self._stall_u = streams.sparse("steps back", len(names)), streams.sparse("stands still", len(names))
        self._standing_u = streams.sparse("standing still", 2)
        self._choice_u = streams.sparse("shortlist and paths", 5)
        self._source_u = streams.sparse("sources", 2)
        self._message_u = streams.sparse("message minutes")

    def pursue(self, need: Need) -> Process:
        """A purchase, from the day the need opens to the day the deal is won, lost or seen to its end as a ghost."""
        env, account, number = self.env, need.account, need.number
        if self.audience is None:  # nobody is there to see the need open: one wait, to the same bit
            yield env.timeout(need.opens_at + self.research_hours - env.now)
        else:
            yield env.timeout(need.opens_at - env.now)
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
        standing = self._stall_u.several(account.index, number)
        backward = self._back_u.several(account.index, number)
        size, before = self.course.size(need.value), 0.0
        for stage in self.stages:
            hours = size * stage.median_hours * math.exp(self.course.stage_sigma * standard_normal(durations[stage.number]))
            repeated = before if backward[stage.number] < self.spec.steps_back.share else 0.0
            need.steps_back += repeated > 0.0
            if need.live and repeated > 0.0:
                self.record.turns.add((account.index, number, env.now, STEPS_BACK, stage.name))
            yield env.timeout((hours + repeated) * self.slowness)
            if standing[stage.number] < stage.odds.stalled:
                yield from self._stand_still(need, stage, size)
            self._decide_stage(need, stage, passes[stage.number])
            before = self.spec.steps_back.repeated * hours
        self._close(need)
        yield from self.customers.keep(account, number, need.value, need.weight, need.live, HOURS_PER_YEAR)

    def _stand_still(self, need: Need, stage: "_Stage", size: float) -> Process:
        """Nobody at the account moves; then it takes the matter up again, or it has ended in no decision."""
        if need.live:
            self.open_deals, self.standing = self.open_deals - 1, self.standing + 1
            self.record.turns.add((need.account.index, need.number, self.env.now, STANDS_STILL, stage.name))
        u_length, u_wakes = self._standing_u.several(need.account.index, need.number * MOST_STAGES + stage.number)
        stall, begun, was_live = self.course.stall, self.env.now, need.live
        yield self.env.timeout(size * stall.median * math.exp(stall.sigma * standard_normal(u_length)))
        now, spec = self.env.now, self.spec.stalls
        if was_live:
            need.stood_still += now - begun
            self.standing -= 1
        salience, trust = need.account.log_salience(now, stage.voices), need.account.trust(now)
        p = rules.p_goes_on(stage.odds.wakes, spec.salience_slope, salience, spec.trust_slope, trust, 0.0)
        if need.decide(stage.wakes, now, p, u_wakes):
            self.open_deals += 1
        elif was_live:
            self._lose(need, NO_DECISION)

    def _decide_stage(self, need: Need, stage: "_Stage", u: float) -> None:
        """The end of a stage: the deal goes on, or goes to a rival."""
        now, account, was_live = self.env.now, need.account, need.live
        lost = self.slow_reply_lost * need.reply_delay * self.spec.slow_reply_lasts**stage.number
        if stage.is_last and account.is_with_rival and account.contracts == 0:
            lost += self.switching_lost
        salience, trust = account.log_salience(now, stage.voices), account.trust(now)
        p = rules.p_goes_on(stage.odds.goes_on, self.spec.salience_slope, salience, self.spec.trust_slope, trust, lost)
        if not need.decide(stage.name, now, p, u):
            if was_live:
                self.open_deals -= 1
                self._lose(need, RIVAL)
        elif stage.number == 0:
            self.books.qualify(need, now)

    def _lose(self, need: Need, to: str) -> None:
        """A lead ends without a deal; from here on it is a ghost."""
        need.closed_at, need.lost_to = self.env.now, to
        self.books.end(need, self.env.now)

    def update_load(self) -> None:
        """Weekly: how much the open deals slow each other down."""
        week = len(self.record.slowness)
        if self._replayed is None:
            self.slowness = rules.slowness(self.open_deals, self.capacity, self.spec.load_exponent)
        else:  # a world that ran off sooner has nothing open any more
            self.slowness = self._replayed[week] if week < len(self._replayed) else 1.0
        self.record.slowness.append(self.slowness)

    def _enter_market(self, account: Account, needs: int) -> None:
        """So many more needs are researched (fewer, if negative): contacts in market engage more."""
        account.in_market += needs
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)

    def _decide_shortlist(self, need: Need, u: float) -> None:
        now = self.env.now
        need.see_account()
        if not need.decide(SHORTLIST, now, self.p_shortlists(need.account), u):
            need.closed_at, need.lost_to = now, RIVAL

    def p_shortlists(self, account: Account) -> float:
        """Chance that an account would put the brand on its shortlist now."""
        now = self.env.now
        return rules.p_goes_on(
            self.intercepts.shortlist,
            self.shortlist.salience_slope,
            account.log_salience(now, self.voices_at_first),
            self.shortlist.trust_slope,
            account.trust(now),
            self.rivals.pressure + self.rivals.pressure_per_year * now / HOURS_PER_YEAR,
        )

    def _get_in_touch(self, need: Need, u_paths: list[float]) -> Process:
        """By the path chosen; of a ghost's paths only a message makes a difference."""
        account = need.account
        path, second = self._choose_path(need, *u_paths)
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

    def _choose_path(self, need: Need, u_web: float, u_offline: float, u_social: float, u_referral: float) -> tuple[str, str]:
        """The path of largest utility, and the best one that is not social."""
        contact, account = self.contact, need.account
        utility = {"web": contact.web + gumbel(u_web), "offline": contact.offline + gumbel(u_offline)}
        if need.recommended:
            utility["referral"] = contact.referral + gumbel(u_referral)
        second = max(utility, key=utility.__getitem__)
        if not self._can_write(account):
            return second, second
        social = contact.social + gumbel(u_social)
        if account.outreach:
            social += contact.social_after_outreach
        return ("social" if social > utility[second] else second), second

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
        u_recorded, u_search = self._source_u.several(need.account.index, need.number)
        if need.path == "social":
            recorded = u_recorded < self.measurement.asked_share(self.env.now)
            need.recorded_source = SOCIAL if recorded else DIRECT
        elif need.path == "web":
            need.recorded_source = SEARCH if u_search < self.contact.share_search else DIRECT
        else:
            need.recorded_source = REFERRAL if need.path == "referral" else OFFLINE
        self.open_deals += 1
        self.books.lead(need, self.env.now)

    def _close(self, need: Need) -> None:
        """The last stage is over: a deal if every decision was for it."""
        need.ended_at = self.env.now
        need.see_account()
        self.followed -= 1
        if need.live:
            need.closed_at = self.env.now
            self.open_deals -= 1
            self.books.win(need, self.env.now)
            self.customers.sign(need.account)


def _tell(event: simpy.Event, outcome: str) -> None:
    event.succeed(outcome)
