"""Every number that a question shows has a unit."""

import pytest

from sim.analysis.units import INTERVAL, unit_of
from sim.report.questions import QUESTIONS, answerable
from sim.workflows.results import RunResults

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

UNIT_OF_ROW = {"with", "without", "difference", "money", "with_realised", "without_realised", "net_realised", "with_expected"}
UNIT_OF_ROW |= {"without_expected", "net_expected", "direct", "spillover", "net", "low_value", "high_value"}
NUMBERS = {"account", "need", "quarter", "replication"}


def test_every_number_of_a_question_has_a_unit(levels, split, at_ends, reviewed):
    """Of its column, or of its row where a table is about several things."""
    answered = set()
    for results in map(RunResults.of, (levels, split, at_ends, reviewed)):
        for question in set(answerable(results)) - answered:
            answered.add(question)
            for table in results.question(question.number).tables():
                numbers = {INTERVAL.sub("", name) for name in table.select_dtypes("number").columns} - UNIT_OF_ROW - NUMBERS
                units = {INTERVAL.sub("", name): unit for name, unit in table.attrs["units"].items()}
                assert numbers - set(units) == set(), question.number
    assert len(answered) == len(QUESTIONS)
    held = RunResults.of(levels).levels()
    assert held.attrs["units"]["net_return_low"] == "EUR"
    assert held.attrs["units"]["pays_share"] == "share"
    assert held.attrs["units"]["hours_per_week"] == "hours per week"
    assert unit_of("net_margin_per_hour_low") == "currency per hour"
    assert unit_of("label") is None
