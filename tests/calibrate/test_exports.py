import csv
import datetime as dt
import math
import os
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calibrate.columns import Column
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import read_export, without_duplicates

LEADS = (
    Column("lead", "key", ("Record ID", "Id"), filled=True),
    Column("first_contact_on", "day", ("Create Date", "created"), filled=True),
    Column("source", "text", ("Original Source",), needed=False),
    Column("won_on", "day", ("Close Date",), needed=False),
    Column("spend", "number", ("Cost",), needed=False),
)
SPEND = (Column("day", "day", ("Date",)), Column("spend", "number", ("Cost",)))


@pytest.fixture
def written(tmp_path):
    def write(content, name="leads.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


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


def days_of(written, *cells, **how):
    rows = "\n".join(f'{number},"{cell}"' for number, cell in enumerate(cells))
    export = read_export(written(f"id,created\n{rows}\n"), LEADS, **how)
    assert accounted(export)
    return [str(day.date()) for day in export.frame["first_contact_on"]], " | ".join(export.notes)


def numbers_of(written, *cells, delimiter=",", **how):
    rows = "\n".join(f'2018-01-31{delimiter}"{cell}"' for cell in cells)
    export = read_export(written(f"date{delimiter}cost\n{rows}\n"), SPEND, **how)
    assert accounted(export)
    return export.frame["spend"].tolist(), " | ".join(export.notes)


def test_a_clean_export(written):
    export = read_export(
        written("Id,Create Date,Original Source,Close Date\n1,2018-01-31,email,\n2,2018-02-01,,2018-03-01\n"), LEADS
    )
    frame = export.frame
    assert frame["lead"].tolist() == ["1", "2"]
    assert frame["row"].tolist() == [2, 3]
    assert frame["first_contact_on"].tolist() == [pd.Timestamp(2018, 1, 31), pd.Timestamp(2018, 2, 1)]
    assert frame["won_on"].isna().tolist() == [True, False]
    assert frame["source"].isna().tolist() == [False, True]
    assert frame["spend"].isna().all()
    assert [str(frame[name].dtype)[:10] for name in ("first_contact_on", "won_on")] == ["datetime64"] * 2
    assert frame["spend"].dtype == np.float64
    assert (export.rows, export.left_out, export.notes) == (2, (), ())
    assert export.found["first_contact_on"] == "Create Date"
    assert "spend" not in export.found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is nothing in it"),
        (b" \n\n", "there is nothing in it"),
        (b"id,created\n", "a header and no rows"),
        (b"id,created\n,\n\n", "a header and no rows"),
        (b"id,created\n,2018-01-31\n", r"no row is left: 1 row left out: no lead \(row 2\)"),
        (b"PK\x03\x04rest", "an Excel workbook .*save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"id,created\n\x00\x01\x02", r"not text \(zero bytes near line 2\)"),
        (b"\x01\x02,\x03\n1,2\n", "first row is not a header"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"id,created\n\x81\x8d,2018-01-31\n", r"not text in UTF-8, UTF-16 or Windows-1252 \(near line 2\)"),
        (b"\xff\xfei\x00d\x00,", "not text"),
        (b'id,created\n1,2018-01-31\n"2,2018-01-31\n', r"row 3: its quotes are amiss"),
        (b'id,created\n1,2018-01-31\n"2"x,2018-01-31\n', r"row 3: its quotes are amiss"),
    ],
)
def test_what_is_no_table_is_refused(written, content, said):
    assert re.search(said, refusal(written(content)))


def test_files_that_are_not_there(tmp_path, written):
    written("id,created\n1,2018-01-31\n", "leads.csv")
    assert "did you mean" in refusal(tmp_path / "leds.csv")
    assert "there is no folder" in refusal(tmp_path / "nowhere" / "leads.csv")
    assert "this is a folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a pipe or a device" in refusal(tmp_path / "pipe.csv")
    with pytest.raises(ExportError, match="no name of a file"):
        read_export("leads\0.csv", LEADS)


TABLE = "id,created,source\n1,2018-01-31,Zoë\n"


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("cp1252", "read as Windows-1252")]
)
def test_encodings(written, encoding, said):
    export = read_export(written(TABLE, encoding=encoding), LEADS)
    assert export.frame["source"].tolist() == ["Zoë"]
    assert said in " ".join(export.notes)
    assert bool(export.notes) == bool(said)


@pytest.mark.parametrize(("delimiter", "said"), [(",", ""), (";", "semicolons"), ("\t", "tabs")])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_delimiters_and_ends_of_lines(written, delimiter, said, ends):
    table = TABLE.replace(",", delimiter).replace("source", '"source, a;b' + '\t"').replace("\n", ends)
    export = read_export(written(table), LEADS[:2])
    assert export.frame["lead"].tolist() == ["1"]
    assert said in export.notes[0]


def test_what_stands_above_the_header(written):
    export = read_export(written("sep=;\nid;created\n1;2018-01-31\n"), LEADS)
    assert export.frame["row"].tolist() == [2]
    export = read_export(written("# Report\n# of leads\n\nid,created\n1,2018-01-31\n"), LEADS)
    assert export.frame["row"].tolist() == [5]
    assert "3 lines above the header" in export.notes[0]
    assert read_export(written("#,created\n1,2018-01-31\n"), LEADS, {"lead": "#"}).frame["lead"].tolist() == ["1"]


def test_rows_longer_or_shorter_than_the_header(written):
    assert "row 3: 3 cells where the header has 2 ('x' is too many)" in refusal(
        written("id,created\n1,2018-01-31\n2,2018-01-31,x\n")
    )
    export = read_export(written("id,created,source\n1,2018-01-31\n2,2018-01-31,a,,\n\n;\n"), LEADS)
    assert export.frame["source"].isna().tolist() == [True, False]
    notes = " ".join(export.notes)
    assert "2 rows have fewer cells than the header, the rest is empty (rows 2, 5)" in notes
    assert "1 rows end with empty cells beyond the header (row 3)" in notes
    assert [str(left) for left in export.left_out] == [
        "1 row left out: nothing in any cell (row 4)",
        "1 row left out: no first_contact_on (row 5)",
    ]
    assert accounted(export)


def test_rows_are_those_of_a_spreadsheet_whatever_the_cells_hold(written):
    export = read_export(written('id,source,created\n1,"two\nlines",2018-01-31\n2,x,2018-01-31\n'), LEADS)
    assert export.frame["row"].tolist() == [2, 3]
    assert "row 3, column 'created': 'never'" in refusal(written('id,source,created\n1,"two\nlines",2018-01-31\n2,x,never\n'))


@pytest.mark.parametrize("empty", ["", " ", "NULL", "null", "N/A", "-", "None", "–"])
def test_spellings_of_nothing(written, empty):
    export = read_export(written(f"id,created,source,won_on,cost\n1,2018-01-31,{empty},{empty},{empty}\n{empty},,,,\n"), LEADS)
    assert export.frame[["source", "won_on", "spend"]].isna().all(axis=None)
    assert accounted(export)


DAYS = """2018-03-31|2018-03-31 14:02:11|2018-03-31T14:02:11Z|2018-03-31T23:59:11.123456-03:00|2018/3/31|20180331
2018-03-31 14:02:11 +0000|2018-03-31 14:02:11 UTC|31/03/2018|03/31/2018|31.03.2018|31-03-2018|31. 3. 2018|31/03/2018 14:02
3/31/2018, 2:02:11 PM|31 Mar 2018|31-Mar-2018|31 march 2018|Mar 31, 2018|March 31st, 2018|Mar 31, 2018 2:02 p.m.
Sat, 31 Mar 2018 14:02:11 GMT|Mar 31, 2018 at 2:02\u202fPM|43190|43190.58"""


@pytest.mark.parametrize("spelling", re.split(r"[|\n]", DAYS))
def test_spellings_of_a_day(written, spelling):
    days, notes = days_of(written, spelling)
    assert days == ["2018-03-31"]
    assert ("times of day left aside" in notes) == (":" in spelling)
    assert ("serial numbers of a spreadsheet" in notes) == spelling.startswith("4")


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("31/02/2018", "no day of the calendar"),
        ("2018-13-01", "no day of the calendar"),
        ("2019-02-29", "no day of the calendar"),
        ("13/13/2018", "no day of the calendar"),
        ("00/05/2018", "no day of the calendar"),
        ("1989-12-31", "not a day of 1990 to 2100"),
        ("2101-01-01", "not a day of 1990 to 2100"),
        ("20000", "not a day of 1990 to 2100"),
        ("31/03/18", "year of two digits"),
        ("31 Mar 18", "year of two digits"),
        ("soon", "is not a day"),
        ("31/03-2018", "is not a day"),
        ("2018-03-31 25:61", "is not a day"),
        ("=TODAY()", "is not a day"),
    ],
)
def test_what_is_no_day_is_refused_with_its_row(written, spelling, said):
    message = refusal(written(f'id,created\n1,2018-01-31\n2,"{spelling}"\n3,"{spelling}"\n'))
    assert f"row 3, column 'created': '{spelling}'" in message
    assert said in message
    assert "(the like in row 4)" in message


def test_the_order_of_day_and_month_is_that_of_the_whole_column(written):
    assert days_of(written, "3/5/2018", "31/5/2018")[0] == ["2018-05-03", "2018-05-31"]
    assert days_of(written, "3/5/2018", "5/31/2018")[0] == ["2018-03-05", "2018-05-31"]
    assert days_of(written, "3/5/2018", day_order="mdy")[0] == ["2018-03-05"]
    assert days_of(written, "3/5/2018", day_order="dmy")[0] == ["2018-05-03"]
    assert days_of(written, "5/5/2018") == (["2018-05-05"], "")
    days, notes = days_of(written, "3.5.2018")
    assert days == ["2018-05-03"]
    assert "the day comes before the month, as is usual where dots part them" in notes


def test_an_order_that_cannot_be_told_or_contradicts_itself_is_refused(written):
    message = refusal(written("id,created\n1,5/5/2018\n2,3/5/2018\n"))
    assert "row 3, column 'created': '3/5/2018' may have the day or the month first" in message
    assert "--day-order dmy" in message
    mixed = written("id,created\n1,31/5/2018\n2,5/5/2018\n3,5/31/2018\n")
    assert "mixed date orders: '31/5/2018' in row 2 has the day first, '5/31/2018' in row 4 the month" in refusal(mixed)
    assert "cannot be of the order mdy" in refusal(written("id,created\n1,31/5/2018\n"), day_order="mdy")


def test_other_columns_of_the_file_tell_the_order(written):
    export = read_export(written("id,created,won_on\n1,3/5/2018,6/20/2018\n"), LEADS)
    assert export.frame["first_contact_on"].tolist() == [pd.Timestamp(2018, 3, 5)]
    assert "as in the other columns of days" in " ".join(export.notes)


NUMBERS = {
    1234.56: "1234.56|1,234.56|1.234,56|1 234,56|1\u00a0234,56|1'234.56|$1,234.56|1.234,56 €|EUR 1,234.56",
    1234567.0: "1,234,567|1.234.567|1\u202f234\u202f567|1234567",
    1234.0: "1.234e3|1,234E+03|1234.|1,234.0",
    0.125: "0,125|0.125|.125|12.5%|12,5 %|1.25e-1",
    -5.0: "-5|−5|-£5|£-5|($5.00)|- 5 USD|(5)",
    7.0: "7|007|+7|7 €|€7|R$ 7",
    0.0: "0|0.00|0 %",
}


@pytest.mark.parametrize(("number", "cell"), [(number, cell) for number, cells in NUMBERS.items() for cell in cells.split("|")])
def test_spellings_of_a_number(written, number, cell):
    assert numbers_of(written, cell)[0] == [pytest.approx(number, rel=1e-12)]


@pytest.mark.parametrize(
    "cell",
    [
        "many",
        "1,23,456",
        "1.2.3",
        "1,234.567.8",
        "12 34",
        "(5",
        "--5",
        "5 NEW",
        "€5 USD",
        "=1+1",
        "inf",
        "1.2K",
        ".",
        ",",
        "0,125,000",
    ],
)
def test_what_is_no_number_is_refused_with_its_row(written, cell):
    message = refusal(written(f'date,cost\n2018-01-31,5\n2018-01-31,"{cell}"\n'), SPEND)
    assert f"row 3, column 'cost': '{cell}' is not a number" in message


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("1.5", "7", "1,5"), "mixed decimal separators: '1.5' in row 2 and '1,5' in row 4"),
        (("1,234", "1.234"), "thousands or decimals cannot be told apart: '1,234' in row 2 and '1.234' in row 3"),
        (("€5", "$5"), "mixed currencies: '€5' in row 2 and '$5' in row 3"),
        (("5 %", "0", "5"), "percentages mixed with plain numbers: '5 %' in row 2 and '5' in row 4"),
        (("1", "1e999"), "row 3, column 'cost': '1e999' is too large"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(written, cells, said):
    rows = "\n".join(f'2018-01-31,"{cell}"' for cell in cells)
    assert said in refusal(written(f"date,cost\n{rows}\n"), SPEND)


def test_separators_are_settled_for_the_whole_column(written):
    assert numbers_of(written, "1,234", "2,500.5") == ([1234, 2500.5], "")
    assert numbers_of(written, "1,234", "2,5") == ([1.234, 2.5], "column 'cost': decimal commas")
    numbers, notes = numbers_of(written, "1,234", "12,000", "7")
    assert numbers == [1234, 12000, 7]
    assert "the comma in '1,234' in row 2 and the like taken to part thousands" in notes
    numbers, notes = numbers_of(written, "1.234")
    assert numbers == [1.234]
    assert "the point in '1.234' in row 2 and the like taken to part decimals" in notes
    assert numbers_of(written, "1.234", delimiter=";")[0] == [1234]
    assert numbers_of(written, "1.234", decimal=",")[0] == [1234]
    assert numbers_of(written, "1,234", decimal=",")[0] == [1.234]


def test_a_separator_that_is_asked_for_cannot_contradict_the_file(written):
    message = refusal(written('date,cost\n2018-01-31,"1,5"\n'), SPEND, decimal=".")
    assert "row 2, column 'cost': '1,5' cannot have '.' before its decimals" in message


def test_other_columns_of_the_file_tell_the_separator(written):
    columns = (*SPEND, Column("views", "number"))
    export = read_export(written('date,cost,views\n2018-01-31,"12,50",1.234\n'), columns)
    assert export.frame["views"].tolist() == [1234]
    assert "as the other columns of numbers show" in " ".join(export.notes)


def test_currencies_and_shares_are_said(written):
    assert "amounts in EUR; 1 cells without a sign taken for the same" in numbers_of(written, "€5", "6")[1]
    assert "percentages read as shares" in numbers_of(written, "5 %", "0")[1]


def test_repeated_rows(written):
    table = "id,created,note\n1,2018-01-31,a\n1,2018-01-31,b\n1,2018-01-31,a\n"
    export = read_export(written(table), LEADS)
    assert export.frame["row"].tolist() == [2, 3]
    assert str(export.left_out[0]) == "1 row left out: the same as an earlier row in every column (row 4)"
    keyless = read_export(written("date,cost\n2018-01-31,5\n2018-01-31,5\n"), SPEND)
    assert len(keyless.frame) == 2
    assert "1 rows are the same as an earlier one and kept" in keyless.notes[0]


def test_rows_of_one_key_are_joined_as_the_caller_says(written):
    table = (
        "id,created,source,won_on,cost\n7,2018-02-01,late,2018-03-02,1\n8,2018-01-01,a,,\n"
        "7,2018-01-31,early,,2\n7,2018-02-02,,2018-03-01,\n"
    )
    export = read_export(written(table), LEADS)
    whole = without_duplicates(
        export, "lead", {"first_contact_on": "min", "won_on": "min", "spend": "sum"}, order_by="first_contact_on"
    )
    first, second = whole.frame.to_dict("records")
    assert first == {
        "row": 2,
        "lead": "7",
        "first_contact_on": pd.Timestamp(2018, 1, 31),
        "source": "early",
        "won_on": pd.Timestamp(2018, 3, 1),
        "spend": 3.0,
    }
    assert second["lead"] == "8"
    assert math.isnan(second["spend"])
    assert (whole.frame.dtypes == export.frame.dtypes).all()
    assert str(whole.left_out[0]) == "2 rows left out: joined with an earlier row of the same lead (rows 4, 5)"
    assert whole.notes[-1].startswith("1 of lead stand in several rows, 3 in all, joined into one each; they differ in ")
    assert "source (1)" in whole.notes[-1]
    assert accounted(whole)
    assert without_duplicates(whole, "lead", {}) is whole


def test_rows_without_a_key_are_not_joined(written):
    columns = (Column("lead", "key"), Column("channel", "key"), Column("spend", "number"))
    export = read_export(written("lead,channel,spend\n,a,1\n,a,2\n1,a,3\n1,a,4\n1,b,5\n"), columns)
    whole = without_duplicates(export, ("lead", "channel"), {"spend": "max"})
    assert whole.frame["spend"].tolist() == [1, 2, 4, 5]
    assert whole.frame["row"].tolist() == [2, 3, 4, 6]
    assert accounted(whole)


def test_rows_may_be_left_out_and_are_counted(written):
    export = read_export(written("id,created\n" + "".join(f"{n},2018-01-{n}\n" for n in range(10, 20))), LEADS)
    left = export.without(export.frame["first_contact_on"] > "2018-01-12", "after the evening")
    assert str(left.left_out[0]) == "7 rows left out: after the evening (rows 5, 6, 7, 8, 9, ...)"
    assert accounted(left)
    assert left.frame.index.tolist() == [0, 1, 2]
    assert export.without(np.zeros(10, bool), "none") is export


def test_formulas_are_text(written):
    export = read_export(written('id,created,source\n"=1+1",2018-01-31,@cmd\n-2,2018-01-31,fine\n'), LEADS)
    assert export.frame["lead"].tolist() == ["=1+1", "-2"]
    assert "column 'id': 2 cells begin with one of = + - @ and are text, never computed (rows 2, 3)" in export.notes
    assert any("column 'source': 1 cells begin" in note for note in export.notes)


def test_keys_that_a_spreadsheet_shortened_are_pointed_out(written):
    export = read_export(written("id,created\n1.23E+12,2018-01-31\n"), LEADS)
    assert "1 keys look shortened by a spreadsheet" in export.notes[0]


def test_messages_are_short_and_on_one_line_whatever_the_cells_hold(written):
    message = refusal(written(f'id,created\n1,"{"x" * 5000}"\n'))
    assert len(message) < 400
    refusal(written('id,created\n1,"a\n\x1b[31mb"\n'))


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
