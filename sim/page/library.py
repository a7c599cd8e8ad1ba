"""The results that a page may open: those in one folder, after a look at what is in it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.checksums import CHECKSUMS
from sim.experiment.errors import ResultsError
from sim.experiment.integrity import RUNS
from sim.experiment.manifest import MANIFEST
from sim.experiment.results import Results, read
from sim.remarks import remark

MOST_FILES = 50_000
LONGEST_NAME = 100
MOST_DEPTH = 6  # folders below the one that is given
MOST_BYTES = 16 * 1024**3


@dataclass(frozen=True)
class Library:
    """A folder of results, or one result folder; runs of the page are kept in it."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "Library":
        """Open the library of a folder, refusing one that holds anything a page should not touch.

        Raises
        ------
        ResultsError
            If there is no such folder, it holds something and no results, it is huge or deep, or a link in it points out of it.
        """
        if not folder.is_dir():
            raise ResultsError(
                remark("{folder}: no such folder; give a result folder, or one that holds several", folder=folder)
            )
        root = folder.resolve()
        _look_through(root)
        library = cls(root)
        if not library.names() and (root / MANIFEST).is_file():
            raise ResultsError(remark("{folder}: not finished; finish it with: sim resume {folder}", folder=folder))
        if not library.names() and not library.unfinished() and any(root.iterdir()):
            raise ResultsError(
                remark(
                    "{folder}: no finished results in it; make some with: sim sweep SCENARIO -o {example}",
                    folder=folder,
                    example=folder / "sweep",
                )
            )
        return library

    @property
    def runs(self) -> Path:
        """Where runs of the page are kept."""
        return self.folder / RUNS if (self.folder / MANIFEST).is_file() else self.folder

    def names(self) -> list[str]:
        """Return the folders of finished results below this one; `.` is this one itself."""
        there = [self.folder, *sorted(found.parent for found in self.runs.glob(f"*/{MANIFEST}"))]
        return [str(one.relative_to(self.folder)) for one in there if self._holds(one)]

    def unfinished(self) -> list[Path]:
        """Return the folders of runs that were stopped before they were done."""
        there = sorted(found.parent for found in self.runs.glob(f"*/{MANIFEST}"))
        return [one for one in there if self._is_within(one) and not (one / CHECKSUMS).is_file()]

    def _is_within(self, folder: Path) -> bool:
        return folder.resolve().is_relative_to(self.folder)

    def _holds(self, folder: Path) -> bool:
        """Return whether a folder is within this one, and its results are finished and readable."""
        with suppress(ResultsError):
            return self._is_within(folder) and read(folder).is_finished
        return False

    def open(self, name: str) -> Results:
        """Open results by their name.

        Raises
        ------
        ResultsError
            If there are none of that name.
        """
        if name not in self.names():
            raise ResultsError(remark("{name}: no such results in {folder}", name=name, folder=self.folder))
        return read(self.folder / name)

    def new(self, name: str) -> Path:
        """Return the folder for a new run.

        Raises
        ------
        ResultsError
            If the name is not a plain name, or is taken.
        """
        plain = name.strip()
        if (
            not 0 < len(plain) <= LONGEST_NAME
            or plain in {".", ".."}
            or not all(letter.isalnum() or letter in " -_." for letter in plain)
        ):
            raise ResultsError(
                remark("{name} is not a name for a run; use letters, digits, blanks, hyphens and dots", name=repr(name))
            )
        folder = self.runs / plain
        if (folder / MANIFEST).is_file() and not self._holds(folder):
            raise ResultsError(
                remark(
                    "{plain} was stopped before it was done, as another run than this; take another name, or finish it "
                    "with: sim resume {folder}",
                    plain=repr(plain),
                    folder=folder,
                )
            )
        if folder.exists():
            raise ResultsError(remark("{plain} is there already; take another name", plain=repr(plain)))
        return folder

    def stopped(self, name: str, hashes: set[str], worlds: int, seed: int) -> Path | None:
        """Return the folder of a run of that name that was stopped before it was done; None if there is none, or another run.

        Parameters
        ----------
        name
            Of the run.
        hashes
            Content hashes of its scenarios.
        worlds, seed
            Worlds per scenario, and the seed of their draws.
        """
        folder = self.runs / name.strip()
        with suppress(ResultsError):
            if folder.parent == self.runs and folder.resolve().is_relative_to(self.folder):
                held = read(folder)
                said = held.manifest
                of_folder = ({one["scenario_hash"] for one in said["points"]}, said["replications"], said["seed"])
                return folder if of_folder == (hashes, worlds, seed) and not held.is_finished else None
        return None


def _look_through(root: Path) -> None:
    files, size = 0, 0
    for found, depth in _below(root, 0):
        if depth > MOST_DEPTH:
            raise ResultsError(
                remark(
                    "{root}: folders in it lie more than {most_depth} deep; this is not a folder of results",
                    root=root,
                    most_depth=MOST_DEPTH,
                )
            )
        if found.is_symlink() and not Path(found.path).resolve().is_relative_to(root):
            raise ResultsError(
                remark("{path}: a link that points out of {root}; the page opens nothing there", path=found.path, root=root)
            )
        with suppress(FileNotFoundError):  # a run may be at work in it
            if found.is_file(follow_symlinks=False):
                files, size = files + 1, size + found.stat(follow_symlinks=False).st_size
        if files > MOST_FILES or size > MOST_BYTES:
            most = f"{MOST_FILES:,} files or {MOST_BYTES // 1024**3} GB"
            raise ResultsError(
                remark("{root}: holds more than {most}; put the results into a folder of their own", root=root, most=most)
            )


def _below(folder: Path, depth: int) -> Iterator[tuple["os.DirEntry[str]", int]]:
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        for one in found:
            yield one, depth
            if one.is_dir(follow_symlinks=False):
                yield from _below(Path(one.path), depth + 1)
