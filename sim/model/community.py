"""The community: how lively it is, whom its members bring, and who leaves when it is neglected."""

import math
from collections.abc import Callable
from heapq import heappop, heappush

import simpy

from sim.model import rules
from sim.model.calendar import WEEKS_PER_YEAR
from sim.model.channels import Channel, Follow
from sim.model.setting import Setting
from sim.model.stock import Stock
from sim.model.streams import exponential
from sim.model.work import Work, Worker
from sim.scenario.schema import Scenario


class Liveliness(Stock):
    """The liveliness of the community; it lifts the reach of posts. Also the desk at which it is animated."""

    def __init__(self, env: simpy.Environment, scenario: Scenario) -> None:
        spec = scenario.animation
        super().__init__(spec.gain_per_hour, spec.half_life_weeks, spec.enough)
        self.env, self._boost = env, spec.reach_boost

    def has_work(self) -> bool:
        """Return whether more hours would still change something worth having."""
        return self.is_short(self.env.now)

    def take(self, worker: Worker) -> Work | None:
        """Animate for a while."""
        if not self.has_work():
            return None
        speed = worker.speed("animation")
        return Work(worker.block_seconds, lambda began, ended: self.fill(ended, (ended - began) * speed), divisible=True)

    def boost(self, now: float) -> float:
        """Return the factor on the reach of a post."""
        return 1.0 + self._boost * self.level(now)


class Turnover:
    """Week by week: followers whom others bring, people who come across the company, and followers who leave a channel.

    All are thresholds on a cumulative rate (keyed Exp(1)): the next invitation on followers x liveliness, the next who comes
    across a channel on the people left, and a follower's leaving on the neglect and the many posts since the day of following.
    """

    def __init__(self, setting: Setting, channels: dict[str, Channel], liveliness: Callable[[float], float]) -> None:
        self.env, self.channels, self.liveliness = setting.env, channels, liveliness
        self.spec, streams = setting.scenario.animation, setting.streams
        self._brings_u = streams["member brings"]
        self._leaves_u = {name: streams.sparse(f"leaves/{name}") for name in channels}
        self._neglect = dict.fromkeys(channels, 0.0)
        self._leavers: dict[str, list[tuple[float, int, Follow]]] = {name: [] for name in channels}
        self._finds_u = {
            name: streams[f"comes across/{name}"] for name, channel in channels.items() if channel.spec.found_per_year
        }
        self._found = dict.fromkeys(self._finds_u, 0)
        self._finding = dict.fromkeys(self._finds_u, 0.0)
        self._finds_at = {name: exponential(u(0)) for name, u in self._finds_u.items()}
        self._brought = 0
        self._invitations, self._next_at = 0.0, exponential(self._brings_u(0))

    def follows(self, follow: Follow) -> None:
        """Settle how much neglect of the channel makes someone leave who follows from now on."""
        name, index = follow.channel.name, follow.contact.index
        leaves_at = self._neglect[name] + exponential(self._leaves_u[name](index))
        heappush(self._leavers[name], (leaves_at, index, follow))

    def dissolve(self) -> None:
        """Forget who might leave."""
        self._leavers.clear()

    def take_leavers(self) -> list[Follow]:
        """Return those who leave now that a week is over."""
        now, leaving = self.env.now, []
        lively = self.liveliness(now)
        for name, channel in self.channels.items():
            rate = rules.leaving_rate(
                self.spec.leaves_per_year,
                channel.posts_per_week(now),
                self.spec.posts_that_hold,
                lively,
                channel.spec.leaves_per_weekly_post,
            )
            self._neglect[name] += rate / WEEKS_PER_YEAR
            leavers = self._leavers[name]
            while leavers and leavers[0][0] <= self._neglect[name]:
                leaving.append(heappop(leavers)[2])
        return leaving

    def take_invitations(self) -> range:
        """Return the numbers of the invitations that followers have made since last asked."""
        followers = sum(channel.followers for channel in self.channels.values())
        self._invitations += followers * self.liveliness(self.env.now) * self.spec.invitations_per_year / WEEKS_PER_YEAR
        first = self._brought
        while self._next_at <= self._invitations:
            self._brought += 1
            self._next_at += exponential(self._brings_u(self._brought))
        return range(first, self._brought)

    def take_finders(self, name: str, left: int) -> int:
        """Return how many have come across a channel since last asked, of so many who have not been approached."""
        if name not in self._finds_u:
            return 0
        channel = self.channels[name]
        posts = -math.expm1(-channel.posts_per_week(self.env.now) / self.spec.posts_that_hold)
        self._finding[name] += left * channel.spec.found_per_year * posts / WEEKS_PER_YEAR
        found = 0
        while self._finds_at[name] <= self._finding[name]:
            self._found[name] += 1
            found += 1
            self._finds_at[name] += exponential(self._finds_u[name](self._found[name]))
        return found
