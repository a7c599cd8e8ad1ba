"""Seasons against known answers: a change of clock, the weights by month, the totals of years (docs/model.md, 2.5)."""

import datetime as dt
import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.experiment import company
from sim.experiment.company import Look, deals_of, fingerprint, met
from sim.model import history, simulate, streams
from sim.model.history import history_of
from sim.model.market import Market
from sim.model.seasons import HOURS_OF_YEAR, Season, season_of_decisions, season_of_leads
from sim.model.streams import Streams
from sim.model.twin import twin_of
from sim.scenario import ScenarioError, apply
from tests.digests import digest
from tests.worlds import NO_HEARSAY, changed, rows, scenario

ALPHA = 0.001
HOURS_PER_DAY, HOURS_PER_WEEK = 24.0, 168.0
DAYS = (31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
STRONG = (1.4, 1.5, 1.3, 1.2, 1.1, 1.0, 0.7, 0.5, 0.9, 1.0, 0.8, 0.6)
MEAN = math.fsum(day * weight for day, weight in zip(DAYS, STRONG, strict=True)) / 365.2425
MONDAY = dt.date(2025, 12, 29)
MANY = scenario(
    time={"start": MONDAY},
    market={"accounts": 5_000, "customers": 0, "segments": {"all": {"needs_per_year": 1.0}}},
)
SOLD = scenario(  # at full speed, by chances that nothing moves
    time={"start": MONDAY, "horizon_weeks": 104},
    team={"hours_per_week": 0.0},
    market={"accounts": 600, "customers": 60, "segments": {"all": {"needs_per_year": 1.0}}} | NO_HEARSAY,
    sales={"capacity_ratio": 3.0, "load_exponent": 0.0},
    crises={"per_year": 0.0},
)


def with_seasons(base, leads=(1.0,) * 12, decisions=(1.0,) * 12):
    return changed(base, market={"seasons": {"leads": leads, "decisions": decisions}})


@cache
def openings(leads):
    """When needs open, and how long ago they opened that did so in the two years before; hours."""
    market = Market(with_seasons(MANY, leads), Streams(3, 0))
    opens = np.array([need.opens_at for need in market.needs()])
    ages = np.concatenate(list(market.ages(2.0 * HOURS_OF_YEAR)))
    return opens, ages


def test_a_clock_runs_at_the_weight_of_the_month():
    """By hand, from Monday 29 December: three days of December, the whole of January, ten days of February."""
    clock = Season(STRONG, MONDAY)
    shown = clock.elapsed(np.array([3.0, 34.0, 44.0]) * HOURS_PER_DAY) / HOURS_PER_DAY * MEAN
    assert shown == pytest.approx([3 * 0.6, 3 * 0.6 + 31 * 1.4, 3 * 0.6 + 31 * 1.4 + 10 * 1.5], abs=0.8)  # a leap day is spread
    january, february = (np.diff(clock.elapsed(np.array(days) * HOURS_PER_DAY)).item() for days in ((5, 6), (40, 41)))
    assert january / february == pytest.approx(1.4 / 1.5)
    ahead = Season(STRONG, MONDAY, ahead=13 * HOURS_PER_WEEK)
    april = np.diff(ahead.elapsed(np.array([10.0, 11.0]) * HOURS_PER_DAY)).item()
    assert april == pytest.approx(HOURS_PER_DAY * 1.2 / MEAN), "what opens on 8 January gets in touch in April"


def test_years_pass_as_they_do_on_any_clock_and_back_again():
    clock, years = Season(STRONG, MONDAY), np.arange(-20.0, 40.0)
    assert clock.elapsed(years * HOURS_OF_YEAR) == pytest.approx(years * HOURS_OF_YEAR)
    moments = np.linspace(-2e5, 2e5, 4001)
    assert clock.moments(clock.elapsed(moments)) == pytest.approx(moments, abs=1e-6)
    assert (np.diff(clock.elapsed(moments)) > 0.0).all()
    assert clock.wait(700.0, HOURS_OF_YEAR) == pytest.approx(HOURS_OF_YEAR)
    assert clock.wait(50 * HOURS_PER_DAY, 24.0) == pytest.approx(24.0 / (1.5 / MEAN)), "a day's work in February"


@pytest.mark.parametrize("weights", [(1.0,) * 12, (3.7,) * 12])
def test_months_that_are_all_alike_change_no_bit(weights):
    base = scenario(time={"horizon_weeks": 12, "run_off_weeks": 10}, market={"accounts": 100, "customers": 20})
    assert digest(simulate(with_seasons(base, weights, weights), 5, 0)) == digest(simulate(base, 5, 0))


def test_needs_are_those_of_any_year_at_other_moments():
    """The k-th need of an account, by its name; and so the number of each whole year, exactly."""
    flat, strong = (Market(with_seasons(MANY, leads), Streams(3, 0)).needs() for leads in ((1.0,) * 12, STRONG))
    clock = season_of_leads(with_seasons(MANY, STRONG))
    there = {(need.account.index, need.number): need.opens_at for need in strong}
    both = [(need.opens_at, there[name]) for need in flat if (name := (need.account.index, need.number)) in there]
    assert len(both) > 0.99 * len(flat)
    assert clock.elapsed(np.array(both)[:, 1]) == pytest.approx(np.array(both)[:, 0])
    for ours, any_year in zip(openings(STRONG), openings((1.0,) * 12), strict=True):
        counts = [np.bincount((moments // HOURS_OF_YEAR).astype(int))[:2].tolist() for moments in (ours, any_year)]
        assert counts[0] == counts[1]


@pytest.mark.parametrize("before", [False, True])
def test_buyers_get_in_touch_by_the_weights_before_the_first_day_and_after(before):
    """Null: leads of two years by month are in proportion to weight x days. Chi-squared, alpha 0.001; other weights are not."""
    opens, ages = openings(STRONG)
    gets_in_touch = (-ages if before else opens) + 13 * HOURS_PER_WEEK
    since = -2.0 * HOURS_OF_YEAR + 13 * HOURS_PER_WEEK if before else 13 * HOURS_PER_WEEK
    within = gets_in_touch[(gets_in_touch >= since) & (gets_in_touch < since + 2.0 * HOURS_OF_YEAR)]
    months = [(MONDAY + dt.timedelta(hours=moment)).month - 1 for moment in within.tolist()]
    found = np.bincount(months, minlength=12)
    shares = np.array(STRONG) * np.array(DAYS) / MEAN / 365.2425
    assert stats.chisquare(found, len(months) * shares).pvalue > ALPHA
    for other in (np.array(DAYS) / 365.2425, np.roll(shares, 1)):
        assert stats.chisquare(found, len(months) * other).pvalue < ALPHA


def decided(one):
    """Lead and decisions of every need that opened since the first day, by its name; hours."""
    record = simulate(twin_of(one), 5, 0)
    return {(row["account"], row["need"]): row for row in rows(record.needs) if row["opens_at"] >= 0.0}


def test_sales_take_as_long_as_ever_on_the_clock_of_decisions():
    """Every stage and every standing still of every need, ghosts included, against those of a year without seasons."""
    strong = with_seasons(SOLD, decisions=STRONG)
    clock, flat, seasonal = season_of_decisions(strong), decided(SOLD), decided(strong)
    assert flat.keys() == seasonal.keys()
    assert len(flat) > 1_000
    for name, usual in flat.items():
        moments = seasonal[name]["decided_at"]
        assert moments[0] == usual["decided_at"][0], "research takes its weeks in any month"
        shown = np.diff(clock.elapsed(np.array(moments)))
        assert shown == pytest.approx(np.diff(usual["decided_at"]), abs=1e-6)


def test_what_is_under_way_on_the_first_day_has_come_as_far_by_the_same_clock():
    """The stage in which a sale stands takes as long by the clock as without seasons; and it began as soon as that."""
    strong = with_seasons(SOLD, decisions=STRONG)
    clock = season_of_decisions(strong)
    flat, seasonal = ({(one.account.index, one.number): one for one in history_of(base, 5, 0).open} for base in (SOLD, strong))
    alike = [
        (ours.position, seasonal[name].position)
        for name, ours in flat.items()
        if ours.position and name in seasonal and seasonal[name].position
    ]
    same = [(a, b) for a, b in alike if (a.stage, a.is_standing) == (b.stage, b.is_standing)]
    assert len(same) > 20
    for usual, ours in same:
        since, until = clock.elapsed(np.array([ours.since, ours.until]))
        assert until - since == pytest.approx(usual.until - usual.since)
        assert ours.until >= 0.0 > ours.since


@pytest.mark.slow
def test_deals_are_won_by_the_weights_from_the_first_year_on():
    """Deals expected per day follow the weights, though not exactly: what came in a slow month is won in the next quick one.

    Null: deals won by month are spread alike in the first and the third year. Chi-squared, alpha 0.001.
    """
    large = changed(SOLD, time={"horizon_weeks": 157}, market={"accounts": 8_000, "customers": 0})
    needs = simulate(twin_of(with_seasons(large, decisions=STRONG)), 5, 0).needs
    ended, weight, won = (np.array(column, dtype=float) for column in needs.as_columns("ended_at", "weight", "won").values())
    within = (ended >= 0.0) & (ended < 3.0 * HOURS_OF_YEAR)
    months = np.array([(MONDAY + dt.timedelta(hours=moment)).month - 1 for moment in ended[within].tolist()])
    per_day = np.bincount(months, weights=weight[within], minlength=12) / np.array(DAYS)
    assert np.corrcoef(per_day, STRONG)[0, 1] > 0.95
    years, deals = (ended[within] // HOURS_OF_YEAR).astype(int), won[within] > 0.0
    found = np.array([np.bincount(months[deals & (years == year)], minlength=12) for year in (0, 2)])
    assert found.sum() > 500
    assert stats.chi2_contingency(found).pvalue > ALPHA
    assert stats.chi2_contingency([found[0], np.roll(found[1], 6)]).pvalue < ALPHA


def test_a_world_and_its_twin_have_the_same_seasons():
    short = changed(SOLD, team={"hours_per_week": 10.0}, time={"horizon_weeks": 26, "run_off_weeks": 0})
    hours = with_seasons(short, STRONG, STRONG)
    found = [simulate(one, 5, 0).needs.as_columns("account", "need", "opens_at") for one in (hours, twin_of(hours))]
    moments = [dict(zip(zip(one["account"], one["need"], strict=True), one["opens_at"], strict=True)) for one in found]
    assert moments[0] == moments[1]
    assert moments[0] != decided(SOLD)


def test_a_world_does_not_depend_on_the_season_of_one_that_was_run_before():
    """Worlds of the same draws share what was worked out; not what depends on the season, or on the day of the year."""
    short = changed(SOLD, time={"horizon_weeks": 10, "run_off_weeks": 10}, market={"accounts": 100})
    strong = with_seasons(short, STRONG, STRONG)
    worlds = short, strong, changed(strong, time={"start": dt.date(2026, 6, 29)})
    fresh = []
    for one in worlds:
        streams.forget()
        history.forget()
        fresh.append(digest(simulate(one, 5, 0)))
    assert [digest(simulate(one, 5, 0)) for one in worlds] == fresh
    assert len(set(fresh)) == 3


def test_a_companys_deals_per_year_are_those_of_whole_years(monkeypatch):
    """Needs follow from deals without seasons: a window of half a year would see the deals of half a year."""
    stated = changed(SOLD, time={"horizon_weeks": 26}, market={"accounts": 200}, company={"deals_per_year": 8.0})
    strong = with_seasons(stated, STRONG, STRONG)
    assert fingerprint(strong) == fingerprint(stated)
    monkeypatch.setattr(company, "FIRST", 2)
    monkeypatch.setattr(company, "MOST", 2)
    needs = []
    for one in (stated, strong):
        monkeypatch.setattr(company, "_RATIOS", {})
        needs.append(met(one).market.segments["all"].needs_per_year)
    assert needs[0] == needs[1]
    seen = [deals_of(Look(twin_of(one), 0)) for one in (stated, strong)]
    assert seen[0] != seen[1], "the window itself has its season"


@pytest.mark.parametrize("months", [(1.0,) * 11 + (0.0,), (0.0,) * 12, (1.0,) * 11 + (1e308,)])
def test_months_without_any_are_refused_in_one_message(months):
    with pytest.raises(ScenarioError, match="months must be above 0, and 1000 at most") as refused:
        apply(scenario(), {"market.seasons.leads": months})
    assert len(refused.value.each()) == 1
