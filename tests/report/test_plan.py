"""The plan of a week: hours worked are those of the ledger, and shares asked for are never taken for them."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from sim.analysis import work
from sim.experiment import Plan, Point, execute
from sim.model.team import IDLE, ONBOARDING, PURPOSES, SWITCHING
from sim.report.answers import plan
from sim.report.answers.optimise import BestSplit
from sim.report.questions import QUESTIONS
from sim.report.text.translation import told_in
from sim.scenario import Scenario
from sim.scenario.schema import ACTIVITIES
from tests.small import SMALL

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

WORLDS, WARM_UP, WEEKS = 3, 8, 52
MEMBERS = {"editor": {"share": 0.7, "max_hours_per_week": 8.0}, "expert": {"share": 0.3, "max_hours_per_week": 4.0}}
TEAM = {"members": MEMBERS, "hire": {"onboarding_hours": 500.0}}  # learning the trade goes on beyond the warm-up


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Results of a team of two, of hires, and of nobody; with closed weeks, and weeks that do not count."""
    time = {"horizon_weeks": WEEKS, "run_off_weeks": 40, "warm_up_weeks": WARM_UP}

    def of(hours):
        return Scenario.model_validate(SMALL | {"time": time, "team": {"hours_per_week": hours, **TEAM}})

    points = tuple(Point(f"{hours:g} h", of(hours), {"team.hours_per_week": hours}) for hours in (9.0, 60.0, 0.0))
    return execute(Plan("team", points, WORLDS, seed=3), tmp_path_factory.mktemp("team") / "run")


def by_hand(results, point):
    """Hours by member and purpose, out of the ledger: the sum of all worlds, over weeks and worlds."""
    ledger = results.table("hours")
    sums = ledger[ledger["point"] == point].groupby(["member", "activity"])["hours"].sum()
    return (sums / (WEEKS - WARM_UP) / WORLDS).to_dict()


@pytest.mark.parametrize("point", [0, 1])
def test_the_hours_of_a_plan_are_those_of_the_ledger(team, point):
    table, ledger = work.plan(team, point), by_hand(team, point)
    assert len(ledger) > len(ACTIVITIES)
    for _, row in table.iterrows():
        assert row["hours_per_week"] == pytest.approx(ledger.get((row["member"], row["activity"]), 0.0), abs=0.01)
    assert table["hours_per_week"].sum() == pytest.approx(sum(ledger.values()), abs=0.01)


def test_a_plan_has_a_row_per_person_and_purpose_hires_too(team):
    assert work.plan(team, 0).groupby("member", sort=False)["activity"].apply(tuple).to_dict() == dict.fromkeys(
        MEMBERS, PURPOSES
    )
    people = list(dict.fromkeys(work.plan(team, 1)["member"]))
    assert people[:3] == ["editor", "expert", "hire_1"]
    assert people[2:] == [f"hire_{number}" for number in range(1, len(people) - 1)]
    table = work.plan(team, 1).set_index(["member", "activity"])["hours_per_week"]
    assert table["hire_1", ONBOARDING] > 0.0
    assert work.plan(team, 2).empty


def test_what_is_asked_is_a_share_of_the_hours_that_a_person_gave(team):
    table = work.plan(team, 0)
    shares = Scenario.model_validate(SMALL).team.split.shares()
    for _, own in table.groupby("member"):
        by_task = own.set_index("activity")
        assert by_task["hours_asked"].sum() == pytest.approx(own["hours_per_week"].sum())
        assert by_task.loc[list(shares), "share_asked"].tolist() == pytest.approx(list(shares.values()))
        assert by_task.loc[[SWITCHING, IDLE, ONBOARDING], "hours_asked"].isna().all(), "nobody asks for these"


def test_the_plans_of_all_are_that_of_the_team(team):
    together = work.plan(team, 1).groupby("activity")[["hours_asked", "hours_per_week"]].sum(min_count=1)
    by_task = work.hours_by_task(team, 1).set_index("activity")
    for column in together:
        assert np.allclose(together.loc[list(PURPOSES), column], by_task[column], equal_nan=True)


def tasks(**hours):
    """A week in which activities were asked for and worked so many hours."""
    rows = [{"activity": name, "hours_asked": asked, "hours_per_week": worked} for name, (asked, worked) in hours.items()]
    return pd.DataFrame(rows)


def test_asked_and_worked_differ_from_a_quarter_on_if_it_is_a_quarter_of_an_hour():
    table = tasks(
        content=(4.0, 4.9), publishing=(4.5, 0.6), dialogue=(0.2, 0.4), listening=(1.0, 1.26), recruiting=(1.0, 1.24),
        switching=(math.nan, 1.9),
    )  # fmt: skip
    assert work.differing(table)["activity"].tolist() == ["publishing", "listening"]
    assert list(plan.differ(table)) == [
        "Asked and worked differ: publishing was asked for 4.5 hours per week and took 0.6, listening for 1.0 and took 1.3, as"
        " an activity with nothing to do leaves its time to the others and switching takes 1.9 hours."
    ]
    with told_in("fr"):
        (said,) = plan.differ(table)
        assert "publication (0,6 heures travaillées par semaine pour 4,5 demandées), veille (1,3 pour 1,0)" in said


def test_nothing_is_said_where_people_work_as_they_were_asked():
    assert list(plan.differ(tasks(content=(4.0, 4.2), switching=(math.nan, 1.0)))) == []


def test_only_what_differs_most_is_named():
    some = {name: (1.0, 2.0 + number) for number, name in enumerate(ACTIVITIES)}
    (said,) = plan.differ(tasks(**some))
    assert said.count(" and took ") == plan.MOST_NAMED
    assert said.startswith("Asked and worked differ: measurement")


def test_programs_get_the_plan_of_the_best_split(split):
    told = BestSplit(split).to_dict()
    best = told["splits"][0]
    by_task = {row["activity"]: row["hours_per_week"] for row in told["plan"]}
    assert {name: best[f"{name}_hours"] for name in PURPOSES} == pytest.approx(by_task)
    assert json.dumps(told)


def test_questions_show_the_plan_by_person(split, team):
    names = {number: [table.name for table in QUESTIONS[number].tables(split, 0)] for number in (6, 11)}
    assert names[6][:3] == ["", "asked", "plan"]
    assert names[11][:2] == ["", "plan"]
    shown = QUESTIONS[11].tables(team, 1)[1].shown
    assert {"editor", "expert", "hire 1"} <= set(shown["person"])
    assert {"switching", "onboarding"} <= set(shown["activity"])
    assert all(table.shown is not None for table in QUESTIONS[11].tables(team, 2)), "nobody works"
