"""Data for other people's tools, a folder per world, with the truth in files of its own. See docs/other-tools.md.

Nothing in these files can be added up wrongly: no file holds two worlds, every week has a row, and the value of a deal stands
once in each file that holds it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
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
WORLD = ["point", "replication"]
LEAD = [*WORLD, "account", "need"]
WORLDS = "worlds.csv"


@dataclass(frozen=True)
class Column:
    """The meaning of a column, and the role in which each tool is to be given it."""

    meaning: str
    give: str = ""


@dataclass(frozen=True)
class File:
    """A file of a world: its name, the rows of all worlds, and its columns; tools must not see those of the truth."""

    name: str
    rows: Callable[[Results], Frame]
    columns: Mapping[str, Column]
    is_truth: bool = False


@dataclass(frozen=True)
class Export:
    """A data set: what it is for, and its files."""

    name: str
    about: str
    files: tuple[File, ...]


def weeks(results: Results) -> Frame:
    """Return one row per world and week until the horizon; a week without sales has a row too, with 0."""
    found = results.table("weeks")
    frame = found[[*WORLD, "week", "reach", "interactions", "visits_social", "visits_search", "visits_direct"]]
    frame = frame.assign(
        date=_times(results, found).dt.strftime("%Y-%m-%d"),
        hours=found[[f"hours_{purpose}" for purpose in PURPOSES]].sum(axis=1),
    )
    return _with_sales(results, frame, "sales", "won", "closed_week")


def weeks_truth(results: Results) -> Frame:
    """Return one row per world and week until the horizon: what social media truly contributed."""
    frame = _with_sales(results, weeks(results), "sales_at_zero_hours", "twin_won", "twin_closed_week")
    return frame.assign(true_contribution=frame["sales"] - frame["sales_at_zero_hours"])


def _with_sales(results: Results, frame: Frame, name: str, won: str, closed: str) -> Frame:
    """Add the first-year value of the deals that were won in each week."""
    deals = results.table("deals")
    mine = deals[deals[won]]
    by_week = mine.assign(week=np.floor(mine[closed]).astype(int)).groupby([*WORLD, "week"])["value"].sum()
    return frame.merge(by_week.rename(name).reset_index(), how="left", on=[*WORLD, "week"]).fillna({name: 0.0})


def touches(results: Results) -> Frame:
    """Return one row per touch of each lead of each world, in the order of time; the last touch of a won lead has its value."""
    frame = results.table("touches").merge(results.table("deals")[[*LEAD, "value"]], how="left", on=LEAD)
    is_close = frame["won"] & ~frame.duplicated(LEAD, keep="last")
    return frame.assign(
        lead=_name(frame),
        touch=frame["number"],
        time=_times(results, frame).dt.strftime("%Y-%m-%d %H:%M:%S"),
        closes=is_close.astype(int),
        value_at_close=frame["value"].fillna(0.0) * is_close,
    )


def journeys(results: Results) -> Frame:
    """Return one row per lead of each world: its sources in the order of time, and what it was worth."""
    frame = results.table("touches")
    found = frame.groupby(LEAD, sort=False).agg(
        path=("source", " > ".join), touches=("source", "size"), won=("won", "first"), week=("week", "first")
    )
    deals = results.table("deals")[[*LEAD, "value", "true_money", "label", "recorded_source"]]
    found = found.reset_index().merge(deals, how="left", on=LEAD)
    return found.assign(
        lead=_name(found),
        first_time=_times(results, found).dt.strftime("%Y-%m-%d %H:%M:%S"),
        converted=found["won"].astype(int),
        lost=(~found["won"].astype(bool)).astype(int),
        value=found["value"].fillna(0.0) * found["won"],
        true_increment=found["true_money"].fillna(0.0),
        truth=found["label"].fillna("unchanged"),
        lead_source=found["recorded_source"].fillna(""),
    )


def _name(frame: Frame) -> "pd.Series[str]":
    return frame["account"].astype(str) + "-" + frame["need"].astype(str)


def _times(results: Results, frame: Frame) -> "pd.Series[Any]":
    """Return the moment of each row's week, which may have a fraction; week 0 is the week that holds the first day."""
    mondays = []
    for point in results.manifest["points"]:
        first = dt.date.fromisoformat(point["scenario"]["time"]["start"])
        mondays.append(pd.Timestamp(first - dt.timedelta(days=first.weekday())))
    begins = pd.Series([mondays[point] for point in frame["point"]], index=frame.index, dtype="datetime64[ns]")
    return begins + pd.to_timedelta(frame["week"] * DAYS_PER_WEEK, unit="D")


DATE = Column("first day (Monday) of the week", "pymc-marketing: date_column; Meridian: time")
LEAD_NAME = Column("account and number of the purchase", "marketing-attribution-models: user_id_colname")
MARKETING_MIX = Export(
    MIX,
    "A company, by week: what was spent, what it reached, what was sold. In a file apart: what of it social media truly"
    " contributed, which no real company knows. Fit, then hold the fit against it.",
    (
        File(
            "weeks.csv",
            weeks,
            {
                "date": DATE,
                "week": Column("number of the week, from 0"),
                "hours": Column(
                    "media: hours worked on social media", "pymc-marketing: channel_columns; Meridian: media and media_spend"
                ),
                "reach": Column("media: exposures of posts (impressions)", "instead of hours, not beside them"),
                "interactions": Column("media: reactions, comments, shares and clicks", "instead of hours, not beside them"),
                "visits_social": Column(
                    "web visits recorded as coming from social media", "to no tool: an effect of the hours, not a control"
                ),
                "visits_search": Column("web visits recorded from search", "to no tool: in part an effect of the hours"),
                "visits_direct": Column(
                    "web visits recorded as direct, unrecognised ones from social media among them",
                    "to no tool: in part an effect of the hours",
                ),
                "sales": Column(
                    "target: first-year value of deals won in the week, 0 where none was, in the currency of the scenario",
                    "pymc-marketing: y (target_column from 0.20 on); Meridian: kpi",
                ),
            },
        ),
        File(
            "weeks_truth.csv",
            weeks_truth,
            {
                "date": Column("as in weeks.csv"),
                "sales_at_zero_hours": Column("truth: sales in the twin, the world without social media on the same draws"),
                "true_contribution": Column("truth: sales less those; may be negative in a week, as deals also move in time"),
            },
            is_truth=True,
        ),
    ),
)
ATTRIBUTION = Export(
    PATHS,
    "Every lead of a company as records know it, won and lost, by lead (journeys) and by touch (touches); give a tool one of"
    " the two. In a file apart: what social media truly added to each deal, which no real company knows. Sum credited value by"
    " source, and hold that of organic social against the true increments.",
    (
        File(
            "journeys.csv",
            journeys,
            {
                "lead": Column("account and number of the purchase"),
                "first_time": Column("moment of the first touch"),
                "path": Column(
                    "sources of the touches in the order of time: organic_social, organic_search, direct_traffic, referrals,"
                    " offline_sources",
                    "ChannelAttribution: var_path",
                ),
                "touches": Column("number of touches"),
                "lead_source": Column("source of the lead itself, as recorded"),
                "converted": Column("1 if the lead became a deal", "ChannelAttribution: var_conv"),
                "lost": Column("1 if it did not", "ChannelAttribution: var_null"),
                "value": Column(
                    "first-year value of the deal, 0 if there is none, in the currency of the scenario",
                    "ChannelAttribution: var_value",
                ),
            },
        ),
        File(
            "touches.csv",
            touches,
            {
                "lead": LEAD_NAME,
                "touch": Column("number of the touch within the journey of the lead, from 0"),
                "time": Column("moment of the touch", "marketing-attribution-models: datetime_colname"),
                "source": Column("source as recorded", "marketing-attribution-models: channels_colname"),
                "closes": Column(
                    "1 on the last touch of a lead that became a deal, else 0: its sum is the number of deals",
                    "marketing-attribution-models: journey_with_conv_colname",
                ),
                "value_at_close": Column(
                    "first-year value of the deal on its last touch, else 0: its sum is the value of all deals",
                    "marketing-attribution-models: conversion_value_colname, which it sums over touches",
                ),
            },
        ),
        File(
            "journeys_truth.csv",
            journeys,
            {
                "lead": Column("as in journeys.csv"),
                "true_increment": Column(
                    "truth: the value if it is won only with social media, minus the value if only without, else 0."
                    " Deals won only without, whose buyer never got in touch, have no row"
                ),
                "truth": Column("truth: caused, lost_because, accelerated, delayed or unchanged"),
            },
            is_truth=True,
        ),
    ),
)
EXPORTS = {export.name: export for export in (MARKETING_MIX, ATTRIBUTION)}


def folder_of(point: int, replication: int) -> str:
    """Return the folder of a world within the export."""
    return f"point_{point}/world_{replication}"


def write(results: Results, name: str, folder: Path) -> list[Path]:
    """Write a data set, a folder per world, with its dictionary and a list of worlds; the paths written."""
    export = EXPORTS[name]
    worlds = [(point, world) for point in range(len(results.labels)) for world in range(results.manifest["replications"])]
    frames = [file.rows(results) for file in export.files]  # so that nothing is written where a table is damaged
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        {"folder": folder_of(point, world), "label": results.labels[point], "point": point, "replication": world}
        for point, world in worlds
    ]
    written = [folder / WORLDS, folder / f"{name}_dictionary.csv"]
    safe_csv(pd.DataFrame(listed), written[0])
    safe_csv(dictionary(export), written[1])
    for file, rows in zip(export.files, frames, strict=True):
        of_world = dict(list(rows.groupby(WORLD, sort=False)))
        for point, world in worlds:
            path = folder / folder_of(point, world) / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            safe_csv(of_world.get((point, world), rows.iloc[:0])[list(file.columns)], path)
            written.append(path)
    return written


def dictionary(export: Export, *, with_truth: bool = True) -> Frame:
    """Return one row per column: its file, its meaning, and what to give it to a tool as; the first row is on all of it."""
    rows = [
        {"file": file.name, "column": column, "meaning": said.meaning, "give": said.give}
        for file in export.files
        if with_truth or not file.is_truth
        for column, said in file.columns.items()
    ]
    return pd.DataFrame([{"file": "", "column": "", "meaning": export.about, "give": ""}, *rows])
