"""Hours as time goes on: fixed, a ramp, reviews by what the ledger show; and a team that begins later (model.md, 11)."""

import math

import numpy as np
import pytest

from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.twin import twin_of
from tests.worlds import changed, exact, rows, scenario

OPEN = {"closed_weeks": (), "holidays": ()}
WEEKS = 156
BASE = scenario(
    calendar=OPEN,
    team={"hours_per_week": 10.0},
    market={"accounts": 1000, "segments": {"all": {"needs_per_year": 0.5}}, "contact": {"social": 2.0}},
)


def policy(**values):
    return changed(BASE, hours_policy=values)


def by_week(record, weeks=WEEKS):
    """Hours worked and hours granted, by week."""
    worked = np.zeros(weeks)
    for row in rows(record.hours):
        worked[row["week"]] += row["seconds"] / 3600.0
    return worked, np.array(record.weeks.as_columns()["granted_hours"])


def test_a_ramp_climbs_in_equal_steps_and_stays():
    record = simulate(policy(kind="ramp", from_hours=2.0, ramp_weeks=20), 1, 0)
    worked, granted = by_week(record)
    line = np.minimum(2.0 + 8.0 * np.arange(WEEKS) / 20, 10.0)
    assert granted == pytest.approx(line, rel=1e-12)
    assert worked == pytest.approx(line, abs=5 * 0.5 / 3600), "whole seconds in up to five sessions"


def test_hires_come_when_a_ramp_needs_them():
    hours = changed(policy(kind="ramp", from_hours=10.0, ramp_weeks=50), team={"hours_per_week": 60.0})
    record = simulate(hours, 1, 0)
    worked, granted = by_week(record)
    assert worked == pytest.approx(granted, abs=20 * 0.5 / 3600)
    first = {}
    for row in rows(record.hours):
        first.setdefault(row["member"], row["week"])
    room = sum(member.max_hours_per_week for member in hours.team.members.values())
    assert first["hire_1"] == next(week for week, given in enumerate(granted) if given > room)


CREDITS = ("first_touch", "last_touch", "begun_on_social")


@pytest.mark.parametrize("credit", CREDITS)
@pytest.mark.parametrize("counts", ["closed", "pipeline"])
@pytest.mark.parametrize("window", [13, 52])
def test_a_review_compares_what_the_books_show_with_the_threshold(credit, counts, window):
    """Every change of hours, from the record itself: credited margin over cost in the window that the CRM shows by then."""
    hours = changed(
        policy(kind="review", credit=credit, counts=counts, window_weeks=window, patience_weeks=13, step_hours=3.0),
        measurement={"lag_weeks": 2},
    )
    record = simulate(hours, 4, 0)
    _, granted = by_week(record)
    needs = [row for row in rows(record.needs) if row["recorded_source"]]
    share = math.prod(stage.pass_share for stage in hours.sales.stages.values())
    touch = {"first_touch": "first_touch", "last_touch": "last_touch", "begun_on_social": "recorded_source"}[credit]
    at_lead = "first_touch" if credit == "first_touch" else "recorded_source"
    changes = 0
    for week in range(1, WEEKS):
        if week < 13 or week % 13:
            assert granted[week] == granted[week - 1]
            continue
        begins, ends = (week - 2 - window) * HOURS_PER_WEEK, (week - 2) * HOURS_PER_WEEK
        if counts == "closed":
            money = sum(
                row["value"]
                for row in needs
                if row["won"] and begins <= row["closed_at"] < ends and row[touch] == "organic_social"
            )
        else:
            money = share * sum(
                row["value"] for row in needs if begins <= row["lead_at"] < ends and row[at_lead] == "organic_social"
            )
        cost = sum(
            row["seconds"] / 3600.0 * row["cost_per_hour"]
            for row in rows(record.hours)
            if begins <= row["week"] * HOURS_PER_WEEK < ends
        )
        pays = hours.sales.margin * money / cost - 1.0
        step = 3.0 if pays > 0.0 else -3.0
        assert granted[week] == min(max(granted[week - 1] + step, 2.0), 40.0), (week, pays)
        changes += granted[week] != granted[week - 1]
    assert changes >= 2


@pytest.mark.parametrize(("threshold", "ends"), [(1000.0, 2.0), (-1.0, 40.0)])
def test_a_threshold_out_of_reach_leads_to_the_floor_and_one_always_met_to_the_ceiling(threshold, ends):
    record = simulate(policy(kind="review", threshold=threshold, patience_weeks=0, every_weeks=4, window_weeks=52), 1, 0)
    worked, granted = by_week(record)
    assert granted[-1] == ends
    steps = np.diff(granted)
    assert (steps <= 0).all() if threshold > 0 else (steps >= 0).all()
    assert 2.0 <= granted.min() <= granted.max() <= 40.0
    assert worked == pytest.approx(granted, abs=20 * 0.5 / 3600)


def test_hours_are_never_moved_before_patience_ends():
    _, granted = by_week(simulate(policy(kind="review", threshold=1000.0, patience_weeks=70), 1, 0))
    assert set(granted[:78]) == {10.0}
    assert granted[78] < 10.0


@pytest.mark.parametrize("kind", ["absent", "abandoned"])
@pytest.mark.parametrize("policy_kind", ["fixed", "ramp"])
def test_until_the_team_begins_the_world_is_the_twin_to_the_bit(kind, policy_kind):
    hours = changed(
        BASE,
        presence={"twin": kind},
        channels={"network": {"followers_at_start": 0.1 if kind == "abandoned" else 0.0}},
        customers={"questions_per_year": 6.0, "share_on_social": 0.5, "share_complaints": 0.5},
        crises={"per_year": 2.0},
        hours_policy={"kind": policy_kind, "starts_week": 60},
        team={"hours_per_week": 20.0},
    )
    record, twin = simulate(hours, 2, 0), simulate(twin_of(hours), 2, 0)
    starts = 60 * HOURS_PER_WEEK
    before = []
    for world in (record, twin):
        world.needs.rows[:] = [row for row in world.needs.rows if row[6] < starts]  # those seen to their end
        world.renewals.rows[:] = [row for row in world.renewals.rows if row[4] < starts]
        before.append((exact(world.needs), exact(world.renewals)))
    assert before[0] == before[1]
    assert min(map(len, before[0])) > 50
    worked, granted = by_week(record)
    assert set(worked[:60]) == {0.0} == set(granted[:60])
    assert min(row["time"] for row in rows(record.posts)) >= starts
    assert worked[60:].min() > 0.0
    if kind == "absent":
        assert min(row["time"] for row in rows(record.followers)) >= starts
        assert min(row["opened_at"] for row in rows(record.conversations) if row["account"] >= 0) >= starts


BAD = [
    ({"hours_policy": {"starts_week": 156}}, "before time.horizon_weeks"),
    ({"hours_policy": {"kind": "review", "least_hours": 50.0}}, "more than most_hours"),
    ({"hours_policy": {"kind": "review", "most_hours": 5.0}}, "where the review begins"),
    ({"hours_policy": {"window_weeks": 0}}, "greater than or equal to 1"),
    ({"hours_policy": {"kind": "review"}, "team": {"hire": {"max_hours_per_week": 0.0}}}, "can come to 40"),
]


@pytest.mark.parametrize(("values", "said"), BAD)
def test_a_policy_that_cannot_be_followed_is_refused(values, said):
    with pytest.raises(ValueError, match=said):
        changed(BASE, **values)
