"""Early signs of a world, for warnings and decisions: its return and cost, and what records showed early on.

Early signs are what a team can see: followers as the platform counts them, posts seen, messages from people who want an answer,
and the leads that its CRM records as begun on social media, with their lag. None of them is the truth of the world.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.experiment import pilots
from sim.experiment.evaluation_cache import OUTCOMES, Measure, Values
from sim.experiment.pilots import AFTER
from sim.experiment.precision import RETURN
from sim.experiment.runner import Tables, replicate
from sim.measures.quarters import NET, WEEKS_PER_QUARTER, discounted
from sim.scenario import Scenario

COST, DISCOUNTED = "cost", "net_return_discounted"
STOCK = "followers"  # counted at the end of a quarter; the other signs are summed up to it
SIGNS = (
    "leads_organic_social",
    "messages",
    "reach",
    STOCK,
)  # columns of the table `quarters`; of equal ones the first is taken


def sign_name(sign: str, quarters: int) -> str:
    """Return the name under which a sign at the end of so many quarters is kept."""
    return f"{sign}_after_{quarters}"


def of_worlds(scenarios: tuple[Scenario, ...], seed: int, replication: int) -> Mapping[str, Sequence[float]]:
    """Return the net return (expected), the cost and the early signs of scenarios in one replication, by name."""
    tables = replicate(scenarios, seed, replication)
    return {name: tables["outcomes"][name] for name in (RETURN, COST)} | _signs(tables, scenarios)


def of_sets(scenarios: tuple[Scenario, ...], seed: int, replication: int) -> Mapping[str, Sequence[float]]:
    """Return all outcomes, the early signs, the discounted return, and what tests of a pilot look at, by name."""
    tables = replicate(scenarios, seed, replication)
    return (
        {name: tables["outcomes"][name] for name in OUTCOMES.names} | _signs(tables, scenarios) | _quarters(tables, scenarios)
    )


def _quarters(tables: Tables, scenarios: tuple[Scenario, ...]) -> dict[str, Sequence[float]]:
    columns = {name: np.array(tables["quarters"][name], dtype=float) for name in ("point", *{*pilots.READ, *NET})}
    each = []
    for point, scenario in enumerate(scenarios):
        mine = {name: column[columns["point"] == point] for name, column in columns.items()}
        worth = discounted(mine, scenario.sales.margin, scenario.customers.discount_rate)
        each.append({DISCOUNTED: worth, **pilots.of_quarters(mine, scenario)})
    return {name: [one[name] for one in each] for name in (DISCOUNTED, *pilots.NAMES)}


def _signs(tables: Tables, scenarios: tuple[Scenario, ...]) -> dict[str, Sequence[float]]:
    columns = {name: np.array(tables["quarters"][name], dtype=float) for name in ("point", *SIGNS)}
    found: dict[str, Sequence[float]] = {}
    for sign in SIGNS:
        for quarters in AFTER:
            found[sign_name(sign, quarters)] = [
                so_far(columns[sign][columns["point"] == point], sign, scenario, quarters)
                for point, scenario in enumerate(scenarios)
            ]
    return found


def so_far(by_quarter: Values, sign: str, scenario: Scenario, quarters: int) -> float:
    """Return a sign at the end of so many quarters of work; nan if the horizon comes first.

    `by_quarter` has shape (quarters since the first day,).
    """
    starts = scenario.hours_policy.starts_week // WEEKS_PER_QUARTER
    until = starts + quarters
    if until * WEEKS_PER_QUARTER > scenario.time.horizon_weeks:
        return math.nan
    return float(by_quarter[until - 1] if sign == STOCK else by_quarter[starts:until].sum())


NAMES = tuple(sign_name(sign, quarters) for sign in SIGNS for quarters in AFTER)
MEASURE = Measure((RETURN, COST, *NAMES), of_worlds)
OF_SETS = Measure((*OUTCOMES.names, *NAMES, DISCOUNTED, *pilots.NAMES), of_sets)
