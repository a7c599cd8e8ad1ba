"""The target market: accounts, the contacts in them, what they remember and trust, and the needs that arise."""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.streams import Floats, Streams, lognormal, pick, standard_normal
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.model.channels import Follow


class Memory:
    """How salience and trust move: rates per hour, gains and losses; one for all accounts."""

    __slots__ = ("miss_loss", "reply_gain", "salience_gain", "salience_rate", "touch_gain", "trust_rate")

    def __init__(self, scenario: Scenario) -> None:
        salience, trust = scenario.market.salience, scenario.market.trust
        self.salience_rate = rules.decay_rate(salience.half_life_weeks * HOURS_PER_WEEK)
        self.salience_gain = salience.exposure_gain
        self.trust_rate = rules.decay_rate(trust.half_life_weeks * HOURS_PER_WEEK)
        self.touch_gain, self.reply_gain, self.miss_loss = trust.touch_gain, trust.reply_gain, trust.miss_loss


class Contact:
    """Someone at an account whom social media has reached; exposure is applied when salience is read."""

    __slots__ = ("account", "at", "follows", "index", "memory", "salience", "weight")

    def __init__(self, index: int, account: "Account", weight: float, memory: Memory) -> None:
        self.index, self.account, self.weight, self.memory = index, account, weight, memory
        self.salience, self.at = 0.0, 0.0
        self.follows: list[Follow] = []

    def salience_at(self, now: float) -> float:
        """Salience from social media: what was left, decayed, and the echo of every post followed since."""
        memory = self.memory
        decay = math.exp(-memory.salience_rate * (now - self.at))
        exposure = 0.0
        for follow in self.follows:
            exposure += follow.channel.echo_at(now) - follow.echo * decay
        return self.salience * decay + memory.salience_gain * exposure

    def remember(self, now: float, gain: float = 0.0) -> None:
        """Bring salience up to now and add `gain`."""
        if self.follows or self.salience:
            self.salience = self.salience_at(now)
        self.salience += gain
        self.at = now
        for follow in self.follows:
            follow.echo = follow.channel.echo_at(now)


class Account:
    """A company that may buy: how its committee thinks of the brand now, and what it is to the team."""

    __slots__ = (
        "asks",
        "base",
        "baseline",
        "complaints",
        "contacts",
        "contracts",
        "followers",
        "gap",
        "in_market",
        "index",
        "log_base",
        "memory",
        "moments",
        "outreach",
        "segment",
        "shaken",
        "since",
        "spoke",
        "touched",
        "touches",
    )  # fmt: skip

    def __init__(self, index: int, segment: str, base: float, baseline: float, gap: float, memory: Memory) -> None:
        self.index, self.segment, self.memory = index, segment, memory
        self.base, self.log_base = base, math.log(base)
        self.baseline, self.gap, self.since = baseline, gap, 0.0
        self.contacts: tuple[Contact, ...] = ()
        self.followers = 0
        self.in_market = 0
        self.contracts = 0
        self.outreach = False
        self.asks = False
        self.moments: tuple[float, ...] | None = None
        self.spoke: tuple[int, ...] = ()
        self.touched = False
        self.shaken = 0.0
        self.complaints: tuple[float, ...] = ()
        self.touches: tuple[tuple[float, str], ...] = ()

    def log_salience(self, now: float) -> float:
        """Log of base plus role-weighted social salience."""
        if not self.contacts:
            return self.log_base
        social = 0.0
        for contact in self.contacts:
            social += contact.weight * contact.salience_at(now)
        return self.log_base if social == 0.0 else math.log(self.base + social)

    def trust(self, now: float) -> float:
        """Trust in (0, 1); reading it never writes it."""
        if self.gap == 0.0:
            return self.baseline
        return self.baseline + self.gap * math.exp(-self.memory.trust_rate * (now - self.since))

    def touch(self, now: float, quality: float, gain: float) -> None:
        """A touch of some quality moves trust; one of zero gain leaves even its last bit alone."""
        if gain != 0.0:
            self._set_trust(now, rules.after_touch(self.trust(now), quality, gain))

    def disappoint(self, now: float, loss: float) -> None:
        """A message was left without reply: a share of trust is lost; a share of zero leaves even the last bit alone."""
        if loss != 0.0:
            self._set_trust(now, rules.after_miss(self.trust(now), loss))

    def be_shaken(self, now: float, loss: float) -> None:
        """A crisis takes a share of trust."""
        self.shaken += loss
        self.disappoint(now, loss)

    def _set_trust(self, now: float, trust: float) -> None:
        self.gap, self.since = trust - self.baseline, now


class Need:
    """A purchase that an account considers. Followed to the end even when lost: then as a ghost with a weight."""

    __slots__ = (
        "account", "closed_at", "ended_at", "first_touch", "last_touch", "lead_at", "live", "number", "opens_at", "p",
        "path", "qualified_at", "recorded_source", "reply_delay", "shaken", "touched", "u", "value", "weight",
    )  # fmt: skip

    def __init__(self, account: Account, number: int, opens_at: float, value: float) -> None:
        self.account, self.number, self.opens_at, self.value = account, number, opens_at, value
        self.p: list[float] = []
        self.u: list[float] = []
        self.weight = 1.0
        self.live = True
        self.touched, self.shaken = False, 0.0
        self.lead_at = self.closed_at = self.ended_at = self.qualified_at = math.nan
        self.reply_delay = 0.0
        self.path = self.recorded_source = self.first_touch = self.last_touch = ""

    @property
    def won(self) -> bool:
        """Whether it became a deal."""
        return self.live and not math.isnan(self.ended_at)

    @property
    def pending(self) -> bool:
        """Whether it could still be won."""
        return self.live and math.isnan(self.ended_at)

    def decide(self, p: float, u: float) -> bool:
        """A decision with probability p: whether the need lives on. A ghost only gains a factor."""
        self.p.append(p)
        self.u.append(u)
        self.weight *= p
        if u >= p:
            self.live = False
        return self.live


class Market:
    """Accounts, made when first looked at, and their needs, which arise whatever the team does."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.spec = scenario.market
        self.memory = Memory(scenario)
        self.horizon = scenario.time.horizon_weeks * HOURS_PER_WEEK
        self.streams = streams
        self.roles = list(self.spec.roles.values())
        self._accounts: dict[int, Account] = {}
        segments = self.spec.segments
        self._segment_names = list(segments)
        self._segment_bounds = tuple(np.cumsum([segment.share for segment in segments.values()]).tolist())
        self._segment_u = streams["segment"]
        self._base_u, self._trust_u = streams["base salience"], streams["trust baseline"]
        self._baseline_logit = rules.logit(self.spec.trust.baseline)

    def __len__(self) -> int:
        return self.spec.accounts

    def account(self, index: int) -> Account:
        """The account of that number."""
        account = self._accounts.get(index)
        if account is None:
            trust = self.spec.trust
            own_logit = self._baseline_logit + trust.baseline_sigma * standard_normal(self._trust_u(index))
            baseline = rules.logistic(own_logit)
            gap = rules.logistic(own_logit + trust.start_logit_shift) - baseline if trust.start_logit_shift else 0.0
            base = lognormal(self._base_u(index), 1.0, self.spec.salience.base_sigma)
            account = Account(index, self.segment_of(index), base, baseline, gap, self.memory)
            self._accounts[index] = account
        return account

    def segment_of(self, index: int) -> str:
        """An account's segment."""
        return self._segment_names[pick(self._segment_u(index), self._segment_bounds)]

    def contact(self, index: int) -> Contact:
        """The contact of that number, made known to its account; contacts are numbered role by role within accounts."""
        number, role = divmod(index, len(self.roles))
        account = self.account(number)
        for contact in account.contacts:
            if contact.index == index:
                return contact
        contact = Contact(index, account, self.roles[role].weight, self.memory)
        account.contacts = (*account.contacts, contact)
        if len(account.contacts) > 1:  # in order of role: a sum over contacts must not depend on who was reached first
            account.contacts = tuple(sorted(account.contacts, key=lambda one: one.index))
        return contact

    def needs(self) -> list[Need]:
        """Every need that opens before the horizon, from each account's own stream (Poisson, by segment)."""
        count = len(self)
        rates = self._need_rates(count)
        arrivals, values = self.streams["need"], self.streams["deal value"]
        segments = self.spec.segments
        needs: list[Need] = []
        opens = np.zeros(count)
        number = 0
        with np.errstate(divide="ignore", invalid="ignore"):
            while True:
                opens = opens - np.log1p(-arrivals.column(count, number)) / rates
                late = opens < self.horizon
                if not late.any():
                    return needs
                for index in np.flatnonzero(late).tolist():
                    account = self.account(index)
                    value = segments[account.segment].deal_value
                    amount = lognormal(values(index, number), value.median, value.sigma)
                    needs.append(Need(account, number, float(opens[index]), amount))
                number += 1

    def dissolve(self) -> None:
        """Forget everyone."""
        for account in self._accounts.values():
            for contact in account.contacts:
                contact.follows.clear()
            account.contacts = ()
        self._accounts.clear()

    def _need_rates(self, count: int) -> Floats:
        """Needs an hour of each account, shape (count,)."""
        per_hour = [segment.needs_per_year / HOURS_PER_YEAR for segment in self.spec.segments.values()]
        which = np.searchsorted(self._segment_bounds[:-1], self._segment_u.column(count), side="right")
        return np.asarray(per_hour)[which]
