"""The page: which results, in which language, and what one may do with them; where there are none, the form for a company."""

from pathlib import Path
from shlex import quote

import streamlit as st

from sim.experiment.errors import ResultsError
from sim.experiment.results import Results
from sim.page import answer_view, cache, company_view, deals_view, questions_view, run_view
from sim.page.library import Library
from sim.page.widgets import plain, small
from sim.report.text.glossary import GROUPS
from sim.report.text.remarks import in_language
from sim.report.text.translation import LANGUAGES, later, say, spoken, told_in
from sim.report.text.words import point_name

NEW_RUN, COMPANY = later("New run"), later("Your company")
VIEWS_OF_RESULTS = {
    later("Answer"): answer_view.show,
    later("Questions"): questions_view.show,
    later("Deals"): deals_view.show,
}
VIEWS = (*VIEWS_OF_RESULTS, NEW_RUN, COMPANY)
LANGUAGE_NAMES = {"en": "English", "fr": "Français"}


def show(folder: Path, language: str) -> None:
    """Show the page of a folder; `language` is the one that it begins in."""
    st.set_page_config(page_title="sim", layout="wide")
    with st.sidebar:
        chosen = st.radio(
            "Language", LANGUAGES, index=LANGUAGES.index(language), format_func=LANGUAGE_NAMES.__getitem__, horizontal=True
        )
    with told_in(chosen):
        try:
            if "library" not in st.session_state:
                st.session_state["library"] = Library.of(folder)
            _show(st.session_state["library"])
        except ResultsError as error:
            st.error(plain(in_language(error)))


def _show(library: Library) -> None:
    if not library.names():
        for folder in library.unfinished():
            said = say(
                "“{name}” was stopped before it was done. Run it again here, or with: sim resume {folder}",
                name=folder.name,
                folder=quote(str(folder)),
            )
            st.info(plain(said))
        company_view.show(library)
        return
    results = _results(library)
    point = _level(results)
    _words()
    view = st.radio(say("View"), VIEWS, format_func=say, horizontal=True, key="view", label_visibility="collapsed")
    if view == COMPANY:
        company_view.show(library)
    elif view == NEW_RUN:
        run_view.show(library, results, point)
    else:
        VIEWS_OF_RESULTS[view](results, point)


def _results(library: Library) -> Results:
    names = library.names()
    with st.sidebar:
        if st.session_state.get("results") not in names:
            st.session_state["results"] = names[0]
        name = st.selectbox(
            say("Results"), names, key="results", format_func=lambda one: library.folder.name if one == "." else one
        )
    return library.open(name)


def _level(results: Results) -> int:
    """Return the level to look at: the advised one to begin with."""
    table, _ = cache.levels_table(results, spoken())
    shown = table["point"].tolist()
    advised = cache.answered(results, spoken()).point
    with st.sidebar:
        if len(shown) == 1:
            return int(shown[0])
        at = st.select_slider(
            say("Level to look at"),
            shown,
            value=advised,
            format_func=lambda one: point_name(results, one),
            key=f"level {results.folder}",
        )
    return int(at)


def _words() -> None:
    """Explain the words of the page, as docs/glossary.md does."""
    with st.sidebar.expander(say("Words used here")):
        for heading, group in GROUPS.items():
            st.markdown(f"**{plain(say(heading))}**")
            for term in group.values():
                small(f"{term.label}. {say(term.meaning)}")
