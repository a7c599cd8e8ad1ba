"""Question 8: what the hours change beyond the dashboard, in the words of the business. Frames from a result folder."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.cash_flow import MONTHS_PER_QUARTER, ByWorld, Quarters
from sim.analysis.deals import table as deals
from sim.analysis.frames import Frame, by_point, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.measures.causal_effects import CAUSED
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.model.ledger import SOCIAL

# ids of groups, of where money on an effect stands, and of what records show of it
ATTACHMENT, PRESENCE, TRUST, DIALOGUE, SALES, NO_LINK, LOYALTY = (
    "attachment", "presence", "trust", "dialogue", "sales", "sales_without_link", "loyalty",
)  # fmt: skip
NOT_PRICED, IN_SALES, IN_LOYALTY, IN_BOTH, ON_DEALS, ON_RENEWALS = (
    "not_priced", "within_sales", "within_loyalty", "within_both", "margin_on_deals", "margin_on_renewals",
)  # fmt: skip
YES, NO, IN_PART, OTHERWISE, REFERRED = "yes", "no", "in_part", "as_search_or_direct", "as_referrals"


@dataclass(frozen=True)
class Effect:
    """An effect of the hours: its column of the outcomes and unit, the column of its money, and what records show of it."""

    group: str
    column: str
    unit: str
    has_twin: bool = True
    priced: str = IN_SALES
    visible: str = NO
    money: str = ""


SHORTLISTED = "shortlist_share"
EFFECTS = (
    Effect(ATTACHMENT, "followers", "people", False, NOT_PRICED, YES),
    Effect(ATTACHMENT, "contributors_share", "share", False, NOT_PRICED, YES),
    Effect(PRESENCE, SHORTLISTED, "share"),
    Effect(PRESENCE, "research_visits", "visits", visible=OTHERWISE),
    Effect(TRUST, "win_share", "share"),
    Effect(TRUST, "crisis_trust_loss", "share", visible=IN_PART, priced=IN_BOTH),
    Effect(DIALOGUE, "replied_in_time_share", "share", False, IN_LOYALTY, YES),
    Effect(DIALOGUE, "product_ideas", "ideas", False, NOT_PRICED),
    Effect(SALES, "deals_expected", "deals", True, ON_DEALS, IN_PART, "net_margin_expected"),
    Effect(NO_LINK, "caused_without_touch", "deals", False),
    Effect(LOYALTY, "retention", "share", True, ON_RENEWALS, NO, "net_renewal_margin_expected"),
    Effect(LOYALTY, "recommendations", "answers", visible=REFERRED),
)


def effects(results: Results, point: int) -> Frame:
    """Return one row per effect; money is counted only once, in the rows for deals and renewals."""
    frame = by_point(results)[point]
    rows = []
    for one in EFFECTS:
        ours = sample(frame, one.column)
        theirs = sample(frame, f"twin_{one.column}") if one.has_twin else np.zeros(ours.shape)
        rows.append(
            {
                "group": one.group,
                "effect": one.column,
                "unit": one.unit,
                "with": mean(ours).value,
                "without": mean(theirs).value if one.has_twin else math.nan,
                **spread("difference", mean(ours - theirs)),
                "money": float(frame[one.money].mean()) if one.money else math.nan,
                "priced": one.priced,
                "visible_in_records": one.visible,
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Series:
    """An effect by quarter, while hours are given: with social media and without (nan where there is no twin of it)."""

    column: str  # of the outcomes
    is_share: bool
    has_twin: bool
    months: np.ndarray
    ours: np.ndarray
    theirs: np.ndarray
    low: np.ndarray
    high: np.ndarray


def over_time(results: Results, point: int) -> list[Series]:
    """Return the effects that can be followed by quarter; intervals are of the mean, or of the difference from a twin."""
    found = Quarters.of(results, point)
    none = np.full((found.worlds, found.count), math.nan)
    missed = _caused_without_touch(results, point, found)
    shown = (
        ("followers", False, found["followers"], none),
        (SHORTLISTED, True, *_shares(found, "shortlist")),
        ("replied_in_time_share", True, _ratio(found["messages_answered"], found["messages"]), none),
        ("caused_without_touch", False, np.cumsum(missed, axis=1), none),
        ("retention", True, *_shares(found, "renewal")),
    )
    return [_of(found, *one) for one in shown]


def _shares(found: Quarters, what: str) -> tuple[ByWorld, ByWorld]:
    with_, without = (_ratio(found[f"{world}{what}_chances"], found[f"{world}{what}_decisions"]) for world in ("", "twin_"))
    return with_, without


def _ratio(part: ByWorld, whole: ByWorld) -> ByWorld:
    shares: ByWorld = np.divide(part, whole, out=np.full(part.shape, math.nan), where=whole > 0)
    return shares


def _of(found: Quarters, column: str, is_share: bool, ours: ByWorld, theirs: ByWorld) -> Series:
    has_twin = not np.isnan(theirs).all()
    middle, low, high, without = [], [], [], []
    for quarter in range(found.horizon):
        mine, others = ours[:, quarter], theirs[:, quarter]
        without.append(mean(others).value)
        estimate = mean(mine - others if has_twin else mine)
        shift = without[-1] if has_twin else 0.0
        middle.append(shift + estimate.value)
        low.append(shift + estimate.low)
        high.append(shift + estimate.high)
    months = MONTHS_PER_QUARTER * np.arange(1, found.horizon + 1)
    bounds = (0.0, 1.0) if is_share else (-math.inf, math.inf)
    band = np.clip(low, *bounds), np.clip(high, *bounds)
    return Series(column, is_share, has_twin, months, np.array(middle), np.array(without), *band)


def _caused_without_touch(results: Results, point: int, found: Quarters) -> ByWorld:
    """Count net caused deals that no record links to social media, by the quarter in which they closed."""
    frame = deals(results, point)
    sources = frame[["recorded_source", "first_touch", "last_touch"]]
    frame = frame[(frame["net_label"] == CAUSED) & (sources != SOCIAL).all(axis=1)]
    counts = np.zeros((found.worlds, found.count))
    quarters = (frame["closed_week"] // WEEKS_PER_QUARTER).astype(int)
    inside = quarters < found.count
    np.add.at(counts, (frame["replication"][inside].to_numpy(dtype=int), quarters[inside].to_numpy()), 1.0)
    return counts
