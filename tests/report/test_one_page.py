"""What fits on one page: the same to the terminal, the report and the page; its figures are those of the tables."""

import html
import json
import re
import shutil

import numpy as np
import pytest

import sim
from sim.analysis import cash_flow, ignorance, work
from sim.analysis import flips as flipping
from sim.analysis import trip_wires as wiring
from sim.cli.console import finite
from sim.experiment.statistics import mean
from sim.report.answers import one_page
from sim.report.answers.warnings import Warnings
from sim.report.html import report
from sim.report.text.cells import dash
from sim.report.text.words import headline, in_words, money, number, percent
from sim.scenario import Scenario
from tests.report.test_sheets import ensemble
from tests.report.test_warnings import flips, wires
from tests.small import SMALL, small

YEAR = 12


def texts(parts):
    return [sentence for part in parts for sentence in (part.heading, *part.sentences)]


def test_terminal_report_and_page_say_the_same(levels, tmp_path, without_pictures):
    parts = list(one_page.parts(levels, headline(levels)))
    assert [part.heading for part in parts] == [
        "With the numbers as given", "Your company without social media", "The week, in hours worked", "The money",
        "What to watch",
    ]  # fmt: skip
    terminal = list(sim.read(levels.folder).answer().parts())
    assert texts(terminal)[: len(texts(parts))] == texts(parts)
    report.write([levels], tmp_path / "report.html")
    page = html.unescape(re.sub(r"\s+", " ", (tmp_path / "report.html").read_text(encoding="utf-8"))).replace("\xa0", " ")
    for text in texts(parts[1:]):
        assert text in page


def test_hours_of_the_week_are_those_of_the_ledger(levels):
    point = headline(levels).point
    (table,) = next(part for part in one_page.parts(levels, headline(levels)) if part.tables).tables
    by_task = {row[0]: float(row[-2]) for row in table.rows[1:]}
    ledger = levels.table("hours")
    weeks = levels.manifest["points"][point]["scenario"]["time"]["horizon_weeks"]
    given = ledger[ledger["point"] == point]["hours"].sum() / weeks / levels.manifest["replications"]
    assert by_task["together"] == pytest.approx(given, abs=0.05)
    of_team = work.hours_by_task(levels, point).set_index("activity")["hours_per_week"]
    for task in ("switching", "content"):
        assert by_task[task] == pytest.approx(of_team[task], abs=0.05)


def test_money_is_the_sum_of_its_parts_and_of_the_outcomes(levels):
    point = headline(levels).point
    found = cash_flow.in_short(levels, point)
    assert found.net_return.value == pytest.approx(found.deals + found.renewals - found.spent)
    outcomes = levels.table("outcomes")
    own = outcomes[outcomes["point"] == point]
    assert found.net_return.value == pytest.approx(own["net_return_expected"].mean())
    assert found.deals == pytest.approx(own["net_margin_expected"].mean())
    assert found.renewals == pytest.approx(own["net_renewal_margin_expected"].mean())


def test_programs_get_the_numbers_of_the_page(levels):
    """Each number of the week and of the money that people read is there, and reads the same once it is rounded."""
    said = json.loads(json.dumps(finite(sim.read(levels.folder).answer().to_dict())))
    point = levels.labels.index(said["level"])
    assert point == headline(levels).point
    by_heading = {part.heading: part for part in one_page.parts(levels, headline(levels))}
    week = {in_words(one["task"]): one for one in said["week"]["tasks"]}
    (table,) = by_heading["The week, in hours worked"].tables
    for task, worked, asked in table.rows[1:-1]:
        row = week[task]
        assert number(row["hours_worked_per_week"]) == worked
        assert dash(float("nan") if row["hours_asked_per_week"] is None else row["hours_asked_per_week"], number) == asked
    assert [number(said["week"][f"hours_{what}_per_week"]) for what in ("worked", "asked")] == list(table.rows[-1][1:])
    assert week["content"]["share_asked"] == work.shares_asked(levels, point)["content"]
    money_said, currency = said["money"], levels.currency
    text = " ".join(by_heading["The money"].sentences)
    for name in ("cost_of_hours", "margin_on_deals", "margin_on_renewals", "net_return", "lowest_sum"):
        assert money(money_said[name], currency) in text
    discounted = money_said["net_return_discounted"]
    assert set(discounted) == {"value", "low", "high"}
    assert all(money(one, currency) in text for one in discounted.values())
    assert f"lowest after {money_said['lowest_sum_after_months']} months" in text
    month = money_said["breaks_even_after_months"]
    assert (f"breaks even by month {month}." if month else "does not break even") in text
    assert f"Over {money_said['months']} months" in text
    odds = [
        f"{percent(one['share']['value'])} after {one['after_months']} months ({percent(one['share']['low'])} to"
        f" {percent(one['share']['high'])})"
        for one in money_said["worlds_above_zero"]
    ]
    assert f"Single worlds above zero: {', '.join(odds)};" in text
    assert percent(money_said["discount_rate_per_year"]) in text
    assert (said["trip_wires"], said["flips"]) == (None, None), "not looked for"


def test_programs_get_hours_by_person_and_task(tmp_path):
    """Two people: theirs make the team's, task by task."""
    both = {name: {"share": share, "max_hours_per_week": 20} for name, share in (("Anna", 0.75), ("Ben", 0.25))}
    results = sim.run(Scenario.model_validate(SMALL | {"team": {"hours_per_week": 12, "members": both}}), replications=2)
    week = results.answer().to_dict()["week"]
    assert [one["person"] for one in week["people"]] == ["Anna", "Ben"]
    anna, ben = (one["hours_worked_per_week"] for one in week["people"])
    assert anna > 2 * ben
    assert anna + ben == pytest.approx(week["hours_worked_per_week"])
    for task in week["tasks"]:
        parts = [one for person in week["people"] for one in person["tasks"] if one["task"] == task["task"]]
        assert sum(one["hours_worked_per_week"] for one in parts) == pytest.approx(task["hours_worked_per_week"])


def test_programs_get_warnings_once_they_are_there(levels, tmp_path):
    shutil.copytree(levels.folder, tmp_path / "warned")
    results = sim.read(tmp_path / "warned")
    flipping.keep(results, flips())
    wiring.keep(results, wires())
    said = results.answer().to_dict()
    told = Warnings(flips(), wires(), levels.currency).to_dict()
    assert {name: said[name] for name in told} == told


def test_what_to_decide_while_nobody_knows_comes_first(levels, tmp_path, leave_questions):
    """Once it is there, it opens the terminal, the report and the page's parts; what the numbers as they are say comes next."""
    leave_questions(1)
    shutil.copytree(levels.folder, tmp_path / "decided")
    results = sim.read(tmp_path / "decided")
    _, decision = ensemble(none_returns=(5_000.0, 30_000.0))
    ignorance.keep(results, decision)
    first, second, *_ = results.answer().parts()
    assert (first.heading, second.heading) == ("What to do", "With the numbers as given")
    assert first.sentences[0].startswith("Fund 20 h/week: it returns most in 100 %")
    assert tuple(second.sentences) == headline(results).sentences
    said = results.answer().to_dict()
    assert not said["stop"]
    assert headline(results).is_stop, "the numbers as they are say otherwise"
    assert said["decision"]["best_level"] == 20.0
    report.write([results], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.index("Fund 20 h/week: it returns most in 100") < page.index("With the numbers as given")
    assert 'class="answer"' in page
    assert "Hours pay on average whether or not buyers are moved" in page, "the figure's title, for those who do not see it"
    assert ignorance.stored(results) == decision
    (results.folder / "ignorance.json").write_text("{}")
    assert ignorance.stored(results) is None, "what is damaged is as if it had not been looked for"


def test_money_of_later_is_worth_less(levels):
    """Every quarter's flow counts as in its middle, by the rate of the scenario."""
    point = headline(levels).point
    found = cash_flow.in_short(levels, point)
    quarters = cash_flow.Quarters.of(levels, point, to_the_end=True)
    so_far = quarters.net_return("_expected")
    flows = np.diff(so_far, axis=1, prepend=0.0)
    worth = sum(flows[:, number] * 1.1 ** -((number + 0.5) / 4.0) for number in range(quarters.count))
    assert found.rate == 0.1
    assert found.discounted.value == pytest.approx(mean(worth).value)
    assert found.discounted.value != pytest.approx(found.net_return.value, rel=1e-3)


def test_where_nobody_works_there_is_no_week():
    results = sim.run(sim.apply(small(), {"team.hours_per_week": 0.0}), replications=2)
    assert results.answer().to_dict()["week"] is None
    headings = [part.heading for part in one_page.parts(results, headline(results))]
    assert "The week, in hours worked" not in headings
    assert headings[-1] == "The money"
