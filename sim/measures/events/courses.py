"""The course of each deal and of each draft, step by step, for process mining. See docs/model.md, 2.3 and 2.8."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.model.drafts import APPROVED, EXPIRED, IN_REVIEW, PUBLISHED, QUEUED, SENT_BACK
from sim.model.needs import STANDS_STILL, STEPS_BACK
from sim.model.record import Record, each

START, COMPLETE, SUSPEND, RESUME, ABORT, SCHEDULE = "start", "complete", "suspend", "resume", "ate_abort", "schedule"
OPENS, SHORTLISTED, IN_TOUCH, REPEATED, WON, LOST = (
    "need opens",
    "brand shortlisted",
    "buyer gets in touch",
    "earlier stage repeated",
    "deal won",
    "deal lost",
)
MAKE, REWORK, SET_UP, REMIND, GOES_OUT, DROPPED = (
    "make draft",
    "rework draft",
    "set up post",
    "remind reviewers",
    "post goes out",
    "draft dropped",
)
SENT, PASSED = "sent back", "approved"  # what reviewers say

Detail = dict[str, str | int | float | bool]


@dataclass(frozen=True)
class Step:
    """A step: when (hours), of which activity, by whom, and where in the activity's life (as XES names it)."""

    time: float
    activity: str
    transition: str = COMPLETE
    detail: Detail = field(default_factory=dict)
    by: str = ""
    group: str = ""  # of reviewers

    @property
    def event(self) -> str:
        """What happens, in one name: the activity, and where in its life it is if it has more than a moment."""
        return self.activity if self.activity in MOMENTS else f"{self.activity}: {EVERYDAY[self.transition]}"


MOMENTS = frozenset({OPENS, SHORTLISTED, IN_TOUCH, REPEATED, WON, LOST, REMIND, GOES_OUT, DROPPED})
EVERYDAY = {
    START: "begins", COMPLETE: "ends", SUSPEND: "stands still", RESUME: "is taken up again", ABORT: "is given up",
    SCHEDULE: "waits",
}  # fmt: skip


def review_by(reviewers: str) -> str:
    """Return the activity of reviewers of a kind."""
    return f"review by {reviewers}"


@dataclass(frozen=True)
class DealCourse:
    """A lead from the day on which its need opened: its row of needs by column, and its steps."""

    need: Mapping[str, Any]
    steps: Sequence[Step]


def deals(record: Record, stages: Sequence[str]) -> list[DealCourse]:
    """Return the course of each lead, won, lost or still open, in the order of needs; `stages` are those of sales."""
    turns = {
        (account, need, what, stage): time
        for account, need, time, what, stage in each(record.turns, "account", "need", "time", "what", "stage")
    }
    found = []
    for row in record.needs.rows:
        need = dict(zip(record.needs.columns, row, strict=True))
        if need["recorded_source"]:
            found.append(DealCourse(need, list(_sale(need, stages, turns))))
    return found


def decisions(need: Mapping[str, Any]) -> dict[str, tuple[float, bool]]:
    """Return when each decision of a need fell, and whether for the brand; up to the first one against it."""
    found = {}
    for step, at, p, u in zip(need["steps"], need["decided_at"], need["p"], need["u"], strict=True):
        found[step] = (at, u < p)
        if u >= p:
            break
    return found


def _sale(need: Mapping[str, Any], stages: Sequence[str], turns: Mapping[tuple[int, int, str, str], float]) -> Iterator[Step]:
    decided, name = decisions(need), (need["account"], need["need"])
    yield Step(need["opens_at"], OPENS)
    yield Step(need["decided_at"][0], SHORTLISTED)
    at = need["lead_at"]
    yield Step(at, IN_TOUCH, detail={"source": need["recorded_source"], "path": need["path"]})
    for before, stage in zip((None, *stages), stages, strict=False):
        if (*name, STEPS_BACK, stage) in turns:
            yield Step(at, REPEATED, detail={"stage": before or ""})
        yield Step(at, stage, START)
        if (*name, STANDS_STILL, stage) in turns:
            yield Step(turns[*name, STANDS_STILL, stage], stage, SUSPEND)
            if f"{stage} wakes" not in decided:
                return
            at, goes_on = decided[f"{stage} wakes"]
            if not goes_on:
                yield from _lost(need, at, stage)
                return
            yield Step(at, stage, RESUME)
        if stage not in decided:
            return
        at, goes_on = decided[stage]
        if not goes_on:
            yield from _lost(need, at, stage)
            return
        yield Step(at, stage)
    yield Step(need["closed_at"], WON, detail={"value": need["value"]})


def _lost(need: Mapping[str, Any], at: float, stage: str) -> Iterator[Step]:
    yield Step(at, stage, ABORT)
    yield Step(need["closed_at"], LOST, detail={"lost_to": need["lost_to"]})


@dataclass(frozen=True)
class DraftCourse:
    """A draft on its way to the channels: its number, its kind, whether it belonged to a day, what became of it, its steps."""

    number: int
    kind: str
    outcome: str
    steps: Sequence[Step]


Stay = tuple[str, float, float | None, str]  # stage, entered, left, reviewers
Slice = tuple[str, float, float, bool]  # member, began, ended, done


def drafts(record: Record) -> list[DraftCourse]:
    """Return the course of each draft that was made, in the order in which they were."""
    stays: dict[int, list[Stay]] = defaultdict(list)
    for draft, *stay in each(record.stages, "draft", "stage", "entered_at", "left_at", "reviewers"):
        stays[draft].append((stay[0], stay[1], stay[2], stay[3]))
    slices = slices_of(record, ("content", "publishing", "validation"))
    found = []
    for number, kind, made_at, state, settled_at in each(record.drafts, "draft", "kind", "made_at", "state", "settled_at"):
        work = {activity: slices[activity, number] for activity in ("content", "publishing", "validation")}
        steps = [*_made(work["content"], made_at), *_way(stays[number], work)]
        steps += [Step(ended, REMIND, by=member) for member, _, ended, done in work["validation"] if done]
        if state in (PUBLISHED, EXPIRED):
            steps.append(Step(settled_at, GOES_OUT if state == PUBLISHED else DROPPED))
        outcome = state if state in (PUBLISHED, EXPIRED) else "under way"
        found.append(DraftCourse(number, kind, outcome, sorted(steps, key=lambda step: step.time)))
    return found


def slices_of(record: Record, activities: Sequence[str]) -> dict[tuple[str, int], list[Slice]]:
    """Return who worked when on each piece of some activities, in the order of time."""
    found: dict[tuple[str, int], list[Slice]] = defaultdict(list)
    for member, activity, piece, began, ended, done in each(
        record.slices, "member", "activity", "piece", "began", "ended", "done"
    ):
        if activity in activities:
            found[activity, piece].append((member, began, ended, done))
    return found


def _made(slices: Sequence[Slice], made_at: float) -> Iterator[Step]:
    member = slices[0][0] if slices else ""
    if slices:
        yield Step(slices[0][1], MAKE, START, by=member)
    yield Step(made_at, MAKE, by=member)


def _way(stays: Sequence[Stay], work: Mapping[str, Sequence[Slice]]) -> Iterator[Step]:
    """Yield the steps of a draft through its stages; what ends a stay shows in the next one."""
    followed_by = [*(stage for stage, *_ in stays[1:]), ""]
    for (stage, entered, left, reviewers), then in zip(stays, followed_by, strict=True):
        review = review_by(reviewers)
        if stage == QUEUED:
            yield Step(entered, review, SCHEDULE, group=reviewers)
        elif stage == IN_REVIEW:
            yield Step(entered, review, START, group=reviewers)
            if left is not None:
                yield Step(left, review, detail={"verdict": SENT if then == SENT_BACK else PASSED}, group=reviewers)
        elif stage == SENT_BACK:
            yield from _done(REWORK, work["content"], entered, left, is_finished=then == QUEUED)
        elif stage == APPROVED:
            yield from _done(SET_UP, work["publishing"], entered, left, is_finished=True)


def _done(activity: str, slices: Sequence[Slice], since: float, left: float | None, *, is_finished: bool) -> Iterator[Step]:
    """Yield when something came to wait for the team, and when it was begun and done within that stay."""
    yield Step(since, activity, SCHEDULE)
    mine = [one for one in slices if since <= one[1] and (left is None or one[2] <= left)]
    if mine:
        yield Step(mine[0][1], activity, START, by=mine[0][0])
        if left is not None and is_finished and mine[-1][3]:
            yield Step(left, activity, by=mine[-1][0])
