"""The target market: accounts, who decides in them, what they remember and trust, and how they buy."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.schema.base import (
    Count,
    Gain,
    Logit,
    LogNormal,
    NonNegative,
    OpenShare,
    Positive,
    Section,
    Share,
    must_sum_to_one,
    param,
)


class Segment(Section):
    """A part of the target market."""

    share: Share = param(1.0, "share of accounts (and of customers at the start)", evidence="choice")
    needs_per_year: Annotated[float, Field(ge=0, le=5)] = param(
        0.2, "purchases considered by an account", unit="1/year", evidence="in_market_95_5", low=0.1, high=0.4
    )
    deal_value: LogNormal = param(
        LogNormal(median=30_000.0, sigma=0.95), "first-year value of a won deal", unit="currency", low=5e3, high=1e5
    )


class Role(Section):
    """A seat on the buying committee; every account has one contact for each."""

    weight: Share = param(0.2, "weight in what the committee thinks of", low=0.0, high=1.0)


ROLES: dict[str, Role] = {
    "decision_maker": Role(weight=0.30),
    "technical_expert": Role(weight=0.25),
    "user": Role(weight=0.20),
    "purchasing": Role(weight=0.10),
    "sponsor": Role(weight=0.15),
}


class Salience(Section):
    """Mental availability of the brand with a contact: a base, and a part that social media adds.

    In units of the median account's base; only products of gain, half-life and slope can be told from data.
    """

    half_life_weeks: Positive = param(
        8.0, "of the social part (advertising: 2.5, adstock_halflife)", unit="weeks", low=2, high=26
    )
    base_sigma: Annotated[float, Field(ge=0, le=3)] = param(0.7, "spread of the base over accounts (log)", low=0.3, high=1.2)
    exposure_gain: Gain = param(0.6, "gained by one exposure to a post", low=0.0, high=2.0)
    engagement_gain: Gain = param(0.5, "gained by an engagement", low=0.0, high=2.0)
    outreach_gain: Gain = param(1.0, "gained by an answer to a question asked among peers", low=0.0, high=4.0)


class Trust(Section):
    """An account's trust in the brand, from 0 to 1, drawn to a baseline of its own."""

    half_life_weeks: Positive = param(52.0, "of a difference from the baseline", unit="weeks", low=13, high=156)
    baseline: OpenShare = param(0.5, "of the median account", low=0.3, high=0.7)
    baseline_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        0.5, "spread of the baseline over accounts (logit)", low=0.2, high=1.0
    )
    start_logit_shift: Logit = param(0.0, "start of trust, from the baseline", unit="logit", low=-1, high=1)
    touch_gain: Share = param(
        0.1, "share of the way that an engagement moves trust, at full quality (sign: rose_b2b_trust)", low=0.0, high=0.3
    )
    reply_gain: Share = param(0.25, "same, for a reply in time (order: community_gainsight)", low=0.0, high=0.5)
    miss_loss: Share = param(0.10, "share of trust lost when a message is left without reply", low=0.0, high=0.3)
    reply_quality: OpenShare = param(0.75, "quality of a reply of ordinary skill; one half is indifferent", low=0.5, high=0.95)


class Shortlist(Section):
    """Who is asked for an offer, once the research is over."""

    research_weeks: Positive = param(
        13.0, "from the need to the shortlist", unit="weeks", evidence="in_market_95_5", low=4, high=40
    )
    share_without_social: OpenShare = param(
        0.24, "share of needs that shortlist the brand without social media", low=0.1, high=0.4
    )
    salience_slope: NonNegative = param(1.0, "log odds for each unit of log salience (sign: day_one_list)", low=0.0, high=2.0)
    trust_slope: NonNegative = param(3.0, "log odds from no trust to full trust (sign: edelman_tl_2020)", low=0.0, high=5.0)
    rivals_pressure: Logit = param(
        0.0, "log odds lost to rivals, beyond what share_without_social holds already", unit="logit", low=-1, high=1
    )


class ContactPath(Section):
    """How a buyer who has shortlisted the brand gets in touch: the largest utility plus a Gumbel draw."""

    social: Logit = param(0.7, "message on a channel, open to accounts with a follower; -100 closes it", low=-2, high=1)
    social_after_outreach: Logit = param(
        1.0, "added once a question among peers was answered, which opens the path too", low=0, high=2
    )
    web: Logit = param(0.6, "by the web site", low=0, high=1.5)
    offline: Logit = param(0.6, "by telephone, fair or recommendation", low=0, high=1.5)
    share_search: Share = param(0.5, "share of web contacts that came by search; the rest direct", low=0.2, high=0.8)
    share_visiting_in_research: Share = param(
        0.5, "share of needs in which the web site is visited from search during research", low=0.2, high=0.9
    )


class Market(Section):
    """Who might buy."""

    accounts: Annotated[int, Field(ge=0, le=200_000)] = param(
        2_000, "target accounts", unit="accounts", low=200, high=20_000, evidence="choice"
    )
    customers: Count = param(
        100, "accounts that are customers on the first day", unit="accounts", low=0, high=1_000, evidence="choice"
    )
    segments: dict[str, Segment] = param({"all": Segment()}, "parts of the market", evidence="choice")
    roles: dict[str, Role] = param(ROLES, "the buying committee (5.4 people)", evidence="buying_group_ceb")
    salience: Salience = param(Salience(), "what contacts remember")
    trust: Trust = param(Trust(), "what accounts believe")
    shortlist: Shortlist = param(Shortlist(), "who is asked for an offer")
    contact: ContactPath = param(ContactPath(), "how buyers get in touch")

    @model_validator(mode="after")
    def _is_consistent(self) -> "Market":
        must_sum_to_one({name: segment.share for name, segment in self.segments.items()}, "the shares of market.segments")
        must_sum_to_one({name: role.weight for name, role in self.roles.items()}, "the weights of market.roles")
        if self.customers > self.accounts:
            raise ValueError(f"customers ({self.customers}) cannot outnumber accounts ({self.accounts})")
        return self
