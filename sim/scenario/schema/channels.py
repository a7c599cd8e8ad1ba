"""Channels, their audience, and the community on them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.base import NonNegative, Positive, Section, Share, must_sum_to_one, param

Reaction = Literal["reaction", "comment", "share", "click"]


class EngagementMix(Section):
    """What an engagement is."""

    reaction: Share = param(0.55, "a like or the same", low=0.3, high=0.8)
    comment: Share = param(0.08, "a comment that may open a conversation", low=0.02, high=0.2)
    share: Share = param(0.07, "passed on to others", low=0.02, high=0.2)
    click: Share = param(0.30, "a visit to the web site (up to two thirds: linkedin_page_ctr_er_2019)", low=0.1, high=0.6)

    @model_validator(mode="after")
    def _is_a_whole(self) -> "EngagementMix":
        must_sum_to_one(self.shares(), "the shares of engagement_mix")
        return self

    def shares(self) -> dict[str, float]:
        """Return the share of engagements by kind."""
        return {"reaction": self.reaction, "comment": self.comment, "share": self.share, "click": self.click}


class Channel(Section):
    """A place to post: a professional network, a micro-blog, the company's blog.

    Channels named linkedin, facebook or xing have the defaults of `network`; x, twitter, bluesky, mastodon or threads those of
    `micro_blog`. Defaults are those of 2012; with `channels_year` they are those of that year (channels by year, below).
    """

    users: Share = param(
        0.3,
        "share of the target accounts' contacts who use it (social media in purchases: 75 % of buyers,"
        " b2b_buyers_use_social_idc; one network in an actual purchase: 5 to 15 %, b2b_buyers_use_social_buyersphere)",
        low=0.1,
        high=0.6,
    )
    followers_at_start: Share = param(0.0, "share of those who follow on the first day", evidence="choice", low=0.0, high=0.3)
    reach: Share = param(
        0.2,
        "share of followers who see a post of quality 1 when posts are rare, of an ordinary one about a fifth of that; on a"
        " network of 2012 16 % (facebook_organic_reach) to 4.5 % (frequency_linkedin_20_posts), now a third"
        " (linkedin_impressions_decline)",
        low=0.08,
        high=0.45,
    )
    reach_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        0.6,
        "spread of the luck of a post's reach (log; mean 1); with that of formats (0.4) wider than 2 to 6 % of followers read"
        " as 10th and 90th percentile, narrower than as quartiles (linkedin_company_page_reach)",
        low=0.0,
        high=1.2,
    )
    half_life_hours: Positive = param(
        24.0,
        "half of a post's exposure has happened (of the clicks on a link in a micro-blog, in 2.8 h: halflife_bitly_links)",
        unit="h",
        evidence="halflife_2018_by_platform",
        low=8,
        high=72,
    )
    engagement_rate: Share = param(
        0.03,
        "engagements per exposure of an ordinary follower (0.02 to 0.17: linkedin_page_ctr_er_2019, which selected itself)",
        low=0.005,
        high=0.1,
    )
    halving_posts_per_week: Positive = param(
        7.0,
        "posting so often halves the reach of a post (frequency_linkedin_buffer and frequency_vs_monthly_reach disagree)",
        unit="1/week",
        evidence="frequency_facebook_2012_decline",
        low=3,
        high=15,
    )
    outside_per_follower: NonNegative = param(3.0, "followers who will never buy, for each who might", low=0, high=10)
    seen_per_share: Annotated[float, Field(ge=0, le=100)] = param(
        10.0,
        "contacts of target accounts to whom a shared post is shown; those who use the channel and do not follow see it",
        low=1,
        high=50,
    )
    engagement_mix: EngagementMix = param(EngagementMix(), "what an engagement is")


CHANNELS: dict[str, Channel] = {
    "network": Channel(users=0.28, reach=0.28, half_life_hours=24.0, engagement_rate=0.04, halving_posts_per_week=7.0),
    "micro_blog": Channel(users=0.09, reach=0.16, half_life_hours=2.5, engagement_rate=0.02, halving_posts_per_week=20.0),
    "blog": Channel(users=0.06, reach=0.21, half_life_hours=96.0, engagement_rate=0.03, halving_posts_per_week=2.0),
}


LIKE = {  # names that people give, and the channel that stands for their kind
    "linkedin": "network", "facebook": "network", "xing": "network",
    "x": "micro_blog", "twitter": "micro_blog", "bluesky": "micro_blog", "mastodon": "micro_blog", "threads": "micro_blog",
}  # fmt: skip


def kind_of(name: str) -> str:
    """Return the channel that stands for the kind of a channel: `network` for `linkedin`; its own name if none does."""
    return LIKE.get(name.lower(), name)


class Selection(Section):
    """Who reacts most would often have bought anyway: the reason why records err."""

    in_market: Positive = param(2.0, "engagement of contacts of an account that researches a purchase", low=1, high=5)
    customer: Positive = param(2.0, "engagement of contacts of a customer", low=1, high=5)
    trust: NonNegative = param(1.0, "engagement rises with the account's trust by so much from none to full", low=0, high=3)
    activity_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        1.2, "spread of how active people are (log; mean 1): few do most, see participation_90_9_1", low=0.0, high=2.0
    )
    colleagues: Share = param(
        0.3, "share of those who see a shared post who have another seat of the same account", low=0.05, high=0.6
    )


class Recruiting(Section):
    """Inviting contacts to follow, each once a channel."""

    minutes: Positive = param(4.0, "to approach one person", unit="min", low=2, high=20)
    accepts: Share = param(
        0.25, "share who accept at a trust of one half and median salience", evidence="linkedin_acceptance", low=0.05, high=0.5
    )
    trust_slope: NonNegative = param(2.0, "log odds of accepting, from no trust to full trust", low=0, high=4)
    salience_slope: NonNegative = param(0.3, "log odds of accepting, for each unit of log salience", low=0, high=1)


class Animation(Section):
    """Keeping the community lively: a stock that fills with hours, saturates, and drains. A neglected one loses followers."""

    gain_per_hour: NonNegative = param(0.12, "share of what is missing that an hour fills", unit="1/h", low=0.02, high=0.3)
    half_life_weeks: Positive = param(4.0, "of liveliness without hours", unit="weeks", low=1, high=12)
    reach_boost: NonNegative = param(0.3, "reach gained at full liveliness", low=0, high=1)
    enough: Share = param(0.95, "liveliness at which nothing is left to do", low=0.8, high=1)
    invitations_per_year: NonNegative = param(
        0.5,
        "people whom a follower invites at full liveliness, without the team (followers of brands grew by 0.42 a year in all,"
        " follower_growth_2015)",
        unit="1/year",
        low=0,
        high=2,
    )
    leaves_per_year: NonNegative = param(
        0.4, "rate at which a follower leaves a channel without posts and liveliness", unit="1/year", low=0.05, high=1.5
    )
    posts_that_hold: Positive = param(
        2.0, "posts a week on a channel that cut this rate to 1/e", unit="1/week", low=0.5, high=7
    )


class Web(Section):
    """The web site's other visitors, against whom visits from social media are seen."""

    visits_per_week: NonNegative = param(250.0, "visits from elsewhere", unit="1/week", low=50, high=5000)
    share_search: Share = param(
        0.5, "of those, from search; the rest is direct or unknown", evidence="search_share_b2b", low=0.2, high=0.8
    )


class Presence(Section):
    """Whether there is a presence at all; a twin without one keeps complaints off line."""

    twin: Literal["auto", "absent", "abandoned"] = param(
        "auto",
        "the world compared with: no presence, or one where nobody works; auto: the latter if anyone follows at the start",
        evidence="choice",
    )
    alternative_use_per_hour: NonNegative = param(
        0.0, "worth of an hour not spent on social media", unit="currency/h", evidence="choice"
    )
