"""Wins that leads foretell: their share by source, the time they take, and their number by a date."""

import datetime as dt
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate import cure
from sim.calibrate.errors import ExportError
from sim.calibrate.families import Values
from sim.calibrate.incidence import LOST, OPEN, PASSED, deviation, incidence
from sim.calibrate.leads import FEWEST_WON, Leads, waiting
from sim.calibrate.likelihood import Cells
from sim.experiment.statistics import edges

DRAWS = 2_000
SHARE_CONFIDENCE = 0.95
FORECAST_CONFIDENCE = 0.90
CHECKED = (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)  # of wins, by whose days the curve is checked
FEWEST_AT_RISK = 10  # leads that still may be won, from which on the count says something
MATTERS = 0.03  # of a share, beyond which a misfit is said
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
class Range:
    """A value with the interval in which it lies."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: Values, confidence: float) -> "Range":
        """Return the mean and central interval of draws."""
        low, high = np.quantile(draws, edges(confidence))
        return cls(float(draws.mean()), float(low), float(high))


@dataclass(frozen=True)
class Answer:
    """The forecast for one source, or for all: leads, won and lost so far, the share to be won, days to a win, wins by a date.

    `share` is of these leads in the end: at least those won so far, at most those and the open ones. `chance` is that of a lead
    like them, of which nothing is known yet. `wins` are all wins by the date, those so far among them.
    """

    source: str
    meant: str
    leads: int
    won: int
    lost: int
    share: Range
    chance: Range
    median_days: Range
    most_days: float  # nine wins in ten take at most so long
    wins: Range | None

    @property
    def open(self) -> int:
        """How many are neither won nor lost."""
        return self.leads - self.won - self.lost


def fitted(leads: Leads) -> cure.Draws:
    """Fit the model, and draw from what is known then.

    Raises
    ------
    ExportError
        If it cannot be fitted.
    """
    return cure.draw(leads.cells, cure.fit(leads.cells), DRAWS)


def answers(leads: Leads, forecast_to: dt.date | None, draws: cure.Draws | None = None) -> list[Answer]:
    """Summarise what the leads show: one row per source, most leads first, and one for all of them at the end.

    The model is fitted if no `draws` are given.

    Raises
    ------
    ExportError
        If the model cannot be fitted, or the date of the forecast lies before that of the export.
    """
    if forecast_to is not None and forecast_to < leads.dates.as_of:
        raise ExportError(f"the forecast is to {forecast_to}, before {leads.dates.as_of}, the day of the export")
    draws = fitted(leads) if draws is None else draws
    names = ["source", "group", "since", "lost_since", "until", "is_won", "is_lost"]
    asked = leads.frame.loc[leads.frame["is_asked"], names]
    still = _still(leads, asked)
    count = leads.cells.sources
    aheads: list[npt.NDArray[Any]] = [np.full(len(still.until), np.inf)]
    if forecast_to is not None:
        aheads.append(still.until + (forecast_to - leads.dates.as_of).days)
    ends, *by_date = cure.wins_to_come(draws, still, aheads, count)
    more = by_date[0] if by_date else None
    sizes = np.bincount(asked["group"], minlength=len(leads.cells.source_of)).astype(float)
    found = []
    numbers = asked.groupby("source").size().sort_values(ascending=False, kind="stable").index
    for label in numbers:
        source = leads.labels.index(label)
        found.append(_answer(label, asked[asked["source"] == label], [source], leads.cells, sizes, draws, (ends, more)))
    everything = list(range(count))
    found.append(_answer(ALL, asked, everything, leads.cells, sizes, draws, (ends, more)))
    return found


def _still(leads: Leads, asked: pd.DataFrame) -> cure.Waiting:
    """Return the open leads that are asked about."""
    still = waiting(asked)
    group = still["group"].to_numpy()
    names = ("since", "lost_since", "until", "count")
    return cure.Waiting(group, leads.cells.source_of[group], *(still[name].to_numpy() for name in names))


def _answer(
    label: str,
    rows: pd.DataFrame,
    sources: list[int],
    cells: Cells,
    sizes: Values,
    draws: cure.Draws,
    to_come: tuple[Values, Values | None],
) -> Answer:
    """Build the answer for some sources; `to_come` are wins by draw and source, in the end and by a date."""
    weights = np.where(np.isin(cells.source_of, sources), sizes, 0.0)
    chance = draws.share @ weights / weights.sum()
    by_source = np.bincount(cells.source_of, weights * draws.share.mean(axis=0), cells.sources)[sources]
    medians = np.stack([draws.wins.days(source, 0.5) for source in sources], axis=1)
    mosts = np.stack([draws.wins.days(source, NINE_IN_TEN) for source in sources], axis=1)
    part = by_source / by_source.sum()
    won = int(rows["is_won"].sum())
    ends, more = to_come
    return Answer(
        label,
        MEANT.get(label, ""),
        len(rows),
        won,
        int(rows["is_lost"].sum()),
        Range.of((won + ends[:, sources].sum(axis=1)) / len(rows), SHARE_CONFIDENCE),
        Range.of(chance, SHARE_CONFIDENCE),
        Range.of(medians @ part, SHARE_CONFIDENCE),
        float(np.median(mosts @ part)),
        None if more is None else Range.of(won + more[:, sources].sum(axis=1), FORECAST_CONFIDENCE),
    )


@dataclass(frozen=True)
class Check:
    """The share of leads won by a day after first contact: as counted, with its interval, and by the fitted curve."""

    day: int
    counted: float
    low: float
    high: float
    fitted: float

    @property
    def is_misfit(self) -> bool:
        """Whether the curve lies outside of the interval, by more than matters."""
        away = max(self.low - self.fitted, self.fitted - self.high)
        return away > 0.0 and abs(self.fitted - self.counted) > MATTERS * max(self.counted, self.fitted)


def checks(leads: Leads, draws: cure.Draws) -> list[Check]:
    """Hold the fitted curve against Aalen and Johansen's estimate from the same leads, on some days between first and last win.

    The intervals hold together: of all days at once 95 %. Leads from before wins were on record are left aside. Empty if there
    are too few, or if wins have no day.
    """
    is_whole = leads.frame["is_asked"] & (leads.frame["since"] == 0) & (leads.frame["lost_since"] == 0)
    rows = leads.frame.loc[is_whole, ["group", "is_won", "is_lost", "day", "lost_day", "until"]]
    if (rows["is_won"] & rows["day"].isna()).any():
        return []
    cells = _counted(rows)
    at_risk = cells.sum(axis=0)[::-1].cumsum()[::-1]
    wins = np.repeat(np.arange(cells.shape[1]), cells[PASSED])
    wins = wins[at_risk[wins] >= FEWEST_AT_RISK]
    if wins.size < FEWEST_WON:
        return []
    days = sorted(set(np.quantile(wins, CHECKED, method="nearest").astype(int).tolist()))
    sizes = np.bincount(rows["group"], minlength=len(leads.cells.source_of)).astype(float)
    curve = cure.share_by(draws, leads.cells, sizes, np.array(days))
    counted, spread = incidence(cells)[0][days], deviation(cells)[days]
    beyond = NormalDist().inv_cdf(1.0 - (1.0 - SHARE_CONFIDENCE) / (2.0 * len(days))) * spread
    return [
        Check(day, float(one), float(max(one - away, 0.0)), float(min(one + away, 1.0)), float(fitted))
        for day, one, away, fitted in zip(days, counted, beyond, curve, strict=True)
    ]


def _counted(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Count leads by what became of them and after how many days, shape (3, days); a loss of unknown day is on the last."""
    day = rows["day"].fillna(rows["lost_day"]).fillna(rows["until"]).to_numpy().astype(int)
    event = np.where(rows["is_won"], PASSED, np.where(rows["is_lost"], LOST, OPEN))
    found = np.zeros((3, int(day.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(found, (event, day), 1)
    return found
