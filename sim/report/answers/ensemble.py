"""The decision while nobody knows which parameters are true, in words and tables: also in short, beside other results."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.experiment import themes
from sim.experiment.ensemble import Ensemble
from sim.experiment.ignorance import DECISIVE, WORST, Decision, Far, OfLevel, Pilot
from sim.experiment.pilots import ATTRIBUTION, BEFORE_AND_AFTER, HOLD_OUT, PEER_GROUP, RECORDS, SURVEY
from sim.experiment.statistics import Estimate, edges
from sim.report.answers.base import TextTable
from sim.report.text.assumptions import meaning_of
from sim.report.text.cells import from_to, listed
from sim.report.text.translation import decimal, later, say, say_many
from sim.report.text.words import confidence, hours_a_week, money, percent, short

TOLD = 3  # guesses that a sentence names
FEW = 20  # sets of equal weight, below which resampling shows too little luck
WIDE = 0.2  # of an interval of a belief: from there on nothing shows whether facts moved it

TEST_NAMES = {
    RECORDS: later("the team's own records"),
    BEFORE_AND_AFTER: later("leads before and after"),
    PEER_GROUP: later("leads against peers"),
    HOLD_OUT: later("leads in a hold-out test by accounts"),
    ATTRIBUTION: later("margin that last touches credit"),
}
THEME_NAMES = {
    themes.MINDS: later("whether and how much buyers are moved"),
    themes.REACH: later("reach and followers"),
    themes.CONTENT: later("making content"),
    themes.TALKS: later("talks and community"),
    themes.CUSTOMERS: later("customers"),
    themes.DEMAND: later("buyers and their demand"),
    themes.SALES: later("how sales work"),
    themes.TEAM: later("the team"),
    themes.SIGNALS: later("listening"),
    themes.CRISES: later("crises"),
    themes.RECORDS: later("records of leads"),
}


def level(hours: float) -> str:
    """Name a level in words."""
    return hours_a_week(hours) if hours else say("zero hours")


def sentences(found: Decision, currency: str) -> Iterator[str]:
    """Say the answer: what returns most on average, where it pays, what it hangs on, and what knowing more is worth."""
    yield from map(_far, found.far)
    yield from _first(found, currency)
    yield from _discounted(found, currency)
    yield _belief(found)
    yield _worth(found, currency)
    yield from _pilots(found, currency)
    yield say(
        "Brackets hold {confidence} intervals. They are the luck of which sets were drawn and of their worlds: more sets narrow"
        " them. The {sets} sets count as {effective} equal ones. How they differ is ignorance, and only facts narrow that.",
        confidence=confidence(),
        sets=decimal(found.sets),
        effective=decimal(found.effective_sets),
    )
    if found.effective_sets < FEW:
        yield say("That is too few for the intervals to show all of that luck: draw more sets.")
    if not found.is_freed:
        yield say("With so few sets, shares and regret also depend on the luck of single worlds.")


def _far(one: Far) -> str:
    return say(
        "No set of assumptions comes near the fact {fact} ({interval}): the nearest shows {nearest}. What follows rests on the"
        " sets that are least far. Is the fact one of companies like this?",
        fact=one.fact,
        interval=from_to(short(one.low), short(one.high)),
        nearest=short(one.nearest),
    )


def _first(found: Decision, currency: str) -> Iterator[str]:
    best = found.best
    share = _with_interval(best.best, percent)
    if found.is_decisive and best.hours:
        yield say(
            "Fund {level}: it returns most in {share} of {sets} sets of assumptions, {mean} on average.",
            level=level(best.hours),
            share=share,
            sets=decimal(found.sets),
            mean=_amount(best.mean, currency),
        )
        return
    if found.is_decisive:
        yield say("Stop: zero hours are best in {share} of {sets} sets of assumptions.", share=share, sets=decimal(found.sets))
        return
    if best.best.value > DECISIVE:
        yield say(
            "These sets are too few to be sure. So far {level} would be best in {share} of {sets} sets of assumptions.",
            level=level(best.hours),
            share=share,
            sets=decimal(found.sets),
        )
        return
    if not best.hours:
        least = max(found.levels[1:], key=lambda one: one.mean.value)
        yield say(
            "It depends on what nobody knows. On average over {sets} sets of assumptions no level of hours pays.",
            sets=decimal(found.sets),
        )
        yield say(
            "The best of them, {level}, returns {mean} and pays in {pays} of the sets. Zero hours are best in {share}.",
            level=level(least.hours),
            mean=_amount(least.mean, currency),
            pays=_with_interval(least.pays, percent),
            share=share,
        )
        return
    yield say(
        "It depends on what nobody knows. On average over {sets} sets of assumptions {level} returns most: {mean}.",
        sets=decimal(found.sets),
        level=level(best.hours),
        mean=_amount(best.mean, currency),
    )
    yield say(
        "It pays in {pays} of the sets, and is best in {share}. In the worst {worst_share} it returns {worst} or less.",
        pays=_with_interval(best.pays, percent),
        share=share,
        worst_share=percent(WORST),
        worst=_amount(best.worst, currency),
    )


def _discounted(found: Decision, currency: str) -> Iterator[str]:
    """Say the rate, and what the level that is spoken of returns without it."""
    if not found.rate:
        return
    spoken = found.best if found.best.hours else max(found.levels[1:], key=lambda one: one.mean.value)
    yield say(
        "Returns are discounted by {rate} per year. The plain sum of {level} is {plain} on average.",
        rate=percent(found.rate),
        level=level(spoken.hours),
        plain=_amount(spoken.plain, currency),
    )


def _belief(found: Decision) -> str:
    end, after, parts = found.break_even, found.belief_after, []
    if end.low >= 1.0:
        parts.append(say("On average hours pay even if social media moves no buyer's mind."))
    elif end.high <= 0.0:
        parts.append(say("On average hours lose even if social media does move buyers' minds."))
    elif end.value <= 0.0:
        parts.append(
            say(
                "By these sets hours lose on average even if social media does move buyers' minds. By the luck of which were"
                " drawn they may still pay, while you hold the chance that it moves none to be below {high}.",
                high=percent(end.high),
            )
        )
    elif end.value >= 1.0:
        parts.append(
            say(
                "By these sets hours pay on average even if social media moves no buyer's mind. By the luck of which were"
                " drawn they may still lose, if you hold the chance of that to be above {low}.",
                low=percent(end.low),
            )
        )
    elif math.isfinite(end.value):
        parts.append(
            say(
                "Hours pay on average while you hold the chance that social media moves no buyer's mind to be below {end}.",
                end=_with_interval(end, percent),
            )
        )
    if after.low <= found.belief <= after.high and after.high - after.low > WIDE:
        message = later(
            "This answer takes that chance to be {after}: {belief} was assumed. So few sets cannot show whether the facts moved"
            " it."
        )
    elif after.low <= found.belief <= after.high:
        message = later("This answer takes that chance to be {after}: {belief} was assumed, and the facts hardly moved it.")
    else:
        message = later("This answer takes that chance to be {after}: {belief} was assumed, and the facts moved it.")
    parts.append(say(message, after=_with_interval(after, percent), belief=percent(found.belief)))
    return " ".join(parts)


def _worth(found: Decision, currency: str) -> str:
    said = say(
        "Knowing everything before you decide would be worth {everything} at most. Knowing only whether buyers are moved would"
        " be worth {effect}.",
        everything=_amount(found.everything, currency),
        effect=_amount(found.effect, currency),
    )
    if not found.guesses:
        more = say("No other single guess is shown to be worth knowing: up to {by_chance} appears by chance alone.",
                   by_chance=money(found.by_chance, currency))  # fmt: skip
    else:
        named = [
            say(
                "“{meaning}” ({path}), worth {worth}",
                meaning=meaning_of(one.guess),
                path=one.guess,
                worth=_with_interval(Estimate(one.value, one.low, one.high), money),
            )
            for one in found.guesses[:TOLD]
        ]
        more = say("Of other guesses, find out first: {guesses}.", guesses=listed(named))
    return " ".join([said, more, *_themes(found)])


def _themes(found: Decision) -> Iterator[str]:
    """Say which subjects are worth looking into as a whole; that of buyers' minds holds whether these are moved at all."""
    sure = [one for one in found.themes if one.low > 0.0]  # the others are in the table, with their intervals
    if sure:
        named = [
            f"{theme_name(one.guess)} ({_with_interval(Estimate(one.value, one.low, one.high), money)})" for one in sure[:TOLD]
        ]
        yield say("Of whole subjects, look into these first: {themes}.", themes=listed(named))


def theme_name(theme: str) -> str:
    """Name a theme in words; a section of the scenario that has none by its own name."""
    return say(THEME_NAMES[theme]) if theme in THEME_NAMES else theme


def test_name(test: str, buyers: int) -> str:
    """Name a test that a pilot is judged by; `buyers` are asked per arm of a survey."""
    if test == SURVEY:
        return say("a survey of recall, {buyers} buyers per arm", buyers=decimal(buyers))
    return say(TEST_NAMES[test])


def _pilots(found: Decision, currency: str) -> Iterator[str]:
    if not found.pilots:
        return
    hours = found.pilots[0].hours
    told = [one for one in found.pilots if one.is_beyond_chance]
    if not told:
        yield say_many(
            "Measuring before you fund cannot be told to be worth anything: a pilot at {level} shows too little by any test,"
            " even after {count} quarter. Chance alone would show up to {by_chance}.",
            "Measuring before you fund cannot be told to be worth anything: a pilot at {level} shows too little by any test,"
            " even after {count} quarters. Chance alone would show up to {by_chance}.",
            max(one.after for one in found.pilots),
            level=level(hours),
            by_chance=money(found.pilots_by_chance, currency),
        )
        return
    best = max(told, key=lambda one: one.worth.value)
    yield say_many(
        "Measuring before you fund is worth most with this test: {test}. A pilot at {level} that it judges after {count}"
        " quarter would be worth {worth} at most.",
        "Measuring before you fund is worth most with this test: {test}. A pilot at {level} that it judges after {count}"
        " quarters would be worth {worth} at most.",
        best.after,
        test=test_name(best.test, found.buyers),
        level=level(hours),
        worth=_amount(_above_zero(best.worth), currency),
    )
    if best.worth.low > best.cost.high:
        message = later("That is more than its hours cost until then, {cost}.")
    elif best.worth.high < best.cost.low:
        message = later("That is less than its hours cost until then, {cost}.")
    else:
        message = later("Whether that is more than its hours cost until then, {cost}, cannot be told.")
    yield say(message, cost=_amount(best.cost, currency))


def _above_zero(one: Estimate) -> Estimate:
    """Cut off what is below zero: nobody has to act on what is known."""
    return Estimate(*(max(0.0, end) for end in (one.value, one.low, one.high)))


def _with_interval(one: Estimate, said: Any) -> str:
    if not math.isfinite(one.low):
        return str(said(one.value))
    return say("{value} ({interval})", value=said(one.value), interval=from_to(said(one.low), said(one.high)))


def _amount(one: Estimate, currency: str) -> str:
    return say(
        "{value} ({interval})", value=money(one.value, currency), interval=from_to(money(one.low), money(one.high))
    )  # fmt: skip


def rows(found: Decision) -> list[tuple[str, ...]]:
    """Return a row per level, each figure with its interval."""
    table: list[tuple[str, ...]] = [
        (
            say("hours per week"), say("net return, mean"), say("not discounted"), say("pays in"),
            say("one set in twenty returns less than"), say("regret"), say("best in"),
        )
    ]  # fmt: skip
    return table + [_row(one) for one in found.levels]


def _row(one: OfLevel) -> tuple[str, ...]:
    nothing = not one.hours
    return (
        level(one.hours),
        money(0.0) if nothing else _with_interval(one.mean, money),
        money(0.0) if nothing else _with_interval(one.plain, money),
        "-" if nothing else _with_interval(one.pays, percent),
        money(0.0) if nothing else _with_interval(one.worst, money),
        _with_interval(one.regret, money),
        _with_interval(one.best, percent),
    )


def in_short(found: Decision, currency: str) -> TextTable:
    """Return the table with what its columns mean."""
    note = say(
        "Amounts in {currency}, after run-off, discounted by {rate} per year but where it says not. Regret is what a level"
        " returns less than the best level of each set, on average. Brackets: {confidence} intervals, by the luck of which sets"
        " were drawn.",
        currency=currency,
        rate=percent(found.rate),
        confidence=confidence(),
    )
    return TextTable(rows(found), (note,))


def fact_rows(found: Ensemble) -> list[tuple[str, ...]]:
    """Return a row per fact."""
    table: list[tuple[str, ...]] = [(say("fact"), say("outcome"), say("measured"), say("nine in ten sets show"), say("source"))]
    for place, (name, fact) in enumerate(found.facts.items()):
        shown = found.shown[:, place]
        low, high = np.nanquantile(shown, edges()) if np.isfinite(shown).any() else (math.nan, math.nan)
        outcome = f"{fact.outcome} / {fact.per}" if fact.per else fact.outcome
        table.append((name, outcome, from_to(short(fact.low), short(fact.high)), from_to(short(low), short(high)), fact.source))
    return table


def pilot_rows(found: Decision) -> list[tuple[str, ...]]:
    """Return a row per test, with what a pilot is worth by when it is read; last what its hours cost by then."""
    after = list(dict.fromkeys(one.after for one in found.pilots))
    heads = [say_many("after {count} quarter", "after {count} quarters", count) for count in after]
    table: list[tuple[str, ...]] = [(say("the pilot is judged by"), *heads)]
    for test in dict.fromkeys(one.test for one in found.pilots):
        mine = {one.after: one for one in found.pilots if one.test == test}
        table.append((test_name(test, found.buyers), *(_pilot_cell(mine[count]) for count in after)))
    costs = {one.after: one.cost for one in found.pilots}
    return [*table, (say("cost of its hours until then"), *(_with_interval(costs[count], money) for count in after))]


def _pilot_cell(one: Pilot) -> str:
    return _with_interval(_above_zero(one.worth), money) if one.is_beyond_chance else say("no more than chance")


def of_pilots(found: Decision, currency: str) -> Iterator[TextTable]:
    """Yield the table of pilots with how to read it, where the horizon reaches one."""
    if found.pilots:
        yield TextTable(pilot_rows(found), (pilots_note(found, currency),))


def pilots_note(found: Decision, currency: str) -> str:
    """Say how to read the table of pilots."""
    return say(
        "What a pilot at {level} is worth at most before deciding, in {currency}. Chance alone would show up to {by_chance}."
        " Brackets: {confidence} intervals, the luck of which sets were drawn. The values allow for how little a pilot"
        " may show.",
        level=level(found.pilots[0].hours),
        currency=currency,
        by_chance=money(found.pilots_by_chance),
        confidence=confidence(),
    )


def guess_rows(found: Decision) -> list[tuple[str, ...]]:
    """Return a row per guess that is worth knowing."""
    table: list[tuple[str, ...]] = [(say("guess"), say("worth knowing, at most"))]
    return table + [(one.guess, _with_interval(Estimate(one.value, one.low, one.high), money)) for one in found.guesses]


def theme_rows(found: Decision) -> list[tuple[str, ...]]:
    """Return a row per theme that is worth knowing."""
    table: list[tuple[str, ...]] = [(say("subject"), say("worth knowing, at most"))]
    return table + [
        (theme_name(one.guess), _with_interval(Estimate(one.value, one.low, one.high), money)) for one in found.themes
    ]
