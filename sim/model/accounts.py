"""Accounts and the contacts in them: what they remember of the brand, whether they trust it, what they are to the team."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.effects import gains_of
from sim.model.ghosts import Ghost
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.model.channels import Follow


class Memory:
    """Decay of salience and trust (per hour), and what an exposure and hearsay add to them; one for all accounts."""

    __slots__ = ("exposed", "praised", "recommended", "salience_rate", "trust_rate")

    def __init__(self, scenario: Scenario) -> None:
        salience, trust = scenario.market.salience, scenario.market.trust
        self.salience_rate = rules.decay_rate(salience.half_life_weeks * HOURS_PER_WEEK)
        self.trust_rate = rules.decay_rate(trust.half_life_weeks * HOURS_PER_WEEK)
        gains = gains_of(scenario)
        self.exposed, self.recommended, self.praised = gains.exposed, gains.recommended, gains.praised


class Contact:
    """Someone at an account whom social media has reached; exposure is applied when salience is read."""

    __slots__ = ("account", "at", "follows", "index", "memory", "role", "salience", "weight")

    def __init__(self, index: int, account: "Account", role: int, weight: float, memory: Memory) -> None:
        self.index, self.account, self.memory = index, account, memory
        self.role, self.weight = role, weight
        self.salience, self.at = 0.0, 0.0
        self.follows: list[Follow] = []

    def salience_at(self, now: float) -> float:
        """Return salience from social media: what was left, decayed, and the echo of every post followed since."""
        memory = self.memory
        decay = math.exp(-memory.salience_rate * (now - self.at))
        exposure = 0.0
        for follow in self.follows:
            exposure += follow.channel.echo_at(now) - follow.echo * decay
        return self.salience * decay + memory.exposed * exposure

    def remember(self, now: float, gain: float = 0.0) -> None:
        """Bring salience up to now and add `gain`."""
        self.account.about_to_change(now)
        if self.follows or self.salience:
            self.salience = self.salience_at(now)
        self.salience += gain
        self.at = now
        for follow in self.follows:
            follow.echo = follow.channel.echo_at(now)


class Traits(NamedTuple):
    """Traits of an account on the first day: base salience, and trust as its baseline and the gap to it."""

    segment: str
    base: float
    baseline: float
    gap: float
    is_with_rival: bool


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
        "ghosts",
        "heard",
        "heard_at",
        "in_market",
        "index",
        "is_with_rival",
        "log_base",
        "memory",
        "moments",
        "outreach",
        "segment",
        "shaken",
        "since",
        "spoke",
        "told_of",
        "touched",
        "touches",
    )  # fmt: skip

    def __init__(self, index: int, traits: Traits, memory: Memory) -> None:
        self.index, self.segment, self.memory = index, traits.segment, memory
        self.base, self.log_base = traits.base, math.log(traits.base)
        self.baseline, self.gap, self.since = traits.baseline, traits.gap, 0.0
        self.contacts: tuple[Contact, ...] = ()
        self.followers = 0
        self.in_market = 0
        self.contracts = 0
        self.is_with_rival = traits.is_with_rival
        self.heard, self.heard_at, self.told_of = 0.0, 0.0, 0.0
        self.outreach = False
        self.asks = False
        self.moments: tuple[float, ...] | None = None
        self.spoke: tuple[int, ...] = ()
        self.touched = False
        self.shaken = 0.0
        self.complaints: tuple[float, ...] = ()
        self.touches: tuple[tuple[float, str], ...] = ()
        self.ghosts: list[Ghost] = []

    def about_to_change(self, now: float) -> None:
        """Let ghosts continue to this moment, which find the account as it was until now."""
        for ghost in self.ghosts:
            if ghost.next_at < now:
                ghost.go_on(now)

    def log_salience(self, now: float, weights: tuple[float, ...] | None = None) -> float:
        """Return the log of base, plus what members remember by their weights (or those of all), plus what they were told."""
        if not self.contacts and self.heard == 0.0:
            return self.log_base
        added = 0.0
        for contact in self.contacts:
            added += (contact.weight if weights is None else weights[contact.role]) * contact.salience_at(now)
        if self.heard > 0.0:
            added += self.heard * math.exp(-self.memory.salience_rate * (now - self.heard_at))
        return self.log_base if added == 0.0 else math.log(self.base + added)

    def hear(self, now: float, opinion: float) -> None:
        """Hear of the brand from someone whose opinion of it is a trust between 0 and 1."""
        memory = self.memory
        self.about_to_change(now)
        self.told_of += 1.0 + opinion
        if memory.recommended != 0.0:
            self.heard = self.heard * math.exp(-memory.salience_rate * (now - self.heard_at)) + memory.recommended
            self.heard_at = now
        self.touch(now, opinion, memory.praised)

    def trust(self, now: float) -> float:
        """Return trust in (0, 1); reading it never writes it."""
        if self.gap == 0.0:
            return self.baseline
        return self.baseline + self.gap * math.exp(-self.memory.trust_rate * (now - self.since))

    def touch(self, now: float, quality: float, gain: float) -> None:
        """Move trust by a touch of some quality; one of zero gain leaves even its last bit alone."""
        if gain != 0.0:
            self._set_trust(now, rules.after_touch(self.trust(now), quality, gain))

    def disappoint(self, now: float, loss: float) -> None:
        """Lose a share of trust over a message without reply; a share of zero leaves even the last bit alone."""
        if loss != 0.0:
            self._set_trust(now, rules.after_miss(self.trust(now), loss))

    def be_shaken(self, now: float, loss: float) -> None:
        """Lose a share of trust in a crisis."""
        self.about_to_change(now)
        self.shaken += loss
        self.disappoint(now, loss)

    def be_touched(self, now: float) -> None:
        """Note that social media has reached someone at the account."""
        if not self.touched:
            self.about_to_change(now)
            self.touched = True

    def complain(self, now: float) -> None:
        """Note a complaint of the account that nobody answers."""
        self.about_to_change(now)
        self.complaints += (now,)

    def take_back(self, now: float, complained_at: float) -> None:
        """Take back a complaint that seemed to be left alone and has been heard after all."""
        self.about_to_change(now)
        self.complaints = tuple(at for at in self.complaints if at != complained_at)

    def hold(self, now: float, contracts: int) -> None:
        """Hold so many more contracts (fewer, if negative)."""
        self.about_to_change(now)
        self.contracts += contracts

    def recall(self, opinions: Sequence[tuple[float, float]]) -> None:
        """Remember what was told before the first day, and nothing else: moments and opinions, in the order of time."""
        self.heard, self.told_of, self.gap = 0.0, 0.0, 0.0
        for at, opinion in opinions:
            if self.heard == 0.0:
                self.heard_at = at
            self.hear(at, opinion)

    def _set_trust(self, now: float, trust: float) -> None:
        self.about_to_change(now)
        self.gap, self.since = trust - self.baseline, now
