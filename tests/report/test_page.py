import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from sim.experiment import Plan, Point, execute
from sim.experiment.designs import CASE, grid
from sim.experiment.limits import with_lifted
from sim.report.export import figures
from sim.report.figures.style import as_bytes
from sim.report.html import markup, report
from sim.report.questions import QUESTIONS, answerable
from sim.scenario import apply
from tests.small import ends_results, review_results, small, small_results, split_results

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def answering(request, question):
    """Results that can answer a question."""
    return request.getfixturevalue({6: "split", 9: "reviewed", 12: "at_ends"}.get(question, "levels"))


@pytest.fixture(scope="module")
def drawn():
    """Figures that were drawn before, by question."""
    return {}


def figure_of(drawn, question, answering):
    if question not in drawn:
        drawn[question] = as_bytes(QUESTIONS[question].draw(answering, 1), "svg")
    return drawn[question]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_figure_is_always_the_same(drawn, answering, question):
    assert figure_of(drawn, question, answering) == as_bytes(QUESTIONS[question].draw(answering, 1), "svg")


@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_figures_come_in_every_format_and_equal_ones_are_equal_files(levels, form, begins):
    picture = as_bytes(QUESTIONS[1].draw(levels, 1), form)
    assert picture.startswith(begins)
    assert picture == as_bytes(QUESTIONS[1].draw(levels, 1), form)


@pytest.mark.parametrize("question", QUESTIONS)
def test_figures_say_what_is_plotted_with_units(drawn, answering, question):
    texts = " ".join(ET.fromstring(figure_of(drawn, question, answering)).itertext())
    assert "interval" in texts or "eight in ten worlds" in texts
    assert re.search(r"EUR|share|week|deals", texts)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One point in one world."""
    return small_results(tmp_path_factory.mktemp("alone") / "run", 1, "team.hours_per_week=5")


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_point_and_one_world_can_be_drawn(alone, tmp_path, question):
    folder = tmp_path / "run"
    made = {
        6: lambda: split_results(folder, 1),
        9: lambda: review_results(folder, 1, "as they are, closed, quarter"),
        12: lambda: ends_results(folder, 1),
    }
    results = made.get(question, lambda: alone)()
    assert as_bytes(QUESTIONS[question].draw(results, 0), "png").startswith(b"\x89PNG")


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.targets += [value for name, value in attrs if name in ("src", "href")]


def test_the_report_needs_nothing_else(levels, page):
    parsed = _Links()
    parsed.feed(page)
    asked = answerable(levels)
    assert [one.number for one in QUESTIONS.values() if one not in asked] == [6, 9, 12], "nobody asked for these"
    shown_tables = sum(len(question.tables(levels, 0)) for question in asked)
    within = [f"#q{question}" for question in QUESTIONS]
    assert [target for target in parsed.targets if target.startswith("#")] == within
    assert len(parsed.targets) == len(within) + len(asked) + shown_tables
    assert all(target.startswith(("data:", "#q")) for target in parsed.targets)
    assert "script" not in parsed.tags
    assert '<html lang="en">' in page


def test_no_cell_of_a_csv_is_a_formula():
    text = markup.safe_csv(pd.DataFrame({"name": ["=1+1", "+x", "-y", "@z", "plain"], "value": [-1.0, 2.0, 3.0, 4.0, 5.0]}))
    cells = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert cells == ["'=1+1", "'+x", "'-y", "'@z", "plain"]
    assert "-1.0" in text


@pytest.fixture(scope="module")
def lifted(tmp_path_factory):
    """Results of limits that were lifted; the plan, its scenarios and a level have a name that is a script."""
    idle, working = grid(small().replace(name=HOSTILE), ["team.hours_per_week=0,20"])
    points = with_lifted((idle, replace(working, label=HOSTILE)), ["reviewers", "acceptance"])
    return execute(Plan(HOSTILE, points, 2, 1), tmp_path_factory.mktemp("lifted") / "run")


@pytest.fixture(scope="module")
def page_of_lifted(lifted, tmp_path_factory):
    path = tmp_path_factory.mktemp("page_of_lifted") / "r.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "as_bytes", lambda *_, **__: b"")  # its figures are looked at below
        report.write([lifted], path)
    return path.read_text(encoding="utf-8")


def test_names_are_text_everywhere(lifted, page_of_lifted):
    assert HOSTILE in lifted.labels
    assert HOSTILE not in page_of_lifted
    assert "&lt;script&gt;" in page_of_lifted


def test_limits_that_were_lifted_have_a_table_and_a_place_in_the_figure(lifted, page_of_lifted, tmp_path):
    written = figures.write_figures(lifted, tmp_path, (QUESTIONS[11],), "svg")
    assert {path.name for path in written} == {
        "q11_work.svg", "q11_work.csv", "q11_work_plan.csv", "q11_work_drafts.csv", "q11_work_limits.csv",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "q11_work_limits.csv")
    assert table["limit"].tolist() == ["acceptance", "reviewers", "acceptance", "reviewers"]
    texts = " ".join(ET.fromstring((tmp_path / "q11_work.svg").read_bytes()).itertext())
    assert "acceptance" in texts
    assert "nearly all who are invited accept" in page_of_lifted


def test_the_work_of_nobody_can_be_drawn(lifted):
    texts = " ".join(ET.fromstring(as_bytes(QUESTIONS[11].draw(lifted, 0), "svg")).itertext())
    assert "nobody works" in texts


def test_several_mixes_are_lines_and_one_is_bars(levels, tmp_path):
    mixes = [
        Point(name, apply(small(), {"content.formats.raw.mix": raw, "content.formats.original.mix": 0.83 - raw}), {CASE: name})
        for name, raw in (("much", 0.8), ("little", 0.1))
    ]
    two = execute(Plan("mixes", tuple(mixes), 2, 1), tmp_path / "run")
    several = " ".join(ET.fromstring(as_bytes(QUESTIONS[7].draw(two, 0), "svg")).itertext())
    assert "much" in several
    assert "little" in several
    assert "Minutes of work" in " ".join(ET.fromstring(as_bytes(QUESTIONS[7].draw(levels, 0), "svg")).itertext())


def test_figures_come_with_their_tables(levels, tmp_path):
    written = figures.write_figures(levels, tmp_path / "f", (QUESTIONS[1], QUESTIONS[8]), "svg")
    assert sorted(path.name for path in written) == ["q01_hours.csv", "q01_hours.svg", "q08_indirect.csv", "q08_indirect.svg"]
    assert len(pd.read_csv(tmp_path / "f" / "q01_hours.csv")) == 2


@pytest.mark.parametrize(("hours", "said"), [("5,20", "loses least over"), ("5", "loses over")])
def test_a_level_that_loses_is_not_said_to_return_most(tmp_path, hours, said):
    dear = "team.members.community_manager.cost_per_hour=5000"
    results = small_results(tmp_path / "run", 3, f"team.hours_per_week={hours}", dear)
    texts = " ".join(ET.fromstring(as_bytes(QUESTIONS[1].draw(results, 0), "svg")).itertext())
    assert said in texts
    assert "returns most" not in texts


def test_names_are_no_formulas(tmp_path):
    """A dollar sign in a name is a dollar sign, and not mathematics."""
    name = "$5 to $10, $\\foo$"
    results = execute(Plan(name, (Point(name, small().replace(name=name), {}),), 2, 1), tmp_path / "run")
    for question in answerable(results):
        texts = " ".join(ET.fromstring(as_bytes(question.draw(results, 0), "svg")).itertext())
        assert name in texts or question.number not in (1, 2, 4)


def test_a_point_that_hours_do_not_set_apart_is_drawn(tmp_path):
    results = execute(Plan("one", (Point("margin 0.5", small(), {"sales.margin": 0.5}),), 2, 1), tmp_path / "run")
    (marks,) = {line.get_xdata()[0] for line in QUESTIONS[1].draw(results, 0).axes[0].lines if line.get_marker() == "o"}
    assert marks == 0
