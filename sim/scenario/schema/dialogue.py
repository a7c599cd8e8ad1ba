"""Conversations: what people write, how long they wait, what an answer is worth."""

from typing import Literal

from sim.scenario.schema.base import LogNormal, NonNegative, Positive, Section, Share, param

Talk = Literal[
    "comment",
    "customer_question",
    "complaint",
    "buyer_question",
    "buyer_message",
    "outreach",
    "public_question",
    "spam",
    "crisis",
]


class ConversationKind(Section):
    """A kind of conversation, against the common figures of `dialogue`."""

    priority: Literal["first", "usual", "last"] = param(
        "usual", "first: before any other work; last: when no other message waits", evidence="choice"
    )
    patience: Positive = param(1.0, "multiplies patience_hours (not of outreach and crisis)", low=0.5, high=2.0)
    effort: Positive = param(1.0, "multiplies minutes", low=0.5, high=2.0)
    value: NonNegative = param(
        1.0, "multiplies what a reply gains and a miss loses; buyer_message, outreach and crisis have effects of their own",
        low=0.0, high=2.0,
    )  # fmt: skip


class Conversations(Section):
    """The parameters that differ between kinds of conversation."""

    comment: ConversationKind = param(
        ConversationKind(patience=2.0, effort=0.5, value=0.5), "a follower's comment that expects an answer"
    )
    customer_question: ConversationKind = param(ConversationKind(), "a customer asks in public")
    complaint: ConversationKind = param(
        ConversationKind(priority="first", effort=1.5, value=1.5), "a customer complains in public"
    )
    buyer_question: ConversationKind = param(ConversationKind(effort=1.2), "a comment by someone who researches a purchase")
    buyer_message: ConversationKind = param(ConversationKind(priority="first", effort=1.2), "a buyer gets in touch")
    outreach: ConversationKind = param(ConversationKind(effort=1.2), "writing to a buyer whom listening or analysis found")
    public_question: ConversationKind = param(ConversationKind(effort=0.7), "a question by someone who will never buy")
    spam: ConversationKind = param(
        ConversationKind(priority="last", patience=2.0, effort=0.1), "an unwanted message to be removed"
    )
    crisis: ConversationKind = param(ConversationKind(priority="first", effort=8.0), "a storm to be answered")


class Dialogue(Section):
    """Conversations with customers, buyers and followers, which take hours and do not wait for ever."""

    patience_hours: Positive = param(
        24.0,
        "how long a message is worth answering, counted on working days (expected: 4, given: 10, response_gap_sprout_2016)",
        unit="h",
        low=4,
        high=72,
        most=200_000.0,
    )
    minutes: LogNormal = param(LogNormal(median=9.0, sigma=0.6), "to handle a conversation", unit="min", low=4, high=30)
    kinds: Conversations = param(Conversations(), "what differs between kinds of conversation")
    share_of_comments_that_converse: Share = param(0.5, "share of comments that expect an answer", low=0.1, high=0.9)
    replies_raise_volume: NonNegative = param(
        0.3, "messages added, as a share, where all were answered lately (sign: squeaky_wheel)", low=0.0, high=1.0
    )
    memory_messages: Positive = param(
        10.0, "so many messages renew the impression of how well the team answers", unit="messages", low=3, high=50
    )


class Outside(Section):
    """Messages of followers who will never buy: questions that anyone sees, and spam that must be removed."""

    questions_per_week: NonNegative = param(
        0.4, "questions for each 1,000 of them, were none answered", unit="1/week", low=0.1, high=2, most=1_000.0
    )
    spam_per_week: NonNegative = param(
        1.0, "unwanted messages for each 1,000 followers", unit="1/week", low=0.1, high=5, most=1_000.0
    )
    liveliness_gained: Share = param(0.002, "share of missing liveliness that an answer adds", low=0.0, high=0.02)
    liveliness_lost: Share = param(0.01, "share of liveliness lost by a question or spam left alone", low=0.0, high=0.05)
