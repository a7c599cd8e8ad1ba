"""Question 6: whether the next 1,000 is better spent on an hour or on an ad, worked by hand, and where it is said."""

from pathlib import Path

import pandas as pd
import pytest

from sim.analysis import next_money
from sim.experiment import Results
from sim.experiment.designs import CASE
from sim.report.answers import next_money as in_words
from sim.report.answers.choice import answer_of
from sim.report.html import report
from sim.report.questions import QUESTIONS, answerable
from sim.scenario import apply
from sim.workflows.results import RunResults
from tests.small import small, small_results

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

SPLIT = QUESTIONS[6]
T90 = 2.9199856  # Student's quantile of 0.95 with two degrees of freedom


class Made(Results):
    """Results with outcomes as they are given: of each point its cost and its net return, world by world."""

    def table(self, name, columns=None):  # noqa: ARG002  # there is but one
        return self.manifest["outcomes"]


def made(*points):
    """Make results of points: settings, cost, net return by world."""
    rows = [
        {"point": number, "replication": world, "cost": float(cost), "net_return_expected": float(one)}
        for number, (_, cost, returns) in enumerate(points)
        for world, one in enumerate(returns)
    ]
    said = [
        {"label": f"p{number}", "settings": {CASE: f"p{number}"}, "scenario": apply(small(), settings).document()}
        for number, (settings, _, _) in enumerate(points)
    ]
    return Made(Path("made"), {"points": said, "replications": len(points[0][2]), "outcomes": pd.DataFrame(rows)})


def at(hours, budget=0.0, attention=0.05):
    return {"team.hours_per_week": hours, "sponsoring.per_week": budget, "sponsoring.attention": attention}


BASE = (at(10.0), 1000, (100, 200, 300))
HOUR = (at(11.0), 1100, (300, 500, 700))  # 200, 300 and 400 for 100: 2,000, 3,000 and 4,000 for each 1,000
AD = (at(10.0, 40.0), 1080, (148, 320, 492))  # 48, 120 and 192 for 80: 600, 1,500 and 2,400 for each 1,000


def said(results):
    return " ".join(in_words.sentences(results, next_money.table(results)))


def test_gains_are_for_each_1000_spent_and_paired_by_world():
    (row,) = next_money.table(made(BASE, HOUR, AD)).to_dict("records")
    assert (row["point"], row["more_hours"], row["ads_per_week"], row["better"]) == (0, 1.0, 40.0, "hours")
    assert (row["hours_cost"], row["ads_cost"]) == (100.0, 80.0)
    assert (row["gain_by_hours"], row["gain_by_ads"]) == pytest.approx((3000.0, 1500.0))
    half = T90 * 100.0 / 3**0.5  # differences are -1,400, -1,500 and -1,600
    assert row["ads_over_hours_low"] == pytest.approx(-1500.0 - half)
    assert row["ads_over_hours_high"] == pytest.approx(-1500.0 + half)


def test_it_says_which_is_better_and_that_it_hangs_on_what_nobody_published():
    told = said(made(BASE, HOUR, AD))
    assert "From p0, 1 h/week more gains 3,000 EUR for each 1,000 EUR that it costs, beyond that cost (90 % interval" in told
    assert "the hour is better than the ad, by 1,500 EUR (1,330 to 1,670, paired by world)" in told
    assert "(sponsoring.attention, here 0.05), which nobody has published: it may be 0.01 to 0.3" in told
    assert "Neither pays" not in told


def test_an_ad_that_gains_more_is_better():
    better = (at(10.0, 40.0), 1080, (400, 600, 800))
    assert "the ad is better than the hour" in said(made(BASE, HOUR, better))


def test_what_luck_may_have_done_is_not_told():
    by_luck = (at(10.0, 40.0), 1080, (500, 440, 380))
    assert next_money.table(made(BASE, HOUR, by_luck))["better"].tolist() == ["untold"]
    assert "These worlds cannot tell the two apart" in said(made(BASE, HOUR, by_luck))
    one_world = [(settings, cost, returns[:1]) for settings, cost, returns in (BASE, HOUR, AD)]
    assert said(made(*one_world)) == "One world cannot tell an hour from an ad. Run more."


def test_where_both_lose_the_money_is_kept():
    hour, ad = (at(11.0), 1100, (40, 130, 210)), (at(10.0, 40.0), 1080, (80, 180, 281))
    assert "Neither pays for itself: keep the money." in said(made(BASE, hour, ad))


def test_each_sum_on_ads_stands_beside_the_nearest_on_hours_and_far_ones_beside_none():
    more = (at(15.0), 1500, (900, 1000, 1300))
    ads = [(at(10.0, budget), 1000 + cost, (800, 900, 1100)) for budget, cost in ((20, 40), (225, 440), (900, 1700))]
    table = next_money.table(made(BASE, HOUR, more, *ads))
    assert table[["more_hours", "ads_per_week"]].to_numpy().tolist() == [[5.0, 225.0]]
    table = next_money.table(made(BASE, HOUR, more, AD, *ads))
    assert table["more_hours"].tolist() == [1.0, 5.0]
    assert "Of 2 steps compared" in said(made(BASE, HOUR, more, AD, *ads))


def test_values_of_attention_are_told_apart_and_not_mixed_with_luck():
    base, hour = ((at(hours, attention=0.15), cost, returns) for hours, (_, cost, returns) in ((10.0, BASE), (11.0, HOUR)))
    better = (at(10.0, 40.0, 0.15), 1080, (400, 600, 800))
    told = said(made(BASE, HOUR, AD, base, hour, better))
    assert "Better at the first step, by its values here: 0.05: the hour, 0.15: the ad." in told


@pytest.mark.parametrize(
    "points",
    [
        (BASE, HOUR),
        (BASE, AD),
        (BASE, HOUR, (at(12.0, 40.0), 1180, (1, 2, 3))),  # no ads at the same hours
        (BASE, HOUR, (at(10.0, 40.0) | {"sales.margin": 0.4}, 1080, (148, 320, 492))),  # another world
        (BASE, HOUR, (at(10.0, 40.0), 1000, (148, 320, 492))),  # money that could not be spent
    ],
)
def test_points_that_differ_otherwise_are_not_compared(points):
    assert not next_money.has_steps(made(*points))


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("next") / "run"
    return small_results(folder, 2, "team.hours_per_week=10,11", "sponsoring.per_week=0,45")


@pytest.fixture
def section(monkeypatch, tmp_path):
    """Write the part of the report that answers question 6."""

    def write(results):
        monkeypatch.setattr(report, "QUESTIONS", {6: SPLIT})
        report.write([results], tmp_path / "report.html")
        text = (tmp_path / "report.html").read_text(encoding="utf-8")
        return text.split('<section id="q6">')[1].split("</section>")[0]

    return write


def test_terminal_report_and_program_say_the_same(swept, section):
    (part,) = [one for one in answer_of(swept).parts() if "1,000 EUR" in one.heading]
    (table,) = RunResults.of(swept).question(6).tables()
    assert table.attrs["units"]["gain_by_ads_low"] == "EUR per 1,000 EUR spent"
    assert set(table.select_dtypes("number")) - {"point"} <= {*table.attrs["units"]}
    assert answer_of(swept).to_dict()["next_money"]["answer"] == part.sentences
    said_in_report = section(swept)
    assert " ".join(part.sentences) in said_in_report
    assert "<img " in said_in_report


def test_results_without_such_points_say_how_to_find_out(levels, split, section, without_pictures):
    assert SPLIT not in answerable(levels)
    for one in (levels, split):
        assert "--vary sponsoring.per_week=0,45" in section(one)
    assert not [one for one in answer_of(levels).parts() if "1,000 EUR" in one.heading]
