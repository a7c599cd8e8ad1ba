"""Answers as people write them are read right, or refused with all that is wrong and what would be right."""

import pytest

from sim.intake.answers import QUESTIONS, Now, Person
from sim.intake.reading import answer_to, number_of, read_answers, read_file
from sim.scenario import ScenarioError

BY_KEY = {question.key: question for question in QUESTIONS}

READ = [
    ("deal_value", "18000", 18_000.0),
    ("deal_value", "18,000", 18_000.0),
    ("deal_value", "18.000", 18_000.0),
    ("deal_value", "18 000", 18_000.0),
    ("deal_value", "18\u202f000", 18_000.0),
    ("deal_value", "18'000", 18_000.0),
    ("deal_value", "18,000.50", 18_000.5),
    ("deal_value", "18.000,50", 18_000.5),
    ("deal_value", "1,234,567", 1_234_567.0),
    ("deal_value", "18k", 18_000.0),
    ("deal_value", "1.2 M", 1_200_000.0),
    ("deal_value", "€18,000", 18_000.0),
    ("deal_value", "18 000 EUR", 18_000.0),
    ("margin", "45 %", 0.45),
    ("margin", "45%", 0.45),
    ("margin", "45", 0.45),
    ("margin", "0.45", 0.45),
    ("margin", "0,45", 0.45),
    ("margin", ".45", 0.45),
    ("margin", "0.450", 0.45),
    ("margin", "100 %", 1.0),
    ("renewal_rate", "86", 0.86),
    ("target_accounts", "2.000", 2_000.0),
    ("target_accounts", "2,000", 2_000.0),
    ("deals_per_year", "4.5", 4.5),
    ("deals_per_year", "4,5", 4.5),
    ("cycle_months", "4,5", 4.5),
    ("cycle_months", "4.500", 4.5),
    ("currency", "€", "EUR"),
    ("currency", "jpy", "JPY"),
    ("year", "2026", 2026.0),
    ("deals_per_year", "unknown", None),
    ("deals_per_year", "I don't know", None),
    ("deals_per_year", "?", None),
    ("deals_per_year", "", None),
]
REFUSED = [
    ("deal_value", "eighteen thousand", "is not a number"),
    ("deal_value", "-18000", "is negative"),
    ("deal_value", "0", "is not possible here; give 0.01 to"),
    ("deal_value", "45 %", "is a percentage"),
    ("deal_value", "1,2,3", "is not a number"),
    ("deal_value", "$18,000", "is not in EUR"),
    ("deal_value", "1e400", "is not possible here"),
    ("margin", "145 %", "is not possible here"),
    ("margin", "-5 %", "is negative"),
    ("margin", "1", "1 may be 1 % or all of it; write 1 % or 100 %"),
    ("margin", "€0.45", "is an amount of money"),
    ("renewal_rate", "100 %", "give 0.001 to 0.999"),
    ("target_accounts", "12.5", "is not a whole number"),
    ("target_accounts", "0", "give 1 to 200000"),
    ("cycle_months", "0", "give 0.25 to 60"),
    ("cycle_months", "18k", "is not possible here; give 0.25 to 60"),
    ("year", "26", "give 2000 to 2100"),
    ("year", "2026.5", "is not a year"),
    ("currency", "euro", "is not a currency; give its code of three letters"),
    ("name", "x" * 101, "is not a name"),
]


@pytest.mark.parametrize(("key", "text", "value"), READ)
def test_an_answer_is_read_as_it_is_meant(key, text, value):
    assert answer_to(BY_KEY[key], text, "EUR") == (value if value is None or isinstance(value, str) else pytest.approx(value))


@pytest.mark.parametrize(("key", "text", "fault"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_what_would_be_right(key, text, fault):
    with pytest.raises(ScenarioError) as raised:
        answer_to(BY_KEY[key], text, "EUR")
    assert fault in str(raised.value)
    assert "; " in str(raised.value), "a remedy follows"


def test_an_amount_of_which_nobody_knows_the_currency_is_taken_as_it_stands():
    assert number_of("$18,000", BY_KEY["deal_value"]) == 18_000.0
    assert number_of("$18,000", BY_KEY["deal_value"], "USD") == 18_000.0


def test_a_file_of_answers_keeps_numbers_as_they_are_written(tmp_path):
    file = tmp_path / "answers.yaml"
    file.write_text(
        "name: Her Firm\nyear: 2026\ncurrency: EUR\ntarget_accounts: 2.000\ndeals_per_year: 45\ndeal_value: 18.000\n"
        "margin: 70 %\ncustomers: unknown\nrenewal_rate: 86\ncycle_months: 4,5\n"
        "people:\n  - {name: Anna, hours: 8, cost_per_hour: 60}\n  - {name: Ben, hours: 4}\n"
        "channels: [LinkedIn, blog]\nnow: {hours: 2, followers: 1 200, months: 18}\n",
        encoding="utf-8",
    )
    found = read_file(file)
    assert (found.name, found.year, found.currency, found.target_accounts) == ("Her Firm", 2026, "EUR", 2000)
    assert (found.deals_per_year, found.deal_value, found.margin, found.customers) == (45.0, 18_000.0, pytest.approx(0.7), None)
    assert (found.renewal_rate, found.cycle_months) == (pytest.approx(0.86), 4.5)
    assert found.people == (Person("Anna", 8.0, 60.0), Person("Ben", 4.0, None))
    assert found.channels == ("linkedin", "blog")
    assert found.now == Now(2.0, 1200.0, 18.0)
    assert read_file(file, {"deals_per_year": "50"}).deals_per_year == 50.0, "an option stands above the file"


def test_all_that_is_wrong_is_said_at_once_each_at_its_line(tmp_path):
    file = tmp_path / "answers.yaml"
    file.write_text(
        "name: Her Firm\ndeals: 45\ndeal_value: lots\nmargin: 145 %\npeople: [{name: Anna, hours: 80}, 7]\n"
        "channels: [linkdin]\ntarget_accounts: 10\ncustomers: 20\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as raised:
        read_file(file)
    lines = str(raised.value).splitlines()
    assert [line.removeprefix(f"{file}:").partition(":")[0] for line in lines] == ["2", "3", "4", "5", "5", "6", "8"]
    assert "did you mean deals_per_year?" in lines[0]
    assert "did you mean linkedin?" in lines[5]
    assert "20 customers are more than the 10 target_accounts" in lines[6]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({}, "the company needs a name"),
        ({"name": "x", "people": "Anna"}, "is not a list of at most 50 people"),
        ({"name": "x", "people": [{"name": "a"}, {"name": "a"}]}, "two people are called a"),
        ({"name": "x", "people": [{"name": "hire_1"}]}, "people.0.name: hire_1 is what a colleague is called who is hired"),
        ({"name": "x", "channels": {"blog": 1}}, "is not a list"),
        ({"name": "x", "channels": ["blog", "Blog"]}, "a channel is there twice"),
        ({"name": "x", "now": 5}, "is not a mapping"),
        ({"name": ["x"]}, "is not an answer"),
        ({"name": "x", "currency": "JPY"}, "what is usual is known in euros and the like, not in JPY"),
    ],
)
def test_what_does_not_fit_is_refused(data, fault):
    with pytest.raises(ScenarioError, match=fault):
        read_answers(data)


def test_an_amount_that_is_refused_is_not_missed_as_well():
    with pytest.raises(ScenarioError) as raised:
        read_answers(
            {"name": "x", "currency": "JPY", "deal_value": "lots", "people": [{"name": "a", "cost_per_hour": "little"}]}
        )
    assert [one.key for one in raised.value.each()] == ["deal_value", "people.0.cost_per_hour"]


def test_one_name_is_enough():
    found = read_answers({"name": "x"})
    assert (found.currency, found.deals_per_year, found.people, found.channels) == ("EUR", None, (), ())
