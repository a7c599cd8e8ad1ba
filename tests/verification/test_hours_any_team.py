"""Conservation of hours for any team that a scenario may hold (model.md, 3): exact, whole seconds.

Known answer: what a member is booked for in a week, over all purposes, is the sessions that the calendar leaves open; and
the blocks say the same of when, but for idle time, of which the last second begun is booked whole.
"""

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.model import World
from sim.model.calendar import DAYS, HOURS_PER_WEEK, SECONDS_PER_HOUR, hour_of_week
from sim.model.team import IDLE, PURPOSES
from sim.scenario.schema import ACTIVITIES
from tests.verification.test_conservation import check_hours
from tests.worlds import Only, reviewed, rows, scenario

WEEKS = 10  # from the second of January: with a holiday, and the weeks that may be closed
TIMES = [f"{hour:02}:{minute:02}" for hour in range(9, 18) for minute in (0, 20, 45)]
SKILLS = st.dictionaries(
    st.sampled_from(ACTIVITIES),
    st.fixed_dictionaries({"speed": st.floats(0.3, 2.0), "quality": st.floats(0.5, 1.2)}),
    max_size=4,
)


def a_member(slots):
    """Someone who works as people may."""

    def with_hours(one):
        begin = sorted(map(hour_of_week, one["sessions"]))
        gap = min(after - before for before, after in pairwise([*begin, HOURS_PER_WEEK]))
        until_closing = min(18.0 - start % 24.0 for start in begin)
        longest = min(one["longest_session_hours"], gap, until_closing)  # a session ends before the next one begins
        most = longest * len(begin)
        return {**one, "longest_session_hours": longest, "max_hours_per_week": one["max_hours_per_week"] * most}

    return st.fixed_dictionaries(
        {
            "sessions": st.lists(st.sampled_from(slots), min_size=2, max_size=8, unique=True),
            "longest_session_hours": st.sampled_from([0.3, 1.0, 2.5, 4.0]),
            "max_hours_per_week": st.floats(0.3, 1.0),  # of all that the sessions hold
            "away_weeks": st.lists(st.integers(1, WEEKS), max_size=3),
            "onboarding_hours": st.sampled_from([0.0, 0.0, 0.1, 7.3]),
            "learning_hours": st.sampled_from([0.0, 3.0, 100.0]),
            "starting_speed": st.floats(0.1, 1.0),
            "starting_quality": st.floats(0.3, 1.0),
            "skills": SKILLS,
        }
    ).map(with_hours)


@st.composite
def staffs(draw):
    """A working week, one to three people with shares of their own, and the hire that would join them."""
    weekdays = draw(st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True).map(sorted))
    person = a_member([f"{DAYS[day]} {time}" for day in weekdays for time in TIMES])
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    members = {f"member_{number}": draw(person) | {"share": w / sum(weights)} for number, w in enumerate(weights)}
    return weekdays, members, draw(person)


SPLITS = st.lists(st.sampled_from([0, 1, 1, 2, 4]), min_size=len(ACTIVITIES), max_size=len(ACTIVITIES)).filter(any)
CALENDARS = st.fixed_dictionaries(
    {
        "closed_weeks": st.lists(st.integers(1, WEEKS), max_size=2),
        "holidays": st.lists(st.sampled_from(["01-02", "01-06", "02-14", "02-29", "03-02"]), max_size=3, unique=True),
    }
)
HABITS = st.fixed_dictionaries(
    {
        "switching_minutes": st.sampled_from([0.0, 0.01, 1.7, 5.0, 45.0]),
        "shortest_block_minutes": st.sampled_from([2.0, 30.0, 90.0]),
        "start_jitter_minutes": st.sampled_from([0.0, 10.0, 55.5]),
        "arrears_cap_weeks": st.sampled_from([0.0, 0.25, 4.0]),
    }
)


def team_scenario(level, staff, weights, calendar, habits):
    weekdays, members, hire = staff
    shares = {activity: weight / sum(weights) for activity, weight in zip(ACTIVITIES, weights, strict=True)}
    return scenario(
        team={"hours_per_week": level, "members": Only(members), "hire": Only(hire), "split": shares, **habits},
        calendar={"weekdays": weekdays, **calendar},
        time={"horizon_weeks": WEEKS, "run_off_weeks": 0},
        market={"accounts": 150, "customers": 40, "segments": {"all": {"needs_per_year": 1.0}}},
        customers={"questions_per_year": 12.0, "share_on_social": 0.5},
        recruiting={"minutes": 2.0},
        validation=reviewed(0.7),
    )


def seconds_by_purpose(record, table):
    """Seconds of each member on each purpose, and from how many rows, as two counters."""
    seconds, count = Counter(), Counter()
    for row in rows(getattr(record, table)):
        spent = row["seconds"] if table == "hours" else (row["ended"] - row["began"]) * SECONDS_PER_HOUR
        seconds[row["member"], row["activity"]] += spent
        count[row["member"], row["activity"]] += 1
    return seconds, count


def check_blocks(record):
    """To a millionth of an hour; of each idle stretch less than a second is booked that no block shows.

    And nobody does two things at once.
    """
    ended = {}
    for row in rows(record.blocks):
        assert row["ended"] >= row["began"] >= ended.get(row["member"], 0.0) - 1e-9
        ended[row["member"]] = row["ended"]
    booked, _ = seconds_by_purpose(record, "hours")
    shown, stretches = seconds_by_purpose(record, "blocks")
    assert booked.keys() == {name for name, spent in shown.items() if spent > 0.0 or booked[name]}
    for (member, purpose), seconds in booked.items():
        missing = seconds - shown[member, purpose]
        if purpose == IDLE:
            assert -1e-3 < missing < stretches[member, purpose], (member, purpose)
        else:
            assert abs(missing) < 1e-6 * SECONDS_PER_HOUR, (member, purpose)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking would run hundreds of worlds
    suppress_health_check=list(HealthCheck),
)
@given(share=st.floats(0.1, 1.3), staff=staffs(), weights=SPLITS, calendar=CALENDARS, habits=HABITS)
def test_hours_are_conserved_for_any_team(share, staff, weights, calendar, habits):
    """`share` of what all members can give; more than all of it makes hires, with sessions of their own."""
    level = share * sum(member["max_hours_per_week"] for member in staff[1].values())
    hours = team_scenario(level, staff, weights, calendar, habits)
    world = World(hours, 1, 0)
    record = world.run()
    assert {row["activity"] for row in rows(record.hours)} <= set(PURPOSES)
    check_hours(hours, record, world.team)
    check_blocks(record)
