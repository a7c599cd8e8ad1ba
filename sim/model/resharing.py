"""Passing on: who sees a post that a follower shares. See docs/model.md, "Channels"."""

from sim.model.accounts import Contact
from sim.model.channels import Channel, Follow, Post
from sim.model.market import Market
from sim.model.setting import Setting
from sim.model.streams import SparseStream, Stream, poisson

VIEWERS_BITS = 10  # a share is seen by fewer than 1,024, so that share and viewer make one number


class PassingOn:
    """People who do not follow a channel and see one of its posts all the same, since a follower shared it.

    Everything is named by the follower, the channel and the number of the engagement; a viewer also by its number.
    """

    def __init__(self, setting: Setting, market: Market, channels: dict[str, Channel]) -> None:
        self.env, self.market, self.record = setting.env, market, setting.record.passed_on
        self.share_colleagues = setting.scenario.selection.colleagues
        streams = setting.streams
        self._uses_u: dict[str, Stream] = {name: streams[f"uses/{channel.place}"] for name, channel in channels.items()}
        self._viewers_u: dict[str, SparseStream] = {name: streams.sparse(f"viewers of a share/{name}") for name in channels}
        self._who_u: dict[str, SparseStream] = {name: streams.sparse(f"viewer of a share/{name}", 2) for name in channels}

    def share(self, follow: Follow, post: Post) -> None:
        """Let a Poisson number of contacts see a post that a follower shares, some of them colleagues."""
        channel, sharer = follow.channel, follow.contact.index
        viewers = poisson(self._viewers_u[channel.name](sharer, follow.engagements), channel.spec.seen_per_share)
        for number in range(viewers):
            u_colleague, u_who = self._who_u[channel.name].several(sharer, (follow.engagements << VIEWERS_BITS) + number)
            if u_colleague < self.share_colleagues and len(self.market.roles) > 1:
                viewer = self._colleague(sharer, u_who)
            else:
                viewer = int(u_who * len(self.market) * len(self.market.roles))
            if self._uses_u[channel.name](viewer) < channel.spec.users:
                self._see(self.market.contact(viewer), channel, sharer, post)

    def _colleague(self, sharer: int, u: float) -> int:
        """Return one of the other seats of the sharer's account, each as likely as the next."""
        seats = len(self.market.roles)
        account, seat = divmod(sharer, seats)
        return account * seats + (seat + 1 + int(u * (seats - 1))) % seats

    def _see(self, viewer: Contact, channel: Channel, sharer: int, post: Post) -> None:
        """Let someone see a shared post: one exposure, unless it comes by following the channel already."""
        if any(follow.channel is channel for follow in viewer.follows):
            return
        now, account = self.env.now, viewer.account
        viewer.remember(now, account.memory.exposed)
        account.be_touched(now)
        self.record.add((now, channel.name, sharer, viewer.index, account.index, post.number))
