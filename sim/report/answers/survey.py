"""The virtual survey in words: whether the study reads as such executives answer, and what they do not know."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.survey import CALIBRATED, READINGS, Pool, Row, truth
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.sheet import Part, Sheet, files
from sim.report.cells import frame_of
from sim.report.figures import survey as figure
from sim.report.words import percent
from sim.version import __version__

ASSUMED = (
    "Assumed for it: all firms have the common scenario's funnel; they differ in hours, accounts, deal values, channel use and"
    " age as docs/scenario-reference.md lists; executives answer from the lead sources in their CRM, in round numbers; those"
    " who look at no records, or sold nothing, cannot say."
)


def sentences(pool: Pool, rows: Sequence[Row], size: int) -> Iterator[str]:
    """The answer: which figures of the study such samples show, under which reading, and what the executives do not know."""
    counted = [row for row in rows if row.figure.name == CALIBRATED or row.figure.name not in READINGS]
    fitting = sum(row.fits for row in counted)
    verdict = (
        "The study reads as such executives answer" if fitting == len(counted) else "The study does not read as they answer"
    )
    yield (
        f"{verdict}: {fitting} of {len(counted)} figures lie inside the interval of {size} executives asked, with its 5 % of"
        " sales read as up to 5 %."
    )
    yield intervals(pool, counted, size)
    others = [row for row in rows if row.figure.name in READINGS and row.figure.name != CALIBRATED]
    for row in others:
        fits = "fits too" if row.fits else "does not fit"
        reading = row.figure.name.replace("_", " ")
        yield f"Read as {reading} 5 %, it {fits}: {percent(row.share)} say so ({percent(row.low)} to {percent(row.high)})."
    found = truth(pool)
    yield (
        f"Their records show {percent(found['recorded'], 1)} of all sales begun on social media;"
        f" {percent(found['caused'], 1)} would not have come without it."
    )
    yield (
        f"{percent(found['cannot_say'])} of executives cannot say; of those who say up to 5 %, {percent(found['understate'])}"
        " owe it more than that."
    )
    yield ASSUMED


def intervals(pool: Pool, rows: Sequence[Row], size: int) -> str:
    """Say of what the intervals are, and which part of them more firms would narrow."""
    widest = max((row.share_high - row.share_low) / 2.0 for row in rows)
    return (
        f"Each interval holds 95 % of what {size} executives out of very many such firms would say. It is made of the luck of"
        f" whom one asks, and of the size of the pool: {len(pool.firms):,} firms tell the shares themselves to within"
        f" {100.0 * widest:.0f} points, and more --firms would narrow that part."
    )


def shown(rows: Sequence[Row], size: int) -> Iterator[tuple[str, ...]]:
    """Return the table for a terminal: the study beside the survey."""
    yield ("executives who", "study", "survey", "share, 95 %", f"{size} asked, 95 %", "inside")
    for row in rows:
        study = f"over {percent(row.figure.value)}" if row.figure.is_least else percent(row.figure.value)
        share, sample = (
            f"{percent(low)} to {percent(high)}" for low, high in ((row.share_low, row.share_high), (row.low, row.high))
        )
        yield (row.figure.said, study, percent(row.share), share, sample, "yes" if row.fits else "no")


def frame(rows: Sequence[Row]) -> Frame:
    """A row a figure of the study."""
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
    """A row a firm: what it is, what its world held, what its executive said."""
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
        """A row per figure of the study."""
        return (TextTable([*shown(self.rows, self.size)]),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the firms."""
        figures = frame(self.rows).to_dict("records")
        return {"figures": figures, "truth": truth(self.pool), "firms": len(self.pool.firms), "asked": self.size}

    def sheet(self) -> Sheet:
        """Lay out the page, with the firms as data."""
        said = list(sentences(self.pool, self.rows, self.size))
        return Sheet(
            "Would the study of 2012 read as it does, had it asked these executives?",
            f"Simulated, not observed: {len(self.pool.firms):,} executives, each of a firm that lived through a world of its"
            " own, answer from their own records.",
            said[:-1],
            [
                Part(
                    "The study beside the survey",
                    "Hours follow their published"
                    " spread, and what executives look at follows the study itself: these are inputs. What they say of"
                    f" their sales comes out of their records. {said[-1]}",
                    figure.draw(list(self.rows), self.size),
                    frame_of(shown(self.rows, self.size)),
                    TABLE,
                )
            ],
            f"sim {__version__}, seed {self.seed} (docs/model.md 3.2). firms.csv holds every firm, what its"
            " world held and what its executive said.",
            {TABLE: frame(self.rows), FIRMS: firms_frame(self.pool)},
        )
