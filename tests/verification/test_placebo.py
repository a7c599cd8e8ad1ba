"""Placebo hours: work that can have no effect has none, to the last bit (model.md, 13)."""

import math
from functools import cache

import pytest

from sim.measures import evaluate
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario.schema import Scenario
from sim.scenario.schema.channels import PROFILE_CHANNELS
from tests.worlds import PLACEBO, TWO_STEPS, changed, exact, new, rows, scenario

DEALS = ("account", "need", "segment", "opens_at", "lead_at", "closed_at", "ended_at", "won", "value", "weight", "p", "u",
         "path", "recorded_source", "qualified_at", "pending")  # fmt: skip


ALMOST_NONE = 1.0 + 1e-9  # an odds ratio
HASTY = {"patience_hours": 2.0}  # so that some messages are missed at 40 hours too


def placebo(kind: str, **changes: object) -> Scenario:
    hours = scenario(team={"hours_per_week": 40.0}, presence={"twin": kind}, dialogue=HASTY, **PLACEBO)
    if kind == "abandoned":
        hours = changed(hours, channels={"network": {"followers_at_start": 0.2}, "blog": {"followers_at_start": 0.1}})
    return changed(hours, **changes)


@cache
def lived(kind, replication):
    """The world of a placebo and its twin; nobody writes to their records."""
    hours = placebo(kind)
    return simulate(hours, 11, replication), simulate(twin_of(hours), 11, replication)


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
@pytest.mark.parametrize("replication", [0, 1])
def test_hours_without_effect_leave_needs_deals_and_renewals_bit_identical(kind, replication):
    hours = placebo(kind)
    assert hours.twin_kind() == kind
    record, twin = lived(kind, replication)

    assert sum(row["seconds"] for row in rows(record.hours)) > 0.99 * 40 * 3600 * 150, "the hours were worked"
    assert len(record.posts) > 1000
    assert len(record.interactions) > 500
    assert len(record.followers) > 300
    assert len(record.passed_on) > 10
    assert len(record.signals) > 20
    assert {row["outcome"] for row in rows(record.conversations)} >= {"answered", "missed"}
    assert not twin.hours.rows
    assert not twin.posts.rows
    assert not twin.interactions.rows
    assert any(row["won"] for row in rows(record.needs))
    assert len(record.renewals) > 500

    assert exact(record.needs, *DEALS) == exact(twin.needs, *DEALS)
    assert exact(record.renewals) == exact(twin.renewals)
    assert exact(record.contracts) == exact(twin.contracts)
    for column in ("open_deals", "slowness", "visits_search"):
        assert record.weeks.as_columns()[column] == twin.weeks.as_columns()[column]
    assert record.run_off_hours == twin.run_off_hours


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_channels_and_colleagues_of_today_without_effect_leave_everything_bit_identical(kind):
    """Two steps, people who come by themselves or leave over many posts, colleagues who pass on: a year without effect."""
    hours = changed(placebo(kind), **TWO_STEPS, time={"horizon_weeks": 52})
    record, twin = simulate(hours, 11, 0), simulate(twin_of(hours), 11, 0)
    ways = {row["how"] for row in rows(record.followers)}
    assert ways >= {"connected", "invited", "found", "brought", "left"}
    assert {row["channel"] for row in rows(record.posts)} >= set(PROFILE_CHANNELS)
    assert {row["channel"] for row in rows(record.interactions)} >= set(PROFILE_CHANNELS)
    assert len(record.expenses) > 20
    assert exact(record.needs, *DEALS) == exact(twin.needs, *DEALS)
    assert exact(record.renewals) == exact(twin.renewals)
    assert exact(record.contracts) == exact(twin.contracts)
    minds = changed(hours, effects={"declined_request": 1.0 - 1e-9})
    assert exact(simulate(minds, 11, 0).needs, *DEALS) != exact(twin.needs, *DEALS), "who declines would show"


def test_hours_without_effect_bring_nothing_and_cost_what_they_cost():
    hours = placebo("absent")
    record, twin = lived("absent", 0)
    outcome = {name: column[0] for name, column in evaluate(hours, record, twin)["outcomes"].items()}
    for name, value in outcome.items():
        if name.startswith(
            ("net_deals", "net_revenue", "net_margin", "net_renewal", "net_expansions", "net_value_ahead")
        ) or name in (
            "gross_caused", "gross_lost_because", "gross_accelerated", "gross_delayed", "caused_without_touch",
        ):  # fmt: skip
            assert value == 0.0, name
    for name in ("net_return", "net_return_expected", "net_return_deals", "net_return_deals_by_horizon_expected"):
        assert outcome[name] == -outcome["cost"], name


@pytest.mark.parametrize(
    ("effect", "change"),
    [
        ("exposure", {"effects": {"year_of_posts": ALMOST_NONE}}),
        ("engagement", {"effects": {"engagement": ALMOST_NONE}}),
        ("outreach", {"effects": {"peer_answer": ALMOST_NONE}}),
        ("touch", {"effects": {"good_post": ALMOST_NONE}}),
        ("reply", {"effects": {"good_reply": ALMOST_NONE}}),
        ("miss", {"effects": {"no_reply": 1.0 / ALMOST_NONE}}),
        ("social path", {"market": {"contact": {"social": 0.7}}}),
        ("complaints", {"effects": {"unanswered_complaint": 1.0 / ALMOST_NONE}}),
    ],
)
def test_each_effect_alone_is_seen_however_small(effect, change):
    """The placebo test has no blind spot: any single effect, a billionth of a unit of it, shows, within a year already."""
    hours = placebo("absent", time={"horizon_weeks": 52}, **change)
    record, twin = simulate(hours, 11, 0), simulate(twin_of(hours), 11, 0)
    assert exact(record.needs, *DEALS) + exact(record.renewals) != exact(twin.needs, *DEALS) + exact(twin.renewals)


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_zero_hours_are_their_own_twin_with_every_effect_at_work(kind):
    nothing = scenario(team={"hours_per_week": 0.0}, presence={"twin": kind}, market={"trust": {"start_logit_shift": 0.7}})
    record, twin = simulate(nothing, 3, 0), simulate(twin_of(nothing), 3, 0)
    assert exact(record.needs) == exact(twin.needs)
    assert exact(record.renewals) == exact(twin.renewals)


def test_the_same_draws_give_the_same_record_again():
    hours = scenario(team={"hours_per_week": 20.0})
    first, again = simulate(hours, 5, 2), simulate(hours, 5, 2)
    for name in (
        "hours",
        "drafts",
        "posts",
        "followers",
        "interactions",
        "conversations",
        "signals",
        "needs",
        "renewals",
        "contracts",
        "weeks",
    ):
        assert repr(getattr(first, name).rows) == repr(getattr(again, name).rows), name
    assert first.ledger == again.ledger


def test_trust_off_its_baseline_moves_in_both_worlds():
    """The placebo scenario has a bite: with trust at rest, rewriting it would not be seen."""
    hours = placebo("absent")
    calm = changed(hours, market={"trust": {"start_logit_shift": 0.0}})
    shifted, rested = simulate(twin_of(hours), 11, 0), simulate(twin_of(calm), 11, 0)
    p = [row["p"][0] for row in rows(new(shifted.needs))]
    q = [row["p"][0] for row in rows(new(rested.needs))]
    assert all(a > b for a, b in zip(p, q, strict=True))
    assert math.fsum(p) > 1.05 * math.fsum(q)
