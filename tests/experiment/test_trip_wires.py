"""Trip-wires on tables of which all is known."""

from dataclasses import asdict

import numpy as np
import pytest

from sim.experiment import ResultsError
from sim.experiment.beside import rebuilt
from sim.experiment.early_signs import MEASURE, SIGNS, of_worlds, sign_name, so_far
from sim.experiment.pilots import AFTER
from sim.experiment.statistics import share
from sim.experiment.trip_wires import (
    FEW_LOSE,
    FEW_PAY,
    SILENT,
    TESTED,
    WIRE,
    TripWires,
    check,
    choose,
    first_half,
    remembered,
    youden,
)
from sim.scenario import apply
from tests.small import small

LEADS, MESSAGES, REACH, FOLLOWERS = SIGNS
HALF = 20  # sets in either half


def table(**signs):
    """Signs of 40 sets: those given after one quarter, all others the same everywhere."""
    same = {sign_name(sign, after): np.full(2 * HALF, 7.0) for sign in SIGNS for after in AFTER}
    return same | {sign_name(sign, 1): np.array(values, dtype=float) for sign, values in signs.items()}


def pays(first, second):
    """Returns of sets of which the first so many of either half pay."""
    return np.array([1.0 if number < many else -1.0 for many in (first, second) for number in range(HALF)])


def wire(returns, **signs):
    found = choose(20.0, returns, table(**signs), 1)
    assert found.state == TESTED
    return found.wires[0]


def test_the_threshold_parts_one_half_and_the_rates_are_of_the_other():
    """Of 21 sets that pay 10 are to choose on, of 19 that lose 9: the first of each.

    There those that pay reach 101 to 110, the others 51 to 59: a perfect wire at (59 + 101) / 2 = 80. On the other half 2 of
    11 that pay lie below it, and 3 of 10 that lose do not.
    """
    paying = [*range(101, 111), *range(101, 110), 10, 79]
    losing = [*range(51, 60), *range(51, 58), 80, 90, 200]
    found = wire(np.array([1.0] * 21 + [-1.0] * 19), **{REACH: [*paying, *losing]})
    assert (found.sign, found.value, found.verdict, found.after) == (REACH, 80.0, WIRE, 1)
    assert (found.pay, found.false_alarms, found.lose, found.missed) == (11, 2, 10, 3)
    assert found.false_alarm_share == share(2, 11)
    assert found.missed_share == share(3, 10)
    assert found.gain == pytest.approx(1.0 - 2 / 11 - 3 / 10)


def test_either_half_has_as_many_that_pay_and_that_lose():
    pays = np.array([True, True, False, True, False, False, True, False])
    assert first_half(pays).tolist() == [True, True, True, False, True, False, False, False]


def test_what_a_sign_promises_by_chance_is_not_believed():
    """It parts the first half by chance, and says the contrary in the second."""
    parts = [*[100.0] * 10, *[10.0] * 10]
    found = wire(pays(10, 10), **{REACH: [*parts, *reversed(parts)]})
    assert (found.verdict, found.false_alarms, found.missed) == (SILENT, 10, 10)
    assert found.gain == -1.0


def test_noise_tells_nothing():
    told = 0
    for seed in range(40):
        noise = np.random.default_rng(seed).random((4, 2 * HALF))
        told += wire(pays(12, 12), **dict(zip(SIGNS, noise, strict=True))).verdict == WIRE
    assert told <= 6  # one in twenty by chance


def test_the_sign_that_tells_most_is_chosen_and_of_equal_ones_the_first():
    perfect, good = [100.0] * 10 + [10.0] * 10, [100.0] * 10 + [10.0] * 9 + [100.0]
    both = wire(pays(10, 10), **{FOLLOWERS: [*perfect] * 2, LEADS: [*good] * 2})
    assert (both.sign, both.value) == (FOLLOWERS, 55.0)
    assert wire(pays(10, 10), **{FOLLOWERS: [*perfect] * 2, REACH: [*perfect] * 2}).sign == REACH


def test_too_few_that_lose_are_said_and_no_rates_are_told():
    """9 are 4 in one half, too few; what to expect is the 5th percentile of those that pay."""
    found = choose(20.0, pays(15, 16), table(**{REACH: range(140, 100, -1)}), 1)
    assert (found.state, found.pay, found.members, found.wires) == (FEW_LOSE, 31, 40, ())
    paying = [*range(140, 125, -1), *range(120, 104, -1)]
    (reach,) = [one.value for one in found.expected if (one.sign, one.after) == (REACH, 1)]
    assert reach == remembered(np.quantile(paying, 0.05)) == 110.0
    assert len(found.expected) == len(SIGNS) * len(AFTER)
    assert rebuilt(TripWires, asdict(found)) == found
    assert choose(20.0, pays(15, 15), table(), 1).state == TESTED


def test_too_few_that_pay_are_said_too():
    assert choose(20.0, pays(4, 5), table(), 1).state == FEW_PAY
    assert choose(20.0, pays(0, 0), table(), 1).state == FEW_PAY


def test_times_beyond_the_horizon_are_left_out():
    signs = table() | {sign_name(sign, 4): np.full(2 * HALF, np.nan) for sign in SIGNS}
    assert [one.after for one in choose(20.0, pays(10, 10), signs, 1).wires] == [1, 2]


def test_youden_s_index_and_its_interval():
    """By hand, from the Wilson intervals of 9 in 10 and 2 in 10 (Newcombe 1998, method 10)."""
    right, wrong, found = share(9, 10), share(2, 10), youden(9, 10, 2, 10)
    assert found.value == pytest.approx(0.7)
    assert found.low == pytest.approx(0.7 - ((0.9 - right.low) ** 2 + (wrong.high - 0.2) ** 2) ** 0.5)
    assert found.high == pytest.approx(0.7 + ((right.high - 0.9) ** 2 + (0.2 - wrong.low) ** 2) ** 0.5)
    assert youden(5, 10, 5, 10).says_nothing()


def test_signs_are_summed_since_the_team_began_and_followers_are_those_at_the_end():
    base = apply(small(), {"hours_policy.starts_week": 13, "time.horizon_weeks": 40})
    quarters = np.array([100.0, 1.0, 2.0, 4.0])
    assert so_far(quarters, REACH, base, 1) == 1.0
    assert so_far(quarters, REACH, base, 2) == 3.0
    assert so_far(quarters, FOLLOWERS, base, 2) == 2.0
    assert np.isnan(so_far(quarters, REACH, base, 4))


def test_signs_of_a_world_are_those_of_its_quarters():
    found = of_worlds((small(), apply(small(), {"team.hours_per_week": 20.0})), 7, 0)
    assert set(found) == set(MEASURE.names)
    assert all(len(values) == 2 for values in found.values())
    assert found[sign_name(REACH, 2)][0] > found[sign_name(REACH, 1)][0] > 0.0
    assert found[sign_name(REACH, 1)][1] > found[sign_name(REACH, 1)][0]
    assert np.isnan(found[sign_name(REACH, 4)]).all()  # the horizon is 40 weeks


def test_too_few_sets_are_refused():
    with pytest.raises(ResultsError, match="--members 3"):
        check(3)
