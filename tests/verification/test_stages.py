"""Stages of hours (model.md, 2.7): the manager sees what the team's records show by the look, and nothing before it differs.

What is seen is read a second time from the tables of the results, which are made from the record and not from the ledger.
"""

import numpy as np
import pytest

from sim.experiment.early_signs import of_worlds, sign_name
from sim.experiment.staging import SIGN_OF
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.scenario import apply
from tests.small import small
from tests.worlds import exact, rows

LIVELY = {
    "team.hours_per_week": 20.0,
    "measurement.lag_weeks": 3,
    "measurement.asking.without_hours": 0.9,
    "market.accounts": 600,
    "market.segments.all.needs_per_year": 2.0,
    "market.contact.social": 2.0,
    "customers.questions_per_year": 8.0,
}
BASE = apply(small(), LIVELY)
STARTS = [0, 5, 13]


def staged(base=BASE, **values):
    return apply(base, {f"hours_policy.{name}": value for name, value in {"kind": "staged", **values}.items()})


def granted(scenario, seed=3):
    return simulate(scenario, seed, 0).weeks.column("granted_hours")


@pytest.mark.parametrize("starts", STARTS)
@pytest.mark.parametrize("quarters", [1, 2])
@pytest.mark.parametrize("looks_at", SIGN_OF)
def test_the_look_sees_what_the_records_show(looks_at, quarters, starts):
    base = apply(BASE, {"hours_policy.starts_week": starts})
    (shown,) = of_worlds((base,), 3, 0)[sign_name(SIGN_OF[looks_at], quarters)]
    assert shown > 0.0
    look = 13 * (starts // 13 + quarters)
    for at_least, after in ((shown * (1 - 1e-9), 30.0), (shown * (1 + 1e-9), 4.0)):
        plan = staged(base, looks_at=looks_at, look_quarters=quarters, at_least=at_least, then_hours=30.0, else_hours=4.0)
        assert granted(plan) == [0.0] * starts + [20.0] * (look - starts) + [after] * (40 - look)


def test_what_is_just_reached_is_reached():
    (shown,) = of_worlds((BASE,), 3, 0)[sign_name(SIGN_OF["messages"], 1)]
    assert granted(staged(looks_at="messages", look_quarters=1, at_least=shown, then_hours=30.0))[-1] == 30.0


def test_hours_that_stay_live_as_fixed_ones_to_the_bit():
    world, fixed = (simulate(one, 5, 0) for one in (staged(then_hours=20.0, else_hours=20.0), BASE))
    for table in ("needs", "renewals", "posts", "followers", "conversations", "hours", "expenses", "weeks"):
        assert exact(getattr(world, table)) == exact(getattr(fixed, table)), table
    assert len(world.conversations) > 50


@pytest.mark.parametrize("looks_at", SIGN_OF)
def test_until_the_look_nothing_is_known_of_what_comes_after(looks_at):
    look = 26 * HOURS_PER_WEEK
    worlds = [
        simulate(staged(looks_at=looks_at, then_hours=hours, else_hours=hours, look_quarters=2), 5, 0) for hours in (0.0, 40.0)
    ]
    before = [
        (
            exact_until(world.followers, "time", look), exact_until(world.posts, "time", look),
            exact_until(world.conversations, "settled_at", look), exact_until(world.hours, "week", 26),
        )
        for world in worlds
    ]  # fmt: skip
    assert before[0] == before[1]
    assert len(worlds[1].posts) > len(worlds[0].posts) > 10


def exact_until(table, column, end):
    return [row for row in rows(table) if row[column] < end]


def test_who_stops_works_and_pays_no_more_and_what_is_written_stays_unanswered():
    record = simulate(staged(at_least=1e8, else_hours=0.0, look_quarters=1), 3, 0)
    worked = np.zeros(40)
    for row in rows(record.hours):
        worked[row["week"]] += row["seconds"]
    assert worked[:13].min() > 0.0 == worked[13:].max()
    assert max(row["time"] for row in rows(record.posts)) < 14 * HOURS_PER_WEEK, "but for what was being made"
    asked = [row for row in rows(record.conversations) if row["opened_at"] > 13 * HOURS_PER_WEEK and row["kind"] != "crisis"]
    assert {row["outcome"] for row in asked} <= {"missed", "offline"}
    assert len(asked) > 5


BAD = [
    ({"look_quarters": 4}, "look is at the end of week 52; give fewer"),
    ({"then_hours": -1.0}, "give a number from 0 to"),
    ({"looks_at": "likes"}, "followers"),
]


@pytest.mark.parametrize(("values", "said"), BAD)
def test_stages_that_cannot_be_lived_are_refused(values, said):
    with pytest.raises(Exception, match=said):
        staged(**values)


def test_stages_begin_with_hours():
    with pytest.raises(Exception, match="where the stages begin"):
        staged(apply(small(), {"team.hours_per_week": 0.0}))
