"""Queues: dialogue with one person who is always there against M/M/1 and Pollaczek-Khinchine (model.md, 13).

The check: arrivals and service times are drawn here; the time from a message to its answer, after an explicit warm-up, has
over replications a 95 % interval that lies inside 5 % of theory. A service mean a tenth longer must fail it.
"""

import math
from collections import deque
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from tests.worlds import ALWAYS_ON, changed, merged, rows, scenario

MEDIAN_MINUTES, SIGMA = 5.0, 0.8
PLAIN = {"comment": {"patience": 1.0, "effort": 1.0}}
SERVICE_HOURS = MEDIAN_MINUTES * math.exp(0.5 * SIGMA**2) / 60.0
VARIATION = math.expm1(SIGMA**2)  # squared coefficient of variation of the lognormal


def one_agent(weeks):
    quiet = {
        "market": {"accounts": 1, "customers": 0, "segments": {"all": {"needs_per_year": 0.0}}},
        "dialogue": {"minutes": {"median": MEDIAN_MINUTES, "sigma": SIGMA}, "patience_hours": 500.0, "kinds": PLAIN},
        "crises": {"per_year": 0.0},
        "time": {"horizon_weeks": weeks},
    }
    return scenario(**merged(ALWAYS_ON, quiet))


def lognormal_uniform(rng, mean_hours):
    """A uniform that the model turns into a lognormal time; another mean shifts it."""
    z = rng.standard_normal() + math.log(mean_hours / SERVICE_HOURS) / SIGMA
    return NormalDist().cdf(z)


def exponential_uniform(rng, mean_hours):
    """A uniform that the model's lognormal turns into an exponential time of that mean."""
    minutes = 60.0 * rng.exponential(mean_hours)
    return NormalDist().cdf(math.log(minutes / MEDIAN_MINUTES) / SIGMA)


def answers(load, uniform, arrivals, seed, mean_hours=SERVICE_HOURS):
    """Arrival, service and answer times (h) of so many messages, shape (arrivals, 3)."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(SERVICE_HOURS / load, arrivals)
    uniforms = [min(max(uniform(rng, mean_hours), 1e-300), 1.0 - 1e-16) for _ in range(arrivals)]
    weeks = math.ceil(gaps.sum() / 168.0) + 3
    world = World(one_agent(min(weeks, 1040)), 1, 0)
    account, done = world.market.account(0), []

    def note_answer(began, service):
        return lambda outcome: done.append((began, service, world.env.now))

    def arrive():
        for gap, u in zip(gaps.tolist(), uniforms, strict=True):
            yield world.env.timeout(gap)
            began = world.env.now
            service = MEDIAN_MINUTES / 60.0 * math.exp(SIGMA * NormalDist().inv_cdf(u))
            world.dialogue.open("comment", account, u, deadline=1e7, on_end=note_answer(began, service))

    world.env.process(arrive())
    for member in world.team:
        world.env.process(member.work_life())
    world.env.run(until=gaps.sum() + 2 * 168.0)
    assert len(done) == arrivals
    assert set(world.record.conversations.column("outcome")) == {"answered"}
    return np.array(done)


def pollaczek_khinchine(load, variation):
    """Mean time from arrival to answer in M/G/1, hours."""
    return SERVICE_HOURS * (1.0 + load * (1.0 + variation) / (2.0 * (1.0 - load)))


def interval(load, uniform, replications, arrivals, warm_up, seed, mean_hours=SERVICE_HOURS):
    """95 % interval of the mean time to an answer over independent replications, without the warm-up."""
    means = []
    for replication in range(replications):
        times = answers(load, uniform, arrivals, (seed, replication), mean_hours)[warm_up:]
        means.append((times[:, 2] - times[:, 0]).mean())
    half = stats.t.ppf(0.975, replications - 1) * np.std(means, ddof=1) / math.sqrt(replications)
    return np.mean(means) - half, np.mean(means) + half


def agrees(found, theory):
    return found[0] > 0.95 * theory and found[1] < 1.05 * theory


def test_every_answer_comes_when_the_recursion_of_lindley_says():
    """Same arrivals, same services, first come first served: answered when the last is done or one arrives, plus service.

    Sessions end at midnight a few seconds early (idle time is rounded up to whole seconds); so within five minutes.
    """
    times = answers(0.7, lognormal_uniform, 4000, (1, 0))
    free, expected = 0.0, []
    for began, service, _ in times:
        free = max(free, began) + service
        expected.append(free)
    late = times[:, 2] - np.array(expected)
    assert np.abs(late).max() < 5.0 / 60.0
    assert abs(late.mean()) < 0.5 / 60.0
    assert (np.diff(times[:, 0]) >= 0.0).all(), "answered in their order"


@pytest.mark.slow
def test_light_load_agrees_with_both_formulas_and_a_wrong_service_mean_does_not():
    """The small version: load 0.4, where means settle fast. Fixed seeds; 95 % interval inside +-5 % of theory."""
    settings = {"replications": 12, "arrivals": 4000, "warm_up": 200}
    for uniform, variation in ((exponential_uniform, 1.0), (lognormal_uniform, VARIATION)):
        theory = pollaczek_khinchine(0.4, variation)
        assert agrees(interval(0.4, uniform, seed=2, **settings), theory)
        assert not agrees(interval(0.4, uniform, seed=2, mean_hours=1.1 * SERVICE_HOURS, **settings), theory)


@pytest.mark.slow
@pytest.mark.parametrize(("uniform", "variation"), [(exponential_uniform, 1.0), (lognormal_uniform, VARIATION)])
def test_seventy_per_cent_load_agrees_with_theory(uniform, variation):
    """M/M/1 and M/G/1 at 70 % load: warm-up of 500 messages, 30 replications of 8,000."""
    theory = pollaczek_khinchine(0.7, variation)
    settings = {"arrivals": 8000, "warm_up": 500}
    assert agrees(interval(0.7, uniform, 30, seed=3, **settings), theory)
    wrong = interval(0.7, uniform, 8, seed=3, mean_hours=1.1 * SERVICE_HOURS, **settings)
    assert wrong[0] > 1.05 * theory, "not merely wider: all of it is beyond"


def test_with_exponential_service_the_formula_is_that_of_mm1():
    per_hour = 0.7 / SERVICE_HOURS
    assert pollaczek_khinchine(0.7, 1.0) == pytest.approx(1.0 / (1.0 / SERVICE_HOURS - per_hour), rel=1e-12)


def test_urgent_messages_overtake_and_the_others_keep_their_order():
    desk = merged(
        ALWAYS_ON,
        {
            "market": {"accounts": 1, "customers": 0},
            "dialogue": {"minutes": {"median": 30.0}, "patience_hours": 200.0},
            "crises": {"per_year": 0.0},
        },
    )
    world = World(scenario(**desk), 1, 0)
    account, order = world.market.account(0), deque()

    def burst():
        yield world.env.timeout(1.0)
        for number in range(4):
            for kind in ("comment", "complaint"):
                world.dialogue.open(kind, account, 0.5, on_end=lambda _, name=(kind, number): order.append(name))
                yield world.env.timeout(0.01)

    world.env.process(burst())
    world.env.process(world.team[0].work_life())
    world.env.run(until=20.0)
    assert [name for name in order if name[0] == "complaint"] == [("complaint", n) for n in range(4)]
    assert [name for name in order if name[0] == "comment"] == [("comment", n) for n in range(4)]
    assert list(order)[:5] == [("comment", 0), *[("complaint", n) for n in range(4)]], "a reply begun is finished first"


def test_whose_patience_ends_is_missed_and_takes_no_time():
    """Service of two hours, patience of one: a burst of five gets one answer; a reply begun in time is in time."""
    desk = merged(
        ALWAYS_ON,
        {
            "market": {"accounts": 1, "customers": 0},
            "dialogue": {"minutes": {"median": 120.0}, "patience_hours": 1.0, "kinds": PLAIN},
        },
    )
    world = World(scenario(**desk), 1, 0)
    outcomes = []

    def burst():
        yield world.env.timeout(1.0)
        for _ in range(5):
            world.dialogue.open(
                "comment", world.market.account(0), 0.5, on_end=lambda outcome: outcomes.append((world.env.now, outcome))
            )

    world.env.process(burst())
    world.env.process(world.team[0].work_life())
    world.env.run(until=20.0)
    assert [outcome for _, outcome in outcomes] == ["missed"] * 4 + ["answered"]
    assert [time for time, _ in outcomes] == pytest.approx([2.0] * 4 + [3.0], abs=0.02)


def test_work_that_comes_in_afresh_is_next():
    """A message waits for the block in hand (half an hour) at most, then takes its 6 minutes, however small its share."""
    shares = dict.fromkeys(ALWAYS_ON["team"]["split"], 0.0) | {"dialogue": 0.05, "listening": 0.95}
    hours = changed(
        scenario(**ALWAYS_ON),
        team={"split": shares},
        time={"horizon_weeks": 3},
        market={"accounts": 1, "customers": 0},
        dialogue={"patience_hours": 400.0, "minutes": {"median": 6.0, "sigma": 0.0}, "kinds": PLAIN},
        crises={"per_year": 0.0},
    )
    world = World(hours, 1, 0)

    def write():
        for number in range(40):
            yield world.env.timeout(3.0 + 0.37 * (number % 7))
            world.dialogue.open("comment", world.market.account(0), 0.5)

    world.env.process(write())
    record = world.run()
    waits = [row["settled_at"] - row["opened_at"] for row in rows(record.conversations)]
    assert len(waits) == 40
    assert max(waits) <= 0.5 + 0.1 + 1e-9
    assert max(waits) > 0.3, "a block in hand is not interrupted"
