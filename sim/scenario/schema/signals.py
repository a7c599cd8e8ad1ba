"""Mentions off the own channels, and the consequences of finding them."""

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import LogNormal, NonNegative, Positive, Section, Share, param


class Listening(Section):
    """Finding buyers who ask their peers, and customers who speak of the company without naming its account."""

    share_of_needs_asked_about: Share = param(
        0.3, "share of purchases about which someone asks in public while researching", low=0.05, high=0.6
    )
    life_hours: Positive = param(96.0, "such a question can still be answered, on average", unit="h", low=12, high=400)
    finds_per_hour: NonNegative = param(
        0.08, "rate at which an hour of listening finds one given live question (no published figure)",
        unit="1/h", low=0.01, high=0.5,
    )  # fmt: skip
    share_tagged: Share = param(
        0.688,
        "share of customers' questions and complaints that name the company's account and so reach it unheard (retail: 0.03,"
        " listening_untagged_2013)",
        evidence="listening_untagged_recent",
        low=0.03,
        high=0.95,
    )
    mention_finds_per_hour: NonNegative = param(
        0.25, "same rate for one given mention without the account's name", unit="1/h", low=0.02, high=1.0
    )


class WeakSignals(Section):
    """Trends and competitors' moves: found by listening, understood by analysis."""

    trends_per_year: NonNegative = param(12.0, "trends worth writing about", unit="1/year", low=3, high=50)
    trend_life_weeks: Positive = param(4.0, "a trend is news, on average", unit="weeks", low=1, high=12)
    moves_per_year: NonNegative = param(6.0, "moves of competitors that unsettle buyers", unit="1/year", low=1, high=20)
    move_life_weeks: Positive = param(3.0, "buyers are unsettled, on average", unit="weeks", low=1, high=12)
    finds_per_hour: NonNegative = param(
        0.05, "rate at which an hour of listening finds one given live signal (no published figure)",
        unit="1/h", low=0.005, high=0.3,
    )  # fmt: skip
    analysis_minutes: LogNormal = param(
        LogNormal(median=60.0, sigma=0.5), "to understand a signal", unit="min", low=20, high=240
    )
    topical_weeks: NonNegative = param(
        2.0, "drafts begun so long after an analysed trend are topical", unit="weeks", low=1, high=6
    )
    topicality: Positive = param(1.15, "multiplies their quality", low=1.0, high=1.4)
    topical_worthless_after_weeks: Positive = param(
        3.0, "a topical draft is dropped if not published by then", unit="weeks", low=1, high=8
    )
    ideas_per_trend: NonNegative = param(1.0, "ideas for content from an analysed trend", unit="ideas", low=0, high=3)
    ideas_go_to: str = param("ideas", "source of content that they fill", evidence="choice")
    outreach_per_move: Annotated[int, Field(ge=0, le=1_000)] = param(
        2, "researching buyers who are written to after an analysed move", unit="buyers", low=0, high=5
    )
    share_with_product_idea: Share = param(
        0.3, "share of analysed signals that hold an idea for the product (reported, not priced)", low=0.05, high=0.6
    )
    share_of_ideas_used: Share = param(
        0.024, "share of product ideas that are put into practice", evidence="ideas_dell_rate", low=0.002, high=0.1
    )


class Crises(Section):
    """Storms in public, which cost trust at many accounts at once; fewer, and smaller, where someone watches and answers."""

    per_year: NonNegative = param(
        0.1, "crises that arise whatever the team does (no published figure)", unit="1/year", low=0.01, high=0.5, most=365.0
    )
    per_unanswered_complaint: NonNegative = param(
        0.005, "hazard added by a complaint left unanswered in public", unit="crises", low=0.0, high=0.05
    )
    build_up_hours: Positive = param(72.0, "from the first signs to the outbreak, on average", unit="h", low=12, high=500)
    finds_per_hour: NonNegative = param(
        0.3, "rate at which an hour of listening finds the first signs", unit="1/h", low=0.02, high=1.0
    )
    reply_hours: Positive = param(24.0, "an answer counts if begun so soon after the outbreak", unit="h", low=4, high=96)
    share_of_accounts: Share = param(0.3, "share of accounts that hear of it", low=0.05, high=0.8)
    trust_loss: Share = param(0.15, "share of their trust that it takes, if nobody answers", low=0.02, high=0.4)
    share_containable: Share = param(
        0.76, "share of crises that an answer can contain", evidence="crisis_preventable", low=0.5, high=0.9
    )
    left_if_warned: Share = param(
        0.1, "share of the loss that is left when it is answered before the outbreak", low=0.0, high=0.4
    )
    left_if_answered: Share = param(0.5, "share of the loss that is left when it is answered after", low=0.2, high=0.9)
