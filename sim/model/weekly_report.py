"""The weekly report: what a dashboard would show of a week, and the state at its end."""

from collections.abc import Mapping

from sim.model.channels import Channel
from sim.model.community import Liveliness
from sim.model.content import ContentDesk
from sim.model.dialogue import Dialogue
from sim.model.management import Management
from sim.model.measurement import Measurement
from sim.model.sales import Sales
from sim.model.setting import Setting
from sim.model.streams import Stream, poisson


class ChannelReport:
    """Counts of events on a channel since they were last read."""

    __slots__ = ("_engaged", "_exposure", "_outside_u", "channel")

    def __init__(self, channel: Channel, outside_u: Stream) -> None:
        self.channel, self._outside_u = channel, outside_u
        self._exposure = self._engaged = 0.0

    def take_reach(self, now: float) -> float:
        """Return how often followers, those outside the market too, were exposed to posts."""
        before, self._exposure = self._exposure, self.channel.clock.exposure_at(now)
        return (self._exposure - before) * (self.channel.followers + self.channel.outside_followers)

    def take_outside_engagements(self, now: float, week: int) -> int:
        """Return how often followers outside the market engaged, by the draw of a week."""
        before, self._engaged = self._engaged, self.channel.clock.engaged_at(now)
        expected = (self._engaged - before) * self.channel.outside_followers * self.channel.spec.engagement_rate
        return poisson(self._outside_u(week), expected)


class WeeklyReport:
    """The writer of weekly reports: at the end of each week, it records what happened in it."""

    def __init__(
        self,
        setting: Setting,
        channels: Mapping[str, Channel],
        liveliness: Liveliness,
        content: ContentDesk,
        dialogue: Dialogue,
        measurement: Measurement,
        sales: Sales,
        management: Management,
    ) -> None:
        """Report on these `channels`, of which there are none where nobody follows."""
        self.env, self.record, self.ledger, self.web = setting.env, setting.record, setting.ledger, setting.scenario.web
        self.liveliness, self.content, self.dialogue = liveliness, content, dialogue
        self.measurement, self.sales, self.management = measurement, sales, management
        streams = setting.streams
        self._channels = [ChannelReport(channel, streams[f"outside engagements/{name}"]) for name, channel in channels.items()]
        self._pages = frozenset(channels)
        self._visits_u = streams["other visits"]
        self._passed_on = self._interactions = 0

    def write(self) -> None:
        """Write down the week that ends, and begin the next one."""
        now, week = self.env.now, self.ledger.week
        followers, outside_followers, reach, outside, outside_clicks = 0, 0.0, 0.0, 0, 0
        for report in self._channels:
            channel = report.channel
            followers += channel.followers
            outside_followers += channel.outside_followers
            reach += report.take_reach(now)
            engaged = report.take_outside_engagements(now, week)
            outside += engaged
            outside_clicks += round(engaged * channel.spec.engagement_mix.click)
        tagged_share = self.measurement.tagged_share(now)
        clicks, recorded_clicks = self._take_social_visits(outside_clicks, tagged_share)
        search, direct = self._take_other_visits(week)
        reach += self._take_passed_on()
        self.ledger.dashboard(followers, reach)
        self.record.weeks.note(
            week=week,
            followers=followers,
            outside_followers=outside_followers,
            reach=reach,
            interactions=self._take_interactions() + outside,
            outside_interactions=outside,
            visits_social_true=clicks,
            visits_social=recorded_clicks,
            visits_search=search,
            visits_direct=direct + clicks - recorded_clicks,
            open_deals=self.sales.open_deals,
            standing_deals=self.sales.standing,
            slowness=self.sales.slowness,
            liveliness=self.liveliness.level(now),
            tagged_share=tagged_share,
            asked_share=self.measurement.asked_share(now),
            dashboard_age_weeks=self.measurement.dashboard_age_weeks(now),
            drafts_waiting=self.content.pipeline.length,
            messages_waiting=self.dialogue.waiting(),
            granted_hours=self.management.granted,
        )
        self.ledger.week += 1

    def _take_social_visits(self, outside_clicks: int, tagged_share: float) -> tuple[int, int]:
        """Return the week's visits from social media, all of them and those that are recorded as such."""
        clicks, recorded = self.ledger.take_visits()
        return clicks + outside_clicks, recorded + round(outside_clicks * tagged_share)

    def _take_other_visits(self, week: int) -> tuple[int, int]:
        """Return the week's other visits, by search and direct; most of them are none of those who buy."""
        search, direct = self.ledger.take_research_visits()
        search += poisson(self._visits_u(week, 0), self.web.visits_per_week * self.web.share_search)
        direct += poisson(self._visits_u(week, 1), self.web.visits_per_week * (1.0 - self.web.share_search))
        return search, direct

    def _take_passed_on(self) -> int:
        """Return how many saw a post of the week since a follower shared it, of the company's own pages."""
        before, self._passed_on = self._passed_on, len(self.record.passed_on)
        return sum(channel in self._pages for _, channel, *_ in self.record.passed_on.rows[before:])

    def _take_interactions(self) -> int:
        """Return how often followers from the market engaged in the week, on the company's own pages."""
        before, self._interactions = self._interactions, len(self.record.interactions)
        return sum(channel in self._pages for _, channel, *_ in self.record.interactions.rows[before:])
