"""Result folders as their owner sees them: what there is, how far it got, what is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from sim.experiment.blocks import Block
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.manifest import MANIFEST
from sim.experiment.results import PARTS, Results, read


@dataclass(frozen=True)
class Entry:
    """A result folder: how many of its pairs of worlds are done, and when it was finished."""

    folder: Path
    name: str
    points: int
    replications: int
    done: int
    is_finished: bool
    ended: str
    bytes: int

    @property
    def worlds(self) -> int:
        """Pairs of worlds that were asked for."""
        return self.points * self.replications


def entry(results: Results) -> Entry:
    """Describe a folder by names and sizes, without reading its tables."""
    said = results.manifest
    points, replications = len(said["points"]), int(said["replications"])
    blocks = [Block.named(path.name) for path in (results.folder / PARTS).glob("*")]
    done = points * replications if results.is_finished else sum(block.worlds for block in blocks if block)
    size = sum(path.stat().st_size for path in results.folder.rglob("*") if path.is_file() and not path.is_symlink())
    ended = str(results.timing.get("ended", ""))
    return Entry(results.folder, str(said["name"]), points, replications, done, results.is_finished, ended, size)


def entries(folder: Path, unreadable: Callable[[str], None]) -> list[Entry]:
    """List the result folders directly within a folder, by name; say of those that cannot be read, why not.

    Raises
    ------
    ResultsError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise ResultsError(f"{folder}: no such folder; give the one that holds your result folders")
    found = []
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            found.append(entry(read(manifest.parent)))
        except ResultsError as error:
            unreadable(str(error))
    return found


def tables(results: Results) -> dict[str, tuple[int, int, int]]:
    """Return rows, columns and bytes of each finished table."""
    found = {}
    for name in TABLES:
        path = results.verified(name)
        said = pq.read_metadata(path)
        found[name] = (said.num_rows, said.num_columns, path.stat().st_size)
    return found
