"""Customers: yearly renewals, and the questions and complaints they make in public. See docs/model.md, "Customers"."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.dialogue import MISSED, Dialogue
from sim.model.intercepts import intercepts
from sim.model.market import Account, Market
from sim.model.setting import Setting
from sim.model.streams import exponential, lognormal

Process = Generator[simpy.Event, Any, None]

FIRST_CONTRACT = -1  # need number of the contract that a customer of the first day holds
ANNIVERSARIES = 32  # room for each contract in the index of its draws


class Customers:
    """Contracts and those who hold them."""

    def __init__(self, setting: Setting, market: Market, audience: Audience | None, dialogue: Dialogue) -> None:
        self.env, self.record, self.horizon = setting.env, setting.record, setting.horizon
        self.market, self.audience, self.dialogue = market, audience, dialogue
        self.spec = setting.scenario.customers
        self.intercept = intercepts(setting.scenario).renewal
        asked_a_year = self.spec.questions_per_year * self.spec.share_on_social
        self.mean_hours = HOURS_PER_YEAR / asked_a_year if asked_a_year > 0.0 else math.inf
        streams = setting.streams
        self._renew_u = streams["renewal"]
        self._asks_u, self._complains_u = streams["customer asks"], streams.sparse("complaint")
        self._minutes_u, self._settled_u = streams.sparse("customer minutes"), streams.sparse("settled offline")
        self._value_u, self._anniversary_u = streams["first contract value"], streams["first anniversary"]

    def welcome_the_first(self) -> None:
        """The customers of the first day: the first accounts, which are as random as any others."""
        for index in range(self.market.spec.customers):
            account = self.market.account(index)
            value = self.market.spec.segments[account.segment].deal_value
            amount = lognormal(self._value_u(index), value.median, value.sigma)
            self.sign(account)
            first = self._anniversary_u(index) * HOURS_PER_YEAR
            self.env.process(self.keep(account, FIRST_CONTRACT, amount, 1.0, True, first))

    def sign(self, account: Account) -> None:
        """An account holds one contract more."""
        account.contracts += 1
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)
        self._begin_to_ask(account)

    def keep(self, account: Account, need: int, value: float, weight: float, held: bool, first: float) -> Process:
        """A contract, anniversary after anniversary until the horizon.

        One that has lapsed, or was never won, goes on as a ghost with its weight, like a need.
        """
        anniversary, wait, since = 0, first, self.env.now
        while self.env.now + wait < self.horizon:
            yield self.env.timeout(wait)
            now, wait = self.env.now, HOURS_PER_YEAR
            trust = account.trust(now)
            unanswered = 0.0
            for complained_at in account.complaints:
                unanswered += complained_at >= now - HOURS_PER_YEAR
            if not held and self.mean_hours < math.inf:
                moved, complaints = self._as_a_customer(account, trust, since, now)
                trust, unanswered = trust + moved, unanswered + complaints
            p = rules.p_renews(self.intercept, self.spec.trust_slope, trust, self.spec.unanswered_penalty, unanswered)
            u = self._renew_u(account.index, (need + 1) * ANNIVERSARIES + anniversary)
            weight *= p
            renews = held and u < p
            self.record.renewals.add(
                (account.index, need, anniversary, account.segment, now, p, u, renews, held, weight, value)
            )
            if held and not renews:
                held, since = False, now
                account.contracts -= 1
                if account.contacts and self.audience is not None:
                    self.audience.reweigh(account)
            anniversary += 1

    def _as_a_customer(self, account: Account, trust: float, since: float, now: float) -> tuple[float, float]:
        """How a ghost's questions would have moved trust by now, and the past year's complaints that nobody answered.

        The ghost asks at the account's own moments, and is answered as often as others were lately.
        """
        asked = [(number, at) for number, at in enumerate(self._moments(account)) if since < at < now]
        if not asked:
            return 0.0, 0.0
        answered, memory = self.dialogue.expected_share_answered, account.memory
        if_answered = rules.after_touch(trust, self.dialogue.reply_quality, memory.reply_gain) - trust
        if_missed = rules.after_miss(trust, memory.miss_loss) - trust
        moved = unanswered = 0.0
        for number, at in asked:
            counts = at >= now - HOURS_PER_YEAR and self._complains(account, number)
            if self.audience is None:
                unanswered += counts and not self._is_settled(account, number)
            else:
                moved += (answered * if_answered + (1.0 - answered) * if_missed) * math.exp(-memory.trust_rate * (now - at))
                unanswered += (1.0 - answered) if counts else 0.0
        return moved, unanswered

    def _moments(self, account: Account) -> tuple[float, ...]:
        """When an account asks, if it is a customer then; up to the horizon."""
        if account.moments is None:
            moments, at = [], exponential(self._asks_u(account.index, 0), self.mean_hours)
            while at < self.horizon:
                moments.append(at)
                at += exponential(self._asks_u(account.index, len(moments)), self.mean_hours)
            account.moments = tuple(moments)
        return account.moments

    def _complains(self, account: Account, number: int) -> bool:
        """Whether what an account asks is a complaint."""
        return self._complains_u(account.index, number) < self.spec.share_complaints

    def _is_settled(self, account: Account, number: int) -> bool:
        """Whether a complaint made off line is settled there."""
        return self._settled_u(account.index, number) < self.spec.share_settled_offline

    def _begin_to_ask(self, account: Account) -> None:
        if not account.asks and self.mean_hours < math.inf:
            account.asks = True
            self.env.process(self.ask(account))

    def ask(self, account: Account) -> Process:
        """Questions and complaints at moments of the account's own, which come to nothing when it is no customer."""
        for number, at in enumerate(self._moments(account)):
            if at > self.env.now:
                yield self.env.timeout(at - self.env.now)
                if account.contracts > 0:
                    self._ask(account, number)

    def _ask(self, account: Account, number: int) -> None:
        complains = self._complains(account, number)
        if self.audience is None:
            if complains and not self._is_settled(account, number):
                account.complaints += (self.env.now,)
            return

        def complaint_ends(outcome: str) -> None:
            if outcome == MISSED:
                account.complaints += (self.env.now,)

        account.touched = True
        self.dialogue.open(
            "complaint" if complains else "customer_question",
            account,
            self._minutes_u(account.index, number),
            on_end=complaint_ends if complains else None,
        )
