import pytest

from sim.experiment import Plan, execute
from sim.experiment.plan import Point
from sim.report.text import words
from sim.scenario import apply
from tests.small import small, small_results


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0.0, "0 EUR"), (12345.6, "12,300 EUR"), (-999.9, "-1,000 EUR"), (7.0, "7 EUR"), (float("nan"), "undefined")],
)
def test_amounts_are_said_to_three_figures(amount, said):
    assert words.money(amount, "EUR") == said


def test_five_sentences_answer_the_first_question(tmp_path):
    said = words.headline(small_results(tmp_path / "run", 3))
    assert len(said.sentences) == 5
    assert "interval" in said.sentences[0]


def test_stop_where_nothing_is_sure_to_pay(tmp_path):
    said = words.headline(small_results(tmp_path / "run", 3, "team.members.community_manager.cost_per_hour=500,900"))
    assert said.is_stop
    assert "every level loses money" in said.sentences[0]


def test_one_world_is_not_an_answer(tmp_path):
    said = words.headline(small_results(tmp_path / "run", 1))
    assert "One world" in said.sentences[0]


def test_a_sure_loss_is_said_to_be_one(tmp_path):
    said = words.headline(small_results(tmp_path / "run", 3, "team.members.community_manager.cost_per_hour=5000,9000"))
    assert "loses money" in said.sentences[0]


def test_what_the_run_off_cuts_is_said(tmp_path):
    kept, cut = (
        words.headline(small_results(tmp_path / f"run{weeks}", 2, f"time.run_off_weeks={weeks}")).sentences[-1]
        for weeks in (500, 3)
    )
    assert "run-off ended before" in cut
    assert "run-off" not in kept


def test_an_empty_market_is_spoken_of_without_undefined_numbers(tmp_path):
    empty = apply(small(), {"market.accounts": 0, "market.customers": 0})
    said = words.headline(execute(Plan("empty", (Point("5 h/week", empty),), 2, 1), tmp_path / "run"))
    assert said.is_stop
    assert "undefined" not in " ".join(said.sentences)
    assert "No buyer draws up a shortlist" in said.sentences[2]
