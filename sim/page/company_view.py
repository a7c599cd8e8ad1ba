"""Your company: about ten questions as a form, the company read back, its scenario as a file, and a run of 5 to 40 hours."""

import json
from dataclasses import replace
from typing import Any

import streamlit as st

from sim.intake.answers import CHANNELS, NOW, PERSON, QUESTIONS, Question
from sim.intake.reading import MOST_PEOPLE
from sim.page import cache, run_view, warnings_view
from sim.page.library import Library
from sim.page.widgets import plain, small
from sim.report.text.translation import say, spoken
from sim.scenario import Loaded, ScenarioError, apply
from sim.scenario.presets import presets
from sim.workflows.start import REPLICATIONS, levels_with

FILE = "company.yaml"
SEED = 1
MADE = "company made"  # the scenario's text and the results' name of the run that was made last
ROWS = "company rows"  # numbers of the rows for people, in their order
PLACES = (3, 2, 2, 2)  # of a row, as parts of its width: what is asked of a person, and a button


def show(library: Library) -> None:
    """Show the form, and then what follows from it."""
    st.markdown(plain(say("About ten questions. Leave empty what you do not know; a range is then kept.")))
    with st.form("company", enter_to_submit=False):  # or Enter would press the first button, which takes a person out
        given = _form()
        is_asked = st.form_submit_button(say("Read my company back"), type="primary", key="company read")
    if is_asked:
        st.session_state["company answers"] = json.dumps(given)
    if "company answers" not in st.session_state:
        return
    try:
        with st.spinner(say("Solving for your deals: a minute at most")):
            text, loaded, sentences = cache.company(st.session_state["company answers"], spoken())
    except ScenarioError as error:
        for fault in error.each():
            st.error(plain(str(fault)))
        return
    _read_back(library, text, loaded, sentences)


def _form() -> dict[str, Any]:
    """Ask the questions, and return the answers by key."""
    left, right = st.columns(2)
    given: dict[str, Any] = {}
    for number, question in enumerate(QUESTIONS):
        given[question.key] = _text(left if number % 2 == 0 else right, question, question.key)
    given["channels"] = st.multiselect(
        say("On which channels?"), list(presets()), key=f"company {CHANNELS.key}", placeholder=say("as is usual")
    )
    given["people"] = _people()
    given["now"] = {
        question.key: _text(column, question, f"now {question.key}")
        for question, column in zip(NOW, st.columns(len(NOW)), strict=True)
    }
    return {key: value for key, value in given.items() if value}


def _people() -> list[dict[str, str]]:
    """Ask who does it, in as many rows as are wanted; rows that are empty are nobody."""
    rows = st.session_state.setdefault(ROWS, [1])
    people = []
    for number, row in enumerate(rows, 1):
        *columns, last = st.columns(PLACES, vertical_alignment="bottom")
        asks = (say("Person {number}: name", number=number), say("hours per week"), say("cost of an hour"))
        person = {
            question.key: column.text_input(ask, key=f"company person {row} {question.key}", placeholder=question.example)
            for question, ask, column in zip(PERSON, asks, columns, strict=True)
        }
        if any(person.values()):
            people.append(person)
        if len(rows) > 1:
            said = say("Remove person {number}", number=number)
            last.form_submit_button(said, key=f"company remove {row}", on_click=rows.remove, args=(row,))
    more = say("Add a person")
    st.form_submit_button(
        more, key="company add", on_click=lambda: rows.append(rows[-1] + 1), disabled=len(rows) >= MOST_PEOPLE
    )
    return people


def _text(place: Any, question: Question, key: str) -> str:
    example = say("such as {example}", example=question.example)
    return str(place.text_input(say(question.asks), key=f"company {key}", placeholder=example))


def _read_back(library: Library, text: str, given: Loaded, sentences: list[str]) -> None:
    first, *others = map(plain, sentences)
    st.info("\n\n".join([f"**{first}**", *others]))
    small(say("If not, change the answers above."))
    name = st.text_input(say("Name"), given.scenario.name, key="company results")
    is_asked = st.button(say("Run 5 to 40 hours per week"), type="primary", key="company run")
    place = st.container()
    st.download_button(say("The scenario as a file"), text, FILE, "text/yaml", key="company file", on_click="ignore")
    with st.expander(say("The scenario")):
        st.code(text, language="yaml", wrap_lines=True)
    with place:
        if is_asked:
            _run(library, name, given, text)
        elif st.session_state.get(MADE, ("", ""))[0] == text:  # after a stop, for one
            _show_again(library)


def _run(library: Library, name: str, given: Loaded, text: str) -> None:
    """Run usual levels of hours, show the answer, and look for warnings, all as `sim start` does."""
    scenario = apply(given.scenario, {"name": name})
    made = run_view.run(library, name, scenario, levels_with(scenario), REPLICATIONS, SEED)
    if made is not None:
        st.session_state[MADE] = text, str(made.folder.relative_to(library.folder))
        warnings_view.remember(made, replace(given, scenario=scenario))
        run_view.show_made(library, made, is_begun=True)


def _show_again(library: Library) -> None:
    _, name = st.session_state[MADE]
    if name in library.names():
        run_view.show_made(library, library.open(name), is_begun=False)
