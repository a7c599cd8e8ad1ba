"""Customers: onboarding, expansion, and what their contracts leave at the end, against known answers (model.md, 8)."""

import math
from collections import Counter

import pytest

from sim.measures import evaluate
from sim.model import World, simulate
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.twin import twin_of
from tests.quiet import quiet
from tests.verification.test_community import presence
from tests.verification.test_engagements import ALPHA, p_of_total
from tests.worlds import exact, rows, scenario

ACCOUNTS, SIGNED_AT, ONBOARDING_WEEKS = 120, 20 * HOURS_PER_WEEK, 13
ASKING = {"questions_per_year": 6.0, "share_on_social": 0.5, "renewal_share": 0.999}


def signing(world, at, **how):
    """Every account signs a contract at one moment."""
    yield world.env.timeout(at)
    for index in range(ACCOUNTS):
        world.customers.sign(world.market.account(index), **how)


@pytest.mark.parametrize("is_new", [True, False])
def test_new_customers_ask_more_while_they_are_new(is_new):
    """Null: Poisson, accounts x questions a year x share on social x weeks / 52, times 3 while new. alpha 0.001, seed 1.

    Counted in the weeks of onboarding and in as many later; a factor of 2 is rejected.
    """
    onboarding = {"weeks": ONBOARDING_WEEKS, "questions": 3.0}
    hours = presence(
        ACCOUNTS, at_start=0.0, weeks=80, market={"customers": 0}, customers=ASKING | {"onboarding": onboarding},
        dialogue={"replies_raise_volume": 0.5}, listening={"share_tagged": 1.0},
    )  # fmt: skip
    world = World(hours, 1, 0)
    world.env.process(signing(world, SIGNED_AT, is_new=is_new))
    weeks = [(row["opened_at"] - SIGNED_AT) / HOURS_PER_WEEK for row in rows(world.run().conversations)]
    assert min(weeks) > 0.0, "before, nobody is a customer"
    usual = ACCOUNTS * 6.0 * 0.5 * ONBOARDING_WEEKS / 52
    new, later = (
        sum(week < ONBOARDING_WEEKS for week in weeks),
        sum(week >= 20 and week < 20 + ONBOARDING_WEEKS for week in weeks),
    )
    assert p_of_total(new, usual * (3.0 if is_new else 1.0)) > ALPHA
    assert p_of_total(new, usual * 2.0) < ALPHA
    assert p_of_total(later, usual) > ALPHA
    assert p_of_total(later, usual * 2.0) < ALPHA


COMPLAINING = {
    "market": {"accounts": ACCOUNTS, "customers": 0},
    "customers": ASKING
    | {"share_settled_offline": 0.3, "share_complaints": 0.5, "onboarding": {"weeks": 20.0, "questions": 3.0}},
    "team": {"hours_per_week": 0.0},
    "time": {"horizon_weeks": 104},
}


@pytest.mark.parametrize("earlier", [None, 20, 300])
def test_a_ghost_contract_is_new_as_long_as_the_contract_would_have_been(earlier):
    """Exact, account by account, without a presence: a contract's complaints are those of the account that has it besides.

    With no contract before, and with one signed so many weeks before (then in onboarding itself) or on the first day.
    """
    at, now = 30 * HOURS_PER_WEEK, 82 * HOURS_PER_WEEK - 1.0
    alive, ghost = World(quiet(COMPLAINING), 3, 0), World(quiet(COMPLAINING), 3, 0)
    for world in (alive, ghost):
        if earlier is not None:
            world.env.process(signing(world, max(0.0, at - earlier * HOURS_PER_WEEK), is_new=earlier < 30))
    alive.env.process(signing(alive, at))
    alive.run()
    ghost.run()
    assert now - at < HOURS_PER_YEAR
    added = 0.0
    for index in range(ACCOUNTS):
        said = [sum(at < moment < now for moment in world.market.account(index).complaints) for world in (alive, ghost)]
        new_until = at + 20 * HOURS_PER_WEEK
        _, complaints = ghost.service.as_a_customer(ghost.market.account(index), 0.5, at, now, new_until)
        assert complaints == said[0] - said[1]
        added += complaints
    assert added > 30


def test_without_weeks_of_onboarding_its_questions_change_nothing():
    """To the bit: the most that could be asked is no more than without it."""
    few, many = (
        World(quiet(COMPLAINING, customers={"onboarding": {"weeks": 0.0, "questions": questions}}), 3, 0)
        for questions in (1.0, 4.0)
    )
    for world in (few, many):
        world.env.process(signing(world, SIGNED_AT))
        world.run()
    said = [[world.market.account(index).complaints for index in range(ACCOUNTS)] for world in (few, many)]
    assert said[0] == said[1]
    assert any(said[0])


def test_without_growth_all_is_as_without_expansion():
    """To the bit, whatever share of renewals grows by nothing: every outcome but the count of expansions."""
    outcomes, records = [], []
    for share in (0.02, 0.9):
        hours = scenario(
            team={"hours_per_week": 20.0}, time={"horizon_weeks": 78},
            customers={"expansion": {"growth": 0.0, "share_without_social": share}},
        )  # fmt: skip
        record, twin = simulate(hours, 5, 0), simulate(twin_of(hours), 5, 0)
        records.append(record)
        outcomes.append({name: repr(value) for name, (value,) in evaluate(hours, record, twin)["outcomes"].items()})
    differing = {name for name in outcomes[0] if outcomes[0][name] != outcomes[1][name]}
    assert differing == {f"{world}expansions{how}" for world in ("", "twin_", "net_") for how in ("", "_expected")}
    names = [name for name in records[0].renewals.columns if "expand" not in name]
    assert exact(records[0].renewals, *names) == exact(records[1].renewals, *names)
    for row in rows(records[1].renewals):
        assert row["value"] == row["renewed_value"] == row["expected_value"]


def test_values_compound_along_what_happened_and_what_was_to_be_expected():
    """Exact, contract by contract: value x (1 + growth) for each expansion, and x (1 + growth x p) for each anniversary."""
    hours = scenario(
        team={"hours_per_week": 20.0}, time={"horizon_weeks": 208}, market={"accounts": 400, "customers": 200},
        customers={"expansion": {"growth": 0.4, "share_without_social": 0.5}},
    )  # fmt: skip
    contracts = {}
    for row in rows(simulate(hours, 6, 0).renewals):
        contracts.setdefault((row["account"], row["need"]), []).append(row)
    grew = 0
    for anniversaries in contracts.values():
        realised = expected = anniversaries[0]["value"]
        for row in anniversaries:
            assert row["value"] == realised
            assert row["expanded"] == (row["renewed"] and row["u_expands"] < row["p_expands"])
            realised *= 1.4 if row["expanded"] else 1.0
            expected *= 1.0 + 0.4 * row["p_expands"]
            assert row["renewed_value"] == pytest.approx(realised, rel=1e-12)
            assert row["expected_value"] == pytest.approx(expected, rel=1e-12)
            realised = row["renewed_value"]
            grew += row["expanded"]
    assert grew > 100
    assert max(len(anniversaries) for anniversaries in contracts.values()) == 4


def test_contracts_at_the_end_are_those_begun_less_those_lapsed():
    """Exact, contract by contract: those of the first day and of every need that ended, also in the run-off, ghosts too."""
    hours = scenario(team={"hours_per_week": 20.0}, time={"horizon_weeks": 130}, market={"accounts": 600, "customers": 100})
    world = World(hours, 6, 0)
    record = world.run()
    begun = {(index, -1) for index in range(100)}
    needs = {(row["account"], row["need"]): row for row in rows(record.needs) if not math.isnan(row["ended_at"])}
    last = {(row["account"], row["need"]): row for row in rows(record.renewals)}
    left = {(row["account"], row["need"]): row for row in rows(record.contracts)}
    assert len(left) == len(record.contracts)
    assert left.keys() == begun | needs.keys()
    for key, row in left.items():
        if key in last:
            renewal = last[key]
            known = renewal["renewed"], renewal["renewed_value"], renewal["weight"] * renewal["expected_value"]
        else:
            known = needs[key]["won"], needs[key]["value"], needs[key]["weight"] * needs[key]["value"]
        assert (row["held"], row["value"], row["expected_value"]) == known
        assert row["segment"] == world.market.segment_of(key[0])
    held = Counter(account for (account, _), row in left.items() if row["held"])
    assert all(account.contracts == held[index] for index, account in world.market._accounts.items())
    late = [row for key, row in left.items() if key in needs and needs[key]["ended_at"] > world.setting.horizon]
    assert any(row["held"] for row in late)
    assert sum(not row["held"] for row in late) > 30


def test_where_nobody_leaves_and_nothing_differs_value_ahead_is_the_formula():
    """Exact: renewal as good as sure and without slopes, as many contracts as on the first day, sum of their values."""
    hours = scenario(
        team={"hours_per_week": 0.0}, time={"horizon_weeks": 130},
        market={"accounts": 300, "customers": 100, "segments": {"all": {"needs_per_year": 0.0}}},
        customers={"renewal_share": 1.0 - 1e-13, "trust_slope": 0.0, "years_ahead": 4,
                   "discount_rate": 0.5, "expansion": {"growth": 0.0}},
        effects={"good_reply": 1.0, "no_reply": 1.0, "unanswered_complaint": 1.0},
    )  # fmt: skip
    record, twin = simulate(hours, 6, 0), simulate(twin_of(hours), 6, 0)
    row = {name: value for name, (value,) in evaluate(hours, record, twin)["outcomes"].items()}
    values = math.fsum(one["value"] for one in rows(record.renewals) if one["anniversary"] == 0)
    years = 1 / 1.5 + 1 / 1.5**2 + 1 / 1.5**3 + 1 / 1.5**4
    assert row["value_ahead"] == pytest.approx(0.5 * values * years, rel=1e-9)
    assert row["value_ahead_expected"] == pytest.approx(row["value_ahead"], rel=1e-9)
    assert row["net_value_ahead"] == row["net_value_ahead_expected"] == 0.0
    assert row["net_return"] == 0.0, "what is ahead is no part of the return"
