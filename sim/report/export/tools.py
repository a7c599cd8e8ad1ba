"""Data for other people's tools, with the truth beside it: for marketing-mix models by week, for attribution by touch."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.results import Results
from sim.model.calendar import DAYS_PER_WEEK
from sim.model.team import PURPOSES
from sim.report.html.markup import safe_csv

MIX, PATHS = "mmm", "attribution"


@dataclass(frozen=True)
class Export:
    """A data set: what it is for, its rows, and each column's meaning."""

    name: str
    about: str
    rows: Callable[[Results], Frame]
    columns: dict[str, str]


def marketing_mix(results: Results) -> Frame:
    """Return one row per world and week until the horizon."""
    weeks, deals = results.table("weeks"), results.table("deals")
    frame = weeks[["point", "replication", "week", "reach", "interactions", "visits_social", "visits_search", "visits_direct"]]
    frame = frame.assign(
        date=_times(results, weeks).dt.strftime("%Y-%m-%d"),
        hours=weeks[[f"hours_{purpose}" for purpose in PURPOSES]].sum(axis=1),
    )
    for name, won, closed in (("sales", "won", "closed_week"), ("sales_at_zero_hours", "twin_won", "twin_closed_week")):
        mine = deals[deals[won]]
        by_week = mine.assign(week=np.floor(mine[closed]).astype(int)).groupby(["point", "replication", "week"])["value"].sum()
        frame = frame.merge(by_week.rename(name).reset_index(), how="left", on=["point", "replication", "week"])
    frame = frame.fillna({"sales": 0.0, "sales_at_zero_hours": 0.0})
    frame["true_contribution"] = frame["sales"] - frame["sales_at_zero_hours"]
    return _labelled(results, frame)[list(MARKETING_MIX.columns)]


def attribution(results: Results) -> Frame:
    """Return one row per touch of each lead of each world, in the order of time."""
    touches, deals = results.table("touches"), results.table("deals")
    key = ["point", "replication", "account", "need"]
    frame = touches.merge(deals[[*key, "value", "true_money", "label"]], how="left", on=key)
    frame = frame.rename(columns={"true_money": "true_increment", "label": "truth", "number": "touch"})
    frame = frame.fillna({"value": 0.0, "true_increment": 0.0, "truth": "unchanged"})
    frame = frame.assign(
        lead=frame["account"].astype(str) + "-" + frame["need"].astype(str),
        time=_times(results, frame).dt.strftime("%Y-%m-%d %H:%M:%S"),
        converted=frame["won"].astype(int),
        value=frame["value"] * frame["won"],
    )
    return _labelled(results, frame)[list(ATTRIBUTION.columns)]


def _labelled(results: Results, frame: Frame) -> Frame:
    return frame.assign(label=[results.labels[point] for point in frame["point"]]).reset_index(drop=True)


def _times(results: Results, frame: Frame) -> "pd.Series[Any]":
    """Return the moment of each row's week, which may have a fraction; week 0 is the week that holds the first day."""
    mondays = []
    for point in results.manifest["points"]:
        first = dt.date.fromisoformat(point["scenario"]["time"]["start"])
        mondays.append(pd.Timestamp(first - dt.timedelta(days=first.weekday())))
    begins = pd.Series([mondays[point] for point in frame["point"]], index=frame.index, dtype="datetime64[ns]")
    return begins + pd.to_timedelta(frame["week"] * DAYS_PER_WEEK, unit="D")


OF_THE_WORLD = {
    "point": "number of the scenario in the manifest",
    "label": "what the scenario is called",
    "replication": "number of the world; each is a company of its own, and to be modelled alone",
}
MARKETING_MIX = Export(
    MIX,
    "One company per world, by week: what was spent, what it reached, what was sold; and what of it social media truly"
    " contributed, which no real company knows. Withhold the columns that say so, fit, and hold the fit against them.",
    marketing_mix,
    {
        **OF_THE_WORLD,
        "date": "first day (Monday) of the week",
        "week": "number of the week, from 0",
        "hours": "media: hours worked on social media",
        "reach": "media: exposures of posts (impressions)",
        "interactions": "media: reactions, comments, shares and clicks",
        "visits_social": "web visits recorded as coming from social media; an effect of the hours, not a control",
        "visits_search": "web visits recorded from search; in part an effect of the hours",
        "visits_direct": "web visits recorded as direct, unrecognised ones from social media among them",
        "sales": "target: first-year value of deals won in the week, in the currency of the scenario",
        "sales_at_zero_hours": "truth: the same in the twin, the world without social media on the same draws",
        "true_contribution": "truth: sales less those; may be negative in a week, as deals also move in time",
    },
)
ATTRIBUTION = Export(
    PATHS,
    "Every lead of a world as records know it, one row per touch, won and lost; and what social media truly added to each deal,"
    " which no real company knows. Sum credited value by source, and hold that of organic social against the true increments.",
    attribution,
    {
        **OF_THE_WORLD,
        "lead": "account and number of the purchase",
        "touch": "number of the touch within the journey of the lead, from 0",
        "time": "moment of the touch",
        "source": "source as recorded: organic_social, organic_search, direct_traffic, referrals, offline_sources",
        "converted": "1 if the lead became a deal",
        "value": "first-year value of the deal, 0 if there is none, in the currency of the scenario",
        "true_increment": "truth: the value if it is won only with social media, minus the value if only without, else 0;"
        " to be summed once a lead, not once a touch. Deals won only without, whose buyer never got in touch, have no row",
        "truth": "truth: caused, lost_because, accelerated, delayed or unchanged",
    },
)
EXPORTS = {export.name: export for export in (MARKETING_MIX, ATTRIBUTION)}


def write(results: Results, name: str, folder: Path) -> list[Path]:
    """Write a data set and its dictionary; the paths written."""
    export = EXPORTS[name]
    made = export.rows(results)
    folder.mkdir(parents=True, exist_ok=True)
    data, dictionary = folder / f"{name}.csv", folder / f"{name}_dictionary.csv"
    safe_csv(made, data)
    rows: list[dict[str, Any]] = [{"column": column, "meaning": meaning} for column, meaning in export.columns.items()]
    safe_csv(pd.DataFrame([{"column": "", "meaning": export.about}, *rows]), dictionary)
    return [data, dictionary]
