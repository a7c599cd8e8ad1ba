"""Queues by the clock: drafts before the reviewers, messages before the team."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from sim.measures.events.courses import slices_of
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.dialogue import ANSWERED
from sim.model.drafts import IN_REVIEW, QUEUED, SENT_BACK
from sim.model.record import Record, each
from sim.model.team import hours_by_member
from sim.scenario import Scenario

COMES_AND_GOES, QUEUE, IN_USE, FREE = "arrival_departure", "queue", "resource_use", "resource_use_end"
ARRIVAL, DEPART, WAITS, ANSWER, REWORKED = "arrival", "depart", "waits for an answer", "is being answered", "is being reworked"
APPROVAL, DIALOGUE = "approval", "dialogue"


class Row(NamedTuple):
    """An event of a draft or message: its number, its kind and its time (days since Monday of week 0).

    With a resource: its number among its like, from 1, and its name.
    """

    entity_id: int
    event_type: str
    event: str
    time: float
    resource_id: int | None = None
    resource: str = ""


class Place(NamedTuple):
    """A place at which to draw what waits or is in use, and how many can be in use at once (0: nobody is needed)."""

    event: str
    label: str
    people: int


def approval(scenario: Scenario, record: Record) -> tuple[list[Row], list[Place]]:
    """Return drafts that someone has to approve, in the order of time, and the places at which they are.

    Reviewers of one kind are alike, and the record says which kind reads: the first one who is free is taken to do it.
    """
    stays: dict[int, list[tuple[str, float, float | None, str]]] = defaultdict(list)
    for draft, stage, entered, left, reviewers in each(record.stages, "draft", "stage", "entered_at", "left_at", "reviewers"):
        if reviewers:
            stays[draft].append((stage, entered, left, reviewers))
    people = {name: spec.people for name, spec in scenario.validation.reviewers.items()}
    reader = _readers(stays, people)
    rows = [row for draft in stays for row in _approved(draft, stays[draft], reader)]
    places = [Place(REWORKED, REWORKED, 0)]
    for name, count in people.items():
        places += [Place(_waits_for(name), _waits_for(name), 0), Place(_read_by(name), _read_by(name), max(1, count))]
    return sorted(rows, key=_in_time), places


def _in_time(row: Row) -> tuple[float, int]:
    """Return the key that orders rows: by time, and at one moment people who become free before people who are needed."""
    return row.time, (FREE, ARRIVAL, QUEUE, IN_USE, DEPART).index(
        row.event if row.event_type == COMES_AND_GOES else row.event_type
    )


def _waits_for(reviewers: str) -> str:
    return f"waits for {reviewers}"


def _read_by(reviewers: str) -> str:
    return f"is read by {reviewers}"


def _readers(
    stays: dict[int, list[tuple[str, float, float | None, str]]], people: dict[str, int]
) -> dict[tuple[int, float], int]:
    """Return which of the reviewers of its kind reads a draft, by draft and the moment at which reading begins."""
    reads = sorted(
        (entered, float("inf") if left is None else left, draft, reviewers)
        for draft, mine in stays.items()
        for stage, entered, left, reviewers in mine
        if stage == IN_REVIEW
    )
    free = {name: list(range(1, max(1, count) + 1)) for name, count in people.items()}
    busy: dict[str, list[tuple[float, int]]] = {name: [] for name in people}
    found = {}
    for entered, left, draft, reviewers in reads:
        while busy[reviewers] and busy[reviewers][0][0] <= entered:
            heappush(free[reviewers], heappop(busy[reviewers])[1])
        one = heappop(free[reviewers])
        heappush(busy[reviewers], (left, one))
        found[draft, entered] = one
    return found


def _approved(
    draft: int, stays: Sequence[tuple[str, float, float | None, str]], reader: dict[tuple[int, float], int]
) -> Iterator[Row]:
    yield Row(draft, COMES_AND_GOES, ARRIVAL, stays[0][1] / HOURS_PER_DAY)
    for stage, entered, left, reviewers in stays:
        if stage == QUEUED:
            yield Row(draft, QUEUE, _waits_for(reviewers), entered / HOURS_PER_DAY)
        elif stage == SENT_BACK:
            yield Row(draft, QUEUE, REWORKED, entered / HOURS_PER_DAY)
        else:
            who = reader[draft, entered], reviewers
            yield Row(draft, IN_USE, _read_by(reviewers), entered / HOURS_PER_DAY, *who)
            if left is not None:
                yield Row(draft, FREE, _read_by(reviewers), left / HOURS_PER_DAY, *who)
    last = stays[-1][2]
    if last is not None:
        yield Row(draft, COMES_AND_GOES, DEPART, last / HOURS_PER_DAY)


def dialogue(scenario: Scenario, record: Record) -> tuple[list[Row], list[Place]]:
    """Return messages that came before the horizon, in the order of time, and the places at which they are.

    A member who has begun an answer keeps it until it is done, a night in between or not.
    """
    policy, team = scenario.hours_policy, scenario.team
    number = {name: place for place, (name, *_) in enumerate(hours_by_member(team, policy.most(team.hours_per_week)), start=1)}
    answers = slices_of(record, (DIALOGUE,))
    horizon, rows = scenario.time.horizon_weeks * HOURS_PER_WEEK, []
    for message, opened, settled, outcome in each(record.conversations, "message", "opened_at", "settled_at", "outcome"):
        if opened >= horizon:
            continue
        rows.append(Row(message, COMES_AND_GOES, ARRIVAL, opened / HOURS_PER_DAY))
        rows.append(Row(message, QUEUE, WAITS, opened / HOURS_PER_DAY))
        work = answers[DIALOGUE, message]
        if work:
            who = number[work[0][0]], work[0][0]
            ends = settled if outcome == ANSWERED else max(settled, work[-1][2])
            rows.append(Row(message, IN_USE, ANSWER, work[0][1] / HOURS_PER_DAY, *who))
            rows.append(Row(message, FREE, ANSWER, ends / HOURS_PER_DAY, *who))
        rows.append(Row(message, COMES_AND_GOES, DEPART, settled / HOURS_PER_DAY))
    return sorted(rows, key=_in_time), [Place(WAITS, WAITS, 0), Place(ANSWER, ANSWER, max(1, len(number)))]
