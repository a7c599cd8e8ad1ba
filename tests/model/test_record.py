"""Rows of the record by the names of their columns."""

import pytest

from sim.model.needs import Need, row_of
from sim.model.record import Record, Table
from tests.worlds import rows


def test_a_noted_row_is_in_the_order_of_the_columns():
    table = Table("time", "kind")
    table.add((1.0, "first"))
    table.note(kind="second", time=2.0)
    assert table.rows == [(1.0, "first"), (2.0, "second")]


@pytest.mark.parametrize("named", [{"time": 1.0}, {"time": 1.0, "kind": "a", "size": 2}, {"time": 1.0, "sort": "a"}, {}])
def test_a_row_with_a_column_too_few_or_too_many_is_refused(named):
    table = Table("time", "kind")
    with pytest.raises(TypeError, match="time, kind"):
        table.note(**named)
    assert table.rows == []


def test_a_need_is_written_down_under_the_names_of_the_record():
    class Buyer:
        index, segment = 7, "all"

    need, record = Need(Buyer(), 3, 12.5, 1000.0), Record()
    need.settle("shortlist", 20.0, 0.25, passes=False)
    record.needs.rows.append(row_of(need))
    [row] = rows(record.needs)
    assert (row["account"], row["need"], row["segment"], row["opens_at"], row["value"]) == (7, 3, "all", 12.5, 1000.0)
    assert (row["steps"], row["decided_at"], row["p"], row["u"]) == (["shortlist"], [20.0], [0.0], [0.25])
    assert (row["won"], row["pending"], row["visits"]) == (False, False, ())
