"""A result folder that is being written: parts while a run lasts, and in the end one Parquet file per table.

Each finished block is a folder under `parts/`, with a file per table and their checksums, renamed into place when it is whole.
Parts of one group of replications are put together once there are many of them, and all in the end, group by group in the
order of replications: the bytes depend on neither how the work was cut nor who finished first, and no more than a group is
ever held in memory.
"""

import errno
import hashlib
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from sim.experiment.arrow import WRITTEN_AS, Encoded, schema, to_parquet
from sim.experiment.blocks import Block, Covered, group_of, groups
from sim.experiment.checksums import CHECKSUMS, checksum, damaged_files, finished_sums
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.integrity import (
    JOURNALS,
    LOCK,
    MADE_FROM_RESULTS,
    NEXT,
    PART,
    SEARCH,
    fingerprint,
    intact_groups,
    part_said,
)
from sim.experiment.manifest import MANIFEST, read_manifest, write_manifest
from sim.experiment.places import check_place, make
from sim.experiment.results import PARTS, TIMING, read_timing
from sim.experiment.sealed import UNFINISHED, BrokenSealError, sealed_in, write_json, write_sealed

MOST_PARTS = 100


class Store:
    """A result folder that is being written, by nobody else as long as it is open."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._points = len(manifest["points"])
        self._lock = _locked(folder)
        self._parts: set[Block] = set()
        self._fingerprint = fingerprint(manifest)

    @classmethod
    def create(cls, folder: Path, manifest: dict[str, Any], *, force: bool = False) -> "Store":
        """Create a new folder with its manifest.

        Raises
        ------
        ResultsError
            If the folder exists and holds anything, unless `force` is given and it holds results; then those are replaced,
            and what sim did not make is left alone. If another run is writing there.
        """
        check_free(folder, force)
        make(folder)
        store = cls(folder, manifest)
        try:
            with room(folder, manifest["replications"]):
                check_free(folder, force)
                _clear(folder)
                write_manifest(folder, manifest)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, folder: Path, manifest: dict[str, Any]) -> "Store":
        """Open a folder of an interrupted run or of damaged results; what is damaged will be computed again.

        Raises
        ------
        ResultsError
            If another run is writing there, a part belongs to other results, or the manifest is not what it was.
        """
        store = cls(folder, manifest)
        try:
            with store._room():
                store._end_growing()
                store._find_parts()
                store._take_apart_if_damaged()
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let others write."""
        self._lock.release()

    def resize(self, replications: int) -> None:
        """Change the number of replications of the run, up or down."""
        self.manifest["replications"] = replications
        with self._room():
            write_manifest(self.folder, self.manifest)

    def grow(self, manifest: dict[str, Any], parts: Iterable[tuple[Block, Encoded]]) -> None:
        """Make finished results the beginning of a larger run: `parts` are their worlds, cut as groups of that run are.

        Until all parts are there, the results stay what they are. Then they are unfinished results of the larger run.
        """
        with self._room(), interrupted_later():
            write_sealed(self.folder / NEXT, manifest)
            self._fingerprint = fingerprint(manifest)
            for block, tables in parts:
                self._write(block, tables)
            (self.folder / CHECKSUMS).unlink()
            self._end_growing()

    def _end_growing(self) -> None:
        """Take the manifest of a larger run for that of this one, if all parts of it are there; else take those away again."""
        following = self.folder / NEXT
        if not following.is_file():
            return
        try:
            own = fingerprint(sealed_in(following))
        except BrokenSealError as error:
            remedy = f"remove it, and sim resume {self.folder} finishes the run as it was before it was made larger"
            raise ResultsError(f"{following}: damaged ({error}); {remedy}") from error
        if not self.is_whole:
            following.replace(self.folder / MANIFEST)
            self.manifest = read_manifest(self.folder)
            self._points, self._fingerprint = len(self.manifest["points"]), fingerprint(self.manifest)
            return
        for path in (self.folder / PARTS).glob("*"):
            said = part_said(path)
            if said is not None and said["fingerprint"] == own:
                shutil.rmtree(path)
        following.unlink()

    @property
    def is_whole(self) -> bool:
        """Whether the tables are there, and are what they were."""
        return (self.folder / CHECKSUMS).is_file()

    def left(self, replications: int) -> Covered:
        """Mark what is not stored yet of the first replications, shape (points, replications)."""
        todo = np.ones((self._points, replications), dtype=bool)
        for part in self._parts:
            todo[part.where] = False  # of what lies beyond, nothing is said
        return todo

    def finished(self, most: int) -> int:
        """Count the replications, from the first on, that are stored at every point."""
        unfinished = np.flatnonzero(self.left(most).any(axis=0))
        return int(unfinished[0]) if len(unfinished) else most

    def outcome(self, name: str, replications: int) -> npt.NDArray[np.float64]:
        """Read an outcome of the first replications, all of which must be stored; shape (points, replications)."""
        found = np.full((self._points, replications), np.nan)
        for part in self._parts:
            table = pq.ParquetFile(self._path(part) / "outcomes.parquet").read(["point", "replication", name])
            point, number = table["point"].to_numpy(), table["replication"].to_numpy()
            value = table[name].to_numpy()  # null becomes nan
            kept = number < replications
            found[point[kept], number[kept]] = value[kept]
        return found

    def add(self, block: Block, tables: Encoded) -> None:
        """Keep a finished block; after this no crash loses it."""
        if not (self.folder / MANIFEST).is_file():
            raise RunError(
                f"{self.folder}: is not there any more; if it was moved, continue with sim resume and its new place; finished"
                " work is kept there"
            )
        with self._room(), interrupted_later():
            self._write(block, tables)
            if len(self._parts) > MOST_PARTS:
                self._compact()

    def complete(self, timing: dict[str, Any]) -> None:
        """Put the parts together, group by group, and take them away."""
        whole = groups(self._points, self.manifest["replications"])
        sums = {}
        with self._room(), interrupted_later():
            for name in TABLES:
                path = self.folder / f"{name}.parquet"
                unfinished = path.with_name(path.name + UNFINISHED)
                with pq.ParquetWriter(unfinished, schema(name), **WRITTEN_AS) as writer:
                    for group in whole:
                        table = self._together(name, self._within(group), group.until_replication)
                        writer.write_table(table, row_group_size=max(1, table.num_rows))
                sums[path.name] = _sealed(unfinished)
                unfinished.replace(path)
            write_sealed(self.folder / TIMING, timing)
            sums[MANIFEST] = checksum(self.folder / MANIFEST)
            write_json(self.folder / CHECKSUMS, sums)
            self.tidy()

    def tidy(self) -> None:
        """Take away the parts that the tables were put together from."""
        if read_timing(self.folder) is None:
            (self.folder / TIMING).unlink(missing_ok=True)
        self._take_away(self._parts)
        for leftover in (self.folder / PARTS).glob(f"*{UNFINISHED}"):
            shutil.rmtree(leftover, ignore_errors=True)
        with suppress(OSError):  # it holds something that is not ours
            (self.folder / PARTS).rmdir()

    def _find_parts(self) -> None:
        for path in sorted((self.folder / PARTS).glob("*")):
            block = Block.named(path.name)
            if block is None:
                continue
            said = part_said(path)
            if said is not None and said["fingerprint"] != self._fingerprint:
                raise ResultsError(
                    f"{path}: belongs to other results, or to another version of sim; move it elsewhere, then resume"
                )
            if said is None or damaged_files(path, said["files"]):
                shutil.rmtree(path)
            else:
                self._parts.add(block)
        within = {part for part in self._parts for other in self._parts if part != other and other.holds(part)}
        self._take_away(within)  # they were put together, and the run was killed before they were taken away

    def _take_apart_if_damaged(self) -> None:
        """Turn what all tables still hold back into parts, if a finished table is damaged."""
        if not self.is_whole:
            return
        damaged = damaged_files(self.folder, finished_sums(self.folder))
        if MANIFEST in damaged:
            raise ResultsError(f"{self.folder / MANIFEST}: changed since the results were computed; compute them anew")
        if not damaged:
            return
        for group, tables in intact_groups(self.folder, groups(self._points, self.manifest["replications"])):
            if group not in self._parts:
                self._write(group, tables)
        (self.folder / CHECKSUMS).unlink()

    def _write(self, block: Block, tables: Encoded) -> None:
        part = self._path(block)
        unfinished = part.with_name(part.name + UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        sums = {}
        for name, content in tables.items():
            (unfinished / f"{name}.parquet").write_bytes(content)
            sums[f"{name}.parquet"] = hashlib.sha256(content).hexdigest()
        write_sealed(unfinished / PART, {"fingerprint": self._fingerprint, "files": sums})
        unfinished.rename(part)
        self._parts.add(block)

    def _compact(self) -> None:
        """Make one part of those of each group that is complete."""
        for group in {group_of(part, self._points) for part in self._parts}:
            parts = self._within(group)
            if len(parts) > 1 and sum(part.worlds for part in parts) == group.worlds:
                self._write(group, {name: to_parquet(self._together(name, parts, group.until_replication)) for name in TABLES})
                self._take_away(parts)

    def _within(self, group: Block) -> list[Block]:
        """Return the parts of a group; blocks never cross the bounds of groups."""
        return sorted(
            part
            for part in self._parts
            if group.replication <= part.replication < group.until_replication and group.point <= part.point < group.until_point
        )

    def _together(self, name: str, parts: list[Block], until: int) -> pa.Table:
        import pyarrow.compute as pc  # noqa: PLC0415  # only who puts tables together

        files = [pq.ParquetFile(self._path(part) / f"{name}.parquet", pre_buffer=False) for part in parts]
        tables = [file.read(use_threads=False) for file in files]  # threads would each keep memory of their own
        table = pa.concat_tables(tables)
        if any(part.until_replication > until for part in parts):  # the run was cut short
            table = table.filter(pc.less(table["replication"], until))
        table = table.sort_by([("point", "ascending"), ("replication", "ascending")]).combine_chunks()  # a stable sort
        return pa.Table.from_arrays(table.columns, schema=schema(name))

    def _take_away(self, parts: Iterable[Block]) -> None:
        for part in list(parts):
            self._parts.discard(part)
            shutil.rmtree(self._path(part))

    def _path(self, block: Block) -> Path:
        return self.folder / PARTS / block.name

    def _room(self) -> Any:
        return room(self.folder, self.manifest["replications"])


@contextmanager
def room(folder: Path, replications: int) -> Iterator[None]:
    """Explain a full disk to the user, raising RunError.

    Raises
    ------
    RunError
        If the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT} and "No space left" not in str(error):
            raise
        for leftover in folder.glob(f"*{UNFINISHED}"):
            leftover.unlink(missing_ok=True)
        for leftover in (folder / PARTS).glob(f"*{UNFINISHED}"):
            shutil.rmtree(leftover, ignore_errors=True)
        raise RunError(
            f"{folder}: the disk is full; finished work of the {replications} replications is kept; "
            f"make room, then continue with: sim resume {folder}"
        ) from error


@contextmanager
def interrupted_later() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM until the current files are written: a writer that is torn down half-way prints errors."""
    is_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)} if is_main else {}
    ours = {number: handler for number, handler in before.items() if callable(handler)}  # to delay; others are ignored, or kill
    came: list[tuple[int, FrameType | None]] = []
    for number in ours:
        signal.signal(number, lambda caught, frame: came.append((caught, frame)))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    for caught, frame in came[:1]:
        ours[signal.Signals(caught)](caught, frame)


def _sealed(path: Path) -> str:
    """Return the checksum of a file once it is on disk: the parts it was made of are deleted next."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return checksum(path)


def check_free(folder: Path, force: bool) -> None:
    """Check that results may be written to a folder.

    Raises
    ------
    ResultsError
        If not.
    """
    if not folder.exists():
        check_place(folder)
        return
    if not folder.is_dir():
        raise ResultsError(f"{folder}: is a file; give a folder for the results")
    check_place(folder)
    if any(path.name not in {LOCK, SEARCH, *JOURNALS} for path in folder.iterdir()):
        if not force and (folder / MANIFEST).is_file() and not (folder / CHECKSUMS).is_file():
            raise ResultsError(
                f"{folder}: holds a run that is not finished; continue with: sim resume {folder}; or choose another folder, or"
                " --force to throw away what is finished and begin anew"
            )
        if not force:
            raise ResultsError(f"{folder}: exists already; choose another folder, or --force to replace its results")
        if not (folder / MANIFEST).is_file() or (folder / PARTS).is_file():
            raise ResultsError(f"{folder}: holds something other than results; nothing was replaced")


def check_unlocked(folder: Path) -> None:
    """Check that nobody is writing to a folder now.

    Raises
    ------
    ResultsError
        If somebody is.
    """
    if (folder / LOCK).exists():
        _locked(folder).release()


def _clear(folder: Path) -> None:
    """Take away what sim made, and nothing else; the manifest stays until there is another."""
    parts = [path for path in (folder / PARTS).glob("*") if Block.named(path.name.removesuffix(UNFINISHED))]
    journals = [name for name in JOURNALS if not name.startswith(SEARCH)]  # SQLite would take them for those of new files
    tables = [f"{name}.parquet" for name in TABLES]
    made = [folder / name for name in (NEXT, TIMING, CHECKSUMS, *journals, *MADE_FROM_RESULTS, *tables)]
    for path in [*parts, *made, *folder.glob(f"*{UNFINISHED}")]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    with suppress(OSError):
        (folder / PARTS).rmdir()


def _locked(folder: Path) -> Any:
    """Take a lock that the system releases if the process dies.

    Raises
    ------
    ResultsError
        If another process holds it.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ResultsError(f"{folder}: another run is writing here; wait for its end, or choose another folder") from None
    except OSError as error:
        raise ResultsError(f"{folder}: cannot be written to ({error.strerror}); choose another folder") from error
    return lock
