"""Names that charts use for outcomes, parameters and their values."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.charts.parameters import CANDIDATE, CASE, LABEL, unit_of
from sim.analysis.charts.quantities import NET, OUTCOMES, TWIN, Quantity, column_of, numbers_of
from sim.analysis.charts.request import Request
from sim.experiment.designs import HOURS
from sim.experiment.results import Results
from sim.report.figures.charts.marks import Scale, Shades
from sim.report.text.translation import say, shortest
from sim.report.text.words import percent, point_name, short

MONEY, SHARES = "currency", ("share", "probability")
PLACES = 6  # figures of a value of a parameter


def outcome_title(table: str, name: str) -> str:
    """Say what an outcome is; the one place from which charts take it.

    Meanings that only point to a column before them (`same in the twin`) are told by that column's. What columns of weeks and
    quarters mean continues their names, so that these stand before it.
    """
    column = column_of(table, name)
    title = str(getattr(column, "title", ""))
    if title:
        return say(title)
    for prefix in (TWIN, NET):
        base = name.removeprefix(prefix)
        if base != name and base in numbers_of(table):
            told = outcome_title(table, base)
            return say("{outcome}, in the twin", outcome=told) if prefix == TWIN else say("net: {outcome}", outcome=told)
    is_whole = table == OUTCOMES or column.meaning.startswith(name.split("_", maxsplit=1)[0])
    return say(column.meaning) if is_whole else say("{name}: {meaning}", name=name, meaning=say(column.meaning))


def title_of(what: Quantity, results: Results) -> str:
    """Say what is drawn: an outcome, or its difference from the twin or another point."""
    told = outcome_title(what.table, what.name)
    told = told if told.startswith(f"{what.name}:") else capital(told)
    if what.baseline is not None:
        return say("{outcome}: difference from {point}", outcome=told, point=point_name(results, what.baseline))
    return say("{outcome}: difference from zero hours", outcome=told) if what.twin else told


def capital(text: str) -> str:
    """Write a text as a title: with a capital."""
    return text[:1].upper() + text[1:]


def outcome_scale(what: Quantity, results: Results) -> Scale:
    """Return the axis of an outcome: its column, by which it is found again, and its unit."""
    unit = what.column.unit
    said = results.currency if unit == MONEY else say(unit) if unit else ""
    label = what.name if not said else say("{name} ({unit})", name=what.name, unit=said)
    return Scale(label, is_money=unit == MONEY, is_share=unit in SHARES)


def parameter_label(name: str) -> str:
    """Say the name of a parameter, with its unit."""
    plain = {HOURS: say("hours per week"), LABEL: "", CASE: "", CANDIDATE: ""}
    if name in plain:
        return plain[name]
    unit = unit_of(name)
    return say("{name} ({unit})", name=name, unit=say(unit)) if unit else name


def value_said(asked: Request, name: str, value: Any, place: int) -> str:
    """Say a value of a parameter; the name of a point is said as elsewhere."""
    if name == LABEL:
        return point_name(asked.results, asked.parameters.points[place])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return say(str(value)) if name == CANDIDATE else str(value)
    return shortest(float(f"{value:.{PLACES}g}"))


def values_said(asked: Request, name: str, values: list[Any]) -> list[str]:
    """Say some values of a parameter."""
    where = asked.parameters.values(name)
    return [value_said(asked, name, one, where.index(one)) for one in values]


def shades_of(values: npt.NDArray[np.float64], what: Quantity, results: Results, *, may_be_around_zero: bool = True) -> Shades:
    """Return the colours for an outcome: around zero where it lies on both sides, if it may be."""
    scale, known = outcome_scale(what, results), values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if may_be_around_zero and low < 0.0 < high:
        most = max(-low, high)
        return Shades(scale.label, -most, most, is_around_zero=True, is_money=scale.is_money)
    return Shades(scale.label, low, high if high > low else low + 1.0, is_money=scale.is_money)


def amount_said(value: float, *, is_share: bool = False) -> str:
    """Say an amount in little room: `12k`, `3.4`."""
    if is_share:
        return percent(value)
    if abs(value) >= 1e4:
        return say("{thousands}k", thousands=short(value / 1e3))
    return short(value)
