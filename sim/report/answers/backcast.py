"""The backcast in words and tables: where records and simulated months part, and what that may come from."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.calibrate.backcast import NOT_COMPARED, Actual, Compared
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.remarks import remarks
from sim.report.figures import backcast as figure
from sim.report.html.sheet import Part, Sheet, files
from sim.report.text.cells import frame_of, from_to
from sim.report.text.remarks import in_language
from sim.report.text.translation import day, decimal, say
from sim.report.text.vocabulary import SERIES as NAMES
from sim.report.text.vocabulary import VERDICTS
from sim.report.text.words import confidence, short
from sim.scenario import Scenario
from sim.version import __version__

FROM_SOME = 1000.0  # amounts from which on decimals say nothing


def quantity(value: float) -> str:
    """Write a number as short as it may be read; a dash for none."""
    if not math.isfinite(value):
        return "-"
    return decimal(value) if abs(value) >= FROM_SOME or value == round(value) else short(value)


def sentences(actual: Actual, found: Sequence[Compared]) -> Iterator[str]:
    """Say how many series part, which, and what to look at."""
    compared = [one for one in found if one.verdict != NOT_COMPARED]
    parting = [one for one in compared if one.verdict != "inside"]
    first, last = actual.days[0], actual.days[-1]
    yield say(
        "Of {compared} series from {first} to {last}, {inside} lie within the range of {confidence} of simulated companies and"
        " {outside} do not. By the luck of the draw alone, one in ten would not.",
        compared=decimal(len(compared)),
        first=day(first),
        last=day(last),
        inside=decimal(len(compared) - len(parting)),
        confidence=confidence(),
        outside=decimal(len(parting)),
    )
    for one in parting:
        said, middle, low, high = one.total
        yield say(
            "{series}: {records} in the records, {low} to {high} simulated ({verdict}, {ratio}). Look at {parameters}.",
            series=named(one),
            records=quantity(said),
            low=quantity(low),
            high=quantity(high),
            verdict=say(VERDICTS[one.verdict]),
            ratio=_times(said, middle),
            parameters=in_language(one.series.depends_on),
        )
    for one in found:
        if one.verdict == NOT_COMPARED:
            yield say("{series}: nothing to compare, in the records or in the worlds.", series=named(one))
    yield from remarks(actual.export)


def named(one: Compared) -> str:
    """Name a series in words."""
    return say(NAMES[one.series.name])


def _times(said: float, middle: float) -> str:
    if middle > 0.0:
        return say("{times} times the median", times=decimal(said / middle, 2))
    return say("the median is 0")


def rows(found: Sequence[Compared]) -> list[tuple[str, ...]]:
    """Return a row per series."""
    table: list[tuple[str, ...]] = [
        (
            say("series"), say("records"), say("simulated"), say("{confidence} of worlds", confidence=confidence()),
            say("verdict"), say("periods outside"),
        )
    ]  # fmt: skip
    for one in found:
        said, middle, low, high = one.total
        table.append(
            (
                say("{series} (mean)", series=named(one)) if one.is_mean else named(one),
                quantity(said),
                quantity(middle),
                from_to(quantity(low), quantity(high)),
                say(VERDICTS[one.verdict]),
                say(
                    "{outside} of {periods}",
                    outside=decimal(len(one.outside)),
                    periods=decimal(int((~np.isnan(one.actual)).sum())),
                ),
            )
        )
    return table


def frame(actual: Actual, found: Sequence[Compared]) -> Frame:
    """Return a row per series and period, as data."""
    parts = []
    for one in found:
        middle, low, high = one.band
        parts.append(
            pd.DataFrame(
                {
                    "series": one.series.name,
                    "from": [one.isoformat() for one in actual.days[:-1]],
                    "until": [one.isoformat() for one in actual.days[1:]],
                    "records": one.actual,
                    "simulated": middle,
                    "low": low,
                    "high": high,
                    "is_outside": [number in one.outside for number in range(actual.periods)],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def content(actual: Actual, found: Sequence[Compared]) -> dict[str, Any]:
    """Return everything, for programs."""
    series = []
    for one in found:
        said, middle, low, high = one.total
        periods = [actual.days[number].isoformat() for number in one.outside]
        series.append(
            {
                "series": one.series.name, "records": said, "simulated": middle, "low": low, "high": high,
                "verdict": one.verdict, "periods_outside": periods, "depends_on": one.series.depends_on,
            }
        )  # fmt: skip
    return {
        "from": actual.days[0].isoformat(),
        "until": actual.days[-1].isoformat(),
        "series": series,
        "left_out": [{"reason": one.reason, "count": one.count} for one in actual.export.left_out],
        "notes": list(actual.export.notes),
    }


SERIES = "backcast.csv"
FILES = files(SERIES)


@dataclass(frozen=True)
class Backcast(Answer):
    """The last months as recorded, beside the same months in simulated worlds."""

    actual: Actual
    found: Sequence[Compared]
    scenario: Scenario
    worlds: int
    seed: int

    def sentences(self) -> Iterable[str]:
        """Say where records and worlds part."""
        return sentences(self.actual, self.found)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per series."""
        return (TextTable(rows(self.found)),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.actual, self.found)

    def sheet(self) -> Sheet:
        """Lay out the page, with every period as data."""
        return Sheet(
            say("{name}: the last months as recorded, and as simulated", name=self.scenario.name),
            say(
                "Each simulated world is a company that could have been yours. The band holds nine in ten of them: that is the"
                " luck of the draw. Records outside the band show where the scenario differs from your company."
            ),
            list(sentences(self.actual, self.found)),
            [
                Part(
                    say("Where records and worlds differ"),
                    say(
                        "Records and worlds are compared over all periods together, and period by period. Periods are summed;"
                        " of levels and cycles it is the mean. Where a series differs, the parameters that it depends on most"
                        " are named."
                    ),
                    partial(figure.draw, self.actual, self.found),
                    frame_of(rows(self.found)),
                    SERIES,
                )
            ],
            say(
                "sim {version}, seed {seed}, {worlds} worlds of the scenario with its hours. The periods are those of {file};"
                " weeks that two periods share are divided by days (docs/model.md 3.4).",
                version=__version__,
                seed=self.seed,
                worlds=decimal(self.worlds),
                file=self.actual.export.path.name,
            ),
            {SERIES: frame(self.actual, self.found)},
        )
