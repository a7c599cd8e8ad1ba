"""The audience: who follows, how they come to, and what they do when a post reaches them."""

import numpy as np

from sim.model import rules
from sim.model.accounts import Account
from sim.model.channels import Channel, Follow
from sim.model.community import Liveliness, Turnover
from sim.model.dialogue import ANSWERED, Dialogue
from sim.model.ledger import SOCIAL
from sim.model.market import Market
from sim.model.measurement import Measurement
from sim.model.profiles import COLLEAGUES, TEAM, Profiles
from sim.model.recruiting import TO_FOLLOW, Person, Pool, RecruitingDesk, take_from
from sim.model.resharing import PassingOn
from sim.model.setting import Setting
from sim.model.sponsoring import Sponsoring
from sim.model.streams import Streams, exponential, lognormal_of_mean_one, pick
from sim.scenario.schema.channels import SPONSORED


class Audience:
    """Those of target accounts who follow a channel or are connected with someone's profile, and those who could be."""

    def __init__(
        self,
        setting: Setting,
        market: Market,
        profiles: Profiles,
        sponsoring: Sponsoring,
        dialogue: Dialogue,
        liveliness: Liveliness,
        measurement: Measurement,
    ) -> None:
        self.env, self.record, self.ledger = setting.env, setting.record, setting.ledger
        self.market, self.profiles, self.pages = market, profiles, profiles.pages
        self.sponsoring = sponsoring
        self.channels = {**profiles.pages, **profiles.channels}
        if sponsoring.channel is not None:
            self.channels[SPONSORED] = sponsoring.channel
        self._not_yet_reached = {COLLEAGUES: profiles.not_yet_reached, SPONSORED: sponsoring.not_yet_reached}
        self.dialogue, self.measurement = dialogue, measurement
        scenario, streams = setting.scenario, setting.streams
        self.selection, self.spec = scenario.selection, scenario.recruiting
        self.accepts_logit = rules.logit_of_share(scenario.recruiting.accepts)
        self.page_accepts_logit = rules.logit_of_share(scenario.recruiting.page_accepts)
        self.gains = setting.gains
        self.share_conversing = scenario.dialogue.share_of_comments_that_converse
        self.passing_on = PassingOn(setting, market, self.channels)
        self._draws = {name: _Draws(streams, name, channel) for name, channel in self.channels.items()}
        self._page_accepts_u = {name: streams[f"accepts page/{name}"] for name in self.pages}
        self._streams = streams
        self._activity_u = streams.sparse("activity")
        self.turnover = Turnover(setting, self.pages, liveliness.level)
        self.recruiting = RecruitingDesk(setting, profiles.members, self)
        self.pools: dict[str, Pool] = {}
        self._in_common_order = all(
            channel.spec.invitations == TO_FOLLOW and channel.spec.found_per_year == 0.0 for channel in self.pages.values()
        )
        self._whose_pool_u = streams["member brings"]

    @property
    def approached(self) -> int:
        """People who have been invited, or have come across the company, on any channel."""
        return sum(pool.approached for pool in self.pools.values())

    def gather(self) -> None:
        """Begin the first day: who uses which channel, who follows already, and in which order the others are invited."""
        count = len(self.market) * len(self.market.roles)
        for name, channel in self.pages.items():
            others = np.flatnonzero(self._streams[f"uses/{name}"].column(count) < channel.spec.users)
            if name == self.profiles.place:
                known = self.profiles.known(len(others))
                for index in others[self._streams["known by a colleague"].column(count)[others] < known].tolist():
                    self.follow(index, COLLEAGUES, "start")
            if name == self.sponsoring.place:
                for index in others.tolist():
                    self.follow(index, SPONSORED, "start")
            if channel.spec.followers_at_start > 0.0:
                early = self._streams[f"follows early/{name}"].column(count)[others] < channel.spec.followers_at_start
                for index in others[early].tolist():
                    self.follow(index, name, "start")
                others = others[~early]
            self.pools[name] = Pool(name, self._streams[f"invited/{name}"].column(count)[others], others.tolist())
        self.recruiting.open(self.pools.values())

    def week_ends(self) -> None:
        """Let those leave whom nothing holds, and those follow whom others bring or who come across the company."""
        for follow in self.turnover.take_leavers():
            self._leave(follow)
        self.invite(self._brought(self.turnover.take_invitations()), "brought")
        for name, pool in self.pools.items():
            self.invite(take_from((pool,), self.turnover.take_finders(name, pool.left())), "found")
        self.recruiting.week_ends()

    def _brought(self, numbers: range) -> list[Person]:
        """Approach those whom followers invite: the next people of the pools, each of those left being as likely as the next.

        The common order of pools is by chance only while all are drawn from in that order.
        """
        if self._in_common_order:
            return take_from(self.pools.values(), len(numbers))
        people: list[Person] = []
        for number in numbers:
            rest = self._whose_pool_u(number, 1) * sum(pool.left() for pool in self.pools.values())
            for _, pool in sorted(self.pools.items()):
                if rest < pool.left():
                    people.append(pool.take())
                    break
                rest -= pool.left()
        return people

    def invite(self, people: list[Person], how: str) -> None:
        """Let people decide whether to follow, who are invited or come across the company."""
        for index, name in people:
            is_invited = how != "found" and self.recruiting.kind(name) == TO_FOLLOW
            share = self.accepts_logit if is_invited else self.page_accepts_logit
            if self._draws[name].accepts(index) < self._p_accepts(index, share):
                self.follow(index, name, how)

    def request(self, people: list[Person]) -> list[Person]:
        """Let people decide whether to connect with a person of the team, and return those who do."""
        connected = []
        for person in people:
            index, name = person
            if self._draws[name].accepts(index) < self._p_accepts(index, self.accepts_logit):
                if not self._is_connected(index):
                    self.follow(index, TEAM, "connected")
                connected.append(person)
            elif self.gains.declined != 0.0:
                account = self.market.account(index // len(self.market.roles))
                account.be_touched(self.env.now)
                account.disappoint(self.env.now, self.gains.declined)
        return connected

    def invite_to_page(self, people: list[Person]) -> int:
        """Let people who are connected decide whether to follow the page, and return how many do."""
        accepted = 0
        for index, name in people:
            if self._page_accepts_u[name](index) < self._p_accepts(index, self.page_accepts_logit):
                self.follow(index, name, "invited")
                accepted += 1
        return accepted

    def _is_connected(self, index: int) -> bool:
        """Return whether a contact is connected with someone of the team, as it may be by another channel."""
        return any(follow.channel.name == TEAM for follow in self.market.contact(index).follows)

    def _p_accepts(self, index: int, share_logit: float) -> float:
        """Return the probability that a contact accepts an invitation, by trust and salience now."""
        now, spec = self.env.now, self.spec
        account = self.market.account(index // len(self.market.roles))
        return rules.p_accepts(
            share_logit, spec.trust_slope, account.trust(now), spec.salience_slope, account.log_salience(now)
        )

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
        if name in self._not_yet_reached:  # whom social media has not reached yet, and who need not write there
            self._not_yet_reached[name].append(contact.account)
        else:
            contact.account.followers += 1
            contact.account.be_touched(now)
        channel.add(follow)
        if name in self.pages:
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
        """Forget who might leave, and who is invited."""
        self.turnover.dissolve()
        self.recruiting.dissolve()

    def reweigh(self, account: Account) -> None:
        """Weigh an account anew that has entered or left the market, or become or ceased to be a customer."""
        for contact in account.contacts:
            for follow in contact.follows:
                follow.channel.reweigh(follow)


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
