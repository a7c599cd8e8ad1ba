"""A resolved scenario for its author's eyes: every value, and whether it is theirs, published, assumed or a choice."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from sim.scenario import evidence
from sim.scenario.fields import SPREADS, Parameter, parameters
from sim.scenario.loading import Loaded
from sim.scenario.merging import Origin
from sim.scenario.presets import channel_preset, has_preset, preset_evidence
from sim.scenario.schema.base import ASSUMPTION, LogNormal, Section
from sim.scenario.schema.scenario import Scenario
from sim.scenario.yaml import KeyPath, dotted, read_text

Tag = Literal["yours", "published", "assumed", "choice"]
CHOICE: Final = "choice"
YOURS: Final = "yours"
IN_THE_LIGHT_OF: Final = "in the light of: "  # before what bears on an assumption without being its source
PLAIN_START = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"


@dataclass(frozen=True)
class Row:
    """One value of a scenario."""

    path: str
    value: Any
    unit: str
    tag: Tag
    source: str
    low: float | None
    high: float | None
    description: str
    is_known: bool  # decided, or given by the author, without a range: no guess
    grade: str = ""  # of the published figure that it is, A to C; empty if it is not one


@dataclass(frozen=True)
class _Leaf:
    """A value, the field that holds it, the field that documents its origin, and the collection around it."""

    path: KeyPath
    value: Any
    field: Parameter
    documented: Parameter
    collection: Parameter | None


def describe(loaded: Loaded) -> list[Row]:
    """List every value of the scenario, in the order of the schema."""
    records = evidence.load()
    return [_row(leaf, loaded, records) for leaf in _leaves(loaded.scenario, ())]


def _leaves(
    section: Section, path: KeyPath, owner: Parameter | None = None, around: Parameter | None = None
) -> Iterator[_Leaf]:
    for name, field in parameters(type(section)).items():
        if name not in type(section).model_fields:
            continue
        value = getattr(section, name)
        below = (*path, name)
        if isinstance(value, Section):
            yield from _leaves(value, below, field if isinstance(value, LogNormal) else None, around)
        elif isinstance(value, dict) and value:
            for entry_name, entry in value.items():
                yield from _leaves(entry, (*below, entry_name), None, field)
        else:
            yield _Leaf(below, value, field, owner or field, around)


def _row(leaf: _Leaf, loaded: Loaded, records: Mapping[str, evidence.Record]) -> Row:
    field, documented = leaf.field, leaf.documented
    preset = _preset(leaf, loaded.scenario)
    tag, source = _origin(leaf, loaded, records, preset)
    grade = records[preset[1] if preset else documented.evidence].grade if tag == "published" else ""
    is_lognormal = field is not documented
    known = documented if not is_lognormal or field.name == "median" else field
    low, high = known.low, known.high
    if leaf.path in loaded.ranges:
        low, _, high = loaded.ranges[leaf.path]
    elif low is not None and high is not None:
        low, high = _in_proportion(leaf, low, high, preset[0] if preset else _usual().get(leaf.path))
    unit = "" if field.name == "sigma" and is_lognormal else documented.unit
    meaning = f"{documented.description}: {field.description}" if is_lognormal else field.description
    is_known = leaf.path not in loaded.ranges and (tag == YOURS or documented.evidence == CHOICE)
    return Row(dotted(leaf.path), leaf.value, unit, tag, source, low, high, meaning, is_known, grade)


def _in_proportion(leaf: _Leaf, low: float, high: float, default: Any) -> tuple[float, float]:
    """Move the range of a kind to this entry's default: shares by their odds ratio, other numbers by their ratio."""
    kind = leaf.documented.default
    of_kind = _amount(kind.median if isinstance(kind, LogNormal) and leaf.field.name == "median" else kind)
    usual = _amount(default)
    if of_kind is None or usual is None or of_kind == usual or low < 0.0:
        return low, high
    limits = leaf.documented.limits
    if limits.get("le", limits.get("lt")) != 1.0:
        return low * usual / of_kind, high * usual / of_kind
    if of_kind >= 1.0 or usual >= 1.0:
        return low, high
    ratio = usual / (1.0 - usual) * (1.0 - of_kind) / of_kind
    return ratio * low / (1.0 - low + ratio * low), ratio * high / (1.0 - high + ratio * high)


def _amount(value: Any) -> float | None:
    """Return a number above zero as a float; None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


@cache
def _usual() -> dict[KeyPath, Any]:
    """Return every value of the default scenario."""
    return {leaf.path: leaf.value for leaf in _leaves(Scenario(name="usual"), ())}


def _preset(leaf: _Leaf, scenario: Scenario) -> tuple[float | str, str, str] | None:
    """Return the value of a channel's field in the scenario's `channels_year`, its evidence and why; None if there is none."""
    year = scenario.channels_year
    if year is None or len(leaf.path) != 3 or leaf.path[0] != "channels":
        return None
    name, field = str(leaf.path[1]), str(leaf.path[2])
    if not has_preset(name) or field not in channel_preset(name, year):
        return None
    return channel_preset(name, year)[field], *preset_evidence(name, year)[field]


def _origin(
    leaf: _Leaf, loaded: Loaded, records: Mapping[str, evidence.Record], preset: tuple[float | str, str, str] | None
) -> tuple[Tag, str]:
    given = _given(leaf, loaded)
    if given is not None:
        return YOURS, given.file if given.line is None else f"{given.file}:{given.line}"
    _, cited, why = preset or (None, leaf.documented.evidence, leaf.documented.description)
    if cited in records:
        return "published", records[cited].citation
    if cited == CHOICE:
        return "choice", ""
    words = set(re.findall(r"\w+", why))
    here = dotted(leaf.path)
    mentioned = [record.citation for name, record in records.items() if name in words or here in record.bears_on]
    if mentioned:
        return "assumed", IN_THE_LIGHT_OF + "; ".join(mentioned)
    # a source for a whole collection bears on its entries, but gives none of their numbers by itself
    if leaf.collection is not None and leaf.collection.evidence in records:
        return "assumed", IN_THE_LIGHT_OF + records[leaf.collection.evidence].citation
    return "assumed", ""


def _given(leaf: _Leaf, loaded: Loaded) -> Origin | None:
    names = SPREADS if leaf.field is not leaf.documented and leaf.field.name == "sigma" else (leaf.path[-1],)
    places = ((*leaf.path[:-1], name) for name in names)
    return next((loaded.origins[place] for place in places if place in loaded.origins), None)


def to_yaml(scenario: Scenario, commented: bool = True) -> str:
    """Write the whole scenario as a file that loads to the same one, with the meaning of each value if `commented`."""
    return "\n".join(_lines(scenario, 0, commented)) + "\n"


def _lines(section: Section, depth: int, commented: bool) -> Iterator[str]:
    indent = "  " * depth
    for name, field in parameters(type(section)).items():
        if name not in type(section).model_fields:
            continue
        value = getattr(section, name)
        comment = f"  # {_comment(field)}" if commented else ""
        if isinstance(value, Section) and not isinstance(value, LogNormal):
            yield f"{indent}{name}:{comment}"
            yield from _lines(value, depth + 1, commented)
        elif isinstance(value, dict) and value:
            yield f"{indent}{name}:{comment}"
            for entry_name, entry in value.items():
                yield f"{indent}  {scalar(entry_name)}:"
                yield from _lines(entry, depth + 2, commented)
        else:
            yield f"{indent}{name}: {_flow(value)}{comment}"


def _comment(field: Parameter) -> str:
    parts = [field.description, f"[{field.unit}]" if field.unit else ""]
    parts.append("(assumed)" if field.evidence == ASSUMPTION and field.section is None and field.entry is None else "")
    return " ".join(part for part in parts if part)


def _flow(value: Any) -> str:
    if isinstance(value, LogNormal):
        return f"{{median: {value.median!r}, sigma: {value.sigma!r}}}"
    if isinstance(value, dict):
        return "{}"
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(scalar(item) for item in value)}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Write a value so that it is read as the same: text in quotes where it must be."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return repr(value)
    plain = value[:1] in PLAIN_START and value.isascii() and value.replace("_", "").replace(" ", "").isalnum()
    if value and plain and value == value.strip() and read_text(value).data == value:
        return value
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
