"""Recruiting: who is invited, to what, and within which limits of the platform. See docs/model.md, "The community"."""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

import simpy

from sim.model.calendar import HOURS_PER_YEAR
from sim.model.setting import Setting
from sim.model.streams import Floats
from sim.model.work import Work, Worker, whole_seconds
from sim.scenario.schema.channels import Recruiting

HOURS_PER_MONTH = HOURS_PER_YEAR / 12.0
TO_FOLLOW, TO_CONNECT = "to_follow", "to_connect"

Person = tuple[int, str]  # a contact, and the channel to follow


class Pool:
    """Those who use a channel and do not follow it, in a keyed order, and how many of them have been approached."""

    def __init__(self, channel: str, draws: Floats, contacts: Iterable[int]) -> None:
        """Take the contacts and the draws that put them in order, both of shape (people,)."""
        self.channel = channel
        self._order = sorted(zip(draws.tolist(), contacts, strict=True))
        self.approached = 0

    def left(self) -> int:
        """Return how many have not been approached."""
        return len(self._order) - self.approached

    def next_in_order(self) -> tuple[float, int, str]:
        """Return what puts the next person in order among all channels' pools."""
        draw, contact = self._order[self.approached]
        return draw, contact, self.channel

    def take(self) -> Person:
        """Approach the next person."""
        contact = self._order[self.approached][1]
        self.approached += 1
        return contact, self.channel


def take_from(pools: Iterable[Pool], number: int) -> list[Person]:
    """Approach so many people of some pools in their common order; fewer if fewer are left."""
    open_pools = [pool for pool in pools if pool.left()]
    people: list[Person] = []
    while open_pools and len(people) < number:
        pool = min(open_pools, key=Pool.next_in_order) if len(open_pools) > 1 else open_pools[0]
        people.append(pool.take())
        if not pool.left():
            open_pools.remove(pool)
    return people


class Invited(Protocol):
    """Those who are invited, and decide."""

    def invite(self, people: list[Person], how: str) -> None:
        """Let people decide whether to follow."""

    def request(self, people: list[Person]) -> list[Person]:
        """Let people decide whether to connect, and return those who do."""

    def invite_to_page(self, people: list[Person]) -> int:
        """Let people who are connected decide whether to follow the page, and return how many do."""


class Platform:
    """A channel on which people are asked to connect: what it allows the team, and those who can be invited to the page.

    It allows each member so many requests per week. It allows the page so many invitations per month, and gives accepted ones
    back: an allowance that fills evenly, up to that of a month.
    """

    def __init__(self, env: simpy.Environment, spec: Recruiting, requests_per_week: int, pool: Pool) -> None:
        self.env, self.pool, self.requests_per_week = env, pool, requests_per_week
        self.requests = 0  # of this week, those that are being made too
        self.under_way = 0  # requests that are being made
        self.connected: deque[Person] = deque()  # who have not been invited to the page
        self._per_month = self._allowed = spec.page_invitations_per_month
        self._allowed_at = env.now

    def may_ask(self) -> bool:
        """Return whether there is anyone whom a member may ask to connect."""
        return self.requests < self.requests_per_week and self.pool.left() > 0

    def approach(self) -> None:
        """Count one request more, which is under way."""
        self.requests += 1
        self.under_way += 1

    def week_ends(self) -> None:
        """Begin a week of new requests; those that are under way are made in it."""
        self.requests = self.under_way

    def invitations(self) -> int:
        """Return how many may be invited to the page now."""
        if not self.connected:
            return 0
        now, most = self.env.now, max(1.0, self._per_month)  # so that fewer than one per month add up to one
        self._allowed = min(most, self._allowed + self._per_month * (now - self._allowed_at) / HOURS_PER_MONTH)
        self._allowed_at = now
        return min(len(self.connected), int(self._allowed))

    def take(self, number: int) -> list[Person]:
        """Take those who are invited to the page next."""
        self._allowed -= number
        return [self.connected.popleft() for _ in range(number)]

    def give_back(self, accepted: int) -> None:
        """Give back invitations to the page that were accepted."""
        self._allowed += accepted


class RecruitingDesk:
    """A desk that invites people: to follow, or first to connect with someone of the team and then to follow the page."""

    def __init__(self, setting: Setting, members: int, invited: Invited) -> None:
        """Take how many members the team has."""
        self.env, self.spec = setting.env, setting.scenario.recruiting
        self.invited: Invited | None = invited
        self._kinds = {name: channel.invitations for name, channel in setting.scenario.channels.items()}
        self.requests_per_week = int(self.spec.requests_per_week * members)
        self.to_follow: list[Pool] = []
        self.platforms: dict[str, Platform] = {}

    def open(self, pools: Iterable[Pool]) -> None:
        """Begin to invite from pools, as far as people can be invited on their channels."""
        for pool in sorted(pools, key=lambda pool: pool.channel):
            kind = self._kinds[pool.channel]
            if kind == TO_FOLLOW:
                self.to_follow.append(pool)
            elif kind == TO_CONNECT:
                self.platforms[pool.channel] = Platform(self.env, self.spec, self.requests_per_week, pool)

    def kind(self, channel: str) -> str:
        """Return what people can be invited to on a channel."""
        return self._kinds[channel]

    def week_ends(self) -> None:
        """Begin a week of new requests."""
        for platform in self.platforms.values():
            platform.week_ends()

    def has_work(self) -> bool:
        """Return whether there is anyone whom the platforms allow to be invited now."""
        platforms = self.platforms.values()
        return (
            any(pool.left() for pool in self.to_follow)
            or any(one.may_ask() for one in platforms)
            or any(one.invitations() > 0 for one in platforms)
        )

    def take(self, worker: Worker) -> Work | None:
        """Invite those who are connected to the page; else approach others, for about half an hour."""
        for platform in self.platforms.values():
            if (number := platform.invitations()) > 0:
                return self._invite_to_page(platform, number, worker)
        each = whole_seconds(self.spec.minutes, worker.speed("recruiting"))
        approached = self._approach(max(1, worker.block_seconds // each))
        return Work(len(approached) * each, lambda began, ended: self._ask(approached)) if approached else None

    def dissolve(self) -> None:
        """Forget those who are invited."""
        self.invited = None

    def _invite_to_page(self, platform: Platform, most: int, worker: Worker) -> Work:
        each = whole_seconds(self.spec.page_minutes, worker.speed("recruiting"))
        people = platform.take(min(most, max(1, worker.block_seconds // each)))

        def done(began: float, ended: float) -> None:  # noqa: ARG001  # as work is told
            if self.invited is not None:
                platform.give_back(self.invited.invite_to_page(people))

        return Work(len(people) * each, done)

    def _pools(self) -> list[Pool]:
        """Return the pools of those whom the platforms allow to be approached now."""
        return self.to_follow + [platform.pool for platform in self.platforms.values() if platform.may_ask()]

    def _approach(self, number: int) -> list[Person]:
        people: list[Person] = []
        pools = [pool for pool in self._pools() if pool.left()]
        while pools and len(people) < number:
            pool = min(pools, key=Pool.next_in_order) if len(pools) > 1 else pools[0]
            people.append(pool.take())
            platform = self.platforms.get(pool.channel)
            if platform is not None:
                platform.approach()
            if not (pool.left() if platform is None else platform.may_ask()):
                pools.remove(pool)
        return people

    def _ask(self, people: list[Person]) -> None:
        if self.invited is None:
            return
        asked = [person for person in people if person[1] in self.platforms]
        for _, name in asked:
            self.platforms[name].under_way -= 1
        for person in self.invited.request(asked):
            self.platforms[person[1]].connected.append(person)
        self.invited.invite([person for person in people if person[1] not in self.platforms], "invited")
