"""The company without social media, read back so that readers see whether it is theirs."""

import math
from typing import Any

from sim.analysis.baseline import baseline
from sim.experiment.results import Results
from sim.report.text.translation import decimal, say
from sim.report.text.words import confidence, money, number, percent


def read_back(results: Results, point: int) -> str:
    """Say what the company wins and keeps with zero hours; an empty text where no whole quarter was run."""
    found = baseline(results, point)
    deals = found.deals_per_year
    if not math.isfinite(deals.value):
        return ""
    values = {
        "deals": number(deals.value),
        "revenue": money(found.revenue_per_year.value, results.currency),
        "customers": decimal(found.customers),
        "renewed": percent(found.renewal_rate),
    }
    if not math.isfinite(deals.low):
        return say(
            "Without social media this company wins {deals} deals per year worth {revenue}, and renews {renewed} of the"
            " contracts of its customers ({customers} at the start). If that is not your company, correct the scenario first.",
            **values,
        )
    return say(
        "Without social media this company wins {deals} deals per year worth {revenue} ({confidence} interval of the mean"
        " {low} to {high} deals), and renews {renewed} of the contracts of its customers ({customers} at the start). If that is"
        " not your company, correct the scenario first.",
        **values,
        confidence=confidence(),
        low=number(deals.low),
        high=number(deals.high),
    )


def as_dict(results: Results, point: int) -> dict[str, Any]:
    """Give the same to programs."""
    found = baseline(results, point)
    deals = found.deals_per_year
    return {
        "deals_per_year": deals.value,
        "deals_per_year_low": deals.low,
        "deals_per_year_high": deals.high,
        "revenue_per_year": found.revenue_per_year.value,
        "customers": found.customers,
        "renewal_rate": found.renewal_rate,
    }
