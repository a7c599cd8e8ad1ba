"""What fits on one page: the same to the terminal, the report and the page; its figures are those of the tables."""

import html
import re

import numpy as np
import pytest

import sim
from sim.analysis import cash_flow, work
from sim.experiment.statistics import mean
from sim.report.answers import one_page
from sim.report.html import report
from sim.report.text.words import headline
from tests.small import small

YEAR = 12


def texts(parts):
    return [sentence for part in parts for sentence in (part.heading, *part.sentences)]


def test_terminal_report_and_page_say_the_same(levels, tmp_path, without_pictures):
    parts = list(one_page.parts(levels, headline(levels)))
    assert [part.heading for part in parts] == [
        "What to do", "Your company without social media", "The week, in hours worked", "The money", "What to watch",
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
    headings = [part.heading for part in one_page.parts(results, headline(results))]
    assert "The week, in hours worked" not in headings
    assert headings[-1] == "The money"
