"""The decision while nobody knows which parameters are true, as numbers for programs."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from sim.analysis.discovery.cases import AGAIN, AT, DISCOUNTED, FACT, HAS_EFFECT
from sim.analysis.frames import Frame, spread
from sim.experiment.ensemble import Ensemble
from sim.experiment.ignorance import Decision


def themes_frame(found: Decision) -> Frame:
    """Return a row per theme that is worth knowing, as numbers."""
    rows = [{"theme": one.guess, "value": one.value, "low": one.low, "high": one.high} for one in found.themes]
    return pd.DataFrame(rows, columns=["theme", "value", "low", "high"])


def levels_frame(found: Decision) -> Frame:
    """Return a row per level, as numbers."""
    return pd.DataFrame(
        [
            {
                "hours_per_week": one.hours,
                **spread("mean", one.mean),
                **spread("pays", one.pays),
                **spread("worst_5", one.worst),
                **spread("regret", one.regret),
                **spread("best", one.best),
                **spread("mean_if_moved", one.moved),
                **spread("mean_if_not_moved", one.unmoved),
                **spread("mean_not_discounted", one.plain),
            }
            for one in found.levels
        ]
    )


def guesses_frame(found: Decision) -> Frame:
    """Return a row per guess that is worth knowing, as numbers."""
    return pd.DataFrame([asdict(one) for one in found.guesses], columns=["guess", "value", "low", "high"])


def pilots_frame(found: Decision) -> Frame:
    """Return a row per test and time, as numbers."""
    columns = ["test", "hours_per_week", "after_quarters", "is_beyond_chance", *_ends("worth"), *_ends("cost")]
    rows = [
        {
            "test": one.test,
            "hours_per_week": one.hours,
            "after_quarters": one.after,
            "is_beyond_chance": one.is_beyond_chance,
            **spread("worth", one.worth),
            **spread("cost", one.cost),
        }
        for one in found.pilots
    ]
    return pd.DataFrame(rows, columns=columns)


def _ends(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"]


def members_frame(found: Ensemble, decision: Decision) -> Frame:
    """Return a row per set: whether it has an effect, its weight, what it shows of the facts, its returns, and its guesses."""
    lived = found.lived
    columns: dict[str, Any] = {
        "member": [one.number for one in found.drawn.members],
        HAS_EFFECT: lived.has_effect,
        "weight": lived.weights(decision.belief),
    }
    for place, name in enumerate(found.facts):
        columns[f"{FACT}{name}"] = found.shown[:, place]
    for place, hours in enumerate(lived.hours):
        columns[f"{DISCOUNTED}{AT}{hours:g}"] = lived.returns[:, place]
        columns[f"{DISCOUNTED} {AGAIN}{AT}{hours:g}"] = lived.again[:, place]
        columns[f"net_return{AT}{hours:g}"] = lived.plain[:, place]
    guessed = pd.DataFrame([one.values for one in found.drawn.members])
    return pd.concat([pd.DataFrame(columns), guessed], axis=1)


def content(found: Decision) -> dict[str, Any]:
    """Return everything for programs; each figure as value, low and high."""
    levels = [
        {
            "hours": one.hours,
            "mean": asdict(one.mean),
            "pays": asdict(one.pays),
            "worst_5": asdict(one.worst),
            "regret": asdict(one.regret),
            "best": asdict(one.best),
            "mean_if_moved": asdict(one.moved),
            "mean_if_not_moved": asdict(one.unmoved),
            "mean_not_discounted": asdict(one.plain),
        }
        for one in found.levels
    ]
    return {
        "sets": found.sets,
        "effective_sets": found.effective_sets,
        "best_level": found.best.hours,
        "is_decisive": found.is_decisive,
        "facts_out_of_reach": [asdict(one) for one in found.far],
        "discount_rate_per_year": found.rate,
        "levels": levels,
        "belief": found.belief,
        "belief_after_facts": asdict(found.belief_after),
        "belief_break_even": asdict(found.break_even),
        "best_until_belief": [asdict(one) for one in found.by_belief],
        "evpi": asdict(found.everything),
        "evppi_of_effect": asdict(found.effect),
        "evppi": [asdict(one) for one in found.guesses],
        "evppi_by_chance": found.by_chance,
        "evppi_of_themes": [{"theme": one.guess, "value": one.value, "low": one.low, "high": one.high} for one in found.themes],
        "evppi_of_themes_by_chance": found.themes_by_chance,
        "evsi": [
            {
                "test": one.test,
                "hours": one.hours,
                "after_quarters": one.after,
                **asdict(one.worth),
                "is_beyond_chance": one.is_beyond_chance,
                "cost": asdict(one.cost),
            }
            for one in found.pilots
        ],
        "evsi_by_chance": found.pilots_by_chance,
        "evsi_survey_buyers_per_arm": found.buyers,
    }
