"""Validation: kind after kind, round after round, until all approve or the draft has lost its worth (model.md, 4)."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_WEEK, Calendar
from tests.quiet import ALL_DAYS, column, only, quiet
from tests.worlds import Only, changed, rows

ALPHA = 0.001
ALL = {"share_raw": 1.0, "share_adapted": 1.0, "share_original": 1.0}
QUICK = {"people": 1000, "hours_per_week": 10.0, "review_hours": {"median": 0.1, "sigma": 0.0}}


def approving(reviewers, *layers, **changes):
    """News alone is passed on, in ten minutes each, and all of it must be seen by reviewers."""
    return quiet(
        {
            "validation": {"reviewers": Only(reviewers), "rework_share": 0.4},
            "content": {
                "formats": {"raw": {"mix": 1.0, "minutes": {"median": 10.0, "sigma": 0.0}}, "adapted": {"mix": 0.0},
                            "original": {"mix": 0.0}},
                "sources": {"news": {"per_week": 20.0, "worthless_after_weeks": 0.0}},
            },
            "team": {"hours_per_week": 20.0, "split": only(content=0.5, publishing=0.5)},
            "time": {"horizon_weeks": 104},
        },
        ALL_DAYS,
        *layers,
        **changes,
    )  # fmt: skip


def asked(hours, seed=1):
    """The world after its end, and by draft the reviewers' answers in their order: (panel, round, approved, when)."""
    world, answers = World(hours, seed, 0), defaultdict(list)
    for name, panel in zip(hours.validation.reviewers, world.validation.panels, strict=True):

        def approves(draft, number, name=name, usual=panel.approves):
            says = usual(draft, number)
            answers[draft.number].append((name, number, says, world.env.now))
            return says

        panel.approves = approves
    return world, world.run(), answers


def test_reviewers_are_asked_kind_after_kind_each_until_they_approve():
    """Exact order; null: rounds of each kind are geometric with its own share (chi-square, alpha 0.001)."""
    shares = {"expert": 0.6, "legal": 0.8, "board": 0.4}
    world, _, answers = asked(approving({name: QUICK | ALL | {"share_approved": share} for name, share in shares.items()}))
    published = [draft for draft in world.content.made if draft.state == "published"]
    assert len(published) > 1000
    rounds = defaultdict(Counter)
    for draft in published:
        told, expected = answers[draft.number], []
        for name in shares:
            own = [says for whose, _, says, _ in told if whose == name]
            assert own == [False] * (len(own) - 1) + [True]
            expected += [(name, number) for number in range(len(own))]
            rounds[name][len(own)] += 1
        assert [(name, number) for name, number, *_ in told] == expected
        assert draft.rounds == len(told)
    for name, share in shares.items():
        drawn = world.setting.streams[f"approved/{name}"]
        assert all((drawn(draft.number, 0) < share) == answers_of(answers, draft, name)[0] for draft in published)
        most = 5 if share < 0.7 else 4
        counts = [rounds[name][k] for k in range(1, most)] + [sum(n for k, n in rounds[name].items() if k >= most)]
        p = [share * (1.0 - share) ** (k - 1) for k in range(1, most)] + [(1.0 - share) ** (most - 1)]
        assert stats.chisquare(counts, [len(published) * one for one in p]).pvalue > ALPHA


def answers_of(answers, draft, name):
    return [says for whose, _, says, _ in answers[draft.number] if whose == name]


def test_each_kind_of_reviewer_sees_its_share_and_nobody_else_asks_for_it():
    """Null: drafts seen by experts and by lawyers are independent binomials. alpha 0.001 each."""
    shares = {"expert": 0.5, "legal": 0.2}
    panels = {name: QUICK | {"share_raw": share, "share_approved": 0.9} for name, share in shares.items()}
    world, _, answers = asked(approving(panels))
    done = [draft for draft in world.content.made if draft.state == "published"]
    seen = {name: {draft.number for draft in done if answers_of(answers, draft, name)} for name in shares}
    assert stats.binomtest(len(seen["expert"]), len(done), 0.5).pvalue > ALPHA
    assert stats.binomtest(len(seen["legal"]), len(done), 0.2).pvalue > ALPHA
    assert stats.binomtest(len(seen["expert"] & seen["legal"]), len(done), 0.1).pvalue > ALPHA
    assert all(draft.rounds == 0 for draft in done if draft.number not in seen["expert"] | seen["legal"])


def test_what_is_sent_back_costs_a_share_of_the_making_each_time():
    """Exact, to the second: ten minutes, and four for every round but each kind's last."""
    panels = {"expert": QUICK | ALL | {"share_approved": 0.5}, "legal": QUICK | {"share_raw": 0.5, "share_approved": 0.5}}
    world, record, answers = asked(approving(panels))
    published = [draft for draft in world.content.made if draft.state == "published"]
    for draft in published:
        refused = sum(not says for _, _, says, _ in answers[draft.number])
        assert draft.seconds == 600 + 240 * refused
    assert max(draft.seconds for draft in published) > 600 + 3 * 240
    booked = sum(row["seconds"] for row in rows(record.hours) if row["activity"] == "content")
    assert booked == pytest.approx(sum(column(record.drafts, "seconds")), abs=2 * 600.0)


def test_reading_takes_lognormal_time_spread_over_working_days():
    """Null: hours with a reviewer who is free are lognormal x 168 / hours per week. KS on log hours, alpha 0.001."""
    panel = {"people": 1000, "hours_per_week": 2.0, "review_hours": {"median": 0.5, "sigma": 0.9}, "share_approved": 0.999}
    record = World(approving({"expert": panel | ALL}), 2, 0).run()
    reads = [row for row in rows(record.stages) if row["stage"] == "in review" and row["entered_at"] < 60 * HOURS_PER_WEEK]
    stays = [row["left_at"] - row["entered_at"] for row in reads]
    assert len(stays) > 1000
    assert stats.kstest(stays, stats.lognorm(0.9, scale=0.5 * 84.0).cdf).pvalue > ALPHA
    waits = [row["left_at"] - row["entered_at"] for row in rows(record.stages) if row["stage"] == "waiting for review"]
    assert max(waits) == 0.0, "with a thousand reviewers nobody waits for a turn"


def test_one_reviewer_reads_one_draft_at_a_time_in_the_order_in_which_they_came():
    panel = {"people": 2, "hours_per_week": 8.0, "review_hours": {"median": 0.5, "sigma": 0.5}, "share_approved": 0.9}
    record = World(approving({"expert": panel | ALL}), 3, 0).run()
    reads = sorted(
        (row["entered_at"], row["left_at"] or math.inf) for row in rows(record.stages) if row["stage"] == "in review"
    )
    assert len(reads) > 500
    ends = sorted(left for _, left in reads)
    for number, (entered, _) in enumerate(reads[2:]):
        assert entered >= ends[number] - 1e-9, "never three at once"
    queued = [row for row in rows(record.stages) if row["stage"] == "waiting for review"]
    order = [row["draft"] for row in sorted(queued, key=lambda row: row["entered_at"])]
    taken = [row["draft"] for row in sorted(queued, key=lambda row: (row["left_at"] or math.inf, row["entered_at"]))]
    assert order == taken


def test_reviewers_rest_when_others_do():
    """Exact: an hour's reading at 12 h a week takes ten hours of a five-day week, on its days alone."""
    panel = {"people": 1000, "hours_per_week": 12.0, "review_hours": {"median": 4.0, "sigma": 0.0}, "share_approved": 0.999}
    hours = approving({"expert": panel | ALL})
    hours = changed(hours, calendar={"weekdays": [0, 1, 2, 3, 4], "holidays": ["01-05"], "closed_weeks": [4]},
                    time={"horizon_weeks": 12})  # fmt: skip
    record = World(hours, 1, 0).run()
    calendar = Calendar(hours)
    read = [row for row in rows(record.stages) if row["stage"] == "in review" and row["left_at"] is not None]
    assert len(read) > 100
    for row in read:
        working = sum(
            max(0.0, min(row["left_at"], 24.0 * day + 24.0) - max(row["entered_at"], 24.0 * day))
            for day in range(12 * 7)
            if calendar.is_working_day(day)
        )
        assert working == pytest.approx(40.0, rel=1e-9)
    assert len({round(row["left_at"] - row["entered_at"], 3) for row in read}) > 3, "some fell on a weekend or a holiday"


@pytest.mark.parametrize("cut", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("chased_after", [0.0, 5.0, 15.0, 30.0])
def test_a_reminder_cuts_what_is_left_of_the_reading(cut, chased_after):
    """Exact: read for c of 20 hours, then (1 - cut) of the rest; after the end it does nothing."""
    panel = {"people": 1000, "hours_per_week": 4.2, "review_hours": {"median": 0.5, "sigma": 0.0}, "share_approved": 0.999}
    hours = approving({"expert": panel | ALL}, validation={"chase_cut": cut}, content={"sources": {"news": {"per_week": 1.0}}})
    world = World(hours, 1, 0)
    submit = world.content.submit

    def submitting(draft):
        submit(draft)
        world.env.timeout(chased_after).callbacks.append(lambda _: world.validation._remind(draft))

    world.content.submit = submitting
    record = world.run()
    read = [row for row in rows(record.stages) if row["stage"] == "in review" and row["left_at"] is not None]
    expected = chased_after + (1.0 - cut) * (20.0 - chased_after) if chased_after < 20.0 else 20.0
    assert len(read) > 50
    assert [row["left_at"] - row["entered_at"] for row in read] == pytest.approx([expected] * len(read), abs=1e-6)


def test_hours_of_validation_shorten_the_wait():
    """The same drafts and reviewers, with and without someone who reminds them: chased, all that is cut is half."""
    panel = {"people": 1000, "hours_per_week": 1.0, "review_hours": {"median": 0.5, "sigma": 0.0}, "share_approved": 0.999}
    waits, chased = {}, {}
    for share in (0.0, 0.2):
        hours = approving({"expert": panel | ALL}, validation={"chase_cut": 0.5, "chase_minutes": 1.0},
                          team={"split": only(content=0.4, publishing=0.6 - share, validation=share)})  # fmt: skip
        record = World(hours, 1, 0).run()
        read = [row for row in rows(record.stages) if row["stage"] == "in review" and row["left_at"] is not None]
        waits[share] = np.array([row["left_at"] - row["entered_at"] for row in read if row["entered_at"] < 90 * HOURS_PER_WEEK])
        chased[share] = sum(row["seconds"] for row in rows(record.hours) if row["activity"] == "validation") / 60.0
    assert waits[0.0] == pytest.approx(84.0, rel=1e-9)
    assert chased[0.0] == 0.0
    assert len(waits[0.2]) <= chased[0.2] + 5 <= 1.2 * len(waits[0.2]) + 30, "once for each round of each draft"
    assert waits[0.2].min() >= 42.0 - 1e-9
    assert waits[0.2].mean() < 65.0, "reminded within two days on average"


def test_what_has_lost_its_worth_is_dropped_and_reviewers_lose_no_time_with_it():
    """Slow reviewers: what waits too long for its turn expires there; what comes out too late is not published."""
    panel = {"people": 1, "hours_per_week": 4.0, "review_hours": {"median": 0.5, "sigma": 0.5}, "share_approved": 0.7}
    hours = approving({"expert": panel | ALL}, content={"sources": {"news": {"worthless_after_weeks": 1.5}}})
    world = World(hours, 4, 0)
    record = world.run()
    states = Counter(column(record.drafts, "state"))
    assert states["expired"] > 100
    assert states["published"] > 100
    worth = {draft.number: draft.worthless_at for draft in world.content.made}
    assert all(row["time"] <= worth[row["draft"]] for row in rows(record.posts))
    assert all(row["entered_at"] <= worth[row["draft"]] for row in rows(record.stages) if row["stage"] == "in review")
    for row in rows(record.drafts):
        assert (row["state"] == "expired") <= ((row["settled_at"] or 0.0) > worth[row["draft"]] - 0.2)


def test_without_reviewers_hours_only_what_needs_no_approval_is_published():
    """Null: binomial, alpha 0.001. The rest waits for ever, and reminders do not help."""
    panel = {"people": 1, "hours_per_week": 0.0, "share_raw": 0.3}
    hours = approving({"expert": panel}, team={"split": only(content=0.4, publishing=0.4, validation=0.2)})
    world = World(hours, 5, 0)
    record = world.run()
    states = Counter(column(record.drafts, "state"))
    assert set(states) <= {"published", "in review", "waiting for review", "approved"}
    assert states["in review"] == 1
    waiting = states["in review"] + states["waiting for review"]
    assert stats.binomtest(waiting, states.total(), 0.3).pvalue > ALPHA
    assert not [row for row in rows(record.stages) if row["stage"] == "in review" and row["left_at"] is not None]
