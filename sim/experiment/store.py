"""Results on disk: a folder with a manifest and Parquet tables, written atomically.

While a run lasts, each finished replication is a file a table under `parts/`, renamed into place when it is whole; at the
end they are put together in order, so the bytes do not depend on which worker finished first.
"""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.outcome_columns import Column
from sim.model.record import Columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCHEMA_VERSION = 3
MANIFEST, TIMING, PARTS = "manifest.json", "timing.json", "parts"


class Store:
    """A result folder that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, manifest: dict[str, Any], *, force: bool = False) -> "Store":
        """A new folder with its manifest.

        Raises
        ------
        ResultsError
            If the folder exists and holds anything, unless `force` is given and it holds results.
        """
        if folder.exists():
            if not folder.is_dir():
                raise ResultsError(f"{folder}: is a file; give a folder for the results")
            if any(folder.iterdir()):
                if not force:
                    raise ResultsError(f"{folder}: exists already; choose another folder, or --force to replace its results")
                if not (folder / MANIFEST).is_file():
                    raise ResultsError(f"{folder}: holds something other than results; nothing was replaced")
                shutil.rmtree(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResultsError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
        _write_json(folder / MANIFEST, manifest)
        return cls(folder)

    def add(self, replication: int, tables: dict[str, Columns]) -> None:
        """Keep a finished replication; after this no crash loses it."""
        import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and workers never need it

        part = self._part(replication)
        unfinished = part.with_name(part.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        with interrupted_later():
            for name, columns in tables.items():
                pq.write_table(to_arrow(name, columns), unfinished / f"{name}.parquet", compression="zstd")
            unfinished.rename(part)

    def finished(self) -> set[int]:
        """Replications that are kept."""
        parts = self.folder / PARTS
        if not parts.is_dir():
            return set()
        return {int(part.name) for part in parts.iterdir() if part.name.isdigit()}

    def complete(self, replications: Iterable[int], timing: dict[str, Any]) -> None:
        """Put the parts together, in the order of replications, and take them away."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        parts = [self._part(replication) for replication in sorted(replications)]
        for name in TABLES:
            with interrupted_later():
                table = pa.concat_tables([pq.read_table(part / f"{name}.parquet") for part in parts])
                table = table.sort_by([("point", "ascending"), ("replication", "ascending")]).combine_chunks()
                unfinished = self.folder / f"{name}.parquet.unfinished"
                pq.write_table(table, unfinished, compression="zstd")
                unfinished.replace(self.folder / f"{name}.parquet")
        _write_json(self.folder / TIMING, timing)
        shutil.rmtree(self.folder / PARTS)

    def _part(self, replication: int) -> Path:
        return self.folder / PARTS / f"{replication:06d}"


@contextmanager
def interrupted_later() -> Iterator[None]:
    """A Ctrl-C waits until the files of the moment are written: a writer that is torn down half-way complains aloud."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(signal.getsignal(signal.SIGINT)):  # no handler of ours to delay, or it is ignored
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def to_arrow(name: str, columns: Columns) -> "pa.Table":
    """A table as the schema has it.

    Raises
    ------
    ValueError
        If a column is missing or unknown: the writer and `columns.py` disagree.
    """
    import pyarrow as pa  # noqa: PLC0415

    kinds = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.string()}

    def field(column: Column) -> pa.Field:
        return pa.field(column.name, kinds[column.kind], metadata={"unit": column.unit, "meaning": column.meaning})

    wanted = TABLES[name]
    if set(columns) != {column.name for column in wanted}:
        odd = sorted(set(columns) ^ {column.name for column in wanted})
        raise ValueError(f"table {name}: columns differ from the schema: {', '.join(odd)}")
    return pa.table(
        {column.name: pa.array(columns[column.name], type=kinds[column.kind]) for column in wanted},
        schema=pa.schema([field(column) for column in wanted]),
    )


@dataclass(frozen=True)
class Results:
    """A result folder that is being read."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def labels(self) -> list[str]:
        """Names of the points, in order."""
        return [str(point["label"]) for point in self.manifest["points"]]

    @property
    def currency(self) -> str:
        """Currency of all amounts."""
        return str(self.manifest["points"][0]["scenario"]["currency"])

    def table(self, name: str) -> "pd.DataFrame":
        """One of the tables of docs/results-schema.md.

        Raises
        ------
        ResultsError
            If the run was not finished, or the file is damaged.
        """
        import pandas as pd  # noqa: PLC0415

        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise ResultsError(f"{self.folder}: not finished; finish it with: sim resume {self.folder}")
        try:
            frame = pd.read_parquet(path)
        except Exception as error:
            raise ResultsError(f"{path}: cannot be read ({type(error).__name__}); compute it anew") from error
        missing = [column.name for column in TABLES[name] if column.name not in frame.columns]
        if missing:
            raise ResultsError(f"{path}: lacks the column {missing[0]}; it was written by another version")
        return frame


def read(folder: str | os.PathLike[str]) -> Results:
    """Open a result folder.

    Raises
    ------
    ResultsError
        If it is not one, or was written by a version that this one cannot read.
    """
    path = Path(folder)
    manifest = path / MANIFEST
    if not manifest.is_file():
        raise ResultsError(
            f"{path}: no result folder (there is no {MANIFEST} in it); make one with: sim run SCENARIO -o {path}"
        )
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        version, points = said["schema_version"], said["points"]
        usable = bool(points) and all({"label", "scenario"} <= set(point) for point in points)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"{manifest}: damaged ({type(error).__name__}); compute the results anew") from error
    if not usable:
        raise ResultsError(f"{manifest}: damaged (no points); compute the results anew")
    if version != SCHEMA_VERSION:
        raise ResultsError(f"{manifest}: schema version {version}, this version reads {SCHEMA_VERSION}")
    return Results(path, said)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
