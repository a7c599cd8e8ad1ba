"""The company without social media: what it wins and keeps with zero hours, as the twins of a point show it."""

import math
from dataclasses import dataclass

from sim.analysis.cash_flow import Quarters
from sim.analysis.frames import by_point, ratio, sample
from sim.experiment.results import Results
from sim.experiment.statistics import Estimate, mean
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.model.calendar import WEEKS_PER_YEAR

NO_TIME = Estimate(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Baseline:
    """A company with zero hours, on average between the warm-up and the horizon.

    Attributes
    ----------
    deals_per_year, revenue_per_year
        Deals won per year, and their first-year value in the currency of the results, with the interval of the mean over
        worlds; expected, or realised after a warm-up; nan if there is no whole quarter after the warm-up.
    customers
        On the first day.
    renewal_rate
        Share of contracts due that are renewed (expected); nan if none is due.
    """

    deals_per_year: Estimate
    revenue_per_year: Estimate
    customers: int
    renewal_rate: float


def baseline(results: Results, point: int) -> Baseline:
    """Find the baseline of a point from its twin worlds.

    Outcomes count deals of needs that opened after the warm-up. Where there is one, deals are therefore those that the CRM
    shows in the whole quarters after it.
    """
    outcomes = by_point(results)[point]
    scenario = results.manifest["points"][point]["scenario"]
    warm_up, horizon = (int(scenario["time"][name]) for name in ("warm_up_weeks", "horizon_weeks"))
    first, last = -(-warm_up // WEEKS_PER_QUARTER), horizon // WEEKS_PER_QUARTER

    def per_year(of: str) -> Estimate:
        if not warm_up:
            return _above_zero(mean(sample(outcomes, f"twin_{of}_by_horizon_expected") * WEEKS_PER_YEAR / horizon))
        if last <= first:
            return NO_TIME
        shown = Quarters.of(results, point)[f"twin_{of}_all"][:, first:last].sum(axis=1)
        return _above_zero(mean(shown * WEEKS_PER_YEAR / (WEEKS_PER_QUARTER * (last - first))))

    return Baseline(
        per_year("deals"),
        per_year("revenue"),
        int(scenario["market"]["customers"]),
        ratio(float(outcomes["twin_renewals_expected"].sum()), float(outcomes["twin_renewals_due_expected"].sum())),
    )


def _above_zero(estimate: Estimate) -> Estimate:
    """Cut the interval of what cannot be negative off at zero."""
    return Estimate(estimate.value, max(estimate.low, 0.0) if math.isfinite(estimate.low) else estimate.low, estimate.high)
