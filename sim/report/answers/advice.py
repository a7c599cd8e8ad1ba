"""Advice over decisions alone: one answer, one per value of what cannot be chosen, or what a fitted surface says."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sim.analysis import choices, points, surface
from sim.analysis.choices import Advice, Context
from sim.experiment.results import Results
from sim.report.answers import fitted
from sim.report.text import words
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import Headline, hours_a_week, money, named_by, trial

MOST_NAMED = 12  # contexts that are named one by one in a sentence


def headline(results: Results) -> Headline:
    """Say the answer of results on hours: what to choose, given what cannot be chosen."""
    if surface.is_design(results):
        return fitted.headline(results)
    given = choices.advice(results)
    return words.headline(results) if len(given) == 1 else _by_value(results, given)


def is_single(results: Results) -> bool:
    """Return whether there is one level to advise: no surface, and nothing that cannot be chosen was varied."""
    return not surface.is_design(results) and len(choices.contexts(results)) == 1


def _by_value(results: Results, given: list[Advice]) -> Headline:
    told = choices.reported(given)
    rest = words.headline(results, told.rows, partial(level_name, context=told.context))
    is_stop = all(one.is_stop for one in given)
    first = f"{trial(results)} {_for_each(results, given)}".strip()
    following = say("What follows is for {given}.", given=named_by(told.context.settings) or _unnamed(results, told))
    said = rest.sentences[0].removeprefix(trial(results)).strip()
    return Headline((first, f"{following} {said}", *rest.sentences[1:]), rest.point, is_stop)


def _for_each(results: Results, given: Sequence[Advice]) -> str:
    """Say what is advised at each value of what cannot be chosen."""
    if not any(one.is_choice for one in given):
        returned = "; ".join(_returned(results, one) for one in given[:MOST_NAMED])
        return say(
            "Nothing that was varied is yours to choose, so nothing is advised. Net return: {returned}.", returned=returned
        )
    names = [advised(results, one) for one in given]
    if len(set(names)) == 1:
        message = later("For every value tried of what you cannot choose ({given}), the advice is the same: {advice}.")
        return say(message, given=_listed(results, given), advice=names[0])
    return say("What to fund depends on what you cannot choose: {advice}.", advice="; ".join(_groups(results, given, names)))


def _groups(results: Results, given: Sequence[Advice], names: Sequence[str]) -> Iterator[str]:
    """Say each advice once, with the values at which it holds."""
    for name in dict.fromkeys(names):
        those = [one for one, other in zip(given, names, strict=True) if other == name]
        if len(given) > MOST_NAMED:
            yield say("in {count} of {all} cases: {advice}", count=decimal(len(those)), all=decimal(len(given)), advice=name)
        else:
            yield say("at {given}: {advice}", given=_listed(results, those), advice=name)


def _listed(results: Results, given: Sequence[Advice]) -> str:
    named = [named_by(one.context.settings) or _unnamed(results, one) for one in given]
    if len(named) <= MOST_NAMED:
        return "; ".join(named) if any(", " in one for one in named) else ", ".join(named)
    return say("{first} to {last}, {count} in all", first=named[0], last=named[-1], count=decimal(len(named)))


def advised(results: Results, one: Advice) -> str:
    """Say what to choose in one context: a level, or none."""
    level = level_name(results, int(one.row["point"]), one.context)
    if math.isnan(one.row["net_return_low"]):
        return say("{level} in the one world", level=level)
    return level if one.is_sure else say("none, as no level is shown to pay")


def _returned(results: Results, one: Advice) -> str:
    amount, row = money(one.row["net_return"], results.currency), one.row
    named = named_by(one.context.settings) or _unnamed(results, one)
    if math.isnan(row["net_return_low"]):
        return say("{net_return} at {given}", net_return=amount, given=named)
    interval = words.interval_of_mean(row, "net_return", results.currency)
    return say("{net_return} at {given} ({interval})", net_return=amount, given=named, interval=interval)


def _unnamed(results: Results, one: Advice) -> str:
    """Name a context that no setting names: by the name of its first point."""
    return words.point_name(results, one.context.points[0])


def level_name(results: Results, point: int, context: Context) -> str:
    """Say the name of a level by the decisions that set it apart; by its hours, if none does."""
    settings = choices.chosen(results, point, context)
    return named_by(settings) or hours_a_week(points.hours_given(results, point))


def content(results: Results) -> list[dict[str, Any]]:
    """Give the advice for programs: a row per value of what cannot be chosen, in `given`; one row without, if it is the same.

    `level` and `hours` are of the level advised; both are null where none is shown to pay, or there was nothing to choose.
    """
    found = []
    for one in choices.advice(results):
        row, is_advised = one.row, one.is_sure and one.is_choice
        found.append(
            {
                "given": one.context.settings,
                "level": choices.chosen(results, int(row["point"]), one.context) if is_advised else None,
                "hours": float(points.hours_given(results, int(row["point"]))) if is_advised else None,
                "best_tried": results.labels[int(row["point"])],
                "net_return": float(row["net_return"]),
                "net_return_low": float(row["net_return_low"]),
                "net_return_high": float(row["net_return_high"]),
            }
        )
    return found
