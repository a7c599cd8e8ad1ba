"""Recruiting: who is invited, to what, and within which limits of the platform. See docs/model.md, "The community"."""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from sim.model.calendar import HOURS_PER_YEAR
from sim.model.setting import Setting
from sim.model.streams import Floats
from sim.model.work import Work, Worker, whole_seconds

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


class RecruitingDesk:
    """Where people are invited: to follow, or first to connect with someone of the team and then to follow the page.

    A platform allows each member of the team so many requests to connect per week. It allows a page so many invitations per
    month, and gives accepted ones back: an allowance that fills evenly, up to that of a month.
    """

    def __init__(self, setting: Setting, members: int, invited: Invited) -> None:
        """Take how many members the team has."""
        self.env, self.spec, self.invited = setting.env, setting.scenario.recruiting, invited
        self._kinds = {name: channel.invitations for name, channel in setting.scenario.channels.items()}
        self.requests_per_week = int(self.spec.requests_per_week * members)
        self.requests = 0  # of this week
        self.connected: deque[Person] = deque()  # who have not been invited to the page
        self._allowed, self._allowed_at = self.spec.page_invitations_per_month, 0.0
        self.to_follow: list[Pool] = []
        self.to_connect: list[Pool] = []

    def open(self, pools: Iterable[Pool]) -> None:
        """Begin to invite from pools, as far as people can be invited on their channels."""
        for pool in pools:
            kind = self._kinds[pool.channel]
            if kind == TO_FOLLOW:
                self.to_follow.append(pool)
            elif kind == TO_CONNECT:
                self.to_connect.append(pool)
        self._allowed_at = self.env.now

    def kind(self, channel: str) -> str:
        """Return what people can be invited to on a channel."""
        return self._kinds[channel]

    def week_ends(self) -> None:
        """Begin a week of new requests."""
        self.requests = 0

    def has_work(self) -> bool:
        """Return whether there is anyone whom the platform allows to be invited now."""
        return any(pool.left() for pool in self._pools()) or self._page_invitations() > 0

    def take(self, worker: Worker) -> Work | None:
        """Invite those who are connected to the page; else approach others, for about half an hour."""
        number = self._page_invitations()
        if number > 0:
            each = whole_seconds(self.spec.page_minutes, worker.speed("recruiting"))
            number = min(number, max(1, worker.block_seconds // each))
            self._allowed -= number
            people = [self.connected.popleft() for _ in range(number)]
            return Work(number * each, lambda began, ended: self._give_back(self.invited.invite_to_page(people)))
        each = whole_seconds(self.spec.minutes, worker.speed("recruiting"))
        approached = self._approach(max(1, worker.block_seconds // each))
        return Work(len(approached) * each, lambda began, ended: self._ask(approached)) if approached else None

    def _pools(self) -> list[Pool]:
        """Return the pools of those whom the platform allows to be approached now."""
        return self.to_follow + self.to_connect if self.requests < self.requests_per_week else self.to_follow

    def _approach(self, number: int) -> list[Person]:
        people: list[Person] = []
        while len(people) < number and (found := take_from(self._pools(), 1)):
            people += found
            self.requests += self._kinds[found[0][1]] == TO_CONNECT
        return people

    def _ask(self, people: list[Person]) -> None:
        asked = [person for person in people if self._kinds[person[1]] == TO_CONNECT]
        self.connected += self.invited.request(asked)
        self.invited.invite([person for person in people if self._kinds[person[1]] == TO_FOLLOW], "invited")

    def _page_invitations(self) -> int:
        """Return how many may be invited to the page now."""
        if not self.connected:
            return 0
        most, now = self.spec.page_invitations_per_month, self.env.now
        self._allowed = min(most, self._allowed + most * (now - self._allowed_at) / HOURS_PER_MONTH)
        self._allowed_at = now
        return min(len(self.connected), int(self._allowed))

    def _give_back(self, accepted: int) -> None:
        self._allowed += accepted
