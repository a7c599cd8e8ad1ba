"""Looks from the end backwards, against exact dynamic programming on a small problem, and against a closed form."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.experiment.backward_induction import Look, Rule, follow, solve

SEEDS = 20
NORMAL = NormalDist()

# A market is in one of three states; it is seen twice, and moves in between. At the first look a team begins small
# or large, or stops; at the second look it may stop or stay. A stage costs 1 or 4; what it returns in the end depends on the
# last state and on its size, with much luck.
FIRST = np.array([0.3, 0.4, 0.3])
MOVES = {"small": np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]),
         "large": np.array([[0.6, 0.2, 0.2], [0.1, 0.5, 0.4], [0.0, 0.2, 0.8]])}  # fmt: skip
COSTS = {"small": 1.0, "large": 4.0}
PAYS = {"small": np.array([0.0, 2.0, 6.0]), "large": np.array([-1.0, 5.0, 16.0])}
LUCK = 3.0
ACTIVE = ("small", "large")


def exact():
    """The value of the problem by dynamic programming on its states, and the best way in each state at both looks."""
    last = {size: np.max([np.zeros(3), PAYS[size] - COSTS[size]], axis=0) for size in ACTIVE}
    middle = np.max([np.zeros(3), *(MOVES[size] @ last[size] - COSTS[size] for size in ACTIVE)], axis=0)
    choice = np.argmax([np.zeros(3), *(MOVES[size] @ last[size] - COSTS[size] for size in ACTIVE)], axis=0)
    return float(FIRST @ middle), [("stop", *ACTIVE)[one] for one in choice], last


def drawn(seed, sets=3000, even=True):
    """Sets of the problem; states of the first look as often as each other, and weighted, if `even`."""
    generator = np.random.default_rng(seed)
    chances = np.full(3, 1 / 3) if even else FIRST
    state = generator.choice(3, sets, p=chances)
    u = generator.random(sets)
    after = {size: (u[:, None] > np.cumsum(MOVES[size][state], axis=1)).sum(axis=1).clip(0, 2) for size in ACTIVE}
    luck = generator.normal(0.0, LUCK, sets)

    def last(size):
        stop = np.full(sets, -COSTS[size])
        end = PAYS[size][after[size]] + luck - 2 * COSTS[size]
        return Look(after[size][:, None].astype(float), {"stop": stop, "stay": end})

    noise = generator.normal(size=(sets, 1))
    look = Look(np.hstack([noise, state[:, None]]), {"stop": np.zeros(sets), **{size: last(size) for size in ACTIVE}})
    weights = FIRST[state] / chances[state]
    return look, weights / weights.sum()


@pytest.mark.parametrize("even", [True, False])
def test_two_looks_against_exact_dynamic_programming(even):
    """Within three standard errors in at least 18 of 20 seeds, by the rule of others, and by the rule in sets of its own."""
    value, best, _ = exact()
    assert best == ["stop", "large", "large"]
    near = {"others": 0, "anew": 0}
    for seed in range(SEEDS):
        look, weights = drawn(seed, even=even)
        rule, values = solve(look, weights)
        fresh, own = drawn(1000 + seed, even=even)
        for name, found, by in (("others", values, weights), ("anew", follow(rule, fresh), own)):
            mean = float(by @ found)
            error = math.sqrt(float(by**2 @ (found - mean) ** 2))
            near[name] += abs(mean - value) < 3.0 * error
        assert rule.sign == 1, "the first column is noise"
    assert min(near.values()) >= 18, near


def test_the_rules_are_those_of_dynamic_programming():
    _, best, last = exact()
    look, weights = drawn(1, sets=40_000)
    rule, _ = solve(look, weights)
    assert [rule.above if state >= rule.cut else rule.below for state in range(3)] == best
    for size, later in rule.later.items():
        goes_on = [later.above if state >= later.cut else later.below for state in range(3)]
        assert goes_on == ["stay" if value > 0.0 else "stop" for value in last[size]]


def test_a_pilot_of_normal_returns_against_its_closed_form():
    """Go on if what is expected given the pilot is above zero: its cut and its worth are known (Raiffa and Schlaifer)."""
    mean, spread, noise = -0.5, 2.0, 1.5
    kept = spread**2 / (spread**2 + noise**2)
    smooth = spread * math.sqrt(kept)
    value = mean * NORMAL.cdf(mean / smooth) + smooth * NORMAL.pdf(mean / smooth)
    cut = mean - mean / kept  # where mean + kept (x - mean) = 0
    near, cuts = 0, []
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        true = generator.normal(mean, spread, 2000)
        pilot = true + generator.normal(0.0, noise, 2000)
        look = Look(pilot[:, None], {"stop": np.zeros(2000), "go on": true + generator.normal(0.0, 1.0, 2000)})
        rule, values = solve(look, np.full(2000, 1 / 2000))
        assert (rule.above, rule.below) == ("go on", "stop")
        cuts.append(rule.cut)
        near += abs(values.mean() - value) < 3.0 * values.std() / math.sqrt(2000)
    assert near >= 18
    assert np.mean(cuts) == pytest.approx(cut, abs=3.0 * np.std(cuts) / math.sqrt(SEEDS) + 0.02)


def test_signs_that_tell_nothing_are_not_gone_by():
    """Of 40 sets without any information, what the rule of others returns is not above the best way by more than luck."""
    gained = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        ways = {name: generator.normal(0.0, 1.0, 40) for name in "abc"}
        look = Look(generator.normal(size=(40, 1)), ways)
        _, values = solve(look, np.full(40, 1 / 40))
        gained.append(values.mean())
    assert np.mean(gained) < 3.0 * np.std(gained) / math.sqrt(200) + 0.08, "the true value of any rule is 0"


def test_no_sign_is_a_choice_of_the_best_mean():
    look = Look(np.zeros((4, 0)), {"a": np.array([1.0, 2.0, 3.0, 4.0]), "b": np.array([0.0, 0.0, 0.0, 100.0])})
    rule, _ = solve(look, np.array([0.3, 0.3, 0.3, 0.1]))
    assert rule == Rule(None, -math.inf, "b", "b")
    rule, _ = solve(look, np.array([0.4, 0.3, 0.3, 0.0]))
    assert rule.above == "a"
