"""Drafts: pieces on their way to the channels, and the stages of that way. See docs/model.md, "Content"."""

import math

import simpy

from sim.model.record import Table
from sim.scenario.schema import Format, Kind

QUEUED, IN_REVIEW, SENT_BACK, PLANNED, APPROVED = (
    "waiting for review",
    "in review",
    "sent back",
    "waiting for its day",
    "approved",
)
PUBLISHED, EXPIRED = "published", "expired"
STAGES = (QUEUED, IN_REVIEW, SENT_BACK, APPROVED, PLANNED)


class Pipeline:
    """The way of drafts to the channels: how many are on it, and a row for each stay in a stage."""

    def __init__(self, log: Table) -> None:
        self.log = log
        self.length = 0

    def moves(self, draft: "Draft", stage: str, now: float) -> None:
        """Let a draft leave the stage it was in for another one."""
        if draft.state in STAGES:
            self.log.add((draft.number, draft.kind, draft.state, draft.since, now, draft.reviewers))
            self.length -= 1
        if stage in STAGES:
            self.length += 1
        else:
            draft.settled_at = now
        draft.state, draft.since = stage, now


class Draft:
    """A piece on its way to the channels."""

    __slots__ = (
        "due_at", "fading", "form", "kind", "made_at", "number", "pipeline", "quality", "reminded", "reminder", "reviewers",
        "reworked", "rounds", "seconds", "settled_at", "since", "state", "topicality", "worthless_at",
    )  # fmt: skip

    def __init__(self, number: int, kind: Kind, form: Format, pipeline: Pipeline) -> None:
        self.number, self.kind, self.form, self.pipeline = number, kind, form, pipeline
        self.made_at = self.quality = self.fading = 0.0
        self.due_at, self.worthless_at, self.topicality = 0.0, math.inf, 1.0
        self.rounds = self.seconds = 0
        self.state, self.since = "made", math.nan
        self.settled_at: float | None = None
        self.reminded = False
        self.reminder: simpy.Event | None = None
        self.reworked: simpy.Event
        self.reviewers = ""  # whose approval it needs in the stage it is in

    def enter(self, stage: str, now: float, reviewers: str = "") -> None:
        """Leave the stage it was in for another one, in which it may need the approval of some reviewers."""
        self.pipeline.moves(self, stage, now)
        self.reviewers = reviewers
