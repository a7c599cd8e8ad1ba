"""Exports of platforms, by post or by week: what those who see a post do with it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibrate.amounts import Separator
from sim.calibrate.columns import OTHER_NAMES, Column
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError, names_said
from sim.calibrate.estimates import Estimate, Findings, parts, resampled_sums
from sim.calibrate.exports import Export, read_export, too_few
from sim.calibrate.platforms import PLATFORMS, platform_of
from sim.experiment.statistics import edges
from sim.remarks import Remark, remark, remark_many

KINDS = ("reaction", "comment", "share", "click")
ENGAGEMENTS, IMPRESSIONS, FOLLOWERS = "engagements", "impressions", "followers"
COLUMNS = (
    Column(
        "day",
        "day",
        ("date", "posted on", "published on", "created date", "week", "week of", "time", "datum", "fecha", "data"),
        filled=True,
    ),
    Column(
        IMPRESSIONS,
        "number",
        (
            "views",
            "impressions total",
            "impressions organic",
            "post impressions",
            "impressionen",
            "impresiones",
            "impressioni",
            "impressões",
            "weergaven",
        ),
        filled=True,
    ),
    Column(
        "reaction",
        "number",
        (
            "reactions",
            "likes",
            "reactions total",
            "favorites",
            "like",
            "reaktionen",
            "réactions",
            "reacciones",
            "reazioni",
            "reações",
        ),
        needed=False,
    ),
    Column(
        "comment",
        "number",
        ("comments", "replies", "comments total", "kommentare", "commentaires", "comentarios", "commenti", "comentários"),
        needed=False,
    ),
    Column(
        "share",
        "number",
        ("shares", "reposts", "retweets", "reposts total", "partages", "compartidos", "condivisioni", "compartilhamentos"),
        needed=False,
    ),
    Column(
        "click",
        "number",
        ("clicks", "link clicks", "url clicks", "clicks total", "klicks", "clics", "clic", "cliques", "klikken"),
        needed=False,
    ),
    Column(ENGAGEMENTS, "number", ("engagements total", "total engagements", "interactions"), needed=False),
    Column(FOLLOWERS, "number", ("followers total", "total followers", "page followers"), needed=False),
)
FEWEST = 10


def read_channel(
    path: Path,
    channel: str,
    *,
    columns: Mapping[str, str] | None = None,
    day_order: Order | None = None,
    decimal: Separator | None = None,
) -> Findings:
    """Estimate engagements per impression and their kinds from an export with one row per post or week; bootstrap intervals.

    Reach is not among them: a platform's impressions come of reach, quality, frequency, luck and hours together.

    Raises
    ------
    ExportError
        If the file cannot be read, has no engagements, or too few rows.
    """
    export = read_export(path, COLUMNS, columns, day_order, decimal, PLATFORMS)
    platform = platform_of(export.header, PLATFORMS)
    none = [kind for kind in (platform.without if platform else ()) if kind not in export.found]
    there = [kind for kind in KINDS if kind in export.found or kind in none]
    export = replace(export, frame=export.frame.assign(**dict.fromkeys(none, 0.0)))
    if ENGAGEMENTS not in export.found and len(there) < len(KINDS):
        missing = ", ".join(kind for kind in KINDS if kind not in there)
        raise ExportError(
            f"no column for {ENGAGEMENTS}, and none for {missing}: what is there is not all that people do;"
            f" there are {names_said(export.header)}",
            file=str(path), remedy=OTHER_NAMES,
        )  # fmt: skip
    counted = [name for name in (*there, ENGAGEMENTS, FOLLOWERS) if name in export.found]
    export = export.without((export.frame[[IMPRESSIONS, *counted]] < 0.0).any(axis=1), remark("a number below zero"))
    export = export.without(export.frame[IMPRESSIONS] == 0.0, remark("nobody saw it"))
    frame = export.frame
    has_all = len(there) == len(KINDS) and (ENGAGEMENTS not in export.found or bool(frame[there].to_numpy(float).any()))
    total = frame[[kind for kind in there if kind not in none]].sum(axis=1, min_count=1) if has_all else frame[ENGAGEMENTS]
    export = export.without(total.isna(), remark("no engagements"))
    frame, engaged = export.frame, total[total.notna()].to_numpy(dtype=float)
    if len(frame) < FEWEST or not engaged.sum():
        raise too_few(
            export,
            f"{len(frame)} rows, {engaged.sum():,.0f} engagements: too few to learn from",
            f"give at least {FEWEST} posts or weeks",
        )
    estimates = [_rate(frame, engaged, channel)]
    if has_all:
        counts = frame[there].fillna(0.0).to_numpy(dtype=float)
        paths = [f"channels.{channel}.engagement_mix.{kind}" for kind in KINDS]
        estimates += parts(paths, counts, remark("{engagements} engagements", engagements=round(counts.sum())))
    return Findings("engagements", export, estimates, [*_remarks(there), *_others(frame, engaged), *_followers(export)])


def _rate(frame: pd.DataFrame, total: np.ndarray, channel: str) -> Estimate:
    seen = frame[IMPRESSIONS].to_numpy(dtype=float)
    drawn = resampled_sums(np.stack([total, seen], axis=1))
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], edges())
    of = remark("{rows} rows, {impressions} impressions", rows=len(seen), impressions=round(seen.sum()))
    rate = float(total.sum() / seen.sum())
    return Estimate(f"channels.{channel}.engagement_rate", rate, float(low), float(high), "share", of)


def _remarks(there: list[str]) -> list[Remark]:
    missing = [kind for kind in KINDS if kind not in there]
    said = [
        remark(
            "A platform counts the engagements of all its followers. Formats multiply the rate (content.formats.*.engagement)."
        )
    ]
    if missing:
        said.append(
            remark(
                "Without {columns}, the export does not show how engagements divide into kinds (engagement_mix).",
                columns=missing,
            )
        )
    return said


def _others(frame: pd.DataFrame, engaged: np.ndarray) -> list[Remark]:
    """Say how many of the engagements that the platform counts are none of the four kinds, hence in neither rate nor mix."""
    counted = frame[ENGAGEMENTS].to_numpy(dtype=float)
    known = np.isfinite(counted)
    every, of_kinds = float(counted[known].sum()), float(engaged[known].sum())
    if every <= of_kinds:
        return []
    return [
        remark(
            "The platform counts {every} engagements. {others} of them ({percent}%) are none of the four kinds, such as saving"
            " or opening a post: they are in neither the rate nor the mix.",
            every=round(every),
            others=round(every - of_kinds),
            percent=round(100 * (1.0 - of_kinds / every)),
        )
    ]


def _followers(export: Export) -> list[Remark]:
    if FOLLOWERS not in export.found:
        return []
    rows = export.frame[["day", FOLLOWERS]].dropna().sort_values("day")
    if len(rows) < 2 or rows["day"].iloc[0] == rows["day"].iloc[-1]:
        return []
    first, last = rows[FOLLOWERS].iloc[0], rows[FOLLOWERS].iloc[-1]
    days = (rows["day"].iloc[-1] - rows["day"].iloc[0]).days
    return [
        remark_many(
            "Followers went from {first} to {last} in {count} day. That alone gives no parameter, as most will never buy:"
            " compare it with the simulation by sim backcast.",
            "Followers went from {first} to {last} in {count} days. That alone gives no parameter, as most will never buy:"
            " compare it with the simulation by sim backcast.",
            days,
            first=round(first),
            last=round(last),
        )
    ]
