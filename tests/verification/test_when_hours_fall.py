"""Hours fall where they fall (model.md, 3): a message waits for the next session, not for the next hour of the week.

One person who does nothing but answer, five hours per week: all on Friday, or one a day. Known answers: what is written on
Monday is answered on Friday, or missed where patience ends before; spread over the week, the median wait is a fraction.
"""

import numpy as np
import pytest

from sim.model import World
from tests.worlds import ALWAYS_ON, Only, changed, rows, scenario

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
FRIDAY, DAILY = ["Fri 09:00"], [f"{day} 09:00" for day in DAYS]
WEEKS = 20
MONDAY_10, FRIDAY_9, FRIDAY_14 = 10.0, 4 * 24.0 + 9.0, 4 * 24.0 + 14.0


def five_hours(sessions, patience_hours):
    one = {"share": 1.0, "max_hours_per_week": 5.0, "longest_session_hours": 5.0 / len(sessions), "sessions": sessions}
    answering = {
        "calendar": {"weekdays": [0, 1, 2, 3, 4]},
        "team": {"hours_per_week": 5.0, "members": Only(one=one)},
        "market": {"accounts": 1, "customers": 0, "segments": {"all": {"needs_per_year": 0.0}}},
        "dialogue": {
            "patience_hours": patience_hours,
            "minutes": {"median": 6.0, "sigma": 0.0},
            "kinds": {"customer_question": {"patience": 1.0, "effort": 1.0}},
        },
        "crises": {"per_year": 0.0},
        "time": {"horizon_weeks": WEEKS, "run_off_weeks": 0},
    }
    return changed(scenario(**ALWAYS_ON), **answering)


def conversations(sessions, patience_hours, moments):
    """What becomes of a customer's question at each of these moments (h, ascending)."""
    world = World(five_hours(sessions, patience_hours), 1, 0)

    def ask():
        for moment in moments:
            yield world.env.timeout(moment - world.env.now)
            world.dialogue.open("customer_question", world.market.account(0), 0.5)

    world.env.process(ask())
    return rows(world.run().conversations)


def waits(talks):
    return np.array([talk["settled_at"] - talk["opened_at"] for talk in talks])


@pytest.mark.parametrize("week", [0, 3])
def test_mondays_question_is_answered_on_friday(week):
    """To the minute: the session begins at nine, the answer takes six minutes."""
    (talk,) = conversations(FRIDAY, 120.0, [168.0 * week + MONDAY_10])
    assert talk["outcome"] == "answered"
    assert talk["settled_at"] == pytest.approx(168.0 * week + FRIDAY_9 + 0.1, abs=1e-9)


def test_mondays_question_is_missed_where_patience_ends_on_wednesday():
    (talk,) = conversations(FRIDAY, 48.0, [MONDAY_10])
    assert (talk["outcome"], talk["settled_at"]) == ("missed", MONDAY_10 + 48.0)


@pytest.mark.parametrize(("patience", "outcome"), [(94.9, "missed"), (95.1, "answered")])
def test_what_decides_is_whether_patience_lasts_until_the_session(patience, outcome):
    """From Monday at ten to Friday at nine there are 95 hours."""
    (talk,) = conversations(FRIDAY, patience, [MONDAY_10])
    assert talk["outcome"] == outcome


def test_fridays_question_is_answered_within_the_session_or_a_week_later():
    during, after = conversations(FRIDAY, 200.0, [FRIDAY_9 + 3.0, FRIDAY_14 + 0.5])
    assert during["settled_at"] == pytest.approx(FRIDAY_9 + 3.1, abs=1e-6)
    assert after["settled_at"] == pytest.approx(168.0 + FRIDAY_9 + 0.1, abs=1e-6)


def until_the_next(sessions, moment):
    """Hours from a moment to the next minute of a session (0 in one); all sessions are equally long."""
    length = 5.0 / len(sessions)
    starts = [24.0 * DAYS.index(slot[:3]) + 9.0 for slot in sessions]
    return min(0.0 if (moment - start) % 168.0 < length else (start - moment) % 168.0 for start in starts)


def test_the_same_hours_spread_over_the_week_answer_several_times_as_fast():
    """Two questions each working day, at any time of it, to the patient: each waits for the next session and little more.

    Those who give up after a day on which people work are mostly missed in the one case and hardly ever in the other.
    """
    rng = np.random.default_rng(1)
    days = [168.0 * week + 24.0 * day for week in range(WEEKS - 1) for day in range(5)]
    moments = np.sort([day + hour for day in days for hour in rng.uniform(0.0, 24.0, 2)]).tolist()
    medians = []
    for sessions, most_missed in ((FRIDAY, (0.6, 0.9)), (DAILY, (0.0, 0.1))):
        talks = conversations(sessions, 1e4, moments)
        assert [talk["opened_at"] for talk in talks] == pytest.approx(moments, abs=1e-9)
        assert {talk["outcome"] for talk in talks} == {"answered"}
        late = waits(talks) - [until_the_next(sessions, moment) for moment in moments]
        assert late.min() > 0.0, "never before the next session"
        assert late.max() < 1.5, "ten questions of six minutes each are an hour's work"
        assert {DAYS[int(talk["settled_at"] % 168.0 // 24.0)] for talk in talks} == {slot[:3] for slot in sessions}
        medians.append(np.median(waits(talks)))
        impatient = conversations(sessions, 24.0, moments)
        missed = np.mean([talk["outcome"] == "missed" for talk in impatient])
        assert most_missed[0] <= missed <= most_missed[1]
    assert medians[1] < 0.35 * medians[0]
