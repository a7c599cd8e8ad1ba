"""A result folder that is being read: a manifest and Parquet tables."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from sim.experiment.checksums import CHECKSUMS, verify
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.manifest import MANIFEST, read_manifest
from sim.experiment.sealed import sealed_in
from sim.memory import MEMORY_IS_SHORT, is_for_want_of_memory

if TYPE_CHECKING:
    import pandas as pd

TIMING, PARTS = "timing.json", "parts"


class Units(dict[str, str]):
    """Units by column. Pandas copies them with every frame that is made of a frame; text needs no deep copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Units":
        return Units(self)


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

    @property
    def timing(self) -> dict[str, Any]:
        """When it was computed, by how many workers and with which versions; empty if that was not kept, or has changed."""
        return read_timing(self.folder) or {}

    @property
    def is_finished(self) -> bool:
        """Whether the tables have been put together."""
        return (self.folder / CHECKSUMS).is_file()

    def table(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """Read one of the tables of docs/results-schema.md, or some of its columns, sorted by point and replication.

        Units of its columns are in `frame.attrs["units"]`, by column.

        Raises
        ------
        ResultsError
            If the run was not finished, or the file is damaged.
        """
        path = self.verified(name)
        try:
            file = pq.ParquetFile(path, page_checksum_verification=True)  # of one file, quicker than pandas.read_parquet
            frame: pd.DataFrame = file.read(columns).to_pandas()
        except Exception as error:
            if is_for_want_of_memory(error):
                raise RunError(f"{path}: {MEMORY_IS_SHORT}") from error
            raise ResultsError(
                f"{path}: cannot be read ({type(error).__name__}); compute it anew with: sim resume {self.folder}"
            ) from error
        missing = [one for one in columns or [column.name for column in TABLES[name]] if one not in frame.columns]
        if missing:
            raise ResultsError(f"{path}: lacks the column {missing[0]}; it was written by another version")
        by = [key for key in ("point", "replication") if key in frame.columns]
        if "point" in by and not frame["point"].is_monotonic_increasing:  # many worlds are kept in groups of replications
            frame = frame.sort_values(by, kind="stable", ignore_index=True)
        return self._with_units(name, frame)

    def verified(self, name: str) -> Path:
        """Return the file of a table, after seeing that it and the manifest are what was written.

        Raises
        ------
        ResultsError
            If the run was not finished, or one of the files is damaged or missing.
        """
        path, again = self.folder / f"{name}.parquet", f"compute it anew with: sim resume {self.folder}"
        if not self.is_finished:
            raise ResultsError(f"{self.folder}: not finished; finish it with: sim resume {self.folder}")
        if not path.is_file():
            raise ResultsError(f"{path}: is missing; {again}")
        verify(self.folder / MANIFEST, "give back the file that was written, or compute the results anew")
        verify(path, again)
        return path

    def _with_units(self, name: str, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Add the units of its columns to the frame's attributes, amounts in the currency of the results."""
        units = {column.name: column.unit for column in TABLES[name] if column.unit and column.name in frame}
        frame.attrs["units"] = Units({column: unit.replace("currency", self.currency) for column, unit in units.items()})
        return frame


class Timing(BaseModel):
    """The time at which results were computed, and the versions that did it; nothing else depends on it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    begun: str
    ended: str
    seconds: int
    workers: int
    backend: str
    versions: dict[str, str]


def read_timing(folder: Path) -> dict[str, Any] | None:
    """Read the timing of a result folder; None if there is none, or it is not what was written."""
    try:
        said = sealed_in(folder / TIMING)
        Timing.model_validate(said)
    except (OSError, ValueError):
        return None
    return said


def read(folder: str | os.PathLike[str]) -> Results:
    """Open a result folder.

    Raises
    ------
    ResultsError
        If it is not one, or was written by a version that this one cannot read.
    """
    path = Path(folder)
    manifest = path / MANIFEST
    if not manifest.is_file() and any(path.glob(f"*/{MANIFEST}")):
        raise ResultsError(f"{path}: no result folder, but holds some; give one of them (sim results list {path})")
    if not manifest.is_file():
        raise ResultsError(
            f"{path}: no result folder (there is no {MANIFEST} in it); make one with: sim run SCENARIO -o {path}"
        )
    return Results(path, read_manifest(path))
