"""The one-page answer: the advice, the company, the plan of a week, the money, trip-wires, and what would flip the advice.

The advice over all sets of assumptions comes first, where it was looked for; then the one at the likely values.

The same parts open the report and the page, and end `sim start`, `sim run` and `sim study`.
"""

import math
from collections.abc import Iterator
from shlex import quote

import pandas as pd

from sim.analysis import cash_flow, choices, ignorance, surface, work
from sim.analysis import flips as flipping
from sim.analysis import stages as kept_stages
from sim.analysis import trip_wires as wiring
from sim.experiment.integrity import FLIPS, IGNORANCE, STAGES, TRIP_WIRES
from sim.experiment.results import Results
from sim.model.team import PURPOSES
from sim.report.answers import ensemble, fitted, plan, stages, warnings
from sim.report.answers.base import Part, Row, TextTable
from sim.report.text import company
from sim.report.text.cells import dash
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import Headline, confidence, in_words, money, number, percent, person, point_name

LEAST = 0.05  # hours per week that are written as 0.1
MOST_PEOPLE = 6  # who have a column each
SHOWN_MONTHS = (12, 24, 36)

HEADINGS = {
    "advice": later("What to do"),
    "stages": later("A plan in stages"),
    "as_it_is": later("With the numbers as given"),
    "company": later("Your company without social media"),
    "week": later("The week, in hours worked"),
    "money": later("The money"),
    "watch": later("What to watch"),
    "flips": later("What would change the advice"),
}


def parts(results: Results, said: Headline) -> Iterator[Part]:
    """Put an answer on hours together from its parts, of the point that is advised."""
    yield from answered(results, said)
    yield from warned(results)


def answered(results: Results, said: Headline) -> Iterator[Part]:
    """Yield all parts but the warnings."""
    point = said.point
    if surface.is_design(results):
        yield from fitted.FittedSurface(results).parts()
        read_back = company.read_back(results, point)
        yield from [Part(say(HEADINGS["company"]), [read_back])] if read_back else []
        return
    yield from decided(results)
    yield Part(say(HEADINGS["as_it_is"]), said.sentences)
    read_back = company.read_back(results, point)
    if read_back:
        yield Part(say(HEADINGS["company"]), [read_back])
    week = _week(results, point)
    if week is not None:
        yield week
    yield Part(say(HEADINGS["money"]), list(_money(results, point)))


def decided(results: Results) -> Iterator[Part]:
    """Say what to do while nobody knows, and the plan in stages, where these were looked for."""
    decision = ignorance.stored(results)
    if decision is not None:
        sentences = list(ensemble.sentences(decision, results.currency))
        tables = [ensemble.in_short(decision, results.currency), *ensemble.of_pilots(decision, results.currency)]
        yield Part(say(HEADINGS["advice"]), sentences, tables)
    elif ignorance.is_damaged(results):
        said = say(
            "{file} is damaged, or was written by another version of sim: what to decide while nobody knows is left out. Find"
            " it anew: sim warn {folder}",
            file=IGNORANCE,
            folder=quote(str(results.folder)),
        )
        yield Part(say(HEADINGS["advice"]), [said])
    staged = kept_stages.stored(results)
    if staged is not None:
        sentences = list(stages.sentences(staged, results.currency))
        yield Part(say(HEADINGS["stages"]), sentences, [stages.in_short(staged, results.currency)])
    elif kept_stages.is_damaged(results):
        said = say(
            "{file} is damaged, or was written by another version of sim: the plan in stages is left out. Find it anew: sim"
            " plan SCENARIO --beside {folder}",
            file=STAGES,
            folder=quote(str(results.folder)),
        )
        yield Part(say(HEADINGS["stages"]), [said])


def warned(results: Results) -> Iterator[Part]:
    """Say what to watch and what would change the advice; how to find out, where it was not looked for."""
    flips, wires = flipping.stored(results), wiring.stored(results)
    damaged = [FLIPS] * flipping.is_damaged(results) + [TRIP_WIRES] * wiring.is_damaged(results)
    if damaged:
        said = say(
            "{file} is damaged, or was written by another version of sim: what to watch and what would change the advice are"
            " left out. Find them anew: sim warn {folder}",
            file=damaged[0],
            folder=quote(str(results.folder)),
        )
        yield Part(say(HEADINGS["watch"]), [said])
        return
    if flips is None or wires is None:
        hint = say(
            "Not looked for yet: whether the answer holds for numbers that nobody knows, what to watch, and what would change"
            " the advice. It takes some minutes: sim warn {folder}",
            folder=quote(str(results.folder)),
        )
        if is_of_levels(results):
            yield Part(say(HEADINGS["watch"]), [hint])
        return
    yield Part(say(HEADINGS["watch"]), list(warnings.wire_sentences(wires)))
    yield Part(say(HEADINGS["flips"]), list(warnings.flip_sentences(flips, results.currency)))


def is_stop(results: Results, said: Headline) -> bool:
    """Return whether the advice is to give no hours: over all that may be true, where that was looked for."""
    decision = ignorance.stored(results)
    return said.is_stop if decision is None else not decision.best.hours


def is_warned(results: Results) -> bool:
    """Return whether warnings were looked for, and are there."""
    return flipping.stored(results) is not None and wiring.stored(results) is not None


def is_of_levels(results: Results) -> bool:
    """Return whether results hold several levels of hours, among which advice can flip."""
    return not surface.is_design(results) and any(one.is_choice for one in choices.advice(results))


def _week(results: Results, point: int) -> Part | None:
    """Show hours worked by person and task, beside what is asked of the team; nothing where nobody works."""
    by_person, by_task = work.plan(results, point), work.hours_by_task(results, point)
    given = float(by_task["hours_per_week"].sum())
    if given <= 0.0:
        return None
    opening = say(
        "At {level} people work {hours} hours in a mean week, closed weeks included.",
        level=point_name(results, point),
        hours=number(given),
    )
    table = TextTable(list(_rows(by_person, by_task)))
    return Part(say(HEADINGS["week"]), [opening, *plan.differ(by_task)], [table])


def _rows(by_person: pd.DataFrame, by_task: pd.DataFrame) -> Iterator[Row]:
    """Yield tasks as rows, most worked first, with a column per person; hours per week."""
    columns = (by_person[name] for name in ("member", "activity", "hours_per_week"))
    hours = {(str(who), str(task)): float(spent) for who, task, spent in zip(*columns, strict=True)}
    members = [str(one) for one in dict.fromkeys(by_person["member"])]
    shown = members if 1 < len(members) <= MOST_PEOPLE else []
    yield say("task"), *(person(one) for one in shown), say("worked"), say("asked for")
    ordered = by_task.set_index("activity").loc[list(PURPOSES)]
    ordered = ordered.sort_values("hours_per_week", ascending=False, kind="stable")
    for activity, row in ordered.iterrows():
        if row["hours_per_week"] < LEAST and not row["hours_asked"] >= LEAST:
            continue
        own = (number(hours.get((one, str(activity)), 0.0)) for one in shown)
        yield in_words(str(activity)), *own, number(row["hours_per_week"]), dash(row["hours_asked"], number)
    together = (number(math.fsum(spent for (who, _), spent in hours.items() if who == one)) for one in shown)
    yield say("together"), *together, number(by_task["hours_per_week"].sum()), number(by_task["hours_asked"].sum())


def _money(results: Results, point: int) -> Iterator[str]:
    found, currency = cash_flow.in_short(results, point), results.currency
    if found.spent > 0.0:
        yield _dip(found, currency)
        yield _even(found)
    yield say(
        "Over {months} months the hours cost {spent}. Margin on deals that they win is {deals}, on renewals that they keep"
        " {renewals}.",
        months=decimal(months_paid(results, point)),
        spent=money(found.spent, currency),
        deals=money(found.deals, currency),
        renewals=money(found.renewals, currency),
    )
    yield say(
        "Together that is {net_return}, or {discounted} in money of the first day at {rate} per year{interval}.",
        net_return=money(found.net_return.value, currency),
        discounted=money(found.discounted.value, currency),
        rate=percent(found.rate),
        interval=_interval(found, currency),
    )
    if found.deals < found.spent <= found.deals + found.renewals:
        yield say("Deals alone do not pay for the hours: the answer rests on renewals of customers.")


def _dip(found: cash_flow.MoneyInShort, currency: str) -> str:
    if found.lowest_month == 0:
        return say("The sum of all that comes in and goes out is at no quarter's end below zero.")
    return say(
        "The sum so far is lowest after {month} months, at {lowest}.",
        month=decimal(found.lowest_month),
        lowest=money(found.lowest, currency),
    )


def _even(found: cash_flow.MoneyInShort) -> str:
    odds = ", ".join(
        say(
            "{share} after {months} months ({low} to {high})",
            share=percent(one.value),
            months=decimal(months),
            low=percent(one.low),
            high=percent(one.high),
        )
        for months, one in found.broken_even.items()
        if months in SHOWN_MONTHS
    )
    told = say(
        "Single worlds above zero: {odds}; {confidence} interval by the luck of the draw.", odds=odds, confidence=confidence()
    )
    if found.break_even_month is None:
        first = say("On average it does not break even in the time that was followed.")
    else:
        first = say("On average it breaks even by month {month}.", month=decimal(found.break_even_month))
    return f"{first} {told}" if odds else first


def _interval(found: cash_flow.MoneyInShort, currency: str) -> str:
    if not math.isfinite(found.discounted.low):
        return ""
    return " " + say(
        "({confidence} interval of the mean {low} to {high})",
        confidence=confidence(),
        low=money(found.discounted.low, currency),
        high=money(found.discounted.high, currency),
    )


def months_paid(results: Results, point: int) -> int:
    """Return for how many months hours are paid."""
    weeks = int(results.manifest["points"][point]["scenario"]["time"]["horizon_weeks"])
    return round(weeks / work.WEEKS_PER_MONTH)
