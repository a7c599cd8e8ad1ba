"""Numbers and answers as a director reads them."""

import math
from dataclasses import dataclass

import pandas as pd

from sim.experiment.results import Results
from sim.experiment.statistics import CONFIDENCE
from sim.report import indirect, tables

CONFIDENCE_TEXT = f"{CONFIDENCE:.0%}".replace("%", " %")


def money(amount: float, currency: str = "") -> str:
    """An amount to three figures, such as `-12,300 EUR`; without its currency where a heading names it."""
    if not math.isfinite(amount):
        return "undefined"
    if amount == 0:
        return f"0 {currency}".strip()
    digits = max(0, math.floor(math.log10(abs(amount))) - 2)
    rounded = round(amount / 10**digits) * 10**digits
    return f"{rounded:,.0f} {currency}".strip()


def percent(part: float, digits: int = 0) -> str:
    """A share: `22 %`."""
    return f"{100 * part:.{digits}f} %" if math.isfinite(part) else "undefined"


def number(value: float, digits: int = 1) -> str:
    """A plain number, or `undefined`; what rounds to zero has no sign."""
    return f"{round(value, digits) + 0.0:,.{digits}f}" if math.isfinite(value) else "undefined"


@dataclass(frozen=True)
class Answer:
    """The answer to question 1: sentences, and the row of the level that it speaks of."""

    sentences: tuple[str, ...]
    point: int
    is_stop: bool


def answer(results: Results) -> Answer:
    """Five sentences made from the results, uncertainty included; `stop` where that is the answer."""
    table = tables.levels(results)
    chosen = tables.choice(results, table)
    row, currency = table.iloc[chosen.advised], results.currency
    stop = not row["net_return_low"] > 0 and math.isfinite(row["net_return_low"])
    name = row["label"]
    if not math.isfinite(row["net_return_low"]):
        brought = money(row["net_return"], currency)
        first = f"One world tells nothing for sure: in it, {name} brings {brought}; run more."
    elif stop:
        sure = "sure to lose" if row["net_return_high"] < 0 else "not sure to pay"
        which = "the best level" if len(table) > 1 else "it"
        first = (
            f"Stop: {which} is {sure}. {name} brings {money(row['net_return'], currency)} over the horizon"
            f" ({_interval(row, 'net_return', currency)})."
        )
    else:
        most = "returns most," if chosen.advised == chosen.highest else "costs least of those that return most,"
        if len(table) == 1:
            most = "returns"
        first = (
            f"Fund {name}: it {most} {money(row['net_return'], currency)} beyond its cost of"
            f" {money(row['cost'], currency)} ({_interval(row, 'net_return', currency)})."
        )
    sentences = (first, _next_hours(results, table, chosen), *_what_it_brings(results, row, currency))
    return Answer(sentences, int(row["point"]), stop)


def _interval(row: "pd.Series[float]", name: str, currency: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{CONFIDENCE_TEXT} interval of the mean {money(low, currency)} to {money(high, currency)}"


def _next_hours(results: Results, table: pd.DataFrame, chosen: tables.Choice) -> str:
    if len(table) == 1:
        return "Only one level was tried; sweep team.hours_per_week to see where the next hour stops paying."
    case = table["case"].iloc[chosen.advised]
    if (table["case"] == case).sum() == 1:
        said = "Only one level of hours was tried."
    elif chosen.advised + 1 == len(table) or table["case"].iloc[chosen.advised + 1] != case:
        said = "The most hours that were tried return most: more may pay still."
    else:
        following = table.iloc[chosen.advised + 1]
        step = following["step"]
        move = "lose" if step < 0 else "add"
        said = f"The hours beyond it, up to {following['label']}, {move} {number(abs(step), 2)} for each unit of their cost"
        said += f" ({number(following['step_low'], 2)} to {number(following['step_high'], 2)})."
    others = [table.iloc[row]["label"] for row in (chosen.highest, *chosen.near) if row != chosen.advised]
    if others:
        worlds = int(results.manifest["replications"])
        said += f" In {worlds} world{'s' * (worlds > 1)} it cannot be told from {', '.join(others)}."
    return said


def _what_it_brings(results: Results, row: "pd.Series[float]", currency: str) -> tuple[str, str, str]:
    point = int(row["point"])
    effects = indirect.effects(results, point).set_index("effect")
    shortlisted = {name: float(effects[name].loc[indirect.SHORTLISTED]) for name in ("with", "without")}
    by_model = tables.table_of_four(results, point).set_index("model")
    four = {name: float(by_model[f"{name}_deals"].loc["lead source"]) for name in ("seen", "over_credited", "missed")}
    recorded, caused = four["seen"] + four["over_credited"], four["seen"] + four["missed"]
    renewals = row["net_margin_renewals"]
    more = "more" if row["net_deals"] >= 0 else "fewer"
    deals = (
        f"It wins {number(abs(row['net_deals']))} deals {more} than zero hours would, and"
        f" {'keeps' if renewals >= 0 else 'loses'} {money(abs(renewals), currency)} of margin on renewals;"
        f" {_said_of_lists(**shortlisted)}."
    )
    books = (
        f"Records show {number(recorded)} deals begun on social media{_of_sales(row['begun_on_social_share'])};"
        f" of the {number(caused)} that it caused they credit {number(four['seen'])}."
    )
    chance = (
        f"By the deals and renewals that fall in it, {percent(row['pays_share'])} of single worlds end above their cost;"
        " the horizon alone, without what is still open then and without renewals, shows"
        f" {money(row['net_return_deals_by_horizon'], currency)}."
    )
    cut = float(tables.by_point(results)[point]["needs_cut"].mean())
    if cut > 0.0:
        chance += (
            f" The run-off ended before {number(cut)} purchases a world did, which count for nothing: raise time.run_off_weeks."
        )
    return deals, books, chance


def _said_of_lists(**shortlisted: float) -> str:
    """How often the brand is shortlisted, `with` social media and `without`."""
    if not all(map(math.isfinite, shortlisted.values())):
        return "no buyer draws up a shortlist"
    ours, theirs = (percent(shortlisted[world], 1) for world in ("with", "without"))
    return f"the brand is shortlisted in {ours} of cases instead of {theirs}"


def _of_sales(share: float) -> str:
    return f" ({percent(share, 1)} of sales)" if math.isfinite(share) else ""
