"""Question 4: when money is seen, and what is shown until then. Frames by quarter from a result folder."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.analysis.frames import ratio, spread
from sim.experiment.results import Results
from sim.experiment.statistics import Estimate, mean, share
from sim.measures.quarters import WEEKS_PER_QUARTER, years_at
from sim.model.ledger import SOURCES

Frame = pd.DataFrame
ByWorld = npt.NDArray[np.float64]  # shape (replications, quarters)

MONTHS_PER_QUARTER = 3
BREAK_EVEN_MONTHS = (6, 12, 18, 24, 36)
RUN_OFF_SHOWN = 8  # quarters
WORLDS = (0.05, 0.95)  # quantiles of the band of single worlds
INDICATORS = ("followers", "reach", "interactions", "visits_social", "leads_organic_social", "qualified_organic_social")


@dataclass(frozen=True)
class Quarters:
    """The quarters of one point, one matrix per column: worlds by quarters. Those after a world's last deal are zero."""

    frame: Frame
    count: int
    worlds: int
    horizon: int  # quarters until it
    margin: float

    @classmethod
    def of(cls, results: Results, point: int, *, to_the_end: bool = False) -> "Quarters":
        """Read the quarters of a point, from the first to two years after the horizon, or to the last."""
        frame = results.table("quarters")
        scenario = results.manifest["points"][point]["scenario"]
        horizon = -(-int(scenario["time"]["horizon_weeks"]) // WEEKS_PER_QUARTER)
        frame = frame[frame["point"] == point]
        count = int(frame["quarter"].max()) + 1
        if not to_the_end:
            count = min(count, horizon + RUN_OFF_SHOWN)
        return cls(frame, count, int(results.manifest["replications"]), horizon, float(scenario["sales"]["margin"]))

    def __getitem__(self, column: str) -> ByWorld:
        """Return a column, shape (worlds, quarters)."""
        world, quarter = (self.frame[key].to_numpy() for key in ("replication", "quarter"))
        values = self.frame[column].to_numpy(dtype=float)
        shown = (world < self.worlds) & (quarter < self.count)
        wide = np.zeros((self.worlds, self.count))
        wide[world[shown], quarter[shown]] = values[shown]
        return wide

    def net_margin_deals(self, estimator: str = "") -> ByWorld:
        """Return the margin on deals that the twin does not have, by when they closed, less what selling costs more."""
        selling = self[f"selling_cost{estimator}"] - self[f"twin_selling_cost{estimator}"]
        return self.margin * (self[f"revenue{estimator}"] - self[f"twin_revenue{estimator}"]) - selling

    def net_margin_renewals(self, estimator: str = "") -> ByWorld:
        """Return the margin on renewals that the twin does not have, by when they were due."""
        return self[f"renewal_margin{estimator}"] - self[f"twin_renewal_margin{estimator}"]

    def net_return(self, estimator: str = "") -> ByWorld:
        """Sum both margins, less the cost of the hours, up to the end of each quarter."""
        return np.cumsum(self.net_margin_deals(estimator) + self.net_margin_renewals(estimator) - self["spent"], axis=1)


def money(results: Results, point: int) -> Frame:
    """Return one row per quarter: spending, margin, the sum so far, and the chance of having broken even by then.

    Means and their intervals are of the expected-value estimator; the band of single worlds and the chance of having broken
    even are of realised results, as one company sees only one world.
    """
    found = Quarters.of(results, point)
    expected, realised, spent = found.net_return("_expected"), found.net_return(), found["spent"]
    deals, renewals = found.net_margin_deals("_expected"), found.net_margin_renewals("_expected")
    rows = []
    for quarter in range(found.count):
        low, high = np.quantile(realised[:, quarter], WORLDS)
        rows.append(
            {
                "quarter": quarter + 1,
                "months": MONTHS_PER_QUARTER * (quarter + 1),
                "in_run_off": quarter >= found.horizon,
                "spent": spent[:, quarter].mean(),
                "net_margin_deals": deals[:, quarter].mean(),
                "net_margin_renewals": renewals[:, quarter].mean(),
                **spread("net_return_so_far", mean(expected[:, quarter])),
                "world_low": low,
                "world_high": high,
                **spread("broken_even", broken_even(realised, quarter)),
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class MoneyInShort:
    """Money at a point in a few figures; means of the expected-value estimator, in the currency of the results.

    Attributes
    ----------
    lowest, lowest_month
        The lowest mean sum at the end of a quarter, and the month in which it is reached; 0 and 0 if none is below zero.
    break_even_month
        From which on the mean sum stays above zero; None if it never does.
    broken_even
        Share of single worlds above zero by the month, with the interval of the share, for some months.
    deals, renewals, spent
        Margin on net deals, margin on net renewals, and what the hours cost.
    net_return, discounted
        The sum of all three, and the same with every quarter worth less the later it is.
    rate
        By which a year later is worth less.
    """

    lowest: float
    lowest_month: int
    break_even_month: int | None
    broken_even: dict[int, Estimate]
    deals: float
    renewals: float
    spent: float
    net_return: Estimate
    discounted: Estimate
    rate: float


def in_short(results: Results, point: int) -> MoneyInShort:
    """Put the money of a point in a few figures, from the first day to the end of the last deal."""
    found, table = Quarters.of(results, point, to_the_end=True), money(results, point)
    rate = float(results.manifest["points"][point]["scenario"]["customers"]["discount_rate"])
    deals, renewals = found.net_margin_deals("_expected"), found.net_margin_renewals("_expected")
    flows = deals + renewals - found["spent"]
    so_far = table["net_return_so_far"].to_numpy(dtype=float)
    low, quarter = int(so_far.argmin()), break_even_quarter(table)
    even = break_even(results, point)
    return MoneyInShort(
        lowest=min(0.0, float(so_far[low])),
        lowest_month=int(table["months"].iloc[low]) if so_far[low] < 0.0 else 0,
        break_even_month=None if quarter is None else quarter * MONTHS_PER_QUARTER,
        broken_even={
            int(row["months"]): Estimate(row["broken_even"], row["broken_even_low"], row["broken_even_high"])
            for _, row in even.iterrows()
        },
        deals=float(deals.sum(axis=1).mean()),
        renewals=float(renewals.sum(axis=1).mean()),
        spent=float(found["spent"].sum(axis=1).mean()),
        net_return=mean(flows.sum(axis=1)),
        discounted=mean((flows / (1.0 + rate) ** years_at(found.count)).sum(axis=1)),
        rate=rate,
    )


def broken_even(net_return: ByWorld, quarter: int) -> Estimate:
    """Estimate the share of worlds in which all quarters so far have brought more than they cost."""
    return share(int((net_return[:, quarter] > 0.0).sum()), len(net_return))


def break_even_quarter(table: Frame) -> int | None:
    """Find the first quarter from which the mean net return so far stays above zero; None if it never does."""
    above = table["net_return_so_far"].to_numpy() > 0.0
    if not above[-1]:
        return None
    last_below = np.flatnonzero(~above)
    return int(table["quarter"].iloc[last_below[-1] + 1 if last_below.size else 0])


def break_even(results: Results, point: int) -> Frame:
    """Return the chance of having broken even at some months, those within the quarters that were followed."""
    table = money(results, point)
    return table[table["months"].isin(BREAK_EVEN_MONTHS)][
        ["months", "broken_even", "broken_even_low", "broken_even_high", "world_low", "world_high"]
    ].reset_index(drop=True)


def dashboard(results: Results, point: int) -> Frame:
    """Return one row per quarter: what the team's reports show, averaged over worlds; leads by source, and money credited."""
    found = Quarters.of(results, point)
    names = [
        *INDICATORS, "visits_search", "visits_direct",
        *(f"leads_{source}" for source in SOURCES if f"leads_{source}" not in INDICATORS),
        "deals_all", "revenue_all", "deals_first_touch", "revenue_first_touch", "deals_last_touch", "revenue_last_touch",
    ]  # fmt: skip
    columns = {name: found[name].mean(axis=0) for name in names}
    table = pd.DataFrame({"quarter": np.arange(1, found.count + 1), **columns})
    table["answered_share"] = [
        ratio(answered, messages)
        for answered, messages in zip(found["messages_answered"].sum(axis=0), found["messages"].sum(axis=0), strict=True)
    ]
    table.loc[found.horizon :, "followers"] = np.nan
    return table
