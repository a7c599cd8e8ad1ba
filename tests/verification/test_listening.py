"""Listening: chance to be found is that of competing exponentials, however the listening is shared (model.md, 7)."""

import math
from collections import defaultdict

import pytest
from scipy import stats

from sim.model import World
from sim.model.signals import ListeningDesk
from tests.quiet import ALL_DAYS, always_on, only, quiet
from tests.worlds import Only, new, rows

ALPHA = 0.001
LIFE, RATE, WEEKS = 20.0, 0.04, 10
WHOLE_DAYS = [f"{day} 00:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
SHORT = {"team": {"split": only(listening=1.0), "shortest_block_minutes": 5.0}, "time": {"horizon_weeks": WEEKS}}


def listeners(number, *layers, **changes):
    """So many people who never stop listening."""
    one = {"share": 1.0 / number, "max_hours_per_week": 168.0, "longest_session_hours": 24.0, "sessions": WHOLE_DAYS}
    team = {"hours_per_week": 168.0 * number, "members": Only({f"m{k}": one for k in range(number)})}
    return always_on(SHORT, {"team": team}, *layers, **changes)


def expected_and_found(hours, seed=1):
    """Every signal that could be found, by the rate at which it is: (born, dies, found at or None) each."""
    world = World(hours, seed, 0)
    signals, expect = defaultdict(list), world.listening.expect

    def watching(born_at, dies_at, finds_per_hour, u, on_found):
        signal = [born_at, dies_at, None]
        signals[finds_per_hour].append(signal)

        def found(at):
            assert signal[2] is None, "found once"
            signal[2] = at
            on_found(at)

        expect(born_at, dies_at, finds_per_hour, u, found)

    world.listening.expect = watching
    return world, signals, world.run()


def check_share(signals, p, horizon, at_least):
    """Null: each is found with probability p. Binomial, alpha 0.001; those are left out whom the horizon may cut off."""
    early = [signal for signal in signals if signal[0] < horizon - 20.0 * LIFE]
    found = [at for _, _, at in early if at is not None]
    assert len(early) >= at_least
    assert all(born <= at <= dies for born, dies, at in early if at is not None)
    assert stats.binomtest(len(found), len(early), p).pvalue > ALPHA, (len(found) / len(early), p)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "rate", "life"), [(1, RATE, LIFE), (2, 0.5 * RATE, LIFE), (2, 0.4, 1.0)])
def test_buyers_questions_are_found_as_competing_exponentials_say(number, rate, life):
    """P = f / (f + 1 / life), f over all who listen. Research is so long that it hardly ever ends a question's life."""
    hours = listeners(
        number,
        market={"accounts": 1500, "segments": {"all": {"needs_per_year": 5.0}}, "shortlist": {"research_weeks": 40.0}},
        listening={"share_of_needs_asked_about": 1.0, "life_hours": life, "finds_per_hour": rate},
        team={"shortest_block_minutes": 30.0},
        time={"horizon_weeks": 52},
    )
    _, signals, record = expected_and_found(hours)
    f = number * rate
    check_share(signals[rate], f / (f + 1.0 / life), 52 * 168.0, 3000)
    assert sum(row["kind"] == "buyer_question" for row in rows(record.signals)) == sum(
        at is not None for *_, at in signals[rate]
    )


def test_a_share_of_needs_is_asked_about_at_any_time_of_the_research():
    """Null: binomial, and uniform over the research window (KS on births). alpha 0.001 each."""
    hours = listeners(
        1,
        market={"accounts": 1500, "segments": {"all": {"needs_per_year": 5.0}}, "shortlist": {"research_weeks": 10.0}},
        listening={"share_of_needs_asked_about": 0.4, "life_hours": LIFE, "finds_per_hour": 1e3},
        team={"shortest_block_minutes": 30.0},
        time={"horizon_weeks": 30},
    )
    _, _, record = expected_and_found(hours)
    opens = {(row["account"], row["need"]): row["opens_at"] for row in rows(new(record.needs))}
    needs = {name: at for name, at in opens.items() if at < (30 - 11.0) * 168.0}
    asked = [
        row for row in rows(record.signals) if row["kind"] == "buyer_question" and (row["account"], row["number"]) in needs
    ]
    assert stats.binomtest(len(asked), len(needs), 0.4 * 1e3 / (1e3 + 1.0 / LIFE)).pvalue > ALPHA
    places = [(row["born_at"] - needs[row["account"], row["number"]]) / (10.0 * 168.0) for row in asked]
    assert len(places) > 700
    assert stats.kstest(places, "uniform").pvalue > ALPHA


@pytest.mark.parametrize("kind", ["trend", pytest.param("move", marks=pytest.mark.slow)])
def test_trends_and_moves_are_found_as_competing_exponentials_say(kind):
    weak = {"finds_per_hour": RATE, f"{kind}s_per_year": 5_000.0, f"{kind}_life_weeks": LIFE / 168.0}
    world, signals, record = expected_and_found(listeners(1, weak_signals=weak))
    check_share(signals[RATE], RATE / (RATE + 1.0 / LIFE), WEEKS * 168.0, 700)
    lives = [dies - born for born, dies, _ in signals[RATE]]
    assert stats.kstest(lives, stats.expon(scale=LIFE).cdf).pvalue > ALPHA
    births = [born for born, *_ in signals[RATE]]
    mean = 5_000.0 * WEEKS / 52.0
    assert abs(len(births) - mean) < 3.3 * math.sqrt(mean), "Poisson"
    assert stats.kstest(births, stats.uniform(0.0, WEEKS * 168.0).cdf).pvalue > ALPHA
    assert not world.dialogue.waiting()
    assert {row["analysed_at"] for row in rows(record.signals)} == {None}


@pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_mentions_that_do_not_name_the_account_are_heard_within_their_patience(number):
    """P = 1 - exp(-f patience): they do not die at random. Blocks of five minutes, since one heard too late is lost."""
    hours = listeners(
        number,
        ALL_DAYS,
        market={"accounts": 80, "customers": 80},
        customers={"questions_per_year": 400.0, "share_on_social": 1.0, "renewal_share": 0.999},
        time={"horizon_weeks": 8},
        dialogue={"replies_raise_volume": 0.0, "patience_hours": LIFE},
        listening={"share_tagged": 0.0, "mention_finds_per_hour": RATE},
    )
    _, signals, record = expected_and_found(hours)
    assert {round(dies - born, 6) for born, dies, _ in signals[RATE]} == {LIFE}
    check_share(signals[RATE], -math.expm1(-number * RATE * LIFE), 8 * 168.0, 3000)
    assert len(record.conversations) <= sum(at is not None for *_, at in signals[RATE]), "nobody writes here but whom was heard"


def test_the_share_that_names_the_account_needs_no_listening():
    """Null: binomial, alpha 0.001. The rest is not heard where nothing is found."""
    hours = listeners(
        1,
        ALL_DAYS,
        market={"accounts": 80, "customers": 80},
        customers={"questions_per_year": 800.0, "share_on_social": 1.0, "renewal_share": 0.999},
        time={"horizon_weeks": 4},
        dialogue={"replies_raise_volume": 0.0},
        listening={"share_tagged": 0.3, "mention_finds_per_hour": 0.0},
    )
    _, signals, record = expected_and_found(hours)
    named, unnamed = len(record.conversations), len(signals[0.0])
    assert named + unnamed > 3000
    assert stats.binomtest(named, named + unnamed, 0.3).pvalue > ALPHA


def heard(slices, born=0.0, dies=100.0, u=None, rate=1.0, hours=1.0):
    """Whether a signal that needs so many hours is found by slices (began, ended, speed), told when each ends."""
    desk, found = ListeningDesk(), []
    desk.expect(born, dies, rate, -math.expm1(-hours * rate) if u is None else u, found.append)
    for began, ended, speed in sorted(slices, key=lambda one: one[1]):
        desk._listen(began, ended, speed)
    return found


@pytest.mark.parametrize(
    ("slices", "born", "dies", "needs", "is_found"),
    [
        ([(0.0, 0.5, 1.0), (0.0, 0.5, 1.0)], 0.0, 9.0, 0.999, True),
        ([(0.0, 0.5, 1.0), (0.0, 0.5, 1.0)], 0.0, 9.0, 1.001, False),
        ([(0.0, 2.0, 1.0), (1.0, 1.5, 1.0)], 0.0, 9.0, 2.499, True),
        ([(0.0, 2.0, 1.0), (1.0, 1.5, 1.0)], 0.0, 9.0, 2.501, False),
        ([(0.0, 2.0, 1.0), (0.0, 2.0, 1.0)], 1.5, 9.0, 0.999, True),
        ([(0.0, 2.0, 1.0), (0.0, 2.0, 1.0)], 1.5, 9.0, 1.001, False),
        ([(0.0, 2.0, 1.0)], 0.0, 1.0, 1.001, False),
        ([(0.0, 2.0, 1.0), (0.0, 2.0, 1.0)], 0.0, 1.0, 1.999, True),
        ([(0.0, 2.0, 1.0), (0.0, 2.0, 1.0)], 0.0, 1.0, 2.001, False),
        ([(0.0, 2.0, 1.0), (1.0, 1.5, 1.0)], 0.0, 0.9, 0.899, True),
        ([(0.0, 2.0, 1.0), (1.0, 1.5, 1.0)], 0.0, 0.9, 0.901, False),
        ([(0.0, 2.0, 0.5)], 0.0, 9.0, 0.999, True),
        ([(0.0, 2.0, 0.5)], 0.0, 9.0, 1.001, False),
    ],
)
def test_each_hour_counts_once_for_each_who_listens_from_birth_to_death(slices, born, dies, needs, is_found):
    """Exact: found iff hours x speed of all who listened while it lived, summed, reach the threshold."""
    assert bool(heard(slices, born, dies, hours=needs)) == is_found


@pytest.mark.parametrize("cut", [0.1, 0.5, 1.0, 7.0])
def test_when_it_is_found_does_not_depend_on_how_listening_is_cut(cut):
    slices = [(began * cut, (began + 1) * cut, 1.0) for began in range(math.ceil(10.0 / cut))]
    assert heard(slices, born=1.25, dies=9.0, hours=3.5) == pytest.approx([4.75], abs=1e-3)


def test_who_does_not_listen_finds_nothing():
    hours = quiet(
        market={"accounts": 500, "segments": {"all": {"needs_per_year": 2.0}}},
        listening={"share_of_needs_asked_about": 1.0, "finds_per_hour": 1e3},
        weak_signals={"trends_per_year": 100.0, "moves_per_year": 100.0, "finds_per_hour": 1e3},
        team={"hours_per_week": 20.0, "split": only(weak_signals=0.5, dialogue=0.5)},
        time={"horizon_weeks": 20},
    )
    record = World(hours, 1, 0).run()
    assert not record.signals.rows
    assert not [row for row in rows(record.conversations) if row["kind"] == "outreach"]
