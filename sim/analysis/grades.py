"""Grades of tools that measure marketing: what they say of each world beside the truth. Frames from frames.

A world has a truth for each measure, which is what the value adds up over. A tool that failed on a world is held against it:
no interval covers, no effect is found, and the team keeps its hours.
"""

import math
from typing import Any

import numpy as np
import pandas as pd
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.analysis.frames import Frame, spread, spread_above_zero
from sim.experiment.statistics import Sample, mean, ratio_of_sums, share

SOCIAL, NO_EFFECT = "organic_social", "none"
STOP, KEEP, DOUBLE = DECISIONS = "stop", "keep", "double"
TWICE = 2.0  # double the hours if what they are credited with pays for twice of them
CHANNELS = {
    "organic_social": "social", "organic_search": "web", "direct_traffic": "web", "offline_sources": "offline",
    "referrals": "referral",
}  # fmt: skip
KEY = ["tool", "method", "measure"]


def by_world(truth: Frame, answers: Frame, statuses: Frame) -> Frame:
    """Return a row per tool, method, measure and world: the answer on social media, the truth, the decision, its regret.

    `truth` has a row per world and measure, `answers` one per tool, world, method, measure and channel, `statuses` one per
    tool and world (done or failed).
    """
    social = answers[answers["channel"] == SOCIAL]
    rows = [social[[*KEY, "world", "value", "low", "high", "finds"]]]
    failed = statuses[statuses["status"] == "failed"]
    methods = social[KEY].drop_duplicates()
    for tool in sorted(set(failed["tool"]) - set(methods["tool"])):  # it has failed on all worlds
        methods = pd.concat([methods, pd.DataFrame([{"tool": tool, "method": "", "measure": None}])])
    for one in methods.itertuples():
        missed = truth[truth["world"].isin(failed.loc[failed["tool"] == one.tool, "world"])]
        missed = missed[missed["measure"] == one.measure] if one.measure else missed.drop_duplicates("world")
        rows.append(missed[["world", "measure"]].assign(tool=str(one.tool), method=str(one.method)))
    found = pd.concat([frame for frame in rows if len(frame)], ignore_index=True)
    found = found.reindex(columns=[*KEY, "world", "value", "low", "high", "finds"])
    found = found.merge(truth, how="left", on=["world", "measure"])
    found = found.merge(rank_of_channels(truth, answers), how="left", on=[*KEY, "world"])
    return _decided(found.assign(is_failed=found["value"].isna(), finds=_finds(found)))


def _finds(found: Frame) -> "pd.Series[Any]":
    """Return whether an effect is found: as the tool says; else whether its interval, or else its value, is above zero."""
    least = found["low"].fillna(found["value"])
    return found["finds"].where(found["finds"].notna(), (least > 0.0).astype(float))


def _decided(found: Frame) -> Frame:
    """Add what a person decides who believes the answer, and what that costs against the best decision."""
    credited = found["margin"] * found["value"]
    decision = np.select(
        [found["is_failed"], credited < found["cost"], credited >= TWICE * found["cost"]], [KEEP, STOP, DOUBLE], KEEP
    )
    returns = found[[f"return_{name}" for name in DECISIONS]].to_numpy(dtype=float)
    chosen = returns[np.arange(len(found)), [DECISIONS.index(name) for name in decision]]
    return found.assign(decision=decision, regret=returns.max(axis=1, initial=-math.inf) - chosen)


def rank_of_channels(truth: Frame, answers: Frame) -> Frame:
    """Return Spearman's correlation of the credit of four channels with what came through them; a row per method and world.

    Of social media the truth is what it brought; of the web, of offline sources and of referrals it is the value of the deals
    that would have been won anyway, by how the buyer truly got in touch.
    """
    rows = []
    known = truth[truth["measure"] == "journeys"].set_index("world").to_dict("index")
    for (tool, method, measure, world), mine in answers.groupby([*KEY, "world"]):
        by = mine.groupby(mine["channel"].map(CHANNELS))["value"].sum()
        if measure != "journeys" or len(by) < len(set(CHANNELS.values())) or not by.to_numpy().any():
            continue
        true = [float(known[world]["truth" if name == "social" else f"true_{name}"]) for name in by.index]
        rank = float(scipy.stats.spearmanr(by.to_numpy(), true).statistic)
        rows.append({"tool": tool, "method": method, "measure": measure, "world": world, "rank": rank})
    return pd.DataFrame(rows, columns=[*KEY, "world", "rank"])


def grades(found: Frame) -> Frame:
    """Return a row per tool, method and measure, over the worlds of `by_world`; shares and means with their intervals."""
    rows = []
    for (tool, method, measure), mine in found.groupby(KEY, sort=False):
        said = mine[~mine["is_failed"]]
        error = _sample(said["value"] - said["truth"])
        row: dict[str, Any] = {
            "tool": tool, "method": method, "measure": measure, "worlds": len(mine), "failed": int(mine["is_failed"].sum()),
            "truth": float(mine["truth"].mean()),
        }  # fmt: skip
        row |= spread("bias", mean(error)) | spread("ratio", ratio_of_sums(_sample(said["value"]), _sample(said["truth"])))
        row |= spread("coverage", _coverage(mine)) | spread("rank", mean(_sample(said["rank"])))
        is_null = mine["effect"] == NO_EFFECT
        for name, part in (("false_alarms", mine[is_null]), ("found", mine[~is_null])):
            row |= spread(name, share(int((part["finds"] > 0.0).sum()), len(part)))
        row |= spread("best", share(int((mine["regret"] <= 0.0).sum()), len(mine))) | spread_above_zero(
            "regret", mean(_sample(mine["regret"]))
        )
        rows.append(row)
    return pd.DataFrame(rows)


def _coverage(mine: Frame) -> Any:
    """Return how often the interval holds the truth; undefined, if the method gives none."""
    if not mine["low"].notna().any():
        return share(0, 0)
    return share(int(((mine["low"] <= mine["truth"]) & (mine["truth"] <= mine["high"])).sum()), len(mine))


def by_effect(found: Frame) -> Frame:
    """Return a row per tool, method, measure and effect: mean truth and mean answer."""
    rows = []
    for (tool, method, measure, effect), mine in found.groupby([*KEY, "effect"], sort=False):
        row = {"tool": tool, "method": method, "measure": measure, "effect": effect, "worlds": len(mine)}
        rows.append(row | {"truth": float(mine["truth"].mean())} | spread("value", mean(_sample(mine["value"]))))
    return pd.DataFrame(rows)


def _sample(values: "pd.Series[Any]") -> Sample:
    return values.to_numpy(dtype=float)
