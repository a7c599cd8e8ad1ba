"""The backcast against worlds whose records are known: simulated companies, exported by month."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.calibrate.backcast import ALL, BY_NAME, Actual, Compared, compare, measure, read_actual, shown, span
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import Export
from sim.experiment import Workers
from sim.experiment.evaluation_cache import Evaluations
from sim.measures.work import weeks
from sim.model.history import leads_of_before
from sim.model.world import simulate
from sim.report.answers import backcast as words
from sim.report.export import synthetic_crm
from sim.scenario import apply
from tests.small import small

SCENARIO = apply(small(), {"team.hours_per_week": 10.0, "time.horizon_weeks": 60})
COUNTED = [one.name for one in ALL if not one.is_level and one.name != "cycle_days"]


@pytest.fixture(scope="module")
def record():
    return simulate(SCENARIO, 3, 0)


def test_periods_that_divide_weeks_keep_every_count(record):
    """Conservation: whatever the periods, over the whole horizon they sum to all weeks."""
    first, last = span(SCENARIO)
    days = [first, *(first + dt.timedelta(days=one) for one in (10, 45, 46, 200)), last]
    found = shown(record, SCENARIO, COUNTED, days)
    table = weeks(record)
    for name in COUNTED:
        whole = sum(sum(table[column]) for column in BY_NAME[name].of)
        assert found[name].sum() == pytest.approx(whole), name
    assert 500.0 < found["hours"].sum() <= 600.0


def test_weeks_and_levels_are_those_of_the_world(record):
    first, _ = span(SCENARIO)
    days = [first + dt.timedelta(weeks=week) for week in (0, 1, 5)]
    found = shown(record, SCENARIO, ["impressions", "followers", "leads"], days)
    table = weeks(record)
    assert found["impressions"].tolist() == pytest.approx([table["reach"][0], sum(table["reach"][1:5])])
    ends = [table["followers"][week] + table["outside_followers"][week] for week in (0, 4)]
    assert found["followers"].tolist() == pytest.approx(ends)


def test_a_crm_shows_what_happened_as_late_as_the_scenario_says(record):
    """Records of sales are late by so many weeks, those of platforms are not."""
    late = apply(SCENARIO, {"measurement.lag_weeks": 5})
    first, _ = span(SCENARIO)
    days = [first + dt.timedelta(weeks=week) for week in range(61)]
    at_once = shown(record, apply(SCENARIO, {"measurement.lag_weeks": 0}), ["leads", "impressions"], days)
    booked = np.sum([weeks(record)[column] for column in BY_NAME["leads"].of], axis=0)
    assert at_once["leads"].tolist() == pytest.approx(booked[:60].tolist())
    later = shown(record, late, ["leads", "impressions"], days)
    assert later["leads"][5:].tolist() == pytest.approx(at_once["leads"][:-5].tolist())
    assert at_once["leads"][:-5].sum() > 5
    assert later["impressions"].tolist() == pytest.approx(at_once["impressions"].tolist())


def test_cycles_are_those_of_deals_won_in_the_period(record):
    first, last = span(SCENARIO)
    (mean,) = shown(record, SCENARIO, ["cycle_days"], [first, last])["cycle_days"]
    needs = record.needs.as_columns()
    until = SCENARIO.time.horizon_weeks * 168
    days = [
        (closed - lead) / 24
        for lead, closed, won in zip(needs["lead_at"], needs["closed_at"], needs["won"], strict=True)
        if won and closed < until
    ]
    assert days
    assert mean == pytest.approx(np.mean(days))


def months(path, seed, replication, scenario=SCENARIO):
    synthetic_crm.months(simulate(scenario, seed, replication), scenario).to_csv(path, index=False)
    return path


@pytest.mark.slow
def test_a_company_of_the_scenario_lies_inside_as_often_as_the_band_says(tmp_path):
    """60 companies of other draws, four series: nine in ten inside, binomial, alpha 0.001."""
    inside, asked = 0, 0
    names = ("leads", "revenue", "impressions", "engagements")
    with Evaluations(tmp_path / "seen.sqlite", Workers(2), measure(first_months(tmp_path))) as evaluations:
        for number in range(60):
            actual = read_actual(months(tmp_path / "months.csv", 99, number), SCENARIO)
            for one in compare(actual, SCENARIO, evaluations, 80, 1):
                if one.series.name in names:
                    inside += one.verdict == "inside"
                    asked += 1
    assert asked == 240
    assert stats.binomtest(inside, asked, 0.9).pvalue > 0.001


def first_months(folder):
    return read_actual(months(folder / "first.csv", 99, 0), SCENARIO)


@pytest.mark.slow
def test_a_company_with_twice_the_needs_parts_in_leads_and_not_in_followers(tmp_path):
    twice = apply(SCENARIO, {"market.segments.all.needs_per_year": 0.8})
    actual = read_actual(months(tmp_path / "months.csv", 5, 0, twice), SCENARIO)
    with Evaluations(tmp_path / "seen.sqlite", Workers(2), measure(actual)) as evaluations:
        found = {one.series.name: one for one in compare(actual, SCENARIO, evaluations, 40, 1)}
    assert found["leads"].verdict == "above"
    assert found["hours"].verdict == found["followers"].verdict == "inside"
    said = " ".join(words.sentences(actual, list(found.values())))
    assert "Look at market.segments.*.needs_per_year" in said


def compared(actual, worlds, name="leads"):
    return Compared(BY_NAME[name], np.array(actual, dtype=float), np.array(worlds, dtype=float))


def test_bands_are_quantiles_of_worlds_and_empty_cells_are_not_compared():
    worlds = np.tile(np.arange(101.0)[:, None], (1, 3))
    one = compared([50, np.nan, 100], worlds)
    assert one.band[1].tolist() == pytest.approx([4.1] * 3)  # the 5.1st of 101
    assert one.band[2].tolist() == pytest.approx([95.9] * 3)
    assert one.outside == [2]
    assert one.total == pytest.approx((150.0, 100.0, 8.2, 191.8))
    assert one.verdict == "inside"
    assert compared([100, 100, 100], worlds).verdict == "above"
    assert compared([1, 1, 1], worlds).verdict == "below"
    assert compared([50, 60, 70], worlds, "followers").total[0] == 60.0, "a level is averaged"


def test_periods_in_which_no_world_has_anything_are_not_compared():
    worlds = np.array([[np.nan, 10.0], [np.nan, 20.0]])
    one = compared([5.0, 15.0], worlds, "cycle_days")
    assert np.isnan(one.band[0][0])
    assert one.total[0] == 15.0
    assert one.outside == []


def test_few_worlds_hold_another_as_often_as_they_say():
    """20 worlds, 4,000 companies of the same law: nine in ten inside, binomial, alpha 0.001; plain quantiles hold 82 %."""
    generator = np.random.default_rng(3)
    inside = sum(compared([generator.normal()], generator.normal(size=(20, 1))).verdict == "inside" for _ in range(4000))
    assert stats.binomtest(inside, 4000, 0.9, alternative="two-sided").pvalue > 0.001


def test_a_series_without_values_is_named_and_counts_for_nothing():
    found = [compared([np.nan, np.nan], np.ones((5, 2)), "revenue"), compared([1.0, 1.0], np.ones((5, 2)))]
    assert found[0].verdict == "not compared"
    actual = Actual(Export(Path("x.csv"), pd.DataFrame(), 2), tuple(dt.date(2012, m, 1) for m in (1, 2, 3)), {})
    said = list(words.sentences(actual, found))
    assert said[0].startswith("Of 1 series")
    assert "revenue: nothing to compare, in the records or in the worlds." in said
    assert words.rows(found)[1][1:5] == ("-", "-", "- to -", "not compared")


HEAD = "month,leads\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("month,thing\n2012-02-01,1\n", "no column for any of leads"),
        (HEAD + "2012-02-01,1\n2012-03-01,2\n", "2 periods lie in the scenario's time"),
        (HEAD + "".join(f"2019-{m:02d}-01,1\n" for m in range(1, 9)), "--set time.start=2019-01-01"),
        (HEAD + "2012-02-01,1\n2012-03-01,2\n2012-05-01,2\n2012-06-01,2\n", "missing between 2012-03-01 and 2012-05-01"),
        (HEAD + "2012-02-01,many\n", "row 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(written, text, said):
    with pytest.raises(ExportError, match=said):
        read_actual(written(text), SCENARIO)


def test_months_outside_the_scenarios_time_are_left_out_and_counted(written):
    rows = [f"2011-{m:02d}-01,1\n" for m in (11, 12)] + [f"2012-{m:02d}-01,1\n" for m in range(1, 13)]
    rows += [f"2013-{m:02d}-01,1\n" for m in range(1, 6)]
    actual = read_actual(written(HEAD + "".join(rows) + "2013-05-01,3\n"), SCENARIO)
    assert not actual.export.notes
    reasons = {left.reason: left.count for left in actual.export.left_out}
    assert reasons == {"a period that is there already": 1, "not within the scenario's time, 2012-01-02 to 2013-02-25": 7}
    assert (actual.days[0], actual.days[-1]) == (dt.date(2012, 2, 1), dt.date(2013, 2, 1))


@pytest.mark.parametrize("spelling", ["%Y-%m", "%m/%Y", "%Y%m", "%B %Y", "%b %Y", "%Y-%m-01"])
def test_a_month_is_told_as_analytics_tell_it(written, spelling):
    rows = "".join(f"{dt.date(2012, month, 1).strftime(spelling)},1\n" for month in range(2, 9))
    actual = read_actual(written(HEAD + rows), SCENARIO)
    assert actual.days == tuple(dt.date(2012, month, 1) for month in range(2, 10))


def test_weeks_end_a_week_after_they_begin_and_quarters_a_quarter(written):
    rows = "".join(f"{dt.date(2012, 2, 6) + dt.timedelta(weeks=n)},1\n" for n in range(5))
    assert read_actual(written("week,leads\n" + rows), SCENARIO).days[-1] == dt.date(2012, 3, 12)
    rows = "2012-04-01,1\n2012-07-01,1\n2012-10-01,1\n"
    assert read_actual(written("quarter,leads\n" + rows), SCENARIO).days[-1] == dt.date(2013, 1, 1)


def test_deals_that_are_open_on_the_last_day_are_exported_with_the_stages_they_entered():
    """Without run-off the world ends on the day of the export: what is open has no day of closing, and stages all the same."""
    cut = apply(SCENARIO, {"time.run_off_weeks": 0})
    leads = synthetic_crm.leads(simulate(cut, 3, 0), cut, leads_of_before(cut, 3, 0))
    still = leads[leads["won_on"].isna() & leads["lost_on"].isna()]
    whole = synthetic_crm.leads(simulate(SCENARIO, 3, 0), SCENARIO, leads_of_before(SCENARIO, 3, 0))
    assert len(still) > 3
    assert still["sales_qualified_on"].notna().any()
    stages = [name for name in leads if name.endswith("_on")]
    pd.testing.assert_frame_equal(leads[["lead", *stages]], whole[["lead", *stages]])


def test_a_crm_holds_the_leads_of_years_past_in_its_export():
    """As many a year before the first day as after it, and as many of them won: a company without social media."""
    still = apply(SCENARIO, {"team.hours_per_week": 0.0, "market.accounts": 8000, "market.customers": 0})
    leads = synthetic_crm.leads(simulate(still, 3, 0), still, leads_of_before(still, 3, 0))
    first = pd.to_datetime(leads["first_contact_on"])
    begins = pd.Timestamp(span(still)[0])
    years = (first - begins).dt.days / 364.0
    by_year = [leads[(years >= year) & (years < year + 1)] for year in (-2, -1, 0)]
    counts = [len(one) for one in by_year]
    assert min(counts) > 250
    assert stats.chisquare(counts).pvalue > 0.001
    assert leads["lead"].is_unique
    assert by_year[0]["won_on"].notna().mean() == pytest.approx(0.2, abs=0.08), "all but a few are closed by the last day"
