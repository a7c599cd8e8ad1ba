"""What a company's leads tell, in words, as a table, and for programs."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.calibrate.leads import Answer, Leads, Range
from sim.report.answers import base
from sim.report.answers.base import TextTable
from sim.report.words import percent

LEGEND = (
    "share won: of these leads, in the end, with its 95 % interval; small sources are drawn towards the others; wins: all by"
    " that date, those so far among them, with a 90 % interval. Beyond the longest wait seen so far, both rest on the shape of"
    " the curve."
)


def sentences(leads: Leads, found: Sequence[Answer], to: dt.date | None) -> Iterator[str]:
    """The answer, and what was left out or handled."""
    whole = found[-1]
    yield (
        f"Of {whole.leads:,} leads {whole.won:,} are won so far ({percent(whole.won / whole.leads, 1)});"
        f" {percent(whole.share.value, 1)} will be ({percent(whole.share.low, 1)} to {percent(whole.share.high, 1)}),"
        f" half of those within {whole.median_days.value:.0f} days and nine in ten within {whole.most_days:.0f}."
    )
    if whole.wins is not None:
        yield f"By {to} some {whole.wins.value:,.0f} will be won ({whole.wins.low:,.0f} to {whole.wins.high:,.0f})."
    yield from map(str, leads.export.left_out)
    yield from leads.export.notes


def rows(found: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """A row a source, and one of all."""
    head = ("source", "leads", "won", "share won", "interval", "median days", "nine in ten")
    yield (*head, "wins", "interval") if found[-1].wins else head
    for one in found:
        cells = (
            one.source,
            f"{one.leads:,}",
            f"{one.won:,}",
            percent(one.share.value, 1),
            f"{percent(one.share.low, 1)} to {percent(one.share.high, 1)}",
            f"{one.median_days.value:.0f}",
            f"{one.most_days:.0f}",
        )
        yield (*cells, f"{one.wins.value:,.0f}", f"{one.wins.low:,.0f} to {one.wins.high:,.0f}") if one.wins else cells


def content(leads: Leads, found: Sequence[Answer], to: dt.date | None) -> dict[str, Any]:
    """Everything, for programs; shares are of 1."""
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
        """A row per source, and one of all."""
        return (TextTable([*rows(self.found)], (LEGEND,)),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.leads, self.found, self.to)
