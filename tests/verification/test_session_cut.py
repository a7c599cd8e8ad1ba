"""Listening does not depend on how its hours are cut into sessions (model.md, 7: never a fresh draw per slice).

Five sessions of four hours against eighty of a quarter of an hour, at the same hours, back to back, without switching or
lateness, where only listening has a share. Known answer: the same signals, found at the same moments, to the last bit.
"""

from collections import Counter

import pytest

from sim.model import World
from tests.worlds import Only, exact, rows, scenario

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
WHOLE = tuple(f"{day} 09:00" for day in DAYS)
IN_QUARTERS = tuple(f"{day} {9 + quarter // 4:02}:{quarter % 4 * 15:02}" for day in DAYS for quarter in range(16))
LISTENING_ALONE = {
    "listening": 1.0, "weak_signals": 0.0, "recruiting": 0.0, "animation": 0.0, "content": 0.0,
    "publishing": 0.0, "validation": 0.0, "dialogue": 0.0, "measurement": 0.0,
}  # fmt: skip


MENTION = 0.25  # finds an hour, of this kind of signal alone


def longest_slice(session_hours):
    return min(0.5, session_hours) + 1e-6


def listener(slots, longest_hours, speed=1.0, mentions_live_hours=24.0):
    one = {
        "share": 1.0,
        "max_hours_per_week": 20.0,
        "longest_session_hours": longest_hours,
        "sessions": list(slots),
        "skills": {"listening": {"speed": speed}},
    }
    return scenario(
        team={
            "hours_per_week": 20.0,
            "members": Only(one=one),
            "split": LISTENING_ALONE,
            "switching_minutes": 0.0,
            "start_jitter_minutes": 0.0,
        },
        time={"horizon_weeks": 104, "run_off_weeks": 0},
        market={"accounts": 600, "customers": 150, "segments": {"all": {"needs_per_year": 2.0}}},
        customers={"questions_per_year": 6.0, "share_on_social": 0.5},
        dialogue={"patience_hours": mentions_live_hours},
        listening={"share_tagged": 0.3, "mention_finds_per_hour": MENTION},
        weak_signals={"trends_per_year": 40.0, "moves_per_year": 30.0},
        crises={"per_year": 20.0, "per_unanswered_complaint": 0.0},
    )


def listened(hours, opened=None):
    """The record, and when each signal that listening was told to expect was found: rate, birth, death, draw, moment.

    `opened` is given the deadlines of the conversations that mentions have led to.
    """
    world, found = World(hours, 1, 0), []
    expect, begin = world.listening.expect, world.dialogue.open

    def opening(kind, account, u_minutes, *, deadline=None, on_end=None):
        if opened is not None and deadline is not None and kind in ("customer_question", "complaint"):
            opened.append(deadline)
        begin(kind, account, u_minutes, deadline=deadline, on_end=on_end)

    def noting(born_at, dies_at, finds_per_hour, u, on_found):
        def note(found_at):
            found.append((finds_per_hour, born_at, dies_at, u, found_at))
            on_found(found_at)

        expect(born_at, dies_at, finds_per_hour, u, note)

    world.listening.expect, world.dialogue.open = noting, opening
    return world.run(), sorted(found)


def both(**more):
    return listened(listener(WHOLE, 4.0, **more)), listened(listener(IN_QUARTERS, 0.25, **more))


def test_what_is_found_and_when_does_not_depend_on_the_cut_to_the_last_bit():
    (whole, found_whole), (cut, found_cut) = both()
    assert {row["activity"] for row in rows(whole.hours)} == {row["activity"] for row in rows(cut.hours)} == {"listening"}
    assert sum(row["seconds"] for row in rows(whole.hours)) == sum(row["seconds"] for row in rows(cut.hours))
    columns = "kind", "account", "number", "born_at", "found_at"
    assert exact(whole.signals, *columns) == exact(cut.signals, *columns)
    assert [tuple(map(repr, one)) for one in found_whole] == [tuple(map(repr, one)) for one in found_cut]
    kinds = Counter(row["kind"] for row in rows(whole.signals))
    assert min(kinds[kind] for kind in ("buyer_question", "mention", "trend", "competitor_move", "early_sign")) > 15
    assert len(found_whole) == sum(kinds.values())


def test_signals_are_found_at_the_hours_of_listening_and_while_they_live():
    _, found = listened(listener(WHOLE, 4.0))
    for _, born_at, dies_at, _, found_at in found:
        assert 9.0 <= found_at % 24.0 <= 13.0 + 1e-9
        assert born_at - 0.5 / 3600.0 <= found_at <= dies_at + 1e-9


def test_a_slow_listener_finds_the_same_whatever_the_cut_but_for_the_last_digits():
    """Work of a speed that is no power of two is rounded at each cut: the same signals, within a thousandth of a second."""
    (whole, found_whole), (cut, found_cut) = both(speed=0.7)
    assert exact(whole.signals, "kind", "account", "number") == exact(cut.signals, "kind", "account", "number")
    assert [one[:4] for one in found_whole] == [one[:4] for one in found_cut]
    assert [one[4] for one in found_whole] == pytest.approx([one[4] for one in found_cut], abs=1e-3 / 3600.0, rel=0.0)


def test_of_mentions_found_only_those_that_end_within_the_block_can_be_too_late():
    """A find is acted on at the end of its slice, half an hour at most; until then some mentions have lost their worth.

    Those whose time is over later than that are opened, each of them, whatever the cut.
    """
    for slots, longest_hours in ((WHOLE, 4.0), (IN_QUARTERS, 0.25)):
        opened = []
        _, found = listened(listener(slots, longest_hours, mentions_live_hours=6.0), opened)
        mentions = [(dies_at, found_at) for finds_per_hour, _, dies_at, _, found_at in found if finds_per_hour == MENTION]
        in_time = [dies_at for dies_at, found_at in mentions if dies_at - found_at > longest_slice(longest_hours)]
        assert set(in_time) <= set(opened) <= {dies_at for dies_at, _ in mentions}
        assert len(opened) == len(set(opened))
        assert 0.8 * len(mentions) < len(in_time) < len(mentions)
