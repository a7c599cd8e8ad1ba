"""Channels: clocks that posts speed up. See docs/model.md, "Channels".

Exposure to a channel's posts is an intensity E(t), in exposures per follower and hour, that decays and jumps at a post.
The echo is this exposure as memory keeps it, decaying at the rate of salience. Exposure weighted by how engaging each post is
makes the channel's operational time: followers engage at fixed operational times, so more posts only bring the same
engagements earlier.
"""

import math
from bisect import bisect_right
from collections import deque
from heapq import heappop, heappush
from typing import NamedTuple, Protocol

import simpy

from sim.model import rules
from sim.model.accounts import Contact
from sim.model.calendar import HOURS_PER_WEEK
from sim.scenario.schema import Channel as ChannelSpec

POSTS_KEPT = 12.0  # in times of 1 / decay rate: what is left of an older post's kernel is under 1e-5


class Post(NamedTuple):
    """A post on one channel: the share of followers it reaches, and its jump of the intensity of engaging exposure."""

    number: int
    time: float
    kind: str
    quality: float
    frequency_factor: float
    reach: float
    engaging: float


class Follow:
    """A contact that follows a channel: how far it has come towards its next engagement."""

    __slots__ = ("activity", "audience", "channel", "contact", "due", "echo", "engagements", "version", "weight")

    def __init__(self, contact: Contact, channel: "Channel", audience: "Followers", now: float) -> None:
        self.contact, self.channel, self.audience = contact, channel, audience
        self.activity = 1.0
        self.echo = channel.echo_at(now)
        self.engagements = 0
        self.weight = 0.0
        self.due = math.inf
        self.version = 0


class Followers(Protocol):
    """The receivers of a channel's engagements."""

    def engage(self, follow: Follow) -> None:
        """React to a post."""

    def weigh(self, follow: Follow) -> float:
        """Return engagements per exposure now."""

    def spacing(self, follow: Follow) -> float:
        """Return weighted exposures from one engagement to the next."""


class Clock:
    """Exposure to a channel's posts in closed form between posts: plain, as memory keeps it, and weighted by engagement."""

    __slots__ = (
        "_answered", "_asked_at", "_echoes", "_gap", "_moments", "at", "decay", "echo", "engaged", "engaging", "exposure",
        "fading", "intensity",
    )  # fmt: skip

    def __init__(self, half_life_hours: float, salience_rate: float) -> None:
        self.decay = rules.decay_rate(half_life_hours)
        self.fading = salience_rate
        gap = self.decay - self.fading
        self._gap = gap if abs(gap) >= 1e-9 * self.decay else 0.0
        self.at = self.intensity = self.exposure = self.echo = 0.0
        self.engaging = self.engaged = 0.0
        self._moments: list[float] = []  # of posts
        self._echoes: list[tuple[float, float, float]] = []  # from when, echo and intensity then; until the post of that number
        self._asked_at, self._answered = math.nan, 0.0  # the latest question for the echo

    def intensity_at(self, now: float) -> float:
        """Return exposures per follower and hour."""
        return self.intensity * math.exp(-self.decay * (now - self.at))

    def exposure_at(self, now: float) -> float:
        """Return exposures per follower since the start."""
        return self.exposure - self.intensity * math.expm1(-self.decay * (now - self.at)) / self.decay

    def engaging_at(self, now: float) -> float:
        """Return exposures per follower and hour, each counting as much as its post engages."""
        return self.engaging * math.exp(-self.decay * (now - self.at))

    def engaged_at(self, now: float) -> float:
        """Return operational time: exposures per follower since the start, each counting as much as its post engages."""
        return self.engaged - self.engaging * math.expm1(-self.decay * (now - self.at)) / self.decay

    def echo_at(self, now: float) -> float:
        """Return exposures per follower since the start as memory keeps them, each decayed since it happened; at any moment."""
        if now == self._asked_at:  # as many ask about one moment
            return self._answered
        at, echo, intensity = self.at, self.echo, self.intensity
        if now < at:
            at, echo, intensity = self._echoes[bisect_right(self._moments, now)]
        passed, gap = now - at, self._gap
        kept = math.exp(-self.fading * passed)
        left = echo * kept
        if intensity != 0.0:
            if gap > 0.0:
                left -= intensity * kept * math.expm1(-gap * passed) / gap
            elif gap == 0.0:
                left += intensity * passed * kept
            else:  # the channel outlasts memory: the same difference, from the slower exponential, which cannot overflow
                left += intensity * math.exp(-self.decay * passed) * math.expm1(gap * passed) / gap
        self._asked_at, self._answered = now, left
        return left

    def jump(self, now: float, by: float, engagement: float = 1.0) -> None:
        """Raise the intensity by a post; `engagement` is how many engagements an exposure to it counts for."""
        self._moments.append(now)
        self._echoes.append((self.at, self.echo, self.intensity))
        kept, gone = math.exp(-self.decay * (now - self.at)), math.expm1(-self.decay * (now - self.at))
        self.exposure -= self.intensity * gone / self.decay
        self.engaged -= self.engaging * gone / self.decay
        self.echo = self.echo_at(now)  # which from here on is the latest question, and no post moves the echo of its moment
        self.intensity = self.intensity * kept + by
        self.engaging = self.engaging * kept + by * engagement
        self.at = now

    def hours_until(self, engaged: float) -> float:
        """Return hours after `at` until operational time reaches `engaged`; infinite if it takes a further post."""
        if self.engaging <= 0.0:
            return math.inf
        missing = (engaged - self.engaged) * self.decay / self.engaging
        if missing >= 1.0:
            return math.inf
        return -math.log1p(-missing) / self.decay if missing > 0.0 else 0.0


class Channel:
    """A place to post, its followers' clock, and one pending event: the next engagement."""

    def __init__(
        self, env: simpy.Environment, name: str, spec: ChannelSpec, salience_rate: float, place: str | None = None
    ) -> None:
        """Take the name of the channel whose users see it, if it is not its own."""
        self.env, self.name, self.spec, self.place = env, name, spec, place or name
        self.clock = Clock(spec.half_life_hours, salience_rate)
        self.echo_at = self.clock.echo_at
        self.followers = 0
        self.outside_followers = 0.0
        self.recent: deque[Post] = deque()
        self.posted = 0
        self._frequency, self._frequency_at = 0.0, 0.0
        self._due: list[tuple[float, int, int, Follow]] = []
        self._alarm_at = math.inf

    def posts_per_week(self, now: float) -> float:
        """Return how often was posted lately: a mean over past weeks, each counting 1/e of the one after it."""
        return self._frequency * math.exp(-(now - self._frequency_at) / HOURS_PER_WEEK)

    def post(self, kind: str, quality: float, boost: float, engagement: float = 1.0) -> Post:
        """Put a piece on the channel; `boost` multiplies its reach, `engagement` the engagements of an exposure to it."""
        now, decay = self.env.now, self.clock.decay
        frequency = self.posts_per_week(now)
        spec = self.spec
        factor = rules.reach_at_frequency(frequency, spec.halving_posts_per_week, spec.frequency_exponent)
        self._frequency, self._frequency_at = frequency + 1.0, now
        size = rules.reach_at_size(self.followers + self.outside_followers, spec.reach_exponent)
        reach = rules.post_reach(spec.reach, factor, quality, boost * size)
        self.clock.jump(now, reach * decay, engagement)
        post = Post(self.posted, now, kind, quality, factor, reach, reach * decay * engagement)
        self.recent.append(post)
        self.posted += 1
        while self.recent[0].time < now - POSTS_KEPT / decay:
            self.recent.popleft()
        self._set_alarm()
        return post

    def post_seen(self, u: float) -> Post:
        """Return which post an engagement now is with, in proportion to what each adds to engaging exposure at this moment."""
        now, decay = self.env.now, self.clock.decay
        wanted = u * self.clock.engaging_at(now)
        seen = 0.0
        for post in reversed(self.recent):
            seen += post.engaging * math.exp(-decay * (now - post.time))
            if seen >= wanted:
                return post
        return self.recent[0]

    def add(self, follow: Follow) -> None:
        """Add a contact that follows."""
        self.followers += 1
        self.outside_followers = self.followers * self.spec.outside_per_follower
        self._await_next(follow, self.clock.engaged_at(self.env.now))
        if self._due and self._due[0][3] is follow:
            self._set_alarm()

    def remove(self, follow: Follow) -> None:
        """Remove a contact that follows no longer."""
        self.followers -= 1
        self.outside_followers = self.followers * self.spec.outside_per_follower
        follow.due = math.inf
        follow.version += 1
        self._set_alarm()

    def reweigh(self, follow: Follow) -> None:
        """Let a follower whom something else moves now walk the rest of the way to the next engagement at the new pace."""
        now = self.clock.engaged_at(self.env.now)
        rest = (follow.due - now) * follow.weight
        follow.weight = follow.audience.weigh(follow)
        if math.isfinite(rest):
            self._schedule(follow, now + rest / follow.weight if follow.weight > 0.0 else math.inf)
            self._set_alarm()
        elif follow.weight > 0.0:
            self._await_next(follow, now)
            self._set_alarm()

    def dissolve(self) -> None:
        """Forget the followers."""
        self._due.clear()

    def _await_next(self, follow: Follow, since: float) -> None:
        follow.weight = follow.audience.weigh(follow)
        if follow.weight > 0.0:
            self._schedule(follow, since + follow.audience.spacing(follow) / follow.weight)
        else:
            self._schedule(follow, math.inf)

    def _schedule(self, follow: Follow, due: float) -> None:
        follow.due = due
        follow.version += 1
        if due < math.inf:
            heappush(self._due, (due, follow.contact.index, follow.version, follow))

    def _set_alarm(self) -> None:
        """Wake at the next engagement; an alarm set for another moment is then out of date and rings in vain."""
        due = self._due
        while due and due[0][2] != due[0][3].version:
            heappop(due)
        at = self.clock.at + self.clock.hours_until(due[0][0]) if due else math.inf
        if at != self._alarm_at:
            self._alarm_at = at
            if at < math.inf:
                alarm = self.env.timeout(max(0.0, at - self.env.now), at)
                alarm.callbacks.append(self._ring)

    def _ring(self, alarm: simpy.Event) -> None:
        if alarm.value != self._alarm_at:
            return
        self._alarm_at = math.inf
        follow = heappop(self._due)[3]
        follow.audience.engage(follow)
        follow.engagements += 1
        self._await_next(follow, follow.due)
        self._set_alarm()
