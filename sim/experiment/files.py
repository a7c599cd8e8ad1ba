"""YAML files other than scenarios: checked against their model, with faults at file, line and key."""

from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario import ScenarioError
from sim.scenario.yaml import KeyPath, Text

Said = TypeVar("Said", bound=BaseModel)

UNKNOWN = "extra_forbidden"
OF_KEYS = (UNKNOWN, "missing")  # kinds of faults for which it helps to know the keys there are
REMEDIES = {
    "list_type": "write a list, such as [a, b]",
    "dict_type": "write keys with values below it",
    "model_type": "write keys with values below it",
}


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
        said = first["msg"].removeprefix("Value error, ")
        remedy = REMEDIES.get(first["type"], "")
        known = _known(kind, first["loc"][:-1])
        if first["type"] in OF_KEYS and known:
            near = get_close_matches(str(first["loc"][-1]), known, 1) if first["type"] == UNKNOWN else []
            remedy = (f"did you mean {near[0]}? " if near else "") + f"known here: {', '.join(known)}"
        raise fault_at(path, text, first["loc"], said, remedy) from None


def _known(kind: type[BaseModel], above: KeyPath) -> list[str]:
    """Return the keys that are known below some keys of a file; none where keys are names that an author gives."""
    here: Any = kind
    for step in above:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(step))
            here = None if field is None else field.annotation
        else:  # the name of an entry
            here = _entry(here)
        here = _plain(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _plain(kind: Any) -> Any:
    """Take a kind out of Annotated, or out of a choice between it and nothing."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        left = [one for one in get_args(kind) if one is not type(None)]
        return _plain(left[0]) if len(left) == 1 else None
    return kind


def _entry(kind: Any) -> Any:
    """Return the kind of the entries of a mapping or list; None for any other."""
    return get_args(kind)[-1] if get_origin(kind) in (dict, list) else None


def fault_at(path: Path, text: Text, key: KeyPath, fault: str, remedy: str = "") -> ScenarioError:
    """Build an error at a key of a file, or at the nearest key above it that is in the file."""
    line = next((text.lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in text.lines), 1)
    return ScenarioError(fault, file=str(path), line=line, key=".".join(map(str, key)) or None, remedy=remedy)
