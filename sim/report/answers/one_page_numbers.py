"""The numbers of the one page, for programs: as it shows them, but not rounded. Docs: docs/guide.md, "For programs"."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from sim.analysis import cash_flow, ignorance, work
from sim.analysis import flips as flipping
from sim.analysis import stages as kept_stages
from sim.analysis import trip_wires as wiring
from sim.experiment.results import Results
from sim.report.answers import ensemble_numbers
from sim.report.answers import stages as planned
from sim.report.answers.one_page import SHOWN_MONTHS, months_paid
from sim.report.answers.warnings import Warnings

PER_TASK = {"hours_per_week": "hours_worked_per_week", "hours_asked": "hours_asked_per_week", "share_asked": "share_asked"}


def week(results: Results, point: int) -> dict[str, Any] | None:
    """Give the mean week of a point: hours worked by task and by person and task, beside what was asked; None if nobody works.

    Where nobody asks for a task, such as switching, what was asked is nan.
    """
    by_person, by_task = work.plan(results, point), work.hours_by_task(results, point)
    if not by_task["hours_per_week"].sum() > 0.0:
        return None
    people = by_person.groupby("member", sort=False)
    return {
        **_together(by_task),
        "tasks": _tasks(by_task),
        "people": [{"person": str(who), **_together(own), "tasks": _tasks(own)} for who, own in people],
    }


def _together(tasks: pd.DataFrame) -> dict[str, float]:
    return {PER_TASK[name]: float(tasks[name].sum()) for name in ("hours_per_week", "hours_asked")}


def _tasks(tasks: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a row per task, most worked first."""
    ordered = tasks.sort_values("hours_per_week", ascending=False, kind="stable")
    return [
        {"task": row["activity"], **{said: float(row[name]) for name, said in PER_TASK.items()}}
        for _, row in ordered.iterrows()
    ]


def money(results: Results, point: int) -> dict[str, Any]:
    """Give the money of a point by part: when it is lowest and breaks even, and what hours cost and bring in all."""
    found = cash_flow.in_short(results, point)
    return {
        "months": months_paid(results, point),
        "lowest_sum": found.lowest,
        "lowest_sum_after_months": found.lowest_month or None,
        "breaks_even_after_months": found.break_even_month,
        "worlds_above_zero": [
            {"after_months": months, "share": asdict(one)}
            for months, one in found.broken_even.items()
            if months in SHOWN_MONTHS
        ],
        "cost_of_hours": found.spent,
        "margin_on_deals": found.deals,
        "margin_on_renewals": found.renewals,
        "net_return": found.net_return.value,
        "net_return_discounted": asdict(found.discounted),
        "discount_rate_per_year": found.rate,
    }


def decision(results: Results) -> dict[str, Any] | None:
    """Give what to decide while nobody knows, as `sim ensemble --json` does; None where it was not looked for."""
    found = ignorance.stored(results)
    return None if found is None else ensemble_numbers.content(found)


def stages(results: Results) -> dict[str, Any] | None:
    """Give a plan in stages, as `sim plan --json` does; None where it was not looked for."""
    found = kept_stages.stored(results)
    return None if found is None else planned.content(found)


def warnings(results: Results) -> dict[str, Any]:
    """Give what to watch and what would change the advice, as `sim warn --json` does; None where it was not looked for."""
    flips, wires = flipping.stored(results), wiring.stored(results)
    if flips is None or wires is None:
        return {"trip_wires": None, "flips": None}
    told = Warnings(flips, wires, results.currency).to_dict()
    return {name: told[name] for name in ("trip_wires", "flips")}
