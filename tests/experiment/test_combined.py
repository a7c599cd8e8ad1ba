"""Results side by side: the points of all, and nothing changed in them."""

import pytest

from sim.analysis import levels, points
from sim.experiment import Plan, ResultsError, execute
from sim.experiment.combined import together
from sim.report.questions import QUESTIONS, answerable
from sim.report.text.translation import told_in
from sim.report.text.words import point_name
from sim.scenario import apply
from tests.small import small_plan, small_results, split_results


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    usual = small_results(folder / "usual", 2)
    dear = tuple(
        one.__class__(one.label, apply(one.scenario, {"sales.margin": 0.2}), one.settings) for one in small_plan().points
    )
    return usual, execute(Plan("dear", dear, 2, seed=7), folder / "dear")


def test_points_follow_one_another_and_keep_their_numbers(two):
    both = together(two)
    assert both.labels == ["usual: 5 h/week", "usual: 20 h/week", "dear: 5 h/week", "dear: 20 h/week"]
    table = levels.table(both).set_index("label")
    for one in two:
        alone = levels.table(one).set_index("label")
        for label in one.labels:
            assert table.loc[f"{one.folder.name}: {label}", "net_return"] == alone.loc[label, "net_return"]


def test_each_folder_is_a_line_of_its_own(two):
    assert points.lines(together(two)) == {"usual": [0, 1], "dear": [2, 3]}


def test_points_keep_their_names_behind_that_of_their_folder(two, splits):
    several = together([two[0], splits])
    assert point_name(several, 1) == "usual: 20 h/week"
    with told_in("fr"):
        assert [point_name(several, one) for one in (1, 2, 3)] == [
            "usual: 20\u00a0h/semaine",
            "splits: répartition actuelle",
            "splits: trouvée 1",
        ]


def test_one_alone_is_itself(two):
    assert together(two[:1]) is two[0]


def test_results_without_common_worlds_are_refused(two, tmp_path):
    with pytest.raises(ResultsError, match=r"same number of replications; these have 2, 1"):
        together([two[0], small_results(tmp_path / "one", 1)])
    with pytest.raises(ResultsError, match="same seed; these have 7, 8"):
        together([two[0], execute(Plan("other", small_plan().points, 2, seed=8), tmp_path / "other")])
    with pytest.raises(ResultsError, match="each given once"):
        together([two[0], two[0]])


@pytest.fixture(scope="module")
def splits(tmp_path_factory):
    return split_results(tmp_path_factory.mktemp("splits") / "splits", 2)


def test_what_is_of_one_folder_is_not_asked_of_several(two, splits):
    """Splits, reviews and inputs are compared within a folder; every other figure can be drawn of several."""
    several = together([two[0], splits])
    assert not {QUESTIONS[number] for number in (6, 9, 12)} & set(answerable(several))
    assert QUESTIONS[6] in answerable(splits)
    for question in answerable(several):
        assert question.draw(several, 0).axes
