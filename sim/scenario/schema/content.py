"""What is posted, what it is made of, and who must approve it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.base import LogNormal, NonNegative, OpenShare, Positive, Section, Share, must_sum_to_one, param

Kind = Literal["raw", "adapted", "original"]


class Format(Section):
    """A way to make a post."""

    mix: Share = param(0.0, "share of pieces made this way while its source lasts", low=0.0, high=1.0)
    minutes: Positive = param(30.0, "a practised member's time for one", unit="min", low=5, high=300)
    quality: OpenShare = param(0.6, "quality of a fresh piece; one half is indifferent", low=0.3, high=0.9)
    source: Literal["inventory", "ideas"] = param("inventory", "what a piece uses up", evidence="choice")
    share_reviewed: Share = param(0.0, "share of pieces that need approval", low=0.0, high=1.0)
    channels: Annotated[tuple[str, ...], Field(strict=False)] = param((), "where a piece is published", evidence="choice")


FORMATS: dict[Kind, Format] = {
    "raw": Format(mix=0.75, minutes=6.0, quality=0.48, channels=("network", "micro_blog")),
    "adapted": Format(mix=0.17, minutes=35.0, quality=0.62, share_reviewed=0.3, channels=("network", "micro_blog")),
    "original": Format(
        mix=0.08, minutes=180.0, quality=0.78, source="ideas", share_reviewed=0.6, channels=("network", "micro_blog", "blog")
    ),
}


class Content(Section):
    """Three ways to a post: as it is (raw), reworked (adapted), made (original)."""

    formats: dict[Kind, Format] = param(
        FORMATS,
        "minutes: adapted 10 to 35 (time_adapt_vs_article), original about 3 h (time_blog_post_2014_distribution);"
        " quality follows reach by format (linkedin_reach_multiplier_format)",
        evidence="time_blog_post_2014_distribution",
    )
    inventory_per_week: NonNegative = param(
        14.0, "pieces of corporate material that other departments feed", unit="1/week", low=2, high=30
    )
    ideas_per_week: NonNegative = param(2.0, "ideas for original pieces", unit="1/week", low=0.5, high=5)
    shelf_weeks: NonNegative = param(
        4.0, "weeks of feed that can lie waiting; older material is useless", unit="weeks", low=1, high=12
    )
    minutes_to_publish: NonNegative = param(3.0, "to put a piece on one channel", unit="min", low=1, high=10)
    topicality_half_life_weeks: Positive = param(
        2.0, "a waiting draft loses half of its topicality", unit="weeks", low=0.5, high=8
    )

    @model_validator(mode="after")
    def _mix_is_a_whole(self) -> "Content":
        must_sum_to_one({kind: form.mix for kind, form in self.formats.items()}, "the mix of content.formats")
        return self


class Validation(Section):
    """Relaying drafts between the team and the experts or lawyers who must approve them."""

    reviewers: Annotated[int, Field(ge=1, le=1000)] = param(2, "people who may approve", unit="people", low=1, high=5)
    hours_per_week: NonNegative = param(
        2.0, "time each gives to reviewing; with 0, drafts wait for ever", unit="h/week", low=0, high=10
    )
    review_hours: LogNormal = param(
        LogNormal(median=0.3, sigma=0.8), "a reviewer's own time for a draft", unit="h", low=0.1, high=1.0
    )
    share_approved: OpenShare = param(0.7, "share of reviews that approve; the rest sends back", low=0.4, high=0.95)
    rework_share: Share = param(0.25, "of the time of making, for a draft sent back", low=0.1, high=0.6)
    chase_minutes: Positive = param(8.0, "to remind a reviewer of a draft", unit="min", low=3, high=20)
    chase_cut: Share = param(0.5, "share of the remaining review time that a reminder saves", low=0.1, high=0.8)
