"""YAML files other than scenarios: checked against their model, with faults at file, line and key."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario import ScenarioError
from sim.scenario.yaml import KeyPath, Text

Said = TypeVar("Said", bound=BaseModel)


def checked(kind: type[Said], path: Path, text: Text) -> Said:
    """Check the content of a file against a model, and return it as one.

    Raises
    ------
    ScenarioError
        If it is not: at the first key that is wrong.
    """
    try:
        return kind.model_validate(text.data)
    except ValidationError as error:
        first = error.errors()[0]
        known: type[BaseModel] = kind
        for step in first["loc"][:-1]:
            below = known.model_fields[step].annotation if step in known.model_fields else None
            known = below if isinstance(below, type) and issubclass(below, BaseModel) else known
        said = first["msg"].removeprefix("Value error, ")
        raise fault_at(path, text, first["loc"], said, f"known here: {', '.join(known.model_fields)}") from None


def fault_at(path: Path, text: Text, key: KeyPath, fault: str, remedy: str = "") -> ScenarioError:
    """Build an error at a key of a file, or at the nearest key above it that is in the file."""
    line = next((text.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in text.lines), 1)
    return ScenarioError(fault, file=str(path), line=line, key=".".join(map(str, key)) or None, remedy=remedy)
