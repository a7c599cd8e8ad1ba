import pytest

from sim.calibrate.columns import Column
from sim.calibrate.exports import read_export
from tests.calibrate.leads import SPEND, accounted, refusal


def numbers_of(written, *cells, delimiter=",", **how):
    rows = "\n".join(f'2018-01-31{delimiter}"{cell}"' for cell in cells)
    export = read_export(written(f"date{delimiter}cost\n{rows}\n"), SPEND, **how)
    assert accounted(export)
    return export.frame["spend"].tolist(), " | ".join(export.notes)


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
        "1,234,56",
        "1.2.3",
        "1,234.567.8",
        "12 34",
        "(5",
        "--5",
        "5 NEW",
        "€5 USD",
        "=1+1",
        "inf",
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
    assert "the comma in '1,234' in row 2 and the like is taken as a thousands separator" in notes
    assert numbers_of(written, "1.234", decimal=".")[0] == [1.234]
    assert numbers_of(written, "1.234", delimiter=";")[0] == [1234]
    assert numbers_of(written, "1.234", decimal=",")[0] == [1234]
    assert numbers_of(written, "1,234", decimal=",")[0] == [1.234]


def test_points_before_three_digits_throughout_are_asked_about(written):
    """3.100 in a file with commas between cells may be three or three thousand."""
    message = refusal(written("date,cost\n2018-01-31,3.100\n2018-01-31,12.500\n2018-01-31,900\n"), SPEND)
    assert "row 2, column 'cost': '3.100' may have thousands or decimals after its point" in message
    assert "say which with --decimal ," in message
    assert numbers_of(written, "3.100", "0.25")[0] == [3.1, 0.25]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,23,456", 123_456), ("12,34,56,789.50", 123_456_789.5), ("10K", 10_000), ("1.2K", 1_200), ("1,5 Mio. €", 1_500_000),
        ("€ 2.5M", 2_500_000), ("3 Tsd", 3_000), ("1.5 bn", 1.5e9), ("2 lakh", 200_000), ("10 kr", 10), ("-3k", -3_000),
    ],
)  # fmt: skip
def test_groups_of_two_and_letters_for_thousands(written, cell, value):
    numbers, notes = numbers_of(written, cell)
    assert numbers == [pytest.approx(value)]
    assert ("is read as times" in notes) == any(letter in cell for letter in "KkMTl" if "kr" not in cell) or "bn" in cell


def test_a_separator_that_is_asked_for_cannot_contradict_the_file(written):
    message = refusal(written('date,cost\n2018-01-31,"1,5"\n'), SPEND, decimal=".")
    assert "row 2, column 'cost': '1,5' cannot have '.' before its decimals" in message


def test_other_columns_of_the_file_tell_the_separator(written):
    columns = (*SPEND, Column("views", "number"))
    export = read_export(written('date,cost,views\n2018-01-31,"12,50",1.234\n'), columns)
    assert export.frame["views"].tolist() == [1234]
    assert "as the other columns of numbers show" in " ".join(export.notes)


def test_currencies_and_shares_are_said(written):
    notes = numbers_of(written, "€5", "6")[1]
    assert "column 'cost': amounts in EUR" in notes
    assert "1 cell without a currency is taken to be in EUR too" in notes
    assert "percentages read as shares" in numbers_of(written, "5 %", "0")[1]


def test_a_long_cell_costs_no_time(written):
    """Patterns with many optional blanks would try each way to share out these."""
    assert "is not a number" in refusal(written(f"date,cost\n2018-01-31,-{' ' * 100_000}x\n"), SPEND)
