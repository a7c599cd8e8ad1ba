"""Sponsoring: money that shows posts to contacts of target accounts, whether they follow or not. See docs/model.md, 2.4."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.accounts import Account
from sim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.publishing import FRESH_HOURS, PublishingDesk
from sim.model.setting import Setting
from sim.scenario.schema.channels import SPONSORED

Process = Generator[simpy.Event, Any, None]

MORNING = 9.0
PER = 1000.0  # views that a price is for


class Sponsoring:
    """What a budget shows each working day, at nine: the latest piece, to all users of a channel at target accounts alike."""

    def __init__(self, setting: Setting, salience_rate: float) -> None:
        scenario = setting.scenario
        self.env, self.calendar, self.record, self.ledger = setting.env, setting.calendar, setting.record, setting.ledger
        self.weeks, self.spec = scenario.time.horizon_weeks, scenario.sponsoring
        self.place = scenario.place_of_sponsoring()
        self.per_day = self.spec.per_week / len(scenario.calendar.weekdays)
        self.not_yet_reached: list[Account] = []
        self.channel: Channel | None = None
        if self.place is not None:
            host = scenario.channels[self.place]
            own = {
                "reach": 1.0, "reach_exponent": 1.0, "frequency_exponent": 0.0, "outside_per_follower": 0.0,
                "engagement_rate": min(1.0, host.engagement_rate * self.spec.engagement / self.spec.attention),
            }  # fmt: skip
            self.channel = Channel(setting.env, SPONSORED, host.model_copy(update=own), salience_rate, place=self.place)

    def show(self, publishing: PublishingDesk) -> Process:
        """Spend the budget of every working day until the horizon; nothing if no piece is fresh, or nobody is there."""
        assert self.channel is not None
        first = math.ceil((self.env.now - MORNING) / HOURS_PER_DAY)
        for day in range(max(0, first), self.weeks * DAYS_PER_WEEK):
            if not self.calendar.is_working_day(day):
                continue
            yield self.env.timeout(day * HOURS_PER_DAY + MORNING - self.env.now)
            draft, now = publishing.latest, self.env.now
            if draft is None or now - draft.since > FRESH_HOURS or not self.channel.followers:
                continue
            quality = publishing.quality(draft)
            views = self.per_day / self.spec.price_per_1000 * PER * self.spec.on_target / self.channel.followers
            exposure = views * self.spec.attention
            post = self.channel.post(draft.kind, quality, exposure / quality, draft.form.engagement)
            self.record.posts.add((now, SPONSORED, draft.number, draft.kind, quality, post.frequency_factor, post.reach))
            for account in self.not_yet_reached:
                account.be_touched(now)
            self.not_yet_reached.clear()
            week = int(now // HOURS_PER_WEEK)
            self.record.expenses.add((week, SPONSORED, self.per_day))
            self.ledger.spend(week, self.per_day)
