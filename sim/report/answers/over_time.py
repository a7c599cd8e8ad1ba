"""Hours over time beside constant levels, while nobody knows which parameters are true: in words, as a table and as numbers."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame, spread
from sim.experiment.statistics import Estimate
from sim.experiment.ways import Ahead, OfWay, Weighed
from sim.report.answers.base import TextTable
from sim.report.answers.ensemble import level
from sim.report.text.cells import from_to
from sim.report.text.translation import later, say
from sim.report.text.words import confidence, money

COSTS_LESS, COSTS_MORE = later("It costs {saved} less ({interval})."), later("It costs {saved} more ({interval}).")
NO_ALTERNATIVE = 0.0  # hours of the level that costs nothing


def sentences(found: Weighed, currency: str) -> Iterator[str]:
    """Say of each way by its name what it returns more than the best constant level, and what it costs less."""
    for name, _, one in found.others:
        yield _gain(name, one.gain, found.against, currency)
        yield _cost(one.saved, currency)


def _gain(name: str, gain: Estimate, against: float, currency: str) -> str:
    values = {
        "name": name,
        "level": level(against),
        "gain": money(gain.value if gain.says_nothing() else abs(gain.value), currency),
        "low": money(gain.low),
        "high": money(gain.high, currency),
        "confidence": confidence(),
    }
    if gain.says_nothing():
        return say(
            "{name}: cannot be told from {level} throughout, the best constant level. The difference is {gain} on average"
            " ({confidence} interval {low} to {high}).",
            **values,
        )
    if gain.value < 0.0:
        return say(
            "{name}: returns {gain} less on average than {level} throughout, the best constant level ({confidence} interval of"
            " the difference {low} to {high}).",
            **values,
        )
    return say(
        "{name}: returns {gain} more on average than {level} throughout, the best constant level ({confidence} interval {low}"
        " to {high}).",
        **values,
    )


def _cost(saved: Estimate, currency: str) -> str:
    is_less = saved.value > 0.0
    ends = (saved.low, saved.high) if is_less else (-saved.high, -saved.low)
    amounts = {"saved": money(abs(saved.value), currency), "interval": from_to(*map(money, ends))}
    return say(COSTS_LESS if is_less else COSTS_MORE, **amounts)


def rows(found: Weighed) -> list[tuple[str, ...]]:
    """Return a row per constant level, no hours first, and one per way by its name."""
    heads = (
        say("hours per week"), say("net return, mean"), say("if buyers are moved"), say("if they are not"), say("spent"),
        say("more than the best constant level"),
    )  # fmt: skip
    shown = [_row(level(one.hours or 0.0), one, None) for one in found.levels]
    return [heads, *shown, *(_row(*one) for one in found.others)]


def _row(name: str, one: OfWay, ahead: Ahead | None) -> tuple[str, ...]:
    if one.hours == NO_ALTERNATIVE:
        return (name, *[money(0.0)] * 4, "-")
    amounts = map(_amount, (one.mean, one.moved, one.unmoved))
    return (name, *amounts, money(one.spent.value), "-" if ahead is None else _amount(ahead.gain))


def _amount(one: Estimate) -> str:
    return say("{value} ({interval})", value=money(one.value), interval=from_to(money(one.low), money(one.high)))


def note(currency: str) -> str:
    """Say how to read the table."""
    return say(
        "Means over sets in {currency}, after run-off, discounted to the first day by the scenario's rate. All ways share the"
        " world of each set, so differences are paired. Brackets: {confidence} intervals, by the luck of which sets were drawn."
        " A way that was found with this seed has seen these draws before: give another --seed.",
        currency=currency,
        confidence=confidence(),
    )


def in_short(found: Weighed, currency: str) -> TextTable:
    """Return the table with what its columns mean."""
    return TextTable(rows(found), (note(currency),))


def frame(found: Weighed) -> Frame:
    """Return a row per constant level and one per way, as numbers."""
    nothing = Estimate(*[float("nan")] * 3)
    levels = [("constant", one, Ahead(nothing, nothing)) for one in found.levels]
    return pd.DataFrame(
        [
            {
                "way": label,
                "hours_per_week": one.hours,
                **spread("net_return", one.mean),
                **spread("net_return_if_moved", one.moved),
                **spread("net_return_if_not_moved", one.unmoved),
                **spread("spent", one.spent),
                **spread("more_than_best_constant", its.gain),
                **spread("saved", its.saved),
            }
            for label, one, its in [*levels, *found.others]
        ]
    )


def content(found: Weighed) -> dict[str, Any]:
    """Return everything for programs; each figure as value, low and high."""
    return {
        "against_hours": found.against,
        "policies": [
            {
                "policy": name,
                "mean": asdict(one.mean),
                "mean_if_moved": asdict(one.moved),
                "mean_if_not_moved": asdict(one.unmoved),
                "spent": asdict(one.spent),
                "gain": asdict(its.gain),
                "saved": asdict(its.saved),
            }
            for name, one, its in found.others
        ],
    }
