"""Integrity of result files: whether they are what was written, and what is still good of those that are not."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sim.experiment.arrow import Encoded, schema, to_parquet
from sim.experiment.blocks import Block
from sim.experiment.checksums import CHECKSUMS, damaged_files, finished_sums
from sim.experiment.columns import TABLES
from sim.experiment.manifest import MANIFEST
from sim.experiment.results import PARTS, TIMING, Results, read_timing
from sim.experiment.sealed import SEAL_BYTES, UNFINISHED, BrokenSealError, seal_of_row, sealed_in

LOCK, PART = ".lock", "part.json"
NEXT = "manifest.next.json"  # of a larger run, while worlds that are there are made parts of it
SEARCH = "search.sqlite"  # worlds that a search has seen; kept, as it may go on
RUNS = "runs"  # of the page
FLIPS, TRIP_WIRES, WARNED = "flips.json", "trip_wires.json", "warnings.sqlite"  # warnings, and the worlds that they took
IGNORANCE, SETS = "ignorance.json", "sets.sqlite"  # what to decide while nobody knows, and the worlds that it took
STAGES = "stages.json"  # a plan in stages
SCHEDULE = "schedule.yaml"  # the best schedule that a search found, as a scenario
MADE_BY = {  # files with a checksum of their own, and the command that makes each anew
    FLIPS: "sim warn {folder}", TRIP_WIRES: "sim warn {folder}", IGNORANCE: "sim warn {folder}",
    STAGES: "sim plan SCENARIO --beside {folder}",
}  # fmt: skip
JOURNALS = tuple(f"{name}-journal" for name in (SEARCH, WARNED, SETS))  # left by a kill; by it SQLite undoes what was half done
MADE_FROM_RESULTS = (  # by other commands
    "figures", "export", "report.html", "front.csv", "search.csv", "morris.csv", "sobol.csv", FLIPS, TRIP_WIRES, WARNED,
    IGNORANCE, SETS, STAGES, SCHEDULE,
)  # fmt: skip


def fingerprint(manifest: dict[str, Any]) -> str:
    """Hash what all worlds of a manifest have in common, whatever their number; each part of its results carries it."""
    said = {key: value for key, value in manifest.items() if key not in {"name", "replications", "target"}}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def part_said(part: Path) -> dict[str, Any] | None:
    """Read what a part records about itself; None if it cannot be read."""
    try:
        said = sealed_in(part / PART)
        return {"fingerprint": str(said["fingerprint"]), "files": dict(said["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def differing(one: Results, other: Results) -> list[str]:
    """Return the names of files whose content differs between two finished result folders.

    Raises
    ------
    ResultsError
        If a file that holds checksums is damaged.
    """
    sums, others = finished_sums(one.folder), finished_sums(other.folder)
    return [name for name in sums if sums[name] != others.get(name)]


def intact_groups(folder: Path, whole: list[Block]) -> Iterator[tuple[Block, Encoded]]:
    """Yield the groups that every finished table still holds undamaged, by the checksums of its pages."""
    files = {}
    for name in TABLES:
        try:
            file = pq.ParquetFile(folder / f"{name}.parquet", page_checksum_verification=True)
        except (OSError, ValueError):
            return
        if file.schema_arrow != schema(name) or file.num_row_groups != len(whole):
            return
        files[name] = file
    for number, group in enumerate(whole):
        with suppress(OSError, ValueError):  # pyarrow's errors are of these kinds
            yield group, {name: to_parquet(file.read_row_group(number)) for name, file in files.items()}


@dataclass(frozen=True)
class Fault:
    """A file that is not as it should be."""

    path: Path
    what: str
    is_damage: bool = True  # or something that sim did not write, and leaves alone
    command: str = "sim resume {folder}"  # that makes it anew


def faults(results: Results) -> list[Fault]:
    """List what is damaged in a result folder, finished or not, and the files in it that sim did not write.

    Raises
    ------
    ResultsError
        If the file with the checksums is damaged itself.
    """
    folder = results.folder
    sums = finished_sums(folder) if results.is_finished else {}
    found = [Fault(folder / name, _what(folder / name)) for name in damaged_files(folder, sums)]
    if not results.is_finished and not any((folder / PARTS).glob("*")):  # parts are taken away once there are checksums
        there = [folder / f"{name}.parquet" for name in TABLES]
        found += [Fault(path, "has no checksum, as checksums.json is missing") for path in there if path.exists()]
    known = {
        MANIFEST,
        TIMING,
        CHECKSUMS,
        PARTS,
        LOCK,
        NEXT,
        SEARCH,
        RUNS,
        *JOURNALS,
        *MADE_FROM_RESULTS,
        *(f"{name}.parquet" for name in TABLES),
    }
    if (folder / TIMING).exists() and read_timing(folder) is None:
        found.append(Fault(folder / TIMING, "is not what was written"))
    found += _faults_beside(folder)
    own = fingerprint(results.manifest)
    for path in sorted((folder / PARTS).glob("*")):
        if path.name.endswith(UNFINISHED):
            continue  # what a kill leaves
        if Block.named(path.name) is None:
            found.append(Fault(path, "is not sim's; left alone", is_damage=False))
            continue
        said = part_said(path)
        if said is None:
            found.append(Fault(path / PART, _what(path / PART)))
        elif said["fingerprint"] != own:
            found.append(Fault(path, "belongs to other results", is_damage=False))
        else:
            found += [Fault(path / name, _what(path / name)) for name in damaged_files(path, said["files"])]
    strangers = [path for path in sorted(folder.iterdir()) if path.name not in known and not path.name.endswith(UNFINISHED)]
    return found + [Fault(path, "is not sim's; left alone", is_damage=False) for path in strangers]


def _faults_beside(folder: Path) -> Iterator[Fault]:
    """Yield what is damaged of the files that other commands made from results, and of the worlds that searches keep."""
    for name, command in MADE_BY.items():
        if not _is_sealed(folder / name):
            yield Fault(folder / name, "is not what was written", command=command)
    if not _is_sealed(folder / NEXT):
        yield Fault(folder / NEXT, "is not what was written; remove it, and the run stays as it was", command="")
    for name in (SEARCH, WARNED, SETS):
        if (folder / name).exists() and not _is_sound_base(folder / name):
            yield Fault(folder / name, "is not what was written; remove it, and worlds are computed anew", command="")


def _is_sealed(path: Path) -> bool:
    """Return whether a file is what was written, or is not there."""
    try:
        sealed_in(path)
    except FileNotFoundError:
        return True
    except (OSError, BrokenSealError):
        return False
    return True


def _is_sound_base(path: Path) -> bool:
    """Return whether every world in a database is what was written; true of one that is being written to."""
    try:
        with closing(sqlite3.connect(path, timeout=0.0)) as base:
            if base.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return False
            rows = base.execute("SELECT scenario, seed, replication, outcomes FROM worlds")
            return all(kept[-SEAL_BYTES:] == seal_of_row(name, seed, at, kept[:-SEAL_BYTES]) for name, seed, at, kept in rows)
    except sqlite3.Error as error:
        return "locked" in str(error)
    except TypeError:  # a value of another kind
        return False


def _what(path: Path) -> str:
    return "is not what was written" if path.exists() else "is missing"
