"""Outcomes of many scenarios, for searches and surveys: of each world one row is kept, and none is computed twice.

A search asks for scenarios as it goes, so its worlds make no table of points by replications. They are kept in an SQLite
file by content hash of the scenario, seed and replication; a search that was killed asks for the same again and finds them.
"""

import math
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sim.experiment.backends import Workers, check_version, stream
from sim.experiment.blocks import Block, Covered, Pace, blocks
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.integrity import JOURNALS, SEARCH
from sim.experiment.outcome_columns import KEY
from sim.experiment.places import check_place
from sim.experiment.runner import Progress, replicate, settle
from sim.experiment.sealed import SEAL_BYTES, UNFINISHED, seal_of_row
from sim.scenario import Scenario
from sim.version import __version__

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SEEDS = 2**63  # so many the file can keep
SEALED = "sealed"  # in the names of what a file keeps: each row ends with a checksum


@dataclass(frozen=True)
class Measure:
    """Values kept of a world: their names, and a function that finds them for some scenarios in one replication, by name.

    `settings` names what else the values depend on.
    """

    names: tuple[str, ...]
    find: Callable[[tuple[Scenario, ...], int, int], Mapping[str, Sequence[float]]]
    settings: str = ""


def outcomes_of(scenarios: tuple[Scenario, ...], seed: int, replication: int) -> Mapping[str, Sequence[float]]:
    """Return the outcomes of scenarios in one replication, as result folders have them."""
    return replicate(scenarios, seed, replication)["outcomes"]


OUTCOMES = Measure(tuple(column.name for column in TABLES["outcomes"][len(KEY) :]), outcomes_of)


@dataclass(frozen=True)
class _Task:
    block: Block
    scenarios: tuple[Scenario, ...]
    seed: int
    measure: Measure

    def __str__(self) -> str:
        return f"{self.block} (seed {self.seed})"


@dataclass(frozen=True)
class _Found:
    block: Block
    rows: Values  # (points of the block, its replications, names)
    seconds: float
    version: str


def _compute(task: _Task) -> _Found:
    begun = time.perf_counter()
    settle()
    block, names = task.block, task.measure.names
    rows = np.empty((block.until_point - block.point, block.until_replication - block.replication, len(names)))
    for number in range(rows.shape[1]):
        found = task.measure.find(task.scenarios, task.seed, block.replication + number)
        rows[:, number, :] = np.array([found[name] for name in names], dtype=float).T
    return _Found(block, rows, time.perf_counter() - begun, __version__)


def check_free(folder: Path, made: Collection[str]) -> None:
    """Check that worlds and what is made of them can be stored in a folder, or continued there.

    Raises
    ------
    ResultsError
        If something else is in it, or what is to be made cannot be.
    """
    check_place(folder)
    held = {path.name.removesuffix(UNFINISHED) for path in folder.iterdir()} if folder.is_dir() else set()
    if (folder.exists() and not folder.is_dir()) or held - {SEARCH, *JOURNALS, *made}:
        raise ResultsError(f"{folder}: holds something other than {', '.join(made)}; choose another folder")
    for name in made:
        if (folder / name).is_dir():
            raise ResultsError(f"{folder / name}: is a folder, where a file is to be made; choose another folder")


class Evaluations:
    """A measure of worlds, computed when they are first asked for.

    Raises
    ------
    ResultsError
        If the file cannot be opened, is damaged, or was written by another version.
    """

    def __init__(self, path: Path, workers: Workers, measure: Measure = OUTCOMES) -> None:
        self._path, self._workers, self._measure = path, workers, measure
        self._mine = (__version__, ",".join((*measure.names, measure.settings, SEALED)))
        try:
            self._base = sqlite3.connect(path)
        except sqlite3.OperationalError as error:
            raise ResultsError(f"{path}: {error}; choose another folder") from error
        try:
            self._check()
        except BaseException:
            self._base.close()
            raise

    def _check(self) -> None:
        """Check that the file is ours."""
        try:
            made_by = self._made_by()
        except sqlite3.DatabaseError as error:
            raise ResultsError(f"{self._path}: damaged ({error}); remove it to search anew") from error
        if made_by != self._mine:
            said = f"{self._path}: was written by another version of sim or for another purpose"
            raise ResultsError(f"{said}; remove it to begin anew")

    def _made_by(self) -> tuple[str, str]:
        """Return the version that wrote the file and the names it keeps; this version's if the file is new."""
        with self._base:
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS worlds (scenario TEXT, seed INTEGER, replication INTEGER, outcomes BLOB,"
                " PRIMARY KEY (scenario, seed, replication)) WITHOUT ROWID"
            )
            self._base.execute("CREATE TABLE IF NOT EXISTS made_by (version TEXT, columns TEXT)")
            found: tuple[str, str] | None = self._base.execute("SELECT version, columns FROM made_by").fetchone()
            if found is None:
                self._base.execute("INSERT INTO made_by VALUES (?, ?)", self._mine)
        return found or self._mine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._base.close()

    def outcomes(self, scenarios: Sequence[Scenario], names: Sequence[str], replications: int, seed: int) -> Values:
        """Return some outcomes of each scenario in the first replications of a seed, shape (scenarios, replications, names)."""
        hashes = [scenario.content_hash() for scenario in scenarios]
        self._run(scenarios, hashes, np.ones((len(hashes), replications), dtype=bool), seed)
        wanted = [self._measure.names.index(name) for name in names]
        rows = [[self._row(one, seed, number)[wanted] for number in range(replications)] for one in hashes]
        return np.array(rows)

    def of_own_worlds(
        self, scenarios: Sequence[Scenario], seed: int, tick: Progress | None = None, *, worlds: int = 1, together: int = 1,
        first: int = 0,
    ) -> Values:  # fmt: skip
        """Measure scenarios in worlds of their own: `worlds` each, shared by `together` neighbours.

        Group i is simulated in replications (first + i) x worlds onwards. Shape (scenarios, worlds, names).
        """
        hashes = [scenario.content_hash() for scenario in scenarios]
        groups = math.ceil(len(hashes) / together)
        own = np.kron(np.eye(groups, first + groups, first, dtype=bool), np.ones((together, worlds), dtype=bool))[: len(hashes)]
        self._run(scenarios, hashes, own, seed, tick)
        return np.array(
            [[self._row(hashes[row], seed, int(number)) for number in np.flatnonzero(own[row])] for row in range(len(hashes))]
        )

    def _run(
        self, scenarios: Sequence[Scenario], hashes: Sequence[str], wanted: Covered, seed: int, tick: Progress | None = None
    ) -> None:
        """Run what is not kept yet of the worlds that are wanted, shape (scenarios, replications)."""
        left = wanted.copy()
        for todo, one in zip(left, hashes, strict=True):
            todo[[number for number in self._kept(one, seed) if number < len(todo)]] = False
        pace = Pace(self._workers.block)

        def task(block: Block) -> _Task:
            return _Task(block, tuple(scenarios[block.point : block.until_point]), seed, self._measure)

        total = int(wanted.sum())
        done = total - int(left.sum())
        for found in stream(map(task, blocks(left, pace, self._workers.count)), _compute, self._workers):
            check_version(found.version)
            pace.saw(found.block, found.seconds)
            self._keep(found, hashes, seed)
            done += found.block.worlds
            if tick:
                tick(done, total)

    def _keep(self, found: _Found, hashes: Sequence[str], seed: int) -> None:
        try:
            with self._base:
                self._base.executemany("INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?)", self._rows(found, hashes, seed))
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                raise ResultsError(f"{self._path}: damaged ({error}); remove it to search anew") from error
            said = f"{self._path}: {error}; the worlds seen so far are kept"
            raise RunError(f"{said}; make room, then give the same command again") from error

    @staticmethod
    def _rows(found: _Found, hashes: Sequence[str], seed: int) -> Iterator[tuple[str, int, int, bytes]]:
        for point, of_point in enumerate(found.rows, found.block.point):
            for number, row in enumerate(of_point, found.block.replication):
                values = row.astype("<f8").tobytes()
                yield hashes[point], seed, number, values + seal_of_row(hashes[point], seed, number, values)

    def _kept(self, scenario: str, seed: int) -> set[int]:
        """Return the numbers of the worlds that are kept; one that is not what was written is none of them."""
        query = "SELECT replication, outcomes FROM worlds WHERE scenario = ? AND seed = ?"
        rows = self._found(query, (scenario, seed))
        return {
            number for number, kept in rows if kept[-SEAL_BYTES:] == seal_of_row(scenario, seed, number, kept[:-SEAL_BYTES])
        }

    def _row(self, scenario: str, seed: int, replication: int) -> Values:
        query = "SELECT outcomes FROM worlds WHERE scenario = ? AND seed = ? AND replication = ?"
        ((content,),) = self._found(query, (scenario, seed, replication))
        return np.frombuffer(content[:-SEAL_BYTES], dtype="<f8")

    def _found(self, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ResultsError(f"{self._path}: damaged ({error}); remove it to search anew") from error
