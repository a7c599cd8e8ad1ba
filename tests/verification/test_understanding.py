"""Weak signals: found is not understood; what is understood makes content topical and opens talks (model.md, 7)."""

from collections import Counter

import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_WEEK
from tests.quiet import always_on, column, only
from tests.worlds import Only, rows

ALPHA = 0.001
WATCHFUL = {
    "weak_signals": {"finds_per_hour": 0.2, "trends_per_year": 30.0, "moves_per_year": 30.0},
    "team": {"split": only(listening=0.4, weak_signals=0.3, content=0.2, dialogue=0.1)},
    "validation": {"reviewers": Only()},
    "content": {
        "formats": {"raw": {"mix": 0.5}, "adapted": {"mix": 0.0}, "original": {"mix": 0.5, "quality": 0.6}},
        "sources": {"ideas": {"per_week": 30.0}, "news": {"per_week": 30.0, "worthless_after_weeks": 5.0}},
    },
    "market": {"accounts": 200, "segments": {"all": {"needs_per_year": 2.0}}},
    "listening": {"share_of_needs_asked_about": 0.0},
    "time": {"horizon_weeks": 104},
}


def watchful(*layers, **changes):
    return always_on(WATCHFUL, *layers, **changes)


def lived(hours, seed=1):
    """The world after its end, its drafts as (begun at, draft) and the moments at which each analysis began."""
    world = World(hours, seed, 0)
    drafts, begun, begin, take = [], {}, world.content._begin, world.analysis.take

    def beginning(*chosen):
        draft = begin(*chosen)
        drafts.append((world.env.now, draft))
        return draft

    def taking(worker):
        waiting = [one.number for one in world.analysis._waiting]
        work = take(worker)
        if work is not None:
            gone = set(waiting) - {one.number for one in world.analysis._waiting}
            begun[world.env.now] = gone
        return work

    world.content._begin, world.analysis.take = beginning, taking
    record = world.run()
    return world, record, drafts, begun


def analysed(world, kind):
    return [one for one in world.analysis.found if one.kind == kind and one.analysed_at is not None]


@pytest.mark.parametrize("lacking", ["weak_signals", "listening"])
def test_without_finding_or_without_understanding_nothing_comes_of_them(lacking):
    split = only(listening=0.4, weak_signals=0.4, content=0.2) | {lacking: 0.0}
    split["content"] += 0.4
    world, record, drafts, _ = lived(watchful(team={"split": split}))
    assert len(world.analysis.found) == 0 if lacking == "listening" else len(world.analysis.found) > 50
    assert not [one for one in world.analysis.found if one.analysed_at is not None]
    assert len(drafts) > 1000
    assert {draft.topicality for _, draft in drafts} == {1.0}
    assert not [row for row in rows(record.conversations) if row["kind"] == "outreach"]
    assert world.content.shelves["ideas"].stock <= world.content.shelves["ideas"].room


def test_drafts_begun_while_an_analysed_trend_is_fresh_are_topical_and_no_others():
    """Exact, draft by draft: quality times the factor, and worth that ends so many weeks after it was begun."""
    hours = watchful(weak_signals={"topicality": 1.3, "topical_weeks": 1.0, "topical_worthless_after_weeks": 2.0,
                                   "trends_per_year": 15.0})  # fmt: skip
    world, _, drafts, _ = lived(hours)
    trends = [one.analysed_at for one in analysed(world, "trend") if one.analysed_at < one.dies_at]
    assert len(trends) > 10
    topical = 0
    for began, draft in drafts:
        is_topical = any(at <= began < at + HOURS_PER_WEEK for at in trends)
        topical += is_topical
        assert draft.topicality == (1.3 if is_topical else 1.0)
        worth = 5.0 if draft.kind == "raw" else float("inf")
        if is_topical:
            worth = min(worth, 2.0)
        assert draft.worthless_at == pytest.approx(began + worth * HOURS_PER_WEEK, rel=1e-12)
        if draft.quality:
            assert draft.quality == pytest.approx(min(0.99, draft.form.quality * draft.topicality), rel=1e-12)
    assert 0.05 * len(drafts) < topical < 0.6 * len(drafts)


def test_topical_drafts_are_never_published_after_their_worth():
    """Reviewers take about as long as topicality lasts: some are published in time, the others never."""
    hours = watchful(
        weak_signals={"topical_worthless_after_weeks": 0.5, "topical_weeks": 3.0},
        validation={"reviewers": Only(expert={"people": 3, "hours_per_week": 8.0, "share_raw": 0.6, "share_original": 1.0,
                                              "share_approved": 0.6})},
        team={"split": only(listening=0.2, weak_signals=0.2, content=0.3, publishing=0.3)},
        content={"sources": {"news": {"per_week": 15.0}, "ideas": {"per_week": 5.0}}},
    )  # fmt: skip
    world, record, _, _ = lived(hours)
    topical = {draft.number: draft for draft in world.content.made if draft.topicality > 1.0}
    states = Counter(draft.state for draft in topical.values())
    assert states["published"] > 50
    assert states["expired"] > 50
    for row in rows(record.posts):
        if row["draft"] in topical:
            assert row["time"] <= topical[row["draft"]].worthless_at
    for draft in topical.values():
        if draft.state == "expired":
            assert draft.settled_at > draft.worthless_at - 0.3, "not before it is too late to put it on its channels"


@pytest.mark.parametrize("most", [0, 1, 3])
def test_a_move_leads_to_outreach_to_so_many_buyers_who_research(most):
    """Exact: as many conversations as there are buyers in research, at most so many; none to anybody else."""
    hours = watchful(
        weak_signals={"outreach_per_move": most, "trends_per_year": 0.0},
        market={"accounts": 12, "segments": {"all": {"needs_per_year": 1.0}}},
    )
    world, record, _, _ = lived(hours)
    research = 13 * HOURS_PER_WEEK
    needs = [(row["account"], row["opens_at"]) for row in rows(record.needs)]
    opened = Counter((row["opened_at"]) for row in rows(record.conversations) if row["kind"] == "outreach")
    expected, fewer = Counter(), 0
    for move in analysed(world, "competitor_move"):
        if move.analysed_at < move.dies_at:
            there_are = sum(opens <= move.analysed_at < opens + research for _, opens in needs)
            fewer += there_are < most
            if min(most, there_are):
                expected[move.analysed_at] += min(most, there_are)
    assert opened == expected
    assert not most or (sum(expected.values()) > 20 and (most == 1 or fewer > 3))
    for row in rows(record.conversations):
        if row["kind"] == "outreach":
            assert any(account == row["account"] and opens <= row["opened_at"] < opens + research for account, opens in needs)


def test_whom_a_move_unsettles_is_drawn_by_account_and_move():
    """Exact: a smaller number are the first of a larger one's, another move unsettles others, nobody is written to twice."""
    chosen = {}
    for most in (1, 3):
        world = World(watchful(weak_signals={"outreach_per_move": most}), 1, 0)
        world.outreach.expect(world.market.needs())
        world.env.run(until=50 * HOURS_PER_WEEK)
        calls = []
        world.outreach.reach_out = calls.append
        for move in range(30):
            world.analysis._reach_out(move)
        names = [(need.account.index, need.number) for need in calls]
        chosen[most] = [names[most * move : most * (move + 1)] for move in range(30)]
    assert [names[:1] for names in chosen[3]] == chosen[1]
    assert all(len(set(names)) == 3 for names in chosen[3])
    assert len({names[0] for names in chosen[1]}) > 15


def test_dead_signals_are_not_analysed():
    """Little time for analysis and short lives: many die waiting, and no analysis begins after a signal's death."""
    hours = watchful(
        weak_signals={
            "trend_life_weeks": 0.5,
            "move_life_weeks": 0.5,
            "analysis_minutes": {"median": 200.0},
            "trends_per_year": 200.0,
        },
        team={"split": only(listening=0.95, weak_signals=0.05)},
    )
    world, _, _, begun = lived(hours)
    done = [one for one in world.analysis.found if one.analysed_at is not None]
    left = [one for one in world.analysis.found if one.analysed_at is None]
    assert len(done) > 20
    assert len(left) > 20
    starts = sorted(begun)
    for one in done:
        start = max(at for at in starts if at < one.analysed_at)
        assert start < one.dies_at, "it was news when its analysis began"
    assert all(one.found_at <= one.dies_at for one in world.analysis.found)


def test_a_trend_understood_too_late_makes_nothing_topical():
    """Analysis of a day and lives of a few hours: most are over when they are understood."""
    slow = {"trend_life_weeks": 0.1, "analysis_minutes": {"median": 1000.0, "sigma": 0.0}, "moves_per_year": 0.0,
            "finds_per_hour": 5.0, "trends_per_year": 60.0, "topical_weeks": 0.01}  # fmt: skip
    world, _, _, _ = lived(watchful(weak_signals=slow))
    done = analysed(world, "trend")
    late = [one for one in done if one.analysed_at >= one.dies_at]
    in_time = [one for one in done if one.analysed_at < one.dies_at]
    assert len(late) > 20
    moments = []
    world = World(watchful(weak_signals=slow), 1, 0)
    inspire = world.content.inspire
    world.content.inspire = lambda source, pieces: (moments.append(world.env.now), inspire(source, pieces))
    world.run()
    assert moments == [one.analysed_at for one in in_time]


def test_product_ideas_are_a_share_of_what_is_analysed():
    """Null: binomial, alpha 0.001; whatever the kind of signal."""
    hours = watchful(weak_signals={"share_with_product_idea": 0.3, "trends_per_year": 300.0, "moves_per_year": 300.0},
                     team={"split": only(listening=0.4, weak_signals=0.6)})  # fmt: skip
    _, record, _, _ = lived(hours)
    for kind in ("trend", "competitor_move"):
        ideas = [row["product_idea"] for row in rows(record.signals) if row["kind"] == kind and row["analysed_at"] is not None]
        assert len(ideas) > 250
        assert stats.binomtest(sum(ideas), len(ideas), 0.3).pvalue > ALPHA
    assert not any(row["product_idea"] for row in rows(record.signals) if row["analysed_at"] is None)
    assert column(record.signals, "kind")
