"""The work and the community, on small records made by hand, and the ledger on a world that was lived through."""

import math

import pytest

from sim.measures import community, indirect, work
from sim.measures.causal_effects import Window
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.record import Record
from sim.model.team import PURPOSES
from sim.model.world import simulate
from sim.scenario.schema.channels import PROFILE_CHANNELS
from tests.small import small
from tests.worlds import Only, changed, scenario

FROM_TEN_TO_110 = Window(10.0, 110.0)


def by(columns, key):
    """The rows of a table under the name in one of their columns."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {row[key]: row for row in rows}


@pytest.fixture(scope="module")
def record():
    return simulate(small(), 3, 0)


def test_all_purposes_of_a_week_are_its_hours_to_the_second(record):
    weeks = work.weeks(record)
    given = [0.0] * len(weeks["week"])
    for week, _, _, seconds, _ in record.hours.rows:
        given[week] += seconds
    booked = [sum(round(weeks[f"hours_{one}"][week] * 3600) for one in PURPOSES) for week in weeks["week"]]
    assert booked == given
    assert sum(given) > 0


def test_weeks_without_work_have_no_hours():
    weeks = work.weeks(simulate(changed(small(), team={"hours_per_week": 0.0}), 3, 0))
    assert all(sum(weeks[f"hours_{one}"]) == 0.0 for one in PURPOSES)


def test_every_hour_is_in_one_block_of_its_member(record):
    blocks = work.blocks(record)
    spent = dict.fromkeys(PURPOSES, 0.0)
    for activity, began, ended in zip(*(blocks[one] for one in ("activity", "began_hour", "ended_hour")), strict=True):
        assert 0.0 <= began <= ended
        spent[activity] += ended - began
    weeks = work.weeks(record)
    for purpose, hours in spent.items():
        assert hours == pytest.approx(sum(weeks[f"hours_{purpose}"]), abs=1e-3), purpose


def test_stays_of_drafts_by_hand():
    """One came before the window, one leaves and one comes after it, one is there for ever, two are seen whole."""
    record = Record()
    for entered, left in ((0.0, 30.0), (20.0, 30.0), (40.0, 70.0), (100.0, 120.0), (105.0, None), (115.0, 118.0)):
        record.stages.add((0, "raw", "in review", entered, left))
    found = by(work.stages(record, FROM_TEN_TO_110), "stage")
    assert set(found) == {"waiting for review", "in review", "sent back", "waiting for its day", "approved"}
    assert found["in review"] == {
        "stage": "in review", "entered": 4, "wait_hours_mean": 20.0, "wait_hours_p90": pytest.approx(28.0),
        "waiting_at_end": 2, "mean_number": pytest.approx((20 + 10 + 30 + 10 + 5) / 100),
    }  # fmt: skip
    assert found["approved"]["entered"] == 0
    assert math.isnan(found["approved"]["wait_hours_mean"])


def test_stays_make_up_the_drafts_that_wait(record):
    """Little's law is an identity here: the mean number over time is the sum of stays over the time."""
    window = Window.of(small())
    found = work.stages(record, window)
    assert sum(found["waiting_at_end"]) == record.weeks.as_columns()["drafts_waiting"][-1]


def test_pieces_by_hand():
    record = Record()
    for draft, kind, made_at, state, settled_at, seconds in (
        (0, "raw", 5.0, "published", 12.0, 600),
        (1, "raw", 11.0, "published", 20.0, 1800),
        (2, "original", 12.0, "expired", 90.0, 7200),
        (3, "adapted", 13.0, "in review", None, 3600),
        (4, "adapted", 14.0, "expired", 111.0, 3600),
    ):
        record.drafts.add((draft, kind, made_at, 0, state, settled_at, seconds))
    for time, channel, draft, kind in ((12.0, "a", 0, "raw"), (20.0, "a", 1, "raw"), (20.0, "b", 1, "raw")):
        record.posts.add((time, channel, draft, kind, 0.5, 1.0))
    record.posts.add((30.0, "b", 9, "original", 0.5, 1.0))
    for time, channel, kind, post, converses in (
        (13.0, "a", "comment", 0, True), (14.0, "b", "click", 0, False), (15.0, "b", "click", 1, False),
        (112.0, "b", "click", 1, False), (16.0, "a", "reaction", 1, False),
    ):  # fmt: skip
        record.interactions.add((time, channel, 7, 1, kind, post, True, converses))
    for draft, stage, entered in ((0, "waiting for review", 11.0), (0, "waiting for review", 11.5), (0, "approved", 11.9),
                                  (1, "approved", 11.0), (1, "waiting for review", 5.0)):  # fmt: skip
        record.stages.add((draft, "raw", stage, entered, entered + 0.1))
    found = by(work.pieces(record, FROM_TEN_TO_110), "kind")
    assert found["raw"] == {
        "kind": "raw", "made": 1, "reviewed": 1, "approved": 2, "published": 2, "expired": 0, "hours": 0.5,
        "posts": 3, "engagements": 3, "conversations": 1, "clicks": 1,
    }  # fmt: skip
    assert (found["original"]["made"], found["original"]["expired"], found["original"]["clicks"]) == (1, 1, 1)
    assert (found["adapted"]["made"], found["adapted"]["published"], found["adapted"]["hours"]) == (2, 0, 2.0)


def test_no_draft_is_lost(record):
    """What was made is published, dropped or still on its way; what is ready was reviewed or did not need to be."""
    window = Window.of(small())
    pieces, stages = work.pieces(record, window), work.stages(record, window)
    assert sum(pieces["made"]) > 10
    assert sum(pieces["made"]) == sum(pieces["published"]) + sum(pieces["expired"]) + sum(stages["waiting_at_end"])
    assert all(part <= whole for part, whole in zip(pieces["reviewed"], pieces["made"], strict=True))


def test_replies_by_hand():
    record = Record()
    for kind, opened, settled, outcome in (
        ("complaint", 9.0, 10.0, "answered"), ("complaint", 11.0, 13.0, "answered"), ("complaint", 20.0, 26.0, "answered"),
        ("complaint", 20.0, 50.0, "missed"), ("complaint", 100.0, 110.0, "offline"), ("spam", 30.0, 31.0, "answered"),
    ):  # fmt: skip
        record.conversations.add((kind, 1, opened, settled, outcome))
    found = by(work.replies(record, FROM_TEN_TO_110), "kind")
    assert len(found) == 9
    assert found["complaint"] == {
        "kind": "complaint", "messages": 3, "answered": 2, "missed": 1, "in_time_share": pytest.approx(2 / 3),
        "reply_hours_median": 4.0, "reply_hours_p90": pytest.approx(5.6),
    }  # fmt: skip
    assert found["comment"]["messages"] == 0
    assert math.isnan(found["comment"]["in_time_share"])


def test_service_by_segment_by_hand():
    setting = scenario(market={"segments": Only(large={"share": 0.5}, small={"share": 0.5})})
    record, twin = Record(), Record()
    for world, expected in ((record, 800.0), (twin, 300.0)):
        world.contracts.add((1, 0, "large", True, 1000.0, expected))
        world.contracts.add((2, 0, "small", True, 1000.0, 2.0 * expected))
    grown = (True, 0.5, 0.2, 1100.0, 1050.0)
    for account, segment in ((1, "large"), (2, "small")):
        record.renewals.add((account, 0, 0, segment, 50.0, 0.9, 0.5, True, True, 0.9, 1000.0, *grown))
        twin.renewals.add((account, 0, 0, segment, 50.0, 0.4, 0.5, False, True, 0.4, 1000.0, *grown))
    for kind, account, outcome in (
        ("complaint", 1, "answered"), ("complaint", 1, "missed"), ("customer_question", 2, "answered"),
        ("comment", 1, "answered"), ("complaint", 3, "missed"),
    ):  # fmt: skip
        record.conversations.add((kind, account, 20.0, 23.0, outcome))
    found = by(work.service(setting, record, twin, FROM_TEN_TO_110), "segment")
    large = found["large"]
    assert (large["renewals_due"], large["renewals"], large["twin_renewals"]) == (1.0, 1.0, 0.0)
    assert (large["renewals_expected"], large["twin_renewals_expected"]) == (0.9, 0.4)
    assert large["renewal_margin_expected"] == pytest.approx(0.9 * 1050.0 * setting.sales.margin)
    years = sum((0.85 / 1.1) ** year for year in (1, 2, 3))
    assert large["value_ahead_expected"] == pytest.approx(800.0 * 0.5 * years)
    assert large["twin_value_ahead_expected"] == pytest.approx(300.0 * 0.5 * years)
    assert (large["messages"], large["answered"], large["complaints"], large["complaints_answered"]) == (2, 1, 2, 1)
    assert large["reply_hours_median"] == 3.0
    assert (found["small"]["messages"], found["small"]["complaints"]) == (1, 0)


def test_messages_are_counted_from_the_monday_of_their_week():
    record = Record()
    record.conversations.add(("comment", 4, HOURS_PER_WEEK * 3 + 33.5, HOURS_PER_WEEK * 4 + 1.5, "answered"))
    assert by(work.messages(record), "kind")["comment"] == {
        "kind": "comment", "account": 4, "week": 3, "opened_hour": 33.5, "waited_hours": 136.0, "outcome": "answered",
    }  # fmt: skip
    assert work.messages(Record())["kind"] == []


def test_signals_by_hand():
    record = Record()
    for kind, found_at, analysed_at, idea in (
        ("trend", 5.0, 11.0, True), ("trend", 20.0, None, False), ("competitor_move", 21.0, 30.0, True),
        ("buyer_question", 22.0, None, False), ("early_sign", 23.0, 24.0, False), ("trend", 109.0, 111.0, True),
        ("mention", 9.0, None, False), ("mention", 10.0, None, False),
    ):  # fmt: skip
        record.signals.add((kind, -1, 0, 0.0, found_at, analysed_at, idea))
    assert indirect.signals(record, FROM_TEN_TO_110, 0.1) == {
        "found_buyer_question": 1.0, "found_mention": 1.0, "found_trend": 2.0, "found_competitor_move": 1.0,
        "found_early_sign": 1.0, "product_ideas": 2.0, "product_ideas_used": pytest.approx(0.2),
    }  # fmt: skip


def test_crises_by_hand():
    record, twin = Record(), Record()
    for number, (outcome, loss, settled_at) in enumerate(
        (("contained", 0.01, 50.0), ("softened", 0.05, 60.0), ("uncontained", 0.1, 70.0), ("softened", 0.05, 5.0))
    ):
        record.crises.add((number, 0.0, None, 0.0, None, settled_at, outcome, loss))
    twin.crises.add((0, 0.0, None, 0.0, None, 50.0, "uncontained", 0.1))
    assert indirect.crises(record, twin, FROM_TEN_TO_110) == {
        "crises": 3.0, "crises_contained": 1.0, "crises_softened": 1.0, "crises_reduced": 2.0,
        "crisis_trust_loss": pytest.approx(0.16),
        "twin_crises": 1.0, "twin_crises_contained": 0.0, "twin_crises_softened": 0.0, "twin_crises_reduced": 0.0,
        "twin_crisis_trust_loss": pytest.approx(0.1),
    }  # fmt: skip


def test_who_takes_part_is_counted_among_those_who_follow_at_the_end():
    ends = 2 * HOURS_PER_YEAR
    window = Window(0.0, ends)
    record = Record()
    for contact in range(201):
        record.followers.add((1.0, "a", contact, contact, 1, "brought" if contact < 3 else "invited"))
    record.followers.add((2.0, "b", 0, 0, 1, "invited"))
    record.followers.add((3.0, "b", 0, 0, -1, "left"))  # still follows channel a
    record.followers.add((4.0, "a", 200, 200, -1, "left"))
    late = ends - 100.0
    for time, contact, kind, count in (
        (late, 0, "comment", 6), (late, 1, "share", 3), (late, 2, "comment", 1), (late, 3, "reaction", 9),
        (late, 200, "comment", 5), (100.0, 4, "comment", 5),
    ):  # fmt: skip
        for _ in range(count):
            record.interactions.add((time, "a", contact, contact, kind, 0, True, False))
    for contact in (5, 300, 301):  # what people do on others' own profiles is no part of the page
        record.followers.add((5.0, PROFILE_CHANNELS[0], contact, contact, 1, "connected"))
        record.interactions.add((late, PROFILE_CHANNELS[0], contact, contact, "comment", 0, True, False))
    record.followers.add((6.0, "b", 6, 6, 1, "found"))
    record.followers.add((ends, "b", 7, 7, 1, "found"))
    assert community.participation(record, window) == {"contributors_share": 3 / 200, "most_active_share": 0.9}
    assert community.turnover(record, window) == {
        "followers_left": 2.0, "followers_brought": 3.0, "followers_found": 1.0, "people_connected": 3.0
    }  # fmt: skip
    assert math.isnan(community.participation(Record(), window)["contributors_share"])
