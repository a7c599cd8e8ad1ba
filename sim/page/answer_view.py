"""The answer, the level that is looked at, and any outcome against the levels."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from sim.experiment.outcome_columns import outcomes
from sim.experiment.results import Results
from sim.page import cache, warnings_view
from sim.page.widgets import as_csv, picture, plain, small, table
from sim.report.html.markup import guarded
from sim.report.text.cells import frame_of
from sim.report.text.glossary import explained
from sim.report.text.translation import say, spoken
from sim.report.text.words import money, number, percent, point_name, point_names

BEGIN_WITH = ("net_return_expected", "net_deals_expected")


def show(results: Results, point: int) -> None:
    """Show sentences, figure and table of question 1, then outcomes that the reader picks."""
    advice, *parts = cache.first_page(results, spoken())
    box = st.warning if cache.is_stop(results, spoken()) else st.info
    first, *others = map(plain, advice.sentences)
    box("\n\n".join([f"**{first}**", *others]))
    for one in advice.tables:
        table(frame_of(one.rows), advice.heading)
    warnings_view.show_parts(parts)
    place = warnings_view.show(results)
    data, shown = cache.levels_table(results, spoken())
    st.subheader(plain(say("At {level}", level=point_name(results, point))))
    _figures(data[data["point"] == point].iloc[0], results.currency)
    picture(*cache.figure(results, 1, point, spoken(), "png"))
    table(shown, say("Levels of hours"))
    as_csv(data.drop(columns="point"), "q01_hours.csv")
    st.subheader(say("Outcomes"))
    titles = {one.name: say(one.title) for one in outcomes()}
    picked = st.multiselect(
        say("Outcomes to compare"), list(titles), default=list(BEGIN_WITH), format_func=titles.__getitem__, key="outcomes"
    )
    meanings = {one.name: say(one.meaning) for one in outcomes()}
    for name in picked:
        picture(*cache.outcome_figure(results, name, spoken()))
        small(f"{titles[name]}: {meanings[name]}.")
    _differences(results)
    if place is not None:
        warnings_view.look(results, place)


def _figures(row: "pd.Series[Any]", currency: str) -> None:
    """Show the most important figures of a level in large type, with their intervals below."""
    named = plain(currency)
    figures = (
        (say("cost, {currency}", currency=named), "cost", money(row["cost"]), ""),
        (say("net deals"), "incremental", number(row["net_deals"]), _interval(row, "net_deals", number)),
        (
            say("net return, {currency}", currency=named),
            "net_return",
            money(row["net_return"]),
            _interval(row, "net_return", money),
        ),
        (say("worlds in which it pays"), "pays", percent(row["pays_share"]), ""),
    )
    for column, (name, term, value, interval) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, value, help=explained(term))
        if interval:
            with column:
                small(interval)


def _interval(row: "pd.Series[Any]", name: str, said: Callable[[float], str]) -> str:
    low, high = (said(row[f"{name}_{end}"]) for end in ("low", "high"))
    return say("{low} to {high}", low=low, high=high)


def _differences(results: Results) -> None:
    if len(results.labels) < 2:
        return
    st.subheader(say("Differences between levels, world by world"))
    names = point_names(results)
    baseline = st.selectbox(
        say("Compared with"), range(len(names)), format_func=names.__getitem__, key=f"baseline {results.folder}"
    )
    found = cache.compared(results, baseline)
    st.dataframe(guarded(found), hide_index=True)
    as_csv(found, "differences.csv")
