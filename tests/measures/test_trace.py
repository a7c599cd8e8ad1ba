"""One account through both worlds: on records made by hand, and on those of a small world."""

import datetime as dt
import math
from collections import Counter

import pytest

from sim.measures import trace as events
from sim.measures.trace import BOTH, WITH, WITHOUT, trace
from sim.model import Record, simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.twin import twin_of
from tests.measures.test_causal_effects import need
from tests.small import small
from tests.worlds import rows, scenario

WEEK = HOURS_PER_WEEK
US = 7  # the account that is followed
WEEKS = 20
STEPS = ("shortlist", "opportunity wakes", "opportunity")


def state(week, *, exposures=0.0, shaken=0.0, salience=1.0):
    seen = (("network", exposures), ("micro_blog", 0.0), ("blog", 0.0))
    return (week * WEEK, US, salience, 0.5, 0.3 + 0.01 * week, shaken, seen)


def decided(p, u, *, weeks=(4, 8, 9), won=False, lost_to="", **more):
    """A need of the account with as many decisions as there are chances, in the given weeks."""
    row = dict(zip(Record().needs.columns, need(US, won=won, p=p, u=u, **more), strict=True))
    row |= {"steps": list(STEPS[: len(p)]), "decided_at": [week * WEEK for week in weeks[: len(p)]], "lost_to": lost_to}
    row |= {"visits": ((3 * WEEK, "organic_search"),), "lead_at": 4 * WEEK}
    return tuple(row.values())


def two_worlds():
    """A world in which everything that can happen to the account happens, and a twin in which the little that must does."""
    ours, theirs = Record(), Record()
    for week in range(WEEKS):
        ours.states.add(state(week, exposures=2.0 * week, shaken=0.1 if week > 12 else 0.0))
        theirs.states.add(state(week))
    ours.needs.add(decided((0.6, 0.5, 0.9), (0.4, 0.4, 0.4), won=True, closed=9.0, source="direct_traffic",
                           first="organic_search", last="direct_traffic", touched=True))  # fmt: skip
    theirs.needs.add(decided((0.3, 0.2, 0.7), (0.4, 0.4, 0.4), lost_to="rival", closed=4.0))
    ours.followers.add((1.5 * WEEK, "network", 5 * US + 1, US, 1, "invited"))
    ours.followers.add((10.0 * WEEK, "network", 5 * US + 1, US, -1, "left"))
    for number, (kind, recorded) in enumerate([("reaction", True), ("comment", False), ("share", True), ("click", True)]):
        ours.interactions.add((2.0 * WEEK + number, "network", 5 * US + 1, US, kind, 3, recorded, False))
    ours.conversations.add(("comment", US, 2.0 * WEEK + 1, 2.0 * WEEK + 6, "answered"))
    ours.conversations.add(("complaint", US, 2.1 * WEEK, 2.5 * WEEK, "missed"))
    ours.conversations.add(("outreach", US, 2.8 * WEEK, 2.9 * WEEK, "answered"))
    ours.signals.add(("buyer_question", US, 0, 2.6 * WEEK, 2.7 * WEEK, None, False))
    for world in (ours, theirs):
        world.recommendations.add((US, 0, 3.2 * WEEK, 99, 0.7))
        world.crises.add((0, 11 * WEEK, None, 12 * WEEK, None, 12.5 * WEEK, "uncontained", 0.1))
        world.crises.add((1, 14 * WEEK, None, 15 * WEEK, None, 15.5 * WEEK, "uncontained", 0.1))
    ours.turns.add((US, 0, 4.5 * WEEK, "steps_back", "opportunity"))
    ours.turns.add((US, 0, 6.0 * WEEK, "stands_still", "opportunity"))
    ours.renewals.add((US, -1, 0, "all", 5 * WEEK, 0.9, 0.5, True, True, 0.9, 100.0))
    theirs.renewals.add((US, -1, 0, "all", 5 * WEEK, 0.4, 0.5, False, True, 0.4, 100.0))
    theirs.renewals.add((US, -1, 1, "all", 57 * WEEK, 0.4, 0.5, False, False, 0.2, 100.0))  # nobody holds it any more
    for world in (ours, theirs):  # others, whom the trace must leave alone
        world.followers.add((WEEK, "blog", 5, 1, 1, "invited"))
        world.conversations.add(("crisis", -1, WEEK, 2 * WEEK, "answered"))
        world.recommendations.add((1, 0, WEEK, US, 0.2))
    return ours, theirs


@pytest.fixture(scope="module")
def by_hand():
    return trace(scenario(), *two_worlds(), US)


def kinds(found, *worlds):
    return Counter(event.kind for event in found.events if event.world in worlds)


def test_every_kind_of_event_is_told_once_in_the_world_in_which_it_happens(by_hand):
    assert kinds(by_hand, BOTH) == {"opens": 1, "visit": 1, "peer": 1}
    assert kinds(by_hand, WITH) == {
        "follows": 1, "leaves": 1, "sees": 3, "engages": 4, "message": 3, "found": 1, "crisis": 1, "decision": 3,
        "in_touch": 1, "steps_back": 1, "stands_still": 1, "renewal": 1,
    }  # fmt: skip
    assert kinds(by_hand, WITHOUT) == {"decision": 1, "renewal": 1}
    assert {event.kind for event in by_hand.events} == set(events.KINDS)


def test_events_stand_in_the_order_of_time(by_hand):
    times = [event.time for event in by_hand.events]
    assert times == sorted(times)


def test_what_is_lost_goes_on_as_a_ghost_that_the_trace_leaves_out_but_for_its_chances(by_hand):
    ours = [event for event in by_hand.events if event.kind == events.DECISION and event.world == WITH]
    assert [(event.detail["step"], event.p, event.twin_p, event.u) for event in ours] == [
        ("shortlist", 0.6, 0.3, 0.4), ("opportunity wakes", 0.5, 0.2, 0.4), ("opportunity", 0.9, 0.7, 0.4),
    ]  # fmt: skip
    (theirs,) = (event for event in by_hand.events if event.kind == events.DECISION and event.world == WITHOUT)
    assert (theirs.detail["step"], theirs.detail["lost_to"], theirs.p, theirs.twin_p) == ("shortlist", "rival", 0.6, 0.3)
    assert [event.detail["won"] for event in ours] == [False, False, True]


def test_a_renewal_that_goes_another_way_is_told_in_both_worlds_with_both_chances(by_hand):
    told = [event for event in by_hand.events if event.kind == events.RENEWAL]
    assert [(event.world, event.detail["renewed"], event.p, event.twin_p, event.u) for event in told] == [
        (WITH, True, 0.9, 0.4, 0.5), (WITHOUT, False, 0.9, 0.4, 0.5),
    ]  # fmt: skip


def test_records_show_touches_that_are_tagged_and_never_a_mere_reaction(by_hand):
    touches = {event.detail["kind"]: event.recorded for event in by_hand.events if event.kind == events.ENGAGES}
    assert touches == {"reaction": "", "comment": "", "share": "organic_social", "click": "organic_social"}
    messages = {event.detail["kind"]: event.recorded for event in by_hand.events if event.kind == events.MESSAGE}
    assert messages == {"comment": "", "complaint": "", "outreach": "organic_social"}


def test_posts_are_seen_only_while_someone_follows(by_hand):
    """Two exposures a week and follower, who follows from the middle of week 1 to the end of week 9: 8.5 weeks."""
    seen = [event for event in by_hand.events if event.kind == events.SEES]
    assert sum(event.detail["posts"]["network"] for event in seen) == pytest.approx(2.0 * 8.5)
    assert [event.detail["month"] for event in seen] == sorted({event.detail["month"] for event in seen})
    assert all(set(event.detail["posts"]) == {"network"} for event in seen)


def test_a_month_counts_the_weeks_that_begin_in_it(by_hand):
    """Weeks from Monday 2 January 2012 on (the default start): the first week of a month is the first that begins in it."""
    start = scenario().time.start
    monday = start - dt.timedelta(days=start.weekday())
    for event in by_hand.events:
        if event.kind == events.SEES:
            last_week = monday + dt.timedelta(hours=event.time) - dt.timedelta(weeks=1)
            assert last_week.replace(day=1) == event.detail["month"]


def test_only_the_crisis_that_took_trust_is_told(by_hand):
    (crisis,) = (event for event in by_hand.events if event.kind == events.CRISIS)
    assert crisis.time == 12.5 * WEEK


def test_the_state_after_an_event_is_the_next_that_is_noted(by_hand):
    assert by_hand.state_after(3.2 * WEEK)["p_shortlist"] == 0.3 + 0.01 * 4
    assert by_hand.state_after(4 * WEEK)["p_shortlist"] == 0.3 + 0.01 * 4
    assert math.isnan(by_hand.state_after(WEEKS * WEEK)["p_shortlist"])


def test_deals_are_those_of_the_table_of_deals(by_hand):
    assert [(deal["account"], deal["label"], deal["first_cause"]) for deal in by_hand.deals] == [(US, "caused", "own_touch")]
    assert by_hand.caused == [US]


def test_accounts_without_a_recorded_social_touch_come_first():
    ours, theirs = Record(), Record()
    for account, first in ((3, "organic_social"), (8, "organic_search"), (5, "organic_search")):
        ours.needs.add(need(account, won=True, touched=account != 5, p=(0.6,), u=(0.4,), first=first))
        theirs.needs.add(need(account, p=(0.3,), u=(0.4,)))
    assert trace(scenario(), ours, theirs, 1).caused == [8, 3, 5]


@pytest.fixture(scope="module")
def worlds():
    """A small world with its twin, and an account to which much happens."""
    record = simulate(small(), 7, 0)
    touched = Counter(row["account"] for row in rows(record.interactions))
    bought = {row["account"] for row in rows(record.needs)}
    account = max(bought, key=lambda one: (touched[one], one))
    return account, *(simulate(one, 7, 0, traced=account) for one in (small(), twin_of(small())))


def test_every_row_of_the_records_is_told_once(worlds):
    account, record, twin = worlds
    found = trace(small(), record, twin, account)

    def count(table, keep=lambda row: True):
        return sum(row["account"] == account and keep(row) for row in rows(table))

    ours = kinds(found, WITH, BOTH)
    assert ours["engages"] == count(record.interactions) > 0
    assert ours["message"] == count(record.conversations)
    assert ours["follows"] == count(record.followers, lambda row: row["change"] == 1) > 0
    assert ours["peer"] == count(record.recommendations)
    assert ours["opens"] == count(record.needs) > 0
    assert ours["steps_back"] + ours["stands_still"] == count(record.turns)
    assert ours["renewal"] == count(record.renewals, lambda row: row["held"])
    theirs = kinds(found, WITHOUT, BOTH)
    assert theirs["peer"] == count(twin.recommendations)
    assert theirs["visit"] == sum(len(row["visits"]) for row in rows(twin.needs) if row["account"] == account)


def test_decisions_are_those_of_the_table_of_needs(worlds):
    account, record, twin = worlds
    for event in trace(small(), record, twin, account).events:
        if event.kind == events.DECISION:
            mine, other = (
                next(row for row in rows(world.needs) if (row["account"], row["need"]) == (account, event.need))
                for world in (record, twin)
            )
            step = mine["steps"].index(event.detail["step"])
            assert (event.p, event.twin_p, event.u) == (mine["p"][step], other["p"][step], mine["u"][step])
            assert event.time in {world["decided_at"][step] for world in (mine, other)}


def test_a_world_beside_itself_has_no_event_of_its_own(worlds):
    account, record, _ = worlds
    assert {event.world for event in trace(small(), record, record, account).events} == {BOTH}
