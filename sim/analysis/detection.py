"""Question 5: from which quarter a team could have told it from luck, and by which method. Frames from a result folder."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cash_flow import MONTHS_PER_QUARTER, ByWorld, Quarters
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.detection import ALPHA, PEERS, against_peers, before_and_after, foretells, hold_out
from sim.experiment.results import Results
from sim.experiment.statistics import Sample, share
from sim.measures.quarters import WEEKS_PER_QUARTER

YEAR = 4  # quarters
BEFORE_AND_AFTER, PEER_GROUP, HOLD_OUT, ATTRIBUTION = "before_and_after", "against_peers", "hold_out", "attribution"  # methods
LEADS, DEALS, REVENUE = "leads", "deals", "revenue"  # what a method looks at
POWER = 0.8
INDICATORS = (
    "followers", "reach", "interactions", "messages", "visits_social", "leads_organic_social", "qualified_organic_social",
    "leads_all", "revenue_last_touch", "revenue_all",
)  # fmt: skip
LOOKED_AT = (2, 4, 8)  # quarters of work


@dataclass(frozen=True)
class Lived:
    """Worlds by quarter of work: what records show of leads or deals, with the hours and at zero hours, and of both arms."""

    with_hours: ByWorld
    zero_hours: ByWorld
    before: ByWorld | None  # the last year before the team began, shape (worlds, 4)
    arm: ByWorld
    twin_arm: ByWorld
    held_out: ByWorld

    @classmethod
    def of(cls, found: Quarters, starts: int, measure: str) -> "Lived":
        """Select the quarters from the one in which the team begins to the horizon."""
        until = slice(starts, found.horizon)
        year = slice(starts - YEAR, starts)
        return cls(
            found[f"{measure}_all"][:, until],
            found[f"twin_{measure}_all"][:, until],
            found[f"{measure}_all"][:, year] if starts >= YEAR else None,
            *(found[f"{arm}_{measure}"][:, until] for arm in ("arm", "twin_arm", "held_out")),
        )


def verdicts(results: Results, point: int) -> Frame:
    """Return one row per method, measure and quarter of work: chances of a right and a wrong verdict, with intervals.

    Right: with the hours, the method says that they cause leads or deals (p below 5 %). Wrong: it says so at zero hours too.
    Attribution has no test: it says that they pay if the margin it credits so far exceeds their cost; that is wrong
    where the truth of the world is the other way round. Not defined (nan) where a company has no year before, or too few peers.
    """
    found, starts = Quarters.of(results, point), _starts(results, point)
    rows: list[dict[str, Any]] = []
    for measure in (LEADS, DEALS):
        lived = Lived.of(found, starts, measure)
        for method, says in ((BEFORE_AND_AFTER, _before_and_after), (PEER_GROUP, _against_peers), (HOLD_OUT, _hold_out)):
            rows += [
                {"method": method, "measure": measure, "quarter": quarter + 1, **_chances(lived, quarter, says)}
                for quarter in range(lived.with_hours.shape[1])
            ]
    return pd.DataFrame([*rows, *_attribution(results, point, found, starts)])


def _starts(results: Results, point: int) -> int:
    """Return the quarter in which the team begins."""
    week = int(results.manifest["points"][point]["scenario"]["hours_policy"]["starts_week"])
    return week // WEEKS_PER_QUARTER


Says = Callable[[Lived, int, bool], Sample]  # p-values of the worlds at a quarter, with the hours or at zero hours


def _chances(lived: Lived, quarter: int, says: Says) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, is_zero in (("right", False), ("wrong", True)):
        p = says(lived, quarter, is_zero)
        row |= spread(name, share(int((p <= ALPHA).sum()), int((~np.isnan(p)).sum())))
    return row


def _lately(counts: ByWorld, quarter: int) -> Sample:
    """Sum the counts of the last year, or since the team began if that is shorter; shape (worlds,)."""
    summed: Sample = counts[:, max(0, quarter + 1 - YEAR) : quarter + 1].sum(axis=1)
    return summed


def _before_and_after(lived: Lived, quarter: int, is_zero: bool) -> Sample:
    after = _lately(lived.zero_hours if is_zero else lived.with_hours, quarter)
    if lived.before is None:
        return np.full(after.shape, math.nan)
    same_months: Sample = lived.before[:, : quarter + 1].sum(axis=1)
    return before_and_after(same_months, after)


def _against_peers(lived: Lived, quarter: int, is_zero: bool) -> Sample:
    """Test growth since the year before (or the level, if there is none) against that of companies at zero hours."""
    worlds = len(lived.with_hours)
    if worlds <= PEERS:
        return np.full(worlds, math.nan)
    before = np.zeros(worlds)
    if lived.before is not None:
        before = min(quarter + 1, YEAR) / YEAR * lived.before.sum(axis=1)
    own = _lately(lived.zero_hours if is_zero else lived.with_hours, quarter) - before
    theirs = _lately(lived.zero_hours, quarter) - before
    others = np.arange(1, PEERS + 1)
    return np.array([against_peers(own[world], theirs[(world + others) % worlds]) for world in range(worlds)])


def _hold_out(lived: Lived, quarter: int, is_zero: bool) -> Sample:
    arm = lived.twin_arm if is_zero else lived.arm
    return hold_out(arm[:, : quarter + 1].sum(axis=1), lived.held_out[:, : quarter + 1].sum(axis=1))


def _attribution(results: Results, point: int, found: Quarters, starts: int) -> list[dict[str, Any]]:
    """Judge by whether credited margin exceeds cost, and compare that with the final truth of each world."""
    pays = sample(by_point(results)[point], "net_return_expected") > 0.0
    credited = found.margin * np.cumsum(found["revenue_last_touch"], axis=1) - np.cumsum(found["spent"], axis=1)
    rows = []
    for quarter in range(starts, found.horizon):
        says = credited[:, quarter] > 0.0
        rows.append(
            {
                "method": ATTRIBUTION, "measure": REVENUE, "quarter": quarter - starts + 1,
                **spread("right", share(int((says == pays).sum()), len(says))),
                **spread("wrong", share(int((says != pays).sum()), len(says))),
            }
        )  # fmt: skip
    return rows


def first_quarters(table: Frame) -> Frame:
    """Return one row per method and measure: the first quarter from which a right verdict stays at least 80 % likely."""
    rows = []
    for (method, measure), mine in table.groupby(["method", "measure"], sort=False):
        enough = mine["right"].to_numpy() >= POWER
        below = np.flatnonzero(~enough)
        first = (below[-1] + 1 if below.size else 0) if enough[-1] else None
        last = mine.iloc[-1]
        rows.append(
            {
                "method": method,
                "measure": measure,
                "first_quarter": math.nan if first is None else float(mine["quarter"].iloc[first]),
                **{name: last[name] for side in ("right", "wrong") for name in (side, f"{side}_low", f"{side}_high")},
                "highest_wrong": float(mine["wrong"].max()),
            }
        )
    return pd.DataFrame(rows)


def indicators(results: Results, point: int) -> Frame:
    """Return one row per indicator: how well its total after some quarters predicts what the world finally earns.

    Rank correlation over worlds with the net return after run-off (expected); the best at one year first.
    """
    found, starts = Quarters.of(results, point), _starts(results, point)
    truth = sample(by_point(results)[point], "net_return_expected")
    rows = []
    for name in INDICATORS:
        row: dict[str, Any] = {"indicator": name}
        for quarters in LOOKED_AT:
            until = starts + quarters
            so_far = found[name][:, starts:until]
            value = so_far[:, -1] if name == "followers" else so_far.sum(axis=1)
            found_so = foretells(value, truth) if until <= found.horizon else (math.nan,) * 3
            row |= {f"{_after(quarters)}{end}": one for end, one in zip(("", "_low", "_high"), found_so, strict=True)}
        rows.append(row)
    best_first = pd.DataFrame(rows).sort_values(_after(LOOKED_AT[1]), key=np.abs, ascending=False, kind="stable")
    return best_first.reset_index(drop=True)


def _after(quarters: int) -> str:
    return f"after_{MONTHS_PER_QUARTER * quarters}_months"


def three_years(results: Results, point: int) -> Frame:
    """Return one row per world: first-year revenue of deals after run-off, with the hours and at zero hours."""
    frame = by_point(results)[point]
    return pd.DataFrame(
        {
            "replication": frame["replication"].to_numpy(),
            "with_hours": sample(frame, "revenue"),
            "zero_hours": sample(frame, "twin_revenue"),
        }
    )
