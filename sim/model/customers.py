"""Customers: contracts and their yearly renewals. See docs/model.md, "Customers"."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.model import rules
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.intercepts import intercepts
from sim.model.market import Account, Market
from sim.model.service import Service
from sim.model.setting import Setting
from sim.model.streams import lognormal

Process = Generator[simpy.Event, Any, None]

FIRST_CONTRACT = -1  # need number of the contract that a customer of the first day holds
ANNIVERSARIES = 32  # room for each contract in the index of its draws


class Customers:
    """Contracts and those who hold them."""

    def __init__(self, setting: Setting, market: Market, audience: Audience | None, service: Service) -> None:
        self.env, self.record, self.horizon = setting.env, setting.record, setting.horizon
        self.market, self.audience, self.service = market, audience, service
        self.spec = setting.scenario.customers
        self.intercepts = intercepts(setting.scenario)
        streams = setting.streams
        self._renew_u, self._expand_u = streams["renewal"], streams["expansion"]
        self._value_u, self._anniversary_u = streams["first contract value"], streams["first anniversary"]

    def welcome_the_first(self) -> None:
        """The customers of the first day: the first accounts, which are as random as any others."""
        for index in range(self.market.spec.customers):
            account = self.market.account(index)
            value = self.market.spec.segments[account.segment].deal_value
            amount = lognormal(self._value_u(index), value.median, value.sigma)
            self.sign(account, is_new=False)
            first = self._anniversary_u(index) * HOURS_PER_YEAR
            self.env.process(self.keep(account, FIRST_CONTRACT, amount, 1.0, True, first))

    def sign(self, account: Account, *, is_new: bool = True) -> None:
        """An account holds one contract more."""
        account.contracts += 1
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)
        self.service.begin(account, is_new=is_new)

    def keep(self, account: Account, need: int, value: float, weight: float, held: bool, first: float) -> Process:
        """A contract, anniversary after anniversary until the horizon.

        One that has lapsed, or was never won, goes on as a ghost with its weight, like a need.
        """
        expansion, expected_value = self.spec.expansion, value
        anniversary, wait, since = 0, first, self.env.now
        new_until = since + self.service.onboarding_hours if need != FIRST_CONTRACT else 0.0
        while self.env.now + wait < self.horizon:
            yield self.env.timeout(wait)
            now, wait = self.env.now, HOURS_PER_YEAR
            trust = account.trust(now)
            unanswered = 0.0
            for complained_at in account.complaints:
                unanswered += complained_at >= now - HOURS_PER_YEAR
            if not held:
                moved, complaints = self.service.as_a_customer(account, trust, since, now, new_until)
                trust, unanswered = trust + moved, unanswered + complaints
            p = rules.p_renews(self.intercepts.renewal, self.spec.trust_slope, trust, self.spec.unanswered_penalty, unanswered)
            draw = (need + 1) * ANNIVERSARIES + anniversary
            u = self._renew_u(account.index, draw)
            weight *= p
            renews = held and u < p
            p_expands = rules.p_expands(self.intercepts.expansion, expansion.trust_slope, trust)
            u_expands = self._expand_u(account.index, draw)
            expands = renews and u_expands < p_expands
            renewed_value = rules.grown(value, expansion.growth, expands)
            expected_value = rules.grown(expected_value, expansion.growth, p_expands)
            self.record.renewals.add(
                (
                    account.index,
                    need,
                    anniversary,
                    account.segment,
                    now,
                    p,
                    u,
                    renews,
                    held,
                    weight,
                    value,
                    expands,
                    p_expands,
                    u_expands,
                    renewed_value,
                    expected_value,
                )
            )
            value = renewed_value
            if held and not renews:
                held, since = False, now
                account.contracts -= 1
                if account.contacts and self.audience is not None:
                    self.audience.reweigh(account)
            anniversary += 1
