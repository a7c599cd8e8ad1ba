"""The team: one knob moves the hours, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import World
from sim.model.calendar import hour_of_week
from sim.model.team import hours_by_member
from sim.scenario.schema import ACTIVITIES
from tests.worlds import ALWAYS_ON, Only, merged, rows, scenario


def team_of(hours, **members):
    return scenario(team={"hours_per_week": hours, "members": Only(members)} if members else {"hours_per_week": hours}).team


@given(hours=st.floats(0.0, 300.0), first=st.floats(0.0, 1.0), room=st.floats(0.5, 20.0))
def test_hours_are_all_given_and_nobody_exceeds_their_maximum(hours, first, room):
    team = team_of(
        hours, ann={"share": first, "max_hours_per_week": room}, bob={"share": 1.0 - first, "max_hours_per_week": 12.0}
    )
    staff = hours_by_member(team)
    assert sum(given for _, _, given in staff) == pytest.approx(hours, abs=1e-6)
    assert all(0.0 < given <= spec.max_hours_per_week + 1e-9 for _, spec, given in staff)
    hired = [name for name, _, _ in staff if name.startswith("hire")]
    own = sum(given for name, _, given in staff if not name.startswith("hire"))
    shared = sum(one.max_hours_per_week for one in team.members.values() if one.share > 0.0)
    if hired:
        assert own == pytest.approx(shared), "nobody is hired while anyone has hours left"


def test_hours_go_by_share_and_past_a_maximum_to_the_others():
    members = {"ann": {"share": 0.25, "max_hours_per_week": 20.0}, "bob": {"share": 0.75, "max_hours_per_week": 6.0}}
    found = {
        hours: {name: given for name, _, given in hours_by_member(team_of(hours, **members))}
        for hours in (4.0, 8.0, 20.0, 50.0)
    }
    assert found[4.0] == pytest.approx({"ann": 1.0, "bob": 3.0})
    assert found[8.0] == pytest.approx({"ann": 2.0, "bob": 6.0})
    assert found[20.0] == pytest.approx({"ann": 14.0, "bob": 6.0})
    assert found[50.0] == pytest.approx({"ann": 20.0, "bob": 6.0, "hire_1": 20.0, "hire_2": 4.0})


def test_nobody_works_without_hours():
    assert hours_by_member(team_of(0.0)) == []


@pytest.mark.parametrize(
    ("hours", "sessions", "each"),
    [
        (0.5, 1, 0.5),
        (1.0, 1, 1.0),
        (2.0, 1, 2.0),
        (2.5, 2, 1.25),
        (4.0, 2, 2.0),
        (5.0, 3, 5 / 3),
        (19.0, 10, 1.9),
        (20.0, 10, 2.0),
    ],
)
def test_sessions_grow_to_their_longest_then_there_are_more(hours, sessions, each):
    (member,) = World(scenario(team={"hours_per_week": hours}), 1, 0).team
    assert len(member.slots) == sessions
    assert member.session_seconds == pytest.approx(each * 3600, abs=0.5)
    firsts = [hour_of_week(slot) for slot in member.spec.sessions[:sessions]]
    assert [starts for starts, _ in member.slots] == sorted(firsts), "the sessions named first, in the order of the week"


def test_sessions_begin_when_they_should_and_last_as_long(monkeypatch):
    hours = scenario(
        team={"hours_per_week": 10.0, "start_jitter_minutes": 10.0}, time={"horizon_weeks": 36}, calendar={"holidays": []}
    )
    world = World(hours, 1, 0)
    (member,) = world.team
    spans, session = [], member.session

    def timed():
        began = world.env.now
        yield from session()
        spans.append((began, world.env.now))

    monkeypatch.setattr(member, "session", timed)
    world.run()
    assert len(spans) == 5 * 35, "week 33 is closed"
    starts = [hour_of_week(slot) for slot in member.spec.sessions[:5]]
    for began, ended in spans:
        late = min(began % 168 - start for start in starts if began % 168 >= start - 1e-9)
        assert -1e-9 <= late <= 10 / 60
        assert ended - began <= 2.0 + 1e-9
        assert ended - began == pytest.approx(2.0, abs=1e-6)
    closed = {week for week in range(36) if not any(began // 168 == week for began, _ in spans)}
    assert closed == {week for week in range(36) if world.setting.calendar.is_closed(week)}
    assert len(closed) == 1


def test_a_hire_learns_and_a_practised_member_does_not():
    world = World(scenario(team={"hours_per_week": 30.0}, time={"horizon_weeks": 60}), 1, 0)
    one, hire = world.team
    assert (one.name, hire.name) == ("community_manager", "hire_1")
    assert (one.speed("content"), hire.speed("content")) == (1.0, 0.6)
    world.run()
    assert one.speed("content") == 1.0
    assert 0.99 < hire.speed("content") <= 1.0


def test_skill_speeds_up_one_activity_alone():
    split = dict.fromkeys(ACTIVITIES, 0.0) | {"recruiting": 1.0}
    invited = {}
    for speed in (1.0, 2.0):
        hours = scenario(
            team={
                "hours_per_week": 10.0,
                "split": split,
                "members": {"community_manager": {"skills": {"recruiting": {"speed": speed}}}},
            },
            time={"horizon_weeks": 10},
            recruiting={"accepts": 1.0},
            animation={"invitations_per_year": 0.0},
        )
        world = World(hours, 1, 0)
        world.run()
        invited[speed] = world.audience.approached
        assert world.team[0].speed("dialogue") == 1.0
    assert invited[2.0] == pytest.approx(2.0 * invited[1.0], rel=0.02)


def test_urgent_messages_come_before_any_other_work():
    """A complaint that comes in during a session is taken up at the end of the piece of work in hand."""

    split = dict.fromkeys(ACTIVITIES, 0.0) | {"dialogue": 0.05, "listening": 0.95}
    quiet = {"team": {"split": split, "shortest_block_minutes": 30.0}, "market": {"accounts": 1, "customers": 0}}
    world = World(scenario(**merged(ALWAYS_ON, quiet)), 1, 0)
    answered = []

    def complain():
        for _ in range(20):
            yield world.env.timeout(5.3)
            world.dialogue.open(
                "complaint",
                world.market.account(0),
                0.5,
                on_end=lambda _, at=world.env.now: answered.append(world.env.now - at),
            )

    world.env.process(complain())
    world.env.process(world.team[0].work_life())
    world.env.run(until=150.0)
    assert len(answered) == 20
    assert max(answered) <= (30.0 + 1.5 * 9.0) / 60.0 + 1e-3


def test_the_cost_of_an_hour_is_that_of_who_gives_it():
    members = {"ann": {"share": 0.5, "cost_per_hour": 30.0}, "bob": {"share": 0.5, "cost_per_hour": 60.0}}
    record = World(scenario(team={"hours_per_week": 10.0, "members": Only(members)}, time={"horizon_weeks": 4}), 1, 0).run()
    assert {(row["member"], row["cost_per_hour"]) for row in rows(record.hours)} == {("ann", 30.0), ("bob", 60.0)}
