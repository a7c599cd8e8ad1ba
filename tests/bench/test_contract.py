"""What a tool may answer, and the one error that it gets for anything else."""

import pytest

from sim.bench.contract import read_answer
from sim.experiment import ResultsError

GOOD = "world,method,measure,channel,value,low,high,finds\n007,m,weeks,organic_social,5,1,9,1\n007,m,weeks,referrals,2,,,\n"


def read(tmp_path, text):
    path = tmp_path / "answer.csv"
    path.write_text(text, encoding="utf-8")
    return read_answer(path, "007", ("weeks",))


def test_a_good_answer_is_read_as_it_stands(tmp_path):
    found = read(tmp_path, GOOD)
    assert found["value"].tolist() == [5.0, 2.0]
    assert found.loc[0, ["low", "high", "finds"]].tolist() == [1.0, 9.0, 1.0]
    assert found.loc[1, ["low", "high", "finds"]].isna().all()


def test_low_high_and_finds_may_be_left_out(tmp_path):
    assert read(tmp_path, "world,method,measure,channel,value\n007,m,weeks,organic_social,5\n")["low"].isna().all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("value", "amount"), "has no column value; needed are world, method"),
        (GOOD.replace(",5,1,9", ",nan,1,9"), "line 2: value is 'nan'; give a finite number"),
        (GOOD.replace(",5,1,9", ",,1,9"), "line 2: value is ''; give a finite number"),
        (GOOD.replace(",2,,,", ",inf,,,"), "line 3: value is 'inf'; give a finite number"),
        (GOOD.replace("007,m,weeks,ref", "008,m,weeks,ref"), "line 3: world is '008', but the data are of world 007"),
        (GOOD.replace("weeks,organic", "days,organic"), "line 2: measure is 'days'; this world has weeks"),
        (GOOD.replace("organic_social", "social"), "method 'm' has no row for the channel organic_social"),
        (GOOD.replace("5,1,9", "5,1,"), "line 2: high and low go together"),
        (GOOD.replace("5,1,9", "5,9,1"), "line 2: low is above high"),
        (GOOD.replace("9,1\n", "9,2\n"), "line 2: finds is 1 if the tool finds an effect"),
        (GOOD + "007,m,weeks,referrals,3,,,\n", "line 4: channel names a channel of a method twice"),
        (GOOD.splitlines()[0] + "\n", "has no row"),
        ("", "is not a CSV file with a header"),
    ],
)
def test_every_fault_is_one_error_that_says_where_and_what(tmp_path, wrong, said):
    with pytest.raises(ResultsError, match=r"answer\.csv") as error:
        read(tmp_path, wrong)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_no_answer_is_said(tmp_path):
    with pytest.raises(ResultsError, match="wrote no such file"):
        read_answer(tmp_path / "answer.csv", "007", ("weeks",))
