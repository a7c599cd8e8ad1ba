"""The sales process: research, shortlist, first contact, stages, won or lost. See docs/model.md, "Sales".

Every need is followed through all its stages. Once a decision goes against it, it continues as a ghost: it carries the
product of its probabilities as a weight, and touches neither load nor customers nor ledger. See ghosts.py.
"""

from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.accounts import Account
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.customers import Customers
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.ghosts import Moments
from sim.model.ledger import DIRECT, SOCIAL
from sim.model.measurement import Measurement
from sim.model.needs import FIRST_DAY, NO_DECISION, RIVAL, SHORTLIST, STANDS_STILL, STEPS_BACK, Need, Position
from sim.model.odds import Odds, Stage
from sim.model.paths import BY_SOCIAL, Paths
from sim.model.record import Record
from sim.model.seasons import season_of_decisions
from sim.model.setting import Setting
from sim.model.stage_durations import expected_open_deals
from sim.model.timetable import Timetable, Timetables

Process = Generator[simpy.Event, Any, None]


class Sales:
    """Buyers on their way, and the load that open deals put on sales."""

    def __init__(
        self,
        setting: Setting,
        audience: Audience | None,
        dialogue: Dialogue,
        customers: Customers,
        measurement: Measurement,
        odds: Odds,
        replayed: Record | None = None,
    ) -> None:
        self.env, self.ledger, self.horizon, self.calendar = setting.env, setting.ledger, setting.horizon, setting.calendar
        self.record, self._replayed = setting.record, None if replayed is None else replayed.slowness
        self.audience, self.dialogue = audience, dialogue
        self.customers, self.measurement = customers, measurement
        scenario, streams = setting.scenario, setting.streams
        self.spec, self.social_after_outreach = scenario.sales, scenario.market.contact.social_after_outreach
        self.research_hours = scenario.market.shortlist.research_weeks * HOURS_PER_WEEK
        self.odds, self.paths, self.season = odds, Paths(scenario, streams), season_of_decisions(scenario)
        self.timetables = Timetables(scenario, streams, odds.stages)
        self.capacity = self.spec.capacity_ratio * expected_open_deals(scenario)
        self.open_deals, self.standing = 0, 0
        self.slowness = 1.0
        self._slowness_by_week: list[float] = []
        self.followed = 0
        self._message_u = streams.sparse("message minutes")

    def begin(self, under_way: list[Need], followed: int) -> None:
        """Begin the first day: what is under way, at work or standing still, and how much that slows sales."""
        self.followed = followed
        for need in under_way:
            if need.position is not None:
                self.standing += need.position.is_standing
                self.open_deals += not need.position.is_standing
        self.slowness = rules.slowness(self.open_deals, self.capacity, self.spec.load_exponent)
        self._slowness_by_week.append(self.slowness)

    def pursue(self, need: Need) -> Process:
        """Follow a purchase from the day the need opens to the day the deal is won, lost or seen to its end as a ghost."""
        env, account = self.env, need.account
        if self.audience is None:  # nobody is there to see the need open: one wait, to the same bit
            yield env.timeout(need.opens_at + self.research_hours - env.now)
        else:
            left = need.opens_at + self.research_hours
            if need.opens_at >= FIRST_DAY:
                yield env.timeout(need.opens_at - env.now)
                left = self.research_hours
            self._enter_market(account, 1)
            yield env.timeout(left)
            self._enter_market(account, -1)
        u_shortlist, u_paths = self.paths.draws(need)
        self._decide_shortlist(need, u_shortlist)
        if need.live or self._can_write(account):
            yield from self._get_in_touch(need, u_paths)
        need.lead_at = env.now
        if need.live:
            self._open(need)
        yield from self._work_through(need, self.timetables.of(need), 0)

    def carry_on(self, need: Need, position: Position) -> Process:
        """Carry on a sale that was under way on the first day."""
        timetable, stage = self.timetables.of(need), self.odds.stages[position.stage]
        self.record.turns.rows.extend((need.account.index, need.number, *turn) for turn in need.turns)
        if position.is_standing:
            yield self.env.timeout(position.until)
            _, u_wakes = self.timetables.standing_still(need, stage, timetable.size)
            self._take_up_again(need, stage, u_wakes, position.since)
            self._decide_stage(need, stage, timetable.u_passes[stage.number])
        else:
            yield self.env.timeout(position.until)
            yield from self._end_stage(need, timetable, stage)
        yield from self._work_through(need, timetable, stage.number + 1)

    def _work_through(self, need: Need, timetable: Timetable, first: int) -> Process:
        """Work through stage after stage; then a deal is a contract."""
        for stage in self.odds.stages[first:]:
            if not need.live:
                break
            if timetable.steps_back(stage):
                need.steps_back += 1
                self.record.turns.add((need.account.index, need.number, self.env.now, STEPS_BACK, stage.name))
            yield self.env.timeout(self.season.wait(self.env.now, timetable.hours(stage) * self.slowness))
            yield from self._end_stage(need, timetable, stage)
            first = stage.number + 1
        if need.live:
            self._close(need, self.env.now)
            yield from self.customers.keep(self.customers.of_need(need, self.env.now), HOURS_PER_YEAR)
        else:
            self.customers.market.haunt(need.account, self._haunt(need, timetable, first, self.env.now))

    def _haunt(self, need: Need, timetable: Timetable, first: int, now: float) -> Moments:
        """Let what is lost go through the stages that are left, and then through the years of a contract."""
        at, account = now, need.account
        for stage in self.odds.stages[first:]:
            if timetable.steps_back(stage):
                need.steps_back += 1
            at += self.season.wait(at, timetable.hours(stage) * self._slowness_by_week[int(at / HOURS_PER_WEEK)])
            yield at
            if timetable.stands_still(stage):
                hours, u_wakes = self.timetables.standing_still(need, stage, timetable.size)
                at += self.season.wait(at, hours)
                yield at
                need.decide(stage.wakes, at, self.odds.p_wakes(account, at, stage), u_wakes)
            p = self.odds.p_goes_on(account, at, stage, need.reply_delay)
            need.decide(stage.name, at, p, timetable.u_passes[stage.number])
        self._close(need, at)
        yield from self.customers.haunt(self.customers.of_need(need, at), at)

    def _end_stage(self, need: Need, timetable: Timetable, stage: Stage) -> Process:
        """End the work of a stage: the sale may pause before the buyer decides."""
        if timetable.stands_still(stage):
            yield from self._stand_still(need, stage, timetable.size)
        self._decide_stage(need, stage, timetable.u_passes[stage.number])

    def _stand_still(self, need: Need, stage: Stage, size: float) -> Process:
        """Wait while nobody at the account moves; then it takes the matter up again, or it has ended in no decision."""
        self.open_deals, self.standing = self.open_deals - 1, self.standing + 1
        self.record.turns.add((need.account.index, need.number, self.env.now, STANDS_STILL, stage.name))
        hours, u_wakes = self.timetables.standing_still(need, stage, size)
        begun = self.env.now
        yield self.env.timeout(self.season.wait(begun, hours))
        self._take_up_again(need, stage, u_wakes, begun)

    def _take_up_again(self, need: Need, stage: Stage, u_wakes: float, begun: float) -> None:
        """End a standing still, which had begun so long ago."""
        now = self.env.now
        need.stood_still += now - begun
        self.standing -= 1
        if need.decide(stage.wakes, now, self.odds.p_wakes(need.account, now, stage), u_wakes):
            self.open_deals += 1
        else:
            self._lose(need, NO_DECISION)

    def _decide_stage(self, need: Need, stage: Stage, u: float) -> None:
        """Decide at the end of a stage: the deal continues, or goes to a rival."""
        now, was_live = self.env.now, need.live
        if not need.decide(stage.name, now, self.odds.p_goes_on(need.account, now, stage, need.reply_delay), u):
            if was_live:
                self.open_deals -= 1
                self._lose(need, RIVAL)
        elif stage.number == 0:
            self.ledger.qualify(need, now)

    def _lose(self, need: Need, to: str) -> None:
        """End a lead without a deal; from here on it is a ghost."""
        need.closed_at, need.lost_to = self.env.now, to
        self.ledger.end(need, self.env.now)

    def update_load(self) -> None:
        """Update, once a week, how much the open deals slow each other down."""
        week = len(self.record.slowness)
        if self._replayed is None:
            self.slowness = rules.slowness(self.open_deals, self.capacity, self.spec.load_exponent)
        else:  # a world that ran off sooner has nothing open any more
            self.slowness = self._replayed[week] if week < len(self._replayed) else 1.0
        self._slowness_by_week.append(self.slowness)
        self.record.slowness.append(self.slowness)

    def _enter_market(self, account: Account, needs: int) -> None:
        """Let so many more needs be researched (fewer, if negative): contacts in market engage more."""
        account.in_market += needs
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)

    def _decide_shortlist(self, need: Need, u: float) -> None:
        now = self.env.now
        need.see_account()
        if not need.decide(SHORTLIST, now, self.odds.p_shortlists(need.account, now), u):
            need.closed_at, need.lost_to = now, RIVAL

    def _get_in_touch(self, need: Need, u_paths: list[float]) -> Process:
        """Get in touch by the path chosen; of a ghost's paths only a message makes a difference."""
        account = need.account
        path, second = self._choose_path(need, u_paths)
        account.outreach = account.outreach and account.in_market > 0  # an answer among peers serves the need it was about
        if need.live or path == BY_SOCIAL:
            need.path = path
        if path == BY_SOCIAL:
            yield from self._write(need, second)

    def _can_write(self, account: Account) -> bool:
        """Return whether the social path is open: to followers and those reached out to, before the horizon."""
        if self.audience is None or self.env.now >= self.horizon:
            return False
        return account.followers > 0 or account.outreach

    def _choose_path(self, need: Need, u_paths: list[float]) -> tuple[str, str]:
        """Return the path of largest utility, and the best one that is not social."""
        second, utility = self.paths.without_social(need, u_paths)
        if not self._can_write(need.account):
            return second, second
        social = self.paths.social(u_paths)
        if need.account.outreach:
            social += self.social_after_outreach
        return (BY_SOCIAL if social > utility else second), second

    def _write(self, need: Need, second: str) -> Process:
        """Write on a channel; a buyer who gets no reply takes the second path. A ghost meets what is usual lately."""
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
        """Open a lead: sales has work, and the ledger note where it came from."""
        u_recorded, u_search = self.paths.source_draws(need)
        if need.path == BY_SOCIAL:
            source = SOCIAL if u_recorded < self.measurement.asked_share(self.env.now) else DIRECT
        else:
            source = self.paths.source(need.path, u_search)
        self.open_deals += 1
        self.ledger.lead(need, self.env.now, source)

    def _close(self, need: Need, now: float) -> None:
        """Close what is through its last stage: a deal if every decision was for it."""
        need.ended_at = now
        need.see_account()
        self.followed -= 1
        if need.live:
            need.closed_at = now
            self.open_deals -= 1
            self.ledger.win(need, now)
            self.customers.sign(need.account)


def _tell(event: simpy.Event, outcome: str) -> None:
    event.succeed(outcome)
