"""Studies with cases and with limits to lift."""

import pytest

from sim.experiment.designs import CASE, HOURS
from sim.experiment.limits import LIFT
from sim.experiment.study import load_study
from sim.scenario import ScenarioError
from tests.places import SCENARIOS
from tests.small import SMALL_YAML

CASES = """\
name: s
scenarios: [small.yaml]
vary: ['team.hours_per_week=5,10']
cases:
  few:
    market.accounts: 50
    market.customers: 5
  many:
    market.accounts: 500
lift: [reviewers]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL_YAML)
    return tmp_path


def study(folder, text):
    (folder / "study.yaml").write_text(text)
    return load_study(folder / "study.yaml")


def test_cases_are_crossed_with_what_varies_and_joined_by_lifted_points(folder):
    points = study(folder, CASES).points
    assert [point.label for point in points[:4]] == ["5 h/week, few", "10 h/week, few", "5 h/week, many", "10 h/week, many"]
    assert points[1].settings == {HOURS: 10, CASE: "few"}
    found = [
        (one.scenario.market.accounts, one.scenario.market.customers, one.scenario.team.hours_per_week) for one in points[:4]
    ]
    assert found == [(50, 5, 5.0), (50, 5, 10.0), (500, 30, 5.0), (500, 30, 10.0)]
    assert [point.settings[LIFT] for point in points[4:]] == ["reviewers"] * 4


def test_cases_need_nothing_that_varies(folder):
    points = study(folder, CASES.replace("vary: ['team.hours_per_week=5,10']\n", "").replace("lift: [reviewers]\n", "")).points
    assert [(point.label, point.settings) for point in points] == [("few", {CASE: "few"}), ("many", {CASE: "many"})]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("market.accounts: 500", "market.acounts: 500", r"yaml:9: cases\.many\.market\.acounts: .*mean market\.accounts"),
        ("market.accounts: 500", "market.accounts: -1", r"study\.yaml:9: cases\.many\.market\.accounts: .*too small"),
        ("market.customers: 5", "market.customers: 80", r"study\.yaml:\d: cases\.few.*cannot outnumber"),
        ("market.accounts: 500", "- market", r"study\.yaml:8: cases\.many"),
        ("reviewers", "reviewer", r"study\.yaml:10: lift: no limit 'reviewer'.*did you mean reviewers"),
        ("[small.yaml]", "[small.yaml, small.yaml]", "goes with one scenario"),
        ("vary: ['team.hours_per_week=5,10']", "case: {}", r"study\.yaml:3: case: .*known here: .*cases"),
    ],
)  # fmt: skip
def test_bad_cases_and_limits_are_refused_with_their_place(folder, old, new, said):
    with pytest.raises(ScenarioError, match=said):
        study(folder, CASES.replace(old, new))


def test_all_faults_of_a_case_are_listed_at_their_keys(folder):
    with pytest.raises(ScenarioError) as caught:
        study(folder, CASES.replace("market.accounts: 500", "market.accounts: -1\n    sales.margin: 30%"))
    one, two = str(caught.value).splitlines()
    assert "study.yaml:9: cases.many.market.accounts: -1 is too small" in one
    assert one.endswith("(and 1 more)")
    assert "study.yaml:10: cases.many.sales.margin: '30%' is not possible here" in two
    assert two.endswith("write 0.3")


def test_years_of_channels_may_be_cases(folder):
    cases = CASES[: CASES.index("cases:")] + "cases:\n  then: {channels_year: 2012}\n  now: {channels_year: 2025}\n"
    then, _, now, _ = [point.scenario for point in study(folder, cases).points]
    assert then.channels["network"].reach == 0.28
    assert now.channels["network"].reach == 0.058
    same = {"channels": then.channels, "channels_year": 2012}
    assert now.replace(**same) == then


def test_the_shipped_study_of_mixes_differs_in_mix_and_hours_alone():
    points = load_study(SCENARIOS / "studies" / "mix.yaml").points
    assert len(points) == 16
    rest = set()
    for point in points:
        document = point.scenario.document()
        document["team"]["hours_per_week"] = 1.0
        for form in document["content"]["formats"].values():
            form["mix"] = 0.0
        rest.add(str(document))
    assert len(rest) == 1
