"""Values of won deals: median and spread of a lognormal."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.calibrate.amounts import Separator
from sim.calibrate.columns import OUTCOME, Column, is_won
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError
from sim.calibrate.estimates import Estimate, Findings
from sim.calibrate.exports import Export, read_export, without_duplicates
from sim.calibrate.remarks import Remark, remark
from sim.experiment.statistics import edges

COLUMNS = (
    Column("deal", "key", ("deal id", "opportunity id", "record id", "lead", "lead id", "id"), needed=False, filled=True),
    Column("value", "number", ("amount", "deal value", "deal amount", "acv", "annual contract value", "revenue"), filled=True),
    OUTCOME,
    Column("currency", "text", ("currency code", "deal currency"), needed=False),
    Column("first_contact_on", "day", ("first contact date", "create date", "created date", "created"), needed=False),
    Column("won_on", "day", ("won date", "close date", "closed date", "closed won date"), needed=False),
)
FEWEST = 10
FAR = 0.15  # from which on the mean by the fit is not that of the values
NEARLY_ALL = 0.95  # of wins take at most so long


def read_deals(
    path: Path,
    segment: str = "all",
    *,
    columns: Mapping[str, str] | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
) -> Findings:
    """Estimate first-year values of won deals from an export with one row per deal, leaving out those marked as not won.

    The logarithms are taken as normal: interval of the median by Student, of the spread by chi-squared. Large deals take
    longer: where the file has days of first contact and of the win, leads so recent that large ones are open are left out.

    Raises
    ------
    ExportError
        If the file cannot be read, holds several currencies, or too few deals.
    """
    export = read_export(path, COLUMNS, columns, day_order, decimal)
    if "deal" in export.found:
        export = without_duplicates(export, "deal", {"value": "sum" if _is_by_item(export) else "first"})
    if "outcome" in export.found:
        export = export.without(~is_won(export.frame["outcome"]), remark("not won"))
    export = export.without(export.frame["value"] <= 0.0, remark("a value of zero or less"))
    _one_currency(export)
    has_days = {"first_contact_on", "won_on"} <= set(export.found)
    if has_days:
        export = _settled(export)
    values = export.frame["value"].to_numpy(dtype=float)
    if len(values) < FEWEST:
        raise ExportError(f"{len(values)} won deals: too few to learn from", file=str(path), remedy=f"give at least {FEWEST}")
    return Findings(
        "deal values", export, _estimates(values, f"market.segments.{segment}.deal_value"), _remarks(values, has_days)
    )


def _is_by_item(export: Export) -> bool:
    """Return whether rows of a deal hold different values, as line items do; an equal value is the same deal again."""
    return bool((export.frame.groupby("deal")["value"].nunique() > 1).any())


def _settled(export: Export) -> Export:
    """Leave out deals whose leads came within the time that nearly all wins take, before the last win."""
    first, won = export.frame["first_contact_on"], export.frame["won_on"]
    days = (won - first).dt.days
    latest = won.max() - pd.Timedelta(days=float(days.quantile(NEARLY_ALL)))
    reason = remark("from leads after {day}, whose large deals are still open", day=latest.date())
    return export.without(first > latest, reason)


def _one_currency(export: Export) -> None:
    there = sorted(export.frame["currency"].dropna().unique())
    if len(there) > 1:
        raise ExportError(
            f"values are in {', '.join(there[:5])}",
            file=str(export.path),
            remedy="export them in one of them",
        )


def _estimates(values: np.ndarray, path: str) -> list[Estimate]:
    logs = np.log(values)
    count, middle, spread = len(logs), float(logs.mean()), float(logs.std(ddof=1))
    below, above = scipy.stats.t.ppf(edges(), count - 1) * spread / math.sqrt(count)
    wide, narrow = np.sqrt((count - 1) * spread**2 / scipy.stats.chi2.ppf(edges(), count - 1))
    of = remark("{deals} deals", deals=count)
    return [
        Estimate(f"{path}.median", math.exp(middle), math.exp(middle + below), math.exp(middle + above), "currency", of),
        Estimate(f"{path}.sigma", spread, float(narrow), float(wide), "", of),
    ]


def _remarks(values: np.ndarray, has_days: bool) -> list[Remark]:
    logs = np.log(values)
    fitted, mean = math.exp(float(logs.mean() + logs.var(ddof=1) / 2.0)), float(values.mean())
    said = []
    if abs(fitted / mean - 1.0) > FAR:
        said.append(
            remark(
                "The mean deal is {mean} in the export and {fitted} by the curve, which fits these values badly.",
                mean=round(mean),
                fitted=round(fitted),
            )
        )
    if not has_days:
        said.append(
            remark(
                "Large deals take longer, so those won so far are smaller than deals in general. With days of first contact and"
                " of the win in the file, leads that are too recent are left out."
            )
        )
    return said
