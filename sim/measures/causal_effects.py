"""The truth: a world compared with its twin, need by need. See docs/measures.md.

Both records list the same needs in the same order, since needs arise whatever the team does; so they are paired row by row.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model import rules
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.needs import FIRST_DAY, NO_DECISION, SHORTLIST
from sim.model.record import Columns, Record, Table, each
from sim.scenario.schema import Scenario

Array = npt.NDArray[Any]

CAUSED, LOST_BECAUSE, ACCELERATED, DELAYED, UNCHANGED, PENDING = (
    "caused", "lost_because", "accelerated", "delayed", "unchanged", "pending",
)  # fmt: skip
LABELS = (CAUSED, LOST_BECAUSE, ACCELERATED, DELAYED, UNCHANGED, PENDING)
ANOTHER_NEED = "won_at_another_need"
OWN_TOUCH, WORD_OF_MOUTH, CRISIS, SALES_LOAD, EARLIER_NEED = (
    "own_touch", "word_of_mouth", "crisis", "sales_load", "earlier_need",
)  # fmt: skip
CAUSES = (OWN_TOUCH, WORD_OF_MOUTH, CRISIS, EARLIER_NEED, SALES_LOAD)
A_WEEK = 1.0


@dataclass(frozen=True)
class Window:
    """The part of a world's time that results count: from the end of the warm-up to the horizon, in hours.

    Of needs, those that opened in it. Without a warm-up also those that were under way on the first day: the hours are the
    first that could move them, hence they are among what the hours bring.
    """

    begins: float
    ends: float

    @cached_property
    def needs_from(self) -> float:
        """The moment (hours) from which on needs must have opened to be counted."""
        return self.begins if self.begins > FIRST_DAY else -math.inf

    @classmethod
    def of(cls, scenario: Scenario) -> "Window":
        """Return the window of a scenario."""
        time = scenario.time
        return cls(time.warm_up_weeks * HOURS_PER_WEEK, time.horizon_weeks * HOURS_PER_WEEK)

    def holds(self, time: float) -> bool:
        """Return whether a moment lies in the window."""
        return self.begins <= time < self.ends


def array(table: Table, column: str) -> Array:
    """Return one column of a table, shape (rows,)."""
    return np.array(table.column(column))


@dataclass(frozen=True)
class Selling:
    """Costs of sellers' hours, one number per stage worked on: when the stage ended, realised and expected cost.

    Expected cost weighs a stage by the product of the probabilities of the decisions before it.
    """

    ended_at: Array
    realised: Array
    expected: Array


def selling(world: Record, scenario: Scenario, window: Window) -> Selling:
    """Return the cost of sellers' hours of a world, for the needs that results count."""
    rate = scenario.sales.seller_cost_per_hour
    costs = {name: rate * stage.seller_hours for name, stage in scenario.sales.stages.items() if stage.seller_hours > 0.0}
    found: list[tuple[float, float, float]] = []
    for opens_at, *decisions in each(world.needs, "opens_at", "steps", "decided_at", "p", "u") if costs and rate else ():
        if opens_at < window.needs_from:
            continue
        chance = chance_at_start = 1.0
        is_live = True
        was_live = True
        for step, at, p, u in zip(*decisions, strict=True):
            if step in costs and at >= window.begins:  # what was over by then is a fact in both worlds
                found.append((at, costs[step] * was_live, costs[step] * chance_at_start))
            chance, is_live = chance * p, is_live and u < p
            if step == SHORTLIST or step in scenario.sales.stages:  # the work of a stage is done before it stands still
                chance_at_start, was_live = chance, is_live
    ended_at, realised, expected = (np.array([row[part] for row in found], dtype=float) for part in range(3))
    return Selling(ended_at, realised, expected)


def net_selling(record: Record, twin: Record, scenario: Scenario, window: Window) -> dict[str, float]:
    """Return what sellers' hours cost in both worlds, and the difference; realised and expected, by horizon and in all."""
    results: dict[str, float] = {}
    for name, world in (("", record), ("twin_", twin)):
        costs = selling(world, scenario, window)
        in_time = costs.ended_at <= window.ends
        for estimator, amounts in (("", costs.realised), ("_expected", costs.expected)):
            results[f"{name}selling_cost{estimator}"] = float(amounts.sum())
            results[f"{name}selling_cost_by_horizon{estimator}"] = float(amounts[in_time].sum())
    for when in ("", "_by_horizon"):
        for estimator in ("", "_expected"):
            what = f"selling_cost{when}{estimator}"
            results[f"net_{what}"] = results[what] - results[f"twin_{what}"]
    return results


def net_deals(record: Record, twin: Record, window: Window, margin: float) -> dict[str, float]:
    """Return deals, revenue and margin that the twin does not have: realised and expected, by horizon and after run-off.

    Expected results weigh every need by the product of the probabilities of its decisions, whether or not it was won: the
    same mean with far less noise, as each need brings its chance rather than the outcome of a few draws.
    """
    ours, theirs = (world.needs.as_columns("opens_at", "value", "ended_at", "won", "weight") for world in (record, twin))
    counted = np.array(ours["opens_at"]) >= window.needs_from
    value = np.array(ours["value"])[counted]
    results: dict[str, float] = {}
    for name, columns in (("", ours), ("twin_", theirs)):
        ended = np.array(columns["ended_at"])[counted]
        in_time = ended <= window.ends
        seen_to_the_end = ~np.isnan(ended)
        for estimator, share in (("", np.array(columns["won"], dtype=float)), ("_expected", np.array(columns["weight"]))):
            deals = share[counted] * seen_to_the_end
            revenue = deals * value
            results[f"{name}deals{estimator}"] = float(deals.sum())
            results[f"{name}revenue{estimator}"] = float(revenue.sum())
            results[f"{name}deals_by_horizon{estimator}"] = float(deals[in_time].sum())
            results[f"{name}revenue_by_horizon{estimator}"] = float(revenue[in_time].sum())
    for what in ("deals", "revenue"):
        for when in ("", "_by_horizon"):
            for estimator in ("", "_expected"):
                net = results[f"{what}{when}{estimator}"] - results[f"twin_{what}{when}{estimator}"]
                results[f"net_{what}{when}{estimator}"] = net
                if what == "revenue":
                    results[f"net_margin{when}{estimator}"] = net * margin
    return results


def net_renewals(record: Record, twin: Record, window: Window, margin: float) -> dict[str, float]:
    """Return contracts renewed, those that grew, and their margin that the twin does not have; realised and expected.

    Expected renewals have the value of growth that came with its probability.
    """
    results: dict[str, float] = {}
    for name, world in (("", record), ("twin_", twin)):
        columns = world.renewals.as_columns()
        counted = np.array(columns["time"]) >= window.begins
        renewed, weight, p, expanded, p_expands, renewed_value, expected_value = (
            np.array(columns[column], dtype=float)[counted]
            for column in ("renewed", "weight", "p", "expanded", "p_expands", "renewed_value", "expected_value")
        )
        held = np.array(columns["held"], dtype=bool)[counted]
        results[f"{name}renewals_due"] = float(held.sum())
        results[f"{name}renewals_due_expected"] = float((weight / p).sum())
        for estimator, renewals, expansions, value in (
            ("", renewed, expanded, renewed_value),
            ("_expected", weight, weight * p_expands, expected_value),
        ):
            results[f"{name}renewals{estimator}"] = float(renewals.sum())
            results[f"{name}expansions{estimator}"] = float(expansions.sum())
            results[f"{name}renewal_margin{estimator}"] = float((renewals * value).sum()) * margin
    for what in ("renewals", "expansions", "renewal_margin"):
        for estimator in ("", "_expected"):
            results[f"net_{what}{estimator}"] = results[f"{what}{estimator}"] - results[f"twin_{what}{estimator}"]
    return results


def value_ahead(record: Record, twin: Record, scenario: Scenario) -> dict[str, float]:
    """Value the renewals to come of contracts left at the end, which no other result counts, by their margin.

    Every year, the share renews that does without social media: whatever trust was gained or lost is taken to be over.
    """
    a_contract = margin_ahead(scenario)
    results: dict[str, float] = {}
    for name, world in (("", record), ("twin_", twin)):
        columns = world.contracts.as_columns()
        held = np.array(columns["held"], dtype=float)
        results[f"{name}value_ahead"] = float((held * np.array(columns["value"])).sum()) * a_contract
        results[f"{name}value_ahead_expected"] = float(np.array(columns["expected_value"]).sum()) * a_contract
    for estimator in ("", "_expected"):
        results[f"net_value_ahead{estimator}"] = results[f"value_ahead{estimator}"] - results[f"twin_value_ahead{estimator}"]
    return results


def margin_ahead(scenario: Scenario) -> float:
    """Return the margin on the renewals to come of a contract held, per unit of its yearly value."""
    spec = scenario.customers
    return scenario.sales.margin * rules.renewals_ahead(spec.renewal_share, spec.discount_rate, spec.years_ahead)


def paired_deals(record: Record, twin: Record, window: Window) -> Columns:
    """Return one row for each need won, or still open, in either world: what social media did to it."""
    ours, theirs = record.needs.rows, twin.needs.rows
    name = {column: number for number, column in enumerate(record.needs.columns)}
    rows: list[dict[str, Any]] = []
    diverged: dict[int, bool] = defaultdict(bool)
    for mine, other in sorted(zip(ours, theirs, strict=True), key=lambda pair: (pair[0][0], pair[0][1])):
        account, need = mine[name["account"]], mine[name["need"]]
        if (account, need) != (other[name["account"]], other[name["need"]]):
            raise ValueError(f"the worlds differ in their needs: account {account}, need {need}")
        won, twin_won = mine[name["won"]], other[name["won"]]
        pending = mine[name["pending"]] or other[name["pending"]]
        gained = (other[name["closed_at"]] - mine[name["closed_at"]]) / HOURS_PER_WEEK if won and twin_won else 0.0
        label = _label(won, twin_won, pending, gained)
        cause = "" if label == UNCHANGED else _first_cause(mine, other, name, diverged[account])
        diverged[account] = diverged[account] or won != twin_won
        if mine[name["opens_at"]] < window.needs_from or not (won or twin_won or pending):
            continue
        value = mine[name["value"]]
        rows.append(
            {
                "account": account,
                "need": need,
                "segment": mine[name["segment"]],
                "value": value,
                "won": won,
                "twin_won": twin_won,
                "closed_week": mine[name["closed_at"]] / HOURS_PER_WEEK,
                "twin_closed_week": other[name["closed_at"]] / HOURS_PER_WEEK,
                "label": label,
                "net_label": label,
                "first_cause": cause,
                "path": mine[name["path"]],
                "recorded_source": mine[name["recorded_source"]] if won else "",
                "first_touch": mine[name["first_touch"]] if won else "",
                "last_touch": mine[name["last_touch"]] if won else "",
                "true_money": value * (int(won) - int(twin_won)),
                "weeks_gained": gained,
                "weight": mine[name["weight"]],
                "twin_weight": other[name["weight"]],
            }
        )
    _net_by_account(rows)
    return {column: [row[column] for row in rows] for column in DEAL_COLUMNS}


DEAL_COLUMNS = (
    "account", "need", "segment", "value", "won", "twin_won", "closed_week", "twin_closed_week", "label", "net_label",
    "first_cause", "path", "recorded_source", "first_touch", "last_touch", "true_money", "weeks_gained", "weight",
    "twin_weight",
)  # fmt: skip


def _label(won: bool, twin_won: bool, pending: bool, weeks_gained: float) -> str:
    if pending:
        return PENDING
    if won != twin_won:
        return CAUSED if won else LOST_BECAUSE
    if abs(weeks_gained) >= A_WEEK:
        return ACCELERATED if weeks_gained > 0 else DELAYED
    return UNCHANGED


def _first_cause(mine: Any, other: Any, name: dict[str, int], earlier_diverged: bool) -> str:
    """Find what first set the two worlds apart for a need: its decisions and path, or only the time that stages took."""
    paths = {mine[name["path"]], other[name["path"]]} - {""}  # a ghost that cannot write has none
    if mine[name["p"]] == other[name["p"]] and len(paths) < 2:
        return SALES_LOAD
    if mine[name["touched"]]:
        return OWN_TOUCH
    if mine[name["shaken"]] != other[name["shaken"]]:
        return CRISIS
    if mine[name["told"]] != other[name["told"]]:
        return WORD_OF_MOUTH
    return EARLIER_NEED if earlier_diverged else SALES_LOAD


def _net_by_account(rows: list[dict[str, Any]]) -> None:
    """Pair a deal won with social media and one lost because of it at the same account: that deal moved to another need."""
    by_account: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {CAUSED: [], LOST_BECAUSE: []})
    for row in rows:
        if row["label"] in (CAUSED, LOST_BECAUSE):
            by_account[row["account"]][row["label"]].append(row)
    for labels in by_account.values():
        for caused, lost in zip(labels[CAUSED], labels[LOST_BECAUSE], strict=False):
            caused["net_label"] = lost["net_label"] = ANOTHER_NEED


def decisions(record: Record, twin: Record, keep: set[tuple[int, int]]) -> Columns:
    """Return both worlds' probability and the common uniform of each decision, for the needs to keep."""
    name = {column: number for number, column in enumerate(record.needs.columns)}
    columns: Columns = {column: [] for column in ("account", "need", "step", "p", "twin_p", "u")}
    for mine, other in zip(record.needs.rows, twin.needs.rows, strict=True):
        if (mine[name["account"]], mine[name["need"]]) not in keep:
            continue
        decided = (mine[name["steps"]], mine[name["p"]], other[name["p"]], mine[name["u"]])
        for step, p, twin_p, u in zip(*decided, strict=False):  # a run-off that is cut leaves one world with fewer
            for column, entry in zip(columns, (mine[0], mine[1], step, p, twin_p, u), strict=True):
                columns[column].append(entry)
    return columns


def no_decision_share(record: Record, window: Window) -> float:
    """Return the share of lost leads in which nobody won, as the buyer never decided."""
    lost = [
        lost_to
        for opens_at, source, lost_to in each(record.needs, "opens_at", "recorded_source", "lost_to")
        if window.holds(opens_at) and source and lost_to
    ]
    return lost.count(NO_DECISION) / len(lost) if lost else float("nan")


def needs_cut(record: Record, twin: Record, window: Window) -> float:
    """Count needs whose end the run-off did not reach in one of the worlds; both estimators ignore them."""
    opens, mine = (array(record.needs, name) for name in ("opens_at", "ended_at"))
    return float(((opens >= window.needs_from) & (np.isnan(mine) | np.isnan(array(twin.needs, "ended_at")))).sum())


def paired_renewals(record: Record, twin: Record, window: Window) -> Columns:
    """Return one row for each anniversary at which the contract was held in either world: renewed in one, both or neither."""
    ours, theirs = _held(record), _held(twin)
    columns: Columns = {column: [] for column in RENEWAL_COLUMNS}
    for key in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(key), theirs.get(key)
        seen = mine or other
        assert seen is not None
        if seen["time"] < window.begins:
            continue
        row: dict[str, Any] = dict(zip(("account", "need", "anniversary"), key, strict=True))
        row |= {"segment": seen["segment"], "week": seen["time"] / HOURS_PER_WEEK, "u": seen["u"]}
        for prefix, one in (("", mine), ("twin_", other)):
            for column in ("renewed", "expanded"):
                row[f"{prefix}{column}"] = bool(one and one[column])
            for column in ("value", "p", "p_expands"):
                row[f"{prefix}{column}"] = one[column] if one else float("nan")
        same = row["renewed"] == row["twin_renewed"]
        row["label"] = UNCHANGED if same else CAUSED if row["renewed"] else LOST_BECAUSE
        row["u_expands"] = seen["u_expands"]
        for column in RENEWAL_COLUMNS:
            columns[column].append(row[column])
    return columns


RENEWAL_COLUMNS = (
    "account", "need", "anniversary", "segment", "week", "value", "twin_value", "renewed", "twin_renewed", "label",
    "expanded", "twin_expanded", "p", "twin_p", "u", "p_expands", "twin_p_expands", "u_expands",
)  # fmt: skip


def _held(record: Record) -> dict[tuple[int, int, int], dict[str, Any]]:
    """Return the anniversaries of contracts held, by account, need and number."""
    names = record.renewals.columns
    held = names.index("held")
    rows = (dict(zip(names, row, strict=True)) for row in record.renewals.rows if row[held])
    return {(row["account"], row["need"], row["anniversary"]): row for row in rows}
