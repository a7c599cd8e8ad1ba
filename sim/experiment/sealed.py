"""Small JSON files that hold a checksum of their own content, so that an edit is seen by every reader."""

import hashlib
import json
from pathlib import Path
from typing import Any

SEAL = "sha256"
UNFINISHED = ".unfinished"
SEAL_BYTES = 8  # of a checksum at the end of a row of a database


class BrokenSealError(ValueError):
    """A file that is not what was written."""


def seal_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of some content, however it is spaced and ordered."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def write_sealed(path: Path, content: dict[str, Any]) -> None:
    """Write a file whole or not at all, with the checksum of its content."""
    write_json(path, {**content, SEAL: seal_of(content)})


def read_sealed(path: Path) -> tuple[dict[str, Any], bool]:
    """Read such a file, and return its content and whether it has a seal: one that was written before there were any has not.

    Raises
    ------
    OSError
        If it cannot be read.
    BrokenSealError
        If it is not a JSON object, or its content is not what was written.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BrokenSealError(f"no JSON ({type(error).__name__})") from error
    if not isinstance(said, dict):
        raise BrokenSealError("no JSON object")
    seal = said.pop(SEAL, None)
    if seal is not None and seal != seal_of(said):
        raise BrokenSealError("not what was written")
    return said, seal is not None


def sealed_in(path: Path) -> dict[str, Any]:
    """Read such a file, which must have its seal.

    Raises
    ------
    OSError
        If it cannot be read.
    BrokenSealError
        If it has none, is not a JSON object, or its content is not what was written.
    """
    said, is_sealed = read_sealed(path)
    if not is_sealed:
        raise BrokenSealError("no checksum")
    return said


def seal_of_row(scenario: str, seed: int, replication: int, values: bytes) -> bytes:
    """Return a checksum of what is kept of a world, and of which world it is."""
    return hashlib.blake2b(values, key=f"{scenario} {seed} {replication}".encode(), digest_size=SEAL_BYTES).digest()
