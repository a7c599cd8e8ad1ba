"""The surface fitted to a design over ranges: how well it predicts, and where it is highest; never single points."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis import surface
from sim.analysis.surface import Best, Surface
from sim.experiment.results import Results
from sim.report.answers.base import Answer, Part, TextTable
from sim.report.text import words
from sim.report.text.cells import from_to, yes_or_no
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import Headline, confidence, money, named_by, percent, short, trial

HEADING = later("What the fitted surface says")
KINDS = {
    surface.LINES: later("straight lines"),
    surface.SQUARES: later("lines and squares"),
    surface.PRODUCTS: later("lines, squares and products"),
}


def headline(results: Results) -> Headline:
    """Say what the surface says, of the point nearest to the middle of the design; never that hours are to stop."""
    found = surface.fit(results)
    point = 0 if found is None else int(np.argmin(np.abs(found.scaled).max(axis=1)))
    return Headline(tuple(sentences(results)), point, False)


def sentences(results: Results) -> Iterator[str]:
    """Say how well the surface predicts, and where it is highest, for each value of what cannot be chosen."""
    found, few = surface.fit(results), trial(results)
    if few:
        yield few
    if found is None:
        yield say(
            "The {points} points are too few, or hold no numbers that vary, for a surface of net return. Take more --samples.",
            points=decimal(len(results.labels)),
        )
        return
    yield say(
        "A surface of {terms} was fitted to {points} points. It predicts a point that it has not seen to within {error} (root"
        " mean square error), and explains {explained} of how the points differ.",
        terms=say(KINDS[found.terms]),
        points=decimal(len(found.worlds)),
        error=money(found.error, results.currency),
        explained=percent(max(0.0, found.explained), 1),
    )
    if not found.is_trusted:
        yield say("That is too little to say where it is highest. Take more --samples, or narrower ranges.")
        return
    top = surface.best(found)
    if not top:
        yield say("Nothing that was varied is yours to choose, so nothing is advised.")
    yield from (_highest(one, results.currency) for one in top)
    if top:
        yield say("This is the fit's word, not that of any world: run what it names before you decide.")


def _highest(one: Best, currency: str) -> str:
    """Say where the surface is highest, what cannot be told from that, and whether it pays even there."""
    level = named_by({path: _figures(value) for path, value in one.decisions.items()})
    given = named_by({path: _figures(value) for path, value in one.given.items()})
    returned = money(one.net_return.value, currency)
    if given:
        told = say("At {given} it is highest at {level}: {net_return}{interval}.", given=given, level=level,
                   net_return=returned, interval=_interval(one, currency))  # fmt: skip
    else:
        told = say("It is highest at {level}: {net_return}{interval}.", level=level, net_return=returned,
                   interval=_interval(one, currency))  # fmt: skip
    near = "; ".join(_near(path, *ends) for path, ends in one.near.items() if ends[0] < ends[1])
    if near and math.isfinite(one.net_return.low):
        told += " " + say("As far as can be told, these do as well: {near}.", near=near)
    if not one.net_return.low > 0.0 and math.isfinite(one.net_return.low):
        told += " " + say("Even there, these worlds do not show that it pays.")
    return told


def _interval(one: Best, currency: str) -> str:
    if not math.isfinite(one.net_return.low):
        return ""
    low, high = (money(end, currency) for end in (one.net_return.low, one.net_return.high))
    return " " + say("({confidence} interval {low} to {high})", confidence=confidence(), low=low, high=high)


def _near(path: str, low: float, high: float) -> str:
    return from_to(named_by({path: _figures(low)}), named_by({path: _figures(high)}))


def _figures(value: float) -> float:
    return float(f"{value:.3g}")


def rows(found: Surface) -> Iterator[tuple[str, ...]]:
    """Yield a row per parameter: what the surface gains over its range."""
    yield say("parameter"), say("yours to choose"), say("low"), say("high"), say("change of net return"), say("interval")
    for _, row in surface.effects(found).iterrows():
        change, low, high = (money(row[name]) for name in ("change", "change_low", "change_high"))
        ends = short(row["low"]), short(row["high"])
        interval = from_to(low, high) if math.isfinite(row["change_low"]) else "-"
        yield str(row["parameter"]), yes_or_no(row["is_decision"]), *ends, change, interval


@dataclass(frozen=True)
class FittedSurface(Answer):
    """The answer of a design over ranges, by its fitted surface."""

    results: Results

    def parts(self) -> Iterable[Part]:
        """Put all under one heading."""
        yield Part(say(HEADING), list(self.sentences()), list(self.tables()))

    def sentences(self) -> Iterable[str]:
        """Say how well the surface predicts, and where it is highest."""
        return sentences(self.results)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per parameter, the largest effect first."""
        found = surface.fit(self.results)
        if found is not None:
            note = say(
                "From the low to the high end of each range, the others in the middle; amounts in {currency}. Intervals"
                " ({confidence}) hold the error of the fit, which more --samples narrow, and the luck of the draw, which more"
                " worlds narrow.",
                currency=self.results.currency,
                confidence=confidence(),
            )
            yield TextTable([*rows(found)], (note,))

    def to_dict(self) -> dict[str, Any]:
        """Give the surface: its error, its effects, and where it is highest; null, where none could be fitted."""
        found = surface.fit(self.results)
        content: dict[str, Any] = {
            "name": self.results.manifest["name"],
            "currency": self.results.currency,
            "answer": [*self.sentences()],
            "design": self.results.manifest["design"],
            "points": len(self.results.labels),
            "trial": words.is_trial(self.results),
            "surface": None,
        }
        if found is not None:
            top = surface.best(found) if found.is_trusted else []
            content["surface"] = {
                "terms": found.terms,
                "prediction_error": found.error,
                "explained_share": found.explained,
                "effects": surface.effects(found).to_dict("records"),
                "best": [
                    {
                        "given": one.given,
                        "level": one.decisions,
                        "as_well": {path: list(ends) for path, ends in one.near.items()},
                        "net_return": one.net_return.value,
                        "net_return_low": one.net_return.low,
                        "net_return_high": one.net_return.high,
                    }
                    for one in top
                ],
            }
        return content
