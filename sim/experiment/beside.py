"""Small files beside the tables of a result folder, each with the fingerprint of the results that it was made from."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from sim.experiment.errors import ResultsError
from sim.experiment.integrity import fingerprint
from sim.experiment.results import Results
from sim.experiment.sealed import sealed_in, write_sealed

Kind = TypeVar("Kind")


def write(results: Results, name: str, content: dict[str, Any]) -> None:
    """Write some content into the folder of the results it was made from; whole or not at all."""
    write_sealed(results.folder / name, {"results": fingerprint(results.manifest), "content": content})


def read(results: Results, name: str) -> dict[str, Any] | None:
    """Read such a file; None if there is none, it is damaged, or it was made from other results."""
    try:
        said = sealed_in(results.folder / name)
        content = said["content"] if said["results"] == fingerprint(results.manifest) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return content if isinstance(content, dict) else None


def rebuilt(kind: type[Kind], said: Any) -> Kind:
    """Rebuild a dataclass, and those that it holds, from what `dataclasses.asdict` gave; by way of JSON tuples are lists.

    Raises
    ------
    ResultsError
        If something is missing, or is of another type.
    """
    try:
        return TypeAdapter(kind).validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or kind.__name__
        raise ResultsError(
            f"{kind.__name__}: damaged at {place} ({first['msg']}); look for warnings anew: sim warn DIR"
        ) from None


def is_damaged(results: Results, name: str, kind: type[Any]) -> bool:
    """Return whether such a file is there and cannot be read, or holds what this version does not know."""
    try:
        said = sealed_in(results.folder / name)
        if said["results"] != fingerprint(results.manifest):
            return False
        rebuilt(kind, said["content"])
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError, ResultsError):
        return True
    return False


def stored(results: Results, name: str, kind: type[Kind]) -> Kind | None:
    """Return what is kept of a kind beside results; None if there is none, it is damaged, or it was made from other results."""
    said = read(results, name)
    try:
        return None if said is None else rebuilt(kind, said)
    except ResultsError:
        return None
