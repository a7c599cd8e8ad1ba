"""What a company states of its sales is met by its worlds, and stays met when assumptions vary."""

import math

import numpy as np
import pytest

from sim.experiment import company
from sim.experiment.company import Look, company_now, deals_of, fingerprint, met, solved_in
from sim.experiment.plan import Plan, Point
from sim.model.market import Market
from sim.model.odds import Odds
from sim.model.streams import streams_of
from sim.scenario import Scenario, ScenarioError, apply, load, load_tagged
from sim.scenario.schema.company import deals_of_shares

TESTED, ROUGH = 0.012, 0.04  # standard errors
HER_FIRM = {"market.accounts": 800, "market.customers": 150, "company.deals_per_year": 45, "customers.renewal_share": 0.86}


def solved(error):
    """A firm of 800 accounts, solved with fewer worlds than is usual."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(company, "_RATIOS", {})
        patch.setattr(company, "STANDARD_ERROR", error)
        return met(apply(Scenario(name="her firm", time={"horizon_weeks": 52}), HER_FIRM))


@pytest.fixture(scope="module")
def her_firm():
    """The firm, for tests that do not look at how well it is solved."""
    return solved(ROUGH)


def shown(scenario, worlds, seed, monkeypatch):
    """Deals expected per year over worlds of another seed, with the standard error."""
    monkeypatch.setattr(company, "SEED", seed)
    now = company_now(scenario)
    found = np.array([deals_of(Look(now, number))[1:] for number in range(worlds)])
    years = scenario.time.horizon_weeks * 7 / 365.25
    ratio = found[:, 0].sum() / found[:, 1].sum()
    left = found[:, 0] - ratio * found[:, 1]
    deals = ratio * deals_of_shares(scenario.market, scenario.sales)
    assert found[:, 1].mean() / years == pytest.approx(deals_of_shares(scenario.market, scenario.sales), rel=0.1)
    return deals, deals * left.std(ddof=1) / math.sqrt(worlds) / found[:, 0].mean()


@pytest.mark.slow
def test_worlds_of_another_seed_show_the_deals_that_were_stated(monkeypatch):
    her_firm = solved(TESTED)
    deals, error = shown(her_firm, 12, 77, monkeypatch)
    assert deals == pytest.approx(45.0, abs=3.0 * math.hypot(error, TESTED * 45.0))
    assert her_firm.company.simulated_over_shares > 1.05, "customers speak of the brand; without solving, deals would be off"


def test_the_control_variate_has_the_mean_that_the_shares_give():
    """Over many accounts, the chance of a need is the product of the shares, with rivals' pressure left out."""
    scenario = apply(Scenario(name="x"), {"market.accounts": 60_000, "market.rivals.pressure": 0.4})
    market = Market(scenario, streams_of(5, 0))
    with_rival = np.array([market.account(index).is_with_rival for index in range(len(market))], dtype=float)
    chances = Odds(scenario).p_wins_untouched(*market.minds(), with_rival)
    shares = scenario.market.shortlist.share_without_social * math.prod(
        stage.pass_share for stage in scenario.sales.stages.values()
    )
    assert chances.mean() == pytest.approx(shares, rel=0.02)


def test_a_scenario_that_was_solved_is_left_as_it_is(her_firm):
    assert met(her_firm) is her_firm
    again = Scenario.model_validate(her_firm.document(), strict=False)
    assert met(again) is again, "so results can be repeated from their manifest"
    assert met(Scenario(name="states nothing")).company.solved_for == ""


def test_it_is_solved_anew_if_something_has_changed_that_moves_deals(her_firm):
    assert fingerprint(apply(her_firm, {"market.word_of_mouth.peers_asked": 0})) != her_firm.company.solved_for
    assert fingerprint(apply(her_firm, {"company.hours_now": 5.0})) != her_firm.company.solved_for
    known = apply(her_firm, {"team.hours_per_week": 30.0})
    assert fingerprint(known) == her_firm.company.solved_for, "without hours now, hours to come move no deal of today"


def test_who_varies_a_guess_varies_it_for_a_company_that_wins_these_deals(her_firm):
    for path, value in {"market.shortlist.share_without_social": 0.4, "market.accounts": 1600}.items():
        other = apply(her_firm, {path: value})
        deals = deals_of_shares(other.market, other.sales) * other.company.simulated_over_shares
        assert deals == pytest.approx(45.0)
    assert apply(her_firm, {"market.accounts": 1600}).market.segments["all"].needs_per_year == pytest.approx(
        her_firm.market.segments["all"].needs_per_year / 2.0
    )


def test_segments_keep_their_proportions():
    segments = {"large": {"share": 0.2, "needs_per_year": 0.4}, "small": {"share": 0.8, "needs_per_year": 0.1}}
    found = Scenario(name="x", company={"deals_per_year": 60.0}, market={"segments": segments})
    assert deals_of_shares(found.market, found.sales) == pytest.approx(60.0)
    assert found.market.segments["large"].needs_per_year == pytest.approx(4.0 * found.market.segments["small"].needs_per_year)


def test_more_deals_than_accounts_can_buy_are_one_error_with_the_numbers_that_clash():
    with pytest.raises(ScenarioError, match=r"company\.deals_per_year is 45, but 100 target accounts") as raised:
        apply(Scenario(name="x"), {"market.accounts": 100, "market.customers": 10, "company.deals_per_year": 45})
    assert "make at most 24" in str(raised.value)
    assert "at least 189 accounts" in str(raised.value)
    with pytest.raises(ScenarioError, match="give no deal at all"):
        apply(Scenario(name="x"), {"market.accounts": 0, "market.customers": 0, "company.deals_per_year": 45})


def test_needs_cannot_be_given_beside_the_deals_that_they_follow_from(tmp_path, her_firm):
    file = tmp_path / "a.yaml"
    file.write_text(
        "name: x\ncompany: {deals_per_year: 45}\nmarket:\n  segments:\n    all: {needs_per_year: 0.3}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=r"a.yaml:5: market.segments.all.needs_per_year: it follows from"):
        load(file)
    with pytest.raises(ScenarioError, match=r"needs_per_year: it follows from company.deals_per_year \(45\)"):
        apply(her_firm, {"market.segments.all.needs_per_year": 0.3})
    below = tmp_path / "b.yaml"
    below.write_text("extends: c.yaml\ncompany: {deals_per_year: 45}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("name: x\nmarket: {segments: {all: {needs_per_year: 0.3}}}\n", encoding="utf-8")
    found = load_tagged(below)
    needs = ("market", "segments", "all", "needs_per_year")
    assert found.scenario.market.segments["all"].needs_per_year != 0.3, "what a file says stands above what it extends"
    assert found.origins[needs] == found.origins["company", "deals_per_year"]


def test_the_manifest_says_what_was_solved_to_what(her_firm):
    plan = Plan("x", (Point("a", her_firm), Point("b", Scenario(name="states nothing"))), 1, 1)
    first, second = plan.manifest()["points"]
    assert (
        first["solved"]
        == solved_in(her_firm)
        == {"market.segments.all.needs_per_year": her_firm.market.segments["all"].needs_per_year}
    )
    assert second["solved"] == {}


@pytest.mark.slow
def test_hours_of_today_win_their_part_of_the_deals():
    """A company that already spends hours has fewer deals without them."""
    small = {"market.accounts": 200, "market.customers": 20, "company.deals_per_year": 12, "time.horizon_weeks": 52}
    without = met(apply(Scenario(name="x"), small))
    with_hours = met(apply(Scenario(name="x"), small | {"company.hours_now": 20.0}))
    assert with_hours.company.simulated_over_shares > without.company.simulated_over_shares
    assert company_now(with_hours).team.hours_per_week == 20.0
