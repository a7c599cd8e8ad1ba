"""Outcomes of many scenarios, for searches: of each world one row is kept, and none is computed twice.

A search asks for scenarios as it goes, so its worlds make no table of points by replications. They are kept in an SQLite
file by content hash of the scenario, seed and replication; a search that was killed asks for the same again and finds them.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from sim.experiment.backends import Workers, stream
from sim.experiment.blocks import Block, Pace, blocks
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.outcome_columns import KEY
from sim.experiment.runner import replicate, settle
from sim.scenario import Scenario
from sim.version import __version__

Values = npt.NDArray[np.float64]

OUTCOMES = tuple(column.name for column in TABLES["outcomes"][len(KEY) :])
MADE_BY = (__version__, ",".join(OUTCOMES))


@dataclass(frozen=True)
class _Task:
    block: Block
    scenarios: tuple[Scenario, ...]
    seed: int


@dataclass(frozen=True)
class _Found:
    block: Block
    rows: Values  # (points of the block, its replications, outcomes)
    seconds: float
    version: str


def _compute(task: _Task) -> _Found:
    begun = time.perf_counter()
    settle()
    block = task.block
    rows = np.empty((block.until_point - block.point, block.until_replication - block.replication, len(OUTCOMES)))
    for number in range(rows.shape[1]):
        outcomes = replicate(task.scenarios, task.seed, block.replication + number)["outcomes"]
        rows[:, number, :] = np.array([outcomes[name] for name in OUTCOMES], dtype=float).T
    return _Found(block, rows, time.perf_counter() - begun, __version__)


class Evaluations:
    """Outcomes of worlds, computed when they are first asked for.

    Raises
    ------
    ResultsError
        If the file is damaged, or was written by another version.
    """

    def __init__(self, path: Path, workers: Workers) -> None:
        self._path, self._workers = path, workers
        self._base = sqlite3.connect(path)
        try:
            made_by = self._made_by()
        except sqlite3.DatabaseError as error:
            raise ResultsError(f"{path}: damaged ({error}); remove it to search anew") from error
        if made_by != MADE_BY:
            raise ResultsError(f"{path}: was written by another version of sim; remove it to search anew")

    def _made_by(self) -> tuple[str, str]:
        """The version that wrote the file, and the outcomes it keeps; this one if it is new."""
        with self._base:
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS worlds (scenario TEXT, seed INTEGER, replication INTEGER, outcomes BLOB,"
                " PRIMARY KEY (scenario, seed, replication)) WITHOUT ROWID"
            )
            self._base.execute("CREATE TABLE IF NOT EXISTS made_by (version TEXT, columns TEXT)")
            found: tuple[str, str] | None = self._base.execute("SELECT version, columns FROM made_by").fetchone()
            if found is None:
                self._base.execute("INSERT INTO made_by VALUES (?, ?)", MADE_BY)
        return found or MADE_BY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._base.close()

    def outcomes(self, scenarios: Sequence[Scenario], names: Sequence[str], replications: int, seed: int) -> Values:
        """Some outcomes of each scenario in the first replications of a seed, shape (scenarios, replications, names)."""
        hashes = [scenario.content_hash() for scenario in scenarios]
        left = np.ones((len(hashes), replications), dtype=bool)
        for todo, one in zip(left, hashes, strict=True):
            todo[[number for number in self._kept(one, seed) if number < replications]] = False
        pace = Pace(self._workers.block)

        def task(block: Block) -> _Task:
            return _Task(block, tuple(scenarios[block.point : block.until_point]), seed)

        for found in stream(map(task, blocks(left, pace, self._workers.count)), _compute, self._workers):
            if found.version != __version__:
                raise RunError(f"a worker has version {found.version} of sim, this is {__version__}; use one version")
            pace.saw(found.block, found.seconds)
            self._keep(found, hashes, seed)
        wanted = [OUTCOMES.index(name) for name in names]
        rows = [[self._row(one, seed, number)[wanted] for number in range(replications)] for one in hashes]
        return np.array(rows)

    def _keep(self, found: _Found, hashes: Sequence[str], seed: int) -> None:
        try:
            with self._base:
                self._base.executemany("INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?)", self._rows(found, hashes, seed))
        except sqlite3.OperationalError as error:
            said = f"{self._path}: {error}; the worlds seen so far are kept"
            raise RunError(f"{said}; make room, then give the same command again") from error

    @staticmethod
    def _rows(found: _Found, hashes: Sequence[str], seed: int) -> Iterator[tuple[str, int, int, bytes]]:
        for point, of_point in enumerate(found.rows, found.block.point):
            for number, row in enumerate(of_point, found.block.replication):
                yield hashes[point], seed, number, row.astype("<f8").tobytes()

    def _kept(self, scenario: str, seed: int) -> set[int]:
        rows = self._base.execute("SELECT replication FROM worlds WHERE scenario = ? AND seed = ?", (scenario, seed))
        return {number for (number,) in rows}

    def _row(self, scenario: str, seed: int, replication: int) -> Values:
        query = "SELECT outcomes FROM worlds WHERE scenario = ? AND seed = ? AND replication = ?"
        (content,) = self._base.execute(query, (scenario, seed, replication)).fetchone()
        return np.frombuffer(content, dtype="<f8")
