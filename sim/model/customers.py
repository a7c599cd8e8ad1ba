"""Customers: yearly renewals, and the questions and complaints they make in public. See docs/model.md, "Customers"."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.dialogue import MISSED, Dialogue
from sim.model.intercepts import intercepts
from sim.model.market import Account, Market
from sim.model.record import Record
from sim.model.streams import Streams, exponential, lognormal
from sim.scenario.schema import Scenario

Process = Generator[simpy.Event, Any, None]

FIRST_CONTRACT = -1  # need number of the contract that a customer of the first day holds
ANNIVERSARIES = 32  # room for each contract in the index of its draws


class Customers:
    """Contracts and those who hold them."""

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        streams: Streams,
        market: Market,
        audience: Audience | None,
        dialogue: Dialogue,
        record: Record,
    ) -> None:
        self.env, self.market, self.audience, self.dialogue, self.record = env, market, audience, dialogue, record
        self.spec = scenario.customers
        self.horizon = scenario.time.horizon_weeks * HOURS_PER_WEEK
        self.intercept = intercepts(scenario).renewal
        self._renew_u = streams["renewal"]
        self._asks_u, self._complains_u = streams.sparse("customer asks"), streams.sparse("complaint")
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
        anniversary, wait = 0, first
        while self.env.now + wait < self.horizon:
            yield self.env.timeout(wait)
            now, wait = self.env.now, HOURS_PER_YEAR
            unanswered = sum(at >= now - HOURS_PER_YEAR for at in account.complaints)
            p = rules.logistic(
                self.intercept + self.spec.trust_slope * account.trust(now) - self.spec.unanswered_penalty * unanswered
            )
            u = self._renew_u(account.index, (need + 1) * ANNIVERSARIES + anniversary)
            weight *= p
            renews = held and u < p
            self.record.renewals.add(
                (account.index, need, anniversary, account.segment, now, p, u, renews, held, weight, value)
            )
            if held and not renews:
                held = False
                account.contracts -= 1
                if account.contacts and self.audience is not None:
                    self.audience.reweigh(account)
            anniversary += 1

    def _begin_to_ask(self, account: Account) -> None:
        if not account.asks and self.spec.questions_per_year * self.spec.share_on_social > 0.0:
            account.asks = True
            self.env.process(self.ask(account))

    def ask(self, account: Account) -> Process:
        """Questions and complaints at moments of the account's own, which come to nothing when it is no customer."""
        mean_hours = HOURS_PER_YEAR / (self.spec.questions_per_year * self.spec.share_on_social)
        number, at = 0, 0.0
        while True:
            at += exponential(self._asks_u(account.index, number), mean_hours)
            if at >= self.horizon:
                return
            if at > self.env.now:
                yield self.env.timeout(at - self.env.now)
                if account.contracts > 0:
                    self._ask(account, number)
            number += 1

    def _ask(self, account: Account, number: int) -> None:
        complains = self._complains_u(account.index, number) < self.spec.share_complaints
        if self.audience is None:
            if complains and self._settled_u(account.index, number) >= self.spec.share_settled_offline:
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
