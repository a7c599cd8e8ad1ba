"""Question 12: which of the inputs change the answer."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.analysis.levels import advised
from sim.experiment.designs import HOURS, INPUT
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.sensitivity import END, HIGH, LOW, Index, Screened
from sim.experiment.statistics import Sample, mean

Key = tuple[str, str]  # an input and an end of it; ("", "") for the scenario as it is
AS_IT_IS: Key = ("", "")


def has_ends(results: Results) -> bool:
    """Return whether inputs were put to the ends of their ranges."""
    return any(INPUT in points.settings(results, point) for point in range(len(results.labels)))


def table(results: Results) -> Frame:
    """Return one row per input, the one that changes the decision most first: leads at its ends, and the level advised there.

    A lead is the net return of the level that is advised with all inputs as they are, whether or not it pays, less that of the
    best other choice, no hours among them; paired by world. Below zero the advice loses that much (`loss`: the most at either
    end). Inputs that cost no loss come by how much they move the lead (`swing`). The hours to fund are 0 where not even the
    best level is shown to pay.
    """
    cases = _cases(results)
    usual, funded = _advised(*cases[AS_IT_IS])
    as_it_is = mean(_lead(cases[AS_IT_IS][0], usual))
    rows = []
    for path in dict.fromkeys(name for name, _ in cases if name):
        row: dict[str, Any] = {"input": path, "usual_hours": usual, "hours": funded, **spread("lead", as_it_is)}
        for end in (LOW, HIGH):
            returns, costs = cases[path, end]
            row[f"{end}_value"] = _value(results, path, end)
            row[f"{end}_hours"] = _advised(returns, costs)[1]
            row |= spread(f"{end}_lead", mean(_lead(returns, usual)))
        row["loss"] = max(0.0, *(-row[f"{end}_lead"] for end in (LOW, HIGH)))
        row["swing"] = abs(row["high_lead"] - row["low_lead"])
        row["changes_level"] = any(row[f"{end}_hours"] != funded for end in (LOW, HIGH))
        rows.append(row)
    return pd.DataFrame(rows).sort_values(["loss", "swing"], ascending=False, ignore_index=True)


def _lead(returns: dict[float, Sample], usual: float) -> Sample:
    """Return what the usual level returns more than the best other choice on average, world by world; shape (worlds,)."""
    others = [np.zeros_like(returns[usual]), *(one for hours, one in returns.items() if hours != usual)]
    lead: Sample = returns[usual] - max(others, key=lambda one: float(one.mean()))
    return lead


def screened_frame(screened: Sequence[Screened]) -> Frame:
    """Return Morris' screening as a frame: effects on the lead, in the currency."""
    return pd.DataFrame([asdict(one) for one in screened])


def indices_frame(weighed: Sequence[Index]) -> Frame:
    """Return Sobol' indices as a frame, each with half its interval."""
    return pd.DataFrame([asdict(one) for one in weighed], columns=[field.name for field in fields(Index)])


def _cases(results: Results) -> dict[Key, tuple[dict[float, Sample], dict[float, float]]]:
    """Return net return by hours (one value per world) and cost by hours, for each input at each end and for all unchanged."""
    found: dict[Key, tuple[dict[float, Sample], dict[float, float]]] = {}
    for point, frame in enumerate(by_point(results)):
        said = points.settings(results, point)
        returns, costs = found.setdefault((said.get(INPUT, ""), said.get(END, "")), ({}, {}))
        hours = float(said[HOURS])
        returns[hours] = sample(frame, RETURN)
        costs[hours] = float(frame["cost"].mean())
    return found


def _advised(returns: dict[float, Sample], costs: dict[float, float]) -> tuple[float, float]:
    """Return the level that question 1 reports and the hours to fund: the same, or 0 if it is not shown to pay."""
    hours = list(returns)
    level = hours[advised([returns[one] for one in hours], np.array([costs[one] for one in hours])).advised]
    return level, level if mean(returns[level]).low > 0.0 else 0.0


def _value(results: Results, path: str, end: str) -> float:
    said = (points.settings(results, point) for point in range(len(results.labels)))
    return float(next(one["value"] for one in said if one.get(INPUT) == path and one[END] == end))
