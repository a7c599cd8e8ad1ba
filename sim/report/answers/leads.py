"""What a company's leads tell, in words, as a table, and for programs."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.calibrate.leads import FORECAST_CONFIDENCE, SHARE_CONFIDENCE, Answer, Leads, Range
from sim.report.answers import base
from sim.report.answers.base import TextTable
from sim.report.answers.remarks import remarks
from sim.report.text.cells import from_to
from sim.report.text.translation import day, decimal, say
from sim.report.text.words import in_words, percent


def sentences(leads: Leads, found: Sequence[Answer], to: dt.date | None) -> Iterator[str]:
    """Say the answer, and what was left out or handled."""
    whole = found[-1]
    yield say(
        "Of {leads} leads, {won} are won so far ({share}). In the end {share_won} will be ({low} to {high}), half of them"
        " within {median} days and nine in ten within {most} days.",
        leads=decimal(whole.leads),
        won=decimal(whole.won),
        share=percent(whole.won / whole.leads, 1),
        share_won=percent(whole.share.value, 1),
        low=percent(whole.share.low, 1),
        high=percent(whole.share.high, 1),
        median=decimal(whole.median_days.value),
        most=decimal(whole.most_days),
    )
    if whole.wins is not None and to is not None:
        yield say(
            "By {day}, about {wins} will be won ({low} to {high}).",
            day=day(to),
            wins=decimal(whole.wins.value),
            low=decimal(whole.wins.low),
            high=decimal(whole.wins.high),
        )
    yield from remarks(leads.export)


def legend() -> str:
    """Say how to read the table."""
    return say(
        "Share won: of these leads, in the end. Its {confidence} interval is ignorance, which more leads narrow; small sources"
        " are drawn towards the others. Wins: all by that date, those so far among them. Their {forecast_confidence} interval"
        " holds ignorance and luck. Beyond the longest wait seen so far, both rest on the shape of the curve.",
        confidence=percent(SHARE_CONFIDENCE),
        forecast_confidence=percent(FORECAST_CONFIDENCE),
    )


def rows(found: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """Yield a row per source, and one for all."""
    head = (
        say("source"), say("leads"), say("won so far"), say("share won"), say("interval"), say("median days"),
        say("nine in ten, days"),
    )  # fmt: skip
    yield (*head, say("wins"), say("interval")) if found[-1].wins else head
    for one in found:
        cells: tuple[str, ...]
        cells = (
            in_words(one.source),
            decimal(one.leads),
            decimal(one.won),
            percent(one.share.value, 1),
            from_to(percent(one.share.low, 1), percent(one.share.high, 1)),
            decimal(one.median_days.value),
            decimal(one.most_days),
        )
        if one.wins:
            cells = (*cells, decimal(one.wins.value), from_to(decimal(one.wins.low), decimal(one.wins.high)))
        yield cells


def content(leads: Leads, found: Sequence[Answer], to: dt.date | None) -> dict[str, Any]:
    """Return everything, for programs; shares are of 1."""
    return {
        "sources": [_one(one, to) for one in found[:-1]],
        "total": _one(found[-1], to),
        "as_of": leads.dates.as_of.isoformat(),
        "rows": leads.export.rows,
        "left_out": [{"reason": one.reason, "count": one.count} for one in leads.export.left_out],
        "notes": list(leads.export.notes),
    }


def _one(one: Answer, to: dt.date | None) -> dict[str, Any]:
    said = {
        "source": one.source,
        "meant": one.meant,
        "leads": one.leads,
        "won": one.won,
        "share_won": one.share.value,
        "low": one.share.low,
        "high": one.share.high,
        "median_days": one.median_days.value,
        "median_days_low": one.median_days.low,
        "median_days_high": one.median_days.high,
        "nine_in_ten_days": one.most_days,
    }
    return said if one.wins is None else said | {"forecast": {"to": str(to), **_wins(one.wins)}}


def _wins(wins: Range) -> dict[str, float]:
    return {"wins": wins.value, "low": wins.low, "high": wins.high}


@dataclass(frozen=True)
class LeadsToCome(base.Answer):
    """How many leads of each source will be won, and how many of them by a date."""

    leads: Leads
    found: Sequence[Answer]
    to: dt.date | None

    def sentences(self) -> Iterable[str]:
        """Say what the leads tell."""
        return sentences(self.leads, self.found, self.to)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per source, and one for all."""
        return (TextTable([*rows(self.found)], (legend(),)),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.leads, self.found, self.to)
