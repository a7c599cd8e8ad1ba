"""Flips of the advice, against returns in closed form and on worlds that the search never saw."""

from dataclasses import asdict

import numpy as np
import pytest

from sim.experiment import ResultsError
from sim.experiment.backends import HERE
from sim.experiment.beside import rebuilt
from sim.experiment.designs import HOURS
from sim.experiment.early_signs import MEASURE
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.flips import STOP, Advice, Flips, evaluator, find, most_telling, thinned
from sim.experiment.guesses import Input
from sim.experiment.precision import RETURN
from sim.experiment.runner import replicate
from sim.experiment.sensitivity import scenario_at
from sim.scenario import apply
from tests.small import small

LEVELS = (10.0, 20.0)
COSTS = np.array([[50.0, 50.0, 50.0], [100.0, 100.0, 100.0]])  # (levels, worlds)
MARGIN = Input("sales.margin", 0.5, 0.1, 0.9)
OTHER = Input("customers.share_on_social", 0.2, 0.1, 0.5)


def closed_form(revenues, luck):
    """Returns of `margin x revenue x luck - cost`, luck by world; the other input only raises revenue a little."""

    def returns(rows, worlds):
        found = []
        for row in rows:
            margin, more = row.get(MARGIN.path, MARGIN.value), 1.0 + 0.01 * row.get(OTHER.path, 0.0)
            found.append(margin * more * np.outer(revenues, luck) - COSTS)
        return np.array(found)[:, :, :worlds]

    def costs(rows, worlds):
        return np.repeat(COSTS[None, :, :worlds], len(rows), axis=0)

    return returns, costs


def told(inputs=(MARGIN, OTHER), hours=20.0, revenues=(180.0, 400.0), luck=(0.99, 1.0, 1.01)):
    return find(inputs, LEVELS, hours, closed_form(np.array(revenues), np.array(luck)), worlds=3, seed=1)


def test_a_flip_to_stop_lies_where_the_return_is_zero():
    """20 hours return margin x 400 - 100: nothing is left at 0.25. Below, 10 hours lose too (at 0.28)."""
    found = told()
    (flip,) = found.flips
    assert (flip.path, flip.hours, flip.end) == (MARGIN.path, STOP, 0.1)
    assert abs(flip.flips_at - 0.25) <= flip.plus_minus
    assert flip.plus_minus == pytest.approx((0.5 - 0.1) / 2**5 / 2)
    assert flip.way == pytest.approx((0.5 - 0.25) / (0.5 - 0.1), abs=1 / 32)
    assert flip.loss == pytest.approx(60.0)
    assert [(one.path, one.flips) for one in found.tried] == [(MARGIN.path, True), (OTHER.path, False)]
    assert found.returns == pytest.approx((40.0, 100.0))
    assert rebuilt(Flips, asdict(found)) == found


def test_another_level_is_another_advice_only_if_a_tenth_of_the_cost_is_lost():
    """10 hours are better than 20 below a margin of 0.5: 0.5 x 100 = 50, the cost of the others. At 0.4 that is 10, a tenth."""
    found = told(revenues=(300.0, 400.0))
    (flip,) = found.flips
    assert found.matters == pytest.approx(10.0)
    assert flip.hours == 10.0
    assert abs(flip.flips_at - 0.4) <= flip.plus_minus


def test_what_luck_hides_is_no_flip():
    """At a margin of 0.1 the loss is 100 - 40 x luck: with such luck its interval holds zero."""
    assert told(luck=(0.99, 1.0, 1.01)).flips
    wild = told(luck=(-3.0, 1.0, 5.0))
    assert not wild.flips
    assert not any(one.flips for one in wild.tried)


def test_stopping_flips_to_funding():
    (flip,) = told(hours=STOP, revenues=(80.0, 160.0)).flips
    assert flip.hours == 20.0
    assert abs(flip.flips_at - 100.0 / 160.0) <= flip.plus_minus


def test_what_the_advice_falls_behind_as_it_is_is_no_flip():
    """20 hours lose from the start in these worlds: what they lose at the end is no more than that where nothing changes."""
    advice = Advice.of(LEVELS, 20.0, np.array([[40.0, 40.0], [-5.0, -5.0]]), 100.0)
    assert (advice.of_level, advice.of_kind) == (45.0, 5.0)
    assert not advice.verdict(np.array([[40.0, 40.0], [-5.0, -5.0]])).flips
    assert advice.verdict(np.array([[-1.0, -1.0], [-5.1, -5.1]])).surely_flips


def test_no_margin_makes_hours_pay_that_bring_nothing():
    assert told(hours=STOP, revenues=(8.0, 16.0)).flips == ()


def test_the_three_nearest_are_told_and_the_others_are_not_said_to_hold():
    """Four inputs scale revenue from the likely value 1 down to zero with different strengths: the strongest flips nearest."""
    inputs = [Input(f"scale{number}", 1.0, 0.0, 1.0) for number in range(4)]

    def returns(rows, worlds):
        scale = [np.prod([value ** (1 + int(path[-1])) for path, value in row.items()]) for row in rows]
        return np.array([np.outer([180.0, 400.0], [0.25 * one] * worlds) - [[50.0], [80.0]] for one in scale])

    found = find(inputs, LEVELS, 20.0, (returns, closed_form(np.ones(2), np.ones(3))[1]), worlds=3, seed=1)
    assert [one.path for one in found.flips] == ["scale3", "scale2", "scale1"]
    assert all(one.flips for one in found.tried)
    for power, flip in zip((4, 3, 2), found.flips, strict=True):
        assert abs(flip.flips_at - 0.8 ** (1 / power)) <= flip.plus_minus


def test_of_four_that_flip_alike_three_are_told():
    inputs = [Input(f"scale{number}", 1.0, 0.0, 1.0) for number in range(4)]

    def returns(rows, worlds):
        return np.array([np.full((2, worlds), min([1.0, *row.values()]) - 0.5) for row in rows])

    found = find(inputs, LEVELS, 20.0, (returns, closed_form(np.ones(2), np.ones(3))[1]), worlds=3, seed=1)
    assert [one.path for one in found.flips] == ["scale0", "scale1", "scale2"]
    assert all(one.flips for one in found.tried)


def test_whole_numbers_are_tried_whole():
    peers = Input("market.word_of_mouth.peers_asked", 4.0, 0.0, 8.0)

    def returns(rows, worlds):
        values = [row.get(peers.path, 4.0) for row in rows]
        assert all(value == int(value) for value in values)
        return np.array([np.outer([0.0, 6.0], np.ones(worlds)) + 10.0 * (value - 2.5) for value in values])

    found = find([peers], LEVELS, 20.0, (returns, closed_form(np.ones(2), np.ones(3))[1]), worlds=3, seed=1)
    assert (found.flips[0].flips_at, found.flips[0].plus_minus) == (1.5, 0.5)  # at 2 it just pays, at 1 no more


def test_levels_are_thinned_around_the_advised_one():
    assert thinned([0.0, 10.0, 5.0], 5.0) == (5.0, 10.0)
    eight = [5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0]
    for hours in eight:
        found = thinned(eight, hours)
        assert len(found) == 4
        assert {5.0, 40.0, hours} <= {*found}


def test_the_most_telling_guesses_come_first_and_those_never_screened_last():
    guesses = [Input(path, 1.0, 0.0, 2.0) for path in ("never.screened", "recruiting.minutes", "customers.share_on_social")]
    assert [one.path for one in most_telling(guesses)] == ["customers.share_on_social", "recruiting.minutes", "never.screened"]
    assert len(most_telling(guesses, 1)) == 1


def test_nothing_to_try_and_one_world_are_refused():
    with pytest.raises(ResultsError, match="no guess is left"):
        told(inputs=())
    with pytest.raises(ResultsError, match="--worlds 1"):
        find([MARGIN], LEVELS, 20.0, closed_form(np.ones(2), np.ones(3)), worlds=1, seed=1)


PAYS_WELL = {
    "time.horizon_weeks": 52,
    "market.accounts": 600,
    "market.segments.all.needs_per_year": 1.0,
    "market.segments.all.deal_value": {"median": 60_000.0, "sigma": 0.3},
}


@pytest.mark.slow
def test_a_flip_holds_on_worlds_of_another_seed(tmp_path):
    """A tenth of the margin before the flip 20 hours are to be funded, a tenth beyond it nothing is."""
    base, margin, levels = apply(small(), PAYS_WELL), Input("sales.margin", 0.5, 0.02, 0.9), (5.0, 20.0)
    with Evaluations(tmp_path / "seen", HERE, MEASURE) as evaluations:
        found = find([margin], levels, 20.0, evaluator(base, levels, evaluations, 1), worlds=3, seed=1)
    (flip,) = found.flips
    assert (flip.hours, flip.end) == (STOP, 0.02)

    def advised(value):
        scenarios = tuple(apply(scenario_at(base, {margin.path: value}), {HOURS: hours}) for hours in levels)
        worlds = [replicate(scenarios, 2, number)["outcomes"][RETURN] for number in range(4)]
        means = {STOP: 0.0} | dict(zip(levels, np.mean(worlds, axis=0), strict=True))
        return max(means, key=means.get)

    assert advised(1.1 * flip.flips_at) == 20.0
    assert advised(0.9 * flip.flips_at) == STOP


@pytest.mark.slow
def test_where_all_hours_lose_whatever_holds_nothing_flips(tmp_path):
    """With a margin near zero and hours that cost a fortune, no reach of posts and no share of followers makes them pay."""
    levels = (5.0, 20.0)
    base = apply(small(), {"sales.margin": 0.001, "team.members.community_manager.cost_per_hour": 500.0})
    inputs = [Input("customers.share_on_social", 0.2, 0.02, 0.5), Input("market.segments.all.needs_per_year", 0.2, 0.1, 0.4)]
    with Evaluations(tmp_path / "seen", HERE, MEASURE) as evaluations:
        found = find(inputs, levels, STOP, evaluator(base, levels, evaluations, 1), worlds=2, seed=1)
    assert found.flips == ()
    assert not any(one.flips for one in found.tried)
