"""The backcast in words and tables: where records and simulated months part, and what that may come from."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.calibrate.backcast import NOT_COMPARED, Actual, Compared
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.sheet import Part, Sheet, files
from sim.report.cells import frame_of
from sim.report.figures import backcast as figure
from sim.report.words import CONFIDENCE_TEXT
from sim.scenario import Scenario
from sim.version import __version__

BAND = CONFIDENCE_TEXT
FROM_SOME = 1000.0  # amounts from which on decimals say nothing


def quantity(value: float) -> str:
    """A number as short as it may be read; a dash for none."""
    if not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= FROM_SOME or value == round(value) else f"{value:,.3g}"


def sentences(actual: Actual, found: Sequence[Compared]) -> Iterator[str]:
    """The answer: how many series part, which, and what to look at."""
    compared = [one for one in found if one.verdict != NOT_COMPARED]
    parting = [one for one in compared if one.verdict != "inside"]
    first, last = actual.days[0], actual.days[-1]
    yield (
        f"Of {len(compared)} series from {first} to {last}, {len(compared) - len(parting)} lie where {BAND} of simulated"
        f" companies do, {len(parting)} do not; by chance alone one in ten would not."
    )
    for one in parting:
        said, middle, low, high = one.total
        yield (
            f"{named(one)}: {quantity(said)} in the records, {quantity(low)} to {quantity(high)} simulated ({one.verdict},"
            f" {_times(said, middle)}); look at {one.series.depends_on}."
        )
    for one in found:
        if one.verdict == NOT_COMPARED:
            yield f"{named(one)}: nothing to compare, in the records or in the worlds."
    yield from map(str, actual.export.left_out)
    yield from actual.export.notes


def named(one: Compared) -> str:
    """A series in words."""
    return one.series.name.replace("_", " ")


def _times(said: float, middle: float) -> str:
    return f"{said / middle:.2f} times the median" if middle > 0.0 else "the median is 0"


def rows(found: Sequence[Compared]) -> list[tuple[str, ...]]:
    """A row a series."""
    table: list[tuple[str, ...]] = [("series", "records", "simulated", f"{BAND} of worlds", "verdict", "periods outside")]
    for one in found:
        said, middle, low, high = one.total
        table.append(
            (
                f"{named(one)}{' (mean)' if one.is_mean else ''}",
                quantity(said),
                quantity(middle),
                f"{quantity(low)} to {quantity(high)}",
                one.verdict,
                f"{len(one.outside)} of {int((~np.isnan(one.actual)).sum())}",
            )
        )
    return table


def frame(actual: Actual, found: Sequence[Compared]) -> Frame:
    """A row a series and period."""
    parts = []
    for one in found:
        middle, low, high = one.band
        parts.append(
            pd.DataFrame(
                {
                    "series": one.series.name,
                    "from": [day.isoformat() for day in actual.days[:-1]],
                    "until": [day.isoformat() for day in actual.days[1:]],
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
    """Everything, for programs."""
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
        """A row per series."""
        return (TextTable(rows(self.found)),)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.actual, self.found)

    def sheet(self) -> Sheet:
        """Lay out the page, with every period as data."""
        return Sheet(
            f"{self.scenario.name}: the last months as recorded, and as simulated",
            "A simulated world is one company that could have been yours; the band holds nine in ten of them. Records that lie"
            " outside of it tell where the scenario is not your company.",
            list(sentences(self.actual, self.found)),
            [
                Part(
                    "Where they part",
                    "Records and worlds are compared over all periods together (sums, of levels and cycles the mean), and"
                    " period by period. What a series depends on most is named where it parts.",
                    figure.draw(self.actual, self.found),
                    frame_of(rows(self.found)),
                    SERIES,
                )
            ],
            f"sim {__version__}, seed {self.seed}, {self.worlds} worlds of the scenario with its hours; periods of"
            f" {self.actual.export.path.name}, weeks that two periods share divided by days (docs/model.md 3.4).",
            {SERIES: frame(self.actual, self.found)},
        )
