"""Customers: contracts and their yearly renewals. See docs/model.md, "Customers"."""

from collections.abc import Generator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import simpy

from sim.model import rules
from sim.model.accounts import Account
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.ghosts import Moments
from sim.model.intercepts import intercepts
from sim.model.market import Market, worth
from sim.model.needs import Need
from sim.model.service import Service
from sim.model.setting import Setting

Process = Generator[simpy.Event, Any, None]

FIRST_CONTRACT = -1  # need number of the contract that a customer of the first day holds
ANNIVERSARIES = 32  # room for each contract in the index of its draws


@dataclass(slots=True)
class Contract:
    """A contract held, or the ghost of one: since when (hours), and until when its customer is new."""

    account: Account
    need: int
    value: float
    weight: float
    held: bool
    since: float
    new_until: float
    anniversary: int = 0
    expected_value: float = field(init=False)  # of a year, if every growth came with its probability

    def __post_init__(self) -> None:
        """Start with a value that has not grown yet."""
        self.expected_value = self.value


class Customers:
    """Contracts and those who hold them."""

    def __init__(self, setting: Setting, market: Market, audience: Audience | None, service: Service) -> None:
        self.env, self.record, self.horizon = setting.env, setting.record, setting.horizon
        self.market, self.audience, self.service = market, audience, service
        self.spec = setting.scenario.customers
        self.complaint_lost = setting.gains.complaint_lost
        self.intercepts = intercepts(setting.scenario)
        streams = setting.streams
        self._renew_u, self._expand_u = streams["renewal"], streams["expansion"]
        self._value_u, self._anniversary_u = streams["first contract value"], streams["first anniversary"]
        self._seen_to_the_end: list[tuple[float, Contract]] = []  # with the moment from which on nothing happens to it

    def welcome_the_first(self) -> None:
        """Welcome the customers of the first day: the first accounts, which are as random as any others."""
        for index in range(self.market.spec.customers):
            account = self.market.account(index)
            value = self.market.spec.segments[account.segment].deal_value
            amount = worth(self._value_u(index), value)
            self.sign(account, is_new=False)
            first = self._anniversary_u(index) * HOURS_PER_YEAR
            contract = Contract(account, FIRST_CONTRACT, amount, weight=1.0, held=True, since=0.0, new_until=0.0)
            self.env.process(self.keep(contract, first))

    def sign(self, account: Account, *, is_new: bool = True) -> None:
        """Let an account hold one contract more."""
        account.hold(self.env.now, 1)
        if account.contacts and self.audience is not None:
            self.audience.reweigh(account)
        self.service.begin(account, is_new=is_new)

    def of_need(self, need: Need, now: float) -> Contract:
        """Return the contract of a need whose last stage is over; if it was lost, the ghost of one."""
        new_until = now + self.service.onboarding_hours
        return Contract(need.account, need.number, need.value, need.weight, need.live, now, new_until)

    def keep(self, contract: Contract, first: float) -> Process:
        """Keep a contract, anniversary after anniversary until the horizon; the first is in so many hours."""
        wait = first
        while contract.held and self.env.now + wait < self.horizon:
            yield self.env.timeout(wait)
            self._decide(contract, self.env.now)
            wait = HOURS_PER_YEAR
        if contract.held:
            self._seen_to_the_end.append((self.env.now, contract))
        else:
            self.market.haunt(contract.account, self.haunt(contract, self.env.now))

    def haunt(self, contract: Contract, now: float) -> Moments:
        """Let a contract that has lapsed, or was never won, continue with its weight, like a need."""
        at = now
        while at + HOURS_PER_YEAR < self.horizon:
            at += HOURS_PER_YEAR
            yield at
            self._decide(contract, at)
        self._seen_to_the_end.append((at, contract))

    def write_down(self) -> None:
        """Write down all contracts, and bring into the order of time what was seen in another."""
        self.record.renewals.rows.sort(key=itemgetter(self.record.renewals.columns.index("time")))
        for _, one in sorted(self._seen_to_the_end, key=itemgetter(0)):
            expected = one.weight * one.expected_value
            self.record.contracts.add((one.account.index, one.need, one.account.segment, one.held, one.value, expected))

    def _decide(self, one: Contract, now: float) -> None:
        """Decide at an anniversary whether the customer renews, and if so, whether the contract grows."""
        account, expansion = one.account, self.spec.expansion
        draw = (one.need + 1) * ANNIVERSARIES + one.anniversary
        u, u_expands = self._renew_u(account.index, draw), self._expand_u(account.index, draw)
        trust, unanswered = self._met(one, now)
        p = rules.p_renews(self.intercepts.renewal, self.spec.trust_slope, trust, self.complaint_lost, unanswered)
        p_expands = rules.p_expands(self.intercepts.expansion, expansion.trust_slope, trust)
        one.weight *= p
        renews = one.held and u < p
        expands = renews and u_expands < p_expands
        renewed_value = rules.grown(one.value, expansion.growth, expands)
        one.expected_value = rules.grown(one.expected_value, expansion.growth, p_expands)
        self.record.renewals.add((
            account.index, one.need, one.anniversary, account.segment, now, p, u, renews, one.held, one.weight, one.value,
            expands, p_expands, u_expands, renewed_value, one.expected_value,
        ))  # fmt: skip
        one.value = renewed_value
        if one.held and not renews:
            self._lapse(one)
        one.anniversary += 1

    def _met(self, one: Contract, now: float) -> tuple[float, float]:
        """Return trust now, and the past year's complaints that nobody answered; a ghost's as if it had been a customer."""
        account = one.account
        trust = account.trust(now)
        unanswered = 0.0
        for complained_at in account.complaints:
            unanswered += complained_at >= now - HOURS_PER_YEAR
        if one.held:
            return trust, unanswered
        moved, complaints = self.service.as_a_customer(account, trust, one.since, now, one.new_until)
        return trust + moved, unanswered + complaints

    def _lapse(self, one: Contract) -> None:
        one.held, one.since = False, self.env.now
        one.account.hold(self.env.now, -1)
        if one.account.contacts and self.audience is not None:
            self.audience.reweigh(one.account)
