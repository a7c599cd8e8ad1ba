"""Impatience: dialogue with one person who is always there against Erlang A, that is M/M/1+M (model.md, 13).

Messages whose patience ends before a reply is begun are missed. Arrivals, times of service and patience are exponential and
drawn here. Theory: Mandelbaum and Zeltyn 2007, from the stationary distribution of the birth-death chain, by summation.

The check: over independent replications, after an explicit warm-up, the 95 % interval of the share missed and of the mean
wait of those answered lies inside 5 % of theory (10 % in the quick version). A mean patience that differs must fail it.
"""

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.dialogue import ANSWERED, MISSED
from tests.verification.test_queues import MEDIAN_MINUTES, SERVICE_HOURS, SIGMA, one_agent

MOST = 400  # messages in the chain; more are as good as impossible
PATIENCE_HOURS = 2.0 * SERVICE_HOURS
QUICK = {"replications": 12, "arrivals": 5000, "warm_up": 200}
SLOW = {"replications": 30, "arrivals": 12000, "warm_up": 500}


def erlang_a(per_hour, service_hours, patience_hours):
    """Share missed, and mean wait (h) of those answered, of M/M/1+M."""
    done, leave = 1.0 / service_hours, 1.0 / patience_hours
    present = np.arange(1, MOST)
    weights = np.cumprod([1.0, *(per_hour / (done + (present - 1) * leave))])
    p = weights / weights.sum()
    share_missed = leave * np.sum(p[1:] * (present - 1)) / per_hour
    # who finds n there waits for n departures, at rates done + j * leave for j = 0 .. n - 1, unless patience ends before:
    # given that it does not, each of these times is exponential at a rate greater by `leave`
    answered = done / (done + present * leave)
    wait = np.cumsum(1.0 / (done + present * leave))
    return share_missed, np.sum(p[1:] * answered * wait) / (1.0 - share_missed)


def fates(per_hour, patience_hours, arrivals, seed):
    """Of each message: whether it was answered, and after how long (h) its reply was begun, shape (arrivals, 2)."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(1.0 / per_hour, arrivals)
    services, patience = rng.exponential(SERVICE_HOURS, arrivals), rng.exponential(patience_hours, arrivals)
    uniforms = stats.norm.cdf(np.log(60.0 * services / MEDIAN_MINUTES) / SIGMA).clip(1e-300, 1.0 - 1e-16).tolist()
    world = World(one_agent(min(1040, int(gaps.sum() / 168.0) + 3)), 1, 0)
    account, ended = world.market.account(0), np.full((arrivals, 2), np.nan)

    def note(number):
        came, service = world.env.now, services[number]

        def end(outcome):
            assert outcome in (ANSWERED, MISSED)
            ended[number] = outcome == ANSWERED, world.env.now - came - service

        return end

    def arrive():
        for number, gap in enumerate(gaps.tolist()):
            yield world.env.timeout(gap)
            deadline = world.env.now + patience[number]
            world.dialogue.open("comment", account, uniforms[number], deadline=deadline, on_end=note(number))

    world.env.process(arrive())
    for member in world.team:
        world.env.process(member.work_life())
    world.env.run(until=gaps.sum() + 168.0)
    assert not np.isnan(ended).any()
    return ended


def intervals(per_hour, replications, arrivals, warm_up, seed, patience_hours=PATIENCE_HOURS):
    """95 % intervals of the share missed and of the mean wait of the answered."""
    found = []
    for replication in range(replications):
        answered, waits = fates(per_hour, patience_hours, arrivals, (seed, replication))[warm_up:].T
        found.append((1.0 - answered.mean(), waits[answered == 1.0].mean()))
    return [stats.ttest_1samp(one, 0.0).confidence_interval(0.95) for one in zip(*found, strict=True)]


def inside(found, theory, within):
    return (1.0 - within) * theory < found.low and found.high < (1.0 + within) * theory


def check(load, size, within, seed):
    per_hour = load / SERVICE_HOURS
    theory = erlang_a(per_hour, SERVICE_HOURS, PATIENCE_HOURS)
    right = intervals(per_hour, seed=seed, **size)
    assert all(inside(one, expected, within) for one, expected in zip(right, theory, strict=True)), (right, theory)
    wrong = intervals(per_hour, seed=seed, patience_hours=1.25 * PATIENCE_HOURS, **size | {"replications": 12})
    assert not all(inside(one, expected, within) for one, expected in zip(wrong, theory, strict=True)), (wrong, theory)


def test_erlang_a_is_that_of_the_books():
    """Patience without end: M/M/1. Patience as long as service: as many present as a Poisson, e^-a of the time nobody."""
    missed, wait = erlang_a(0.7, 1.0, 1e9)
    assert missed == pytest.approx(0.0, abs=1e-6)
    assert wait == pytest.approx(0.7 / 0.3, rel=1e-6)
    missed, _ = erlang_a(2.0, 1.0, 1.0)
    assert 2.0 * (1.0 - missed) == pytest.approx(1.0 - np.exp(-2.0), rel=1e-12), "answered are those whom a busy agent serves"


def test_as_many_messages_as_can_be_answered_agree_with_erlang_a_and_a_wrong_patience_does_not():
    """The small version: load 1, patience of two services. Fixed seed; 95 % intervals inside 10 % of theory."""
    check(1.0, QUICK, within=0.10, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("load", [0.8, 1.0, 1.5])
def test_messages_that_will_not_wait_agree_with_erlang_a_within_a_twentieth(load):
    """Also where there are more messages than one person can answer: 95 % intervals inside 5 % of theory."""
    check(load, SLOW, within=0.05, seed=2)
