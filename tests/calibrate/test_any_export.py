import csv
import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calibrate.columns import Column
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import read_export, without_duplicates
from tests.calibrate.leads import LEADS, accounted

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)


def read_or_refused(path, columns):
    """The export, or None if it is refused in one line."""
    try:
        return read_export(path, columns)
    except ExportError as error:
        message = str(error)
    assert "\n" not in message
    return None


FILES = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FILES
@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_whatever_is_in_a_file_it_is_accounted_for_or_refused(tmp_path, rows):
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["id", "source", "note"], *rows])
    export = read_or_refused(path, (Column("lead", "key", ("id",), filled=True), Column("source", "text")))
    if export is not None:
        assert export.rows == len(rows)
        assert accounted(export)
        assert accounted(without_duplicates(export, "lead", {}))


@FILES
@given(content=st.binary(max_size=200) | CELLS.map(lambda text: ("id,created,cost\n" + text).encode()))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    export = read_or_refused(path, LEADS)
    assert export is None or accounted(export)


DAY_SPELLINGS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y-%m-%dT14:02:11Z",
    "%d/%m/%Y 14:02",
)
NUMBER_SPELLINGS = {
    "plain": repr,
    "english": lambda number: f"{number:,.2f}",
    "german": lambda number: f"{number:,.2f}".translate(str.maketrans(",.", ".,")),
    "french": lambda number: f"{number:,.2f} €".translate(str.maketrans(",.", "\u00a0,")),
    "share": lambda number: f"{100 * number:.2f} %",
}
ROWS = st.lists(
    st.tuples(
        st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)),
        st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)),
        st.none() | st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    ),
    max_size=20,
)


FRAGMENTS = [
    "0",
    "1",
    "7",
    "12",
    "31",
    "2018",
    "000",
    ".",
    ",",
    " ",
    "-",
    "/",
    ":",
    "(",
    ")",
    "%",
    "€",
    "EUR",
    "e",
    "Mar",
    "T",
    "Z",
    "+",
    "\u00a0",
]


@FILES
@given(cells=st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join), min_size=2, max_size=6))
def test_what_nearly_is_a_day_or_number_is_read_or_refused(tmp_path, cells):
    path = tmp_path / "any.csv"
    for kind in ("day", "number"):
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([["id", "what"], *([key, cell] for key, cell in enumerate(cells))])
        export = read_or_refused(path, (Column("id", "key"), Column("what", kind)))
        assert export is None or accounted(export)


@FILES
@given(
    rows=ROWS,
    day=st.sampled_from(DAY_SPELLINGS),
    number=st.sampled_from(sorted(NUMBER_SPELLINGS)),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_what_is_written_in_any_spelling_reads_back_the_same(tmp_path, rows, day, number, delimiter, encoding):
    rows = [(dt.date(2018, 3, 31), dt.date(2018, 3, 31), 0.25), *rows]  # settles the order of the days
    path = tmp_path / "leads.csv"
    with path.open("w", newline="", encoding=encoding) as stream:
        out = csv.writer(stream, delimiter=delimiter)
        out.writerow(["Record ID", "Create Date", "Close Date", "Cost"])
        for key, (first, won, spend) in enumerate(rows):
            out.writerow(
                [
                    f"k{key}",
                    first.strftime(day),
                    won.strftime(day) if won else "",
                    "" if spend is None else NUMBER_SPELLINGS[number](spend),
                ]
            )
    export = read_export(path, LEADS)
    frame = export.frame
    assert frame["lead"].tolist() == [f"k{key}" for key in range(len(rows))]
    assert frame["row"].tolist() == list(range(2, len(rows) + 2))
    assert [moment.date() for moment in frame["first_contact_on"]] == [first for first, _, _ in rows]
    assert [None if pd.isna(moment) else moment.date() for moment in frame["won_on"]] == [won for _, won, _ in rows]
    read = [None if math.isnan(value) else value for value in frame["spend"]]
    assert read == [None if spend is None else pytest.approx(spend, abs=1e-9) for *_, spend in rows]
    assert accounted(export)
