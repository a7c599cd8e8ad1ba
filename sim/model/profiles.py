"""People's own profiles: members of the team and colleagues who pass on what the company posts. See docs/model.md, 2.4."""

import math

from sim.model.accounts import Account
from sim.model.channels import Channel
from sim.model.drafts import Draft
from sim.model.setting import Setting
from sim.model.stock import Stock
from sim.model.team import hours_by_member
from sim.model.work import Work, Worker
from sim.scenario.schema.channels import PROFILE_CHANNELS

TEAM, COLLEAGUES = PROFILE_CHANNELS
NOON = 12.0  # when posts are passed on
MINUTES_PER_HOUR = 60.0


class Profiles:
    """Profiles of colleagues: who takes part, what is passed on each working day, and the desk for advocacy.

    There is one channel for all members of the team and one for all colleagues. On a working day the posts of a group are one
    post at noon. Its reach is what all of them together show to someone who is connected with the group.
    """

    def __init__(self, setting: Setting, pages: dict[str, Channel], salience_rate: float) -> None:
        """Take the channels of the company's own pages."""
        scenario = setting.scenario
        self.setting, self.env, self.record, self.pages = setting, setting.env, setting.record, pages
        self.spec = spec = scenario.profiles
        self.place = scenario.place_of_profiles()
        policy, team = scenario.hours_policy, scenario.team
        self.members = len(hours_by_member(team, policy.most(team.hours_per_week)))
        self.taking_part = Stock(spec.gain_per_hour, spec.half_life_weeks, spec.enough)
        self._days_per_week = len(scenario.calendar.weekdays)
        self._per_colleague = 0.0
        self.not_yet_reached: list[Account] = []  # known by colleagues, none of whom has passed anything on
        self.channels: dict[str, Channel] = {}
        if self.place is not None:
            host = scenario.channels[self.place]
            own = {
                "reach": spec.reach, "reach_exponent": 1.0, "frequency_exponent": 0.0, "outside_per_follower": 0.0,
                "engagement_rate": min(1.0, host.engagement_rate * spec.engagement),
            }  # fmt: skip
            self.channels = {
                name: Channel(setting.env, name, host.model_copy(update=own), salience_rate, place=self.place)
                for name in PROFILE_CHANNELS
            }

    def known(self, users: int) -> float:
        """Return the share of so many users of the place of profiles whom at least one colleague knows.

        Colleagues know people independently of each other.
        """
        if users == 0 or self.spec.colleagues == 0:
            return 0.0
        each = min(1.0, self.spec.known_contacts / users)
        known = -math.expm1(self.spec.colleagues * math.log1p(-each)) if each < 1.0 else 1.0
        self._per_colleague = each / known if known > 0.0 else 0.0
        return known

    def has_work(self) -> bool:
        """Return whether more hours would still bring colleagues in."""
        spec = self.spec
        return spec.colleagues > 0 and spec.take_part_most > spec.take_part_unasked and self.taking_part.is_short(self.env.now)

    def take(self, worker: Worker) -> Work | None:
        """Feed and thank colleagues for a while."""
        if not self.has_work():
            return None
        speed, stock = worker.speed("advocacy"), self.taking_part
        return Work(worker.block_seconds, lambda began, ended: stock.fill(ended, (ended - began) * speed), divisible=True)

    def share_taking_part(self, now: float) -> float:
        """Return the share of colleagues who pass on posts."""
        unasked, most = self.spec.take_part_unasked, self.spec.take_part_most
        return unasked + max(0.0, most - unasked) * self.taking_part.level(now)

    def pass_on(self, draft: Draft, quality: float) -> None:
        """Let all who take part pass on a piece: what a day's posts of a group show, and what colleagues' time costs."""
        now, each = self.env.now, self.spec.posts_per_week / self._days_per_week
        colleagues = self.spec.colleagues * self.share_taking_part(now) * each
        for name, seen in ((TEAM, each), (COLLEAGUES, colleagues * self._per_colleague)):
            channel = self.channels[name]
            if channel.followers and seen > 0.0:
                post = channel.post(draft.kind, quality, draft.form.reach * seen, draft.form.engagement)
                self.record.posts.add((now, name, draft.number, draft.kind, quality, post.frequency_factor, post.reach))
        if colleagues > 0.0:
            for account in self.not_yet_reached:
                account.be_touched(now)
            self.not_yet_reached.clear()
            self.setting.pay(COLLEAGUES, colleagues * self.spec.minutes / MINUTES_PER_HOUR * self.spec.cost_per_hour)
