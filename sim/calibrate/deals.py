"""Values of won deals: median and spread of a lognormal."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.calibrate.amounts import Separator
from sim.calibrate.columns import Column, ColumnMapping
from sim.calibrate.currencies import CURRENCY, in_one
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError, names_said, shown
from sim.calibrate.estimates import Estimate, Findings
from sim.calibrate.exports import Export, read_export, too_few, without_duplicates
from sim.calibrate.leads import CLOSED, CLOSED_ON, CREATED, WINS, WON_ON
from sim.calibrate.outcomes import meanings_of, outcome_column, refused, words_of
from sim.calibrate.remarks import Remark, remark
from sim.experiment.statistics import edges

VALUES = (
    "amount", "deal value", "deal amount", "acv", "annual contract value", "revenue", "actual revenue", "importe", "valor",
    "montant", "betrag", "wert", "importo", "valore", "bedrag", "waarde", "montante",
)  # fmt: skip


def columns_of(said: Mapping[str, Sequence[str]] | None = None) -> tuple[Column, ...]:
    """Return the columns wanted; `said` is what the mapping says of the words of outcomes."""
    ids = ("deal id", "opportunity id", "record id", "id", "lead", "lead id")
    return (
        Column("deal", "key", ids, needed=False, filled=True),
        Column("value", "number", VALUES, filled=True),
        CURRENCY,
        Column("first_contact_on", "day", CREATED, needed=False),
        Column(WON_ON, "day", WINS, needed=False),
        Column(CLOSED_ON, "day", CLOSED, needed=False),
        outcome_column(said),
    )


FEWEST = 10
FAR = 0.15  # from which on the mean by the fit is not that of the values
NEARLY_ALL = 0.95  # of wins take at most so long


def read_deals(
    path: Path,
    segment: str = "all",
    *,
    mapping: ColumnMapping | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
    all_won: bool = False,
) -> Findings:
    """Estimate first-year values of won deals from an export with one row per deal, leaving out those that are not won.

    The logarithms are taken as normal: interval of the median by Student, of the spread by chi-squared. Large deals take
    longer: where the file has days of first contact and of the win, leads so recent that large ones are open are left out.
    With `all_won` every row is a won deal, whatever the file says of outcomes.

    Raises
    ------
    ExportError
        If the file cannot be read, does not say which deals are won, holds several currencies, or too few deals.
    """
    names = mapping or ColumnMapping()
    columns = columns_of(names.outcomes)
    export = read_export(path, columns[:-1] if all_won else columns, names.columns, day_order, decimal)
    if "deal" in export.found:
        export = without_duplicates(export, "deal", {"value": "sum" if _is_by_item(export) else "first"})
    export = _without_sum(export)
    if all_won:
        export = export.noting(remark("every row is taken as a won deal, as --all-won says"))
    else:
        export = won_only(export, names.outcomes)
    export = export.without(export.frame["value"] <= 0.0, remark("a value of zero or less"))
    export = in_one(export)
    won_on = export.frame[WON_ON].fillna(export.frame[CLOSED_ON])
    has_days = bool((export.frame["first_contact_on"].notna() & won_on.notna()).any())
    if has_days:
        export = _settled(export, won_on)
    values = export.frame["value"].to_numpy(dtype=float)
    if len(values) < FEWEST:
        raise too_few(export, f"{len(values)} won deals: too few to learn from", f"give at least {FEWEST}")
    return Findings(
        "deal values", export, _estimates(values, f"market.segments.{segment}.deal_value"), _remarks(values, has_days)
    )


def _without_sum(export: Export) -> Export:
    """Leave out a last row that is nothing but the sum of the others: a total without a label."""
    values = export.frame["value"]
    is_last = np.arange(len(values)) == len(values) - 1
    if (
        "deal" in export.found
        or len(values) <= FEWEST
        or not math.isclose(values.iloc[:-1].sum(), values.iloc[-1], rel_tol=1e-9)
    ):
        return export
    return export.without(is_last, remark("the sum of all other rows"))


def won_only(export: Export, said: Mapping[str, Sequence[str]]) -> Export:
    """Leave out the deals that are not won, and name the words by which they were told.

    Raises
    ------
    ExportError
        If nothing says which are won, or the words are not understood.
    """
    if "outcome" not in export.found:
        if WON_ON in export.found:
            return export.without(export.frame[WON_ON].isna(), remark("no {column}", column=WON_ON))
        raise ExportError(
            f"no column says which deals are won; there are {names_said(export.header)}",
            file=str(export.path),
            remedy="name it with --columns mapping.yaml and a line such as `outcome: Their name`, or give --all-won if every"
            " row is a won deal",
        )
    words = words_of(export, said)
    unclear = words.that_mean("unknown", "closed")
    if not words.that_mean("won") and (unclear or not words.counts):
        raise refused(export, words, "no word in it is known to mean won", ", or give --all-won if every row is a won deal")
    if words.that_mean("closed") and "won" not in said:
        fault = f"{shown(words.that_mean('closed')[0])} may mean won or not"
        raise refused(export, words, fault, listed=unclear)
    meaning = meanings_of(export, words)
    rest = [word for word in words.counts if words.meanings[word] != "won"]
    reason = remark("not won: {words}", words=words.said(rest)) if rest else remark("not won")
    return export.telling(words.remarks()).without((meaning != "won").to_numpy(), reason)


def _is_by_item(export: Export) -> bool:
    """Return whether rows of a deal hold different values, as line items do; an equal value is the same deal again."""
    return bool((export.frame.groupby("deal")["value"].nunique() > 1).any())


def _settled(export: Export, won_on: pd.Series) -> Export:
    """Leave out deals whose leads came within the time that nearly all wins take, before the last win.

    Only if larger deals do take longer in this file, by the correlation of ranks: otherwise none is missing for its size.
    """
    first = export.frame["first_contact_on"]
    days = (won_on - first).dt.days
    if not days.rank().corr(export.frame["value"].rank()) > 0.0:
        return export
    latest = won_on.max() - pd.Timedelta(days=float(days.quantile(NEARLY_ALL)))
    reason = remark("from leads after {day}, whose large deals are still open", day=latest.date())
    return export.without(first > latest, reason)


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
