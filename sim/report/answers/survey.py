"""The virtual survey in words: whether the study reads as such executives answer, and what they do not know."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.survey import CALIBRATED, CONFIDENCE, FIVE_PER_CENT, READINGS, Pool, Row, truth
from sim.report.answers.base import Answer, TextTable
from sim.report.figures import survey as figure
from sim.report.html.sheet import Part, Sheet, files
from sim.report.text.cells import frame_of, from_to, yes_or_no
from sim.report.text.translation import decimal, later, say
from sim.report.text.vocabulary import READINGS as READ_AS
from sim.report.text.vocabulary import SURVEYED
from sim.report.text.words import percent
from sim.version import __version__

ASSUMED = later(
    "Assumed: all firms have the common scenario's funnel. They differ in hours, accounts, deal values, channel use and age, as"
    " docs/scenario-reference.md lists. Teams that began longer ago give more hours. Executives answer from the lead sources in"
    " their CRM, in round numbers. Those who look at no records, or sold nothing, cannot say."
)


def sentences(pool: Pool, rows: Sequence[Row], size: int) -> Iterator[str]:
    """Say which figures of the study such samples show, under which reading, and what the executives do not know."""
    counted = [row for row in rows if row.figure.name == CALIBRATED or row.figure.name not in READINGS]
    fitting = sum(row.fits for row in counted)
    five = percent(FIVE_PER_CENT)
    if fitting == len(counted):
        verdict = later(
            "The study reads as such executives answer: {fitting} of {figures} figures lie inside the interval for {size}"
            " executives, if its {five} of sales is read as up to {five}."
        )
    else:
        verdict = later(
            "The study does not read as such executives answer: {fitting} of {figures} figures lie inside the interval for"
            " {size} executives, if its {five} of sales is read as up to {five}."
        )
    yield say(verdict, fitting=decimal(fitting), figures=decimal(len(counted)), size=decimal(size), five=five)
    yield intervals(pool, counted, size)
    others = [row for row in rows if row.figure.name in READINGS and row.figure.name != CALIBRATED]
    for row in others:
        fits = (
            later("If its {five} is read as {reading} {five}, it fits too: {share} say so ({low} to {high}).")
            if row.fits
            else later("If its {five} is read as {reading} {five}, it does not fit: {share} say so ({low} to {high}).")
        )
        ends = {"low": percent(row.low), "high": percent(row.high)}
        yield say(fits, reading=say(READ_AS[row.figure.name]), five=five, share=percent(row.share), **ends)
    found = truth(pool)
    yield say(
        "Their records show {recorded} of all sales begun on social media; {caused} would not have come without it.",
        recorded=percent(found["recorded"], 1),
        caused=percent(found["caused"], 1),
    )
    yield say(
        "{cannot_say} of executives cannot say. Of those who say up to {five}, {understate} owe it more than that.",
        cannot_say=percent(found["cannot_say"]),
        five=five,
        understate=percent(found["understate"]),
    )
    yield say(ASSUMED)


def intervals(pool: Pool, rows: Sequence[Row], size: int) -> str:
    """Say of what the intervals are, and which part of them more firms would narrow."""
    widest = max((row.share_high - row.share_low) / 2.0 for row in rows)
    return say(
        "Each interval holds {confidence} of what {size} executives out of very many such firms would say. One part of it is"
        " the luck of whom one asks. The other is the size of the pool: {firms} firms give the shares themselves to within"
        " {points} points, and more --firms would narrow that part.",
        confidence=percent(CONFIDENCE),
        size=decimal(size),
        firms=decimal(len(pool.firms)),
        points=decimal(100.0 * widest),
    )


def shown(rows: Sequence[Row], size: int) -> Iterator[tuple[str, ...]]:
    """Return the table for a terminal: the study beside the survey."""
    confidence = percent(CONFIDENCE)
    yield (
        say("executives who"),
        say("study"),
        say("survey"),
        say("share, {confidence}", confidence=confidence),
        say("{size} asked, {confidence}", size=decimal(size), confidence=confidence),
        say("inside"),
    )
    for row in rows:
        found = percent(row.figure.value)
        study = say("over {share}", share=found) if row.figure.is_least else found
        share, sample = (
            from_to(percent(low), percent(high)) for low, high in ((row.share_low, row.share_high), (row.low, row.high))
        )
        yield (say(SURVEYED[row.figure.name]), study, percent(row.share), share, sample, yes_or_no(row.fits))


def frame(rows: Sequence[Row]) -> Frame:
    """Return a row per figure of the study, as data."""
    return pd.DataFrame(
        {
            "figure": row.figure.name,
            "executives_who": row.figure.said,
            "study": row.figure.value,
            "survey": row.share,
            "share_low": row.share_low,
            "share_high": row.share_high,
            "survey_low": row.low,
            "survey_high": row.high,
            "is_inside": row.fits,
            "evidence": row.figure.evidence,
        }
        for row in rows
    )


def firms_frame(pool: Pool) -> Frame:
    """Return a row per firm: what it is, what its world held, what its executive said."""
    firms = pd.DataFrame(
        {
            "firm": number,
            "hours_per_week": firm.scenario.team.hours_per_week,
            "accounts": firm.scenario.market.accounts,
            "weeks": firm.scenario.time.horizon_weeks,
            "measures_traffic": firm.measures_traffic,
            "watches_leads": firm.watches_leads,
        }
        for number, firm in enumerate(pool.firms)
    )
    return firms.assign(**pool.lived, **{f"said_{name}": values for name, values in pool.said.items()})


TABLE, FIRMS = "survey.csv", "firms.csv"
FILES = files(TABLE, FIRMS)


@dataclass(frozen=True)
class Surveyed(Answer):
    """The study of 2012 beside what simulated executives answer."""

    pool: Pool
    rows: Sequence[Row]
    size: int
    seed: int

    def sentences(self) -> Iterable[str]:
        """Say which figures of the study such answers show."""
        return sentences(self.pool, self.rows, self.size)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per figure of the study."""
        return (TextTable([*shown(self.rows, self.size)]),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the firms."""
        figures = frame(self.rows).to_dict("records")
        return {"figures": figures, "truth": truth(self.pool), "firms": len(self.pool.firms), "asked": self.size}

    def sheet(self) -> Sheet:
        """Lay out the page, with the firms as data."""
        said = list(sentences(self.pool, self.rows, self.size))
        return Sheet(
            say("Would the study of 2012 read as it does, had it asked these executives?"),
            say(
                "Simulated, not observed: {firms} executives answer from their own records. Each is of a firm that was run in a"
                " world of its own.",
                firms=decimal(len(self.pool.firms)),
            ),
            said[:-1],
            [
                Part(
                    say("The study beside the survey"),
                    say(
                        "Hours follow their published spread, and what executives look at follows the study itself: these are"
                        " inputs. What they say of their sales comes out of their records. {assumed}",
                        assumed=said[-1],
                    ),
                    partial(figure.draw, list(self.rows), self.size),
                    frame_of(shown(self.rows, self.size)),
                    TABLE,
                )
            ],
            say(
                "sim {version}, seed {seed} (docs/model.md 3.2). firms.csv holds every firm, what its world held and what its"
                " executive said.",
                version=__version__,
                seed=self.seed,
            ),
            {TABLE: frame(self.rows), FIRMS: firms_frame(self.pool)},
        )
