"""Question 6: which split of the hours is best, and what asking for an hour less of one activity and more of another gains."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import points, work
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.designs import CANDIDATE, MOVE
from sim.experiment.optimise import AS_IT_IS, Candidate, giver_and_taker
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.selection import FIRST_STAGE, Selection, chance_of_best, select
from sim.experiment.statistics import Sample, mean
from sim.model.team import PURPOSES


def candidates(results: Results) -> list[int]:
    """Return the points that are splits to choose from, in their order."""
    return points.candidates(results)


def has_splits(results: Results) -> bool:
    """Return whether there are splits to choose from."""
    return len(candidates(results)) > 1


def has_moves(results: Results) -> bool:
    """Return whether hours were moved."""
    return any(MOVE in points.settings(results, point) for point in range(len(results.labels)))


def returns(results: Results, which: list[int]) -> Sample:
    """Return the net return of some points, shape (points, replications)."""
    frames = by_point(results)
    return np.array([sample(frames[point], RETURN) for point in which])


def table(results: Results) -> Frame:
    """Return one row per split, best first: hours worked, shares asked for, net return, gain over the usual split.

    `x_hours` are the hours that people worked on x in a mean week, by the ledger, with switching, idle time and onboarding;
    `x_share_asked` is the weight of x in `team.split`, which is what a split is made of.
    """
    which = candidates(results)
    found = returns(results, which)
    chances = chance_of_best(found) if len(which) > 1 and found.shape[1] > 1 else np.full(len(which), np.nan)
    names = [points.settings(results, point)[CANDIDATE] for point in which]
    usual = found[names.index(AS_IT_IS)]
    rows = []
    for point, name, own, chance in zip(which, names, found, chances, strict=True):
        team = results.manifest["points"][point]["scenario"]["team"]
        row: dict[str, Any] = {"point": point, "split": name, "hours_per_week": team["hours_per_week"]}
        worked = work.hours_by_task(results, point).set_index("activity")["hours_per_week"]
        row |= {f"{purpose}_hours": float(worked.loc[purpose]) for purpose in PURPOSES}
        row |= {f"{name}_share_asked": share for name, share in work.shares_asked(results, point).items()}
        row |= spread("net_return", mean(own)) | spread("gain", mean(own - usual)) | {"chance_of_best": float(chance)}
        rows.append(row)
    return pd.DataFrame(rows).sort_values("net_return", ascending=False, kind="stable", ignore_index=True)


def selected(results: Results, indifference: float) -> Selection | None:
    """Select among the splits, with a guarantee; None if there are too few splits or worlds for one."""
    found = returns(results, candidates(results))
    if len(found) < 2 or found.shape[1] < FIRST_STAGE:
        return None
    return select(found, indifference)


def front_frame(found: Sequence[Candidate]) -> Frame:
    """Return the splits that no other beats both in records and in truth, in the search; shares are those asked for."""
    rows = [{"measured_return": one.measured, "net_return": one.true, **one.settings} for one in found]
    return pd.DataFrame(rows)


def search_frame(found: Sequence[Candidate]) -> Frame:
    """Return every split that the search tried, as they were tried; returns are means over its few worlds."""
    ordered = sorted(found, key=lambda one: one.trial)
    rows = [{"trial": one.trial, "net_return": one.true, "measured_return": one.measured, **one.settings} for one in ordered]
    return pd.DataFrame(rows)


def moves(results: Results) -> Frame:
    """Return one row per move of an hour per week asked for: from, to, gain, and whether it can be told from zero."""
    as_it_is = next(point for point in candidates(results) if points.settings(results, point)[CANDIDATE] == AS_IT_IS)
    (usual,) = returns(results, [as_it_is])
    which = [point for point in range(len(results.labels)) if MOVE in points.settings(results, point)]
    rows = []
    for point, own in zip(which, returns(results, which), strict=True):
        giver, taker = giver_and_taker(points.settings(results, point)[MOVE])
        gain = mean(own - usual)
        rows.append({"giver": giver, "taker": taker, **spread("gain", gain), "is_told": not gain.says_nothing()})
    return pd.DataFrame(rows)
