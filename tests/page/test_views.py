"""The page without a browser: the same numbers as the command line, to the digit."""

import html
import json
from functools import partial

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sim
from sim.analysis import flips as flipping
from sim.analysis import ignorance, levels
from sim.analysis import trip_wires as wiring
from sim.experiment import ResultsError, read
from sim.page import run_view
from sim.page.library import Library
from sim.report.answers import one_page
from sim.report.html import report
from sim.report.questions import QUESTIONS
from sim.report.questions.q01_hours import levels_shown
from sim.report.text import words
from sim.report.text.glossary import TERMS, explained
from sim.report.text.translation import LANGUAGES, told_in
from tests.report.test_warnings import flips, wires
from tests.small import short, small_results, tables_of

NAME = "<b>bold</b> [x](javascript:1) $a$"
TIMEOUT = 600  # seconds; other tests may have the processors


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_explained_as_in_the_glossary(folder, language):
    page = opened(folder, language)
    with told_in(language):
        said = html.unescape(html_of(page))
        assert [key for key in TERMS if f"{TERMS[key].label}. {explained(key)}" not in said] == []
        assert [one.help for one in page.metric] == [explained(key) for key in ("cost", "incremental", "net_return", "pays")]


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
    next(one for one in page.slider if one.label == "Hours per week").set_value(12.5)
    page.slider(key="worlds").set_value(2)
    page.text_input(key="name").set_value("mine").run()
    page.button(key="run").click().run()
    assert not page.exception
    assert not [one.value for one in page.error]
    point = Point("12.5 h/week", apply(small(), {"team.hours_per_week": 12.5}), {})
    expected = execute(Plan("mine", (point,), 2, 7), tmp_path / "run").table("outcomes")
    pd.testing.assert_frame_equal(read(folder / "mine").table("outcomes"), expected)
    page.button(key="run").click().run()
    assert "there already" in unmarked(page.error[0].value)
    page.text_input(key="name").set_value("../../out").run()
    page.button(key="run").click().run()
    assert "not a name for a run" in unmarked(page.error[0].value)


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


PERSON_KEYS = ("name", "hours", "cost_per_hour")
FIRM = {
    "name": "Her Firm", "year": "2026", "currency": "EUR", "target_accounts": "120", "deals_per_year": "5",
    "deal_value": "18,000", "margin": "70 %", "customers": "20", "renewal_rate": "86",
}  # fmt: skip


def test_where_no_results_are_a_company_is_asked_for(tmp_path, monkeypatch):
    """The form gives the company, and the scenario, that the command line gives."""
    monkeypatch.setattr("sim.experiment.company.MOST", 8)
    monkeypatch.setattr("sim.page.cache.WORKERS", 1)
    (tmp_path / "results").mkdir()
    page = opened(tmp_path / "results")
    for key, answer in FIRM.items():
        page.text_input(key=f"company {key}").set_value(answer)
    page.text_input(key="company person 1 name").set_value("Anna")
    page.text_input(key="company person 1 hours").set_value("6")
    page.multiselect(key="company channels").set_value(["linkedin", "blog"])
    page.button(key="company read").click().run()
    assert not page.exception
    people = [{"name": "Anna", "hours": "6", "cost_per_hour": ""}]
    found = sim.start(FIRM | {"people": people, "channels": ["linkedin", "blog"]}, tmp_path / "firm.yaml")
    (said,) = found.sentences()
    assert said in unmarked(texts(page))
    assert page.code[0].value == (tmp_path / "firm.yaml").read_text(encoding="utf-8").rstrip("\n")
    assert "wins 5 deals per year worth 90,000 EUR" in said


def test_a_run_that_was_stopped_is_named_where_there_are_no_results_yet(tmp_path):
    small_results(tmp_path / "Her Firm", 1)
    (tmp_path / "Her Firm" / "checksums.json").unlink()
    said = unmarked(texts(opened(tmp_path)))
    assert f"“Her Firm” was stopped before it was done. Run it again here, or with: sim resume '{tmp_path}" in said


def test_any_number_of_people_make_the_scenario_of_a_file_of_answers(tmp_path, quick):
    """People come and go, what is typed stays, and the scenario is that of `sim start --answers`."""
    people = [("Anna", "6", "55"), ("Ben", "4,5", ""), ("Chloé", "3", "60"), ("Dev", "2", "45"), ("Eve", "", "70")]
    (tmp_path / "results").mkdir()
    page = opened(tmp_path / "results")
    for key, answer in FIRM.items():
        page.text_input(key=f"company {key}").set_value(answer)
    assert [one for one in page.button if one.key == "company remove 1"] == [], "one row stays"
    for number, person in enumerate([*people[:2], ("Left", "1", "1"), *people[2:]], 1):
        for key, answer in zip(PERSON_KEYS, person, strict=True):
            page.text_input(key=f"company person {number} {key}").set_value(answer)
        page.button(key="company add").click().run()
    page.button(key="company remove 3").click().run()
    assert [one.label for one in page.text_input if one.key.endswith("name") and "person" in one.key] == [
        f"Person {number}: name" for number in range(1, 7)
    ]
    page.button(key="company read").click().run()
    assert not [one.value for one in page.error]
    rows = [f"  - {{name: {name}, hours: '{hours}', cost_per_hour: '{cost}'}}" for name, hours, cost in people]
    text = "\n".join([*(f"{key}: '{answer}'" for key, answer in FIRM.items()), "people:", *rows])
    (tmp_path / "answers.yaml").write_text(text, encoding="utf-8")
    sim.start(tmp_path / "answers.yaml", tmp_path / "firm.yaml")
    assert page.code[0].value == (tmp_path / "firm.yaml").read_text(encoding="utf-8").rstrip("\n")
    assert "Chloé" in page.code[0].value


def test_what_is_wrong_with_a_person_is_said_as_in_a_file(tmp_path):
    page = opened(tmp_path)
    page.button(key="company add").click().run()
    page.text_input(key="company name").set_value("Her Firm")
    for number in (1, 2):
        page.text_input(key=f"company person {number} name").set_value("Anna")
    page.text_input(key="company person 2 hours").set_value("400")
    page.button(key="company read").click().run()
    said = " ".join(unmarked(one.value) for one in page.error)
    assert "two people are called Anna" in said
    assert "people.1.hours" in said


def test_what_is_wrong_with_answers_is_said_all_at_once(folder):
    page = opened(folder)
    page.radio(key="view").set_value("Your company").run()
    page.text_input(key="company margin").set_value("145 %")
    page.text_input(key="company deal_value").set_value("lots")
    page.button(key="company read").click().run()
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


@pytest.fixture
def quick(monkeypatch, leave_questions, few_resamples):
    """A company's deals solved for in few worlds, and few of them run; reports answer the first question alone."""
    leave_questions(1)
    monkeypatch.setattr("sim.experiment.company.FIRST", 2)
    monkeypatch.setattr("sim.experiment.company.MOST", 4)
    for name in ("cache", "run_view", "warnings_view"):
        monkeypatch.setattr(f"sim.page.{name}.WORKERS", 1)
    monkeypatch.setattr("sim.page.company_view.REPLICATIONS", 2)
    monkeypatch.setattr("sim.page.company_view.levels_with", lambda scenario: [2.0, 6.0])


@pytest.fixture
def looked_for(monkeypatch):
    """In the place of `sim.warnings` what finds some at once; or, with a list of what to raise, what is stopped."""
    asked = []

    def warnings(results, *, scenario, workers, bar):
        with bar("warnings", "worlds") as progress:
            progress(1, 4)
        asked.append(scenario)
        if raised:
            raise raised.pop()
        flipping.keep(results, flips())
        wiring.keep(results, wires())

    raised = []
    monkeypatch.setattr(sim, "warnings", warnings)
    return asked, raised


def company_run(folder, name="Her Firm"):
    """A page on which a company was answered for, read back and run."""
    page = opened(folder)
    if page.radio:
        page.radio(key="view").set_value("Your company").run() if len(page.radio) > 1 else None
    for key, answer in FIRM.items():
        page.text_input(key=f"company {key}").set_value(answer)
    page.button(key="company read").click().run()
    page.text_input(key="company results").set_value(name).run()
    page.button(key="company run").click().run()
    assert not page.exception
    return page


def said_of(results):
    return [sentence for part in one_page.parts(results, words.headline(results)) for sentence in part.sentences]


def test_the_page_s_run_ends_with_warnings_as_sim_start_does(tmp_path, quick, looked_for):
    page = company_run(tmp_path)
    results = read(tmp_path / "Her Firm")
    assert flipping.stored(results) == flips()
    said = said_of(results)
    assert any("stop or change if posts seen are below 620" in one for one in said)
    for sentence in said:
        assert sentence in unmarked(texts(page))
    (given,), _ = looked_for
    assert given.scenario.name == "Her Firm"
    assert "Whoever moves anything" not in html_of(page), "nothing runs any more"
    assert ("sales", "margin") in given.origins, "numbers that were answered are no guesses"
    report.write([results], tmp_path / "report.html")
    shown = opened(tmp_path)
    for sentence in said:
        assert sentence in unmarked(texts(shown))


def test_the_answer_is_there_before_warnings_are_and_stays_if_they_are_stopped(tmp_path, quick, looked_for, monkeypatch):
    asked, raised = looked_for
    raised.append(st.runtime.scriptrunner.StopException())  # as when someone moves anything
    page = company_run(tmp_path)
    results = read(tmp_path / "Her Firm")
    for sentence in words.headline(results).sentences:
        assert sentence in unmarked(texts(page))
    assert "620" not in texts(page)
    assert [one.label for one in page.button if one.key == f"stop {results.folder}"] == ["Stop looking"]
    page.run()
    assert f"sim warn '{results.folder}'" in unmarked(texts(page)), "a name with a blank"
    page.button(key=f"look {results.folder}").click().run()
    assert not page.exception
    assert "stop or change if posts seen are below 620" in unmarked(texts(page))
    assert asked[0] == asked[1], "the same search goes on"
    assert len(asked) == 2


def test_what_hinders_the_search_is_said_below_the_answer(folder, looked_for):
    _, raised = looked_for
    results = read(folder / "levels")
    page = opened(folder)
    page.button(key=f"look {results.folder}").click()
    raised.append(ResultsError("no guess is left [x](y)"))
    page.run()
    assert [unmarked(one.value) for one in page.error] == ["no guess is left [x](y)"]
    assert words.headline(results).sentences[0] in unmarked(texts(page))
    assert page.button(key=f"look {results.folder}"), "it may be tried again"


@pytest.mark.slow
def test_the_page_finds_the_warnings_of_the_command_line_to_the_digit(tmp_path, quick, monkeypatch):
    """Same answers, same scenario, same worlds: what flips the advice and what to watch are the same on all surfaces."""
    few = {"most": 2, "members": 10, "worlds": 2, "sets": 6}
    monkeypatch.setattr(sim, "warnings", partial(sim.warnings, **few))
    (tmp_path / "results").mkdir()
    page = company_run(tmp_path / "results")
    of_page = read(tmp_path / "results" / "Her Firm")
    scenario = tmp_path / "firm.yaml"
    sim.start(FIRM, scenario)
    found = sim.sweep(scenario, {"team.hours_per_week": [2.0, 6.0]}, replications=2, folder=tmp_path / "Her Firm")
    sim.warnings(found, scenario=scenario)
    assert flipping.stored(of_page) == flipping.stored(found)
    assert wiring.stored(of_page) == wiring.stored(found)
    assert ignorance.stored(of_page) == ignorance.stored(found) is not None
    said = said_of(found)
    assert said == said_of(of_page)
    report.write([found], tmp_path / "report.html")
    shown = html.unescape(" ".join((tmp_path / "report.html").read_text(encoding="utf-8").split())).replace("\xa0", " ")
    for sentence in said:
        assert sentence in unmarked(texts(page))
        assert sentence in shown


def test_the_same_run_of_the_page_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.page.run_view.WORKERS", 1)
    asked = (Library(tmp_path), "mine", short(), [5.0, 20.0], 1, 7)
    assert run_view.run(*asked) is not None
    before = tables_of(tmp_path / "mine")
    assert run_view.run(*asked) is None, "its name is taken once it is done"
    (tmp_path / "mine" / "checksums.json").unlink()
    assert run_view.run(*asked) is not None
    assert tables_of(tmp_path / "mine") == before
