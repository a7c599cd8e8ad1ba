"""The work itself: where hours go, how drafts move, what each kind of piece and of message comes to. See docs/measures.md."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from sim.measures.causal_effects import Array, Window, margin_ahead
from sim.measures.quarters import RECORDED
from sim.model.calendar import HOURS_PER_WEEK, SECONDS_PER_HOUR
from sim.model.dialogue import ANSWERED, MISSED
from sim.model.drafts import APPROVED, EXPIRED, PUBLISHED, QUEUED, STAGES
from sim.model.record import Columns, Record, each
from sim.model.team import PURPOSES
from sim.scenario.schema import KINDS, Scenario, Talk
from sim.scenario.schema.channels import BESIDE_THE_PAGES

TALKS: tuple[Talk, ...] = get_args(Talk)
NAN = float("nan")
BOOKED = ("deals_all", "revenue_all")
CONVERSATION = ("kind", "account", "opened_at", "settled_at", "outcome")


def weeks(record: Record, lag_weeks: int = 0) -> Columns:
    """Return the state at the end of each week, what the CRM shows then, and the ledger of hours with a column per purpose."""
    state = record.weeks.as_columns()
    seconds: Counter[tuple[str, int]] = Counter()
    for week, _, purpose, spent, _ in record.hours.rows:
        seconds[purpose, week] += spent
    ledger = {f"hours_{purpose}": [seconds[purpose, week] / SECONDS_PER_HOUR for week in state["week"]] for purpose in PURPOSES}
    shown = {}
    for name in (*RECORDED, *BOOKED):
        kept = record.ledger[name.replace("_", "/", 1)]
        shown[name] = [kept[week - lag_weeks] if week >= lag_weeks else 0.0 for week in state["week"]]
    return {**state, **shown, **ledger}


def stages(record: Record, window: Window) -> Columns:
    """Return one row per stage of drafts: how many entered, how long they stayed, how many remain, and the mean number.

    Waits are those of stays that began in the window and ended by the horizon; the mean number counts every stay.
    """
    stays: dict[str, list[tuple[float, float]]] = {stage: [] for stage in STAGES}
    for stage, entered, left in each(record.stages, "stage", "entered_at", "left_at"):
        stays[stage].append((entered, window.ends + 1.0 if left is None else left))
    rows = []
    for stage, times in stays.items():
        begun = [(entered, left) for entered, left in times if window.begins <= entered < window.ends]
        waits = np.array([left - entered for entered, left in begun if left <= window.ends])
        there = math.fsum(max(0.0, min(left, window.ends) - max(entered, window.begins)) for entered, left in times)
        rows.append(
            {
                "stage": stage,
                "entered": len(begun),
                "wait_hours_mean": float(waits.mean()) if waits.size else NAN,
                "wait_hours_p90": quantile(waits, 0.9),
                "waiting_at_end": sum(entered < window.ends < left for entered, left in times),
                "mean_number": there / (window.ends - window.begins),
            }
        )
    return as_columns(rows)


PIECES = ("made", "reviewed", "approved", "published", "expired", "hours", "posts", "engagements", "conversations", "clicks")


def pieces(record: Record, window: Window) -> Columns:
    """Return one row per kind of piece: how many were made, the work, what became of them, and followers' responses."""
    counts: Counter[tuple[str, str]] = Counter()
    counts.update(_made(record, window))
    counts.update(_seen(record, window))
    counts.update(_engaged(record, window))
    columns: Columns = {"kind": list(KINDS), **{what: [counts[kind, what] for kind in KINDS] for what in PIECES}}
    columns["hours"] = [counts[kind, "seconds"] / SECONDS_PER_HOUR for kind in KINDS]
    return columns


def _made(record: Record, window: Window) -> Counter[tuple[str, str]]:
    """Count drafts by kind and what became of them, and the seconds spent on making and reworking them."""
    counted, seconds_of = [], Counter[tuple[str, str]]()
    done = {PUBLISHED: "published", EXPIRED: "expired"}
    for kind, made_at, state, settled_at, seconds in each(record.drafts, "kind", "made_at", "state", "settled_at", "seconds"):
        if window.begins <= made_at < window.ends:
            counted.append((kind, "made"))
            seconds_of[kind, "seconds"] += seconds
        if settled_at is not None and window.begins <= settled_at < window.ends:
            counted.append((kind, done[state]))
    return Counter(counted) + seconds_of


def _seen(record: Record, window: Window) -> Counter[tuple[str, str]]:
    """Count drafts by kind that needed a reviewer, and those that became ready for the channels."""
    entered = {
        (draft, kind, stage)
        for draft, kind, stage, entered_at in each(record.stages, "draft", "kind", "stage", "entered_at")
        if stage in (QUEUED, APPROVED) and window.holds(entered_at)
    }
    return Counter((kind, "reviewed" if stage == QUEUED else "approved") for _, kind, stage in entered)


def _engaged(record: Record, window: Window) -> Counter[tuple[str, str]]:
    """Count posts of the pages by kind and what followers did with them; posts of a channel are numbered in their order."""
    of_channel: dict[str, list[str]] = {}
    counted = []
    for time, channel, kind in each(record.posts, "time", "channel", "kind"):
        of_channel.setdefault(channel, []).append(kind)
        if window.begins <= time < window.ends and channel not in BESIDE_THE_PAGES:
            counted.append((kind, "posts"))
    for time, channel, what, post, converses in each(record.interactions, "time", "channel", "kind", "post", "converses"):
        if window.begins <= time < window.ends and channel not in BESIDE_THE_PAGES:
            kind = of_channel[channel][post]
            counted.append((kind, "engagements"))
            if converses:
                counted.append((kind, "conversations"))
            if what == "click":
                counted.append((kind, "clicks"))
    return Counter(counted)


@dataclass(frozen=True)
class Replies:
    """Counts of what became of some messages."""

    answered: int
    missed: int
    hours_median: float
    hours_p90: float

    @property
    def messages(self) -> int:
        """Those that were answered or missed; the others were overtaken by the horizon."""
        return self.answered + self.missed

    @property
    def in_time_share(self) -> float:
        """Share of those that were answered."""
        return self.answered / self.messages if self.messages else NAN

    @classmethod
    def of(cls, messages: Sequence[tuple[float, str]]) -> "Replies":
        """Summarise messages, given the hours and outcome of each."""
        waits = np.array([hours for hours, outcome in messages if outcome == ANSWERED])
        return cls(waits.size, len(messages) - waits.size, quantile(waits, 0.5), quantile(waits, 0.9))


def settled(record: Record, window: Window) -> list[tuple[Talk, int, float, str]]:
    """Return kind, account, hours and outcome of every message of the window that was answered or missed."""
    return [
        (kind, account, ended - opened, outcome)
        for kind, account, opened, ended, outcome in each(record.conversations, *CONVERSATION)
        if window.holds(opened) and outcome in (ANSWERED, MISSED)
    ]


def replies(record: Record, window: Window) -> Columns:
    """Return one row per kind of conversation: messages, what became of them, and hours to an answer."""
    of_kind: dict[Talk, list[tuple[float, str]]] = {talk: [] for talk in TALKS}
    for kind, _, hours, outcome in settled(record, window):
        of_kind[kind].append((hours, outcome))
    found = [Replies.of(one) for one in of_kind.values()]
    return {
        "kind": list(of_kind),
        "messages": [one.messages for one in found],
        "answered": [one.answered for one in found],
        "missed": [one.missed for one in found],
        "in_time_share": [one.in_time_share for one in found],
        "reply_hours_median": [one.hours_median for one in found],
        "reply_hours_p90": [one.hours_p90 for one in found],
    }


SERVICE = ("customer_question", "complaint")  # what customers ask


def service(scenario: Scenario, record: Record, twin: Record, window: Window) -> Columns:
    """Return one row per segment: contracts kept in both worlds, and how its customers' questions and complaints were answered.

    The segment of an account is known from its needs and contracts; in a market of one segment it is that one.
    """
    segments = list(scenario.market.segments)
    only = segments[0] if len(segments) == 1 else None
    segment_of = {
        account: segment
        for world in (record, twin)
        for table in (world.needs, world.contracts)
        for account, segment in each(table, "account", "segment")
    }
    asked = [one for one in settled(record, window) if one[0] in SERVICE]
    rows = []
    for segment in segments:
        mine = [one for one in asked if segment_of.get(one[1], only) == segment]
        customers = Replies.of([one[2:] for one in mine])
        complaints = Replies.of([one[2:] for one in mine if one[0] == "complaint"])
        rows.append(
            {
                "segment": segment,
                **_kept(record, window, segment, scenario.sales.margin, ""),
                **_kept(twin, window, segment, scenario.sales.margin, "twin_"),
                **_left(record, segment, scenario, ""),
                **_left(twin, segment, scenario, "twin_"),
                "messages": customers.messages,
                "answered": customers.answered,
                "complaints": complaints.messages,
                "complaints_answered": complaints.answered,
                "reply_hours_median": customers.hours_median,
                "reply_hours_p90": customers.hours_p90,
            }
        )
    return as_columns(rows)


def _kept(world: Record, window: Window, segment: str, margin: float, prefix: str) -> dict[str, float]:
    due, renewed, expected, money = 0, 0, 0.0, 0.0
    for of, time, was_renewed, held, weight, value in each(
        world.renewals, "segment", "time", "renewed", "held", "weight", "expected_value"
    ):
        if of == segment and time >= window.begins:
            due, renewed = due + bool(held), renewed + bool(was_renewed)
            expected, money = expected + weight, money + weight * value * margin
    return {
        f"{prefix}renewals_due": float(due),
        f"{prefix}renewals": float(renewed),
        f"{prefix}renewals_expected": expected,
        f"{prefix}renewal_margin_expected": money,
    }


def _left(world: Record, segment: str, scenario: Scenario, prefix: str) -> dict[str, float]:
    values = [value for of, value in each(world.contracts, "segment", "expected_value") if of == segment]
    return {f"{prefix}value_ahead_expected": math.fsum(values) * margin_ahead(scenario)}


def blocks(record: Record) -> Columns:
    """Return who worked on what from when to when, in hours since Monday 00:00 of the week."""
    rows = []
    for member, activity, began, ended in record.blocks.rows:
        week = int(began // HOURS_PER_WEEK)
        monday = week * HOURS_PER_WEEK
        rows.append((week, member, activity, began - monday, ended - monday))
    return as_lists(("week", "member", "activity", "began_hour", "ended_hour"), rows)


def messages(record: Record) -> Columns:
    """Return each conversation: when it was opened, how long it waited, what became of it."""
    rows = []
    for kind, account, opened, settled, outcome in each(record.conversations, *CONVERSATION):
        week = int(opened // HOURS_PER_WEEK)
        rows.append((kind, account, week, opened - week * HOURS_PER_WEEK, settled - opened, outcome))
    return as_lists(("kind", "account", "week", "opened_hour", "waited_hours", "outcome"), rows)


def quantile(values: Array, at: float) -> float:
    """Return a quantile, or nan if there are no values."""
    return float(np.quantile(values, at)) if values.size else NAN


def as_columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Convert rows with the same keys to one list per column."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def as_lists(names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Columns:
    """Convert rows, which may be none, to one list per column."""
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}
