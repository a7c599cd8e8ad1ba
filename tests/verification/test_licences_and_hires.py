"""Licences and hiring: what is paid beside the hours, and when (model.md, 2.2)."""

import math

import pytest

from sim.measures import evaluate
from sim.model import simulate
from sim.model.team import HIRING, LICENCES
from sim.model.twin import twin_of
from tests.quiet import only, quiet
from tests.worlds import Only, changed, exact, rows

YEAR, HIRE = 600.0, 4000.0
WEEKS = 156
ANN_AND_BOB = Only(
    ann={"share": 0.5, "max_hours_per_week": 10.0, "licences_per_year": YEAR},
    bob={"share": 0.5, "max_hours_per_week": 10.0, "licences_per_year": YEAR},
)


def company(hours=4.0, **changes):
    """A team of two, with hires of dearer seats past 20 hours, in a world where nothing else happens."""
    hire = {"licences_per_year": 2.0 * YEAR, "max_hours_per_week": 10.0}
    team = {"hours_per_week": hours, "members": ANN_AND_BOB, "hire": hire, "cost_of_hire": HIRE, "split": only(dialogue=1.0)}
    return changed(quiet(team=team, time={"horizon_weeks": WEEKS, "run_off_weeks": 60}), **changes)


def paid(record, what):
    """Weeks and amounts of what was paid for something, in the order of time."""
    return sorted((row["week"], row["amount"]) for row in rows(record.expenses) if row["what"] == what)


def test_a_team_of_two_pays_two_licences_a_year_however_many_hours_it_gives():
    """Exact: 2 members x 3 years x 600, at the start of each year; nobody is hired."""
    for hours in (1.0, 20.0):
        record = simulate(company(hours), 1, 0)
        assert paid(record, LICENCES) == [(week, YEAR) for week in (0, 0, 52, 52, 104, 104)]
        assert not paid(record, HIRING)


@pytest.mark.parametrize(("weeks", "years"), [(51, 1), (52, 1), (53, 2), (104, 2), (105, 3)])
def test_a_year_begun_is_a_year_paid(weeks, years):
    record = simulate(company(time={"horizon_weeks": weeks}), 1, 0)
    assert math.fsum(amount for _, amount in paid(record, LICENCES)) == 2.0 * years * YEAR


def test_licences_fall_due_in_weeks_in_which_nobody_works():
    """Ann is away at the start of every year."""
    record = simulate(company(team={"members": {"ann": {"away_weeks": tuple(range(1, 20))}}}), 1, 0)
    assert paid(record, LICENCES) == [(week, YEAR) for week in (0, 0, 52, 52, 104, 104)]


def test_a_team_that_begins_later_pays_later():
    record = simulate(company(hours_policy={"starts_week": 30}), 1, 0)
    assert paid(record, LICENCES) == [(week, YEAR) for week in (30, 30, 82, 82, 134, 134)]


def test_a_hire_is_paid_for_in_the_week_in_which_a_ramp_needs_it():
    """Exact: hours are 10 + 30 t / 50, and hires join in the first week above 20 and above 30."""
    record = simulate(company(40.0, hours_policy={"kind": "ramp", "from_hours": 10.0, "ramp_weeks": 50}), 1, 0)
    joins = [next(t for t in range(WEEKS) if 10.0 + 30.0 * t / 50 > room + 1e-9) for room in (20.0, 30.0)]
    assert paid(record, HIRING) == [(week, HIRE) for week in joins]
    of_hires = [(week + after, 2.0 * YEAR) for week in joins for after in (0, 52, 104) if week + after < WEEKS]
    seats = sorted([(week, YEAR) for week in (0, 0, 52, 52, 104, 104)] + of_hires)
    assert paid(record, LICENCES) == seats


def test_who_gives_no_hours_any_more_pays_no_licence():
    """Reviews that nothing can satisfy cut 5 hours per quarter from week 26 on: 30, 25, then 20, without the hire."""
    cut = {"kind": "review", "threshold": 1000.0, "least_hours": 2.0, "step_hours": 5.0, "patience_weeks": 26}
    record = simulate(company(30.0, hours_policy=cut), 1, 0)
    assert max(row["week"] for row in rows(record.hours) if row["member"] == "hire_1") == 38
    assert [one for one in paid(record, LICENCES) if one[1] == 2.0 * YEAR] == [(0, 2.0 * YEAR)]
    assert paid(record, HIRING) == [(0, HIRE)]


def test_both_are_part_of_the_cost_once():
    """Exact: cost and net return differ by what was paid from those of the same world at no price, and nothing else does."""
    free = changed(
        company(40.0), team={"cost_of_hire": 0.0, "hire": {"licences_per_year": 0.0},
                             "members": {"ann": {"licences_per_year": 0.0}, "bob": {"licences_per_year": 0.0}}},
    )  # fmt: skip
    twin = simulate(twin_of(free), 1, 0)
    found = {}
    for name, hours in (("paid", company(40.0)), ("free", free)):
        record = simulate(hours, 1, 0)
        found[name] = record, evaluate(hours, record, twin)
    (record, costs), (other, none) = found["paid"], found["free"]
    total = 2 * HIRE + 3 * (2 * YEAR + 2 * 2.0 * YEAR)
    assert not other.expenses.rows
    assert exact(record.hours) == exact(other.hours)
    dear, cheap = costs["outcomes"], none["outcomes"]
    assert dear["expenses"] == [pytest.approx(total)]
    assert dear["cost"][0] - cheap["cost"][0] == pytest.approx(total)
    assert cheap["net_return"][0] - dear["net_return"][0] == pytest.approx(total)
    assert sum(costs["quarters"]["spent"]) - sum(none["quarters"]["spent"]) == pytest.approx(total)
    assert math.fsum(record.ledger["spent/all"]) - math.fsum(other.ledger["spent/all"]) == pytest.approx(total)


def test_a_twin_has_nobody_to_pay():
    assert twin_of(company(40.0)).content_hash() == twin_of(changed(company(40.0), team={"cost_of_hire": 0.0})).content_hash()
    assert not simulate(twin_of(company(40.0)), 1, 0).expenses.rows
    assert not simulate(company(0.0), 1, 0).expenses.rows
