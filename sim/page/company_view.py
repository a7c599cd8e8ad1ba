"""Your company: about ten questions as a form, the company read back, its scenario as a file, and a run of 5 to 40 hours."""

import json
from typing import Any

import streamlit as st

from sim.intake.answers import CHANNELS, NOW, PERSON, QUESTIONS, Question
from sim.page import cache, run_view
from sim.page.library import Library
from sim.page.widgets import plain, small
from sim.report.text.translation import say, spoken
from sim.scenario import Scenario, ScenarioError
from sim.scenario.presets import presets
from sim.workflows.start import REPLICATIONS, levels_with

FILE = "company.yaml"
SEED = 1
MOST_PEOPLE = 3


def show(library: Library) -> None:
    """Show the form, and then what follows from it."""
    st.markdown(plain(say("About ten questions. Leave empty what you do not know; a range is then kept.")))
    with st.form("company"):
        given = _form()
        is_asked = st.form_submit_button(say("Read my company back"), type="primary")
    if is_asked:
        st.session_state["company answers"] = json.dumps(given)
    if "company answers" not in st.session_state:
        return
    try:
        with st.spinner(say("Solving for your deals: a minute at most")):
            text, scenario, sentences = cache.company(st.session_state["company answers"], spoken())
    except ScenarioError as error:
        for fault in error.each():
            st.error(plain(str(fault)))
        return
    _read_back(library, text, scenario, sentences)


def _form() -> dict[str, Any]:
    """Ask the questions, and return the answers by key."""
    left, right = st.columns(2)
    given: dict[str, Any] = {}
    for number, question in enumerate(QUESTIONS):
        given[question.key] = _text(left if number % 2 == 0 else right, question, question.key)
    given["channels"] = st.multiselect(
        say("On which channels?"), list(presets()), key=f"company {CHANNELS.key}", placeholder=say("as is usual")
    )
    people = []
    for number in range(1, MOST_PEOPLE + 1):
        columns = st.columns(len(PERSON))
        name = say("person {number}", number=number)
        asks = (say("Person {number}: name", number=number), say("hours per week"), say("cost of an hour"))
        person = {
            question.key: column.text_input(ask, key=f"company {name} {question.key}", placeholder=question.example)
            for question, ask, column in zip(PERSON, asks, columns, strict=True)
        }
        if any(person.values()):
            people.append(person)
    given["people"] = people
    given["now"] = {
        question.key: _text(column, question, f"now {question.key}")
        for question, column in zip(NOW, st.columns(len(NOW)), strict=True)
    }
    return {key: value for key, value in given.items() if value}


def _text(place: Any, question: Question, key: str) -> str:
    example = say("such as {example}", example=question.example)
    return str(place.text_input(say(question.asks), key=f"company {key}", placeholder=example))


def _read_back(library: Library, text: str, scenario: Scenario, sentences: list[str]) -> None:
    first, *others = map(plain, sentences)
    st.info("\n\n".join([f"**{first}**", *others]))
    small(say("If not, change the answers above."))
    name = st.text_input(say("Name"), scenario.name, key="company results")
    if st.button(say("Run 5 to 40 hours per week"), type="primary", key="company run"):
        run_view.run(library, name, scenario, levels_with(scenario), REPLICATIONS, SEED)
    st.download_button(say("The scenario as a file"), text, FILE, "text/yaml", key="company file", on_click="ignore")
    with st.expander(say("The scenario")):
        st.code(text, language="yaml", wrap_lines=True)
