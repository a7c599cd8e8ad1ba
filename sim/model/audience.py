"""The audience: who follows, how they come to, and what they do when a post reaches them."""

import numpy as np
import numpy.typing as npt

from sim.model import rules
from sim.model.accounts import Account
from sim.model.channels import Channel, Follow
from sim.model.community import Liveliness, Turnover
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.ledger import SOCIAL
from sim.model.market import Market
from sim.model.measurement import Measurement
from sim.model.resharing import PassingOn
from sim.model.setting import Setting
from sim.model.streams import Floats, Streams, exponential, lognormal_of_mean_one, pick
from sim.model.work import Work, Worker, whole_seconds

Indices = npt.NDArray[np.int64]


class Audience:
    """Followers from target accounts, and the desk from which others are invited."""

    def __init__(
        self,
        setting: Setting,
        market: Market,
        channels: dict[str, Channel],
        dialogue: Dialogue,
        liveliness: Liveliness,
        measurement: Measurement,
    ) -> None:
        self.env, self.record, self.ledger = setting.env, setting.record, setting.ledger
        self.market, self.channels = market, channels
        self.dialogue, self.measurement = dialogue, measurement
        scenario, streams = setting.scenario, setting.streams
        self.selection, self.recruiting = scenario.selection, scenario.recruiting
        self.accepts_logit = rules.logit_of_share(scenario.recruiting.accepts)
        self.gains = setting.gains
        self.share_conversing = scenario.dialogue.share_of_comments_that_converse
        self.passing_on = PassingOn(setting, market, channels)
        self._draws = {name: _Draws(streams, name, channel) for name, channel in channels.items()}
        self._streams = streams
        self._activity_u = streams.sparse("activity")
        self.turnover = Turnover(setting, channels, liveliness.level)
        self.pool = Pool.of([])
        self.approached = 0

    def gather(self) -> None:
        """Begin the first day: who uses which channel, who follows already, and in which order the others are invited."""
        count = len(self.market) * len(self.market.roles)
        pool: list[tuple[Floats, Indices, str]] = []
        for name, channel in self.channels.items():
            others = np.flatnonzero(self._streams[f"uses/{name}"].column(count) < channel.spec.users)
            if channel.spec.followers_at_start > 0.0:
                early = self._streams[f"follows early/{name}"].column(count)[others] < channel.spec.followers_at_start
                for index in others[early].tolist():
                    self.follow(index, name, "start")
                others = others[~early]
            pool.append((self._streams[f"invited/{name}"].column(count)[others], others, name))
        self.pool = Pool.of(pool)

    def has_work(self) -> bool:
        """Return whether anyone is left to invite."""
        return self.approached < len(self.pool)

    def take(self, worker: Worker) -> Work | None:
        """Invite people for about half an hour."""
        each = whole_seconds(self.recruiting.minutes, worker.speed("recruiting"))
        first = self.approached
        number = min(max(1, worker.block_seconds // each), len(self.pool) - first)
        if number <= 0:
            return None
        self.approached += number
        return Work(number * each, lambda began, ended: self._invite(self.pool.people(first, number), "invited"))

    def week_ends(self) -> None:
        """Let those leave whom nothing holds, and those follow whom others bring."""
        for follow in self.turnover.take_leavers():
            self._leave(follow)
        self._be_brought(self.turnover.take_invitations())

    def _be_brought(self, number: int) -> None:
        """Invite the next people of the pool, as followers do without the team."""
        first = self.approached
        self.approached = min(first + number, len(self.pool))
        self._invite(self.pool.people(first, self.approached - first), "brought")

    def _invite(self, people: list[tuple[int, str]], how: str) -> None:
        now, spec, seats, share = self.env.now, self.recruiting, len(self.market.roles), self.accepts_logit
        for index, name in people:
            account = self.market.account(index // seats)
            p = rules.p_accepts(share, spec.trust_slope, account.trust(now), spec.salience_slope, account.log_salience(now))
            if self._draws[name].accepts(index) < p:
                self.follow(index, name, how)

    def follow(self, index: int, name: str, how: str) -> None:
        """Let a contact follow a channel."""
        now = self.env.now
        contact, channel = self.market.contact(index), self.channels[name]
        contact.remember(now)
        follow = Follow(contact, channel, self, now)
        follow.activity = lognormal_of_mean_one(self._activity_u(index), self.selection.activity_sigma)
        contact.follows.append(follow)
        if len(contact.follows) > 1:
            contact.follows.sort(key=lambda one: one.channel.name)
        contact.account.followers += 1
        contact.account.be_touched(now)
        channel.add(follow)
        self.turnover.follows(follow)
        self.record.followers.add((now, name, index, contact.account.index, 1, how))

    def _leave(self, follow: Follow) -> None:
        """Let a contact follow no longer; what it remembers stays."""
        now, contact = self.env.now, follow.contact
        contact.remember(now)
        contact.follows.remove(follow)
        contact.account.followers -= 1
        follow.channel.remove(follow)
        self.record.followers.add((now, follow.channel.name, contact.index, contact.account.index, -1, "left"))

    def weigh(self, follow: Follow) -> float:
        """Return engagements per exposure: more of those who are active, research, are customers or trust the brand."""
        account, selection = follow.contact.account, self.selection
        return rules.engagement_weight(
            follow.channel.spec.engagement_rate * follow.activity,
            account.trust(self.env.now),
            selection.trust,
            selection.in_market if account.in_market else 1.0,
            selection.customer if account.contracts else 1.0,
        )

    def spacing(self, follow: Follow) -> float:
        """Return weighted exposures from one engagement to the next: exponential, named by contact, channel and number."""
        return exponential(self._draws[follow.channel.name].spacing(follow.contact.index, follow.engagements))

    def engage(self, follow: Follow) -> None:
        """Let a follower react to a post: remember, trust more or less, and perhaps click, comment or share."""
        now = self.env.now
        contact, account, channel = follow.contact, follow.contact.account, follow.channel
        draws = self._draws[channel.name]
        u_post, u_kind, u_recorded, u_converses, u_minutes = draws.of_engagement(follow)
        post = channel.post_seen(u_post)
        kind = draws.kinds[pick(u_kind, draws.bounds)]
        contact.remember(now, self.gains.engaged)
        account.touch(now, post.quality, self.gains.touched)
        recorded = u_recorded < self.measurement.tagged_share(now)
        if kind == "click":
            self.ledger.visit(recorded)
        elif kind == "share":
            self.passing_on.share(follow, post)
        if recorded and kind != "reaction":
            account.touches += ((now, SOCIAL),)
        converses = kind == "comment" and u_converses < self.share_conversing * self.dialogue.volume(now)
        if converses:
            self._converse(account, u_minutes)
        self.record.interactions.add((now, channel.name, contact.index, account.index, kind, post.number, recorded, converses))

    def _converse(self, account: Account, u_minutes: float) -> None:
        if not account.in_market:
            self.dialogue.open("comment", account, u_minutes)
            return

        def invite_contact(outcome: str) -> None:
            if outcome == ANSWERED and account.in_market:
                account.outreach = True

        self.dialogue.open("buyer_question", account, u_minutes, on_end=invite_contact)

    def dissolve(self) -> None:
        """Forget who might leave."""
        self.turnover.dissolve()

    def reweigh(self, account: Account) -> None:
        """Weigh an account anew that has entered or left the market, or become or ceased to be a customer."""
        for contact in account.contacts:
            for follow in contact.follows:
                follow.channel.reweigh(follow)


class Pool:
    """Those who use a channel and do not follow it, in the order in which they are invited: contact and channel, as arrays."""

    def __init__(self, contacts: Indices, channels: Indices, names: list[str]) -> None:
        """Take `channels` as numbers of `names`; both arrays are of shape (people,)."""
        self.contacts, self.channels, self.names = contacts, channels, names

    @classmethod
    def of(cls, parts: list[tuple[Floats, Indices, str]]) -> "Pool":
        """Make one pool of several channels' own: draws that give the order, contacts, and the channel's name."""
        parts = sorted(parts, key=lambda part: part[2])
        if not parts:
            nobody = np.zeros(0, dtype=np.int64)
            return cls(nobody, nobody, [])
        draws, contacts = (np.concatenate([part[column] for part in parts]) for column in (0, 1))
        channels = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
        order = np.lexsort((channels, contacts, draws))
        return cls(contacts[order], channels[order], [name for _, _, name in parts])

    def __len__(self) -> int:
        return len(self.contacts)

    def people(self, first: int, number: int) -> list[tuple[int, str]]:
        """Return so many contacts from the first on, each with the channel to follow."""
        chosen = slice(first, first + number)
        named = (self.names[channel] for channel in self.channels[chosen].tolist())
        return list(zip(self.contacts[chosen].tolist(), named, strict=True))


class _Draws:
    """The streams of one channel."""

    def __init__(self, streams: Streams, name: str, channel: Channel) -> None:
        self.accepts, self.spacing = streams[f"accepts/{name}"], streams.sparse(f"engagement/{name}")
        self._details = streams.sparse(f"engagement details/{name}", 5)
        mix = channel.spec.engagement_mix.shares()
        self.kinds = tuple(mix)
        bounds, total = [], 0.0
        for share in mix.values():
            total += share
            bounds.append(total)
        self.bounds = tuple(bounds)

    def of_engagement(self, follow: Follow) -> list[float]:
        """Return uniforms for: which post, what kind, whether recorded, whether it expects an answer, how long that takes."""
        return self._details.several(follow.contact.index, follow.engagements)
