"""Schedules of hours: on a made-up return whose best schedule is known, and on worlds."""

import numpy as np
import pytest

import sim
from sim.analysis import schedules as tables
from sim.experiment import ResultsError
from sim.experiment.optimise import AS_IT_IS, Candidate, Search, search
from sim.experiment.precision import RETURN
from sim.experiment.schedules import CONSTANTS, by_quarter, finalists, space
from sim.model import simulate
from sim.scenario import apply, load
from tests.small import small

BASE = apply(small(), {"time.horizon_weeks": 52})
WITHIN = (5.0, 40.0)
FALLING = apply(
    BASE,
    {"team.hours_per_week": 10.0, "hours_policy.kind": "ramp", "hours_policy.from_hours": 30.0, "hours_policy.ramp_weeks": 26},
)


class Known:
    """Returns that fall with the distance by quarter from one schedule, with noise that all schedules share."""

    def __init__(self, best):
        self.best = by_quarter(best)

    def outcomes(self, scenarios, names, replications, seed):
        noise = np.random.default_rng(seed).normal(0.0, 500.0, replications)
        true = np.array([-np.abs(by_quarter(one) - self.best).sum() for one in scenarios])
        return np.repeat((true[:, None] + noise)[:, :, None], len(names), axis=2)


def found(best, trials=160):
    return search(BASE, Search(trials=trials, replications=2), Known(best), 1, lambda done, total: None, space(BASE, WITHIN))


def test_hours_by_quarter_are_those_that_are_lived():
    for scenario in (FALLING, apply(FALLING, {"hours_policy.starts_week": 20, "time.horizon_weeks": 45}), BASE):
        granted = np.array(simulate(scenario, 1, 0).weeks.column("granted_hours"))
        parts = np.split(granted, range(13, len(granted), 13))
        assert by_quarter(scenario) == pytest.approx([part.mean() for part in parts])
    assert by_quarter(FALLING)[[0, -1]] == pytest.approx([30.0 - 20.0 * 6.0 / 26.0, 10.0])


@pytest.mark.parametrize("best", [FALLING, apply(BASE, {"team.hours_per_week": 25.0})])
def test_the_search_finds_the_best_schedule_whether_it_falls_or_stays(best):
    tried = found(best)
    path = by_quarter(apply(BASE, tried[0].settings))
    assert np.abs(path - by_quarter(best)).max() < 2.5
    is_ramp = tried[0].settings["hours_policy.kind"] == "ramp"
    assert is_ramp == (best is FALLING) or np.ptp(path) < 2.5
    hours = [value for one in tried for path, value in one.settings.items() if path.endswith(("per_week", "from_hours"))]
    assert min(hours) >= 5.0, "the floor"
    assert max(hours) <= 40.0


def test_constant_levels_go_on_beside_ramps_and_none_twice():
    points = finalists(BASE, found(FALLING), 4)
    kinds = [one.scenario.hours_policy.kind for one in points]
    assert points[0].label == AS_IT_IS
    assert kinds.count("ramp") == 4
    assert kinds.count("fixed") == 1 + CONSTANTS
    assert len({one.label for one in points}) == len(points)


def test_a_ramp_that_stays_where_it_is_is_no_other_schedule():
    flat = {
        "team.hours_per_week": 20.0,
        "hours_policy.kind": "ramp",
        "hours_policy.from_hours": 20.0,
        "hours_policy.ramp_weeks": 13,
    }
    tried = [
        Candidate({"team.hours_per_week": 20.0, "hours_policy.kind": "fixed"}, 2.0, 0.0),
        Candidate(flat, 1.0, 0.0),
        Candidate(flat | {"hours_policy.from_hours": 40.0}, 0.0, 0.0),
    ]
    labels = [one.label for one in finalists(BASE, tried, 4)]
    assert labels == [AS_IT_IS, "20 h/week", "40 to 20 h/week in 13 weeks"]


def test_the_best_schedule_stands_against_the_best_constant_level_of_the_same_worlds(tmp_path):
    answer = sim.optimise(
        apply(small(), {"time.run_off_weeks": 26}), schedules=True, hours="5:30", trials=16, search_replications=1,
        replications=4, folder=tmp_path / "run",
    )  # fmt: skip
    said = answer.to_dict()
    rows = {row["point"]: row for row in said["schedules"]}
    best = said["best"]
    ramps = [row for row in rows.values() if row["kind"] == "ramp"]
    fixed = [row for row in rows.values() if row["kind"] == "fixed"]
    assert rows[best["schedule"]]["net_return"] == max(row["net_return"] for row in ramps)
    assert rows[best["constant"]]["net_return"] == max(row["net_return"] for row in fixed)
    apart = rows[best["schedule"]]["net_return"] - rows[best["constant"]]["net_return"]
    assert best["gain"]["value"] == pytest.approx(apart)
    frames = tables.by_point(answer.results)
    pairs = [tables.sample(frames[best[name]], RETURN) for name in ("schedule", "constant")]
    assert best["gain"] == pytest.approx(vars(tables.mean(pairs[0] - pairs[1])))
    kept = load(tmp_path / "run" / "schedule.yaml")
    top = said["schedules"][0]
    assert (kept.team.hours_per_week, kept.hours_policy.kind) == (top["to_hours"], top["kind"])
    assert len(said["hours_by_quarter"]) == 4


@pytest.mark.parametrize("other", [{}, {"hours": "5:30", "moves": True}, {"hours": "5:30", "front": True}])
def test_what_does_not_go_with_schedules_is_refused(other):
    with pytest.raises(ResultsError, match="--schedules: goes with --hours LOW:HIGH"):
        sim.optimise(small(), schedules=True, **other)
