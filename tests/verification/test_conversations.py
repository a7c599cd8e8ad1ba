"""Conversations: what differs between kinds, and how many come of answering well (model.md, 7)."""

import pytest
from scipy import stats

from sim.model import World
from sim.model.dialogue import Outlook
from sim.model.service import Message
from sim.model.signals import ListeningDesk
from sim.model.twin import twin_of
from tests.quiet import always_on, only, quiet
from tests.verification.test_community import presence
from tests.verification.test_engagements import ALPHA, p_of_total
from tests.worlds import effects, rows

KINDS = {
    "comment": {"patience": 2.0, "effort": 0.5, "value": 0.6, "priority": "usual"},
    "customer_question": {"patience": 1.0, "effort": 1.0, "value": 1.0, "priority": "usual"},
    "complaint": {"patience": 0.7, "effort": 1.5, "value": 1.4, "priority": "first"},
    "public_question": {"patience": 0.9, "effort": 0.8, "value": 0.3, "priority": "usual"},
    "spam": {"patience": 3.0, "effort": 0.2, "value": 1.0, "priority": "last"},
}
MINUTES = {"median": 20.0, "sigma": 0.0}


def opened(world, kinds, at=1.0, account=True):
    """Messages of these kinds, all at one moment; filled with (kind, settled at, outcome) as they end."""
    ended = []

    def write():
        yield world.env.timeout(at)
        for kind in kinds:
            whose = world.market.account(0) if account else None
            world.dialogue.open(
                kind, whose, 0.5, on_end=lambda outcome, kind=kind: ended.append((kind, world.env.now, outcome))
            )

    world.env.process(write())
    return ended


@pytest.mark.parametrize("kind", KINDS)
def test_patience_is_that_of_the_kind_and_counts_working_days_alone(kind):
    """Exact: written on a Friday at 20:00 and never answered, missed when so many hours of working days have passed."""
    hours = quiet(
        dialogue={"patience_hours": 30.0, "kinds": KINDS}, time={"horizon_weeks": 4}, calendar={"holidays": ["01-09"]}
    )
    world = World(hours, 1, 0)
    friday = 4 * 24.0 + 20.0
    ended = opened(world, [kind], at=friday)
    world.env.run(until=400.0)
    patience = 30.0 * KINDS[kind]["patience"]
    opens_again = 8 * 24.0  # Saturday and Sunday do not count, nor does Monday 9 January
    left = patience - 4.0
    days, rest = divmod(left, 24.0)
    assert days < 4, "all of it in the next week"
    assert ended == [(kind, pytest.approx(opens_again + days * 24.0 + rest), "missed")]


@pytest.mark.parametrize("kind", KINDS)
def test_effort_and_value_are_those_of_the_kind(kind):
    """Exact: minutes of the reply, and where trust is after a reply and after a miss."""
    changes = {"dialogue": {"minutes": MINUTES, "kinds": KINDS, "patience_hours": 50.0}, "time": {"horizon_weeks": 4}}
    quality, touches = {"trust": {"reply_quality": 0.8}}, effects(replied=0.25, missed=0.2)
    world = World(always_on(changes, market=quality, effects=touches), 1, 0)
    account, spec = world.market.account(0), KINDS[kind]
    before = account.trust(0.0)
    ended = opened(world, [kind])
    world.env.process(world.team[0].work_life())
    world.env.run(until=20.0)
    assert ended == [(kind, pytest.approx(1.0 + spec["effort"] * 20.0 / 60.0, abs=1e-3), "answered")]
    after = before + 0.25 * spec["value"] * 0.6 * (1.0 - before)
    assert account.trust(ended[0][1]) == pytest.approx(after, rel=1e-12)

    neglected = World(quiet(changes, market=quality, effects=touches), 1, 0)
    ended = opened(neglected, [kind])
    neglected.env.run(until=400.0)
    lost = 0.2 * spec["value"]
    assert neglected.market.account(0).trust(ended[0][1]) == pytest.approx(before * (1.0 - lost), rel=1e-12)


def test_first_come_those_of_first_priority_and_last_the_spam():
    """Within a priority in the order in which they came."""
    world = World(always_on(dialogue={"minutes": MINUTES, "kinds": KINDS, "patience_hours": 200.0}), 1, 0)
    came = ["spam", "comment", "spam", "complaint", "customer_question", "complaint", "comment", "spam", "public_question"]
    ended = opened(world, came)
    world.env.process(world.team[0].work_life())
    world.env.run(until=60.0)
    order = [kind for kind, *_ in ended]
    assert order == [
        "complaint", "complaint", "comment", "customer_question", "comment", "public_question", "spam", "spam", "spam"
    ]  # fmt: skip


def complaining(impression, raise_by=0.6, **changes):
    """A presence where customers write and nobody answers, with what they think of the answers held fast."""
    hours = presence(
        60,
        at_start=0.0,
        weeks=208,
        market={"customers": 60},
        customers={"questions_per_year": 10.0, "share_on_social": 0.8, "renewal_share": 0.999, "share_complaints": 0.3},
        dialogue={"replies_raise_volume": raise_by},
        listening={"share_tagged": 1.0},
    )
    world = World(hours.replace(**changes) if changes else hours, 2, 0)
    world.dialogue.impression = Outlook(impression, 0.0, 0.0)
    return world


@pytest.mark.parametrize("impression", [0.0, 0.5, 1.0])
def test_customers_write_more_where_all_is_answered(impression):
    """Null: Poisson of mean customers x rate x share on social x (1 + raise x impression) x years. alpha 0.001.

    The customers of every moment are counted, as some do not renew. Shares of complaints: binomial.
    """
    world = complaining(impression)
    record = world.run()
    held = 60 * 4.0 * 8736.0
    for row in rows(record.renewals):
        if row["held"] and not row["renewed"]:
            held -= world.setting.horizon - row["time"]
    mean = held / 8736.0 * 10.0 * 0.8 * (1.0 + 0.6 * impression)
    messages = [row["kind"] for row in rows(record.conversations) if row["opened_at"] < world.setting.horizon]
    assert p_of_total(len(messages), mean) > ALPHA, (len(messages), mean)
    assert stats.binomtest(messages.count("complaint"), len(messages), 0.3).pvalue > ALPHA
    assert p_of_total(len(messages), mean * 1.15) < ALPHA, "fifteen per cent more would be seen"


def test_the_same_customers_write_at_the_same_moments_and_some_besides():
    few, many = (
        {(row["account"], row["opened_at"], row["kind"]) for row in rows(complaining(impression).run().conversations)}
        for impression in (0.0, 1.0)
    )
    assert few < many


@pytest.mark.parametrize("impression", [0.0, 1.0])
def test_outsiders_ask_more_where_all_is_answered_and_spam_does_not_care(impression):
    """Null: Poisson of mean outsiders (all followers for spam) x rate x (1 + raise x impression) x weeks. alpha 0.001."""
    hours = presence(
        500, at_start=1.0, weeks=100, channels={"network": {"outside_per_follower": 4.0}},
        outside={"questions_per_week": 3.0, "spam_per_week": 2.0},
        dialogue={"replies_raise_volume": 0.6}, animation={"invitations_per_year": 0.0},
    )  # fmt: skip
    world = World(hours, 3, 0)
    world.dialogue.impression = Outlook(impression, 0.0, 0.0)
    kinds = [row["kind"] for row in rows(world.run().conversations)]
    assert p_of_total(kinds.count("public_question"), 2.0 * 3.0 * 100 * (1.0 + 0.6 * impression)) > ALPHA
    assert p_of_total(kinds.count("spam"), 2.5 * 2.0 * 100) > ALPHA
    opens = [row["opened_at"] % 168.0 for row in rows(world.record.conversations)]
    assert stats.kstest(opens, stats.uniform(0.0, 168.0).cdf).pvalue > ALPHA


def test_what_the_crowd_writes_in_vain_drains_liveliness_and_answers_add_to_it():
    """Exact: each miss takes a share times the value of its kind; each answer fills a share of what is missing."""
    crowd = {"liveliness_gained": 0.05, "liveliness_lost": 0.1}
    values = {"public_question": {"value": 0.5}, "spam": {"value": 2.0, "priority": "last"}}
    changes = {"outside": crowd, "dialogue": {"kinds": values}, "animation": {"half_life_weeks": 1e11}}
    for busy in (False, True):
        world = World(always_on(changes) if busy else quiet(changes, team={"hours_per_week": 0.0}), 1, 0)
        world.liveliness.add(0.0, 0.5)
        for kind in ("public_question", "spam", "public_question"):
            world.dialogue.open(kind, None, 0.5, on_end=world.outside._matter(kind))
        if busy:
            world.env.process(world.team[0].work_life())
        world.env.run(until=300.0)
        drained = 0.5 * (1.0 - 0.05) ** 2 * (1.0 - 0.2)
        filled = 1.0 - 0.5 * (1.0 - 0.05 * 0.5) ** 2
        assert world.liveliness.level(300.0) == pytest.approx(filled if busy else drained, rel=1e-9)


def test_the_impression_is_a_weighted_mean_of_what_was_answered():
    """Exact: of outcomes o, oldest first, sum of w (1 - w)^age x o; spam, outreach and crises are not asked for."""
    world = World(always_on(dialogue={"memory_messages": 5.0, "minutes": MINUTES, "patience_hours": 100.0}), 1, 0)
    opened(world, ["comment", "spam", "complaint", "comment"])
    world.env.process(world.team[0].work_life())
    world.env.run(until=50.0)
    assert world.dialogue.impression.share == pytest.approx(1.0 - 0.8**3, rel=1e-12)
    assert world.dialogue.volume(50.0) == pytest.approx(1.0 + 0.3 * (1.0 - 0.8**3), rel=1e-12)
    world.dialogue.impression.note(0.0, False, 0.0)
    assert world.dialogue.impression.share == pytest.approx((1.0 - 0.8**3) * 0.8, rel=1e-12)


def test_an_unheard_complaint_is_as_if_made_off_line():
    """Untagged and never found: the same complaints go unsettled, at the same moments, as in a world without a presence.

    However well the messages of others fare.
    """
    hours = quiet(
        market={"accounts": 60, "customers": 60},
        customers={"questions_per_year": 10.0, "share_on_social": 0.8, "share_settled_offline": 0.6, "renewal_share": 0.999},
        dialogue={"replies_raise_volume": 0.6, "kinds": {"complaint": {"patience": 1.0}}},
        listening={"share_tagged": 0.0, "mention_finds_per_hour": 0.0},
        team={"hours_per_week": 10.0, "split": only(listening=0.5, dialogue=0.5)},
        presence={"twin": "absent"},
        time={"horizon_weeks": 52},
    )
    present, absent = World(hours, 4, 0), World(twin_of(hours), 4, 0)
    present.dialogue.impression = Outlook(1.0, 0.0, 0.0)
    assert not [row for row in rows(present.run().conversations) if row["kind"] in ("complaint", "customer_question")]
    absent.run()
    complaints = 0
    for index in range(60):
        made = absent.market.account(index).complaints
        assert present.market.account(index).complaints == made
        complaints += len(made)
    assert complaints > 20


def test_a_complaint_that_is_heard_and_answered_does_not_count_as_made_off_line():
    """Until it is heard it does, so that who looks in between knows of it."""

    class Ear(ListeningDesk):
        def expect(self, *signal):
            self.found = signal[-1]

    world, ear = World(always_on(), 1, 0), Ear()
    account = world.market.account(0)
    world.service._listen_for(ear, account, Message(0, "complaint", False, False, 0.5, 0.5))
    assert account.complaints == (0.0,)
    ear.found(0.0)
    assert account.complaints == ()


def test_unsettled_complaints_are_a_share_of_those_made_off_line():
    """Null: binomial with 1 - share settled. alpha 0.001, against the same world where nothing is settled."""
    counts = []
    for settled in (0.7, 0.0):
        hours = quiet(
            market={"accounts": 100, "customers": 100},
            customers={"questions_per_year": 10.0, "share_on_social": 0.8, "share_settled_offline": settled,
                       "renewal_share": 0.999},
            effects={"unanswered_complaint": 1.0},
            team={"hours_per_week": 0.0},
            time={"horizon_weeks": 104},
        )  # fmt: skip
        world = World(hours, 5, 0)
        world.run()
        counts.append(sum(len(world.market.account(index).complaints) for index in range(100)))
    assert counts[1] > 300
    assert stats.binomtest(counts[0], counts[1], 0.3).pvalue > ALPHA


def test_a_reply_over_a_weekend_is_as_late_as_its_working_hours():
    """Patience counts working days alone, so does the lateness of a reply that it is compared with."""
    hours = always_on(
        calendar={"weekdays": [0, 1, 2, 3, 4], "opens_at": 0.0, "closes_at": 24.0},
        market={"accounts": 400, "segments": {"all": {"needs_per_year": 5.0}}, "contact": {"social": 50.0},
                "shortlist": {"share_without_social": 0.95, "research_weeks": 1.0}},
        channels={"network": {"users": 1.0, "followers_at_start": 1.0}},
        dialogue={"minutes": {"median": 9.0, "sigma": 0.0}, "patience_hours": 24.0},
        team={"members": {"one": {"sessions": ["Mon 00:00", "Tue 00:00", "Wed 00:00", "Thu 00:00", "Fri 00:00"],
                                  "max_hours_per_week": 120.0}}, "hours_per_week": 120.0},
        time={"horizon_weeks": 12},
    )  # fmt: skip
    world, needs = World(hours, 6, 0), []
    make = world.market.needs
    world.market.needs = lambda: needs.extend(make()) or needs
    world.run()
    answered = {row["account"] for row in rows(world.record.conversations) if row["outcome"] == "answered"}
    by_message = [need for need in needs if need.path == "social" and need.live and need.account.index in answered]
    assert len(by_message) > 50
    lateness = [need.reply_delay for need in by_message]
    assert max(lateness) < 0.5, "nobody waits for more than a few working hours"
