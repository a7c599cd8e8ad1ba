"""Measurement: habits that hours build and time wears, and a report once a week (model.md, 10)."""

import math

import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_WEEK
from tests.quiet import column, only, quiet
from tests.worlds import Only, changed, rows

ALPHA = 0.001
OFF = {"gain_per_hour": 0.0}
SHARE = {"tagging": "tagged_share", "asking": "asked_share"}


def measuring(hours=8.0, weeks=26, split=None, **measurement):
    return quiet(
        team={"hours_per_week": hours, "split": split or only(measurement=0.5, listening=0.5), "start_jitter_minutes": 0.0},
        time={"horizon_weeks": weeks},
        measurement={"enough": 1.0, "report_minutes": 0.0} | measurement,
    )


def levels_by_hand(record, habit, speed=1.0):
    """The share recorded at the end of every week, if all blocks of measurement went to one habit.

    An hour fills a share of what is missing, when it is over; what is built decays by half in each half-life.
    """
    blocks = [(row["began"], row["ended"]) for row in rows(record.blocks) if row["activity"] == "measurement"]
    rate = math.log(2.0) / (habit["half_life_weeks"] * HOURS_PER_WEEK)
    level, at, shares = 0.0, 0.0, []
    for week in range(len(record.weeks)):
        ends = (week + 1) * HOURS_PER_WEEK
        for began, ended in [block for block in blocks if ends - HOURS_PER_WEEK <= block[0] < ends]:
            level *= math.exp(-rate * (ended - at))
            level = 1.0 - (1.0 - level) * math.exp(-habit["gain_per_hour"] * speed * (ended - began))
            at = ended
        floor = habit["without_hours"]
        shares.append(floor + (1.0 - floor) * level * math.exp(-rate * (ends - at)))
    return shares


@pytest.mark.parametrize("name", ["tagging", "asking"])
@pytest.mark.parametrize(("gain", "half_life", "floor"), [(0.15, 6.0, 0.44), (0.5, 1.0, 0.2), (0.01, 1e9, 0.0)])
def test_a_habit_fills_with_hours_and_wears_off(name, gain, half_life, floor):
    """Exact, at the end of every week; the other habit stays at its floor."""
    habit = {"gain_per_hour": gain, "half_life_weeks": half_life, "without_hours": floor}
    other = {"tagging": "asking", "asking": "tagging"}[name]
    record = World(measuring(**{name: habit, other: OFF | {"without_hours": 0.3}}), 1, 0).run()
    shares = column(record.weeks, SHARE[name])
    assert shares == pytest.approx(levels_by_hand(record, habit), rel=1e-9)
    assert set(column(record.weeks, SHARE[other])) == {0.3}
    if half_life > 1e8:
        hours = sum(row["seconds"] for row in rows(record.hours) if row["activity"] == "measurement") / 3600.0
        assert shares[-1] == pytest.approx(-math.expm1(-gain * hours), rel=1e-7), "nothing is lost: the sum of all hours"


def test_both_habits_are_kept_level_and_what_is_enough_takes_no_more_hours():
    """The weaker one is worked on; between them they take no hours once both are at what is enough."""
    same = {"gain_per_hour": 0.2, "half_life_weeks": 12.0, "without_hours": 0.4}
    record = World(measuring(tagging=same, asking=same, enough=0.8), 1, 0).run()
    weeks = rows(record.weeks)
    assert all(abs(row["tagged_share"] - row["asked_share"]) < 0.6 * -math.expm1(-0.2 * 0.5) + 1e-9 for row in weeks)
    assert all(0.75 < row[share] < 0.8 + 0.06 for row in weeks[8:] for share in ("tagged_share", "asked_share"))
    spent = {row["week"]: row["seconds"] for row in rows(record.hours) if row["activity"] == "measurement"}
    # what is lost in a week must be filled again: hours = decay of the built part / (gain x what is missing)
    built, missing = (0.8 - 0.4) / 0.6, (1.0 - 0.8) / 0.6
    needed = 2.0 * (math.log(2.0) / 12.0) * built / (0.2 * missing)
    late = [spent.get(week, 0) / 3600.0 for week in range(10, 26)]
    assert sum(late) / len(late) == pytest.approx(needed, rel=0.25)


def test_with_nobody_only_what_records_show_by_themselves():
    record = World(measuring(0.0, tagging={"without_hours": 0.3}, asking={"without_hours": 0.6}), 1, 0).run()
    assert set(column(record.weeks, "tagged_share")) == {0.3}
    assert set(column(record.weeks, "asked_share")) == {0.6}


def test_the_report_comes_first_once_a_week_and_takes_its_minutes():
    """Exact: the first hours of measurement in a week, never twice, and the dashboard is as old as its last report."""
    hours = measuring(weeks=40, report_minutes=20.0, tagging=OFF, asking=OFF)
    record = World(changed(hours, calendar={"holidays": ["01-09", "02-21"]}), 1, 0).run()  # a Monday, a Tuesday
    blocks = [row for row in rows(record.blocks) if row["activity"] == "measurement"]
    assert [row["week"] for row in rows(record.hours) if row["activity"] == "measurement"] == [
        week for week in range(40) if any(int(block["began"] // HOURS_PER_WEEK) == week for block in blocks)
    ]
    assert {row["seconds"] for row in rows(record.hours) if row["activity"] == "measurement"} == {20 * 60}
    first_days = {}
    for row in rows(record.blocks):
        first_days.setdefault(row["began"] // HOURS_PER_WEEK, row["began"] // 24.0)
    assert [block["began"] // 24.0 for block in blocks] == list(first_days.values()), "on the first day that anybody works"
    reported, ages = 0.0, []
    for week in range(40):
        for block in blocks:
            if block["began"] // HOURS_PER_WEEK == week:
                reported = block["ended"]
        ages.append(week + 1.0 - reported / HOURS_PER_WEEK)
    assert column(record.weeks, "dashboard_age_weeks") == pytest.approx(ages, rel=1e-9)
    assert max(ages) > 1.0, "a week is closed"


def test_a_report_comes_before_tagging_and_is_made_by_one_of_two_colleagues():
    split = only(measurement=1.0)
    two = {"share": 0.5, "max_hours_per_week": 20.0}
    hours = quiet(
        team={"hours_per_week": 8.0, "split": split, "members": Only(ann=two, bob=two), "switching_minutes": 0.0},
        time={"horizon_weeks": 10},
        measurement={"enough": 1.0, "report_minutes": 90.0, "asking": OFF},
    )
    world = World(hours, 1, 0)
    reports, fills = [], []
    report, fill = world.measurement._report, world.measurement._tagging.fill
    world.measurement._report = lambda now: (reports.append(now), report(now))
    world.measurement._tagging.fill = lambda now, hours: (fills.append((now - hours, now)), fill(now, hours))
    record = world.run()
    assert [int(now // HOURS_PER_WEEK) for now in reports] == list(range(10))
    seconds = sum(row["seconds"] for row in rows(record.hours))
    assert sum(ended - began for began, ended in fills) == pytest.approx(seconds / 3600.0 - 10 * 1.5, rel=1e-9)


def test_the_dashboard_of_those_who_never_measure_grows_old():
    record = World(measuring(8.0, split=only(listening=1.0), report_minutes=12.0), 1, 0).run()
    assert column(record.weeks, "dashboard_age_weeks") == [float(week + 1) for week in range(26)]
    assert set(column(World(measuring(0.0, report_minutes=0.0), 1, 0).run().weeks, "dashboard_age_weeks")) == {0.0}


def test_what_is_recorded_is_the_share_that_is_tagged():
    """Null: each engagement is recorded with the share tagged then, here constant. Binomial, alpha 0.001."""
    hours = quiet(
        market={"accounts": 800},
        channels={"network": {"users": 1.0, "engagement_rate": 0.3}},
        recruiting={"accepts": 0.9},
        team={"hours_per_week": 20.0, "split": only(recruiting=0.4, content=0.4, publishing=0.2)},
        measurement={"tagging": {"without_hours": 0.37}},
        time={"horizon_weeks": 52},
    )
    recorded = column(World(hours, 1, 0).run().interactions, "recorded")
    assert len(recorded) > 1000
    assert stats.binomtest(sum(recorded), len(recorded), 0.37).pvalue > ALPHA
