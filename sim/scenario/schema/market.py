"""The target market: accounts, who decides in them, what they remember and trust, and how they buy."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import (
    Count,
    Logit,
    LogNormal,
    OpenShare,
    Positive,
    Section,
    Share,
    Slope,
    must_sum_to_one,
    param,
)


class Segment(Section):
    """A part of the target market."""

    share: Share = param(1.0, "share of accounts (and of customers at the start)", evidence="choice")
    needs_per_year: Annotated[float, Field(ge=0, le=5)] = param(
        0.2, "purchases considered by an account", unit="1/year", evidence="in_market_95_5", low=0.1, high=0.4
    )
    least_interval: Annotated[float, Field(ge=0.0, lt=1.0)] = param(
        0.4,
        "least time between two purchases, as a share of the mean time (a contract of two years in five); 0: quite at random",
        low=0.0,
        high=0.8,
    )
    deal_value: LogNormal = param(
        LogNormal(median=30_000.0, sigma=0.95), "first-year value of a won deal", unit="currency", low=5e3, high=1e5
    )


class Role(Section):
    """A seat on the buying committee; every account has one contact for each."""

    weight: Share = param(0.2, "weight in what the committee thinks of", low=0.05, high=0.5)
    joins: Annotated[float, Field(ge=0.0, lt=1.0)] = param(
        0.0, "share of the sale that is over when this person joins; 0: there from the start", low=0.0, high=0.9
    )


ROLES: dict[str, Role] = {
    "decision_maker": Role(weight=0.30),
    "technical_expert": Role(weight=0.25),
    "user": Role(weight=0.20),
    "purchasing": Role(weight=0.10, joins=0.75),
    "sponsor": Role(weight=0.15, joins=0.5),
}


class Salience(Section):
    """Mental availability of the brand with a contact: a base, and a part that social media adds.

    In units of the median account's base. What adds to it is in `effects`.
    """

    half_life_weeks: Positive = param(
        8.0, "of the social part (advertising: 2.5, adstock_halflife)", unit="weeks", low=2, high=26
    )
    base_sigma: Annotated[float, Field(ge=0, le=3)] = param(0.7, "spread of the base over accounts (log)", low=0.3, high=1.2)


class Trust(Section):
    """An account's trust in the brand, from 0 to 1, drawn to a baseline of its own. What moves it is in `effects`."""

    half_life_weeks: Positive = param(52.0, "of a difference from the baseline", unit="weeks", low=13, high=156)
    baseline: OpenShare = param(0.5, "of the median account", low=0.3, high=0.7)
    baseline_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        0.5, "spread of the baseline over accounts (logit)", low=0.2, high=1.0
    )
    start_logit_shift: Logit = param(0.0, "start of trust, from the baseline", unit="logit", low=-1, high=1)
    reply_quality: OpenShare = param(0.75, "quality of a reply of ordinary skill; one half is indifferent", low=0.5, high=0.95)


class Shortlist(Section):
    """The shortlist: those who are asked for an offer once the research is over."""

    research_weeks: Positive = param(
        13.0, "from the need to the shortlist", unit="weeks", evidence="in_market_95_5", low=4, high=40
    )
    share_without_social: OpenShare = param(
        0.24, "share of needs that shortlist the brand without social media and word of mouth", low=0.1, high=0.4
    )
    salience_slope: Slope = param(1.0, "log odds for each unit of log salience (sign: day_one_list)", low=0.0, high=2.0)
    trust_slope: Slope = param(3.0, "log odds from no trust to full trust (sign: edelman_tl_2020)", low=0.0, high=5.0)


class Rivals(Section):
    """Others who want the same deals; they do not react to what the team does."""

    pressure: Logit = param(
        0.0,
        "log odds of being shortlisted that they take, beyond what share_without_social holds",
        unit="logit",
        low=-1,
        high=1,
    )
    pressure_per_year: Logit = param(
        0.0, "and so much more with every year, as they too take up social media", unit="logit/year", low=-0.2, high=0.5
    )
    share_of_accounts: Share = param(0.6, "share of accounts that are customers of a rival on the first day", low=0.2, high=0.9)
    switching_odds: Annotated[float, Field(gt=0.0, le=1.0)] = param(
        0.6, "odds of winning such an account at the last stage, against one that is free to choose", low=0.3, high=1.0
    )


class WordOfMouth(Section):
    """Buyers ask their peers; those who are customers say what they think. It never creates a need."""

    peers_asked: Annotated[int, Field(ge=0, le=8)] = param(
        3, "accounts that a buyer asks while researching; each is a customer or not as chance has it", low=0, high=8
    )


class ContactPath(Section):
    """The way in which a buyer who has shortlisted the brand gets in touch: the largest utility plus a Gumbel draw."""

    social: Logit = param(0.7, "message on a channel, open to accounts with a follower; -100 closes it", low=-2, high=1)
    social_after_outreach: Logit = param(
        1.0, "added to the path's utility once a question among peers was answered, which also opens the path", low=0, high=2
    )
    web: Logit = param(0.6, "by the web site", low=0, high=1.5)
    offline: Logit = param(0.6, "by telephone, fair or recommendation", low=0, high=1.5)
    referral: Logit = param(1.0, "introduced by a customer who recommended the brand", low=0, high=2)
    share_search: Share = param(
        0.5,
        "share of web visits and contacts that come by search; the rest direct",
        evidence="search_share_b2b",
        low=0.2,
        high=0.8,
    )
    share_visiting_in_research: OpenShare = param(
        0.5, "share of needs in which the web site is visited during research, without social media", low=0.2, high=0.9
    )
    visit_salience_slope: Slope = param(
        0.5, "log odds of such a visit for each unit of log salience: one looks up what one knows (sign: colicev_mindset)",
        low=0.0, high=1.0,
    )  # fmt: skip


def _above_zero(months: tuple[float, ...]) -> tuple[float, ...]:
    if not all(0.0 < one <= MOST_OF_A_MONTH for one in months):
        raise ValueError(
            remark(
                "months must be above 0, and {most_of_a_month} at most: write 0.01 for a month without any",
                most_of_a_month=format(MOST_OF_A_MONTH, "g"),
            )
        )
    return months


MOST_OF_A_MONTH = 1_000.0
Months = Annotated[tuple[float, ...], Field(min_length=12, max_length=12, strict=False), AfterValidator(_above_zero)]
ALL_ALIKE = (1.0,) * 12


class Seasons(Section):
    """The spread of a year's leads and decisions over its months. Only proportions count; yearly totals do not change."""

    leads: Months = param(
        ALL_ALIKE,
        "leads per day in each month, January to December, social media or not (hubspot_july_leads, olist_december)",
        evidence="choice",
    )
    decisions: Months = param(
        ALL_ALIKE,
        "speed of sales in each month; deals won per day show it, if roughly (not within a month: insidesales_month_end)",
        evidence="choice",
    )


class Market(Section):
    """The accounts that might buy."""

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
    seasons: Seasons = param(Seasons(), "which months have leads and decisions")
    shortlist: Shortlist = param(Shortlist(), "who is asked for an offer")
    rivals: Rivals = param(Rivals(), "who else wants the deals")
    word_of_mouth: WordOfMouth = param(WordOfMouth(), "what customers say to buyers")
    contact: ContactPath = param(ContactPath(), "how buyers get in touch")

    @model_validator(mode="after")
    def _is_consistent(self) -> "Market":
        must_sum_to_one({name: segment.share for name, segment in self.segments.items()}, "the shares of market.segments")
        must_sum_to_one({name: role.weight for name, role in self.roles.items()}, "the weights of market.roles")
        if not any(role.weight > 0.0 and role.joins == 0.0 for role in self.roles.values()):
            raise ValueError(remark("market.roles needs somebody with a weight who is there from the start (joins: 0)"))
        if self.customers > self.accounts:
            raise ValueError(
                remark(
                    "customers ({customers}) cannot outnumber accounts ({accounts})",
                    customers=str(self.customers),
                    accounts=str(self.accounts),
                )
            )
        return self
