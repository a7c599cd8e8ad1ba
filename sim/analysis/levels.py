"""Question 1: what each level of hours returns, and which of them to fund."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis import points
from sim.analysis.frames import Frame, by_point, ratio, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import Estimate, Sample, mean, share

READ = (
    "cost", "net_deals_expected", "net_deals", "net_revenue_expected", "net_margin_expected", "net_renewal_margin_expected",
    "net_return_deals_expected", "net_return_expected", "net_return_deals_by_horizon_expected", "net_return",
    "deals_begun_on_social", "deals_of_new_leads",
)  # fmt: skip


def table(results: Results) -> Frame:
    """Return one row per level, in the order of hours: money after run-off (expected-value estimator), renewals apart.

    Where more than the hours sets points apart, the levels of each case follow one another.
    """
    frames = by_point(results, READ)
    rows = []
    for case, numbers in points.lines(results).items():
        before = None
        for number in numbers:
            rows.append({"point": number, "label": results.labels[number], "case": case,
                         "hours_per_week": points.hours_of(results, number), **_level(frames[number], before)})  # fmt: skip
            before = frames[number]
    return pd.DataFrame(rows)


def _level(frame: Frame, before: Frame | None) -> dict[str, float]:
    row = {"cost": float(frame["cost"].mean())}
    row |= spread("net_deals", mean(sample(frame, "net_deals_expected")))
    row["net_deals_realised"] = float(frame["net_deals"].mean())
    row["net_revenue"] = float(frame["net_revenue_expected"].mean())
    row |= spread("net_margin_deals", mean(sample(frame, "net_margin_expected")))
    row |= spread("net_margin_renewals", mean(sample(frame, "net_renewal_margin_expected")))
    row |= spread("net_return_deals", mean(sample(frame, "net_return_deals_expected")))
    row |= spread("net_return", mean(sample(frame, "net_return_expected")))
    row["net_return_deals_by_horizon"] = float(frame["net_return_deals_by_horizon_expected"].mean())
    row |= spread("pays_share", share(int((frame["net_return"] > 0).sum()), len(frame)))
    row["begun_on_social_share"] = ratio(frame["deals_begun_on_social"].sum(), frame["deals_of_new_leads"].sum())
    row |= spread("step", _step(before, frame))
    return row


def _step(before: Frame | None, frame: Frame) -> Estimate:
    """Return of the hours added since the level before: added net return for each unit of their cost, paired by world."""
    if before is None:
        cost, gained = sample(frame, "cost"), sample(frame, "net_return_expected")
    else:
        cost = sample(frame, "cost") - sample(before, "cost")
        gained = sample(frame, "net_return_expected") - sample(before, "net_return_expected")
    if not np.all(cost > 0):
        return Estimate(math.nan, math.nan, math.nan)
    return mean(gained / cost)


@dataclass(frozen=True)
class Choice:
    """Rows of the table of levels: the one advised, the one of highest mean, those that cannot be told from that one."""

    advised: int
    highest: int
    near: tuple[int, ...]


def choice(results: Results, rows: Frame) -> Choice:
    """Choose which level of a table to fund; see `advised`."""
    return choices(results, [rows])[0]


def choices(results: Results, tables: Sequence[Frame]) -> list[Choice]:
    """Choose which level to fund, of each of several tables; see `advised`."""
    frames = by_point(results, ["net_return_expected"])
    return [
        advised([sample(frames[point], "net_return_expected") for point in rows["point"]], rows["cost"].to_numpy())
        for rows in tables
    ]


def advised(returns: list[Sample], costs: Sample) -> Choice:
    """Choose the level to fund: the cheapest of those whose net return cannot be told from the highest, world by world.

    Near means that the interval of the paired difference from the highest holds zero, or cannot be told. `returns` holds an
    array of shape (replications,) per level, `costs` a number per level.
    """
    highest = int(np.argmax([float(one.mean()) for one in returns]))
    others = [level for level in range(len(returns)) if level != highest]
    near = tuple(level for level in others if mean(returns[highest] - returns[level]).says_nothing())
    cheapest = min((highest, *near), key=lambda level: float(costs[level])) if len(returns[0]) > 1 else highest
    return Choice(cheapest, highest, near)
