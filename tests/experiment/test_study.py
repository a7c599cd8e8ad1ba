import pytest

import sim
from sim.analysis import ignorance
from sim.experiment import ResultsError
from sim.experiment.study import load_study
from sim.scenario import ScenarioError
from tests.places import SCENARIOS
from tests.small import SHORT_YAML, SMALL_YAML


def test_the_shipped_study_has_eight_levels_of_thirty_worlds():
    plan = load_study(SCENARIOS / "studies" / "hours.yaml")
    assert [point.label for point in plan.points] == [f"{hours} h/week" for hours in range(5, 45, 5)]
    assert (plan.replications, plan.seed) == (30, 1)


def test_levels_differ_in_their_hours_alone():
    scenarios = [point.scenario for point in load_study(SCENARIOS / "studies" / "hours.yaml").points]
    same = [one.replace(name="same", team=one.team.model_copy(update={"hours_per_week": 1.0})) for one in scenarios]
    assert len({one.content_hash() for one in same}) == 1


def test_a_study_that_asks_for_sets_says_what_to_decide_while_nobody_knows(tmp_path, leave_questions, few_resamples):
    """Of its levels and of that of the facts; with none asked for on the command line it says nothing of that."""
    leave_questions(1)
    (tmp_path / "short.yaml").write_text(SHORT_YAML)
    study = tmp_path / "study.yaml"
    study.write_text("name: s\nscenarios: [short.yaml]\nvary: ['team.hours_per_week=5,20']\nreplications: 2\nsets: 3\n")
    results = sim.study(study, folder=tmp_path / "out")
    decision = ignorance.stored(results)
    assert decision.sets == 3
    assert [one.hours for one in decision.levels] == [0.0, 5.0, 10.0, 20.0]
    assert "sets of assumptions" in (results.folder / "report.html").read_text(encoding="utf-8")
    assert ignorance.stored(sim.study(study, sets=0, folder=tmp_path / "without")) is None


def test_a_study_may_vary_one_scenario(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    (tmp_path / "study.yaml").write_text("name: s\nscenarios: [small.yaml]\nvary: ['team.hours_per_week=1:3:1']\n")
    plan = load_study(tmp_path / "study.yaml", replications=2, seed=5, overrides=("market.accounts=50",))
    assert [point.scenario.team.hours_per_week for point in plan.points] == [1.0, 2.0, 3.0]
    assert {point.scenario.market.accounts for point in plan.points} == {50}
    assert (plan.replications, plan.seed) == (2, 5)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("scenarios: [small.yaml]\n", ScenarioError, "study.yaml:1: name"),
        ("name: s\nscenarios: []\n", ScenarioError, "study.yaml:2: scenarios"),
        ("name: s\nscenarios: [small.yaml]\nreplicatons: 3\n", ScenarioError, "study.yaml:3: replicatons"),
        ("name: s\nscenarios: [none.yaml]\n", ScenarioError, r"none\.yaml"),
        ("name: s\nscenarios: [small.yaml, small.yaml]\n", ResultsError, "two scenarios are named"),
        ("name: s\nscenarios: [small.yaml, other.yaml]\nvary: [a=1]\n", ScenarioError, "vary goes with one"),
    ],
)
def test_bad_studies_are_refused_with_their_place(tmp_path, text, error, said):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    (tmp_path / "study.yaml").write_text(text)
    with pytest.raises(error, match=said):
        load_study(tmp_path / "study.yaml")
