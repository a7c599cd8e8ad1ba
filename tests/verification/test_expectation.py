"""The expected-value estimator is unbiased: ghosts meet, on average, what they would have met alive (model.md, 9).

Each decision's mean p over those for which every decision before it went well is compared with the mean over all, ghosts
included, each weighted by the product of its p's before: the same number, if and only if ghosts stand for the living. That
is a far sharper comparison than that of counted wins with summed weights, which stands beside it.
"""

import math
from collections import defaultdict
from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from sim.model import World, simulate
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.dialogue import Outlook
from sim.model.twin import twin_of
from tests.quiet import quiet
from tests.worlds import changed, effects, rows, scenario

ALPHA = 0.001
REPLICATIONS = 60
TOLERANCE = 0.001
HARSH = scenario(
    team={"hours_per_week": 20.0},
    time={"horizon_weeks": 156},
    market={"accounts": 300, "customers": 60, "segments": {"all": {"needs_per_year": 0.6}}},
    customers={"questions_per_year": 6.0, "share_on_social": 0.5, "share_complaints": 0.5},
    effects=effects(complaint_lost=0.5),
    listening={"share_tagged": 0.2},
    crises={"per_year": 2.0, "per_unanswered_complaint": 0.01},
)
CASES = {
    "many hours": HARSH,
    "few hours": changed(HARSH, team={"hours_per_week": 3.0}),
    "abandoned": changed(HARSH, channels={"network": {"followers_at_start": 0.5}}),
    "new customers ask much": changed(HARSH, customers={"onboarding": {"weeks": 26.0, "questions": 4.0}}),
}

ONCE = [pytest.param(case, marks=pytest.mark.xdist_group(case)) for case in CASES]  # one worker lives a case, for all its tests


class Decisions:
    """Sums over worlds of each decision's p: of those alive (count, sum of p), and weighted (weight, weight x p)."""

    def __init__(self) -> None:
        self.sums = defaultdict(lambda: np.zeros((REPLICATIONS, 4)))

    def add(self, what: str, replication: int, is_alive: bool, weight: float, p: float) -> None:
        self.sums[what][replication] += (is_alive, is_alive * p, weight, weight * p)

    def watch(self, record, replication: int) -> None:
        for row in rows(record.needs):
            weight, is_alive = 1.0, True
            for number, (p, u) in enumerate(zip(row["p"], row["u"], strict=True)):
                self.add(f"decision {number}", replication, is_alive, weight, p)
                weight, is_alive = weight * p, is_alive and u < p
        for row in rows(record.renewals):
            what = f"{'first' if row['need'] < 0 else 'new'} contract, anniversary {row['anniversary']}"
            self.add(what, replication, row["held"], row["weight"] / row["p"], row["p"])

    def difference(self, what: str) -> tuple[float, float]:
        """Mean p weighted less mean p alive, and its standard error (of a ratio of sums, by its influence)."""
        alive, sum_alive, weight, sum_weight = self.sums[what].T
        p_alive, p_all = sum_alive.sum() / alive.sum(), sum_weight.sum() / weight.sum()
        influence = (sum_weight - p_all * weight) / weight.mean() - (sum_alive - p_alive * alive) / alive.mean()
        return p_all - p_alive, influence.std(ddof=1) / math.sqrt(len(influence))


@lru_cache
def lived(case: str) -> tuple[dict[str, Decisions], np.ndarray]:
    """Decisions of both worlds of a case; deals and renewals, counted and expected, shape (replications, 2, 4)."""
    hours = CASES[case]
    worlds, counts = {"hours": hours, "twin": twin_of(hours)}, np.zeros((REPLICATIONS, 2, 4))
    decisions = {name: Decisions() for name in worlds}
    for replication in range(REPLICATIONS):
        for number, (name, world) in enumerate(worlds.items()):
            record = simulate(world, 21, replication)
            decisions[name].watch(record, replication)
            needs, renewals = rows(record.needs), rows(record.renewals)
            counts[replication, number] = (
                sum(row["won"] for row in needs),
                math.fsum(row["weight"] for row in needs if not math.isnan(row["ended_at"])),
                sum(row["renewed"] for row in renewals),
                math.fsum(row["weight"] for row in renewals),
            )
    return decisions, counts


@pytest.mark.slow
@pytest.mark.parametrize("case", ONCE)
def test_counted_and_expected_means_agree(case):
    """Null: same mean of deals and of renewals, in each world and net. Paired t over replications, alpha 0.001."""
    _, counts = lived(case)
    for of in (counts[:, 0], counts[:, 1], counts[:, 0] - counts[:, 1]):
        for counted, expected in ((0, 1), (2, 3)):
            difference = of[:, expected] - of[:, counted]
            t = difference.mean() / (difference.std(ddof=1) / math.sqrt(REPLICATIONS))
            assert 2.0 * stats.norm.sf(abs(t)) > ALPHA, (case, counted, of[:, counted].mean(), of[:, expected].mean())


@pytest.mark.slow
@pytest.mark.parametrize("world", ["hours", "twin"])
@pytest.mark.parametrize("case", ONCE)
def test_ghosts_decide_as_the_living_do(case, world):
    """Null: weighted and living means of p differ by no more than the tolerance. alpha 0.001 for each decision.

    Ghosts approximate what a live deal or contract would have met (replies, complaints, the attention of a customer), so
    the null is not zero: it is what that may cost at most, in probability.
    """
    decisions = lived(case)[0][world]
    compared = 0
    for what in decisions.sums:
        if decisions.sums[what][:, 0].sum() < 300:
            continue
        difference, error = decisions.difference(what)
        assert abs(difference) < TOLERANCE + stats.norm.isf(ALPHA) * error, (what, difference, error)
        compared += 1
    assert compared >= 9


ASKING = {
    "market": {"accounts": 60},
    "customers": {"questions_per_year": 12.0, "share_on_social": 0.8, "renewal_share": 0.999, "share_settled_offline": 0.5},
    "team": {"hours_per_week": 0.0},
    "time": {"horizon_weeks": 156},
}


def test_a_ghost_without_a_presence_complains_as_the_customer_would_have():
    """Exact, account by account: where nobody can hear them, the unsettled complaints of the past year are the same."""
    never, always = (World(quiet(ASKING, market={"customers": customers}), 3, 0) for customers in (0, 60))
    never.run()
    always.run()
    found, now = 0, 100 * 168.0
    for index in range(60):
        known = [at for at in always.market.account(index).complaints if now - HOURS_PER_YEAR <= at < now]
        moved, unanswered = never.service.as_a_customer(never.market.account(index), 0.5, 0.0, now)
        assert (moved, unanswered) == (0.0, len(known))
        found += len(known)
    assert found > 30


@pytest.mark.parametrize("answered", [0.0, 1.0])
def test_a_ghost_gains_and_loses_the_trust_that_the_customer_would_have(answered):
    """Exact, where all messages meet the same fate: each acts on the trust that those before it have left by then."""
    hours = scenario(market={"accounts": 60, "customers": 0}, customers={"questions_per_year": 12.0, "share_on_social": 0.8})
    world, now = World(changed(hours, listening={"share_tagged": 1.0}), 3, 0), 100 * 168.0
    world.dialogue.outlook = Outlook(answered, 0.0, 0.0)
    most = 0.0
    for index in range(60):
        account, gains = world.market.account(index), world.setting.gains
        trust = account.trust(now)
        moved, _ = world.service.as_a_customer(account, trust, 0.0, now)
        for number, at in enumerate(world.service._moments(account)):
            message = world.service._message(account, number, at, now, is_new=False) if at < now else None
            if message is not None and answered:
                value = world.dialogue.value(message.kind)
                account.touch(at, world.dialogue.reply_quality, gains.replied * value)
            elif message is not None:
                account.disappoint(at, gains.missed * world.dialogue.value(message.kind))
        assert trust + moved == pytest.approx(account.trust(now), rel=1e-12)
        most = max(most, abs(moved))
    assert most > 0.05


def test_a_ghost_adds_nothing_to_what_its_account_said_as_a_customer():
    world = World(quiet(ASKING, market={"customers": 60}), 3, 0)
    record = world.run()
    lapsed = {row["account"] for row in rows(record.renewals) if not row["renewed"]}
    for index in set(range(60)) - lapsed:
        assert world.service.as_a_customer(world.market.account(index), 0.5, 0.0, 156 * 168.0) == (0.0, 0.0)
    assert len(lapsed) < 5
