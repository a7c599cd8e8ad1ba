"""Decisions under ignorance against answers that are known: decision tables, normal laws, and how often intervals hold."""

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy import stats

from sim.experiment import ResultsError
from sim.experiment.beside import rebuilt
from sim.experiment.ignorance import Decision, decide
from sim.experiment.information import worth_of_guesses, worth_of_signs
from sim.experiment.lived import Lived
from sim.experiment.statistics import Estimate

SETS = 400
SEEDS = 20


def lived_of(returns, *, luck=0.0, has_effect=None, likelihood=None, seed=0, hours=None):
    """Returns at some levels, one world each with some luck, and a second world in every sixth set."""
    returns = np.asarray(returns, dtype=float)
    generator = np.random.default_rng(seed)
    first, second = (returns + generator.normal(0.0, luck, returns.shape) for _ in range(2))
    second[np.arange(len(returns)) % 6 != 0] = math.nan
    return Lived(
        tuple(hours or np.arange(1.0, returns.shape[1] + 1.0) * 10.0),
        first,
        second,
        np.ones(len(returns), bool) if has_effect is None else np.asarray(has_effect),
        np.ones(len(returns)) if likelihood is None else np.asarray(likelihood, dtype=float),
        {},
        np.full((len(returns), 3), math.nan),
        2.0 * first,
        0.1,
    )


def worth_of_choice(mean, spread):
    """The expected value of perfect information on a normal return of mean and spread, against nothing: in closed form."""
    return mean * stats.norm.cdf(mean / spread) + spread * stats.norm.pdf(mean / spread) - max(mean, 0.0)


def test_a_decision_table():
    """Known answer, by hand: three levels over four sets of equal weight, without luck."""
    told = decide(lived_of([[-10, -20], [20, 10], [0, 50], [-10, 30]], hours=(5.0, 20.0)), {}, 0.0, 1)
    none, five, twenty = told.levels
    assert [one.hours for one in told.levels] == [0.0, 5.0, 20.0]
    assert [one.mean.value for one in told.levels] == pytest.approx([0.0, 0.0, 17.5])
    assert [one.best.value for one in told.levels] == pytest.approx([0.25, 0.25, 0.5])
    assert [one.plain.value for one in told.levels] == pytest.approx([0.0, 0.0, 35.0])
    assert told.rate == 0.1
    assert (five.pays.value, twenty.pays.value) == pytest.approx((0.25, 0.75))
    assert [one.regret.value for one in told.levels] == pytest.approx([25.0, 25.0, 7.5])
    assert (none.worst.value, five.worst.value, twenty.worst.value) == (0.0, -10.0, -20.0)
    assert told.best is twenty
    assert told.everything.value == pytest.approx((0 + 20 + 50 + 30) / 4 - 17.5)
    assert told.effective_sets == pytest.approx(4.0)
    assert not told.is_decisive


def test_weights_follow_the_facts_and_the_belief():
    """Known answer: sets of 3:1 likelihood with an effect, equal ones without; belief 0.2. Bayes' rule by hand."""
    lived = lived_of([[100.0], [0.0], [-50.0], [-50.0]], has_effect=[True, True, False, False], likelihood=[3, 1, 1, 1])
    weights = lived.weights(0.2)
    whole = 0.8 / 2 * 4 + 0.2 / 2 * 2
    np.testing.assert_allclose(weights, np.array([1.2, 0.4, 0.1, 0.1]) / whole)
    told = decide(lived, {}, 0.2, 1)
    assert told.belief_after.value == pytest.approx(0.2 / whole)
    assert told.levels[1].mean.value == pytest.approx(weights @ [100, 0, -50, -50])
    assert told.levels[1].moved.value == pytest.approx(75.0)
    assert told.levels[1].unmoved.value == pytest.approx(-50.0)
    assert told.break_even.value == pytest.approx(75.0 / 125.0)
    assert told.effect.value == pytest.approx((1 - 0.2 / whole) * 75.0 - told.levels[1].mean.value)
    assert [(one.hours, one.belief) for one in told.by_belief] == [(10.0, pytest.approx(0.6, abs=1e-3)), (0.0, 1.0)]
    with pytest.raises(ResultsError, match="no set of parameters agrees"):
        replace(lived, likelihood=np.zeros(4)).weights(0.2)


@pytest.mark.parametrize("belief", [0.0, 1.0])
def test_who_is_sure_sees_what_either_kind_returns(belief):
    """What a kind returns does not hang on how likely it is held to be; the break-even neither: 110 / 610."""
    lived = lived_of([[100.0], [120.0], [-500.0], [-500.0]], has_effect=[True, True, False, False])
    told = decide(lived, {}, belief, 1)
    assert (told.levels[1].moved.value, told.levels[1].unmoved.value) == (110.0, -500.0)
    assert told.break_even.value == pytest.approx(110.0 / 610.0)
    assert told.belief_after.value == belief
    assert told.effect.value == pytest.approx(0.0), "there is nothing to find out"


def test_a_kind_without_sets_says_nothing_of_beliefs():
    told = decide(lived_of([[100.0], [120.0]]), {}, 0.4, 1)
    assert math.isnan(told.break_even.value)
    assert math.isnan(told.levels[1].unmoved.value)
    assert told.by_belief == ()


def test_means_under_facts_are_not_drawn_back_by_the_luck_that_is_taken_out():
    """Known answer: normal returns with as much luck; facts favour high ones. The mean is that of weighted normal laws."""
    generator = np.random.default_rng(9)
    returns = generator.normal(0.0, 100.0, (6_000, 1))
    agreement = np.exp(-0.5 * ((returns[:, 0] - 150.0) / 50.0) ** 2)
    level = decide(lived_of(returns, luck=100.0, likelihood=agreement), {}, 0.0, 1).levels[1]
    assert level.mean.value == pytest.approx(150.0 * 100.0**2 / (100.0**2 + 50.0**2), abs=4.0)
    assert level.mean.low < 120.0 < level.mean.high


def test_luck_that_grows_with_returns_is_held_by_the_intervals():
    """Half of the sets lose 5,000 for sure, half are lognormal with much luck: half pay, not nearly all."""
    generator = np.random.default_rng(3)
    sure = np.full(200, -5_000.0)
    true = np.concatenate([sure, 80_000.0 * np.exp(generator.normal(-0.32, 0.8, 200))])
    luck = np.where(true < 0.0, 300.0, 0.8 * true)
    first, second = (true + luck * generator.normal(size=400) for _ in range(2))
    second[np.arange(400) % 6 != 0] = math.nan
    one = first[:, None]
    lived = Lived((10.0,), one, second[:, None], np.ones(400, bool), np.ones(400), {}, np.empty((400, 3)), one, 0.0)
    told = decide(lived, {}, 0.0, 1)
    assert told.levels[1].pays.low < 0.5 < told.levels[1].pays.high
    assert not told.is_decisive


@pytest.mark.parametrize(("moved", "unmoved", "end"), [(-10, -20, 0.0), (10, 5, 1.0), (10, 10, 1.0), (-5, -5, 0.0)])
def test_some_beliefs_change_nothing(moved, unmoved, end):
    told = decide(lived_of([[moved]] * 3 + [[unmoved]] * 3, has_effect=[True] * 3 + [False] * 3), {}, 0.4, 1)
    assert told.break_even == Estimate(end, end, end)


def test_what_is_best_in_nine_of_ten_is_decisive():
    told = decide(lived_of(np.full((60, 1), 5.0)), {}, 0.0, 1)
    assert told.is_decisive
    assert told.best.hours == 10.0
    few = decide(lived_of(np.full((4, 1), 5.0)), {}, 0.0, 1)
    assert few.best.best == Estimate(1.0, pytest.approx(4.0 / (4.0 + stats.norm.ppf(0.95) ** 2)), 1.0)
    assert not few.is_decisive, "four sets that agree are four"
    most = decide(lived_of([[5.0]] * 55 + [[-5.0]] * 5), {}, 0.0, 1)
    assert most.best.best.value > 0.9
    assert not most.is_decisive, "by the lower end of the interval it may be less"


def test_the_luck_of_worlds_is_taken_out_of_the_spread():
    """Known answer: normal returns of two levels that covary, and luck that covaries otherwise; within 12 % of each entry."""
    generator = np.random.default_rng(4)
    truth = np.array([[100.0, 60.0], [60.0, 80.0]])
    luck = np.array([[90.0, -20.0], [-20.0, 40.0]])
    sets = 6_000
    ignorance = generator.multivariate_normal([10.0, -5.0], truth, sets)
    first, second = (ignorance + generator.multivariate_normal([0.0, 0.0], luck, sets) for _ in range(2))
    alike, times = np.ones(sets), np.empty((sets, 3))
    lived = Lived((10.0, 20.0), first, second, alike.astype(bool), alike, {}, times, first, 0.0)
    freed = lived.freed([True])[:, 1:]
    np.testing.assert_allclose(np.cov(freed.T), truth, rtol=0.12)
    np.testing.assert_allclose(freed.mean(axis=0), first.mean(axis=0))


def test_sets_that_are_all_alike_have_nothing_to_be_told_apart_by():
    """Three levels of fixed means, and much luck: the best of noisy returns, read where it was chosen, seems worth 30,000."""
    lived = lived_of(np.tile([50_000.0, 60_000.0, 55_000.0], (SETS, 1)), luck=40_000.0)
    told = decide(lived, {}, 0.0, 1)
    assert told.best.hours == 20.0
    chosen_and_read_there = lived.returns.max(axis=1).mean() - lived.returns.mean(axis=0).max()
    assert chosen_and_read_there > 25_000.0
    assert told.everything.value < 0.3 * chosen_and_read_there


@pytest.mark.parametrize("least", [1e-310, 0.0])
def test_what_is_worth_knowing_is_finite_where_one_set_outweighs_all_others(least):
    """Weights below the smallest normal number, or none at all, in sets that are drawn anew: no overflow, nothing undefined."""
    signs = {"records": np.random.default_rng(3).normal(size=(4, 3, 2))}
    lived = lived_of([[1.0, 2.0], [-1.0, 3.0], [2.0, 1.0], [1.0, -5.0]], likelihood=[1.0, least, least, least])
    told = decide(replace(lived, signs=signs, spent=np.full((4, 3), 5.0)), {}, 0.0, 1)
    assert [one.after for one in told.pilots] == [1, 2, 4]
    for one in told.pilots:
        assert one.cost.value == pytest.approx(5.0)
        assert np.isfinite([one.worth.value, one.worth.low, one.worth.high, one.cost.low, one.cost.high]).all()


@pytest.mark.slow
def test_perfect_information_of_a_normal_return():
    """Known answer: worth of choice in closed form, luck in the worlds; in 18 of 20 seeds within three standard errors."""
    inside = partly = by_chance = 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        guesses = generator.normal(size=(SETS, 3))
        returns = 20.0 + guesses @ [100.0, 30.0, 0.0]
        told = decide(
            lived_of(returns[:, None], luck=40.0, seed=100 + seed), {f"g{n}": guesses[:, n] for n in range(3)}, 0.0, seed
        )
        inside += _holds(told.everything, worth_of_choice(20.0, math.hypot(100.0, 30.0)))
        first = told.guesses[0]
        assert first.guess == "g0"
        partly += _holds(Estimate(first.value, first.low, first.high), worth_of_choice(20.0, 100.0))
        by_chance += "g2" in [one.guess for one in told.guesses]  # it tells nothing
    assert inside >= 18
    assert partly >= 18
    assert by_chance <= stats.binom.ppf(0.999, SEEDS, 0.05)


def resamples(sets, seed=1):
    return np.random.default_rng(seed).integers(0, sets, (200, sets))


def _holds(found, truth):
    error = (found.high - found.low) / 2.0 / stats.norm.ppf(0.95)
    return abs(found.value - truth) < 3.0 * error


def test_a_guess_whose_worth_lies_in_a_bend():
    """Known answer: a return of 60 (1 - x^2), which a straight line cannot see; worth by quadrature, in 18 of 20 seeds."""
    x = np.linspace(-8.0, 8.0, 200_001)
    truth = np.trapezoid(np.maximum(60.0 * (1.0 - x**2), 0.0) * stats.norm.pdf(x), x)  # its mean is 0, as that of no hours
    inside = 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        guesses = generator.normal(size=(SETS, 2))
        returns = 60.0 * (1.0 - guesses[:, 0] ** 2) + generator.normal(0.0, 40.0, SETS)
        weights = np.full(SETS, 1.0 / SETS)
        values = np.stack([np.zeros(SETS), returns], axis=1)
        found, by_chance = worth_of_guesses({f"g{n}": guesses[:, n] for n in range(2)}, weights, values, resamples(SETS))
        assert found[0].guess == "g0"
        assert by_chance < truth
        inside += _holds(Estimate(found[0].value, found[0].low, found[0].high), truth)
    assert inside >= 18


@pytest.mark.slow
def test_a_pilot_is_worth_what_conjugate_laws_say():
    """Known answer: a normal return of which a normal sign tells with error; in 18 of 20 seeds within three standard errors.

    The mean after the sign is normal with spread^2 / sqrt(spread^2 + error^2). Signs that tell nothing are worth nothing.
    """
    mean, spread, error = 20.0, 100.0, 80.0
    truth = worth_of_choice(mean, spread**2 / math.hypot(spread, error))
    inside = nothing = 0
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        returns = generator.normal(mean, spread, SETS)
        signs = np.stack([returns + generator.normal(0.0, error, SETS), np.ones(SETS)], axis=1)
        weights, values = np.full(SETS, 1.0 / SETS), np.stack([np.zeros(SETS), returns], axis=1)
        noise = {f"noise {n}": generator.normal(size=(SETS, 2)) for n in range(5)}
        found, by_chance = worth_of_signs({"sign": signs, **noise}, weights, values, resamples(SETS))
        inside += _holds(found["sign"], truth)
        nothing += max(found[name].value for name in noise) <= by_chance
    assert inside >= 18
    assert nothing >= stats.binom.ppf(0.001, SEEDS, 0.95)


@pytest.mark.slow
def test_guesses_that_tell_nothing_are_rarely_shown():
    """Of thirty guesses that tell nothing, one is shown in one of twenty decisions at most: 40 trials, alpha 0.001."""
    shown = 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        values = np.stack([np.zeros(150), generator.normal(0.0, 100.0, 150)], axis=1)
        guesses = {str(number): generator.normal(size=150) for number in range(30)}
        found, _ = worth_of_guesses(guesses, np.full(150, 1.0 / 150), values, resamples(150))
        shown += bool(found)
    assert shown <= stats.binom.ppf(0.999, 40, 0.05)


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """Mean, share that pays and regret of 120 normal sets with luck, 60 trials: 90 % intervals, binomial, alpha 0.001."""
    truth = {"mean": 30.0, "pays": stats.norm.cdf(0.5), "regret": worth_of_choice(30.0, 60.0)}
    inside = dict.fromkeys(truth, 0)
    for seed in range(60):
        returns = np.random.default_rng(seed).normal(30.0, 60.0, (120, 1))
        level = decide(lived_of(returns, luck=30.0, seed=500 + seed), {}, 0.0, 1).levels[1]
        for name, value in truth.items():
            found = getattr(level, name)
            inside[name] += found.low <= value <= found.high
    assert all(stats.binom.ppf(0.001, 60, 0.9) <= count for count in inside.values()), inside


def test_a_decision_is_read_back_as_it_was():
    generator = np.random.default_rng(2)
    lived = lived_of(generator.normal(0, 50, (80, 2)), has_effect=np.arange(80) > 30)
    told = decide(lived, {"sales.margin": generator.normal(size=80)}, 0.4, 7)
    assert rebuilt(Decision, json.loads(json.dumps(asdict(told)))) == told
    with pytest.raises(ResultsError, match="Decision: damaged at sets"):
        rebuilt(Decision, {**asdict(told), "sets": "many"})
