"""Figures on the screen of a phone: every one is there, and all that is written in it can be read."""

import base64
import re
from itertools import combinations, pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.experiment import Plan, Point, execute
from sim.experiment.designs import CASE, grid
from sim.experiment.limits import with_lifted
from sim.report.answers import ensemble_sheet
from sim.report.figures import style
from sim.report.figures.canvas import PHONE, POINTS, WIDE, canvas, shown_on
from sim.report.figures.phone import wrapped
from sim.report.figures.style import as_bytes, drawn
from sim.report.html.markup import picture
from sim.report.questions import QUESTIONS, answerable
from sim.report.text.translation import LANGUAGES, told_in
from sim.scenario import apply
from tests.report.test_sheets import backcasted, ensemble, surveyed
from tests.small import short, small

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

PICTURE = re.compile(
    r'<picture><source media="screen and \(max-width: 40rem\)" srcset="([^"]+)"><img src="([^"]+)" alt="([^"]+)"></picture>'
)
CLOSE = 2.0  # pixels that boxes of letters may share, as they hold room for accents and descenders


@pytest.fixture
def answering(request, question):
    """Results that can answer a question."""
    return request.getfixturevalue({6: "split", 9: "reviewed", 12: "at_ends"}.get(question, "levels"))


@pytest.fixture
def written(monkeypatch):
    """A function that returns the texts of a figure that are drawn indeed."""
    draw, found = Text.draw, []

    def noted(text, renderer, *args, **named):
        found.append(text)
        return draw(text, renderer, *args, **named)

    def of(figure):
        figure.draw_without_rendering()  # only now are panels where they stay
        found.clear()
        figure.draw_without_rendering()
        return [one for one in dict.fromkeys(found) if one.get_visible() and one.get_text().strip()]

    monkeypatch.setattr(Text, "draw", noted)
    return of


def faults(figure, written):
    """What cannot be read in a figure: letters too small, text that is cut off, text on other text."""
    texts, whole = written(figure), figure.bbox
    boxes = {one: one.get_window_extent() for one in texts}
    yield from (f"small: {one.get_text()}" for one in texts if one.get_fontsize() < PHONE.least)
    for one, box in boxes.items():
        if box.x0 < whole.x0 or box.y0 < whole.y0 or box.x1 > whole.x1 or box.y1 > whole.y1:
            yield f"cut off: {one.get_text()}"
    for (one, box), (other, its) in combinations(boxes.items(), 2):
        across, up = min(box.x1, its.x1) - max(box.x0, its.x0), min(box.y1, its.y1) - max(box.y0, its.y0)
        if across > CLOSE and up > CLOSE:
            yield f"overlap: {one.get_text()} / {other.get_text()}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_figure_can_be_read_on_a_phone(answering, question, language, written):
    with told_in(language), shown_on(PHONE):
        figure = QUESTIONS[question].draw(answering, 1)
    assert figure.get_figwidth() * POINTS == 358.0
    assert list(faults(figure, written)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_other_pages_can_be_read_on_a_phone(language, written):
    with told_in(language), shown_on(PHONE):
        sheets = (ensemble_sheet.sheet_of(*ensemble(), small(), ["sales.margin"]), surveyed().sheet(), backcasted().sheet())
        figures = [part.draw() for sheet in sheets for part in sheet.parts if part.draw]
    assert len(figures) == len(sheets)
    for figure in figures:
        assert list(faults(figure, written)) == []


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Eight levels of hours with two limits lifted, and two mixes at two levels."""
    folder = tmp_path_factory.mktemp("many")
    points = with_lifted(grid(short(), ["team.hours_per_week=5:40:5"]), ["reviewers", "acceptance"])
    shares = (("mostly passed on as it is", 0.8), ("mostly from scratch", 0.1))
    mixes = [
        Point(f"{name}, {hours}", apply(short(), {"content.formats.raw.mix": raw, "content.formats.original.mix": 0.83 - raw,
              "team.hours_per_week": hours}), {CASE: name, "team.hours_per_week": hours})
        for name, raw in shares for hours in (5.0, 20.0)
    ]  # fmt: skip
    return [execute(Plan(name, tuple(all_), 2, 1), folder / name) for name, all_ in (("lifted", points), ("mixes", mixes))]


def test_many_levels_and_mixes_can_be_read_on_a_phone(many, written):
    for results in many:
        for question in answerable(results):
            with shown_on(PHONE):
                assert list(faults(question.draw(results, 1), written)) == [], question.number


@pytest.mark.filterwarnings("ignore:constrained_layout not applied")
def test_what_looks_for_faults_finds_them(levels, written, monkeypatch):
    monkeypatch.setattr(style, "fit", lambda *_: None)
    with shown_on(PHONE):
        kinds = {fault.split(":")[0] for number in (1, 4, 8) for fault in faults(QUESTIONS[number].draw(levels, 1), written)}
    assert kinds == {"small", "cut off", "overlap"}


def test_panels_stand_below_one_another_on_a_phone(levels):
    for number in (3, 5, 7, 10, 11):
        wide = QUESTIONS[number].draw(levels, 1)
        with shown_on(PHONE):
            narrow = QUESTIONS[number].draw(levels, 1)
        narrow.draw_without_rendering()
        boxes = sorted((axes.bbox for axes in narrow.axes), key=lambda box: -box.y0)
        assert len({axes.get_subplotspec().colspan.start for axes in wide.axes}) > 1
        assert all(below.y1 < above.y0 for above, below in pairwise(boxes))


def test_plots_have_the_height_they_ask_for_whatever_is_written():
    for title in ("short", "a long title " * 20):
        with shown_on(PHONE):
            figure = drawn(lambda figure: figure.subplots().set_title(title), plots=2.0)  # noqa: B023  # drawn at once
        figure.draw_without_rendering()
        assert figure.axes[0].bbox.height / figure.dpi == pytest.approx(2.0, abs=0.02)


def test_lines_are_never_broken_at_a_space_that_holds_words_together():
    text = Figure().suptitle("bars 90\u00a0% of\nall")
    assert wrapped(text, 1.0) == "bars\n90\u00a0%\nof\nall"
    assert wrapped(text, 1_000.0) == "bars 90\u00a0% of all"


def test_figures_are_wide_unless_a_phone_is_asked_for():
    assert canvas() is WIDE
    with shown_on(PHONE):
        assert canvas() is PHONE
    assert canvas() is WIDE


def test_the_report_has_every_figure_for_either_width(levels, page):
    pictures = PICTURE.findall(page)
    assert len(pictures) == len(answerable(levels)) == page.count("<img")
    for narrow, wide, alt in pictures:
        widths = [float(re.search(rb'<svg[^>]* width="([\d.]+)pt"', base64.b64decode(one.split(",", 1)[1]))[1])
                  for one in (narrow, wide)]  # fmt: skip
        assert widths[0] == 358.0
        assert widths[1] >= 8.0 * POINTS
        assert alt.endswith("The numbers are in the table below.")


def test_a_figure_in_a_page_has_letters_of_the_size_they_are_drawn_in(levels):
    scales = re.compile(rb"scale\([^)]*\)")
    in_file = as_bytes(QUESTIONS[1].draw(levels, 1), "svg", outlined=True)
    in_page = base64.b64decode(picture(lambda: QUESTIONS[1].draw(levels, 1)).wide.split(",", 1)[1])
    assert scales.findall(in_page) == scales.findall(in_file) != []
    assert len(in_page) < 0.9 * len(in_file)


def test_wide_tables_say_that_they_scroll(page):
    hints = re.findall(r'<div class="wide" data-hint="([^"]+)"', page)
    assert set(hints) == {"Scroll sideways to see all columns."}
    assert ".wide[data-hint]::before { content: attr(data-hint)" in page
