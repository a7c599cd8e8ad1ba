"""The tables of the questions: as data, and as people read them."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pandas as pd

from sim.analysis import cash_flow, credit, deals, detection, indirect, levels
from sim.experiment.results import Results
from sim.report import names
from sim.report.cells import Table, dash, from_to, with_interval, yes_or_no
from sim.report.language import later, say, say_many
from sim.report.shown_search import of_inputs, of_splits
from sim.report.shown_work import of_mixes, of_reviews, of_service, of_work
from sim.report.words import in_words, level, money, number, percent


def levels_shown(results: Results) -> pd.DataFrame:
    """Question 1's table as people read it."""
    table = levels.table(results)
    return pd.DataFrame(
        {
            say("level"): [level(one) for one in table["label"]],
            say("cost"): [money(one) for one in table["cost"]],
            say("net deals"): [with_interval(row, "net_deals", number) for _, row in table.iterrows()],
            say("(realised)"): [number(one) for one in table["net_deals_realised"]],
            say("net margin, deals"): [money(one) for one in table["net_margin_deals"]],
            say("net margin, renewals"): [money(one) for one in table["net_margin_renewals"]],
            say("net return, deals alone"): [money(one) for one in table["net_return_deals"]],
            say("net return"): [with_interval(row, "net_return", money) for _, row in table.iterrows()],
            say("worlds in which it pays"): [percent(one) for one in table["pays_share"]],
            say("sales begun on social"): [percent(one, 1) for one in table["begun_on_social_share"]],
            say("return of added hours"): [
                with_interval(row, "step", lambda one: number(one, 2)) for _, row in table.iterrows()
            ],
        }
    )


MOST_DEALS_SHOWN = 25
QUARTERS_AFTER = 3  # the horizon, shown of the dashboard
CRM_NAMES = {
    "organic_social": later("Organic Social"), "organic_search": later("Organic Search"),
    "direct_traffic": later("Direct Traffic"), "referrals": later("Referrals"), "offline_sources": later("Offline Sources"),
}  # fmt: skip


def deals_shown(results: Results, point: int) -> pd.DataFrame:
    """The deals of the first world that differ from its twin's; all are in the CSV."""
    frame = deals.table(results, point)
    differing = frame[(frame["label"] != "unchanged") & (frame["replication"] == 0)].head(MOST_DEALS_SHOWN)
    return pd.DataFrame(
        {
            say("account"): differing["account"],
            say("segment"): differing["segment"],
            say("value"): [money(one) for one in differing["value"]],
            say("close week"): [number(one, 0) for one in differing["closed_week"]],
            say("won"): [yes_or_no(one) for one in differing["won"]],
            say("won at zero hours"): [yes_or_no(one) for one in differing["twin_won"]],
            say("label"): [in_words(one) for one in differing["net_label"]],
            say("first cause"): [in_words(one) for one in differing["first_cause"]],
            say("recorded source"): [in_words(one) for one in differing["recorded_source"]],
            say("credited by first touch, by last, by Markov"): [
                " / ".join(money(row[f"money_by_{model}"]) for model in ("first_touch", "last_touch", "markov"))
                for _, row in differing.iterrows()
            ],
            say("true money"): [money(one) for one in differing["true_money"]],
            say("weeks gained"): [number(one, 0) for one in differing["weeks_gained"]],
        }
    )


CAUSES_SAID = {
    "own_touch": later("the team's own touch"),
    "word_of_mouth": later("what customers said to the buyer"),
    "crisis": later("a crisis, or none"),
    "earlier_need": later("an earlier purchase that went another way"),
    "sales_load": later("how busy sales were"),
}


def causes_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What first set deals apart, as people read it."""
    return pd.DataFrame(
        {
            say("first cause"): [say(CAUSES_SAID[one]) for one in table["cause"]],
            say("deals caused"): [number(one, 2) for one in table["caused"]],
            say("deals lost"): [number(one, 2) for one in table["lost_because"]],
            say("deals moved by a week or more"): [number(one, 2) for one in table["moved"]],
            say("net revenue"): [with_interval(row, "net_revenue", money) for _, row in table.iterrows()],
        }
    )


ESTIMATES = {
    "with_realised": later("with, realised"), "without_realised": later("without, realised"),
    "net_realised": later("net, realised"), "with_expected": later("with, expected"),
    "without_expected": later("without, expected"), "net_expected": later("net, expected"),
}  # fmt: skip


def estimators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Both estimators, as people read them."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["is_money"] else number for row in rows]
    columns = {"": [say(names.ESTIMATED[one]) for one in table["measure"]]}
    for name, head in ESTIMATES.items():
        columns[say(head)] = [
            with_interval(row, name, how) if f"{name}_low" in row else dash(row[name], how)
            for row, how in zip(rows, said, strict=True)
        ]
    return pd.DataFrame(columns)


def spillover_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Direct and spillover effects, as people read them."""
    rows = [row for _, row in table.iterrows()]
    said = [money if row["measure"] in ("revenue", "renewal_margin") else lambda one: number(one, 2) for row in rows]
    return pd.DataFrame(
        {
            say("net"): [in_words(one) for one in table["measure"]],
            say("estimator"): [in_words(one) for one in table["estimator"]],
            say("direct"): [with_interval(row, "direct", how) for row, how in zip(rows, said, strict=True)],
            say("spillover"): [with_interval(row, "spillover", how) for row, how in zip(rows, said, strict=True)],
            say("together"): [with_interval(row, "net", how) for row, how in zip(rows, said, strict=True)],
        }
    )


def four_shown(results: Results, point: int) -> pd.DataFrame:
    """Question 3's table as people read it."""
    table = credit.table_of_four(results, point)
    said = {"seen": later("seen"), "over_credited": later("credited, not caused"), "missed": later("caused, not credited")}
    shown = pd.DataFrame({say("credit by"): [say(names.CREDIT_MODELS[one]) for one in table["model"]]})
    for cell, name in said.items():
        shown[say(name)] = [
            say("{deals} deals, {revenue}", deals=number(deals, 2), revenue=money(revenue))
            for deals, revenue in zip(table[f"{cell}_deals"], table[f"{cell}_revenue"], strict=True)
        ]
    shown[say("rightly ignored")] = [say("{deals} deals", deals=number(one)) for one in table["rightly_ignored_deals"]]
    shown[say("gives credit to")] = [say(names.GIVES_CREDIT_TO[one]) for one in table["model"]]
    shown[say("visibility ratio")] = [
        with_interval(row, "visibility", lambda one: number(one, 2)) if pd.notna(row["visibility"]) else say("undefined")
        for _, row in table.iterrows()
    ]
    return shown


def by_source_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Revenue by source, as a CRM would show it."""
    columns = {say(name): [money(one) for one in table[f"revenue_{source}"]] for source, name in CRM_NAMES.items()}
    return pd.DataFrame({say("credit by"): [say(names.CREDIT_MODELS[one]) for one in table["model"]], **columns})


def quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 4's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("quarter"): [_quarter(row) for row in rows],
            say("months"): table["months"],
            say("spent"): [money(one) for one in table["spent"]],
            say("net margin, deals"): [money(one) for one in table["net_margin_deals"]],
            say("net margin, renewals"): [money(one) for one in table["net_margin_renewals"]],
            say("net return so far"): [with_interval(row, "net_return_so_far", money) for row in rows],
            say("nine in ten worlds"): [from_to(money(row["world_low"]), money(row["world_high"])) for row in rows],
            say("broken even"): [with_interval(row, "broken_even", percent) for row in rows],
        }
    )


def _quarter(row: "pd.Series[Any]") -> str:
    quarter = number(row["quarter"], 0)
    return say("{quarter} (hours have ended)", quarter=quarter) if row["in_run_off"] else quarter


def dashboard_shown(table: pd.DataFrame) -> pd.DataFrame:
    """What the reports of each quarter show, in the words of a CRM; until little is left to come in."""
    last = int(table["followers"].notna().sum()) + QUARTERS_AFTER
    rows = [row for _, row in table.head(last).iterrows()]
    columns: dict[str, list[str]] = {say("quarter"): [number(row["quarter"], 0) for row in rows]}
    columns[say("followers")] = [dash(row["followers"], lambda value: number(value, 0)) for row in rows]
    for name in (later("reach"), later("interactions")):
        columns[say(name)] = [number(row[name], 0) for row in rows]
    visits = {"organic_social": "visits_social", "organic_search": "visits_search", "direct_traffic": "visits_direct"}
    for source, name in visits.items():
        columns[say("sessions: {source}", source=say(CRM_NAMES[source]))] = [number(row[name], 0) for row in rows]
    for source, said in CRM_NAMES.items():
        columns[say("leads: {source}", source=say(said))] = [number(row[f"leads_{source}"]) for row in rows]
    columns[say("qualified: {source}", source=say(CRM_NAMES["organic_social"]))] = [
        number(row["qualified_organic_social"]) for row in rows
    ]
    columns[say("deals")] = [number(row["deals_all"]) for row in rows]
    columns[say("last touch Organic Social")] = [number(row["deals_last_touch"]) for row in rows]
    columns[say("their revenue")] = [money(row["revenue_last_touch"]) for row in rows]
    return pd.DataFrame(columns)


def first_quarters_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Question 5's table as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("method"): [say(names.METHODS[one]) for one in table["method"]],
            say("looks at"): [say(names.LOOKED_AT[one]) for one in table["measure"]],
            say("four times in five right from month"): [_from_month(row) for row in rows],
            say("right at the end"): [with_interval(row, "right", percent) for row in rows],
            say("wrong at the end"): [with_interval(row, "wrong", percent) for row in rows],
            say("wrong in the worst quarter"): [dash(row["highest_wrong"], percent) for row in rows],
        }
    )  # fmt: skip


def _from_month(row: "pd.Series[Any]") -> str:
    if pd.isna(row["right"]):
        return "–"
    return say("never") if pd.isna(row["first_quarter"]) else number(cash_flow.MONTHS_PER_QUARTER * row["first_quarter"], 0)


def indicators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """How well indicators foretell the truth, as people read it."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("indicator"): [say(names.INDICATORS[one]) for one in table["indicator"]],
            **{
                say("after {months} months", months=months): [
                    with_interval(row, f"after_{months}_months", lambda one: number(one, 2)) for row in rows
                ]
                for months in (3 * quarters for quarters in detection.LOOKED_AT)
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
            "": ["" if one == before else say(names.EFFECT_GROUPS[one]) for before, one in pairwise(("", *table["group"]))],
            say("effect"): [say(names.EFFECTS[one]) for one in table["effect"]],
            say("with"): [in_unit(row["with"], row["unit"]) for _, row in table.iterrows()],
            say("without"): [in_unit(row["without"], row["unit"]) for _, row in table.iterrows()],
            say("difference"): [difference(row) for _, row in table.iterrows()],
            say("money"): [money(one) if pd.notna(one) else "–" for one in table["money"]],
            say("priced"): [say(names.PRICED[one]) for one in table["priced"]],
            say("visible in records"): [say(names.VISIBLE[one]) for one in table["visible_in_records"]],
        }
    )


def _levels(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    return [Table("", "", levels.table(results).drop(columns="point"), levels_shown(results))]


def _deals(results: Results, point: int) -> list[Table]:
    causes, both = deals.causes(results, point), deals.estimators(results, point)
    found = [
        Table("", say("The first world's deals that differ."), deals.table(results, point), deals_shown(results, point)),
        Table(
            "estimators",
            say("Realised: counted. Expected: every purchase weighed by its chances. A world's mean."),
            both,
            estimators_shown(both),
        ),
        Table("causes", say("What first set deals apart from their twins, a world's mean."), causes, causes_shown(causes)),
    ]
    if deals.has_spillover(results):
        table = deals.spillover(results, point)
        caption = say(
            "Direct: with the sales load, word of mouth and crises of the world with zero hours. The rest spills over."
        )
        found.append(Table("spillover", caption, table, spillover_shown(table)))
    return found


def _records(results: Results, point: int) -> list[Table]:
    table = credit.by_source(results, point)
    return [
        Table("", "", credit.table_of_four(results, point), four_shown(results, point)),
        Table("sources", say("First-year revenue by source, a world's mean."), table, by_source_shown(table)),
    ]


ESTIMATORS_OF_MONEY = later(
    "Means weigh every purchase by its chances; single worlds are as realised, and few of them may all lie to one side of it."
)


def _money(results: Results, point: int) -> list[Table]:
    table, board = cash_flow.money(results, point), cash_flow.dashboard(results, point)
    even = cash_flow.break_even(results, point)
    lag = results.manifest["points"][point]["scenario"]["measurement"]["lag_weeks"]
    caption = say_many(
        "What the team's reports show, a mean over worlds; the CRM {count} week late.",
        "What the team's reports show, a mean over worlds; the CRM {count} weeks late.",
        round(lag),
    )
    said = pd.DataFrame(
        {
            say("months"): even["months"],
            say("worlds that have broken even"): [with_interval(row, "broken_even", percent) for _, row in even.iterrows()],
            say("net return so far, nine in ten worlds"): [
                from_to(money(row["world_low"]), money(row["world_high"])) for _, row in even.iterrows()
            ],
        }
    )
    return [
        Table("", say(ESTIMATORS_OF_MONEY), table, quarters_shown(table)),
        Table("break_even", say("Chance of having broken even."), even, said),
        Table("dashboard", caption, board, dashboard_shown(board)),
    ]


def _luck(results: Results, point: int) -> list[Table]:
    every = detection.verdicts(results, point)
    first, leading = detection.first_quarters(every), detection.indicators(results, point)
    caption = say(
        "How well what each has come to foretells what the world will have earned in the end: rank correlation over worlds."
    )
    return [
        Table("", say("Chance of a right and of a wrong verdict; by quarter in the CSV."), every, first_quarters_shown(first)),
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
