"""Question 3: what records credit to social media, compared with what was caused."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.analysis import deals
from sim.analysis.frames import Frame, per_world, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean, ratio_of_sums
from sim.measures.attribution import MODELS, Lead, markov_among_all, removal_effects
from sim.measures.causal_effects import CAUSED
from sim.model.ledger import SOCIAL, SOURCES

TOUCHED, ALL = SHARED = "touched", "all"  # among which sources Markov shares a deal out
FOUR = ("seen", "over_credited", "missed", "rightly_ignored")


def table_of_four(results: Results, point: int) -> Frame:
    """Compare what each way of giving credit sees with the truth, in deals and money, averaged over worlds.

    A caused deal is incremental; one lost because of social media counts against. A model that shares a deal out sees a part of
    it: the four cells together are the deals won. `visibility` is the ratio of the sums of credited to true revenue, with a
    bootstrap interval, undefined where the true sum cannot be told from zero.
    """
    frame = deals.table(results, point)
    count = int(results.manifest["replications"])
    true = per_world(frame, frame["true_money"], count)
    rows = []
    incremental = frame["net_label"] == CAUSED
    for model in MODELS:
        credited = frame[f"credit_{model}"]
        ignored = frame["won"] - credited
        cells = dict(
            zip(
                FOUR,
                (credited * incremental, credited * ~incremental, ignored * incremental, ignored * ~incremental),
                strict=True,
            )
        )
        row: dict[str, Any] = {"model": model}
        for name, part in cells.items():
            row |= spread(f"{name}_deals", mean(per_world(frame, part, count)))
            row |= spread(f"{name}_revenue", mean(per_world(frame, frame["value"] * part, count)))
        row |= spread("visibility", ratio_of_sums(per_world(frame, frame["value"] * credited, count), true))
        rows.append(row)
    return pd.DataFrame(rows)


def by_source(results: Results, point: int) -> Frame:
    """Return what each model credits to each source, averaged over worlds: one row per model, over all revenue won."""
    frame = results.table("credits")
    means = frame[frame["point"] == point].groupby(["model", "source"], observed=True)[["deals", "revenue"]].mean()
    rows = []
    for model in MODELS:
        row: dict[str, Any] = {"model": model}
        for what in ("revenue", "deals"):
            row |= {f"{what}_{source}": float(means[what].loc[model, source]) for source in SOURCES}
        rows.append(row)
    return pd.DataFrame(rows)


def to_social(results: Results, point: int, share: str = TOUCHED) -> Frame:
    """Return a row per world: the truth, and the revenue that each model credits to social media.

    `share` is among which sources Markov shares a deal: those of its journey (`touched`), as elsewhere here, or `all`, as
    other programs do, by removal effects of value over all leads of the world.
    """
    credited, deals = results.table("credits"), results.table("deals")
    mine = credited[(credited["point"] == point) & (credited["source"] == SOCIAL)]
    frame = mine.pivot(index="replication", columns="model", values="revenue")[list(MODELS)]
    if share == ALL:
        frame["markov"] = _among_all(results, point).reindex(frame.index, fill_value=0.0)
    deals = deals[deals["point"] == point]
    frame.insert(0, "truth", deals.groupby("replication")["true_money"].sum().reindex(frame.index, fill_value=0.0))
    return frame.reset_index().rename_axis(columns=None)


def _among_all(results: Results, point: int) -> "pd.Series[float]":
    """Return what social media gets of the revenue of each world, if all revenue is shared among all sources."""
    key = ["point", "replication", "account", "need"]
    touches = results.table("touches").merge(results.table("deals")[[*key, "value"]], how="left", on=key)
    found = {}
    for world, mine in touches[touches["point"] == point].groupby("replication"):
        leads = [
            Lead(0, 0, tuple(zip(rows["week"], rows["source"], strict=True)), "", won, value if won else 0.0)
            for (won, value), rows in _by_lead(mine)
        ]
        revenue = math.fsum(lead.value for lead in leads)
        found[world] = revenue * markov_among_all(removal_effects(leads, of_value=True)).get(SOCIAL, 0.0)
    return pd.Series(found, dtype=float)


def _by_lead(touches: Frame) -> Iterator[tuple[tuple[bool, float], Frame]]:
    """Give the touches of each lead, with whether it was won and what it is worth."""
    for _, rows in touches.groupby(["account", "need"], sort=False):
        yield (bool(rows["won"].iloc[0]), float(rows["value"].iloc[0])), rows
