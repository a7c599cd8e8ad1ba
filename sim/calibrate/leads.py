"""Leads of a CRM's export: how many of each source will be won, how long it takes, and how many are won by a date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibrate import cure
from sim.calibrate.columns import OUTCOME, Column, is_won
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError
from sim.calibrate.exports import Export, read_export, without_duplicates
from sim.calibrate.remarks import remark, remark_many
from sim.experiment.statistics import edges

COLUMNS = (
    Column("lead", "key", ("lead id", "record id", "id", "contact id", "mql id", "email"), needed=False, filled=True),
    Column(
        "first_contact_on",
        "day",
        (
            "first contact date",
            "create date",
            "created date",
            "created at",
            "created",
            "created on",
            "date created",
            "lead date",
        ),
        filled=True,
    ),
    Column(
        "source",
        "text",
        ("lead source", "original source", "original traffic source", "origin", "channel", "utm source"),
        needed=False,
    ),
    Column(
        "won_on",
        "day",
        ("won date", "close date", "closed date", "closed won date", "conversion date", "became a customer date"),
    ),
    OUTCOME,
)
UNKNOWN = "unknown"  # the source of leads without one
FEWEST_LEADS, FEWEST_WON = 30, 5
TOO_MANY = 0.8  # of leads won, from which on the day is hardly that of a win
DRAWS = 2_000
SHARE_CONFIDENCE = 0.95
FORECAST_CONFIDENCE = 0.90
NINE_IN_TEN = 0.9
ALL = "all"
# Labels of CRMs, and the sources of the program that they mean
MEANT = {
    "organic_social": "organic_social", "social": "organic_social", "social_media": "organic_social",
    "organic_search": "organic_search", "search": "organic_search", "seo": "organic_search",
    "direct_traffic": "direct_traffic", "direct": "direct_traffic", "web_direct": "direct_traffic",
    "referral": "referrals", "referrals": "referrals", "partner": "referrals", "word_of_mouth": "referrals",
    "offline": "offline_sources", "offline_sources": "offline_sources", "trade_show": "offline_sources",
    "event": "offline_sources", "cold_call": "offline_sources", "phone": "offline_sources",
}  # fmt: skip


@dataclass(frozen=True)
class Dates:
    """What is known of the export: its day, from when leads are asked about, and from when wins are on record at all."""

    as_of: dt.date
    since: dt.date | None = None
    recorded_since: dt.date | None = None


@dataclass(frozen=True)
class Leads:
    """Leads as they can be used: one row a lead, with its group; `is_asked` of those that answers are about.

    `frame` has columns source, first_contact_on, won_on, day (of the win after first contact, nan if not won), since and until
    (days of which a win would be on record), group, is_asked. `labels` name sources by number.
    """

    export: Export
    frame: pd.DataFrame
    labels: tuple[str, ...]
    cells: cure.Cells
    dates: Dates


@dataclass(frozen=True)
class Range:
    """A value with the interval in which it lies."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: cure.Values, confidence: float) -> "Range":
        """Return the mean and central interval of draws."""
        low, high = np.quantile(draws, edges(confidence))
        return cls(float(draws.mean()), float(low), float(high))


@dataclass(frozen=True)
class Answer:
    """Of one source, or of all: leads, won so far, the share that will be won, days to a win, wins by a date.

    `wins` are all wins by that date, those so far among them.
    """

    source: str
    meant: str
    leads: int
    won: int
    share: Range
    median_days: Range
    most_days: float  # nine wins in ten take at most so long
    wins: Range | None


def read_leads(
    path: Path,
    dates: Dates,
    *,
    columns: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    day_order: Order | None = None,
) -> Leads:
    """Read the leads of an export; what cannot be used is left out, counted and reported.

    Raises
    ------
    ExportError
        If the file cannot be read, or holds too few leads to learn from.
    """
    export = _won_only(read_export(path, COLUMNS, columns, day_order))
    if "lead" in export.found:
        export = without_duplicates(export, "lead", {"first_contact_on": "min", "won_on": "min"}, order_by="first_contact_on")
    export = _usable(export, dates)
    frame = export.frame[["first_contact_on", "won_on"]].copy()
    frame["source"] = _labels(export.frame["source"], sources or {})
    as_of = pd.Timestamp(dates.as_of)
    after = (frame["won_on"] > as_of).to_numpy()
    if after.any():
        note = remark_many(
            "{count} win after {day} is taken as open, as it was then",
            "{count} wins after {day} are taken as open, as they were then",
            int(after.sum()),
            day=dates.as_of,
        )
        export = export.noting(note)
        frame.loc[after, "won_on"] = pd.NaT
    frame["day"] = (frame["won_on"] - frame["first_contact_on"]).dt.days
    frame["until"] = (as_of - frame["first_contact_on"]).dt.days
    recorded = pd.Timestamp(dates.recorded_since) if dates.recorded_since else frame["first_contact_on"].min()
    frame["since"] = (recorded - frame["first_contact_on"]).dt.days.clip(lower=0)
    asked = pd.Timestamp(dates.since) if dates.since else frame["first_contact_on"].min()
    frame["is_asked"] = frame["first_contact_on"] >= asked
    _enough(path, frame)
    labels, cells, group = _cells(frame)
    return Leads(export, frame.assign(group=group), labels, cells, dates)


def _won_only(export: Export) -> Export:
    """Keep only days of wins: CRMs also date the close of open or lost leads, and mark wins in another column."""
    dated = export.frame["won_on"].notna()
    if "outcome" not in export.found:
        if dated.mean() <= TOO_MANY:
            return export
        note = remark(
            "{percent}% of leads have a date in column '{column}'. If it also dates open and lost leads, name the column that"
            " says which are won (outcome): otherwise every date counts as a win.",
            percent=round(100 * float(dated.mean())),
            column=export.found["won_on"],
        )
        return export.noting(note)
    won = is_won(export.frame["outcome"])
    if not won.any():
        return export.noting(
            remark("column '{column}' marks no lead as won, so it is not used", column=export.found["outcome"])
        )
    other = dated & ~won
    frame = export.frame.assign(won_on=export.frame["won_on"].mask(other))
    note = remark_many(
        "{count} date is ignored, as column '{column}' does not mark its lead as won",
        "{count} dates are ignored, as column '{column}' does not mark their leads as won",
        int(other.sum()),
        column=export.found["outcome"],
    )
    return replace(export, frame=frame).noting(*([note] if other.any() else []))


def _usable(export: Export, dates: Dates) -> Export:
    """Leave out leads that contradict themselves or the given dates."""
    first, won = export.frame["first_contact_on"], export.frame["won_on"]
    export = export.without(won < first, remark("won before first contact"))
    is_later = export.frame["first_contact_on"] > pd.Timestamp(dates.as_of)
    export = export.without(is_later, remark("first contact after {day}", day=dates.as_of))
    if dates.recorded_since is not None:
        won = export.frame["won_on"]
        before = remark("won before {day}, when wins were not on record", day=dates.recorded_since)
        export = export.without(won < pd.Timestamp(dates.recorded_since), before)
    elif dates.since is not None:
        early = export.frame["first_contact_on"] < pd.Timestamp(dates.since)
        export = export.without(early, remark("first contact before {day}", day=dates.since))
    return export


def _labels(given: pd.Series, sources: Mapping[str, str]) -> pd.Series:
    """Return sources in one spelling: lower case, words joined by _; as mapped, if they are; unknown, if there is none."""
    mapped = {_spelt(label): meant for label, meant in sources.items()}
    categories = given.astype("category")
    names = {label: mapped.get(_spelt(label), _spelt(label)) for label in categories.cat.categories}
    found: pd.Series = categories.map(names).astype(object).fillna(UNKNOWN)
    return found


def _spelt(label: str) -> str:
    return "_".join(str(label).lower().replace("-", " ").replace("_", " ").split()) or UNKNOWN


def _enough(path: Path, frame: pd.DataFrame) -> None:
    asked = frame[frame["is_asked"]]
    won = int(asked["day"].notna().sum())
    if len(asked) < FEWEST_LEADS or won < FEWEST_WON:
        raise ExportError(
            f"{len(asked)} leads, {won} of them won: too few to learn from",
            file=str(path),
            remedy=f"give at least {FEWEST_LEADS} leads and {FEWEST_WON} wins; --since may leave too many out",
        )


def _cells(frame: pd.DataFrame) -> tuple[tuple[str, ...], cure.Cells, pd.Series]:
    """Count leads that are alike."""
    labels, source = _numbered(frame["source"])
    _, month = _numbered(frame["first_contact_on"].dt.to_period("M"))
    group, places = pd.factorize(source * (int(month.max()) + 1) + month, sort=True)
    months = int(month.max()) + 1
    frame = frame.assign(group=group)
    won = frame[frame["day"].notna()].groupby(["group", "day"]).size().reset_index(name="count")
    still = frame[frame["day"].isna()].groupby(["group", "since", "until"]).size().reset_index(name="count")
    return (
        tuple(map(str, labels)),
        cure.Cells(
            source_of=np.asarray(places // months),
            month_of=np.asarray(places % months),
            won_group=won["group"].to_numpy(),
            won_day=won["day"].to_numpy().astype(np.int64),
            won_count=won["count"].to_numpy(),
            open_group=still["group"].to_numpy(),
            open_since=still["since"].to_numpy(),
            open_until=still["until"].to_numpy(),
            open_count=still["count"].to_numpy(),
        ),
        pd.Series(group, index=frame.index),
    )


def _numbered(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    numbers, names = pd.factorize(values, sort=True)
    return np.asarray(names), np.asarray(numbers)


def answers(leads: Leads, forecast_to: dt.date | None) -> list[Answer]:
    """Summarise what the leads show: one row per source, most leads first, and one for all of them at the end.

    Raises
    ------
    ExportError
        If the model cannot be fitted, or the date of the forecast lies before that of the export.
    """
    if forecast_to is not None and forecast_to < leads.dates.as_of:
        raise ExportError(f"the forecast is to {forecast_to}, before {leads.dates.as_of}, the day of the export")
    fitted = cure.fit(leads.cells)
    draws = cure.draw(leads.cells, fitted, DRAWS)
    asked = leads.frame[leads.frame["is_asked"]]
    more = None if forecast_to is None else _more(leads, asked, draws, forecast_to)
    sizes = np.bincount(asked["group"], minlength=len(leads.cells.source_of)).astype(float)
    found = []
    numbers = asked.groupby("source").size().sort_values(ascending=False, kind="stable").index
    for label in numbers:
        source = leads.labels.index(label)
        found.append(_answer(label, asked[asked["source"] == label], [source], leads.cells, sizes, draws, more))
    found.append(_answer(ALL, asked, list(range(leads.cells.sources)), leads.cells, sizes, draws, more))
    return found


def _answer(
    label: str,
    rows: pd.DataFrame,
    sources: list[int],
    cells: cure.Cells,
    sizes: cure.Values,
    draws: cure.Draws,
    more: cure.Values | None,
) -> Answer:
    """Build the answer for some sources; `more` are wins to come by draw and source."""
    weights = np.where(np.isin(cells.source_of, sources), sizes, 0.0)
    share = draws.share @ weights / weights.sum()
    by_source = np.bincount(cells.source_of, weights * draws.share.mean(axis=0), cells.sources)[sources]
    medians = np.stack([draws.days(source, 0.5) for source in sources], axis=1)
    mosts = np.stack([draws.days(source, NINE_IN_TEN) for source in sources], axis=1)
    part = by_source / by_source.sum()
    won = int(rows["day"].notna().sum())
    return Answer(
        label,
        MEANT.get(label, ""),
        len(rows),
        won,
        Range.of(share, SHARE_CONFIDENCE),
        Range.of(medians @ part, SHARE_CONFIDENCE),
        float(np.median(mosts @ part)),
        None if more is None else Range.of(won + more[:, sources].sum(axis=1), FORECAST_CONFIDENCE),
    )


def _more(leads: Leads, asked: pd.DataFrame, draws: cure.Draws, to: dt.date) -> cure.Values:
    """Draw the wins to come by a date: shape (draws, sources). An open lead is won by then with probability q."""
    still = asked[asked["day"].isna()].groupby(["group", "since", "until"]).size().reset_index(name="count")
    group, count = still["group"].to_numpy(), still["count"].to_numpy()
    since, until = still["since"].to_numpy(), still["until"].to_numpy()
    source = leads.cells.source_of[group]
    ahead = until + (to - leads.dates.as_of).days
    generator = np.random.default_rng(cure.SEED)
    found = np.empty((len(draws.share), leads.cells.sources))
    seen, coming = (
        cure.shares_between(draws, source, since, until),
        cure.shares_between(draws, source, until + 1, ahead),
    )
    for number, (past, future) in enumerate(zip(seen, coming, strict=True)):
        p = draws.share[number, group]
        q = np.clip(p * future / np.maximum(1.0 - p * past, cure.TINY), 0.0, 1.0)
        found[number] = np.bincount(source, generator.binomial(count, q), leads.cells.sources)
    return found
