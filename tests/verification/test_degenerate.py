"""Degenerate worlds: what reason expects, and no crash (model.md, 13)."""

import math
from collections import Counter

import pytest

from sim.measures import evaluate
from sim.model import simulate
from sim.model.customers import FIRST_CONTRACT
from sim.model.twin import twin_of
from tests.worlds import (
    NO_REVIEW,
    SOCIAL_EFFECTS,
    changed,
    effects,
    exact,
    material,
    reviewed,
    rows,
    scenario,
    since_the_first_day,
)  # fmt: skip

TIMELESS = {"sources": {"news": {"worthless_after_weeks": 0.0}}}
CHANNELS = ("network", "micro_blog", "blog")


def base(**changes):
    usual = scenario(
        team={"hours_per_week": 20.0},
        calendar={"holidays": []},
        time={"horizon_weeks": 52},
        market={"accounts": 300, "customers": 40, "segments": {"all": {"needs_per_year": 1.0}}},
    )
    return changed(usual, **changes)


def both(hours, seed=1):
    """Record, twin and outcomes of a scenario."""
    record, twin = simulate(hours, seed, 0), simulate(twin_of(hours), seed, 0)
    row = {name: column[0] for name, column in evaluate(hours, record, twin)["outcomes"].items()}
    return record, twin, row


def test_without_reach_nobody_engages_and_nobody_remembers():
    hours = base(
        channels={name: {"reach": 0.0} for name in CHANNELS},
        listening={"share_of_needs_asked_about": 0.0},
        customers={"share_on_social": 0.0},
        market={"contact": {"social": -100.0}},
    )
    record, twin, row = both(hours)
    assert record.posts.rows
    assert record.followers.rows
    assert not record.interactions.rows
    assert row["reach"] == 0.0
    assert exact(record.needs, "p", "closed_at", "won") == exact(twin.needs, "p", "closed_at", "won")
    assert row["net_return"] == -row["cost"]


def test_without_users_there_is_nobody_to_invite():
    record, _, row = both(base(channels={name: {"users": 0.0} for name in CHANNELS}))
    assert not record.followers.rows
    assert not record.interactions.rows
    assert "recruiting" not in {hour["activity"] for hour in rows(record.hours)}
    assert row["hours"] == pytest.approx(20 * 50, rel=1e-4)


def test_without_acceptance_nobody_follows_and_the_pool_is_gone_through_once():
    record, *_ = both(base(recruiting={"accepts": 0.0}))
    assert not record.followers.rows
    assert "recruiting" in {hour["activity"] for hour in rows(record.hours)}


def test_without_accounts_there_are_no_deals():
    record, twin, row = both(base(market={"accounts": 0, "customers": 0}))
    for world in (record, twin):
        assert not world.needs.rows
        assert not world.renewals.rows
    assert row["net_deals"] == row["net_deals_expected"] == row["net_renewals"] == 0.0
    assert row["net_return"] == -row["cost"] < 0.0
    assert math.isnan(row["shortlist_share"])
    assert record.run_off_hours == 0.0


def test_without_customers_at_first_nobody_renews_before_a_deal_is_a_year_old():
    record, _, _ = both(base(market={"customers": 0}, time={"horizon_weeks": 104}))
    wins = {(row["account"], row["need"]): row["ended_at"] for row in rows(record.needs)}
    held = [row for row in rows(record.renewals) if row["held"]]
    assert held
    for row in rows(record.renewals):
        assert row["need"] != FIRST_CONTRACT
        assert row["time"] == pytest.approx(wins[row["account"], row["need"]] + (row["anniversary"] + 1) * 52 * 168, rel=1e-12)


def test_reviewers_who_never_work_publish_nothing_that_they_must_see():
    record, _, row = both(base(validation=reviewed(1.0, hours_per_week=0.0), content=TIMELESS))
    assert not record.posts.rows
    assert not record.interactions.rows
    assert Counter(draft["state"] for draft in rows(record.drafts)).keys() == {"in review", "waiting for review"}
    assert row["run_off_weeks"] > 0.0, "and the world ends all the same"
    some, *_ = both(base(validation={"reviewers": {"expert": {"hours_per_week": 0.0}, "legal": NO_REVIEW}}))
    states = Counter((draft["kind"], draft["state"]) for draft in rows(some.drafts))
    assert states["raw", "published"] > 0
    assert states["raw", "in review"] == 0
    assert states["original", "in review"] > 0


def test_without_patience_every_message_outside_a_session_is_missed():
    record, _, row = both(base(dialogue={"patience_hours": 1e-6}))
    outcomes = Counter(talk["outcome"] for talk in rows(record.conversations) if talk["kind"] != "outreach")
    assert outcomes["missed"] > 10
    assert outcomes["answered"] <= 0.1 * outcomes["missed"]
    assert row["replied_in_time_share"] < 0.1
    for need in rows(record.needs):
        assert need["path"] != "social" or need["recorded_source"] == "" or outcomes["answered"]


def test_with_endless_patience_hardly_a_message_is_missed():
    record, *_ = both(base(dialogue={"patience_hours": 1e4}))
    outcomes = Counter(talk["outcome"] for talk in rows(record.conversations) if talk["kind"] != "outreach")
    assert outcomes["missed"] == 0
    assert outcomes["answered"] > 20


def test_without_material_and_ideas_nothing_is_posted():
    record, _, row = both(base(content=material(0.0, 0.0), weak_signals={"ideas_per_trend": 0.0}))
    assert not record.drafts.rows
    assert not record.posts.rows
    assert row["interactions"] == 0.0
    activities = {hour["activity"] for hour in rows(record.hours)}
    assert not activities & {"content", "publishing", "validation"}
    assert row["hours"] == pytest.approx(20 * 50, rel=1e-4), "the hours go elsewhere"


def test_one_week():
    record, _, row = both(base(time={"horizon_weeks": 1, "warm_up_weeks": 0}))
    assert len(record.weeks) == 1
    assert row["hours"] == pytest.approx(20.0, rel=1e-4)
    assert all(need["opens_at"] < 168.0 for need in rows(record.needs))
    assert row["deals_by_horizon"] == 0.0


def test_without_run_off_open_deals_are_pending_and_no_deal_of_either_world():
    hours = base(time={"run_off_weeks": 0})
    record, _, row = both(hours)
    needs = rows(record.needs)
    pending = [need for need in needs if need["pending"]]
    assert pending
    assert not any(need["won"] for need in pending)
    assert row["gross_pending"] >= len(pending)
    assert row["deals"] == row["deals_by_horizon"] == sum(need["won"] for need in needs)
    assert record.run_off_hours == 0.0
    full, *_ = both(base())
    assert {tuple(n[c] for c in ("account", "need")) for n in needs if n["won"]} == {
        (n["account"], n["need"]) for n in rows(full.needs) if n["won"] and n["closed_at"] <= 52 * 168
    }


def test_without_run_off_expected_deals_are_those_seen_to_their_end():
    """Expected and realised count the same thing; a need that has decided nothing yet is not a whole expected deal."""
    _, _, row = both(base(time={"run_off_weeks": 0}))
    assert row["twin_deals_expected"] == pytest.approx(row["twin_deals_by_horizon_expected"], rel=0.2)


NO_SLOPES = {"salience_slope": 0.0, "trust_slope": 0.0}


def test_without_slopes_nothing_that_is_remembered_or_believed_matters():
    hours = base(
        market={
            "shortlist": {"salience_slope": 0.0, "trust_slope": 0.0},
            "contact": {"social": -100.0},
            "rivals": {"switching_odds": 1.0},
        },
        sales={**NO_SLOPES, "stalls": NO_SLOPES},
        customers={"trust_slope": 0.0},
        effects=dict.fromkeys((*SOCIAL_EFFECTS, "recommendation", "praise"), 1.0),
    )
    record, _, row = both(hours)
    assert record.interactions.rows
    assert row["net_deals_expected"] == row["net_renewals_expected"] == 0.0
    share = {"shortlist": 0.24, "marketing_qualified": 0.60, "sales_qualified": 0.65, "opportunity": 0.70, "proposal": 0.73}
    for need in rows(record.needs):
        for step, p in since_the_first_day(need, "steps", "p"):
            # half of the lost are lost standing still, where half wake
            awake = 1.0 if step == "shortlist" else 0.5 + 0.5 * share.get(step, 0.0)
            expected = 0.5 if step.endswith("wakes") else share[step] / awake
            assert p == pytest.approx(expected, rel=1e-9), "every chance follows from the shares the company knows"
    assert [need["p"] for need in rows(record.renewals)] == pytest.approx([0.85] * len(record.renewals), rel=1e-9)


def test_with_the_social_path_as_good_as_sure_reached_accounts_write_and_none_else():
    record, _, _ = both(base(market={"contact": {"social": 100.0}}))
    reached = {row["account"] for row in rows(record.followers)} | {row["account"] for row in rows(record.signals)}
    social = [need for need in rows(record.needs) if need["path"] == "social"]
    assert social
    assert {need["account"] for need in social} <= reached
    assert all(need["lead_at"] <= 53 * 168 for need in social)


def test_taking_the_social_path_away_moves_buyers_to_their_second_choice_and_nobody_else():
    open_, closed = (simulate(base(market={"contact": {"social": u}}), 1, 0) for u in (2.0, -100.0))
    moved = 0
    for a, b in zip(rows(open_.needs), rows(closed.needs), strict=True):
        assert b["path"] != "social"
        if a["path"] not in ("social", "") and b["path"]:  # a ghost that cannot write has none
            assert a["path"] == b["path"]
        moved += a["path"] == "social"
    assert moved > 10


def test_sales_that_nothing_can_slow_down_takes_its_time_and_one_that_everything_slows_more():
    free = simulate(base(sales={"load_exponent": 0.0}), 1, 0)
    tight = simulate(base(sales={"capacity_ratio": 0.3, "load_exponent": 2.0}), 1, 0)
    assert set(free.weeks.as_columns()["slowness"]) == {1.0}
    assert max(tight.weeks.as_columns()["slowness"]) > 1.5
    pairs = list(zip(rows(free.needs), rows(tight.needs), strict=True))
    assert all(a["lead_at"] == b["lead_at"] or a["path"] == "social" or b["path"] == "social" for a, b in pairs)
    assert sum(math.isnan(b["ended_at"]) or b["ended_at"] > a["ended_at"] for a, b in pairs) > 0.8 * len(pairs)


@pytest.mark.parametrize(
    "change",
    [
        {"listening": {"life_hours": 1e-6}},
        {"measurement": {"tagging": {"gain_per_hour": 0.0}, "asking": {"gain_per_hour": 0.0}}},
        {"animation": {"gain_per_hour": 0.0}},
        {"team": {"switching_minutes": 1e4}},
        {"team": {"start_jitter_minutes": 0.0, "switching_minutes": 0.0}},
        {"market": {"salience": {"base_sigma": 0.0}, "trust": {"baseline_sigma": 0.0}}},
        {"effects": effects(touched=1.0, replied=1.0, missed=1.0, praised=1.0)},
        {"effects": effects(exposed=100.0, engaged=100.0, recommended=100.0)},
        {"sales": {"cycle_weeks": {"median": 19.0, "sigma": 0.0}}},
        {"web": {"visits_per_week": 0.0}},
        {"web": {"visits_per_week": 1e5}},
        {"content": {"sources": {"news": {"keeps_weeks": 0.0}}}},
        {"calendar": {"closed_weeks": list(range(1, 54))}},
        {"channels": {"network": {"followers_at_start": 1.0}}},
        {"listening": {"finds_per_hour": 0.0}},
    ],
    ids=repr,
)
def test_extremes_that_a_scenario_may_hold_run_to_their_end(change):
    record, twin, row = both(base(**change))
    assert len(record.needs) == len(twin.needs) > 0
    assert all(0.0 <= p <= 1.0 for need in rows(record.needs) for p in need["p"])
    assert math.isfinite(row["net_return_expected"])
