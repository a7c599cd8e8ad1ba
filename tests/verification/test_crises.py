"""Crises: a hazard of time and unanswered complaints, harm that is what the scenario says (model.md, 7)."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.model import World, simulate
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.streams import exponential
from sim.model.twin import twin_of
from tests.quiet import ALL_DAYS, always_on, only, quiet
from tests.verification.test_placebo import DEALS, placebo
from tests.worlds import NO_HEARSAY, changed, exact, rows

ALPHA = 0.001


def alone(weeks=260, **changes):
    """Nobody works and nobody complains: time alone brings crises."""
    return quiet(time={"horizon_weeks": weeks, "run_off_weeks": 0}, team={"hours_per_week": 0.0}, **changes)


def born_by_the_book(world, per_year, per_complaint=0.0, complaints=()):
    """When each crisis is born: at the first moment at which rate x time + added reaches the next sum of Exp(1) draws."""
    draws, threshold, born, number = world.setting.streams.sparse("crisis", 6), 0.0, [], 0
    rate = per_year / HOURS_PER_YEAR
    while True:
        threshold += exponential(draws(number))
        added, at = 0.0, None
        for moment in [*complaints, math.inf]:
            due = (threshold - added) / rate if rate > 0.0 else math.inf
            if due <= moment:
                at = due
                break
            added += per_complaint
            if moment < math.inf and rate * moment + added >= threshold:
                at = moment
                break
        if at is None or at >= world.setting.horizon:
            return born
        born.append(at)
        number += 1


def births(world):
    """Every crisis born, whether or not its harm falls before the horizon."""
    born, be_born = [], world.crises._be_born

    def watching():
        born.append(world.env.now)
        be_born()

    world.crises._be_born = watching
    return born


@pytest.mark.slow
def test_how_many_there_are_is_poisson():
    """Null: Poisson of mean per_year x years. alpha 0.001 for the total and for dispersion, over 300 worlds of 5 years."""
    hours, counts = alone(crises={"per_year": 2.0}), []
    for replication in range(300):
        world = World(hours, 1, replication)
        born = births(world)
        world.run()
        counts.append(len(born))
    counts, mean = np.array(counts), 10.0
    assert 2.0 * stats.norm.sf(abs(counts.sum() - 300 * mean) / math.sqrt(300 * mean)) > ALPHA
    below = stats.chi2.cdf(((counts - mean) ** 2).sum() / mean, 300)
    assert 2.0 * min(below, 1.0 - below) > ALPHA


@pytest.mark.parametrize(("per_year", "per_complaint"), [(3.0, 0.0), (3.0, 0.2), (0.0, 0.3), (0.05, 0.3)])
def test_each_is_born_when_its_hazard_reaches_its_threshold(per_year, per_complaint):
    """Exact: to 1e-9 of the times computed here; those that a complaint sets off, at the moment of the complaint."""
    moments = np.sort(np.random.default_rng(1).uniform(0.0, 260 * HOURS_PER_WEEK, 60)).tolist()
    world = World(alone(crises={"per_year": per_year, "per_unanswered_complaint": per_complaint}), 2, 0)
    for moment in moments:
        world.env.timeout(moment).callbacks.append(lambda _: world.crises.complaint_unanswered())
    born = births(world)
    world.run()
    expected = born_by_the_book(world, per_year, per_complaint, moments)
    assert len(expected) > 8
    assert born == pytest.approx(expected, rel=1e-9)


def test_they_break_out_after_an_exponential_time():
    """Null: exponential with the mean of the scenario. KS, alpha 0.001."""
    record = World(alone(1040, crises={"per_year": 50.0, "build_up_hours": 30.0}), 3, 0).run()
    waits = [row["breaks_out_at"] - row["born_at"] for row in rows(record.crises)]
    assert len(waits) > 900
    assert stats.kstest(waits, stats.expon(scale=30.0).cdf).pvalue > ALPHA
    assert all(row["settled_at"] == pytest.approx(row["breaks_out_at"] + 24.0) for row in rows(record.crises))


COMPLAINERS = {
    "market": {"accounts": 60, "customers": 60},
    "customers": {"questions_per_year": 6.0, "share_on_social": 1.0, "share_complaints": 1.0, "renewal_share": 0.99},
    "dialogue": {"replies_raise_volume": 0.0},
    "listening": {"share_tagged": 1.0},
}


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_the_same_crises_come_where_every_complaint_is_answered_and_where_none_is_public(kind):
    """To the bit; in a presence where nobody answers there are more, as the hazard says."""
    hours = always_on(
        ALL_DAYS,
        COMPLAINERS,
        crises={"per_year": 2.0, "per_unanswered_complaint": 0.05},
        team={"split": only(listening=0.3, weak_signals=0.1, dialogue=0.6)},
        dialogue={"patience_hours": 2000.0},
        presence={"twin": kind},
    )
    record, twin = simulate(hours, 4, 0), simulate(twin_of(hours), 4, 0)
    complaints = [row["outcome"] for row in rows(record.conversations) if row["kind"] == "complaint"]
    assert len(complaints) > 700
    assert "missed" not in complaints
    columns = ("crisis", "born_at", "breaks_out_at", "settled_at")
    if kind == "absent":
        assert len(twin.crises) > 2
        assert exact(record.crises, *columns) == exact(twin.crises, *columns)
    else:
        assert len(twin.crises) > 2 * len(record.crises)


def test_harm_is_done_to_a_share_of_accounts_and_takes_a_share_of_their_trust():
    """Null: each account hears with the scenario's probability (binomial, alpha 0.001). What trust is left is exact."""
    hours = alone(
        market={"accounts": 3000, "trust": {"start_logit_shift": 0.6}},
        crises={"per_year": 1.0, "share_of_accounts": 0.3, "trust_loss": 0.15},
    )
    world = World(hours, 5, 0)
    world.crises.begin()
    settled = exponential(world.setting.streams.sparse("crisis", 6)(0)) * HOURS_PER_YEAR
    world.env.run(until=settled)
    while not world.record.crises.rows:
        world.env.step()
    now = world.env.now
    accounts = [world.market.account(index) for index in range(3000)]
    shaken = [account for account in accounts if account.shaken]
    assert stats.binomtest(len(shaken), 3000, 0.3).pvalue > ALPHA
    untouched = World(hours, 5, 0).market
    for account in accounts:
        kept = 0.85 if account.shaken else 1.0
        assert account.trust(now) == pytest.approx(kept * untouched.account(account.index).trust(now), rel=1e-12)
        assert account.shaken in (0.0, 0.15)


def busy(**changes):
    """Someone who listens, understands and answers day and night, among frequent crises."""
    return always_on(
        ALL_DAYS,
        {
            "crises": {"per_year": 60.0, "finds_per_hour": 0.05, "build_up_hours": 60.0},
            "team": {"split": only(listening=0.6, weak_signals=0.2, dialogue=0.2)},
            "time": {"horizon_weeks": 260},
        },
        **changes,
    )


def test_what_an_answer_saves_is_what_the_scenario_says():
    """Exact, row by row: contained when answered before the outbreak, softened when after, if it can be at all."""
    hours = busy(crises={"trust_loss": 0.2, "left_if_warned": 0.1, "left_if_answered": 0.5, "share_containable": 0.7})
    world = World(hours, 6, 0)
    record = world.run()
    draws, crises = world.setting.streams.sparse("crisis", 6), rows(record.crises)
    left, seen = {"contained": 0.1, "softened": 0.5, "uncontained": 1.0}, set()
    for row in crises:
        containable = draws.several(row["crisis"])[2] < 0.7
        answered = row["answered_at"]
        if answered is None or not containable:
            outcome = "uncontained"
        else:
            outcome = "contained" if answered <= row["breaks_out_at"] else "softened"
        assert row["outcome"] == outcome
        assert row["trust_loss"] == pytest.approx(0.2 * left[outcome], rel=1e-12)
        if row["warned_at"] is not None:
            assert row["born_at"] <= row["warned_at"] <= row["breaks_out_at"]
        if answered is not None:
            assert answered >= (row["warned_at"] or row["breaks_out_at"])
            assert answered <= row["settled_at"]
        seen.add(outcome)
    assert seen == set(left)
    answered = [row for row in crises if row["answered_at"] is not None]
    assert len(answered) > 200
    assert stats.binomtest(sum(row["outcome"] != "uncontained" for row in answered), len(answered), 0.7).pvalue > ALPHA


def test_an_answer_begun_in_time_counts_though_it_ends_later():
    """Exact: in office hours, where many an answer is finished the day after, each that was given has its effect."""
    hours = quiet(
        {
            "crises": {"per_year": 60.0, "finds_per_hour": 0.5},
            "team": {"hours_per_week": 10.0, "split": only(listening=0.4, weak_signals=0.2, dialogue=0.4)},
            "time": {"horizon_weeks": 156},
        }
    )
    record = World(hours, 10, 0).run()
    talks = {row["opened_at"]: row for row in rows(record.conversations) if row["kind"] == "crisis"}
    late = 0
    for row in rows(record.crises):
        talk = talks[row["breaks_out_at"] if row["warned_at"] is None else row["warned_at"]]
        assert (row["answered_at"] is not None) == (talk["outcome"] == "answered")
        late += talk["outcome"] == "answered" and talk["settled_at"] > row["settled_at"]
    assert late > 10


def test_without_listening_or_without_analysis_nobody_is_warned_and_without_dialogue_nobody_answers():
    for split, warned, answered in (
        (only(weak_signals=0.5, dialogue=0.5), False, True),
        (only(listening=0.5, dialogue=0.5), False, True),
        (only(listening=0.5, weak_signals=0.5), True, False),
    ):
        often = {"crises": {"per_year": 150.0}, "time": {"horizon_weeks": 104}}
        crises = rows(simulate(busy(team={"split": split}, **often), 7, 0).crises)
        assert len(crises) > 200
        assert any(row["warned_at"] is not None for row in crises) == warned
        assert any(row["answered_at"] is not None for row in crises) == answered
        outcomes = {row["outcome"] for row in crises}
        assert "contained" not in outcomes
        assert ("softened" in outcomes) == answered


def test_first_signs_are_found_as_competing_exponentials_say():
    """P(found before the outbreak) = f / (f + 1 / build-up), by one who only listens. Binomial, alpha 0.001."""
    world = World(busy(team={"split": only(listening=1.0)}, crises={"per_year": 150.0}, time={"horizon_weeks": 104}), 8, 0)
    record = world.run()
    found = sum(row["kind"] == "early_sign" for row in rows(record.signals))
    assert stats.binomtest(found, world.crises.number, 0.05 / (0.05 + 1.0 / 60.0)).pvalue > ALPHA
    assert world.crises.number > 200


def test_after_the_horizon_no_harm_is_done():
    hours = busy(time={"horizon_weeks": 30, "run_off_weeks": 20}, market={"accounts": 50, **NO_HEARSAY})
    hours = changed(
        hours, crises={"per_year": 300.0, "build_up_hours": 200.0}, market={"segments": {"all": {"needs_per_year": 5.0}}}
    )
    world = World(hours, 9, 0)
    born = births(world)
    record = world.run()
    assert record.run_off_hours > 1000.0
    assert len(born) > len(record.crises) + 3, "some broke out too late to matter"
    assert max(row["settled_at"] for row in rows(record.crises)) < 30 * HOURS_PER_WEEK
    assert max(born) < 30 * HOURS_PER_WEEK
    assert all(world.market.account(index).since < 30 * HOURS_PER_WEEK for index in range(50))


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
def test_crises_that_cost_no_trust_change_nothing_to_the_last_bit(kind):
    fewer = {"market": {"accounts": 600}, "time": {"horizon_weeks": 104}}
    hours = placebo(kind, crises={"per_year": 20.0, "per_unanswered_complaint": 0.5}, **fewer)
    record, twin = simulate(hours, 11, 0), simulate(twin_of(hours), 11, 0)
    assert len(record.crises) > 30
    assert exact(record.crises, "born_at") != exact(twin.crises, "born_at")
    assert exact(record.needs, *DEALS) == exact(twin.needs, *DEALS)
    assert exact(record.renewals) == exact(twin.renewals)
    harmful = changed(hours, crises={"trust_loss": 1e-9})
    assert exact(simulate(harmful, 11, 0).renewals) != exact(simulate(twin_of(harmful), 11, 0).renewals)
