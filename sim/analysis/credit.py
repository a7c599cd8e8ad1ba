"""Question 3: what records credit to social media, compared with what was caused."""

from typing import Any

import pandas as pd

from sim.analysis import deals
from sim.analysis.frames import Frame, per_world, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean, ratio_of_sums
from sim.measures.attribution import MODELS
from sim.measures.causal_effects import CAUSED
from sim.model.ledger import SOURCES

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
