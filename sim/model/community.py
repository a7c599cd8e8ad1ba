"""The community: how lively it is, whom its members bring, and who leaves when it is neglected."""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import simpy

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.model.channels import Channel, Follow
from sim.model.setting import Setting
from sim.model.streams import exponential
from sim.model.work import Work, Worker
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.model.audience import Audience


class Stock:
    """A share in [0, 1] that hours of work fill and that decays without them; from `enough` on, hours are not needed."""

    def __init__(self, gain_per_hour: float, half_life_weeks: float, enough: float) -> None:
        self.gain = gain_per_hour
        self.rate = rules.decay_rate(half_life_weeks * HOURS_PER_WEEK)
        self._enough = enough
        self._level, self._at = 0.0, 0.0
        self._short_from = 0.0 if gain_per_hour > 0.0 and enough > 0.0 else math.inf

    def is_short(self, now: float) -> bool:
        """Whether hours would still change something worth having."""
        return now >= self._short_from

    def level(self, now: float) -> float:
        """The stock now."""
        return self._level * math.exp(-self.rate * (now - self._at))

    def fill(self, now: float, hours: float) -> None:
        """So many hours of work each filled a share of what was missing."""
        self._set(now, rules.filled(self.level(now), self.gain, hours))

    def add(self, now: float, share: float) -> None:
        """Fill a share of what is missing, at once."""
        level = self.level(now)
        self._set(now, level + share * (1.0 - level))

    def drain(self, now: float, share: float) -> None:
        """Lose a share, at once."""
        self._set(now, self.level(now) * (1.0 - share))

    def _set(self, now: float, level: float) -> None:
        self._level, self._at = level, now
        if self._short_from < math.inf:
            self._short_from = now + max(0.0, math.log(level / self._enough) / self.rate) if level > 0.0 else now


class Liveliness(Stock):
    """How lively the community is; it lifts the reach of posts. Also the desk at which it is animated."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.animation
        super().__init__(spec.gain_per_hour, spec.half_life_weeks, spec.enough)
        self.env, self._boost = env, spec.reach_boost

    def has_work(self) -> bool:
        """Whether more hours would still change something worth having."""
        return self.is_short(self.env.now)

    def take(self, worker: Worker) -> Work | None:
        """Animate for a while."""
        if not self.has_work():
            return None
        speed = worker.speed("animation")
        return Work(worker.block_seconds, lambda began, ended: self.fill(ended, (ended - began) * speed), divisible=True)

    def boost(self, now: float) -> float:
        """Factor on the reach of a post."""
        return 1.0 + self._boost * self.level(now)


class Turnover:
    """Week by week: followers whom others bring, and followers who leave a neglected channel.

    Both are thresholds on a cumulative rate (keyed Exp(1)): the next invitation on followers x liveliness, a follower's
    leaving on the neglect of the channel since the day of following.
    """

    __deletable__ = ("audience",)  # says so to the compiler

    def __init__(
        self, setting: Setting, audience: "Audience", channels: dict[str, Channel], liveliness: Callable[[float], float]
    ) -> None:
        self.env, self.audience, self.channels, self.liveliness = setting.env, audience, channels, liveliness
        self.spec, streams = setting.scenario.animation, setting.streams
        self._brings_u = streams["member brings"]
        self._leaves_u = {name: streams.sparse(f"leaves/{name}") for name in channels}
        self._neglect = dict.fromkeys(channels, 0.0)
        self._leavers: dict[str, list[tuple[float, int, Follow]]] = {name: [] for name in channels}
        self._brought = 0
        self._invitations, self._next_at = 0.0, exponential(self._brings_u(0))

    def follows(self, follow: Follow) -> None:
        """Someone follows from now on; until when, if the channel is neglected."""
        name, index = follow.channel.name, follow.contact.index
        leaves_at = self._neglect[name] + exponential(self._leaves_u[name](index))
        heappush(self._leavers[name], (leaves_at, index, follow))

    def dissolve(self) -> None:
        """Forget who might leave, and from where."""
        self._leavers.clear()
        del self.audience

    def week_passes(self) -> None:
        """A week is over."""
        now = self.env.now
        lively = self.liveliness(now)
        for name, channel in self.channels.items():
            rate = rules.leaving_rate(self.spec.leaves_per_year, channel.posts_per_week(now), self.spec.posts_that_hold, lively)
            self._neglect[name] += rate / WEEKS_PER_YEAR
            leavers = self._leavers[name]
            while leavers and leavers[0][0] <= self._neglect[name]:
                self.audience.leave(heappop(leavers)[2])
        followers = sum(channel.followers for channel in self.channels.values())
        self._invitations += followers * lively * self.spec.invitations_per_year / WEEKS_PER_YEAR
        invited = 0
        while self._next_at <= self._invitations:
            self._brought += 1
            invited += 1
            self._next_at += exponential(self._brings_u(self._brought))
        if invited:
            self.audience.be_brought(invited)
