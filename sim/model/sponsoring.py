"""Sponsoring: money that shows posts to contacts of target accounts, whether they follow or not. See docs/model.md, 2.4."""

from sim.model.accounts import Account
from sim.model.channels import Channel
from sim.model.drafts import Draft
from sim.model.setting import Setting
from sim.scenario.schema.channels import SPONSORED

MORNING = 9.0  # when posts are shown
PER = 1000.0  # views that a price is for
LEAST_QUALITY = 1e-100  # as good as none; what is bought is shown even where nothing is left of a piece


class Sponsoring:
    """Ads bought by a budget each working day, at nine: the latest piece, to all users of a channel at target accounts."""

    def __init__(self, setting: Setting, salience_rate: float) -> None:
        scenario = setting.scenario
        self.setting, self.env, self.record, self.spec = setting, setting.env, setting.record, scenario.sponsoring
        self.place = scenario.place_of_sponsoring()
        self.per_day = self.spec.per_week / len(scenario.calendar.weekdays)
        self.not_yet_reached: list[Account] = []
        self.channel: Channel | None = None
        if self.place is not None:
            host = scenario.channels[self.place]
            own = {
                "reach": 1.0, "reach_exponent": 1.0, "frequency_exponent": 0.0, "outside_per_follower": 0.0,
                "engagement_rate": min(1.0, host.engagement_rate * self.spec.engagement / self.spec.attention),
            }  # fmt: skip
            self.channel = Channel(setting.env, SPONSORED, host.model_copy(update=own), salience_rate, place=self.place)

    def show(self, draft: Draft, quality: float) -> None:
        """Spend the budget of a day on showing a piece; nothing if nobody is there."""
        if self.channel is None or not self.channel.followers:
            return
        now = self.env.now
        views = self.per_day / self.spec.price_per_1000 * PER * self.spec.on_target / self.channel.followers
        quality = max(quality, LEAST_QUALITY)
        post = self.channel.post(draft.kind, quality, views * self.spec.attention / quality, draft.form.engagement)
        self.record.posts.add((now, SPONSORED, draft.number, draft.kind, quality, post.frequency_factor, post.reach))
        for account in self.not_yet_reached:
            account.be_touched(now)
        self.not_yet_reached.clear()
        self.setting.pay(SPONSORED, self.per_day)
