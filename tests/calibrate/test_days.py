import re

import pandas as pd
import pytest

from sim.calibrate.exports import read_export
from tests.calibrate.leads import LEADS, accounted, refusal


def days_of(written, *cells, **how):
    rows = "\n".join(f'{number},"{cell}"' for number, cell in enumerate(cells))
    export = read_export(written(f"id,created\n{rows}\n"), LEADS, **how)
    assert accounted(export)
    return [str(day.date()) for day in export.frame["first_contact_on"]], " | ".join(export.notes)


DAYS = """2018-03-31|2018-03-31 14:02:11|2018-03-31T14:02:11Z|2018-03-31T23:59:11.123456-03:00|2018/3/31|20180331
2018-03-31 14:02:11 +0000|2018-03-31 14:02:11 UTC|31/03/2018|03/31/2018|31.03.2018|31-03-2018|31. 3. 2018|31/03/2018 14:02
3/31/2018, 2:02:11 PM|31 Mar 2018|31-Mar-2018|31 march 2018|Mar 31, 2018|March 31st, 2018|Mar 31, 2018 2:02 p.m.
Sat, 31 Mar 2018 14:02:11 GMT|Mar 31, 2018 at 2:02\u202fPM|43190|43190.58"""


@pytest.mark.parametrize("spelling", re.split(r"[|\n]", DAYS))
def test_spellings_of_a_day(written, spelling):
    days, notes = days_of(written, spelling)
    assert days == ["2018-03-31"]
    assert ("a time of day, which is ignored" in notes) == (":" in spelling)
    assert ("1 serial number of a spreadsheet" in notes) == spelling.startswith("4")


@pytest.mark.parametrize(
    ("spelling", "said"),
    [
        ("31/02/2018", "not a day of the calendar"),
        ("2018-13-01", "not a day of the calendar"),
        ("2019-02-29", "not a day of the calendar"),
        ("13/13/2018", "not a day of the calendar"),
        ("00/05/2018", "not a day of the calendar"),
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
    assert "the day comes before the month, as is usual with dots between them" in notes


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
