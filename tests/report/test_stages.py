"""A plan in stages on the first screen of a report, in both languages, and only beside results of its scenario."""

from dataclasses import replace

import pytest

import sim
from sim.analysis import stages as kept
from sim.experiment import ResultsError, execute
from sim.experiment.staging import Staged, Stages
from sim.experiment.statistics import Estimate
from sim.experiment.ways import OfWay
from sim.report.answers.stages import said, sentences
from sim.report.html import report
from sim.report.text.translation import told_in
from sim.scenario import apply
from tests.small import short, short_plan

PLAN = Stages(5.0, 1, "followers", 110.0, 20.0, 0.0)


def way(hours, mean):
    return OfWay(hours, *(Estimate(mean * times, mean * times - 9.0, mean * times + 9.0) for times in (1.0, 2.0, -1.0, 0.5)))


FOUND = Staged(
    plan=PLAN, against=20.0, gain=Estimate(4000.0, 1000.0, 7000.0), saved=Estimate(12000.0, 11000.0, 13000.0),
    reached=Estimate(0.6, 0.5, 0.7), ways=(way(0.0, 0.0), way(5.0, 1000.0), way(20.0, 30_000.0), way(None, 34_000.0)),
    expected=33_000.0, searched=60, sets=120, effective_sets=70.0, belief=0.4, seed=1,
)  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return execute(short_plan(2), tmp_path_factory.mktemp("levels") / "run")


def test_the_first_screen_has_the_plan_in_both_languages(held, tmp_path, leave_questions):
    leave_questions(1)
    assert kept.stored(held) is None
    kept.keep(held, FOUND)
    assert kept.stored(held) == FOUND
    for language, begins in (
        ("en", "Begin at 5 h/week for 1 quarter. If fewer than 110 followers from target accounts are there by then, stop"),
        ("fr", "Commencez à 5 h/semaine pendant 1 trimestre. S’il y a alors moins de 110 abonnés des comptes cibles, arrêtez"),
    ):
        with told_in(language):
            report.write([held], tmp_path / f"{language}.html")
        first_screen = (tmp_path / f"{language}.html").read_text(encoding="utf-8").split("<nav")[0]
        assert begins in first_screen.replace("\u00a0", " ")
        assert "<svg" in first_screen or "data:image" in first_screen, "the figure"
    assert sim.read(held.folder).answer().to_dict()["stages"]["plan"]["at_least"] == 110.0


def test_sentences_say_whether_it_is_worth_it():
    gain = list(sentences(FOUND, "EUR"))[1]
    assert "returns 4,000 EUR more than 20 h/week throughout" in gain
    assert "costs 12,000 EUR less" in gain
    unclear = list(sentences(replace(FOUND, gain=Estimate(-500.0, -2000.0, 1000.0)), "EUR"))[1]
    assert "cannot be told from 20 h/week throughout" in unclear
    assert "the difference is -500 EUR (90 % interval -2,000 to 1,000 EUR)" in unclear.replace("\u00a0", " ")
    worse = list(sentences(replace(FOUND, gain=Estimate(-5000.0, -7000.0, -1000.0)), "EUR"))[1]
    assert worse.startswith("Do not follow it")
    assert not any("too few" in one for one in sentences(FOUND, "EUR"))
    assert any("too few" in one for one in sentences(replace(FOUND, effective_sets=12.0), "EUR"))


def test_a_plan_that_does_not_look_says_so():
    assert said(Stages(20.0, 2, "followers", 0.0, 40.0, 40.0)) == (
        "Begin at 20 h/week for 2 quarters. Then go to 40 h/week, whatever is seen: no sign was found worth going by."
    )


def test_results_of_another_scenario_do_not_get_the_plan(held):
    other = apply(short(), {"sales.margin": 0.4}).replace(name="another")
    with pytest.raises(ResultsError, match="is of the scenario 'small', not of 'another'"):
        sim.plan(other, levels=[5], looks=[1], members=16, beside=held.folder)
