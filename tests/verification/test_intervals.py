"""Intervals are honest: of the mean net deals of thirty worlds, 95 in 100 hold the mean of five hundred."""

import numpy as np
import pytest
from loky import get_reusable_executor

from sim.experiment.statistics import mean
from sim.measures.causal_effects import Window, net_deals
from sim.model import simulate
from sim.model.twin import twin_of
from tests.worlds import scenario

WORLDS, DRAWS, SIZE = 500, 2_000, 30
SMALL = scenario(
    time={"horizon_weeks": 40, "run_off_weeks": 60},
    team={"hours_per_week": 10.0},
    market={"accounts": 150, "customers": 10, "segments": {"all": {"needs_per_year": 0.5}}},
    channels={"network": {"followers_at_start": 0.3}},
)


def net(replications):
    """Net deals of some worlds, by both estimators, shape (worlds, 2)."""
    found = []
    for replication in replications:
        record, twin = (simulate(one, 9, replication) for one in (SMALL, twin_of(SMALL)))
        row = net_deals(record, twin, Window.of(SMALL), 1.0)
        found.append((row["net_deals_expected"], row["net_deals"]))
    return np.array(found)


@pytest.mark.slow
def test_intervals_of_thirty_worlds_hold_the_mean_of_five_hundred():
    """Student's interval of 95 %, for 2,000 draws of thirty from five hundred: 93 to 97 in 100 hold the mean of all."""
    parts = [range(first, first + 100) for first in range(0, WORLDS, 100)]
    worlds = np.concatenate(list(get_reusable_executor(2).map(net, parts)))
    rng = np.random.default_rng(1)
    for estimator in range(2):
        sample = worlds[:, estimator]
        assert sample.std() > 0.0
        held = 0
        for _ in range(DRAWS):
            interval = mean(rng.choice(sample, SIZE), confidence=0.95)
            held += interval.low <= sample.mean() <= interval.high
        assert 0.93 <= held / DRAWS <= 0.97, (estimator, held / DRAWS)
    assert np.corrcoef(worlds.T)[0, 1] > 0.1
    assert worlds[:, 0].std() < 0.5 * worlds[:, 1].std(), "expected values need far fewer worlds"
