"""Ten firms of different sizes, as people would describe them: what they say of themselves, their worlds show."""

import math

import numpy as np
import pytest

from sim.experiment import company
from sim.experiment.company import Look, baseline_of, company_now, deals_of, met
from sim.intake.reading import read_answers
from sim.intake.scenario_file import scenario_file
from sim.measures.causal_effects import Window, net_renewals
from sim.model import simulate
from sim.model.twin import twin_of
from sim.scenario import apply, load
from sim.scenario.schema.company import deals_of_shares

FIRMS = {  # deals per year, accounts, customers, renewal rate, value, currency, hours now
    "a consultancy": (5, 100, 12, "70 %", 60_000, "EUR", 0),
    "a tool maker": (8, 400, 60, "90 %", 15_000, "USD", 0),
    "a start-up": (12, 1_500, 15, "75 %", 8_000, "EUR", 4),
    "her firm": (45, 800, 150, "86 %", 18_000, "EUR", 0),
    "a supplier": (30, 2_500, 200, "92 %", 4_000_000, "JPY", 0),
    "an agency": (25, 300, 60, "60 %", 25_000, "USD", 10),
    "a distributor": (120, 3_000, 400, "85 %", 3_500, "EUR", 0),
    "a platform": (200, 5_000, 900, "88 %", 12_000, "USD", 6),
    "a publisher": (300, 10_000, 1_200, "80 %", 300_000, "JPY", 0),
    "a large firm": (500, 20_000, 2_000, "90 %", 45_000, "EUR", 0),
}
MANY = 2_500  # accounts; a year of their sales tells more than two years of others'
WORLDS_NEEDS = 5_000  # purchases considered, over the worlds that are looked at


def scenario_of(name, folder):
    deals, accounts, customers, renewal, value, currency, hours = FIRMS[name]
    answers = read_answers(
        {
            "name": name, "currency": currency, "target_accounts": accounts, "deals_per_year": deals, "customers": customers,
            "renewal_rate": renewal, "deal_value": value, "now": {"hours": hours, "followers": 40 * hours, "months": 24},
            "people": [{"name": "one", "hours": 10, "cost_per_hour": value / 500}],
        }
    )  # fmt: skip
    file = folder / "firm.yaml"
    file.write_text(scenario_file(answers), encoding="utf-8")
    return apply(load(file), {"time.horizon_weeks": 104 if accounts < MANY else 52})


@pytest.mark.slow
@pytest.mark.parametrize("name", FIRMS)
def test_worlds_of_another_seed_show_the_firm(name, tmp_path, monkeypatch):
    """Deals, revenue and renewals are met within 2 %, as far as the worlds looked at can tell (a one-sided 95 % margin)."""
    deals, _, customers, renewal, value, *_ = FIRMS[name]
    monkeypatch.setattr(company, "STANDARD_ERROR", 0.012)
    monkeypatch.setattr(company, "FIRST", 4)
    scenario = met(scenario_of(name, tmp_path))
    monkeypatch.setattr(company, "SEED", 4711)
    now = company_now(scenario)
    twin = twin_of(scenario)
    needs = deals_of_shares(scenario.market, scenario.sales) / 0.24 / 0.2
    worlds = max(4, math.ceil(WORLDS_NEEDS / needs / 2))
    shown = np.array([deals_of(Look(now, number))[1:] for number in range(worlds)])
    found = deals_of_shares(scenario.market, scenario.sales) * shown[:, 0].sum() / shown[:, 1].sum()
    left = shown[:, 0] - shown[:, 0].sum() / shown[:, 1].sum() * shown[:, 1]
    within = 0.02 + 1.645 * left.std(ddof=1) / math.sqrt(worlds) / shown[:, 0].mean()
    assert found == pytest.approx(deals, rel=within)
    assert scenario.market.segments["all"].deal_value.mean * found == pytest.approx(deals * value, rel=within)
    due = kept = 0.0
    for number in range(max(2, math.ceil(3000 / customers))):
        record = simulate(twin, 4711, number)
        row = net_renewals(record, record, Window.of(twin), 1.0)
        due, kept = due + row["renewals_due_expected"], kept + row["renewals_expected"]
    assert kept / due == pytest.approx(float(renewal.removesuffix(" %")) / 100.0, rel=0.02)
    read_back = baseline_of(scenario)
    assert read_back.customers == customers
    assert read_back.deals_per_year <= deals * 1.02
