"""The dashboard: what the team's records show. See docs/measures.md."""

import math

import numpy as np

from sim.measures.attribution import CREDITS, MODELS
from sim.measures.causal_effects import Window, array
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.ledger import SOCIAL, SOURCES
from sim.model.record import Columns, Record, each
from sim.scenario.schema import Scenario


def audience(record: Record, window: Window) -> dict[str, float]:
    """Return followers at the end, and reach, interactions and visits in the window, as platforms and web tools count them."""
    weeks = record.weeks.as_columns()
    counted = np.array(weeks["week"]) * HOURS_PER_WEEK >= window.begins
    totals = {
        name: float(np.array(weeks[name])[counted].sum())
        for name in ("reach", "interactions", "visits_social", "visits_search", "visits_direct", "visits_social_true")
    }
    return {
        "followers": float(weeks["followers"][-1]),
        "outside_followers": float(weeks["outside_followers"][-1]),
        **totals,
        "tagged_share": float(weeks["tagged_share"][-1]),
        "asked_share": float(weeks["asked_share"][-1]),
        "dashboard_age_weeks": float(np.array(weeks["dashboard_age_weeks"])[counted].mean()),
    }


def leads(record: Record, window: Window) -> dict[str, float]:
    """Count leads and qualified leads since the window began, by recorded source; only of needs that count."""
    source, opens = array(record.needs, "recorded_source"), array(record.needs, "opens_at")
    came, qualified = (array(record.needs, column).astype(float) for column in ("lead_at", "qualified_at"))
    results: dict[str, float] = {}
    for one in SOURCES:
        from_source = (source == one) & (opens >= window.needs_from)
        results[f"leads_{one}"] = float((from_source & (came >= window.begins)).sum())
        results[f"qualified_{one}"] = float((from_source & (qualified >= window.begins)).sum())
    return results


def credit(by_source: Columns) -> dict[str, float]:
    """Return the deals and revenue that each attribution model credits to social media."""
    results: dict[str, float] = {}
    for model, source, deals, revenue in zip(*(by_source[name] for name in CREDITS), strict=True):
        if source == SOCIAL:
            results |= {f"deals_{model}": float(deals), f"revenue_{model}": float(revenue)}
    return results


def hours_and_cost(record: Record, scenario: Scenario) -> dict[str, float]:
    """Sum the hours given over the window, and the cost: of these hours, and expenses beside them."""
    columns = record.hours.as_columns()
    counted = np.array(columns["week"], dtype=int) >= scenario.time.warm_up_weeks
    seconds = np.array(columns["seconds"], dtype=float)[counted]
    rate = np.array(columns["cost_per_hour"], dtype=float)[counted]
    hours = float(seconds.sum()) / 3600.0
    expenses = math.fsum(
        amount for week, amount in each(record.expenses, "week", "amount") if week >= scenario.time.warm_up_weeks
    )
    return {
        "hours": hours,
        "cost": float((seconds * rate).sum()) / 3600.0 + expenses,
        "expenses": expenses,
        "alternative": hours * scenario.presence.alternative_use_per_hour,
    }


def measured_return(results: dict[str, float], margin: float) -> dict[str, float]:
    """Return what the dashboard shows as the return on each unit of money spent, net of that unit; nan without cost."""
    cost = results["cost"]
    return {
        f"measured_return_{model}": results[f"revenue_{model}"] * margin / cost - 1.0 if cost > 0 else float("nan")
        for model in MODELS
    }
