"""Forecasts from a company's leads, in words, as a table, and for programs."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.calibrate.leads import Leads
from sim.calibrate.wins import FORECAST_CONFIDENCE, SHARE_CONFIDENCE, Answer, Check, Range
from sim.report.answers import base
from sim.report.answers.base import TextTable
from sim.report.answers.remarks import remarks
from sim.report.text.cells import from_to
from sim.report.text.translation import day, decimal, say
from sim.report.text.words import in_words, percent


def sentences(leads: Leads, found: Sequence[Answer], to: dt.date | None, checked: Sequence[Check]) -> Iterator[str]:
    """Say the answer, how far the curve can be trusted, and what was left out or handled."""
    whole = found[-1]
    yield say(
        "Of {leads} leads, {won} are won so far ({share}), {lost} are lost and {open} are open. Of these leads, {share_won}"
        " will be won in the end ({low} to {high}).",
        leads=decimal(whole.leads),
        won=decimal(whole.won),
        lost=decimal(whole.lost),
        open=decimal(whole.open),
        share=percent(whole.won / whole.leads, 1),
        share_won=percent(whole.share.value, 1),
        low=percent(whole.share.low, 1),
        high=percent(whole.share.high, 1),
    )
    if not whole.lost:
        yield say("The file marks no lead as lost. If some are lost, the forecast is too high: export losses as well.")
    yield say(
        "The chance of a new lead like them is {chance} ({low} to {high}). Of those that are won, half are won within {median}"
        " days and nine in ten within {most} days.",
        chance=percent(whole.chance.value, 1),
        low=percent(whole.chance.low, 1),
        high=percent(whole.chance.high, 1),
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
    yield from _checked(checked)
    yield from remarks(leads.export)


def _checked(checked: Sequence[Check]) -> Iterator[str]:
    """Say where the fitted curve misses the count of the same leads, or that it does not."""
    wrong = [one for one in checked if one.is_misfit]
    for one in wrong:
        yield say(
            "The fitted curve misses these leads: {day} days after first contact it has {fitted} won, where Aalen and"
            " Johansen's estimate from the same leads has {counted} ({low} to {high}). Trust the forecast less than its"
            " interval says.",
            day=decimal(one.day),
            fitted=percent(one.fitted, 1),
            counted=percent(one.counted, 1),
            low=percent(one.low, 1),
            high=percent(one.high, 1),
        )
    if checked and not wrong:
        last = checked[-1]
        yield say(
            "The fitted curve agrees with Aalen and Johansen's estimate from the same leads, in which losses compete with wins:"
            " {counted} won within {day} days ({low} to {high}), {fitted} by the curve.",
            day=decimal(last.day),
            fitted=percent(last.fitted, 1),
            counted=percent(last.counted, 1),
            low=percent(last.low, 1),
            high=percent(last.high, 1),
        )


def legend() -> str:
    """Say how to read the table."""
    return say(
        "Share won: of these leads, in the end, with a {confidence} interval of luck and ignorance; never less than what is"
        " won, never more than what is won or open. Chance: of a new lead like them; its interval is ignorance, which more"
        " leads narrow, and small sources are drawn towards the others. Wins: all by that date, those so far among them;"
        " their {forecast_confidence} interval holds ignorance and luck. Beyond the longest wait seen so far, all rest on"
        " the shape of the curve.",
        confidence=percent(SHARE_CONFIDENCE),
        forecast_confidence=percent(FORECAST_CONFIDENCE),
    )


def rows(found: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """Yield a row per source, and one for all."""
    head = (
        say("source"), say("leads"), say("won so far"), say("lost so far"), say("share won"), say("interval"), say("chance"),
        say("interval"), say("median days"), say("nine in ten, days"),
    )  # fmt: skip
    yield (*head, say("wins"), say("interval")) if found[-1].wins else head
    for one in found:
        cells: tuple[str, ...]
        cells = (
            in_words(one.source),
            decimal(one.leads),
            decimal(one.won),
            decimal(one.lost),
            percent(one.share.value, 1),
            from_to(percent(one.share.low, 1), percent(one.share.high, 1)),
            percent(one.chance.value, 1),
            from_to(percent(one.chance.low, 1), percent(one.chance.high, 1)),
            decimal(one.median_days.value),
            decimal(one.most_days),
        )
        if one.wins:
            cells = (*cells, decimal(one.wins.value), from_to(decimal(one.wins.low), decimal(one.wins.high)))
        yield cells


def content(leads: Leads, found: Sequence[Answer], to: dt.date | None, checked: Sequence[Check]) -> dict[str, Any]:
    """Return everything, for programs; shares are of 1."""
    return {
        "sources": [_one(one, to) for one in found[:-1]],
        "total": _one(found[-1], to),
        "checks": [
            {
                "day": one.day,
                "counted": one.counted,
                "low": one.low,
                "high": one.high,
                "fitted": one.fitted,
                "misfit": one.is_misfit,
            }
            for one in checked
        ],
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
        "lost": one.lost,
        "open": one.open,
        "share_won": one.share.value,
        "low": one.share.low,
        "high": one.share.high,
        "chance": one.chance.value,
        "chance_low": one.chance.low,
        "chance_high": one.chance.high,
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
    """The leads of each source that will be won, and those of them by a date."""

    leads: Leads
    found: Sequence[Answer]
    to: dt.date | None
    checked: Sequence[Check] = ()

    def sentences(self) -> Iterable[str]:
        """Say what the leads tell."""
        return sentences(self.leads, self.found, self.to, self.checked)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per source, and one for all."""
        return (TextTable([*rows(self.found)], (legend(),)),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.leads, self.found, self.to, self.checked)
