"""The company without social media is read back, the same to a terminal, to programs and in the report."""

import html

import numpy as np
import pytest

import sim
from sim.analysis.baseline import baseline
from sim.experiment.plan import Plan
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.twin import twin_of
from sim.report.text import company
from tests.small import small

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

YEAR = 52.0


@pytest.fixture(scope="module")
def warm():
    return sim.run(sim.apply(small(), {"time.warm_up_weeks": 20, "time.horizon_weeks": 60}), replications=3)


def test_it_wins_what_its_twin_worlds_win_in_a_year(levels):
    found = baseline(levels, 0)
    scenario = Plan.from_results(levels).points[0].scenario
    worlds = levels.manifest["replications"]
    deals = revenue = 0.0
    for number in range(worlds):
        needs = simulate(twin_of(scenario), levels.manifest["seed"], number).needs.as_columns("weight", "value", "ended_at")
        ended = np.array(needs["ended_at"]) <= 40 * HOURS_PER_WEEK
        deals += np.array(needs["weight"])[ended].sum()
        revenue += (np.array(needs["weight"]) * np.array(needs["value"]))[ended].sum()
    assert found.deals_per_year.value == pytest.approx(deals / worlds * YEAR / 40)
    assert found.revenue_per_year.value == pytest.approx(revenue / worlds * YEAR / 40)
    assert found.customers == 30
    outcomes = levels.table("outcomes")
    mine = outcomes[outcomes["point"] == 0]
    assert found.renewal_rate == pytest.approx(mine["twin_renewals_expected"].sum() / mine["twin_renewals_due_expected"].sum())


def test_hours_do_not_change_the_company_that_they_are_held_against(levels):
    assert baseline(levels, 0) == baseline(levels, 1)


def test_after_a_warm_up_whole_quarters_of_the_crm_count(warm):
    """Two of them, 26 to 52; outcomes leave out deals of needs that opened before."""
    quarters = warm.table("quarters")
    shown = quarters[quarters["quarter"].isin([2, 3])].groupby("replication")["twin_deals_all"].sum()
    found = baseline(warm, 0).deals_per_year
    assert found.value == pytest.approx(shown.reindex(range(3), fill_value=0.0).mean() * YEAR / 26)
    assert found.value > np.mean(warm.outcomes()["twin_deals_by_horizon"]) * YEAR / 40


def test_where_no_whole_quarter_follows_a_warm_up_nothing_is_said():
    results = sim.run(sim.apply(small(), {"time.warm_up_weeks": 30, "time.horizon_weeks": 38}), replications=1)
    assert company.read_back(results, 0) == ""


def test_terminal_program_and_report_agree(levels, page):
    answer = sim.read(levels.folder).answer()
    said = company.read_back(levels, 0)
    assert said in list(answer.sentences())
    assert "interval of the mean" in said
    assert answer.to_dict()["baseline"]["deals_per_year"] == baseline(levels, 0).deals_per_year.value
    assert said in html.unescape(page)


def test_a_company_never_wins_less_than_nothing():
    """The interval of two worlds that differ reached below zero."""
    few = sim.run(sim.apply(small(), {"market.accounts": 200, "market.customers": 3}), replications=2)
    found = baseline(few, 0).deals_per_year
    assert found.low == 0.0 < found.value < found.high
