"""The twelve questions, one at a time: figure, how to read it, tables, and all of it to take along."""

import streamlit as st

from sim.experiment.results import Results
from sim.page import cache
from sim.page.widgets import as_csv, picture, plain, small, table
from sim.report.figures.style import FORMATS
from sim.report.questions import QUESTIONS
from sim.report.text.translation import say, spoken

KINDS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


def show(results: Results, point: int) -> None:
    """Show one question, answered at a level as far as the results can."""
    number = st.selectbox(
        say("Question"), list(QUESTIONS), format_func=lambda one: f"{one}. {say(QUESTIONS[one].asked)}", key="question"
    )
    question = QUESTIONS[number]
    if question not in cache.answerable_by(results):
        st.info(say("These results do not hold an answer. It takes a run of its own:"))
        st.code(question.command, language=None, wrap_lines=True)
        if question.besides:
            st.markdown(plain(say(question.besides)))
        return
    picture(*cache.figure(results, number, point, spoken(), "png"))
    form = st.radio(say("Figure as"), FORMATS, horizontal=True, key="form", format_func=str.upper)
    name = f"{question.file_name}.{form}"
    image, _ = cache.figure(results, number, point, spoken(), form)
    st.download_button(say("Figure: {file}", file=name), image, name, KINDS[form], key=f"figure {name}", on_click="ignore")
    st.markdown(plain(say(question.reading)))
    for one in cache.question_tables(results, number, point, spoken()):
        if one.caption:
            small(one.caption)
        table(one.shown, one.caption or say(question.asked))
        as_csv(one.frame, question.csv_name(one))
