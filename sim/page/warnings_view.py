"""What to watch and what would change the advice: shown where it is known; where it is not, looked for after the answer."""

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
    """Remember what results were made from: the numbers that its author gave are no guesses."""
    st.session_state[_key(results)] = given


def show(results: Results, *, is_begun: bool = False) -> DeltaGenerator | None:
    """Show what is known; where nothing is, offer to look for it.

    Returns the place in which `look` is to go on once everything else is shown; None if it was not asked for.
    """
    place = st.empty()
    with place.container():
        show_parts(cache.warned(results, spoken()))
        if one_page.is_warned(results) or not one_page.is_of_levels(results):
            return None
        is_asked = st.button(say("Look for it now"), key=f"look {results.folder}")
    return place if is_begun or is_asked else None


def look(results: Results, place: DeltaGenerator) -> None:
    """Look for warnings, with a bar and a button that stops, and show them in the place of both.

    Streamlit stops a script at its next call once anything is moved. Worlds that were lived by then are kept, so that the
    same search goes on from there.
    """
    with _anew(place):
        st.subheader(plain(say(one_page.HEADINGS["watch"])))
        small(say("Looking for what to watch and what would change the advice: some minutes. The answer is kept."))
        bar = st.progress(0.0, say("Worlds"))
        st.button(say("Stop looking"), key=f"stop {results.folder}")
        small(say("Whoever moves anything stops the search; it goes on from there when it is asked for again."))
    try:
        sim.warnings(
            results,
            scenario=st.session_state.get(_key(results)),
            workers=WORKERS,
            bar=lambda title, counted: nullcontext(progress_of(bar.progress)),  # as all are called
        )
    except (ScenarioError, ResultsError, RunError) as error:
        with _anew(place):
            st.subheader(plain(say(one_page.HEADINGS["watch"])))
            st.error(plain(str(error)))
        return
    with _anew(place):
        show_parts(cache.warned(results, spoken()))


def _anew(place: DeltaGenerator) -> DeltaGenerator:
    """Give a place with nothing in it: what a container held stays below what it holds now, unless it is emptied."""
    place.empty()
    return place.container()


def _key(results: Results) -> str:
    return f"made from {results.folder}"
