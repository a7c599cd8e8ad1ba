"""What groups of guesses are worth to know, against laws in closed form and products that no single guess tells of."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment.group_information import worth_of_groups
from sim.experiment.information import worth_of_guesses
from sim.experiment.statistics import Estimate
from tests.experiment.test_ignorance import SEEDS, SETS, _holds, resamples, worth_of_choice

EQUAL = np.full(SETS, 1.0 / SETS)


def told_of(groups, returns, weights=EQUAL):
    values = np.stack([np.zeros(len(returns)), returns], axis=1)
    found, by_chance = worth_of_groups(groups, weights, values, resamples(len(returns)))
    return {one.guess: Estimate(one.value, one.low, one.high) for one in found}, by_chance


@pytest.mark.slow
def test_a_linear_group_of_normal_guesses():
    """Known answer: worth of choice in closed form for each of two groups; a third of forty guesses tells nothing."""
    slopes = {"sales": [60.0, 60.0, 50.0], "reach": [40.0, 30.0]}
    inside, by_chance = dict.fromkeys(slopes, 0), 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        groups = {name: generator.normal(size=(SETS, len(of_group))) for name, of_group in slopes.items()}
        groups["sales"] = np.concatenate([groups["sales"], generator.normal(size=(SETS, 9))], axis=1)
        returns = 20.0 + groups["sales"][:, :3] @ slopes["sales"] + groups["reach"] @ slopes["reach"]
        found, _ = told_of(
            {**groups, "nothing": generator.normal(size=(SETS, 40))}, returns + generator.normal(0.0, 40.0, SETS)
        )
        for name, of_group in slopes.items():
            inside[name] += name in found and _holds(found[name], worth_of_choice(20.0, math.hypot(*of_group)))
        by_chance += "nothing" in found
    assert all(count >= 18 for count in inside.values()), inside
    assert by_chance <= stats.binom.ppf(0.999, SEEDS, 0.05)


@pytest.mark.slow
def test_a_group_whose_worth_lies_in_a_product():
    """Known answer: a return of 60 x y, both normal: 60 / pi for the pair, and nothing for either alone."""
    inside, alone = 0, []
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        guesses = generator.normal(size=(SETS, 3))
        returns = 60.0 * guesses[:, 0] * guesses[:, 1] + generator.normal(0.0, 40.0, SETS)
        found, _ = told_of({"pair": guesses}, returns)
        inside += "pair" in found and _holds(found["pair"], 60.0 / math.pi)
        values = np.stack([np.zeros(SETS), returns], axis=1)
        singles, _ = worth_of_guesses({"x": guesses[:, 0], "y": guesses[:, 1]}, EQUAL, values, resamples(SETS))
        alone += [one.value for one in singles]
    assert inside >= 18
    assert max(alone, default=0.0) < 60.0 / math.pi / 2.0, "so it is the group that tells"


def test_weights_of_sets_count():
    """Known answer: facts that favour high guesses leave nothing to find out; without them there is much."""
    generator = np.random.default_rng(1)
    guesses = generator.normal(size=(SETS, 2))
    returns = 100.0 * guesses[:, 0]
    weights = np.where(guesses[:, 0] > 0.0, 1.0, 0.0)
    assert told_of({"group": guesses}, returns, weights / weights.sum())[0] == {}
    found, _ = told_of({"group": guesses}, returns)
    assert found["group"].value == pytest.approx(np.maximum(returns, 0.0).mean() - max(returns.mean(), 0.0), rel=0.02)


def test_of_groups_that_tell_nothing_none_is_told():
    """Ten of them: chance alone makes the best seem to be worth something, and that much is not told."""
    generator = np.random.default_rng(2)
    groups = {f"group {number}": generator.normal(size=(SETS, 2)) for number in range(10)}
    found, by_chance = told_of(groups, generator.normal(5.0, 60.0, SETS))
    assert found == {}
    assert by_chance > 0.0


def test_what_does_not_vary_is_worth_nothing():
    assert told_of({"group": np.ones((SETS, 2))}, np.arange(SETS, dtype=float)) == ({}, 0.0)
    assert told_of({}, np.arange(SETS, dtype=float)) == ({}, 0.0)


def test_a_flag_is_a_guess_too():
    """Known answer: half of the sets return 100, half -100: knowing which is worth 50."""
    flags = np.arange(SETS) % 2
    found, _ = told_of({"flag": flags[:, None].astype(float)}, 200.0 * flags - 100.0)
    assert found["flag"].value == pytest.approx(50.0)
