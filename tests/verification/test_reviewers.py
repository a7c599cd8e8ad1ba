"""Validation as a queue: against M/M/c, and M/G/c with and without weekends against ciw, a simulator of queues (model.md, 13).

Drafts are made here and handed in at random; reviewers share the work, first come, first served, and send nothing back.
With h hours per week for reading, own hours of reading take that many times (open hours per week) / h on working days.

Means are compared by 99 % intervals over independent replications, t distributed, after an explicit warm-up, with fixed
seeds. Null: both simulate the same system. A mean of the service times a tenth longer must fail.
"""

import math

import ciw
import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.drafts import IN_REVIEW, QUEUED, Draft
from tests.worlds import reviewed, rows, scenario

# ciw 3.2.7 copies iterators of itertools, which Python 3.12 and 3.13 warn of and 3.14 no longer does
pytestmark = pytest.mark.filterwarnings("ignore:Pickle, copy, and deepcopy support will be removed from itertools")

REVIEWERS, HOURS_EACH = 3, 2.0
MEDIAN_HOURS, SIGMA = 0.2, 0.8
MEAN_HOURS = MEDIAN_HOURS * math.exp(0.5 * SIGMA**2)
EVERY_DAY, WORKING_DAYS = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4)
LOAD = 0.6
QUICK = {"replications": 12, "drafts": 3000, "warm_up": 300}
SLOW = {"replications": 20, "drafts": 12000, "warm_up": 1000}


def service_mean(days):
    """Open hours that a draft keeps a reviewer, on average."""
    return MEAN_HOURS * 24.0 * len(days) / HOURS_EACH


def gap_mean(days, load):
    """Hours from a draft to the next, at any hour of the week, at which reviewers are busy for that share of open hours."""
    return service_mean(days) / (load * REVIEWERS) * 7.0 / len(days)


def lognormal_hours(rng, count):
    return MEDIAN_HOURS * np.exp(SIGMA * rng.standard_normal(count))


def exponential_hours(rng, count):
    return rng.exponential(MEAN_HOURS, count)


def reviewers(days):
    return scenario(
        calendar={"weekdays": list(days), "closed_weeks": [], "holidays": []},
        team={"hours_per_week": 0.0},
        market={"accounts": 1, "customers": 0},
        validation=reviewed(
            1.0,
            people=REVIEWERS,
            hours_per_week=HOURS_EACH,
            share_approved=1.0 - 1e-12,
            review_hours={"median": MEDIAN_HOURS, "sigma": SIGMA},
        ),
    )


def drawn(days, load, hours, drafts, seed):
    """Hours from draft to draft, and own hours of reading, shape (drafts,) each."""
    rng = np.random.default_rng(seed)
    return rng.exponential(gap_mean(days, load), drafts), hours(rng, drafts)


def in_the_model(days, gaps, own_hours):
    """When each draft came, was begun and was done, shape (drafts, 3)."""
    world = World(reviewers(days), 1, 0)
    form, validation = world.scenario.content.formats["original"], world.validation
    uniforms = stats.norm.cdf(np.log(own_hours / MEDIAN_HOURS) / SIGMA).clip(1e-300, 1.0 - 1e-16).tolist()
    validation.panels[0]._hours_u = lambda draft, number: uniforms[draft]

    def hand_in():
        for number, gap in enumerate(gaps.tolist()):
            yield world.env.timeout(gap)
            validation.submit(Draft(number, "original", form, world.content.pipeline))

    world.env.process(hand_in())
    world.env.run()
    times = np.full((len(gaps), 3), np.nan)
    for row in rows(world.record.stages):
        if row["stage"] == QUEUED:
            times[row["draft"], 0] = row["entered_at"]
        else:
            assert row["stage"] == IN_REVIEW
            times[row["draft"], 1:] = row["entered_at"], row["left_at"]
    assert len(world.record.stages) == 2 * len(gaps)
    return times


def in_ciw(days, arrivals, services, drafts):
    """When each draft came and was done, shape (drafts, 2), in order of coming."""
    servers = REVIEWERS
    if days != EVERY_DAY:
        servers = ciw.Schedule(
            numbers_of_servers=[REVIEWERS, 0], shift_end_dates=[24.0 * len(days), 168.0], preemption="resume"
        )
    network = ciw.create_network(
        arrival_distributions=[arrivals], service_distributions=[services], number_of_servers=[servers]
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(drafts, method="Finish")
    records = sorted(simulation.get_all_records(only=["service"]), key=lambda one: one.id_number)
    return np.array([(one.arrival_date, one.exit_date) for one in records])


def interval(means):
    """99 % interval of the mean over replications."""
    return stats.ttest_1samp(means, 0.0).confidence_interval(0.99)


def overlap(one, other):
    return one.low < other.high and other.low < one.high


def half_width(found):
    """Of an interval, as a share of its middle."""
    return (found.high - found.low) / (found.high + found.low)


def erlang_c(servers, load):
    """Mean wait before service in M/M/c, in mean service times; Erlang B by Poisson probabilities, then C from B."""
    offered = servers * load
    blocked = stats.poisson.pmf(servers, offered) / stats.poisson.cdf(servers, offered)
    waits = blocked / (1.0 - load * (1.0 - blocked))
    return waits / (servers * (1.0 - load))


def model_means(days, load, hours, size, seed, service_factor=1.0):
    """Mean wait and mean time in validation, shape (replications, 2)."""
    means = []
    for replication in range(size["replications"]):
        gaps, own_hours = drawn(days, load, hours, size["drafts"], (seed, replication))
        times = in_the_model(days, gaps, service_factor * own_hours)[size["warm_up"] :]
        means.append(((times[:, 1] - times[:, 0]).mean(), (times[:, 2] - times[:, 0]).mean()))
    return np.array(means)


def ciw_means(days, load, size, seed):
    """Mean time in the system by ciw, with draws of its own, shape (replications,)."""
    arrivals = ciw.dists.Exponential(1.0 / gap_mean(days, load))
    services = ciw.dists.Lognormal(math.log(service_mean(days)) - 0.5 * SIGMA**2, SIGMA)
    means = []
    for replication in range(size["replications"]):
        ciw.seed(1000 * seed + replication)
        times = in_ciw(days, arrivals, services, size["drafts"])
        means.append((times[:, 1] - times[:, 0])[size["warm_up"] : -100].mean())
    return np.array(means)


def test_erlang_c_is_that_of_the_books():
    """M/M/1: rho / (1 - rho) services; M/M/2: rho^2 / (1 - rho^2)."""
    assert erlang_c(1, 0.7) == pytest.approx(0.7 / 0.3, rel=1e-12)
    assert erlang_c(2, 0.7) == pytest.approx(0.49 / 0.51, rel=1e-12)


@pytest.mark.parametrize("days", [EVERY_DAY, WORKING_DAYS])
def test_every_draft_is_done_when_ciw_says(days):
    """The same drafts with the same readings: the moment at which each is done agrees to a second; at 80 % load."""
    gaps, own_hours = drawn(days, 0.8, lognormal_hours, 4000, seed=(1, 0))
    services = own_hours * 24.0 * len(days) / HOURS_EACH
    ours = in_the_model(days, gaps, own_hours)
    theirs = in_ciw(days, ciw.dists.Sequential([*gaps.tolist(), 1e12]), ciw.dists.Sequential(services.tolist()), len(gaps))
    assert np.abs(ours[:, 0] - theirs[:, 0]).max() < 1e-6
    assert np.abs(ours[:, 2] - theirs[:, 1]).max() < 1.0 / 3600.0
    assert (ours[:, 1] - ours[:, 0] > 0.0).mean() > 0.3, "many wait for a reviewer"
    if days == WORKING_DAYS:
        assert (ours[:, 0] % 168.0 > 120.0).mean() > 0.2, "many come in at a weekend"
        assert (ours[:, 2] % 168.0 <= 120.0 + 1e-6).all(), "and none is done at one"


def enough(size, service_factor):
    """To see that a service mean is wrong, a dozen replications do."""
    return size if service_factor == 1.0 else size | {"replications": 12}


def check_against_erlang_c(size, within):
    services = service_mean(EVERY_DAY)
    wait = erlang_c(REVIEWERS, LOAD) * services
    for service_factor in (1.0, 1.1):
        means = model_means(EVERY_DAY, LOAD, exponential_hours, enough(size, service_factor), 2, service_factor)
        for found, theory in ((interval(means[:, 0]), wait), (interval(means[:, 1]), wait + services)):
            assert (found.low < theory < found.high) == (service_factor == 1.0)
        assert half_width(interval(means[:, 1])) < within or service_factor != 1.0


def check_against_ciw(days, size, within):
    theirs = interval(ciw_means(days, LOAD, size, 3))
    assert half_width(theirs) < within
    for service_factor in (1.0, 1.1):
        ours = interval(model_means(days, LOAD, lognormal_hours, enough(size, service_factor), 4, service_factor)[:, 1])
        assert half_width(ours) < within or service_factor != 1.0
        assert overlap(ours, theirs) == (service_factor == 1.0)


@pytest.mark.slow
def test_exponential_readings_agree_with_erlang_c_within_a_fortieth():
    """Null: mean wait and time of the model are those of M/M/c. alpha 0.01 each; half-width of the time under 2.5 %."""
    check_against_erlang_c(SLOW, within=0.025)


@pytest.mark.slow
def test_lognormal_readings_of_every_day_agree_with_ciw():
    """Null: equal mean times. Two intervals of 99 %, each of half-width under 8 %, overlap."""
    check_against_ciw(EVERY_DAY, QUICK, within=0.08)


@pytest.mark.slow
def test_lognormal_readings_agree_with_ciw_within_a_fortieth():
    """The same on working days with half-widths less than 2.5 %."""
    check_against_ciw(WORKING_DAYS, SLOW, within=0.025)
