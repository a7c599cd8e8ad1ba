"""Posts: what they are made of, and who must approve them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.printable import listed
from sim.scenario.schema.base import LogNormal, NonNegative, OpenShare, Positive, Section, Share, must_sum_to_one, param
from sim.scenario.schema.time import Slot

Kind = Literal["raw", "adapted", "original"]
KINDS: tuple[Kind, ...] = ("raw", "adapted", "original")


class Source(Section):
    """A source of posts: material that another department feeds, or the team's own ideas."""

    per_week: NonNegative = param(2.0, "pieces that come in", unit="1/week", low=0.5, high=30)
    keeps_weeks: NonNegative = param(
        4.0, "weeks of feed that can lie waiting; the rest is useless", unit="weeks", low=1, high=26
    )
    topicality_half_life_weeks: Positive = param(
        8.0, "a draft made of it loses half of its quality while it waits", unit="weeks", low=0.5, high=52
    )
    worthless_after_weeks: NonNegative = param(
        0.0, "a draft made of it is dropped if not published by then; 0 is never", unit="weeks", low=0, high=26
    )


SOURCES: dict[str, Source] = {
    "news": Source(per_week=11.0, keeps_weeks=2.0, topicality_half_life_weeks=2.0, worthless_after_weeks=6.0),
    "documents": Source(per_week=3.0, keeps_weeks=12.0, topicality_half_life_weeks=26.0),
    "ideas": Source(per_week=2.0, keeps_weeks=4.0, topicality_half_life_weeks=8.0),
}


class Format(Section):
    """A way to make a post."""

    mix: Share = param(0.0, "share of pieces made this way while there is material", evidence="choice", low=0.0, high=1.0)
    minutes: LogNormal = param(
        LogNormal(median=30.0, sigma=0.5), "a practised member's time for one", unit="min", low=15, high=60
    )
    quality: OpenShare = param(0.6, "quality of a fresh piece; one half is indifferent", low=0.3, high=0.9)
    reach: NonNegative = param(
        1.0,
        "reach of a post beside the channel's, quality apart (quality x reach by format: linkedin_reach_multiplier_format)",
        evidence="linkedin_reach_multiplier_format",
        low=0.4,
        high=2.5,
        most=100.0,
    )
    engagement: NonNegative = param(
        1.0,
        "engagements per exposure beside the channel's",
        evidence="linkedin_er_by_format_2026",
        low=0.6,
        high=1.8,
        most=100.0,
    )
    sources: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = param(
        ("documents", "news"), "what a piece uses up: the first of these that is not empty", evidence="choice"
    )
    channels: Annotated[tuple[str, ...], Field(strict=False)] = param((), "where a piece is published", evidence="choice")


FORMATS: dict[Kind, Format] = {
    "raw": Format(
        mix=0.75,
        minutes=LogNormal(median=5.0, sigma=0.5),
        quality=0.48,
        reach=0.77,
        engagement=0.82,
        sources=("news", "documents"),
        channels=("network", "micro_blog"),
    ),
    "adapted": Format(
        mix=0.17,
        minutes=LogNormal(median=30.0, sigma=0.5),
        quality=0.62,
        reach=1.5,
        engagement=1.12,
        channels=("network", "micro_blog"),
    ),
    "original": Format(
        mix=0.08,
        minutes=LogNormal(median=114.0, sigma=0.7),
        quality=0.78,
        reach=1.45,
        engagement=1.34,
        sources=("ideas",),
        channels=("network", "micro_blog", "blog"),
    ),
}


class Planned(Section):
    """An entry of the editorial calendar: a post that belongs to a day (a launch, a fair, a monthly column)."""

    kind: Kind = param("original", "how it is made", evidence="choice")
    week: Annotated[int, Field(ge=0, le=1040)] = param(0, "week of the (first) post, counted from 0", evidence="choice")
    every_weeks: Annotated[int, Field(ge=0, le=1040)] = param(
        0, "and again after so many; 0: once", unit="weeks", evidence="choice"
    )
    slot: Slot = param("Tue 10:00", "when it is to be published", evidence="choice")
    lead_weeks: NonNegative = param(3.0, "work on it may begin so long before", unit="weeks", low=1, high=8)
    worthless_after_weeks: NonNegative = param(1.0, "it is dropped when so late", unit="weeks", low=0, high=4)
    topicality: Positive = param(1.15, "multiplies its quality, since it meets the day", low=1.0, high=1.4)


class Content(Section):
    """Three ways to a post: as it is (raw), reworked (adapted), made (original)."""

    formats: dict[Kind, Format] = param(
        FORMATS,
        "minutes: adapted 10 to 30 (time_adapt_vs_article); original: a lognormal through the shares of"
        " time_blog_post_2014_distribution",
        evidence="time_blog_post_2014_distribution",
    )
    sources: dict[str, Source] = param(SOURCES, "what other departments feed, and ideas")
    planned: dict[str, Planned] = param({}, "the editorial calendar: posts that belong to a day", evidence="choice")
    minutes_to_publish: NonNegative = param(3.0, "to put a piece on its first channel", unit="min", low=1, high=10)
    minutes_further_channel: NonNegative = param(
        4.0, "to cut and put the same piece on each further channel", unit="min", low=1, high=15
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "Content":
        must_sum_to_one({kind: form.mix for kind, form in self.formats.items()}, "the mix of content.formats")
        for kind, form in self.formats.items():
            for source in form.sources:
                if source not in self.sources:
                    raise ValueError(
                        remark(
                            "content.formats.{kind}.sources names {source}; content.sources has {sources}",
                            kind=kind,
                            source=repr(source),
                            sources=listed([*self.sources]),
                        )
                    )
        for name, planned in self.planned.items():
            if planned.kind not in self.formats:
                raise ValueError(
                    remark(
                        "content.planned.{name} is {kind}; content.formats has {formats}",
                        name=name,
                        kind=planned.kind,
                        formats=listed([*self.formats]),
                    )
                )
        return self


class Reviewers(Section):
    """People of one kind who must approve drafts: experts, lawyers."""

    people: Annotated[int, Field(ge=0, le=1000)] = param(2, "who may approve", unit="people", evidence="choice", low=1, high=5)
    hours_per_week: NonNegative = param(
        1.5,
        "time each gives to reviewing, spread over working days; with 0, drafts wait for ever",
        unit="h/week",
        evidence="choice",
        low=0,
        high=10,
    )
    review_hours: LogNormal = param(
        LogNormal(median=0.5, sigma=0.9), "a reviewer's own time for a draft", unit="h", low=0.1, high=1.5
    )
    share_approved: OpenShare = param(0.6, "share of reviews that approve; the rest sends back", low=0.3, high=0.95)
    share_raw: Share = param(0.0, "share of raw pieces that they must see", evidence="choice", low=0.0, high=0.5)
    share_adapted: Share = param(0.0, "share of adapted pieces that they must see", evidence="choice", low=0.0, high=1.0)
    share_original: Share = param(0.0, "share of original pieces that they must see", evidence="choice", low=0.0, high=1.0)

    def share_of(self, kind: Kind) -> float:
        """Return the share of pieces of a kind that they must see."""
        return {"raw": self.share_raw, "adapted": self.share_adapted, "original": self.share_original}[kind]


REVIEWERS: dict[str, Reviewers] = {
    "expert": Reviewers(share_adapted=0.25, share_original=0.5),
    "legal": Reviewers(people=1, hours_per_week=1.0, review_hours=LogNormal(median=0.3, sigma=0.9), share_approved=0.75,
                       share_adapted=0.05, share_original=0.15),
}  # fmt: skip


class Validation(Section):
    """Relaying drafts between the team and the experts or lawyers who must approve them, kind after kind."""

    reviewers: dict[str, Reviewers] = param(
        REVIEWERS,
        "elapsed days of an approval are lognormal through the shares of time_approval_rounds_days; order as listed",
        evidence="time_approval_rounds_days",
    )
    rework_share: Share = param(0.25, "of the time of making, for a draft sent back", low=0.1, high=0.6)
    chase_minutes: Positive = param(8.0, "to remind a reviewer of a draft", unit="min", low=3, high=20)
    chase_cut: Share = param(0.5, "share of the remaining review time that a reminder saves", low=0.1, high=0.8)

    @model_validator(mode="after")
    def _somebody_reviews(self) -> "Validation":
        for name, kind in self.reviewers.items():
            if kind.people == 0 and any(kind.share_of(one) > 0.0 for one in KINDS):
                raise ValueError(
                    remark(
                        "validation.reviewers.{name} must see drafts but has no people; give people at least 1, or set "
                        "share_raw, share_adapted and share_original to 0",
                        name=name,
                    )
                )
        return self
