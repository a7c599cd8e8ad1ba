"""A new run: the scenario shown, with other hours, another split and a number of worlds; and its progress."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import streamlit as st

import sim
from sim.experiment.designs import HOURS
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.simplex import SPLIT
from sim.page import cache, warnings_view
from sim.page.library import Library
from sim.page.widgets import plain, progress_of, small, table
from sim.report.text.cells import frame_of
from sim.report.text.remarks import in_language
from sim.report.text.translation import say, spoken
from sim.report.text.words import in_words, point_name
from sim.scenario import Scenario, ScenarioError, apply
from sim.scenario.describe import to_yaml
from sim.scenario.schema import ACTIVITIES
from sim.workflows.results import RunResults

MOST_HOURS, MOST_WORLDS, USUAL_WORLDS = 60.0, 200, 10
WORKERS = 2
HUNDRED = 100


def show(library: Library, results: Results, point: int) -> None:
    """Show sliders, a button, a bar and the answer; a new run is kept beside the results."""
    base = Plan.from_results(results).points[point].scenario
    st.markdown(plain(say("Begins with {level}; what you do not move stays unchanged.", level=point_name(results, point))))
    where = f"{results.folder} {point}"
    hours = st.slider(say("Hours per week"), 0.0, MOST_HOURS, float(base.team.hours_per_week), 0.5, key=f"hours {where}")
    shares = _split(base, where)
    worlds = st.slider(say("Worlds"), 2, MOST_WORLDS, USUAL_WORLDS, key="worlds")
    name = st.text_input(say("Name"), say("new run"), key="name")
    seed = int(results.manifest["seed"])
    changes = {HOURS: hours, **shares}
    try:
        scenario = apply(base, changes)
    except ScenarioError as error:
        st.error(plain(in_language(error)))
        return
    if st.button(say("Run"), type="primary", key="run"):
        made = run(library, name, scenario, [scenario.team.hours_per_week], worlds, seed)
        if made is not None:
            show_made(library, made, is_begun=True)
    small(say("The same on the command line, with this scenario as a file:"))
    st.code(f"sim run scenario.yaml --replications {worlds} --seed {seed}", language=None, wrap_lines=True)
    st.download_button(
        say("The scenario as a file"), to_yaml(scenario), "scenario.yaml", "text/yaml", key="scenario", on_click="ignore"
    )


def _split(base: Scenario, where: str) -> dict[str, float]:
    """Show the shares asked for as sliders, and scale them to a whole; empty if none is moved."""
    usual = {one: getattr(base.team.split, one) for one in ACTIVITIES}
    with st.expander(say("Shares of the hours asked for")):
        parts = {
            one: st.slider(in_words(one), 0, HUNDRED, round(HUNDRED * share), format="%d %%", key=f"{one} {where}")
            for one, share in usual.items()
        }
        total = sum(parts.values())
        if total != HUNDRED:
            small(say("Together {total} %: taken in proportion.", total=total))
    if not total or all(parts[one] == round(HUNDRED * share) for one, share in usual.items()):
        return {}
    return {f"{SPLIT}.{one}": part / total for one, part in parts.items()}


def run(library: Library, name: str, scenario: Scenario, hours: Sequence[float], worlds: int, seed: int) -> RunResults | None:
    """Run a scenario at some hours per week, with a bar; the results are kept in the library. None if it cannot be run."""
    try:
        named = apply(scenario, {"name": name})
        hashes = {apply(named, {HOURS: one}).content_hash() for one in hours}
        stopped = library.stopped(name, hashes, worlds, seed)
        folder = stopped or library.new(name)
    except (ResultsError, ScenarioError) as error:
        st.error(plain(in_language(error)))
        return None
    place = st.empty()
    with place.container():
        small(say("Moving anything before it is done stops the run. The same run then continues from there."))
        bar = st.progress(0.0, say("Worlds"))
    how: Any = {
        "workers": WORKERS,
        "bar": lambda title, counted: nullcontext(progress_of(bar.progress)),  # as all are called
    }
    try:
        if stopped is not None:
            found = sim.resume(stopped, **how)
        else:
            found = sim.sweep(named, {HOURS: list(hours)}, replications=worlds, seed=seed, folder=folder, **how)
    except (ResultsError, RunError) as error:
        place.empty()
        st.error(plain(in_language(error)))
        return None
    place.empty()
    return found


def show_made(library: Library, results: Results, *, is_begun: bool) -> None:
    """Show the answer of a run that was made here; then look for warnings, if there are levels and it has just begun."""
    name = str(results.folder.relative_to(library.folder))
    st.success(say("“{name}” is kept; find it among the results on the left.", name=results.folder.name))
    advice, *others = cache.first_page(results, spoken())
    for sentence in advice.sentences:
        st.markdown(plain(sentence))
    for one in advice.tables:
        table(frame_of(one.rows), advice.heading)
    warnings_view.show_parts(others)
    place = warnings_view.show(results, is_begun=is_begun)
    table(cache.levels_table(results, spoken())[1], name)
    st.button(say("Bring it up"), key="bring", on_click=_bring_up, args=(name,))
    if place is not None:
        warnings_view.look(results, place)


def _bring_up(name: str) -> None:
    st.session_state["results"] = name
