"""One account through both worlds: every event in the order of time, and what it thinks of the brand in between."""

import datetime as dt
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import Any

import numpy as np

from sim.measures import causal_effects
from sim.model.calendar import HOURS_PER_WEEK, SECONDS_PER_HOUR, Calendar
from sim.model.dialogue import ANSWERED
from sim.model.ledger import DIRECT, SEARCH, SOCIAL
from sim.model.needs import FIRST_DAY, STANDS_STILL, STEPS_BACK
from sim.model.record import Columns, Record, Table, each
from sim.scenario.schema import Scenario
from sim.scenario.schema.channels import BESIDE_THE_PAGES, SPONSORED

WITH, WITHOUT, BOTH = "with", "zero hours", "both"
OPENS, VISIT, PEER, FOLLOWS, LEAVES, SEES, ENGAGES, FOUND, MESSAGE, CRISIS, DECISION, IN_TOUCH, RENEWAL = (
    "opens", "visit", "peer", "follows", "leaves", "sees", "engages", "found", "message", "crisis", "decision", "in_touch",
    "renewal",
)  # fmt: skip
KINDS = (
    SEES, LEAVES, CRISIS, OPENS, FOLLOWS, VISIT, PEER, ENGAGES, FOUND, MESSAGE, DECISION, IN_TOUCH, STEPS_BACK, STANDS_STILL,
    RENEWAL,
)  # fmt: skip  # in the order in which events of the same moment are told
NO_NEED = 1 << 62  # no need has this number; -1 is the contract of the first day, and lower ones opened before it
NAN = math.nan
EVER = causal_effects.Window(-math.inf, math.inf)


@dataclass(frozen=True)
class Event:
    """Something that happened to the account: when (hours), in which world, at which need, and what records show of it.

    A decision has its chance in both worlds and the uniform that decides in both: for the brand if it is below the chance.
    A need that is lost in a world has a chance there still, the one that it would have had.
    """

    time: float
    kind: str
    detail: dict[str, Any]
    need: int = NO_NEED
    recorded: str = ""
    world: str = BOTH
    p: float = NAN
    twin_p: float = NAN
    u: float = NAN

    @property
    def is_decision(self) -> bool:
        """Whether chance decided."""
        return not math.isnan(self.u)


@dataclass(frozen=True)
class Trace:
    """An account in both worlds.

    `states` holds, one row per week, its salience (as a multiple of its base), trust and chance of shortlisting the brand if it
    drew up its list then, in this world and (`twin_`) at zero hours; `deals` its rows of the table of deals. `caused` names the
    accounts of this world with deals that the hours caused, first those in which no record shows a touch by social media.
    """

    account: int
    is_customer_at_start: bool
    needs: int
    events: list[Event]
    states: Columns
    deals: list[dict[str, Any]]
    caused: list[int]

    def state_after(self, time: float) -> dict[str, float]:
        """Return the first state noted after a moment, with the effect of events at it; nan before the first day."""
        if time < FIRST_DAY:
            return dict.fromkeys(self.states, NAN)
        row = bisect_left(self.states["time"], time)
        return {name: values[row] if row < len(values) else NAN for name, values in self.states.items()}


def trace(scenario: Scenario, record: Record, twin: Record, account: int) -> Trace:
    """Trace an account in a world and in its twin, both simulated with this account traced."""
    chances = _chances(record, twin, account)
    deals = causal_effects.paired_deals(record, twin, EVER)
    return Trace(
        account,
        account < scenario.market.customers,
        sum(one == account for (one,) in each(record.needs, "account")),
        _merged(*(list(_events(scenario, world, account, chances)) for world in (record, twin))),
        _states(record, twin),
        [dict(zip(deals, row, strict=True)) for row in zip(*deals.values(), strict=True) if row[0] == account],
        _caused(causal_effects.paired_deals(record, twin, causal_effects.Window.of(scenario))),
    )


def _caused(deals: Columns) -> list[int]:
    shown = ("account", "label", "first_cause", "recorded_source", "first_touch", "last_touch")
    rows = [row for row in zip(*(deals[name] for name in shown), strict=True) if row[1] == causal_effects.CAUSED]
    return list(dict.fromkeys(row[0] for row in sorted(rows, key=lambda row: (not _is_missed(*row[2:]), row[0]))))


def _is_missed(cause: str, *credited: str) -> bool:
    return cause == causal_effects.OWN_TOUCH and SOCIAL not in credited


Chances = dict[tuple[str, int, Any], tuple[float, float, float]]


def _chances(record: Record, twin: Record, account: int) -> Chances:
    """Return the chance here, the chance in the twin and the uniform, by kind of event, need and number of the decision."""
    here, there = (dict(_decided(world, account)) for world in (record, twin))
    nothing = (NAN, NAN)
    return {
        key: (here.get(key, nothing)[0], there.get(key, nothing)[0], (here.get(key) or there[key])[1]) for key in here | there
    }


def _decided(world: Record, account: int) -> Iterator[tuple[tuple[str, int, Any], tuple[float, float]]]:
    for need, chances, draws in _of(world.needs, account, "need", "p", "u"):
        for number, decided in enumerate(zip(chances, draws, strict=True)):
            yield (DECISION, need, number), decided
    for need, anniversary, p, u in _of(world.renewals, account, "need", "anniversary", "p", "u"):
        yield (RENEWAL, need, anniversary), (p, u)


def _of(table: Table, account: int, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Return some columns of the rows of an account."""
    return (row[1:] for row in each(table, "account", *columns) if row[0] == account)


def _events(scenario: Scenario, world: Record, account: int, chances: Chances) -> Iterator[Event]:
    """Yield what happened to the account in one world, in no particular order; lost needs are left out."""
    yield from _touches(scenario, world, account)
    yield from _seen(scenario, world, account)
    yield from _crises(world, account)
    for time, need, peer, opinion in _of(world.recommendations, account, "time", "need", "peer", "opinion"):
        yield Event(time, PEER, {"peer": peer, "opinion": opinion}, need)
    for time, need, what, stage in _of(world.turns, account, "time", "need", "what", "stage"):
        yield Event(time, what, {"stage": stage}, need)
    yield from _purchases(world, account, chances)
    columns = ("time", "need", "anniversary", "renewed", "held", "value")
    for time, need, anniversary, renewed, held, value in _of(world.renewals, account, *columns):
        if held:
            p, twin_p, u = chances[RENEWAL, need, anniversary]
            detail = {"anniversary": anniversary, "renewed": bool(renewed), "value": value}
            yield Event(time, RENEWAL, detail, need, p=p, twin_p=twin_p, u=u)


def _touches(scenario: Scenario, world: Record, account: int) -> Iterator[Event]:
    roles = list(scenario.market.roles)
    for time, channel, contact, change, how in _of(world.followers, account, "time", "channel", "contact", "change", "how"):
        if channel != SPONSORED:  # which nobody follows; it is shown to all
            detail = {"channel": channel, "role": roles[contact % len(roles)], "how": how}
            yield Event(time, FOLLOWS if change > 0 else LEAVES, detail)
    columns = ("time", "channel", "contact", "kind", "recorded")
    for time, channel, contact, kind, recorded in _of(world.interactions, account, *columns):
        detail = {"channel": channel, "role": roles[contact % len(roles)], "kind": kind}
        yield Event(time, ENGAGES, detail, recorded=SOCIAL if recorded and kind != "reaction" else "")
    for kind, number, found_at in _of(world.signals, account, "kind", "number", "found_at"):
        if found_at is not None:
            yield Event(found_at, FOUND, {"kind": kind}, number if kind == "buyer_question" else NO_NEED)
    for kind, opened_at, settled_at, outcome in _of(world.conversations, account, "kind", "opened_at", "settled_at", "outcome"):
        detail = {"kind": kind, "outcome": outcome, "hours": settled_at - opened_at}
        yield Event(settled_at, MESSAGE, detail, recorded=SOCIAL if (kind, outcome) == ("outreach", ANSWERED) else "")


def _seen(scenario: Scenario, world: Record, account: int) -> Iterator[Event]:
    """Yield the posts that people of the account saw each month, by channel, dated at the end of the month's last week.

    Exposures are known at the start of each week; of a week in which someone came, the part that was left.
    """
    rows = list(_of(world.states, account, "time", "exposures"))
    times = [time for time, _ in rows]
    by_channel = {
        name: [dict(exposures).get(name, 0.0) for _, exposures in rows] for name in (*scenario.channels, *BESIDE_THE_PAGES)
    }
    open_since: dict[tuple[str, int], float] = {}
    follows: list[tuple[str, float, float]] = []
    for time, channel, contact, change in _of(world.followers, account, "time", "channel", "contact", "change"):
        if change > 0:
            open_since[channel, contact] = time
        else:
            follows.append((channel, open_since.pop((channel, contact)), time))
    follows += [(channel, since, math.inf) for (channel, _), since in open_since.items()]
    calendar = Calendar(scenario)
    seen: dict[tuple[int, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ends: dict[tuple[int, int], float] = {}
    for begins, end in pairwise(times):
        day = calendar.first_day(round(begins / HOURS_PER_WEEK))
        month = (day.year, day.month)
        ends[month] = end
        for channel, since, until in follows:
            span = max(begins, since), min(end, until)
            if span[0] < span[1]:
                first, last = np.interp(span, times, by_channel[channel])
                seen[month][channel] += float(last - first)
    for month, posts in seen.items():
        shown = {channel: number for channel, number in sorted(posts.items()) if round(number, 1) > 0.0}
        if shown:
            yield Event(ends[month], SEES, {"month": dt.date(*month, 1), "posts": shown})


def _crises(world: Record, account: int) -> Iterator[Event]:
    """Yield the crises that took trust from the account, inferred from the total taken in a week."""
    shaken = list(_of(world.states, account, "time", "shaken"))
    for (begins, before), (ends, after) in pairwise(shaken):
        left = after - before
        for settled_at, outcome, loss in each(world.crises, "settled_at", "outcome", "trust_loss"):
            if begins <= settled_at < ends and 0.0 < loss <= left + 1e-12:
                left -= loss
                yield Event(settled_at, CRISIS, {"outcome": outcome, "loss": loss})


def _purchases(world: Record, account: int, chances: Chances) -> Iterator[Event]:
    columns = (
        "need", "opens_at", "value", "visits", "lead_at", "path", "recorded_source", "first_touch", "steps", "decided_at",
        "won", "lost_to", "last_touch", "p", "u",
    )  # fmt: skip
    for row in _of(world.needs, account, *columns):
        of = dict(zip(columns, row, strict=True))
        need = of["need"]
        yield Event(of["opens_at"], OPENS, {"value": of["value"]}, need)
        for time, source in of["visits"]:
            yield Event(time, VISIT, {"source": source}, need, recorded=source if source in (SEARCH, DIRECT) else "")
        if of["recorded_source"]:
            detail = {"path": of["path"], "first_touch": of["first_touch"]}
            yield Event(of["lead_at"], IN_TOUCH, detail, need, recorded=of["recorded_source"])
        last = len(of["steps"]) - 1
        decided = zip(of["steps"], of["decided_at"], of["p"], of["u"], strict=True)
        for number, (step, time, own_p, own_u) in enumerate(decided):
            lives = own_u < own_p
            is_won = lives and number == last and of["won"]
            detail = {"step": step, "lost_to": "" if lives else of["lost_to"], "won": is_won, "value": of["value"]}
            p, twin_p, u = (NAN, NAN, NAN) if time < FIRST_DAY else chances[DECISION, need, number]  # else a fact by then
            yield Event(time, DECISION, detail, need, of["last_touch"] if is_won else "", p=p, twin_p=twin_p, u=u)
            if not lives:
                break


def _merged(ours: list[Event], theirs: list[Event]) -> list[Event]:
    """Return the events of both worlds in order, merging those that happen in both within a second."""

    def name(event: Event) -> str:
        when = round(event.time * SECONDS_PER_HOUR)
        return repr((when, event.kind, event.need, event.recorded, sorted(event.detail.items())))

    left = Counter(map(name, theirs))
    events = []
    for event in ours:
        shared = left[name(event)] > 0
        left[name(event)] -= shared
        events.append(replace(event, world=BOTH if shared else WITH))
    for event in theirs:
        if left[name(event)] > 0:
            left[name(event)] -= 1
            events.append(replace(event, world=WITHOUT))
    return sorted(events, key=lambda event: (event.time, KINDS.index(event.kind), event.world))


def _states(record: Record, twin: Record) -> Columns:
    shown = ("salience", "trust", "p_shortlist")
    columns: Columns = {name: [] for name in ("time", *shown, *(f"twin_{name}" for name in shown))}
    nothing = (NAN,) * (1 + len(shown))
    for mine, other in zip_longest(*(each(world.states, "time", *shown) for world in (record, twin)), fillvalue=nothing):
        time = other[0] if math.isnan(mine[0]) else mine[0]
        for name, value in zip(columns, (time, *mine[1:], *other[1:]), strict=True):
            columns[name].append(value)
    return columns
