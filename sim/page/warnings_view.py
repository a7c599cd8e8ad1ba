"""The view of what to watch and what would change the advice: shown where it is known, else looked for after the answer."""

from collections.abc import Sequence
from contextlib import nullcontext

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import sim
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.results import Results
from sim.page import cache
from sim.page.widgets import plain, progress_of, small, table
from sim.report.answers import one_page
from sim.report.answers.base import Part
from sim.report.text.cells import frame_of
from sim.report.text.remarks import in_language
from sim.report.text.translation import say, spoken
from sim.scenario import Loaded, ScenarioError

WORKERS = 2


def show_parts(parts: Sequence[Part]) -> None:
    """Show parts of an answer, each under its heading."""
    for part in parts:
        st.subheader(plain(part.heading))
        for sentence in part.sentences:
            st.markdown(plain(sentence))
        for one in part.tables:
            table(frame_of(one.rows), part.heading)


def remember(results: Results, given: Loaded) -> None:
    """Remember what results were made from: the numbers that its author gave are not guesses."""
    st.session_state[_key(results)] = given


def show(results: Results, *, is_begun: bool = False) -> DeltaGenerator | None:
    """Show what is known; where nothing is, offer to look for it.

    Returns the place in which `look` is to continue once everything else is shown; None if it was not asked for.
    """
    if one_page.is_warned(results) or not one_page.is_of_levels(results):
        show_parts(cache.warned(results, spoken()))
        return None
    place = st.empty()
    if st.session_state.pop(_asked(results), False) or is_begun:
        return place
    with place.container():
        show_parts(cache.warned(results, spoken()))
        if hindrance := st.session_state.pop(_hindered(results), None):
            st.error(plain(hindrance))
        st.button(say("Look for it now"), key=f"look {results.folder}", on_click=_ask, args=(results,))
    return None


def look(results: Results, place: DeltaGenerator) -> None:
    """Look for warnings, with a bar and a button that stops; then run the script again, which shows them or what hindered.

    Streamlit stops a script at its next call once anything is moved. Worlds that were run by then are kept, so that the
    same search continues from there. The place is filled once: what stood in a container stays below what replaces it within
    the same run of the script, even where it is emptied in between, since the browser is told the last of both alone.
    """
    with place.container():
        st.subheader(plain(say(one_page.HEADINGS["watch"])))
        small(say("Looking for what to watch and what would change the advice: some minutes. The answer is kept."))
        bar = st.progress(0.0, say("Worlds"))
        st.button(say("Stop looking"), key=f"stop {results.folder}")
        small(say("Moving anything stops the search; it continues from there when you ask for it again."))
    try:
        sim.warnings(
            results,
            scenario=st.session_state.get(_key(results)),
            workers=WORKERS,
            bar=lambda title, counted: nullcontext(progress_of(bar.progress)),  # as all are called
        )
    except (ScenarioError, ResultsError, RunError) as error:
        st.session_state[_hindered(results)] = in_language(error)
    st.rerun()


def _ask(results: Results) -> None:
    st.session_state[_asked(results)] = True


def _asked(results: Results) -> str:
    return f"asked for {results.folder}"


def _hindered(results: Results) -> str:
    return f"hindered at {results.folder}"


def _key(results: Results) -> str:
    return f"made from {results.folder}"
