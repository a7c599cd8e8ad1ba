"""Numbers and answers as a director reads them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis import credit, indirect, levels, points
from sim.analysis.frames import by_point
from sim.experiment.combined import CombinedResults, folder_name, in_folder
from sim.experiment.designs import CANDIDATE, FIGURES, HOURS, INPUT, MORE_FIGURES, MOVE, in_figures, label_of
from sim.experiment.limits import LIFT
from sim.experiment.optimise import MOVED, found_name, giver_and_taker
from sim.experiment.results import Results
from sim.experiment.sensitivity import END, HIGH, LOW
from sim.experiment.statistics import CONFIDENCE
from sim.model.ledger import LEAD_SOURCE
from sim.report.text.translation import decimal, later, say, say_many, shortest
from sim.report.text.vocabulary import SPLITS

AT_ENDS = {LOW: later("{input} low"), HIGH: later("{input} high")}
FEW, ENOUGH = 10, 30  # worlds
ADS = "sponsoring.per_week"


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


def person(member: str) -> str:
    """Return a member's name as its author gave it; those whom the team hires have only a number."""
    number = member.removeprefix("hire_")
    return member.replace("_", " ") if number == member else say("hire {number}", number=number)


def hours_a_week(hours: float) -> str:
    """Say so many hours per week: `10 h/week`."""
    return say("{hours} h/week", hours=shortest(hours))


def point_name(results: Results, point: int) -> str:
    """Say the name of a point by what sets it apart, such as `10 h/week`; a name of its author's own stays as it is."""
    return _name(results, point, hours_a_week)


def point_names(results: Results) -> list[str]:
    """Say the names of all points."""
    bases = points.bases(results)
    return [_name(results, point, hours_a_week, bases) for point in range(len(results.labels))]


def name_on_hours(results: Results, point: int) -> str:
    """Say the name of a point on an axis that says `hours per week`: without that unit at its end."""
    return _name(results, point, shortest)


def _name(results: Results, point: int, last_hours: Callable[[float], str], bases: Mapping[int, int] | None = None) -> str:
    """Say the name of a point; `last_hours` says hours where the name ends in them, `bases` are those of `points`, if known."""
    if LIFT in points.settings(results, point):
        return _without_limit(results, point, points.bases(results) if bases is None else bases)
    if isinstance(results, CombinedResults):
        part, own = results.origin(point)
        return in_folder(folder_name(part), _name(part, own, last_hours))
    settings, label = points.settings(results, point), results.labels[point]
    if settings.keys() & {MOVE, CANDIDATE}:
        return _split(results, point)
    if INPUT in settings:
        hours = float(in_figures(settings[HOURS], MORE_FIGURES))
        return f"{say(AT_ENDS[settings[END]], input=settings[INPUT])}, {last_hours(hours)}"
    figures = next((one for one in (FIGURES, MORE_FIGURES) if label_of(settings, one) == label), None)
    if figures is None or not settings:
        return label
    *before, last = settings.items()
    return ", ".join([*(_part(*one, figures, hours_a_week) for one in before), _part(*last, figures, last_hours)])


def named_by(settings: Mapping[str, Any]) -> str:
    """Say the name of what some settings set apart, such as `margin 0.3`, or a case."""
    return ", ".join(_part(path, value, MORE_FIGURES, hours_a_week) for path, value in settings.items())


def _part(path: str, value: Any, figures: int, said_hours: Callable[[float], str]) -> str:
    """Say one of the settings that set a point apart."""
    if path == HOURS:
        return said_hours(float(in_figures(value, figures)))
    if path == ADS:
        return say("{amount} of ads per week", amount=in_figures(value, figures))
    return label_of({path: value}, figures)


def _without_limit(results: Results, point: int, bases: Mapping[int, int]) -> str:
    """Name a point with a limit lifted: by the point that it belongs to, and the limit."""
    if point not in bases:
        return results.labels[point]
    limit = in_words(points.settings(results, point)[LIFT])
    return ", ".join([point_name(results, bases[point]), say("{limit} lifted", limit=limit)])


def _split(results: Results, point: int) -> str:
    """Name a move of an hour, or a split by its place among those to choose from: as it is, then those found."""
    settings = points.settings(results, point)
    if MOVE in settings:
        return MOVED.join(map(in_words, giver_and_taker(settings[MOVE])))
    candidate, place = settings[CANDIDATE], points.candidates(results).index(point)
    if candidate in SPLITS:
        return say(candidate)
    return say("found {number}", number=place) if candidate == found_name(place) else candidate


@dataclass(frozen=True)
class Headline:
    """The first statement about results: sentences, the point they are about, and whether the answer is to stop."""

    sentences: tuple[str, ...]
    point: int
    is_stop: bool


Named = Callable[[Results, int], str]


def trial(results: Results) -> str:
    """Say that results of few worlds are a trial; nothing, if they are enough to go by."""
    return trial_of(int(results.manifest["replications"])) if is_trial(results) else ""


def trial_of(worlds: int) -> str:
    """Say that so many worlds are a trial."""
    return say_many(
        "Only {count} world was run. That is a trial: a decision takes {enough}.",
        "Only {count} worlds were run. That is a trial: a decision takes {enough}.",
        worlds,
        enough=decimal(ENOUGH),
    )


def is_trial(results: Results) -> bool:
    """Return whether so few worlds were run that no decision can rest on them."""
    return are_few(int(results.manifest["replications"]))


def are_few(worlds: int) -> bool:
    """Return whether so many worlds are too few for a decision."""
    return worlds < FEW


def headline(results: Results, of: pd.DataFrame | None = None, named: Named = point_name) -> Headline:
    """Build five sentences from the results, uncertainty included; `is_stop` where the answer is to stop.

    `of` are the rows of the table of levels that are spoken of, all by default; `named` says what a level is called. Whether
    results are a trial is said first.
    """
    table = levels.table(results) if of is None else of
    chosen = levels.choice(results, table)
    row, currency = table.iloc[chosen.advised], results.currency
    is_stop = not row["net_return_low"] > 0 and math.isfinite(row["net_return_low"])
    first = f"{trial(results)} {_first(results, table, chosen, named)}".strip()
    sentences = (first, _next_hours(results, table, chosen, named), *_what_it_brings(results, row, currency))
    return Headline(sentences, int(row["point"]), is_stop)


def _first(results: Results, table: pd.DataFrame, chosen: levels.Choice, named: Named) -> str:
    row, currency = table.iloc[chosen.advised], results.currency
    is_one, is_sure = len(table) == 1, row["net_return_low"] > 0
    if not math.isfinite(row["net_return_low"]):
        message = later("One world is not conclusive: in it, {level} returns {net_return}. Run more.")
    elif row["net_return_high"] < 0 and is_one:
        message = later(
            "With the numbers as given, {level} loses money: it returns {net_return} in all, after run-off ({interval})."
        )
    elif row["net_return_high"] < 0:
        message = later(
            "With the numbers as given, every level loses money: the best, {level}, returns {net_return} in all,"
            " after run-off ({interval})."
        )
    elif not is_sure and is_one:
        message = later(
            "With the numbers as given, these worlds do not show that {level} pays: it returns {net_return} in all,"
            " after run-off"
            " ({interval})."
        )
    elif not is_sure:
        message = later(
            "With the numbers as given, these worlds do not show that any level pays: the best, {level}, returns"
            " {net_return} in all, after"
            " run-off ({interval})."
        )
    elif is_one:
        message = later("With the numbers as given, {level} returns {net_return} beyond its cost of {cost} ({interval}).")
    elif chosen.advised == chosen.highest:
        message = later("With the numbers as given, {level} returns most: {net_return} beyond its cost of {cost} ({interval}).")
    else:
        message = later(
            "With the numbers as given, {level} costs least of the levels that return most: {net_return} beyond its cost of"
            " {cost} ({interval})."
        )
    return say(
        message,
        level=named(results, int(row["point"])),
        net_return=money(row["net_return"], currency),
        cost=money(row["cost"], currency),
        interval=interval_of_mean(row, "net_return", currency),
    )


def interval_of_mean(row: "pd.Series[float]", name: str, currency: str) -> str:
    """Say the interval of a mean in a row beside it."""
    low, high = (money(row[f"{name}_{end}"], currency) for end in ("low", "high"))
    return say("{confidence} interval of the mean {low} to {high}", confidence=confidence(), low=low, high=high)


def _next_hours(results: Results, table: pd.DataFrame, chosen: levels.Choice, named: Named) -> str:
    if len(table) == 1:
        return say("Only one level was tried; sweep team.hours_per_week to see where the next hour stops paying.")
    case = table["case"].iloc[chosen.advised]
    if table["hours_per_week"].nunique(dropna=False) == 1:
        said = say("Only one level of hours was tried.")
    elif (table["case"] == case).sum() == 1:
        said = say("Other hours were not tried with these settings.")
    elif chosen.advised + 1 == len(table) or table["case"].iloc[chosen.advised + 1] != case:
        is_most = chosen.advised == chosen.highest and table["net_return_low"].iloc[chosen.advised] > 0
        said = (
            say("The most hours that were tried return most: more may pay still.")
            if is_most
            else say("More hours were not tried.")
        )
    else:
        said = _hours_beyond(results, table.iloc[chosen.advised + 1], named)
    others = [named(results, int(table.iloc[row]["point"])) for row in (chosen.highest, *chosen.near) if row != chosen.advised]
    if not others:
        return said
    worlds = int(results.manifest["replications"])
    told = say_many(
        "In {count} world it cannot be told from {others}.", "In {count} worlds it cannot be told from {others}.", worlds,
        others=", ".join(others),
    )  # fmt: skip
    return f"{said} {told}"


def _hours_beyond(results: Results, following: "pd.Series[float]", named: Named) -> str:
    low, high = (number(following[f"step_{end}"], 2) for end in ("low", "high"))
    step, until = number(abs(following["step"]), 2), named(results, int(following["point"]))
    values = {"level": until, "step": step, "low": low, "high": high}
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
    counted = say(
        "Counted in these worlds, net deals are {realised} on average: a count holds luck, the figure before weighs every"
        " purchase by its chances.",
        realised=number(row["net_deals_realised"]),
    )
    deals = f"{_deals(row, currency)} {counted} {_said_of_lists(**shortlisted)}"
    books = say(
        "Records show {recorded} deals begun on social media{share}. Of the {caused} that it caused, they credit {seen}.",
        recorded=number(four["seen"] + four["over_credited"]),
        share=_of_sales(row["begun_on_social_share"]),
        caused=number(four["seen"] + four["missed"]),
        seen=number(four["seen"]),
    )
    chance = say(
        "Chance that it pays: {share} of single worlds end above their cost ({confidence} interval {low} to {high}, by the luck"
        " of the draw). Without renewals and deals still open at the horizon, the return is {net_return}.",
        share=percent(row["pays_share"]),
        low=percent(row["pays_share_low"]),
        high=percent(row["pays_share_high"]),
        confidence=confidence(),
        net_return=money(row["net_return_deals_by_horizon"], currency),
    )
    cut = float(by_point(results, ["needs_cut"])[point]["needs_cut"].mean())
    if cut > 0.0:
        chance += " " + say(
            "The run-off ended before {purchases} purchases per world did, which count for nothing: raise time.run_off_weeks.",
            purchases=number(cut),
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
