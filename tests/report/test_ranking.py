"""A ranking in words: who is selected, and which points are the same."""

from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Results
from sim.experiment.designs import CASE
from sim.experiment.selection import select
from sim.report.answers.comparison import Ranking, content, rows, sentence

ROW = np.random.default_rng(1).normal(0.0, 10.0, 40)


def ranked(*values, matters=5.0):
    labels = list("ABCDE"[: len(values)])
    means = [float(one.mean()) for one in values]
    results = Results(Path("run"), {"points": [{"label": label, "settings": {CASE: label}} for label in labels]})
    return Ranking(labels, means, [0.0] * len(values), matters, select(np.array(values), matters), [results])


def test_points_that_are_the_same_in_every_world_are_named_as_such():
    """A setting without effect was said to take more worlds, however many there were."""
    alone = ranked(ROW, ROW)
    assert sentence(alone, "EUR") == "A and B give the same results in every world, so none of them is better."
    best = ranked(ROW, ROW - 50.0, ROW)
    assert sentence(best, "EUR") == (
        "With a probability of 95 % none is better than A and C by 5 EUR or more. A and C give the same results in every world."
    )
    assert [(one[0], one[3]) for one in rows(best)[1:]] == [("A", "selected"), ("C", "selected"), ("B", "out after 10 worlds")]
    assert (content(best)["selected"], content(best)["same"]) == ("A", [["A", "C"]])


def test_the_same_points_are_named_wherever_they_stand():
    behind = ranked(ROW - 50.0, ROW, ROW - 50.0, ROW - 50.0)
    assert sentence(behind, "EUR").endswith("than B by 5 EUR or more. A, C and D give the same results in every world.")
    other = np.random.default_rng(2).normal(0.0, 10.0, 40)
    open_yet = ranked(ROW, ROW, other - other.mean() + ROW.mean(), matters=0.01)
    assert "too few to show" in sentence(open_yet, "EUR")
    assert sentence(open_yet, "EUR").endswith("are in the race. A and B give the same results in every world.")
    assert content(open_yet)["selected"] is None


def test_where_nothing_is_the_same_nothing_is_said_of_it():
    assert "same" not in sentence(ranked(ROW, ROW - 50.0), "EUR")
    assert content(ranked(ROW, ROW - 50.0))["same"] == []
    assert pytest.approx(ROW.mean()) == content(ranked(ROW, ROW - 50.0))["points"][0]["net_return"]
