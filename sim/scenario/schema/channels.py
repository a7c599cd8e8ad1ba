"""Channels, their audience, and the community on them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.base import LARGEST, WITHOUT_END, NonNegative, Positive, Section, Share, Slope, must_sum_to_one, param

Reaction = Literal["reaction", "comment", "share", "click"]
PROFILE_CHANNELS = ("profiles_of_team", "profiles_of_colleagues")
SPONSORED = "sponsored_posts"
BESIDE_THE_PAGES = (*PROFILE_CHANNELS, SPONSORED)  # in tables; no channel of a scenario can be called so
Invitations = Literal["to_follow", "to_connect", "none"]


class EngagementMix(Section):
    """The mix of engagements."""

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
        "spread of the luck of a post's reach (log; mean 1); with that of formats wider than 2 to 6 % of followers read as"
        " 10th and 90th percentile (linkedin_company_page_reach), narrower than the 1.11 of facebook_metrics_posts_2014",
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
        most=LARGEST,
    )
    frequency_exponent: Annotated[float, Field(ge=-1, le=2)] = param(
        1.0,
        "how far frequency lowers the reach of a post: (1 + posts per week / halving_posts_per_week) ^ -exponent; 0 is not at"
        " all, below 0 raises it (buffer_2025_frequency)",
        low=-0.3,
        high=1.0,
    )
    reach_exponent: Annotated[float, Field(gt=0, le=1)] = param(
        1.0,
        "views of a post grow with followers to this power, and `reach` holds at 1,000 followers; 1: the same share of any"
        " audience (0.57 to 0.63 today: metricool_2024_impressions_by_page_size)",
        low=0.5,
        high=1.0,
    )
    leaves_per_weekly_post: NonNegative = param(
        0.0,
        "rate at which a follower leaves, for each post per week: too many posts, or too many promotions"
        " (sprout_unfollow_reasons; 0.005 is 19 % per year at six posts per day)",
        unit="1/year per 1/week",
        low=0.0,
        high=0.02,
    )
    invitations: Invitations = param(
        "to_follow",
        "what people can be invited to: to_follow (an accepted invitation is a follower), to_connect (a person accepts a"
        " person, and can then be invited to the page), none",
        evidence="choice",
    )
    found_per_year: NonNegative = param(
        0.0,
        "rate at which a user of the channel who has not been approached comes across the company there and considers"
        " following, while it posts (all in all, followers of brands grew by 0.42 per year: follower_growth_2015)",
        unit="1/year",
        low=0.0,
        high=1.0,
        most=365.0,
    )
    outside_per_follower: NonNegative = param(
        3.0, "followers who will never buy, for each who might", low=0, high=10, most=100_000.0
    )
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
    """The excess of likely buyers among those who react, who would often have bought anyway: the reason why records err."""

    in_market: Positive = param(
        2.0, "engagement of contacts of an account that researches a purchase", low=1, high=5, most=100.0
    )
    customer: Positive = param(2.0, "engagement of contacts of a customer", low=1, high=5, most=100.0)
    trust: NonNegative = param(
        1.0, "engagement rises with the account's trust by so much from none to full", low=0, high=3, most=100.0
    )
    activity_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        1.2, "spread of how active people are (log; mean 1): few do most, see participation_90_9_1", low=0.0, high=2.0
    )
    colleagues: Share = param(
        0.3, "share of those who see a shared post who have another seat of the same account", low=0.05, high=0.6
    )


class Recruiting(Section):
    """Inviting contacts, each once per channel: to follow, or to connect with one of the team and then to follow the page."""

    minutes: Positive = param(4.0, "to approach one person", unit="min", low=2, high=20)
    accepts: Share = param(
        0.25,
        "share who accept at a trust of one half and median salience",
        evidence="linkedin_acceptance", low=0.05, high=0.5,
    )  # fmt: skip
    page_accepts: Share = param(
        0.25,
        "share of those connected who accept an invitation to follow the page, at a trust of one half and median salience; also"
        " of those who come across the page; no published rate was found (persons accept persons at 19 to 39 %:"
        " linkedin_acceptance)",
        low=0.05, high=0.5,
    )  # fmt: skip
    page_minutes: Positive = param(0.25, "to invite one connected person to the page", unit="min", low=0.1, high=1)
    requests_per_week: NonNegative = param(
        100.0,
        "requests to connect that a platform allows a person (about 100 are reported: linkedin_page_invitation_credits)",
        unit="1/week", low=20, high=200,
    )  # fmt: skip
    page_invitations_per_month: NonNegative = param(
        100.0,
        "invitations to follow that a platform allows a page; an accepted one is given back",
        unit="1/month", evidence="linkedin_page_invitation_credits", low=50, high=250,
    )  # fmt: skip
    trust_slope: Slope = param(2.0, "log odds of accepting, from no trust to full trust", low=0, high=4)
    salience_slope: Slope = param(0.3, "log odds of accepting, for each unit of log salience", low=0, high=1)


class Profiles(Section):
    """People's own profiles, where members of the team and colleagues pass on what the company posts.

    A member of the team reaches those who accepted a request to connect. Colleagues reach contacts whom they know anyway. How
    many colleagues take part depends on the hours for `advocacy`, which feed and thank them.
    """

    colleagues: Annotated[int, Field(ge=0, le=100_000)] = param(
        0,
        "colleagues outside of the team with a profile of their own who could pass on posts",
        unit="people", evidence="choice", low=0, high=100,
    )  # fmt: skip
    channel: Annotated[str, Field(max_length=200)] = param(
        "",
        "the channel on which they are; by default where people connect, else the first one of the kind `network`",
        evidence="choice",
    )
    known_contacts: NonNegative = param(
        15.0,
        "contacts at target accounts, users of that channel, with whom a colleague is connected",
        unit="people",
        low=3,
        high=60,
    )
    take_part_unasked: Share = param(
        0.03, "share of colleagues who pass on posts without being asked", evidence="employee_share_rate", low=0.0, high=0.1
    )
    take_part_most: Share = param(0.4, "share of colleagues who pass on posts if much is done for it", low=0.1, high=0.7)
    gain_per_hour: NonNegative = param(
        0.08, "share of those missing from take_part_most whom an hour of advocacy wins", unit="1/h", low=0.01, high=0.3
    )
    half_life_weeks: Positive = param(
        6.0, "half of those who take part stop without further hours", unit="weeks", low=2, high=26, most=WITHOUT_END
    )
    enough: Share = param(0.95, "share of take_part_most at which nothing is left to do", low=0.8, high=1)
    posts_per_week: NonNegative = param(
        1.0, "posts that a person who takes part passes on", unit="1/week", low=0.25, high=3, most=1_000.0
    )
    minutes: NonNegative = param(5.0, "a colleague's own time to pass on a post", unit="min", low=1, high=20)
    cost_per_hour: NonNegative = param(45.0, "loaded cost of a colleague's hour", unit="currency/h", low=25, high=90)
    reach: Share = param(
        0.35,
        "share of a person's connections who see a post of quality 1 that is passed on; people's own posts hold most of the"
        " feed (company_pages_share_of_feed)",
        low=0.1, high=0.7,
    )  # fmt: skip
    engagement: NonNegative = param(
        2.0,
        "engagements per exposure, as a multiple of those of the company's page (of clicks)",
        evidence="employee_share_ctr",
        low=1,
        high=4,
    )


class Sponsoring(Section):
    """Money that shows what is published to contacts of target accounts, whether they follow or not."""

    per_week: NonNegative = param(
        0.0, "spent on showing posts, beside the team's hours", unit="currency/week", evidence="choice", low=0, high=500
    )
    channel: Annotated[str, Field(max_length=200)] = param(
        "", "the channel that is paid; by default the first one of the kind `network`", evidence="choice"
    )
    price_per_1000: Positive = param(
        60.0,
        "price of a thousand views; lists of companies cost more, ads by persons less",
        unit="currency",
        evidence="linkedin_ads_2026",
        low=25,
        high=80,
    )
    on_target: Share = param(0.6, "share of the views that are by contacts of target accounts", low=0.2, high=0.9)
    attention: Annotated[float, Field(gt=0, le=1)] = param(
        0.05,
        "what a paid view adds to memory, as a multiple of seeing a post of a page that one follows; no figure was found",
        low=0.01,
        high=0.3,
    )
    engagement: NonNegative = param(
        0.3,
        "engagements per view, as a multiple of those of the company's page: clicks of 0.5 % of views (linkedin_ads_2026), of a"
        " page some 1.6 %",
        low=0.1,
        high=1.0,
    )


class Animation(Section):
    """Keeping the community lively: a stock that fills with hours, saturates, and drains. A neglected one loses followers."""

    gain_per_hour: NonNegative = param(0.12, "share of what is missing that an hour fills", unit="1/h", low=0.02, high=0.3)
    half_life_weeks: Positive = param(4.0, "of liveliness without hours", unit="weeks", low=1, high=12, most=LARGEST)
    reach_boost: NonNegative = param(0.3, "reach gained at full liveliness", low=0, high=1)
    enough: Share = param(0.95, "liveliness at which nothing is left to do", low=0.8, high=1)
    invitations_per_year: NonNegative = param(
        0.5,
        "people whom a follower invites at full liveliness, without the team (followers of brands grew by 0.42 per year in all,"
        " follower_growth_2015)",
        unit="1/year",
        low=0,
        high=2,
        most=365.0,
    )
    leaves_per_year: NonNegative = param(
        0.4, "rate at which a follower leaves a channel without posts and liveliness", unit="1/year", low=0.05, high=1.5
    )
    posts_that_hold: Positive = param(
        2.0, "posts per week on a channel that cut this rate to 1/e", unit="1/week", low=0.5, high=7, most=LARGEST
    )


class Web(Section):
    """The web site's other visitors, against whom visits from social media are seen."""

    visits_per_week: NonNegative = param(250.0, "visits from elsewhere", unit="1/week", low=50, high=5000, most=1e9)
    share_search: Share = param(
        0.5, "of those, from search; the rest is direct or unknown", evidence="search_share_b2b", low=0.2, high=0.8
    )


class Presence(Section):
    """The presence on social media, if there is any; a twin without one keeps complaints off line."""

    twin: Literal["auto", "absent", "abandoned"] = param(
        "auto",
        "the world compared with: no presence, or one where nobody works; auto: the latter if anyone follows at the start",
        evidence="choice",
    )
    alternative_use_per_hour: NonNegative = param(
        0.0, "worth of an hour not spent on social media", unit="currency/h", evidence="choice"
    )
