"""Clocks: salience read lazily equals an eager reference that integrates exposure from event to event (model.md, 13)."""

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad

from sim.model.accounts import Account, Contact, Memory, Traits
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.channels import Clock, Follow
from tests.worlds import scenario

SALIENCE_WEEKS = 8.0
LAMBDA = math.log(2.0) / (SALIENCE_WEEKS * HOURS_PER_WEEK)
SAME = SALIENCE_WEEKS * HOURS_PER_WEEK
HALF_LIVES = [2.5, 24.0, 96.0, SAME, SAME * (1 + 1e-13), SAME * (1 + 1e-10), SAME * (1 - 1e-8), SAME * (1 + 1e-5), 1.3 * SAME]


def posts(weeks, per_week, seed):
    """Times and sizes of posts over some weeks; the first is not at zero."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.uniform(0.0, weeks * HOURS_PER_WEEK, int(weeks * per_week)))
    return list(zip(times.tolist(), rng.uniform(0.0005, 0.01, len(times)).tolist(), strict=True))


def eager(half_life, jumps, until, rate):
    """Integral of exposure decayed at `rate` since it happened, summed numerically between one event and the next."""
    mu = math.log(2.0) / half_life
    intensity, total = 0.0, 0.0
    moments = [*jumps, (until, 0.0)]
    for (began, by), (ended, _) in itertools.pairwise(moments):
        intensity += by
        span = ended - began
        # the stretch is cut so that no piece spans more than two e-foldings of either decay
        pieces = max(1, math.ceil(span * max(mu, rate) / 2.0))
        inside = 0.0
        for piece in range(min(pieces, 25)):
            low, high = span * piece / pieces, span * (piece + 1) / pieces
            inside += quad(
                lambda v, start=intensity, span=span: start * math.exp(-mu * v) * math.exp(-rate * (span - v)),
                low, high, epsabs=0.0, epsrel=1e-12,
            )[0]  # fmt: skip
        total = total * math.exp(-rate * span) + inside
        intensity *= math.exp(-mu * span)
    return total


def clock_after(half_life, jumps, fading=LAMBDA):
    clock = Clock(half_life, fading)
    for time, by in jumps:
        clock.jump(time, by)
    return clock


@pytest.mark.parametrize("half_life", HALF_LIVES)
def test_three_years_of_posts_leave_the_echo_that_integration_gives(half_life):
    jumps = posts(156, 3, seed=1)
    until = 156 * HOURS_PER_WEEK + 50.0
    clock = clock_after(half_life, jumps)
    assert clock.echo_at(until) == pytest.approx(eager(half_life, jumps, until, LAMBDA), rel=1e-9)
    assert math.isfinite(clock.echo_at(until + 130 * HOURS_PER_WEEK))


@pytest.mark.parametrize("half_life", [2.5, 24.0, 96.0, SAME])
def test_exposure_is_the_integral_of_intensity(half_life):
    jumps = posts(30, 7, seed=2)
    until = 30 * HOURS_PER_WEEK + 10.0
    clock = clock_after(half_life, jumps)
    assert clock.exposure_at(until) == pytest.approx(eager(half_life, jumps, until, 0.0), rel=1e-9)
    everything = sum(by for _, by in jumps) / clock.decay
    assert clock.exposure_at(until + 1e6) == pytest.approx(everything, rel=1e-9), (
        "a post brings its jump over its decay, no more"
    )


def test_intensity_decays_by_half_in_a_half_life_and_jumps_at_a_post():
    clock = clock_after(24.0, [(10.0, 0.8)])
    assert clock.intensity_at(10.0) == 0.8
    assert clock.intensity_at(34.0) == pytest.approx(0.4, rel=1e-12)
    clock.jump(34.0, 0.1)
    assert clock.intensity_at(34.0) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("half_life", [2.5, 24.0, 96.0])
def test_hours_until_is_the_inverse_of_exposure(half_life):
    clock = clock_after(half_life, posts(10, 7, seed=3))
    left = clock.intensity / clock.decay
    for share in (0.0, 1e-9, 0.1, 0.5, 0.9, 0.999999):
        wanted = clock.exposure + share * left
        assert clock.exposure_at(clock.at + clock.hours_until(wanted)) == pytest.approx(wanted, rel=1e-12)
    assert clock.hours_until(clock.exposure + 1.0001 * left) == math.inf
    assert clock.hours_until(clock.exposure - 1.0) == 0.0
    assert Clock(half_life, LAMBDA).hours_until(0.1) == math.inf


def test_reading_a_clock_never_writes_it():
    clock = clock_after(24.0, posts(10, 7, seed=4))
    before = clock.at, clock.intensity, clock.exposure, clock.echo
    for now in np.linspace(clock.at, clock.at + 5000.0, 100):
        clock.echo_at(now), clock.exposure_at(now), clock.intensity_at(now), clock.hours_until(now)
    assert (clock.at, clock.intensity, clock.exposure, clock.echo) == before


def test_an_echo_asked_for_before_a_post_is_not_kept_beyond_it():
    clock, other = Clock(24.0, LAMBDA), Clock(24.0, LAMBDA)
    clock.jump(10.0, 0.2)
    other.jump(10.0, 0.2)
    clock.echo_at(100.0)
    clock.jump(50.0, 0.1)
    other.jump(50.0, 0.1)
    assert clock.echo_at(100.0) == other.echo_at(100.0)


def test_a_clock_never_overflows():
    """Half-lives that the schema allows: salience of 0.1 week, a channel of 96 h, the end of a run-off of 130 weeks."""
    clock = clock_after(96.0, [(0.0, 0.01)], fading=math.log(2.0) / (0.1 * HOURS_PER_WEEK))
    assert clock.echo_at(130 * HOURS_PER_WEEK) == pytest.approx(0.0, abs=1e-12)


def contact_of(base=1.3):
    memory = Memory(scenario(market={"salience": {"half_life_weeks": SALIENCE_WEEKS}}))
    memory.exposed = 0.6
    account = Account(0, Traits("all", base, 0.5, 0.0, is_with_rival=False), memory)
    contact = Contact(0, account, 0, 0.3, memory)
    account.contacts = (contact,)
    return contact, account


@pytest.mark.parametrize("half_lives", [(2.5, 24.0, 96.0), (SAME, SAME * (1 + 1e-8), 24.0)])
def test_lazy_salience_of_a_contact_equals_an_eager_one(half_lives):
    """A contact that follows several channels, reads now and then and engages at times: to 1e-9 of the eager reference.

    The eager contact keeps its salience from event to event, adding the exposure of each stretch as it passes.
    """
    rng = np.random.default_rng(5)
    until = 60 * HOURS_PER_WEEK
    clocks = [Clock(half_life, LAMBDA) for half_life in half_lives]
    jumps = [posts(60, per_week, seed) for per_week, seed in ((7, 6), (3, 7), (1, 8))]
    begins = [0.0, 500.0, 3000.0]
    contact, account = contact_of()

    events = [(time, "post", number, by) for number, some in enumerate(jumps) for time, by in some]
    events += [(begin, "follow", number, 0.0) for number, begin in enumerate(begins)]
    events += [(time, "engage", 0, 0.5) for time in rng.uniform(0.0, until, 40)]
    events += [(time, "remember", 0, 0.0) for time in rng.uniform(0.0, until, 40)]
    events += [(time, "read", 0, 0.0) for time in rng.uniform(0.0, until, 40)]
    intensities, followed = [0.0] * 3, [False] * 3
    salience, at, checked = 0.0, 0.0, 0
    for time, what, number, by in sorted(events):
        span = time - at
        seen = 0.0
        for channel, half_life in enumerate(half_lives):
            mu = math.log(2.0) / half_life
            if followed[channel]:
                start = intensities[channel]
                seen += quad(lambda v, start=start, mu=mu, span=span: start * math.exp(-mu * v - LAMBDA * (span - v)),
                             0.0, span,
                             epsabs=1e-16, epsrel=1e-12)[0]  # fmt: skip
            intensities[channel] *= math.exp(-mu * span)
        salience = salience * math.exp(-LAMBDA * span) + 0.6 * seen
        at = time
        if what == "post":
            clocks[number].jump(time, by)
            intensities[number] += by
        elif what == "follow":
            contact.remember(time)
            channel = SimpleNamespace(name=str(number), echo_at=clocks[number].echo_at)
            contact.follows.append(Follow(contact, channel, None, time))
            followed[number] = True
        elif what == "engage":
            contact.remember(time, by)
            salience += by
        elif what == "remember":
            contact.remember(time)
        else:
            state = contact.salience, contact.at, [follow.echo for follow in contact.follows]
            assert contact.salience_at(time) == pytest.approx(salience, rel=1e-9, abs=1e-12)
            assert account.log_salience(time) == pytest.approx(math.log(1.3 + 0.3 * salience), rel=1e-9)
            assert (contact.salience, contact.at, [follow.echo for follow in contact.follows]) == state
            checked += 1
    assert checked == 40
    assert salience > 0.1


def test_without_a_post_there_is_no_salience_at_all():
    contact, account = contact_of()
    contact.follows.append(Follow(contact, SimpleNamespace(name="a", echo_at=Clock(24.0, LAMBDA).echo_at), None, 0.0))
    for now in (0.0, 1.0, 1e4):
        assert contact.salience_at(now) == 0.0
        assert account.log_salience(now) == account.log_base
        contact.remember(now)


def test_a_follower_gets_nothing_of_what_was_posted_before():
    clock = clock_after(24.0, [(0.0, 0.5)])
    contact, _ = contact_of()
    contact.remember(100.0)
    contact.follows.append(Follow(contact, SimpleNamespace(name="a", echo_at=clock.echo_at), None, 100.0))
    assert contact.salience_at(100.0) == 0.0
    rest = eager(24.0, [(100.0, clock.intensity_at(100.0))], 200.0, LAMBDA)
    assert contact.salience_at(200.0) == pytest.approx(0.6 * rest, rel=1e-9)


def test_trust_decays_to_its_baseline_and_reading_it_never_writes_it():
    memory = Memory(scenario(market={"trust": {"half_life_weeks": 52.0}}))
    account = Account(0, Traits("all", 1.0, 0.4, 0.2, is_with_rival=False), memory)
    assert account.trust(0.0) == pytest.approx(0.6, rel=1e-15)
    assert account.trust(52 * HOURS_PER_WEEK) == pytest.approx(0.5, rel=1e-12)
    assert (account.gap, account.since) == (0.2, 0.0)
    account.touch(1000.0, 0.9, 0.0)
    assert (account.gap, account.since) == (0.2, 0.0), "a touch of zero gain leaves the last bit alone"
    before = account.trust(1000.0)
    account.touch(1000.0, 0.75, 0.1)
    assert account.trust(1000.0) == pytest.approx(before + 0.05 * (1.0 - before), rel=1e-12)
