"""Graders against hand-made truths: who tells the truth, who always says zero, who is wrong by a factor, who fails."""

import math

import pandas as pd
import pytest

from sim.analysis.grades import by_world, grades

# (world, effect, truth, returns of stop, keep, double); cost 100 and margin 0.5, so value pays from 200 and twice from 400
WORLDS = [
    ("0", "none", 0.0, (0.0, -100.0, -200.0)),
    ("1", "small", 100.0, (0.0, -50.0, -80.0)),
    ("2", "as_published", 300.0, (0.0, 50.0, 20.0)),
    ("3", "as_published", 600.0, (0.0, 200.0, 260.0)),
]
OTHERS = {"true_web": 2000.0, "true_offline": 1000.0, "true_referral": 10.0}


@pytest.fixture
def truth():
    rows = [
        {"world": world, "effect": effect, "measure": "journeys", "truth": value, "cost": 100.0, "margin": 0.5,
         **dict(zip(("return_stop", "return_keep", "return_double"), returns, strict=True)), **OTHERS}
        for world, effect, value, returns in WORLDS
    ]  # fmt: skip
    return pd.DataFrame(rows)


def graded(truth, says, failed=()):
    """The grade of a tool that says (value, low, high) of a true value."""
    rows = []
    for row in truth.itertuples():
        if row.world in failed:
            continue
        value, low, high = says(row.truth)
        common = {"tool": "t", "world": row.world, "method": "m", "measure": "journeys", "finds": math.nan}
        rows.append(common | {"channel": "organic_social", "value": value, "low": low, "high": high})
        for channel, other in (
            ("organic_search", 1500.0),
            ("direct_traffic", 500.0),
            ("offline_sources", 1000.0),
            ("referrals", 10.0),
        ):
            rows.append(common | {"channel": channel, "value": other, "low": math.nan, "high": math.nan})
    statuses = pd.DataFrame(
        [{"tool": "t", "world": world, "status": "failed" if world in failed else "done"} for world, *_ in WORLDS]
    )
    columns = ["tool", "world", "method", "measure", "channel", "value", "low", "high", "finds"]
    return grades(by_world(truth, pd.DataFrame(rows, columns=columns), statuses)).iloc[0]


def test_who_tells_the_truth_has_no_bias_covers_and_regrets_nothing(truth):
    found = graded(truth, lambda true: (true, true - 10.0, true + 10.0))
    assert (found["bias"], found["coverage"], found["regret"], found["best"]) == (0.0, 1.0, 0.0, 1.0)
    assert (found["false_alarms"], found["found"], found["failed"]) == (0.0, 1.0, 0)
    assert found["coverage_low"] == pytest.approx(0.597, abs=0.001)  # Wilson, 4 of 4, 90 %: 4 / (4 + 1.645 ** 2)


def test_who_always_says_zero_stops_whatever_is_true(truth):
    found = graded(truth, lambda true: (0.0, -1.0, 1.0))
    assert found["bias"] == -250.0
    assert found["coverage"] == 0.25
    assert found["regret"] == (0.0 + 0.0 + 50.0 + 260.0) / 4
    assert found["best"] == 0.5
    assert (found["false_alarms"], found["found"]) == (0.0, 0.0)


def test_who_says_three_times_too_much_doubles_too_soon(truth):
    found = graded(truth, lambda true: (3.0 * true + 1.0, math.nan, math.nan))
    assert found["bias"] == 2.0 * 250.0 + 1.0
    assert math.isnan(found["coverage"])
    assert found["regret"] == (0.0 + 50.0 + 30.0 + 0.0) / 4  # stop, keep, double, double
    assert found["false_alarms"] == 1.0  # a value without an interval claims what it says


def test_ranks_are_those_of_four_channels(truth):
    """First of four where it is third, and the others in their order: squared differences 6; of fourth 12."""
    assert graded(truth, lambda true: (true, math.nan, math.nan))["rank"] == pytest.approx(1.0)
    third, fourth = (1.0 - 6.0 * squares / (4 * 15) for squares in (6, 12))
    first = graded(truth, lambda true: (9999.0, math.nan, math.nan))
    assert first["rank"] == pytest.approx((fourth + 3 * third) / 4)


def test_a_world_on_which_a_tool_fails_is_held_against_it(truth):
    found = graded(truth, lambda true: (true, true, true), failed=("3",))
    assert (found["worlds"], found["failed"]) == (4, 1)
    assert found["bias"] == 0.0
    assert found["coverage"] == 0.75
    assert found["found"] == pytest.approx(2 / 3)
    assert found["regret"] == 60.0 / 4  # the team goes on as it is, where twice the hours return more


def test_a_tool_that_always_fails_is_in_the_table(truth):
    found = graded(truth, lambda true: (true, true, true), failed=("0", "1", "2", "3"))
    assert (found["worlds"], found["failed"], found["found"]) == (4, 4, 0.0)
    assert math.isnan(found["bias"])
    assert found["regret"] == (100.0 + 50.0 + 0.0 + 60.0) / 4
