import numpy as np
import pytest

from sim.analysis import reviews
from sim.analysis.frames import by_point
from sim.report.questions import QUESTIONS, answerable, q09_review
from tests.small import REVIEWS, review_results, small_results

WORLDS = 3


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return review_results(tmp_path_factory.mktemp("review") / "run", WORLDS)


def test_each_case_is_counted_from_the_hours_that_its_worlds_end_with(results):
    weeks, table = results.table("weeks"), reviews.table(results)
    assert table["label"].tolist() == list(REVIEWS)
    frames = by_point(results)
    for _, row in table.iterrows():
        mine = weeks[weeks["point"] == row["point"]]
        ends = mine[mine["week"] == mine["week"].max()].sort_values("replication")["granted_hours"].to_numpy()
        assert row["cut_to_floor"] == np.mean(ends == 2.0)
        assert row["under_ten"] == np.mean(ends < 10.0)
        assert row["hours_at_end"] == ends.mean()
        returns = [frames[point]["net_return_expected"].to_numpy() for point in (row["point"], 0)]
        assert row["against_fixed"] == pytest.approx((returns[0] - returns[1]).mean())
    assert table["cut_to_floor"].max() > 0.0


def test_contrasts_are_means_over_the_other_factors(results):
    """By hand for each: half of the sum over the four corners on one side, less that on the other."""
    table, factors = reviews.table(results).set_index("label"), reviews.contrasts(results).set_index("factor")
    said = q09_review.contrasts_shown(reviews.contrasts(results))
    assert said["called"].iloc[0].startswith("the measurement trap")
    sides = {"records": ("as they are", "perfect"), "credit": ("closed", "pipeline"), "window": ("quarter", "year")}
    for factor, (low, high) in sides.items():
        for measure in ("cut_to_floor", "hours_at_end", "net_return"):
            means = [table[measure][[side in label for label in table.index]].mean() for side in (low, high)]
            assert factors[measure].loc[factor] == pytest.approx(means[1] - means[0]), (factor, measure)


def test_a_part_of_the_factorial_has_no_contrasts(tmp_path):
    some = review_results(tmp_path / "run", 1, *list(REVIEWS)[:7])
    assert reviews.contrasts(some).empty
    assert len(reviews.table(some)) == 7


def test_where_nobody_reviews_the_question_is_not_asked(tmp_path, results):
    alone = small_results(tmp_path / "run", 1)
    assert QUESTIONS[9] not in answerable(alone)
    assert QUESTIONS[9] in answerable(results)
    assert reviews.cases(alone) == []


def test_quarters_of_hours_end_with_the_last_week(results):
    """40 weeks: three whole quarters, and the last week."""
    hours = reviews.hours_by_quarter(results, 1)
    assert hours.shape == (WORLDS, 4)
    weeks = results.table("weeks")
    world = weeks[(weeks["point"] == 1) & (weeks["replication"] == 0)].set_index("week")["granted_hours"]
    assert hours[0].tolist() == [world.loc[week] for week in (12, 25, 38, 39)]
