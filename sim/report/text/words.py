"""Numbers and answers as a director reads them."""

import math
from dataclasses import dataclass

import pandas as pd

from sim.analysis import credit, indirect, levels
from sim.analysis.frames import by_point
from sim.experiment.limits import LIMITS
from sim.experiment.optimise import FOUND
from sim.experiment.results import Results
from sim.experiment.statistics import CONFIDENCE
from sim.model.ledger import LEAD_SOURCE
from sim.report.text.translation import decimal, later, say, say_many, shortest
from sim.report.text.vocabulary import SPLITS
from sim.scenario.schema import ACTIVITIES

HOURS_A_WEEK = " h/week"
MOVED, LIFTED, ENDS = " > ", " lifted", (" low", " high")  # in labels of points
FEW, ENOUGH = 10, 30  # worlds


def money(amount: float, currency: str = "") -> str:
    """Format an amount to three figures, such as `-12,300 EUR`; without its currency where a heading names it."""
    if not math.isfinite(amount):
        return say("undefined")
    digits = max(0, math.floor(math.log10(abs(amount))) - 2) if amount else 0
    rounded = round(amount / 10**digits) * 10**digits
    return f"{decimal(rounded)} {currency}".strip()


def percent(part: float, digits: int = 0) -> str:
    """Format a share: `22 %`."""
    return say("{number} %", number=decimal(100 * part, digits)) if math.isfinite(part) else say("undefined")


def number(value: float, digits: int = 1) -> str:
    """Format a plain number, or `undefined`; what rounds to zero has no sign."""
    return decimal(value, digits) if math.isfinite(value) else say("undefined")


def short(value: float, figures: int = 3) -> str:
    """Write a number to so many figures at most, such as `0.25`, or `undefined`."""
    return shortest(float(f"{value:.{figures}g}")) if math.isfinite(value) else say("undefined")


def confidence() -> str:
    """Return the confidence of all intervals, as a share."""
    return percent(CONFIDENCE)


def in_words(name: str) -> str:
    """Return a name of the program, such as `word_of_mouth`, as a person says it."""
    return say(name.replace("_", " "))


def level(label: str) -> str:
    """Format the label of a point: `10 h/week` where it is one of hours; a reader's own name stays as it is."""
    return ", ".join(map(_part_of_label, label.split(", ")))


def _part_of_label(part: str) -> str:
    giver, _, taker = part.partition(MOVED)
    if giver in ACTIVITIES and taker in ACTIVITIES:
        return MOVED.join((in_words(giver), in_words(taker)))
    if part.removesuffix(LIFTED) in LIMITS:
        return say("{limit} lifted", limit=in_words(part.removesuffix(LIFTED)))
    if "." in part and part.endswith(ENDS):
        return say("{input} low", input=part[:-4]) if part.endswith(ENDS[0]) else say("{input} high", input=part[:-5])
    hours, number = part.removesuffix(HOURS_A_WEEK), part.removeprefix(f"{FOUND} ")
    if hours != part:
        return say("{hours} h/week", hours=hours)
    if number != part and number.isdigit():
        return say("found {number}", number=number)
    return say(part) if part in SPLITS else part


@dataclass(frozen=True)
class Headline:
    """The first statement about results: sentences, the point they are about, and whether the answer is to stop."""

    sentences: tuple[str, ...]
    point: int
    is_stop: bool


def headline(results: Results) -> Headline:
    """Build five sentences from the results, uncertainty included; `is_stop` where the answer is to stop."""
    table = levels.table(results)
    chosen = levels.choice(results, table)
    row, currency = table.iloc[chosen.advised], results.currency
    is_stop = not row["net_return_low"] > 0 and math.isfinite(row["net_return_low"])
    sentences = (_first(table, chosen, currency), _next_hours(results, table, chosen), *_what_it_brings(results, row, currency))
    return Headline(sentences, int(row["point"]), is_stop)


def _first(table: pd.DataFrame, chosen: levels.Choice, currency: str) -> str:
    row = table.iloc[chosen.advised]
    is_one, is_sure = len(table) == 1, row["net_return_low"] > 0
    if not math.isfinite(row["net_return_low"]):
        message = later("One world is not conclusive: in it, {level} brings {net_return}. Run more.")
    elif row["net_return_high"] < 0 and is_one:
        message = later("Stop: it is sure to lose. {level} brings {net_return} in all, after run-off ({interval}).")
    elif row["net_return_high"] < 0:
        message = later("Stop: the best level is sure to lose. {level} brings {net_return} in all, after run-off ({interval}).")
    elif not is_sure and is_one:
        message = later("Stop: it is not sure to pay. {level} brings {net_return} in all, after run-off ({interval}).")
    elif not is_sure:
        message = later(
            "Stop: the best level is not sure to pay. {level} brings {net_return} in all, after run-off ({interval})."
        )
    elif is_one:
        message = later("Fund {level}: it returns {net_return} beyond its cost of {cost} ({interval}).")
    elif chosen.advised == chosen.highest:
        message = later("Fund {level}: it returns most, {net_return} beyond its cost of {cost} ({interval}).")
    else:
        message = later(
            "Fund {level}: it costs least of those that return most, {net_return} beyond its cost of {cost} ({interval})."
        )
    return say(
        message,
        level=level(row["label"]),
        net_return=money(row["net_return"], currency),
        cost=money(row["cost"], currency),
        interval=_interval(row, "net_return", currency),
    )


def _interval(row: "pd.Series[float]", name: str, currency: str) -> str:
    low, high = (money(row[f"{name}_{end}"], currency) for end in ("low", "high"))
    return say("{confidence} interval of the mean {low} to {high}", confidence=confidence(), low=low, high=high)


def _next_hours(results: Results, table: pd.DataFrame, chosen: levels.Choice) -> str:
    if len(table) == 1:
        return say("Only one level was tried; sweep team.hours_per_week to see where the next hour stops paying.")
    case = table["case"].iloc[chosen.advised]
    if (table["case"] == case).sum() == 1:
        said = say("Only one level of hours was tried.")
    elif chosen.advised + 1 == len(table) or table["case"].iloc[chosen.advised + 1] != case:
        is_most = chosen.advised == chosen.highest and table["net_return_low"].iloc[chosen.advised] > 0
        said = (
            say("The most hours that were tried return most: more may pay still.")
            if is_most
            else say("More hours were not tried.")
        )
    else:
        said = _hours_beyond(table.iloc[chosen.advised + 1])
    others = [level(table.iloc[row]["label"]) for row in (chosen.highest, *chosen.near) if row != chosen.advised]
    if not others:
        return said
    worlds = int(results.manifest["replications"])
    told = say_many(
        "In {count} world it cannot be told from {others}.", "In {count} worlds it cannot be told from {others}.", worlds,
        others=", ".join(others),
    )  # fmt: skip
    return f"{said} {told}"


def _hours_beyond(following: "pd.Series[float]") -> str:
    low, high = (number(following[f"step_{end}"], 2) for end in ("low", "high"))
    values = {"level": level(str(following["label"])), "step": number(abs(following["step"]), 2), "low": low, "high": high}
    loses, is_known = following["step"] < 0, math.isfinite(following["step_low"])
    if loses and is_known:
        return say("The hours beyond it, up to {level}, lose {step} for each unit of their cost ({low} to {high}).", **values)
    if is_known:
        return say("The hours beyond it, up to {level}, add {step} for each unit of their cost ({low} to {high}).", **values)
    if loses:
        return say("The hours beyond it, up to {level}, lose {step} for each unit of their cost.", **values)
    return say("The hours beyond it, up to {level}, add {step} for each unit of their cost.", **values)


def _what_it_brings(results: Results, row: "pd.Series[float]", currency: str) -> tuple[str, str, str]:
    point = int(row["point"])
    effects = indirect.effects(results, point).set_index("effect")
    shortlisted = {name: float(effects[name].loc[indirect.SHORTLISTED]) for name in ("with", "without")}
    by_model = credit.table_of_four(results, point).set_index("model")
    four = {name: float(by_model[f"{name}_deals"].loc[LEAD_SOURCE]) for name in ("seen", "over_credited", "missed")}
    deals = f"{_deals(row, currency)} {_said_of_lists(**shortlisted)}"
    books = say(
        "Records show {recorded} deals begun on social media{share}. Of the {caused} that it caused, they credit {seen}.",
        recorded=number(four["seen"] + four["over_credited"]),
        share=_of_sales(row["begun_on_social_share"]),
        caused=number(four["seen"] + four["missed"]),
        seen=number(four["seen"]),
    )
    chance = say(
        "In {share} of single worlds, the deals and renewals that fall in them bring more than they cost. The horizon alone,"
        " without what is still open then and without renewals, shows {net_return}.",
        share=percent(row["pays_share"]),
        net_return=money(row["net_return_deals_by_horizon"], currency),
    )
    cut = float(by_point(results)[point]["needs_cut"].mean())
    if cut > 0.0:
        chance += " " + say(
            "The run-off ended before {purchases} purchases per world did, which count for nothing: raise time.run_off_weeks.",
            purchases=number(cut),
        )
    worlds = int(results.manifest["replications"])
    if worlds < FEW:
        chance += " " + say_many(
            "Only {count} world was run. That is a trial: a decision takes {enough}.",
            "Only {count} worlds were run. That is a trial: a decision takes {enough}.",
            worlds,
            enough=decimal(ENOUGH),
        )
    return deals, books, chance


def _deals(row: "pd.Series[float]", currency: str) -> str:
    renewals = row["net_margin_renewals"]
    if row["net_deals"] >= 0 and renewals >= 0:
        message = later("It wins {deals} deals more than zero hours would, and keeps {margin} of margin on renewals.")
    elif row["net_deals"] >= 0:
        message = later("It wins {deals} deals more than zero hours would, and loses {margin} of margin on renewals.")
    elif renewals >= 0:
        message = later("It wins {deals} deals fewer than zero hours would, and keeps {margin} of margin on renewals.")
    else:
        message = later("It wins {deals} deals fewer than zero hours would, and loses {margin} of margin on renewals.")
    return say(message, deals=number(abs(row["net_deals"])), margin=money(abs(renewals), currency))


def _said_of_lists(**shortlisted: float) -> str:
    """Say how often the brand is shortlisted, `with` social media and `without`."""
    if not all(map(math.isfinite, shortlisted.values())):
        return say("No buyer draws up a shortlist.")
    ours, theirs = (percent(shortlisted[world], 1) for world in ("with", "without"))
    return say("The brand is shortlisted in {ours} of cases instead of {theirs}.", ours=ours, theirs=theirs)


def _of_sales(share: float) -> str:
    return " " + say("({share} of sales)", share=percent(share, 1)) if math.isfinite(share) else ""
