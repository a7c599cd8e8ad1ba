"""The tables of the questions: as data, and as people read them."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.experiment.results import Results
from sim.report import evidence, indirect, quarterly, tables
from sim.report.cells import Table, dash, with_interval
from sim.report.shown_search import of_inputs, of_splits
from sim.report.shown_work import of_mixes, of_reviews, of_service, of_work
from sim.report.words import money, number, percent


def levels_shown(results: Results) -> pd.DataFrame:
    """Question 1's table as people read it."""
    table = tables.levels(results)
    return pd.DataFrame(
        {
            "level": table["label"],
            "cost": [money(one) for one in table["cost"]],
            "net deals": [with_interval(row, "net_deals", number) for _, row in table.iterrows()],
            "(realised)": [number(one) for one in table["net_deals_realised"]],
            "net margin, deals": [money(one) for one in table["net_margin_deals"]],
            "net margin, renewals": [money(one) for one in table["net_margin_renewals"]],
            "net return, deals alone": [money(one) for one in table["net_return_deals"]],
            "net return": [with_interval(row, "net_return", money) for _, row in table.iterrows()],
            "worlds in which it pays": [percent(one) for one in table["pays_share"]],
            "sales begun on social": [percent(one, 1) for one in table["begun_on_social_share"]],
            "return of added hours": [with_interval(row, "step", lambda one: number(one, 2)) for _, row in table.iterrows()],
        }
    )


MOST_DEALS_SHOWN = 25
QUARTERS_AFTER = 3  # the horizon, shown of the dashboard
CRM_NAMES = {
    "organic_social": "Organic Social", "organic_search": "Organic Search", "direct_traffic": "Direct Traffic",
    "referrals": "Referrals", "offline_sources": "Offline Sources",
}  # fmt: skip


def deals_shown(results: Results, point: int) -> pd.DataFrame:
    """The deals of the first world that differ from its twin's; all are in the CSV."""
    frame = tables.deals(results, point)
    differing = frame[(frame["label"] != "unchanged") & (frame["replication"] == 0)].head(MOST_DEALS_SHOWN)
    return pd.DataFrame(
        {
            "account": differing["account"],
            "segment": differing["segment"],
            "value": [money(one) for one in differing["value"]],
            "close week": [number(one, 0) for one in differing["closed_week"]],
            "won": ["yes" if one else "no" for one in differing["won"]],
            "won at zero hours": ["yes" if one else "no" for one in differing["twin_won"]],
            "label": differing["net_label"].str.replace("_", " "),
            "first cause": differing["first_cause"].str.replace("_", " "),
            "recorded source": differing["recorded_source"].str.replace("_", " "),
            "credited by first touch, by last, by Markov": [
                " / ".join(money(row[f"money_by_{model}"]) for model in ("first_touch", "last_touch", "markov"))
                for _, row in differing.iterrows()
            ],
            "true money": [money(one) for one in differing["true_money"]],
            "weeks gained": [number(one, 0) for one in differing["weeks_gained"]],
        }
    )


CAUSES_SAID = {
    "own_touch": "the team's own touch",
    "word_of_mouth": "what customers said to the buyer",
    "crisis": "a crisis, or none",
    "earlier_need": "an earlier purchase that went another way",
    "sales_load": "how busy sales were",
}


def causes_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What first set deals apart, as people read it."""
    return pd.DataFrame(
        {
            "first cause": [CAUSES_SAID[one] for one in table["cause"]],
            "deals caused": [number(one, 2) for one in table["caused"]],
            "deals lost": [number(one, 2) for one in table["lost_because"]],
            "deals moved by a week or more": [number(one, 2) for one in table["moved"]],
            "net revenue": [with_interval(row, "net_revenue", money) for _, row in table.iterrows()],
        }
    )


def estimators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Both estimators, as people read them."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["is_money"] else number for row in rows]
    columns = {"": table["measure"]}
    for estimator in ("realised", "expected"):
        for world in ("with", "without"):
            columns[f"{world}, {estimator}"] = pd.Series(
                [dash(row[f"{world}_{estimator}"], how) for row, how in zip(rows, said, strict=True)]
            )
        columns[f"net, {estimator}"] = pd.Series(
            [with_interval(row, f"net_{estimator}", how) for row, how in zip(rows, said, strict=True)]
        )
    return pd.DataFrame(columns)


def spillover_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Direct and spillover effects, as people read them."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["measure"] in ("revenue", "renewal_margin") else lambda one: number(one, 2) for row in rows]
    return pd.DataFrame(
        {
            "net": table["measure"].str.replace("_", " "),
            "estimator": table["estimator"],
            "direct": [with_interval(row, "direct", how) for row, how in zip(rows, said, strict=True)],
            "spillover": [with_interval(row, "spillover", how) for row, how in zip(rows, said, strict=True)],
            "together": [with_interval(row, "net", how) for row, how in zip(rows, said, strict=True)],
        }
    )


def four_shown(results: Results, point: int) -> pd.DataFrame:
    """Question 3's table as people read it."""
    table = tables.table_of_four(results, point)
    said = {"seen": "seen", "over_credited": "credited, not caused", "missed": "caused, not credited"}
    shown = pd.DataFrame({"credit by": table["model"]})
    for cell, name in said.items():
        shown[name] = [
            f"{number(deals, 2)} deals, {money(revenue)}"
            for deals, revenue in zip(table[f"{cell}_deals"], table[f"{cell}_revenue"], strict=True)
        ]
    shown["rightly ignored"] = [f"{number(one)} deals" for one in table["rightly_ignored_deals"]]
    shown["gives credit to"] = table["gives_credit_to"]
    shown["visibility ratio"] = [
        with_interval(row, "visibility", lambda one: number(one, 2)) if pd.notna(row["visibility"]) else "undefined"
        for _, row in table.iterrows()
    ]
    return shown


def by_source_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Revenue by source, as a CRM would show it."""
    columns = {name: [money(one) for one in table[f"revenue_{source}"]] for source, name in CRM_NAMES.items()}
    return pd.DataFrame({"credit by": table["model"], **columns})


def quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 4's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "quarter": [f"{row['quarter']:.0f}{' (hours have ended)' if row['in_run_off'] else ''}" for row in rows],
            "months": table["months"],
            "spent": [money(one) for one in table["spent"]],
            "net margin, deals": [money(one) for one in table["net_margin_deals"]],
            "net margin, renewals": [money(one) for one in table["net_margin_renewals"]],
            "net return so far": [with_interval(row, "net_return_so_far", money) for row in rows],
            "nine in ten worlds": [f"{money(row['world_low'])} to {money(row['world_high'])}" for row in rows],
            "broken even": [with_interval(row, "broken_even", percent) for row in rows],
        }
    )


def dashboard_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What the reports of each quarter show, in the words of a CRM; until little is left to come in."""
    last = int(table["followers"].notna().sum()) + QUARTERS_AFTER
    rows = [row for _, row in table.head(last).iterrows()]
    columns: dict[str, list[str]] = {"quarter": [number(row["quarter"], 0) for row in rows]}
    columns["followers"] = [dash(row["followers"], lambda value: number(value, 0)) for row in rows]
    for name in ("reach", "interactions"):
        columns[name] = [number(row[name], 0) for row in rows]
    visits = {"organic_social": "visits_social", "organic_search": "visits_search", "direct_traffic": "visits_direct"}
    for source, name in visits.items():
        columns[f"sessions: {CRM_NAMES[source]}"] = [number(row[name], 0) for row in rows]
    for source, said in CRM_NAMES.items():
        columns[f"leads: {said}"] = [number(row[f"leads_{source}"]) for row in rows]
    columns["qualified: Organic Social"] = [number(row["qualified_organic_social"]) for row in rows]
    columns["deals"] = [number(row["deals_all"]) for row in rows]
    columns["last touch Organic Social"] = [number(row["deals_last_touch"]) for row in rows]
    columns["their revenue"] = [money(row["revenue_last_touch"]) for row in rows]
    return pd.DataFrame(columns)


def first_quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 5's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "method": table["method"],
            "looks at": table["measure"],
            "four times in five right from month": [_from_month(row) for row in rows],
            "right at the end": [with_interval(row, "right", percent) for row in rows],
            "wrong at the end": [with_interval(row, "wrong", percent) for row in rows],
            "wrong in the worst quarter": [dash(row["highest_wrong"], percent) for row in rows],
        }
    )  # fmt: skip


def _from_month(row: "pd.Series[Any]") -> str:
    if pd.isna(row["right"]):
        return "–"
    return "never" if pd.isna(row["first_quarter"]) else number(quarterly.MONTHS_PER_QUARTER * row["first_quarter"], 0)


def indicators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """How well indicators foretell the truth, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            "indicator": table["indicator"],
            **{
                f"after {months} months": [
                    with_interval(row, f"after_{months}_months", lambda one: number(one, 2)) for row in rows
                ]
                for months in (3 * quarters for quarters in evidence.LOOKED_AT)
            },
        }
    )


def indirect_shown(results: Results, point: int) -> pd.DataFrame:
    """Question 8's table as people read it."""
    table = indirect.effects(results, point)

    def in_unit(value: float, unit: str) -> str:
        if pd.isna(value):
            return "–"
        return percent(value, 1) if unit == "share" else number(value)

    def difference(row: "pd.Series[Any]") -> str:
        unit = row["unit"]
        low, high = in_unit(row["difference_low"], unit), in_unit(row["difference_high"], unit)
        return f"{in_unit(row['difference'], unit)} [{low}; {high}]"

    return pd.DataFrame(
        {
            "": table["group"].where(table["group"] != table["group"].shift(), ""),
            "effect": table["effect"],
            "with": [in_unit(row["with"], row["unit"]) for _, row in table.iterrows()],
            "without": [in_unit(row["without"], row["unit"]) for _, row in table.iterrows()],
            "difference": [difference(row) for _, row in table.iterrows()],
            "money": [money(one) if pd.notna(one) else "–" for one in table["money"]],
            "priced": table["priced"],
            "visible in records": table["visible_in_records"],
        }
    )


def _levels(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    return [Table("", "", tables.levels(results).drop(columns="point"), levels_shown(results))]


def _deals(results: Results, point: int) -> list[Table]:
    causes, both = tables.causes(results, point), tables.estimators(results, point)
    found = [
        Table("", "The first world's deals that differ.", tables.deals(results, point), deals_shown(results, point)),
        Table(
            "estimators",
            "Realised: counted. Expected: every purchase weighed by its chances. A world's mean.",
            both,
            estimators_shown(both),
        ),
        Table("causes", "What first set deals apart from their twins, a world's mean.", causes, causes_shown(causes)),
    ]
    if tables.has_spillover(results):
        table = tables.spillover(results, point)
        caption = "Direct: with the sales load, word of mouth and crises of the world with zero hours. The rest spills over."
        found.append(Table("spillover", caption, table, spillover_shown(table)))
    return found


def _records(results: Results, point: int) -> list[Table]:
    table = tables.by_source(results, point)
    return [
        Table("", "", tables.table_of_four(results, point), four_shown(results, point)),
        Table("sources", "First-year revenue by source, a world's mean.", table, by_source_shown(table)),
    ]


def _money(results: Results, point: int) -> list[Table]:
    table, board = quarterly.money(results, point), quarterly.dashboard(results, point)
    even = quarterly.break_even(results, point)
    lag = results.manifest["points"][point]["scenario"]["measurement"]["lag_weeks"]
    caption = f"What the team's reports show, a mean over worlds; the CRM {lag:.0f} week{'s' * (lag != 1)} late."
    said = pd.DataFrame(
        {
            "months": even["months"],
            "worlds that have broken even": [with_interval(row, "broken_even", percent) for _, row in even.iterrows()],
            "net return so far, nine in ten worlds": [
                f"{money(row['world_low'])} to {money(row['world_high'])}" for _, row in even.iterrows()
            ],
        }
    )
    return [
        Table("", "", table, quarters_shown(table)),
        Table("break_even", "Chance of having broken even.", even, said),
        Table("dashboard", caption, board, dashboard_shown(board)),
    ]


def _luck(results: Results, point: int) -> list[Table]:
    every = evidence.verdicts(results, point)
    first, leading = evidence.first_quarters(every), evidence.indicators(results, point)
    caption = (
        "How well what each has come to foretells what the world will have earned in the end: rank correlation over worlds."
    )
    return [
        Table("", "Chance of a right and of a wrong verdict; by quarter in the CSV.", every, first_quarters_shown(first)),
        Table("indicators", caption, leading, indicators_shown(leading)),
    ]


def _indirect(results: Results, point: int) -> list[Table]:
    return [Table("", "", indirect.effects(results, point), indirect_shown(results, point))]


TABLES: dict[int, Callable[[Results, int], list[Table]]] = {
    1: _levels,
    2: _deals,
    3: _records,
    4: _money,
    5: _luck,
    6: of_splits,
    7: of_mixes,
    8: _indirect,
    9: of_reviews,
    10: of_service,
    11: of_work,
    12: of_inputs,
}
