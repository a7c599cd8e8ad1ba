"""The tables that answer the questions: frames from a result folder. One row a level, a deal, a model, an effect."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.results import Results
from sim.experiment.statistics import CONFIDENCE, Estimate, Sample, holm, mean, paired_p_value, ratio_of_sums, share
from sim.measures.spillover import DIVIDED
from sim.measures.truth import ACCELERATED, ANOTHER_NEED, CAUSED, CAUSES, DELAYED, LOST_BECAUSE, PENDING
from sim.model.books import SOURCES
from sim.report import points
from sim.report.language import later

Frame = pd.DataFrame
CREDIT_MODELS = {
    later("first touch"): ("first_touch", later("the first recorded touch of the account")),
    later("last touch"): ("last_touch", later("the last recorded touch before the deal")),
    later("lead source"): ("begun_on_social", later("where the lead came from, as recorded")),
    later("linear"): ("linear", later("every recorded touch alike")),
    later("position"): ("position_based", later("most to the first and the last touch")),
    later("time decay"): ("time_decay", later("the more, the nearer to the deal")),
    later("Markov"): ("markov", later("by how many deals fewer there would be if a source led nowhere")),
    later("Shapley"): ("shapley", later("every source of the journey alike")),
}
FOUR = ("seen", "over_credited", "missed", "rightly_ignored")


def by_point(results: Results) -> list[Frame]:
    """The outcomes of each point, a row a replication, in the order of replications."""
    outcomes = results.table("outcomes")
    return [outcomes[outcomes["point"] == number].sort_values("replication") for number in range(len(results.labels))]


def sample(frame: Frame, column: str) -> Sample:
    """A column as numbers, shape (replications,)."""
    return frame[column].to_numpy(dtype=float)


def spread(name: str, estimate: Estimate) -> dict[str, float]:
    """An estimate as columns."""
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def spread_above_zero(name: str, estimate: Estimate) -> dict[str, float]:
    """An estimate of what is never below zero, as columns: its interval ends there."""
    found = spread(name, estimate)
    return found | {f"{name}_low": max(found[f"{name}_low"], 0.0) if math.isfinite(estimate.low) else estimate.low}


def levels(results: Results) -> Frame:
    """Question 1: a row a level, in the order of hours; money after run-off, expected-value estimator, with renewals apart.

    Where more than the hours sets points apart, the levels of each case follow one another.
    """
    frames = by_point(results)
    rows = []
    for case, numbers in points.lines(results).items():
        before = None
        for number in numbers:
            rows.append({"point": number, "label": results.labels[number], "case": case,
                         "hours_per_week": points.hours_of(results, number), **_level(frames[number], before)})  # fmt: skip
            before = frames[number]
    return pd.DataFrame(rows)


def _level(frame: Frame, before: Frame | None) -> dict[str, float]:
    row = {"cost": float(frame["cost"].mean())}
    row |= spread("net_deals", mean(sample(frame, "net_deals_expected")))
    row["net_deals_realised"] = float(frame["net_deals"].mean())
    row["net_revenue"] = float(frame["net_revenue_expected"].mean())
    row |= spread("net_margin_deals", mean(sample(frame, "net_margin_expected")))
    row |= spread("net_margin_renewals", mean(sample(frame, "net_renewal_margin_expected")))
    row |= spread("net_return_deals", mean(sample(frame, "net_return_deals_expected")))
    row |= spread("net_return", mean(sample(frame, "net_return_expected")))
    row["net_return_deals_by_horizon"] = float(frame["net_return_deals_by_horizon_expected"].mean())
    row |= spread("pays_share", share(int((frame["net_return"] > 0).sum()), len(frame)))
    row["begun_on_social_share"] = ratio(frame["deals_begun_on_social"].sum(), frame["deals_of_new_leads"].sum())
    row |= spread("step", _step(before, frame))
    return row


def _step(before: Frame | None, frame: Frame) -> Estimate:
    """Return of the hours added since the level before: added net return for each unit of their cost, paired by world."""
    if before is None:
        cost, gained = sample(frame, "cost"), sample(frame, "net_return_expected")
    else:
        cost = sample(frame, "cost") - sample(before, "cost")
        gained = sample(frame, "net_return_expected") - sample(before, "net_return_expected")
    if not np.all(cost > 0):
        return Estimate(math.nan, math.nan, math.nan)
    return mean(gained / cost)


def ratio(numerator: float, denominator: float) -> float:
    """One by the other, nan by nothing."""
    return float(numerator / denominator) if denominator else math.nan


@dataclass(frozen=True)
class Choice:
    """Rows of the table of levels: the one advised, the one of highest mean, those that cannot be told from that one."""

    advised: int
    highest: int
    near: tuple[int, ...]


def choice(results: Results, table: Frame) -> Choice:
    """Which level of a table to fund; see `advised`."""
    frames = by_point(results)
    return advised([sample(frames[point], "net_return_expected") for point in table["point"]], table["cost"].to_numpy())


def advised(returns: list[Sample], costs: Sample) -> Choice:
    """Which level to fund: the cheapest of those whose net return cannot be told from the highest, world by world.

    Near means that the interval of the paired difference from the highest holds zero, or cannot be told. `returns` holds an
    array of shape (replications,) a level, `costs` a number a level.
    """
    highest = int(np.argmax([float(one.mean()) for one in returns]))
    others = [level for level in range(len(returns)) if level != highest]
    near = tuple(level for level in others if mean(returns[highest] - returns[level]).says_nothing())
    cheapest = min((highest, *near), key=lambda level: float(costs[level])) if len(returns[0]) > 1 else highest
    return Choice(cheapest, highest, near)


def deals(results: Results, point: int) -> Frame:
    """Question 2: a row a deal of one point that is won in either world, in all its replications."""
    frame = results.table("deals")
    frame = frame[frame["point"] == point].drop(columns="point")
    for model, _ in CREDIT_MODELS.values():
        frame[f"money_by_{model}"] = frame["value"] * frame[f"credit_{model}"]
    return frame.sort_values(["replication", "closed_week", "account", "need"]).reset_index(drop=True)


def causes(results: Results, point: int) -> Frame:
    """Question 2: what first set a deal apart from its twin, a row a cause: deals caused and lost, moved, and their revenue."""
    frame = deals(results, point)
    count = int(results.manifest["replications"])
    kinds = {
        "caused": frame["label"] == CAUSED,
        "lost_because": frame["label"] == LOST_BECAUSE,
        "moved": frame["label"].isin([ACCELERATED, DELAYED]),
    }
    rows = []
    for cause in CAUSES:
        mine = frame["first_cause"] == cause
        row: dict[str, Any] = {"cause": cause}
        for name, holds in kinds.items():
            row[name] = mean(per_world(frame, (mine & holds).astype(float), count)).value
        rows.append(row | spread("net_revenue", mean(per_world(frame, frame["true_money"] * mine, count))))
    return pd.DataFrame(rows)


ESTIMATED = {
    "deals": later("deals"), "revenue": later("first-year revenue of deals"), "renewals": later("contracts renewed"),
    "renewal_margin": later("margin on renewals"), "net_return": later("net return"),
}  # fmt: skip


def estimators(results: Results, point: int) -> Frame:
    """Question 2: both worlds and the net by both estimators, side by side: the same mean, one with far less noise."""
    frame = by_point(results)[point]
    rows = []
    for name, said in ESTIMATED.items():
        row: dict[str, Any] = {"measure": said, "is_money": name in ("revenue", "renewal_margin", "net_return")}
        for estimator, column in (("realised", name), ("expected", f"{name}_expected")):
            has_twin = f"twin_{column}" in frame
            row[f"with_{estimator}"] = float(frame[column].mean()) if has_twin else math.nan
            row[f"without_{estimator}"] = float(frame[f"twin_{column}"].mean()) if has_twin else math.nan
            row |= spread(f"net_{estimator}", mean(sample(frame, f"net_{column}" if has_twin else column)))
        rows.append(row)
    return pd.DataFrame(rows)


def has_spillover(results: Results) -> bool:
    """Whether direct effects were asked for."""
    return bool(results.manifest["spillover"])


def spillover(results: Results, point: int) -> Frame:
    """Question 2: the net result, what of it is direct, and what comes by sales load, word of mouth and crises."""
    frame = by_point(results)[point]
    rows = []
    for name in DIVIDED:
        row: dict[str, Any] = {
            "measure": name.removesuffix("_expected"),
            "estimator": "expected" if name.endswith("_expected") else "realised",
        }
        for part in ("direct", "spillover", "net"):
            row |= spread(part, mean(sample(frame, f"{part}_{name}")))
        rows.append(row)
    return pd.DataFrame(rows)


def waterfall(results: Results, point: int) -> Frame:
    """Question 2's figure: from the twin's revenue to the actual, a step a label, mean over worlds with its interval."""
    frame = deals(results, point)
    count = int(results.manifest["replications"])
    steps = [(later("zero hours"), frame["value"] * frame["twin_won"])]
    named = {
        CAUSED: later("caused"),
        LOST_BECAUSE: later("lost because of it"),
        ANOTHER_NEED: later("won at another need"),
    }
    steps += [(said, frame["true_money"] * (frame["net_label"] == label)) for label, said in named.items()]
    pending = frame["label"] == PENDING
    if pending.any():
        steps.append((later("still open in one world"), frame["true_money"] * pending))
    steps.append((later("with social media"), frame["value"] * frame["won"]))
    rows = []
    for name, money in steps:
        sums = money.groupby(frame["replication"]).sum().reindex(range(count), fill_value=0.0)
        rows.append({"step": name, **spread("revenue", mean(sums.to_numpy(dtype=float)))})
    return pd.DataFrame(rows)


def table_of_four(results: Results, point: int) -> Frame:
    """Question 3: what each way of giving credit sees of the truth, a world's mean, in deals and money.

    A caused deal is incremental; one lost because of social media counts against. A model that shares a deal out sees a part of
    it: the four cells together are the deals won. `visibility` is the ratio of the sums of credited to true revenue, with a
    bootstrap interval, undefined where the true sum cannot be told from zero.
    """
    frame = deals(results, point)
    count = int(results.manifest["replications"])
    true = per_world(frame, frame["true_money"], count)
    rows = []
    incremental = frame["net_label"] == CAUSED
    for model, (column, said) in CREDIT_MODELS.items():
        credited = frame[f"credit_{column}"]
        ignored = frame["won"] - credited
        cells = dict(
            zip(
                FOUR,
                (credited * incremental, credited * ~incremental, ignored * incremental, ignored * ~incremental),
                strict=True,
            )
        )
        row: dict[str, Any] = {"model": model, "gives_credit_to": said}
        for name, part in cells.items():
            row |= spread(f"{name}_deals", mean(per_world(frame, part, count)))
            row |= spread(f"{name}_revenue", mean(per_world(frame, frame["value"] * part, count)))
        row |= spread("visibility", ratio_of_sums(per_world(frame, frame["value"] * credited, count), true))
        rows.append(row)
    return pd.DataFrame(rows)


def by_source(results: Results, point: int) -> Frame:
    """Question 3: what each model credits to each source, a world's mean; a row a model, over sources all revenue won."""
    frame = results.table("credits")
    means = frame[frame["point"] == point].groupby(["model", "source"], observed=True)[["deals", "revenue"]].mean()
    rows = []
    for name, (model, _) in CREDIT_MODELS.items():
        row: dict[str, Any] = {"model": name}
        for what in ("revenue", "deals"):
            row |= {f"{what}_{source}": float(means[what].loc[model, source]) for source in SOURCES}
        rows.append(row)
    return pd.DataFrame(rows)


def per_world(frame: Frame, values: "pd.Series[Any]", count: int) -> Sample:
    """Sums of a column of rows by replication, shape (replications,)."""
    return values.groupby(frame["replication"]).sum().reindex(range(count), fill_value=0.0).to_numpy(dtype=float)


COMPARED = {
    "net_deals_expected": "deals",
    "net_margin_expected": "currency",
    "net_return_expected": "currency",
    "net_return": "currency",
    "shortlist_share": "share",
    "retention": "share",
    "deals_begun_on_social": "deals",
}


def point_names(results: Sequence[Results]) -> list[str]:
    """Names of all points of some results: their labels; with those of the folders, if labels are not enough."""
    labels = [label for one in results for label in one.labels]
    if len(set(labels)) == len(labels):
        return labels
    return [f"{one.folder.name}: {label}" for one in results for label in one.labels]


def comparison(results: list[Results], baseline: str | None = None) -> Frame:
    """Paired differences of every point from the baseline, world by world on the same draws; p-values adjusted by Holm.

    Besides each difference's own interval there is one that holds for all points at once (`all_low`, `all_high`; Bonferroni).
    """
    every = (frame.set_index("replication") for one in results for frame in by_point(one))
    frames = dict(zip(point_names(results), every, strict=True))
    chosen = baseline or next(iter(frames))
    others = max(1, len(frames) - 1)
    rows = []
    for label, frame in frames.items():
        if label == chosen:
            continue
        for measure, unit in COMPARED.items():
            difference = (frame[measure] - frames[chosen][measure]).dropna().to_numpy(dtype=float)
            at_once = mean(difference, 1.0 - (1.0 - CONFIDENCE) / others)
            rows.append(
                {
                    "point": label,
                    "baseline": chosen,
                    "measure": measure,
                    "unit": unit,
                    **spread("difference", mean(difference)),
                    "all_low": at_once.low,
                    "all_high": at_once.high,
                    "p_value": paired_p_value(difference),
                }
            )
    table = pd.DataFrame(rows)
    if len(table):
        known = table["p_value"].notna()
        table["p_holm"] = math.nan
        table.loc[known, "p_holm"] = holm(table.loc[known, "p_value"].tolist())
    return table
