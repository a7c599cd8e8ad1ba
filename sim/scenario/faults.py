"""Errors that the schema finds, each with place, fault and remedy."""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from pydantic import ValidationError

from sim.remarks import remark, remark_many, remark_of
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Parameter, expected, homes_of, names_at, spot
from sim.scenario.merging import Origins, RangeFaults, fault_at, locate
from sim.scenario.printable import listed
from sim.scenario.yaml import KeyPath, dotted, short

TOO_SMALL = ("greater_than", "greater_than_equal", "string_too_short", "too_short")
TOO_LARGE = ("less_than", "less_than_equal", "string_too_long", "too_long")
WORD = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
GROUPED = re.compile(
    r"[-+]?[1-9][0-9]{0,2}(?:([,' _\u00a0\u2009\u202f\u2019])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]+)?|(\.)[0-9]{3}(?:\2[0-9]{3})+)"
)
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class _Fault:
    path: KeyPath
    place: KeyPath
    text: str
    remedy: str


def all_faults(
    error: ValidationError,
    origins: Origins,
    *,
    rank: Callable[[str], int],
    ranges: RangeFaults,
    written: Origins | None,
) -> ScenarioError:
    """Return one error for all faults, in the order of the files (by `rank`) and their lines.

    Parameters
    ----------
    error
        What the schema found.
    origins
        Where values were given; a fault is placed there.
    rank
        Place of a file in the order of files.
    ranges
        Faults of ranges, by the path of each; what the schema says of these places follows from them.
    written
        What the author wrote. A fault that names another value calls this the default or, if it is not known what was
        written, the value in the scenario.
    """
    placed = [(path, fault) for path, fault in ranges.items()]
    for detail in error.errors(include_url=False):
        found = _translate(detail, origins, written)
        if not any(path[: len(found.path)] == found.path for path in ranges):
            placed.append((found.place, _error_of(found, origins)))

    def order(fault: tuple[KeyPath, ScenarioError]) -> tuple[int, int]:
        origin = locate(origins, fault[0])
        return (0, 0) if origin is None else (rank(origin.file), origin.line or 0)

    by_text = {str(fault): fault for _, fault in sorted(placed, key=order)}
    return ScenarioError.of([*by_text.values()])


def _error_of(fault: _Fault, origins: Origins) -> ScenarioError:
    found = fault_at(origins, fault.place, fault.text, fault.remedy)
    if fault.place != fault.path and found.line is not None:
        key = dotted(fault.path)
        named = not key or fault.text.startswith(key)  # the text says where by itself
        return ScenarioError(fault.text, file=found.file, line=found.line, key=None if named else key, remedy=found.remedy)
    return found


def _translate(detail: Any, origins: Origins, written: Origins | None) -> _Fault:
    path: KeyPath = tuple(step for step in detail["loc"] if step != "[key]")
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        parameter = _parameter(path)
        wanted = expected(parameter) if parameter else remark("with its value")
        return _Fault(
            path, path, remark("this must be given"), remark("add `{key}: ...`, {wanted}", key=dotted(path[-1:]), wanted=wanted)
        )
    if kind == "extra_forbidden" or detail["loc"][-1:] == ("[key]",):
        return _Fault(path, path, remark("there is no such key here"), nearest(path))
    if kind == "value_error":
        text = remark_of(detail["ctx"]["error"])
        return _Fault(path, _meant_by(text, path, origins), text, _unwritten(text, path, origins, written))
    return _Fault(path, path, _wrong_value(kind, value), _right_value(path, value))


def _meant_by(text: str, path: KeyPath, origins: Origins) -> KeyPath:
    """Return the most exact place, among those given, of a fault that concerns several fields of a section."""
    words = [word.strip(":;,()'") for word in text.split()]
    named = [
        place for word in words for place in ((*path, *word.split(".")), *([tuple(word.split("."))] if "." in word else []))
    ]
    return next((place for place in named if place in origins and spot(place) is not None), path)


def _unwritten(text: str, path: KeyPath, origins: Origins, written: Origins | None) -> str:
    """Say where values come from that a fault names and that its author did not write; empty if there are none."""
    there = origins if written is None else written
    given = {place[:length] for place in there for length in range(len(place) + 1)}
    names: dict[str, None] = {}
    for word in WORD.findall(text):
        steps = tuple(word.split("."))
        places = [(*path, *steps)] if path else []
        places += [steps] if len(steps) > 1 else []
        if any(_is_value(place) for place in places) and not any(place in given for place in places):
            names[word] = None
    if not names:
        return ""
    named = listed([*names])
    count = len(names)
    if written is None:
        return remark_many("{names} is as in the scenario", "{names} are as in the scenario", count, names=named)
    return remark_many(
        "{names} is not given, so it has its default",
        "{names} are not given, so they have their defaults",
        count,
        names=named,
    )


def _is_value(path: KeyPath) -> bool:
    """Return whether one value is at a path, or a lognormal quantity, and no section or collection."""
    here = spot(path)
    return (
        here is not None and here.parameter is not None and not here.is_collection and (not here.section or here.is_lognormal)
    )


def nearest(path: KeyPath, known: Iterable[str] = ()) -> str:
    """Suggest what was meant by a key that does not exist."""
    parent, wrong = path[:-1], str(path[-1])
    names = list(known) or list(names_at(parent))
    homes = homes_of(wrong)  # a name that is right elsewhere is taken for misplaced, unless it is nearly right here
    if close := difflib.get_close_matches(wrong, names, n=1, cutoff=0.75 if homes else 0.5):
        return remark("did you mean {key}?", key=dotted((*parent, close[0])))
    if homes:
        return remark("did you mean {key}?", key=dotted(max(homes, key=lambda home: _shared(home, path))))
    return remark("known are {names}", names=listed(names)) if names else remark("remove it")


def _shared(one: KeyPath, other: KeyPath) -> int:
    """Count the steps that two paths have in common from their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _wrong_value(kind: str, value: Any) -> str:
    if kind in TOO_SMALL:
        is_long = isinstance(value, str | list | tuple)
        return (
            remark("{value} is too short", value=show(value)) if is_long else remark("{value} is too small", value=show(value))
        )
    if kind in TOO_LARGE:
        is_long = isinstance(value, str | list | tuple)
        return (
            remark("{value} is too long", value=show(value)) if is_long else remark("{value} is too large", value=show(value))
        )
    return remark("{value} is not possible here", value=show(value))


def _right_value(path: KeyPath, value: Any) -> str:
    here, above = spot(path), spot(path[:-1])
    parameter = _parameter(path)
    if parameter is None and here is not None and here.section is not None:  # an entry of a named collection
        if value is None:
            return remark(
                "null removes an inherited entry, and there is none; write {empty} for an entry of defaults", empty="{}"
            )
        return remark("give a mapping of {names}", names=names_at(path))
    if parameter is None:  # an item of a list
        parameter = above.parameter if above is not None else None
    if parameter is None:
        return remark("give a mapping")
    return remark("give {expected}{hint}", expected=expected(parameter), hint=_hint(parameter, value))


def _hint(parameter: Parameter, value: Any) -> str:
    """Suggest how to write what was most likely meant."""
    if value is None and (parameter.section or parameter.entry):
        return remark(", or remove the line for the defaults")
    if isinstance(value, str) and parameter.is_number:
        plain = _plain_number(parameter, value)
        if plain:
            return remark(", as digits with at most a point; write {number}", number=plain)
        return remark(", as digits with at most a point")
    if parameter.annotation is str and not isinstance(value, str | list | dict | None):
        return remark(", in quotes")
    return ""


def _plain_number(parameter: Parameter, text: str) -> str:
    """Write a number as a file wants it that was written with separators, a decimal comma or as a percentage; or nothing."""
    text = text.strip()
    readings: list[str] = []
    if grouped := GROUPED.fullmatch(text):
        readings.append(text.replace(grouped[1] or grouped[2], ""))
    if DECIMAL_COMMA.fullmatch(text):
        readings.append(text.replace(",", "."))
    if text.endswith("%") and DECIMAL_COMMA.fullmatch(share := text[:-1].strip()):
        readings.append(f"{float(share.replace(',', '.')) / 100.0:g}")
    for reading in readings:
        try:
            parameter.check(parameter.annotation(reading))
        except ValueError:  # as pydantic's ValidationError is
            continue
        return reading
    return ""


def _parameter(path: KeyPath) -> Parameter | None:
    here = spot(path)
    return here.parameter if here is not None else None


def show(value: Any) -> str:
    """Show a value as its author wrote it, cut short."""
    if value is None:
        return remark("nothing (null)")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return remark("a mapping")
    if isinstance(value, list | tuple):
        return remark("a list")
    if isinstance(value, int | float | dt.date):
        return short(str(value))
    return short(repr(value))
