"""The manifest of a result folder: what it may hold, and the one way to read and to write it."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.experiment.checksums import CHECKSUMS, checksum, finished_sums
from sim.experiment.errors import ResultsError
from sim.experiment.sealed import BrokenSealError, read_sealed, write_sealed
from sim.scenario.schema.base import Name

SCHEMA_VERSION = 7
MANIFEST = "manifest.json"
MOST_REPLICATIONS = 1_000_000
ANEW = "give back the file that was written, or compute the results anew"


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SaidTarget(_Said):
    """The precision that was asked of the results."""

    outcome: str
    share: float | None
    half_width: float | None
    most: int


class SaidPoint(_Said):
    """A scenario that was run, and what sets it apart from the others."""

    label: Annotated[str, Field(max_length=2_000)]
    settings: dict[str, Any]
    scenario_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    solved: dict[str, float]
    twin: Literal["absent", "abandoned"]
    first_day: Annotated[dt.date, Field(strict=False)]
    last_day: Annotated[dt.date, Field(strict=False)]
    scenario: dict[str, Any]


class Manifest(_Said):
    """The manifest of a result folder: the run that it holds, so that it can be repeated from this alone."""

    schema_version: int
    package_version: str
    name: Name
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    replications: Annotated[int, Field(ge=0, le=MOST_REPLICATIONS)]
    spillover: bool
    target: SaidTarget | None
    design: Literal["lhs", "sobol"] | None = None
    points: Annotated[list[SaidPoint], Field(min_length=1)]


def write_manifest(folder: Path, said: dict[str, Any]) -> None:
    """Write the manifest of a folder, with its checksum."""
    write_sealed(folder / MANIFEST, said)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a result folder, once it is known to be what was written.

    One that was written before manifests had a checksum of their own is read if the results are finished, since that of the
    folder tells whether it has changed; it is refused if they are not.

    Raises
    ------
    ResultsError
        If it cannot be read, has changed, is of another version, or does not say what a manifest says.
    """
    path = folder / MANIFEST
    is_finished = (folder / CHECKSUMS).is_file()
    try:
        said, is_sealed = read_sealed(path)
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror})") from error
    except BrokenSealError as error:
        raise ResultsError(f"{path}: damaged ({error}); {ANEW}") from error
    version = said.get("schema_version")
    if version != SCHEMA_VERSION and isinstance(version, int):
        raise ResultsError(f"{path}: schema version {version}, this version reads {SCHEMA_VERSION}")
    if not is_sealed and not is_finished:
        raise ResultsError(f"{path}: has no checksum, as an earlier version wrote it, or as it was changed; {ANEW}")
    if is_finished and finished_sums(folder)[MANIFEST] != checksum(path):
        raise ResultsError(f"{path}: is not what was written; {ANEW}")
    try:
        Manifest.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ResultsError(f"{path}: damaged at {place} ({first['msg']}); {ANEW}") from error
    return said
