"""The number of replications that an interval needs: against known answers, and the same for any workers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.experiment import Plan, Point, ResultsError, RunError, Workers, execute, read, resume, runner
from sim.experiment.precision import LEAST, Target, replications_for
from sim.experiment.runner import compute
from sim.experiment.statistics import mean
from sim.scenario import apply
from tests.small import small, tables_of

MARGIN = "net_margin_expected"


class Source:
    """Outcomes that are known beforehand, handed out in rounds; shape (points, replications)."""

    def __init__(self, *values):
        self.values = np.array(values)
        self.rounds = []

    def __call__(self, replications):
        self.rounds.append(replications)
        return self.values[:, :replications]


def drawn(seed, mean_, spread, count=4000):
    return np.random.default_rng(seed).normal(mean_, spread, count)


@pytest.mark.slow
def test_intervals_of_the_sequential_rule_cover_as_often_as_they_say():
    """Null: the interval, where the rule stops, holds the true mean in at least 90 %. alpha = 0.001, 150 runs."""
    held, numbers = 0, []
    for seed in range(150):
        source = Source(drawn(seed, 100.0, 30.0))
        enough = replications_for(Target(MARGIN, share=0.05), source)
        found = mean(source.values[0, :enough])
        held += found.low <= 100.0 <= found.high
        numbers.append(enough)
    assert stats.binomtest(held, 150, 0.90, alternative="less").pvalue > 0.001
    by_formula = (1.645 * 30.0 / (0.05 * 100.0)) ** 2  # of a fixed number, with the variance known
    assert np.mean(numbers) == pytest.approx(by_formula, rel=0.1)


@pytest.mark.parametrize("target", [Target(MARGIN, share=0.05), Target(MARGIN, half_width=5.0)])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_it_stops_where_the_interval_is_narrow_enough_and_stays_so(target, sign):
    source = Source(sign * drawn(1, 100.0, 30.0))
    enough = replications_for(target, source)
    after = [source.values[0, :count] for count in range(enough - 1, enough + 6)]
    widths = [mean(one).high - one.mean() for one in after]
    wanted = [5.0 if target.half_width else 0.05 * abs(one.mean()) for one in after]
    assert widths[0] > wanted[0]
    assert all(width <= one for width, one in zip(widths[1:], wanted[1:], strict=True))
    assert enough + 5 <= source.rounds[-1] <= 1.1 * enough + 10  # few are run that were not needed
    assert len(set(source.rounds)) < 12


def heavy(seed, count):
    return np.random.default_rng(seed).lognormal(0.0, 1.2, count)


def drifting(seed, count):
    """The later, the more they spread."""
    return np.random.default_rng(seed).normal(100.0, 20.0 + 0.02 * np.arange(count))


def misses(target, source, enough):
    """At how many numbers of replications the interval is too wide: over all that are kept, and over the look-ahead."""
    kept = source.rounds[-1]
    ahead = range(enough, min(enough + int(0.05 * max(enough, 100)), kept) + 1)
    return [sum(target.excess(one[:count]) > 1.0 for one in source.values for count in counts) for counts in ((kept,), ahead)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcomes", "target"), [(heavy, Target(MARGIN, share=0.1, most=8000)), (drifting, Target(MARGIN, half_width=2.5))]
)
def test_whatever_ends_is_as_precise_as_was_asked_for_over_all_that_is_kept(outcomes, target):
    """Of 150 trials each, 3 and 1 were not so over all that is kept, 20 and 10 not so over the look-ahead."""
    for seed in range(150):
        source = Source(outcomes(seed, 8000))
        enough = replications_for(target, source)
        assert enough is not None
        assert misses(target, source, enough) == [0, 0]


def test_a_trial_that_the_rule_ends_too_early_goes_on():
    """The second ended with too wide an interval over all that is kept, the others over the look-ahead."""
    target = Target(MARGIN, half_width=2.5)
    for seed in (13, 64, 144):
        source = Source(drifting(seed, 8000))
        assert misses(target, source, replications_for(target, source)) == [0, 0]


def test_where_the_most_are_too_few_to_look_ahead_none_is_enough():
    """Narrow enough at the last but a few: the rule cannot look ahead any more, and the most are kept."""
    values = np.concatenate([drawn(1, 100.0, 30.0, 110), np.full(90, 100.0)])
    for most in range(110, 201, 5):
        source = Source(values)
        enough = replications_for(Target(MARGIN, share=0.04, most=most), source)
        assert max(source.rounds) <= most
        assert source.rounds[-1] == most or enough is not None


def test_every_point_must_be_precise():
    quiet, noisy = drawn(1, 100.0, 10.0), drawn(2, 100.0, 40.0)
    alone = replications_for(Target(MARGIN, share=0.05), Source(noisy))
    assert replications_for(Target(MARGIN, share=0.05), Source(quiet, noisy)) == alone
    assert replications_for(Target(MARGIN, share=0.05), Source(quiet)) == LEAST


def test_a_mean_near_zero_is_never_precise_and_the_most_are_run():
    source = Source(drawn(3, 0.0, 1.0))
    assert replications_for(Target(MARGIN, share=0.05, most=500), source) is None
    assert source.rounds[-1] == 500


def test_what_is_undefined_or_unknown_is_refused():
    with pytest.raises(ResultsError, match="undefined in replication 3"):
        replications_for(Target(MARGIN, share=0.05), Source([1.0, 2.0, 3.0, np.nan, *drawn(1, 1.0, 1.0, 40)]))
    with pytest.raises(ResultsError, match="undefined in replication 2"):
        replications_for(Target(MARGIN, share=0.05), Source([1.0, 2.0, np.inf, *drawn(1, 1.0, 1.0, 40)]))
    with pytest.raises(ResultsError, match="did you mean net_margin_expected"):
        Target("net_margin_expectd", share=0.1)
    with pytest.raises(ResultsError, match="either a share"):
        Target(MARGIN, share=0.1, half_width=3.0)
    with pytest.raises(ResultsError, match="at least 25"):
        Target(MARGIN, share=0.1, most=10)


SHORTER = {"time.horizon_weeks": 20, "time.run_off_weeks": 30}


def plan(target, *hours):
    points = tuple(Point(f"{one:g}", apply(small(), SHORTER | {"team.hours_per_week": one})) for one in hours)
    return Plan("precise", points, 0, seed=7, target=target)


WIDE = Target(MARGIN, half_width=820.0)


def test_the_number_depends_on_the_worlds_alone_and_a_kill_changes_nothing(tmp_path, monkeypatch):
    asked = plan(WIDE, 20.0)
    one = execute(asked, tmp_path / "one")
    execute(asked, tmp_path / "two", workers=Workers(2, block=3))
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two")
    replications = one.manifest["replications"]
    assert LEAST < replications < 200
    found = mean(one.table("outcomes")[MARGIN].to_numpy())
    assert found.high - found.value <= 820.0

    left = [replications // 2]

    def interrupted(task):
        left[0] -= task.block.worlds
        if left[0] < 0:
            raise KeyboardInterrupt
        return compute(task)

    monkeypatch.setattr(runner, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute(asked, tmp_path / "cut", workers=Workers(block=2))
    monkeypatch.undo()
    assert read(tmp_path / "cut").manifest["replications"] == 0
    resume(tmp_path / "cut")
    assert tables_of(tmp_path / "cut") == tables_of(tmp_path / "one")
    (tmp_path / "cut" / "deals.parquet").unlink()
    resume(tmp_path / "cut")  # what was settled is not asked anew
    assert tables_of(tmp_path / "cut") == tables_of(tmp_path / "one")


def test_when_time_is_up_the_replications_that_are_finished_everywhere_are_kept(tmp_path, monkeypatch):
    done = []

    def noted(task):
        done.append(task.block)
        return compute(task)

    monkeypatch.setattr(runner, "compute", noted)
    monkeypatch.setattr(runner.Clock, "is_up", property(lambda _: len(done) == 5))
    asked = Plan("budget", plan(WIDE, 5.0, 20.0).points, 40, seed=7)
    cut = execute(asked, tmp_path / "cut", workers=Workers(block=2), seconds=1.0)
    assert cut.manifest["replications"] == 10
    monkeypatch.undo()
    execute(asked.of(10), tmp_path / "ten")
    assert tables_of(tmp_path / "cut") == tables_of(tmp_path / "ten")
    assert resume(tmp_path / "cut").manifest["replications"] == 10


def test_a_block_that_reaches_beyond_the_last_replication_is_cut(tmp_path, monkeypatch):
    """Time is up when the second of two points lacks a replication in mid-block."""
    monkeypatch.setattr("sim.experiment.blocks.MOST_POINTS", 1)
    done = []
    monkeypatch.setattr(runner, "compute", lambda task: done.append(task) or compute(task))
    monkeypatch.setattr(runner.Clock, "is_up", property(lambda _: len(done) == 3))
    asked = Plan("budget", plan(WIDE, 5.0, 20.0).points, 40, seed=7)
    cut = execute(asked, tmp_path / "cut", workers=Workers(block=4), seconds=1.0)
    assert cut.manifest["replications"] == 4
    frame = pd.read_parquet(tmp_path / "cut" / "outcomes.parquet")
    assert sorted(zip(frame["point"], frame["replication"], strict=True)) == [(p, r) for p in (0, 1) for r in range(4)]


def test_without_a_number_as_many_are_run_as_there_is_time_for(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(runner, "compute", lambda task: done.append(task) or compute(task))
    monkeypatch.setattr(runner.Clock, "is_up", property(lambda _: len(done) == 26))
    asked = Plan("budget", plan(WIDE, 5.0).points, 0, seed=7)
    assert execute(asked, tmp_path / "run", workers=Workers(block=1), seconds=1.0).manifest["replications"] == 26


def test_no_time_at_all_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.blocks.MOST_POINTS", 1)
    with pytest.raises(RunError, match="before a replication was finished"):
        execute(plan(Target(MARGIN, share=0.5), 5.0, 20.0), tmp_path / "none", workers=Workers(block=1), seconds=1e-9)
