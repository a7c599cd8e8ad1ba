"""The page of a survey."""

from pathlib import Path

from sim.experiment.survey import Pool, Row
from sim.report import words_on_survey as words
from sim.report.cells import frame_of
from sim.report.figures import survey as figure
from sim.report.sheet import Part, Sheet, files, write
from sim.version import __version__

TABLE, FIRMS = "survey.csv", "firms.csv"
FILES = files(TABLE, FIRMS)


def write_sheet(pool: Pool, rows: list[Row], size: int, seed: int, folder: Path) -> None:
    """The page and its tables."""
    said = list(words.sentences(pool, rows, size))
    sheet = Sheet(
        "Would the study of 2012 read as it does, had it asked these executives?",
        f"Simulated, not observed: {len(pool.firms):,} executives, each of a firm that lived through a world of its own, answer"
        " from their own records.",
        said[:-1],
        [
            Part(
                "The study beside the survey",
                "Hours follow their published"
                " spread, and what executives look at follows the study itself: these are inputs. What they say of"
                f" their sales comes out of their records. {said[-1]}",
                figure.draw(rows, size),
                frame_of(words.shown(rows, size)),
                TABLE,
            )
        ],
        f"sim {__version__}, seed {seed} (docs/model.md 3.2). firms.csv holds every firm, what its"
        " world held and what its executive said.",
        {TABLE: words.frame(rows), FIRMS: words.firms_frame(pool)},
    )
    write(sheet, folder)
