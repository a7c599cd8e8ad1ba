import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pandas as pd
import pytest

from sim.experiment import Plan, Point, execute
from sim.report import page
from sim.report.figures import FIGURES, draw
from sim.report.figures.style import as_bytes
from tests.small import small, small_results

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return small_results(tmp_path_factory.mktemp("page") / "run")


@pytest.mark.parametrize("question", FIGURES)
@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_every_figure_in_every_format_and_always_the_same(results, question, form, begins):
    picture = as_bytes(draw(results, question, 1), form)
    assert picture.startswith(begins)
    assert picture == as_bytes(draw(results, question, 1), form)


@pytest.mark.parametrize("question", FIGURES)
def test_figures_say_what_is_plotted_with_units(results, question):
    texts = " ".join(ET.fromstring(as_bytes(draw(results, question, 1), "svg")).itertext())
    assert "interval" in texts
    assert re.search(r"EUR|share|week|deals", texts)


@pytest.mark.parametrize("question", FIGURES)
def test_one_point_and_one_world_can_be_drawn(tmp_path, question):
    alone = small_results(tmp_path / "run", 1, "team.hours_per_week=5")
    assert as_bytes(draw(alone, question, 0), "png").startswith(b"\x89PNG")


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.targets += [value for name, value in attrs if name in ("src", "href")]


def test_the_report_needs_nothing_else(results, tmp_path):
    page.report(results, tmp_path / "r.html")
    parsed = _Links()
    parsed.feed((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert len(parsed.targets) == 2 * len(FIGURES)
    assert all(target.startswith("data:") for target in parsed.targets)
    assert "script" not in parsed.tags


def test_names_are_text_everywhere(tmp_path):
    named = small().replace(name=HOSTILE)
    results = execute(Plan(HOSTILE, (Point(HOSTILE, named, {}),), 2, 1), tmp_path / "run")
    page.report(results, tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


def test_no_cell_of_a_csv_is_a_formula():
    text = page.safe_csv(pd.DataFrame({"name": ["=1+1", "+x", "-y", "@z", "plain"], "value": [-1.0, 2.0, 3.0, 4.0, 5.0]}))
    cells = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert cells == ["'=1+1", "'+x", "'-y", "'@z", "plain"]
    assert "-1.0" in text


def test_figures_come_with_their_tables(results, tmp_path):
    written = page.write_figures(results, tmp_path / "f", (1, 8), "svg")
    assert sorted(path.name for path in written) == ["q01_hours.csv", "q01_hours.svg", "q08_indirect.csv", "q08_indirect.svg"]
    assert len(pd.read_csv(tmp_path / "f" / "q01_hours.csv")) == 2
