import math
import os
import re

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.columns import Column
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import read_export, without_duplicates
from tests.calibrate.leads import LEADS, SPEND, accounted, refusal


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
        (b'id,created\n1,2018-01-31\n"2,2018-01-31\n', r"row 3: malformed quoting"),
        (b'id,created\n1,2018-01-31\n"2"x,2018-01-31\n', r"row 3: malformed quoting"),
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
    with pytest.raises(ExportError, match="not a file name"):
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


def test_a_title_above_the_header_is_left_aside_and_named(written):
    title = '"All leads, 2018\nMade by the CRM";;\n;;\n'
    export = read_export(written(title + "id;created;source\n1;2018-01-31;email\n"), LEADS)
    assert export.frame["row"].tolist() == [4]
    assert any("'All leads, 2018' and everything else above row 3 is ignored" in note for note in export.notes)


def test_a_header_that_names_a_column_is_one_whatever_stands_below(written):
    assert "no column for first_contact_on" in refusal(written("id,thing\ncreated,source\n1,2\n"))


def test_rows_longer_or_shorter_than_the_header(written):
    assert "row 3: 3 cells where the header has 2 ('x' is too many)" in refusal(
        written("id,created\n1,2018-01-31\n2,2018-01-31,x\n")
    )
    export = read_export(written("id,created,source\n1,2018-01-31\n2,2018-01-31,a,,\n\n;\n"), LEADS)
    assert export.frame["source"].isna().tolist() == [True, False]
    notes = " ".join(export.notes)
    assert "2 rows have fewer cells than the header; the rest is taken as empty (rows 2, 5)" in notes
    assert "1 row ends with empty cells beyond the header (row 3)" in notes
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


def test_repeated_rows(written):
    table = "id,created,note\n1,2018-01-31,a\n1,2018-01-31,b\n1,2018-01-31,a\n"
    export = read_export(written(table), LEADS)
    assert export.frame["row"].tolist() == [2, 3]
    assert str(export.left_out[0]) == "1 row left out: the same as an earlier row in every column (row 4)"
    keyless = read_export(written("date,cost\n2018-01-31,5\n2018-01-31,5\n"), SPEND)
    assert len(keyless.frame) == 2
    assert "1 row is the same as an earlier one and is kept" in keyless.notes[0]


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
    assert whole.notes[-1].startswith("1 value of lead is in several rows, 3 in all, joined into one; they differ in ")
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


def test_a_sum_of_nothing_known_is_not_known(written):
    export = read_export(
        written("lead,spend,note\n1,,a\n1,,b\n2,,a\n2,0,b\n"), (Column("lead", "key"), Column("spend", "number"))
    )
    assert without_duplicates(export, "lead", {"spend": "sum"}).frame["spend"].isna().tolist() == [True, False]


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
    assert any("column 'source': 1 cell begins" in note for note in export.notes)


def test_keys_that_a_spreadsheet_shortened_are_pointed_out(written):
    export = read_export(written("id,created\n1.23E+12,2018-01-31\n"), LEADS)
    assert "1 key looks shortened by a spreadsheet" in export.notes[0]


def test_messages_are_short_and_on_one_line_whatever_the_cells_hold(written):
    message = refusal(written(f'id,created\n1,"{"x" * 5000}"\n'))
    assert len(message) < 400
    refusal(written('id,created\n1,"a\n\x1b[31mb"\n'))
