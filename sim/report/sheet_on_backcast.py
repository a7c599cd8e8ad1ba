"""The page of a backcast."""

from collections.abc import Sequence
from pathlib import Path

from sim.calibrate.backcast import Actual, Compared
from sim.report import words_on_backcast as words
from sim.report.cells import frame_of
from sim.report.figures import backcast as figure
from sim.report.sheet import Part, Sheet, files, write
from sim.scenario import Scenario
from sim.version import __version__

SERIES = "backcast.csv"
FILES = files(SERIES)


def write_sheet(actual: Actual, found: Sequence[Compared], scenario: Scenario, worlds: int, seed: int, folder: Path) -> None:
    """The page and its table."""
    write(
        Sheet(
            f"{scenario.name}: the last months as recorded, and as simulated",
            "A simulated world is one company that could have been yours; the band holds nine in ten of them. Records that lie"
            " outside of it tell where the scenario is not your company.",
            list(words.sentences(actual, found)),
            [
                Part(
                    "Where they part",
                    "Records and worlds are compared over all periods together (sums, of levels and cycles the mean), and"
                    " period by period. What a series depends on most is named where it parts.",
                    figure.draw(actual, found),
                    frame_of(words.rows(found)),
                    SERIES,
                )
            ],
            f"sim {__version__}, seed {seed}, {worlds} worlds of the scenario with its hours; periods of"
            f" {actual.export.path.name}, weeks that two periods share divided by days (docs/model.md 3.4).",
            {SERIES: words.frame(actual, found)},
        ),
        folder,
    )
