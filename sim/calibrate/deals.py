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
from sim.calibrate.truncation import Lognormal, fitted
from sim.experiment.statistics import edges
from sim.remarks import Remark, remark

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
MOSTLY = 0.5  # of deals must have days, for those without to be left out
MATTERS = 0.01  # of the median, beyond which deals are missing


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
    longer: where most deals have days of first contact and of the win, those that are not won yet are reckoned with.
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
    days = (won_on - export.frame["first_contact_on"]).dt.days.to_numpy()
    is_dated = days >= 0
    tells = int(is_dated.sum()) >= max(FEWEST, MOSTLY * len(days))
    if tells:
        export = export.without(~is_dated, remark("no days of first contact and of a later win, which most others have"))
    values = export.frame["value"].to_numpy(dtype=float)
    if len(values) < FEWEST:
        raise too_few(export, f"{len(values)} won deals: too few to learn from", f"give at least {FEWEST}")
    seen = _as_seen(values)
    found = _of_all(values, days[is_dated], (won_on.max() - export.frame["first_contact_on"]).dt.days) if tells else seen
    estimates = _estimates(found, len(values), f"market.segments.{segment}.deal_value")
    return Findings("deal values", export, estimates, _remarks(values, seen, found, has_days=tells))


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


def _as_seen(values: np.ndarray) -> Lognormal:
    logs = np.log(values)
    count, spread = len(logs), float(logs.std(ddof=1))
    return Lognormal(float(logs.mean()), spread, spread / math.sqrt(count), float(count))


def _of_all(values: np.ndarray, days: np.ndarray, until: pd.Series) -> Lognormal:
    """Estimate the values of all deals from those won, with those not won yet; return those seen, if hardly any is missing."""
    seen, logs = _as_seen(values), np.log(values)
    found = fitted(logs, days, until.to_numpy(dtype=float)) if np.ptp(logs) > 0.0 else None
    return found if found is not None and abs(found.middle - seen.middle) > MATTERS else seen


def _estimates(found: Lognormal, deals: int, path: str) -> list[Estimate]:
    freedom = found.count - 1.0
    below, above = scipy.stats.t.ppf(edges(), freedom) * found.error
    wide, narrow = np.sqrt(freedom * found.spread**2 / scipy.stats.chi2.ppf(edges(), freedom))
    of = remark("{deals} deals", deals=deals)
    median = math.exp(found.middle)
    return [
        Estimate(f"{path}.median", median, math.exp(found.middle + below), math.exp(found.middle + above), "currency", of),
        Estimate(f"{path}.sigma", found.spread, float(narrow), float(wide), "", of),
    ]


def _remarks(values: np.ndarray, seen: Lognormal, found: Lognormal, *, has_days: bool) -> list[Remark]:
    mean, fitted_mean = float(values.mean()), math.exp(seen.middle + seen.spread**2 / 2.0)
    said = []
    if abs(fitted_mean / mean - 1.0) > FAR:
        said.append(
            remark(
                "The mean deal is {mean} in the export and {fitted} by the curve, which fits these values badly.",
                mean=round(mean),
                fitted=round(fitted_mean),
            )
        )
    if not has_days:
        said.append(
            remark(
                "Large deals take longer, so those won so far are smaller than deals in general. With days of first contact and"
                " of the win in the file, deals that are not won yet are reckoned with."
            )
        )
    elif found != seen:
        said.append(
            remark(
                "The median of the deals won so far is {seen}. By days of first contact and of the win, deals that are not won"
                " yet are reckoned with: with them it is {whole}.",
                seen=round(math.exp(seen.middle)),
                whole=round(math.exp(found.middle)),
            )
        )
    return said
