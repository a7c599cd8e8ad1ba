"""The target market: its accounts, made when first looked at, and the needs that arise in them."""

import math
from collections.abc import Iterator

import numpy as np

from sim.model import rules
from sim.model.accounts import Account, Contact, Memory, Traits
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.ghosts import Ghost, Moments
from sim.model.needs import Need, first_opening, next_opening, time_since_opening
from sim.model.seasons import season_of_leads
from sim.model.streams import Floats, Streams, lognormal, pick, standard_normal
from sim.scenario.schema import LogNormal, Scenario

NEVER = 1e300  # hours
LATEST_BEFORE = -2  # number of an account's latest need before the first day (-1 is a contract of the first day)


def worth(u: float, value: LogNormal) -> float:
    """Return the value of a deal, in whole units of the currency, as contracts are written."""
    return float(max(1, round(lognormal(u, value.median, value.sigma))))


def voices(scenario: Scenario) -> list[tuple[float, ...]]:
    """Return weights by role at the shortlist and at each stage's end, of those who have joined by then; each sums to 1."""
    roles, stages = list(scenario.market.roles.values()), len(scenario.sales.stages)
    heard = []
    for over in range(stages + 1):
        present = [role.weight if role.joins == 0.0 or role.joins * stages < over else 0.0 for role in roles]
        total = math.fsum(present)
        heard.append(tuple(weight / total for weight in present))
    return heard


class Market:
    """Accounts, made when first looked at, and their needs, which arise whatever the team does."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.spec = scenario.market
        self.memory = Memory(scenario)
        self.horizon = scenario.time.horizon_weeks * HOURS_PER_WEEK
        self.streams = streams
        self.season = season_of_leads(scenario)
        self.roles = list(self.spec.roles.values())
        self._accounts: dict[int, Account] = {}
        self.ghosts: list[Ghost] = []
        segments = self.spec.segments
        self._segment_names = list(segments)
        self._segment_bounds = tuple(np.cumsum([segment.share for segment in segments.values()]).tolist())
        self._segment_u = streams["segment"]
        self._base_u, self._trust_u = streams["base salience"], streams["trust baseline"]
        self._rival_u, self._value_u = streams["with rival"], streams["deal value"]
        trust, base_sigma, rivals = self.spec.trust, self.spec.salience.base_sigma, self.spec.rivals
        self._baseline_logit = rules.logit(trust.baseline)
        shares = tuple((name, segment.share) for name, segment in segments.items())
        self._traits: dict[int, Traits] = streams.worked_out(
            "accounts",
            shares,
            trust.baseline,
            trust.baseline_sigma,
            trust.start_logit_shift,
            base_sigma,
            rivals.share_of_accounts,
        )

    def __len__(self) -> int:
        return self.spec.accounts

    def account(self, index: int) -> Account:
        """Return the account of that number."""
        account = self._accounts.get(index)
        if account is None:
            traits = self._traits.get(index)
            if traits is None:
                traits = self._traits[index] = self._drawn(index)
            account = self._accounts[index] = Account(index, traits, self.memory)
        return account

    def _drawn(self, index: int) -> Traits:
        """Return what an account is like, by its own draws."""
        trust = self.spec.trust
        own_logit = self._baseline_logit + trust.baseline_sigma * standard_normal(self._trust_u(index))
        baseline = rules.logistic(own_logit)
        return Traits(
            segment=self.segment_of(index),
            base=lognormal(self._base_u(index), 1.0, self.spec.salience.base_sigma),
            baseline=baseline,
            gap=rules.logistic(own_logit + trust.start_logit_shift) - baseline if trust.start_logit_shift else 0.0,
            is_with_rival=self._rival_u(index) < self.spec.rivals.share_of_accounts,
        )

    def contracts_of(self, index: int) -> int:
        """Return the number of contracts of an account."""
        account = self._accounts.get(index)
        return 0 if account is None else account.contracts

    def segment_of(self, index: int) -> str:
        """Return an account's segment."""
        return self._segment_names[pick(self._segment_u(index), self._segment_bounds)]

    def contact(self, index: int) -> Contact:
        """Return the contact of that number, made known to its account; contacts are numbered role by role within accounts."""
        number, role = divmod(index, len(self.roles))
        account = self.account(number)
        for contact in account.contacts:
            if contact.index == index:
                return contact
        contact = Contact(index, account, role, self.roles[role].weight, self.memory)
        account.contacts = (*account.contacts, contact)
        if len(account.contacts) > 1:  # in order of role: a sum over contacts must not depend on who was reached first
            account.contacts = tuple(sorted(account.contacts, key=lambda one: one.index))
        return contact

    def needs(self) -> list[Need]:
        """Return every need that opens before the horizon, from each account's own stream (a renewal process, by segment)."""
        found: dict[tuple[int, int], tuple[float, float]] = self.streams.worked_out(
            "needs", repr(self.spec.segments), len(self), self.horizon, self.season.key
        )
        if not found:
            found.update(((index, number), (at, self.worth(index, number))) for index, number, at in self._openings())
        return [Need(self.account(index), number, at, value) for (index, number), (at, value) in found.items()]

    def _openings(self) -> Iterator[tuple[int, int, float]]:
        """Yield account, number and moment of every need that opens before the horizon."""
        count = len(self)
        mean, least = self._intervals(count)
        arrivals = self.streams["need"]
        shown = first_opening(arrivals.column(count), mean, least)  # by the clock of the season
        number = 0
        while (in_time := np.flatnonzero((opens := self.season.moments(shown)) < self.horizon)).size:
            for index, at in zip(in_time.tolist(), opens[in_time].tolist(), strict=True):
                yield index, number, at
            number += 1
            shown = shown + next_opening(arrivals.column(count, number), mean, least)

    def ages(self, hours: float) -> Iterator[Floats]:
        """Yield how long ago (hours) each account's last need before the first day opened, then the one before it, and so on.

        The same renewal process, followed backwards until none is younger than `hours`; shape (accounts,) each.
        """
        count = len(self)
        mean, least = self._intervals(count)
        before = self.streams["need before"]
        first = first_opening(self.streams["need"].column(count), mean, least)
        shown, back = time_since_opening(first, before.column(count), mean, least), 0  # by the clock of the season
        while ((ages := -self.season.moments(-shown)) < hours).any():
            yield ages
            back += 1
            shown = shown + next_opening(before.column(count, back), mean, least)

    def minds(self) -> tuple[Floats, Floats]:
        """Return the log of base salience and the baseline of trust of all accounts, shape (accounts,) each."""
        count = len(self)
        base, own = (
            np.array(list(map(standard_normal, stream.column(count).tolist()))) for stream in (self._base_u, self._trust_u)
        )
        logits = self._baseline_logit + self.spec.trust.baseline_sigma * own
        return self.spec.salience.base_sigma * base, 1.0 / (1.0 + np.exp(-logits))

    def need(self, index: int, number: int, opens_at: float) -> Need:
        """Return the need of that number of an account."""
        return Need(self.account(index), number, opens_at, self.worth(index, number))

    def worth(self, index: int, number: int) -> float:
        """Return what a need of an account is worth, if it becomes a deal."""
        return worth(self._value_u(index, number), self.spec.segments[self.account(index).segment].deal_value)

    def haunt(self, account: Account, moments: Moments) -> None:
        """Let a sale or a contract of an account continue as a ghost."""
        ghost = Ghost(moments)
        if ghost.next_at < math.inf:
            account.ghosts.append(ghost)
            self.ghosts.append(ghost)

    def bring_ghosts_up_to(self, now: float) -> None:
        """Let every ghost continue to this moment, and forget those that have come to their end."""
        for ghost in self.ghosts:
            if ghost.next_at < now:
                ghost.go_on(now)
        self.ghosts = [ghost for ghost in self.ghosts if ghost.next_at < math.inf]

    def dissolve(self) -> None:
        """Forget everyone."""
        for account in self._accounts.values():
            for contact in account.contacts:
                contact.follows.clear()
            account.contacts = ()
            account.ghosts.clear()
        self._accounts.clear()
        self.ghosts.clear()

    def _intervals(self, count: int) -> tuple[Floats, Floats]:
        """Return the hours between two needs of each account: the mean, and the least; each of shape (count,)."""
        segments = self.spec.segments.values()
        mean = [HOURS_PER_YEAR / one.needs_per_year if one.needs_per_year > 0.0 else NEVER for one in segments]
        which = np.searchsorted(self._segment_bounds[:-1], self._segment_u.column(count), side="right")
        means = np.asarray(mean)[which]
        return means, means * np.asarray([one.least_interval for one in segments])[which]
