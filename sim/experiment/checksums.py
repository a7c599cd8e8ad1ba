"""Checksums of finished results: whether files are what they were when they were written."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError

CHECKSUMS = "checksums.json"
SUMMED = (*(f"{name}.parquet" for name in TABLES), "manifest.json")


def _of_every_file(sums: dict[str, str]) -> dict[str, str]:
    if set(sums) != set(SUMMED):
        raise ValueError("there is one of each table and of the manifest, and no other")
    return sums


SUMS = TypeAdapter(Annotated[dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]], AfterValidator(_of_every_file)])


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finished_sums(folder: Path) -> dict[str, str]:
    """Return the checksums of finished tables and of the manifest, by file name.

    Raises
    ------
    ResultsError
        If the file that holds them is damaged itself.
    """
    path = folder / CHECKSUMS
    try:
        return SUMS.validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: damaged; remove it, and sim resume {folder} computes the results anew") from error


def damaged_files(folder: Path, sums: dict[str, str]) -> list[str]:
    """Return the names of files that have changed since they were written, or are missing."""
    return [name for name, sum_ in sums.items() if not (folder / name).is_file() or checksum(folder / name) != sum_]


def verify(path: Path, remedy: str) -> None:
    """Check that a finished file is what was written, before anything is made of it.

    A file is read through once, and again when its size or the time of its last change differs.

    Raises
    ------
    ResultsError
        If it is not; `remedy` is the advice to give.
    """
    state = path.stat()
    if finished_sums(path.parent).get(path.name) != _checksum_at(path, state.st_size, state.st_mtime_ns, state.st_ino):
        raise ResultsError(f"{path}: is not what was written; {remedy}")


@lru_cache(maxsize=1024)
def _checksum_at(path: Path, size: int, changed_ns: int, inode: int) -> str:  # noqa: ARG001  # they say when to read it anew
    return checksum(path)
