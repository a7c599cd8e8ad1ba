"""The parameters that set the points of results apart: those that were varied, and those in which their scenarios differ."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sim.analysis import points
from sim.analysis.frames import Frame
from sim.experiment.designs import CANDIDATE, CASE, INPUT, MOVE
from sim.experiment.limits import LIFT
from sim.experiment.outcome_columns import outcomes as outcome_columns
from sim.experiment.results import Results, Units
from sim.experiment.sensitivity import END

NAMES = ("name", "description", "company.solved_for", "company.simulated_over_shares")  # of a scenario: they move nothing
LABELS = (CASE, LIFT, CANDIDATE, MOVE, INPUT, END, "value")  # keys of settings that are not paths of a scenario
Document = dict[str, Any]


def paths(*results: Results) -> list[str]:
    """Return what sets points apart: settings first, in their order, then all else in which their scenarios differ.

    Of several results: what sets the points of all of them apart.
    """
    settings = [path for one in results for point in range(len(one.labels)) for path in points.settings(one, point)]
    return list(dict.fromkeys([*settings, *differing(*results)]))


def differing(*results: Results) -> list[str]:
    """Return the paths at which scenarios of the points hold different values, in the order of the schema."""
    return differing_among([point["scenario"] for one in results for point in one.manifest["points"]])


def differing_among(documents: Sequence[Document]) -> list[str]:
    """Return the paths at which some scenarios hold different values."""
    return [path for path in _differing(documents, "") if path not in NAMES]


def _differing(values: Sequence[Any], path: str) -> Iterator[str]:
    """Yield the paths below this one at which values differ; whole sections that are equal are passed over."""
    first = values[0]
    if all(one == first for one in values):
        return
    if not all(isinstance(one, dict) for one in values):
        yield path
        return
    for name in dict.fromkeys(name for one in values for name in one):
        below = [one.get(name) for one in values]
        present = [one for one in below if one is not None]
        if len(present) < len(below) and all(isinstance(one, dict) for one in present):  # an entry that some do not have
            below = [one or {} for one in below]
        yield from _differing(below, f"{path}.{name}" if path else name)


def value_at(document: Document, path: str) -> Any:
    """Return what a scenario holds at a path; None if there is nothing."""
    here: Any = document
    for step in path.split("."):
        if not isinstance(here, dict) or step not in here:
            return None
        here = here[step]
    return here


def table(results: Results, beside: Sequence[Results] = ()) -> Frame:
    """Return a row per point: its number, its label, and every parameter that sets it apart, named by its path.

    Lists are written as JSON; where a point has no such parameter, the cell is empty. `beside`: results from whose points these
    are set apart, too.
    """
    named = paths(results, *beside)
    rows = []
    for number, label in enumerate(results.labels):
        settings, document = points.settings(results, number), results.manifest["points"][number]["scenario"]
        values = {path: settings[path] if path in settings else value_at(document, path) for path in named}
        rows.append({"point": number, "label": label, **{path: _cell(value) for path, value in values.items()}})
    found = pd.DataFrame(rows, columns=["point", "label", *named])
    for path in named:
        kinds = {type(value) for value in found[path].dropna()}
        if str in kinds and len(kinds) > 1:  # such as a number here and a list there
            found[path] = [None if pd.isna(value) else str(value) for value in found[path]]
    return found


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def wide(results: Results, columns: list[str] | None = None) -> Frame:
    """Return the outcomes, a row per world, with the label and the parameters of its point; or only some of the outcomes.

    Units and titles of outcomes are in `frame.attrs`, by column.
    """
    read = None if columns is None else list(dict.fromkeys(["point", "replication", *columns]))
    found = results.table("outcomes", read)
    parameters = table(results).drop(columns="point")
    tidy = parameters.loc[found["point"]].reset_index(drop=True).join(found)
    tidy.attrs["units"] = found.attrs.get("units", Units())
    tidy.attrs["titles"] = Units({one.name: one.title for one in outcome_columns() if one.name in tidy})
    return tidy


def long(results: Results, columns: list[str] | None = None) -> Frame:
    """Return the same in long form: a row per world and outcome, with `outcome`, its `title`, its `unit` and its `value`.

    Rows are in the order of outcomes, then of worlds.
    """
    of_worlds = wide(results, columns)
    titles, units = of_worlds.attrs["titles"], of_worlds.attrs["units"]
    named = [name for name in of_worlds.columns if name in titles]
    keys = [name for name in of_worlds.columns if name not in titles]
    found = of_worlds.melt(keys, named, "outcome", "value")
    said = pd.CategoricalIndex(found["outcome"], categories=named)
    found["outcome"] = said
    found.insert(len(keys) + 1, "title", said.rename_categories(titles))
    unit = found["outcome"].astype(object).map(units).fillna("").astype("category")
    found.insert(len(keys) + 2, "unit", unit)
    return found
