"""Columns of a small export of leads and one of spend, and what is asked of every export."""

import pytest

from sim.calibrate.columns import Column
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import read_export

LEADS = (
    Column("lead", "key", ("Record ID", "Id"), filled=True),
    Column("first_contact_on", "day", ("Create Date", "created"), filled=True),
    Column("source", "text", ("Original Source",), needed=False),
    Column("won_on", "day", ("Close Date",), needed=False),
    Column("spend", "number", ("Cost",), needed=False),
)
SPEND = (Column("day", "day", ("Date",)), Column("spend", "number", ("Cost",)))


def refusal(path, columns=LEADS, **how):
    """The message of an export that is refused: one line, and no more of a cell than need be."""
    with pytest.raises(ExportError) as caught:
        read_export(path, columns, **how)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def accounted(export):
    return export.rows == len(export.frame) + sum(left.count for left in export.left_out)
