"""The page without a browser: the same numbers as the command line, to the digit."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.analysis import levels
from sim.experiment import read
from sim.report.questions import QUESTIONS
from sim.report.questions.q01_hours import levels_shown
from sim.report.text import words
from tests.small import small_results

NAME = "<b>bold</b> [x](javascript:1) $a$"
TIMEOUT = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    small_results(folder / "levels", 2)
    return folder


def script(folder: str, language: str) -> None:
    from pathlib import Path  # noqa: PLC0415  # run by itself

    from sim.page.page import show  # noqa: PLC0415

    show(Path(folder), language)


def opened(folder, language="en"):
    page = AppTest.from_function(script, args=(str(folder), language), default_timeout=TIMEOUT).run()
    assert not page.exception
    return page


def texts(page):
    return " ".join(one.value for kind in ("info", "warning", "markdown", "caption", "subheader") for one in page.get(kind))


def html_of(page):
    return " ".join(one.proto.body for one in page.get("html"))


def unmarked(text):
    return text.replace("\\", "")


def test_the_answer_and_its_table_are_those_of_the_command_line(folder):
    results = read(folder / "levels")
    page = opened(folder)
    for sentence in words.headline(results).sentences:
        assert sentence in unmarked(texts(page))
    for row in levels_shown(results).itertuples(index=False):
        assert all(str(cell).replace(" %", "&nbsp;%") in html_of(page) for cell in row)


def test_another_level_is_looked_at_with_its_own_figures(folder):
    results = read(folder / "levels")
    page = opened(folder)
    for point in (0, 1):
        page.select_slider[0].set_value(point).run()
        row = levels.table(results).set_index("point").loc[point]
        metrics = [one.value for one in page.metric]
        assert words.money(row["net_return"]) in metrics
        assert words.money(row["cost"]) in metrics


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_shown_or_says_what_it_takes(folder, question):
    page = opened(folder)
    page.radio(key="view").set_value("Questions").run()
    page.selectbox(key="question").set_value(question).run()
    assert not page.exception
    assert QUESTIONS[question].reading in unmarked(texts(page)) or QUESTIONS[question].command in [
        one.value for one in page.code
    ]


def test_an_account_is_followed(folder):
    page = opened(folder)
    page.radio(key="view").set_value("Deals").run()
    assert not page.exception
    page.number_input[0].set_value(17).run()
    assert "Account 17, in the first world" in unmarked(texts(page))


def test_a_run_has_the_numbers_of_the_command_line(folder, tmp_path):
    """The page's run is the command's: same scenario, seed and worlds, and so the same outcomes, all of them."""
    from sim.experiment import Plan, Point, execute  # noqa: PLC0415
    from sim.scenario import apply  # noqa: PLC0415
    from tests.small import small  # noqa: PLC0415

    page = opened(folder)
    page.radio(key="view").set_value("New run").run()
    next(one for one in page.slider if one.label == "Hours a week").set_value(12.5)
    page.slider(key="worlds").set_value(2)
    page.text_input(key="name").set_value("mine").run()
    page.button(key="run").click().run()
    assert not page.exception
    assert not page.error
    point = Point("12.5 h/week", apply(small(), {"team.hours_per_week": 12.5}), {})
    expected = execute(Plan("mine", (point,), 2, 7), tmp_path / "run").table("outcomes")
    pd.testing.assert_frame_equal(read(folder / "mine").table("outcomes"), expected)
    page.button(key="run").click().run()
    assert "there already" in unmarked(page.error[0].value)
    page.text_input(key="name").set_value("../../out").run()
    page.button(key="run").click().run()
    assert "no name for a run" in unmarked(page.error[0].value)


def test_what_results_say_is_text(folder, tmp_path):
    small_results(tmp_path / "named", 2)
    manifest = tmp_path / "named" / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    for number, point in enumerate(said["points"]):
        point["label"] = f"{NAME} {number}"
        point["scenario"]["currency"] = NAME
    manifest.write_text(json.dumps(said), encoding="utf-8")
    page = opened(tmp_path)
    assert NAME not in texts(page)
    assert "<b>bold" not in html_of(page)


def test_the_page_speaks_french(folder):
    page = opened(folder, "fr")
    assert page.metric[0].label.startswith("coût")


FIRM = {
    "name": "Her Firm", "year": "2026", "currency": "EUR", "target_accounts": "120", "deals_per_year": "5",
    "deal_value": "18,000", "margin": "70 %", "customers": "20", "renewal_rate": "86",
}  # fmt: skip


def test_where_no_results_are_a_company_is_asked_for(tmp_path, monkeypatch):
    """The form gives the company, and the scenario, that the command line gives."""
    import sim  # noqa: PLC0415

    monkeypatch.setattr("sim.experiment.company.MOST", 8)
    monkeypatch.setattr("sim.page.cache.WORKERS", 1)
    (tmp_path / "results").mkdir()
    page = opened(tmp_path / "results")
    for key, answer in FIRM.items():
        page.text_input(key=f"company {key}").set_value(answer)
    page.text_input(key="company person 1 name").set_value("Anna")
    page.text_input(key="company person 1 hours").set_value("6")
    page.multiselect(key="company channels").set_value(["linkedin", "blog"])
    page.button[0].click().run()
    assert not page.exception
    people = [{"name": "Anna", "hours": "6", "cost_per_hour": ""}]
    found = sim.start(FIRM | {"people": people, "channels": ["linkedin", "blog"]}, tmp_path / "firm.yaml")
    (said,) = found.sentences()
    assert said in unmarked(texts(page))
    assert page.code[0].value == (tmp_path / "firm.yaml").read_text(encoding="utf-8").rstrip("\n")
    assert "wins 5 deals per year worth 90,000 EUR" in said


def test_what_is_wrong_with_answers_is_said_all_at_once(folder):
    page = opened(folder)
    page.radio(key="view").set_value("Your company").run()
    page.text_input(key="company margin").set_value("145 %")
    page.text_input(key="company deal_value").set_value("lots")
    page.button[0].click().run()
    assert not page.exception
    faults = [unmarked(one.value) for one in page.error]
    assert [fault.partition(":")[0] for fault in faults] == ["name", "deal_value", "margin"]


def test_what_is_kept_is_not_kept_beyond_a_search_for_warnings(folder):
    from sim.page import cache  # noqa: PLC0415

    results = read(folder / "levels")
    before = cache._key(results)
    (results.folder / "trip_wires.json").touch()
    try:
        assert cache._key(results) != before
    finally:
        (results.folder / "trip_wires.json").unlink()
