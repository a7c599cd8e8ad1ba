"""People: they learn with their hours on the job, are shown the trade once, and are away when they are (model.md, 3)."""

import datetime as dt
import math

import pytest

from sim.model import World
from sim.model.calendar import hour_of_week
from sim.model.twin import twin_of
from tests.quiet import only, quiet
from tests.worlds import Only, rows, scenario

GAIN, START, LEARNING = 0.004, 0.4, 30.0
AWAY, CLOSED, HOLIDAYS = (7, 8, 20), (13,), ("03-01", "04-12")


def animators(hours: float, weeks: int = 30, **member):
    """Nothing but animation, whose stock neither decays nor is ever full: its level tells the hours at full speed."""
    one = {"starting_speed": START, "learning_hours": LEARNING, "max_hours_per_week": 20.0} | member
    return quiet(
        time={"start": "2012-01-02", "horizon_weeks": weeks},
        calendar={"closed_weeks": CLOSED, "holidays": HOLIDAYS},
        team={"hours_per_week": hours, "members": Only(ann=one), "split": only(animation=1.0), "switching_minutes": 0.0},
        animation={"gain_per_hour": GAIN, "half_life_weeks": 1e11, "enough": 1.0},
    )


def effective_hours(world) -> float:
    """Hours of a practised member that would have filled the stock as far."""
    return -math.log1p(-world.liveliness.level(world.env.now)) / GAIN


def sessions_held(member, weeks: int, away=AWAY) -> int:
    """Sessions of some weeks from 2 January 2012 on, counted on a calendar of one's own."""
    held = 0
    for week in range(weeks):
        for slot in member.spec.sessions[: len(member.slots)]:
            day = dt.date(2012, 1, 2) + dt.timedelta(days=7 * week + int(hour_of_week(slot) // 24))
            held += day.isocalendar().week not in (*away, *CLOSED) and f"{day:%m-%d}" not in HOLIDAYS
    return held


@pytest.mark.parametrize(("hours", "onboarding"), [(10.0, 0.0), (7.0, 0.0), (10.0, 13.5), (3.0, 20.0)])
def test_work_done_is_the_sum_over_sessions_of_what_was_learned_before_them(hours, onboarding):
    """Exact. In the k-th session of h hours speed is 1 - (1 - start) 2^(-k h / L); the first hours go to onboarding."""
    world = World(animators(hours, onboarding_hours=onboarding, away_weeks=AWAY), 1, 0)
    (member,) = world.team
    world.run()
    each = member.session_seconds / 3600.0
    held = sessions_held(member, 30)
    assert held < 30 * len(member.slots) - 4, "some were cancelled"
    expected, to_show = 0.0, onboarding
    for k in range(held):
        shown = min(each, to_show)
        to_show -= shown
        expected += (each - shown) * (1.0 - (1.0 - START) * 2.0 ** (-k * each / LEARNING))
    assert effective_hours(world) == pytest.approx(expected, rel=1e-9)


def test_onboarding_is_booked_once_and_its_hours_bring_nothing():
    world = World(animators(10.0, onboarding_hours=13.5), 1, 0)
    record = world.run()
    shown = [row for row in rows(record.hours) if row["activity"] == "onboarding"]
    assert sum(row["seconds"] for row in shown) == 13.5 * 3600
    assert {row["week"] for row in shown} == {0, 1}, "ten hours in the first week, the rest in the second"
    others = [block for block in rows(record.blocks) if block["activity"] != "onboarding"]
    last = max(block["ended"] for block in rows(record.blocks) if block["activity"] == "onboarding")
    assert min(block["began"] for block in others) >= last - 1e-9
    never_done = World(animators(1.0, weeks=10, onboarding_hours=80.0), 1, 0)
    never_done.run()
    assert never_done.liveliness.level(never_done.env.now) == 0.0, "who is still being shown the trade brings nothing"


def test_quality_is_learned_as_speed_is():
    """Exact: the quality of every draft is that of its format times what its maker had learned when the session began."""
    hours = quiet(
        time={"horizon_weeks": 8},
        team={
            "hours_per_week": 10.0,
            "members": Only(ann={"starting_quality": 0.7, "learning_hours": 25.0}),
            "split": only(content=1.0),
            "switching_minutes": 0.0,
        },
        content={"formats": {"raw": {"mix": 1.0}, "adapted": {"mix": 0.0}, "original": {"mix": 0.0}},
                 "sources": {"news": {"per_week": 1e4}}},
    )  # fmt: skip
    world = World(hours, 1, 0)
    record = world.run()
    base = hours.content.formats["raw"].quality
    ends = sorted(draft.made_at for draft in world.content.made)
    assert len(ends) > 300
    found = sorted({round(draft.quality / base, 9) for draft in world.content.made})
    sessions = len({round(block["began"] // 4) for block in rows(record.blocks)})
    assert sessions > 30
    possible = {round(1.0 - 0.3 * 2.0 ** (-2.0 * k / 25.0), 9) for k in range(sessions)}
    assert set(found) <= possible
    assert found[0] == 0.7, "the first drafts are a newcomer's"


def test_nobody_works_while_away_and_others_do():
    two = {"share": 0.5, "max_hours_per_week": 10.0}
    hours = scenario(
        time={"start": "2012-01-02", "horizon_weeks": 26},
        calendar={"closed_weeks": CLOSED, "holidays": HOLIDAYS},
        team={"hours_per_week": 12.0, "members": Only(ann={**two, "away_weeks": AWAY}, bob=two)},
    )
    record = World(hours, 1, 0).run()
    weeks = {name: {row["week"] for row in rows(record.hours) if row["member"] == name} for name in ("ann", "bob")}
    iso = {week: (dt.date(2012, 1, 2) + dt.timedelta(weeks=week)).isocalendar().week for week in range(26)}
    assert {iso[week] for week in set(range(26)) - weeks["ann"]} == {*AWAY, *CLOSED}
    assert {iso[week] for week in set(range(26)) - weeks["bob"]} == {*CLOSED}
    days = {(dt.date(2012, 1, 2) + dt.timedelta(days=int(block["began"] // 24))) for block in rows(record.blocks)}
    assert not {f"{day:%m-%d}" for day in days} & set(HOLIDAYS)


def test_the_one_knob_moves_the_hours_and_nothing_else():
    """At any hours: the same twin, the same people, and the sessions that there are begin at the same moments."""
    levels = [scenario(team={"hours_per_week": hours}, time={"horizon_weeks": 12}) for hours in (4.0, 20.0, 55.0)]
    assert len({twin_of(one).content_hash() for one in levels}) == 1
    begins = []
    for one in levels:
        world = World(one, 3, 0)
        record = world.run()
        member = world.team[0]
        assert [hire.name for hire in world.team[1:]] == (["hire_1", "hire_2"] if one.team.hours_per_week > 40.0 else [])
        firsts = {}
        for block in rows(record.blocks):
            if block["member"] == member.name:
                day = int(block["began"] // 24)
                half = block["began"] % 24 > 12.0
                firsts.setdefault((day, half), block["began"])
        begins.append(set(firsts.values()))
    assert begins[0] < begins[1], "four hours are two of the ten sessions, to the last bit"
    assert begins[1] == begins[2]
