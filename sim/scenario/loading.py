"""Loading of scenarios from YAML files, with where each value was given."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sim.remarks import remark
from sim.scenario.errors import ScenarioError
from sim.scenario.faults import all_faults
from sim.scenario.merging import Given, Origin, following, lay_over, spelled_out, take_ranges
from sim.scenario.overrides import override, parse_override
from sim.scenario.schema.scenario import Scenario
from sim.scenario.shipped import found
from sim.scenario.yaml import KeyPath, read

MAX_ANCESTORS = 10


@dataclass(frozen=True)
class Loaded:
    """A scenario, where its author gave each value, and the ranges given as low, likely and high."""

    scenario: Scenario
    origins: Mapping[KeyPath, Origin]
    ranges: Mapping[KeyPath, tuple[float, float, float]]


def load(path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> Scenario:
    """Load the scenario of a file, with overrides of the form `path=value` applied.

    Raises
    ------
    ScenarioError
        With place, fault and remedy, for anything that is not right.

    Examples
    --------
    >>> sim.load("scenarios/first.yaml", ["team.hours_per_week=15"]).team.hours_per_week
    15.0
    """
    return load_tagged(path, overrides).scenario


def load_tagged(path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> Loaded:
    """Load as `load` does, with the origin of each given value.

    Raises
    ------
    ScenarioError
        With place, fault and remedy, for anything that is not right.
    """
    values = [parse_override(text) for text in overrides]
    file = os.fspath(found(Path(path)))
    chain = _chain(file)
    files = [name for name, _ in chain]
    given, ranges, faults = take_ranges(_merged(chain))
    try:
        scenario = Scenario.model_validate(given.data)
    except ValidationError as error:
        places = {(): Origin(file, 1), **given.origins}
        raise all_faults(error, places, rank=files.index, ranges=faults, written=given.origins) from None
    origins = following(scenario, given.origins)
    if values:
        scenario, origins, ranges = override(scenario, origins, ranges, values)
    return Loaded(scenario, origins, ranges)


def _merged(chain: list[tuple[str, Given]]) -> Given:
    """Merge a chain of files, each laid over the one that it extends."""
    _, merged = chain[-1]
    for _, newer in reversed(chain[:-1]):
        merged = lay_over(merged, newer)
    return merged


def _chain(file: str) -> list[tuple[str, Given]]:
    """Read a file and those that it extends, itself first.

    Raises
    ------
    ScenarioError
        If a file cannot be read, extends itself by whatever way, or has more than MAX_ANCESTORS.
    """
    chain: list[tuple[str, Given]] = []
    seen: set[str] = set()
    asked_by: Origin | None = None
    while True:
        chain.append((file, _read(file, asked_by)))
        seen.add(os.path.realpath(file))
        data, origins = chain[-1][1].data, chain[-1][1].origins
        if "extends" not in data:
            return chain
        parent = data.pop("extends")
        asked_by = origins.pop(("extends",))
        if not isinstance(parent, str) or not parent.strip():
            raise _bad_parent(
                asked_by,
                remark("{parent} is not a file name", parent=repr(parent)[:60]),
                remark("give the path of a scenario, from this file's folder"),
            )
        file = os.path.normpath(Path(file).parent / parent)
        if "\0" not in file and os.path.realpath(file) in seen:
            raise _bad_parent(
                asked_by,
                remark("the file extends itself, by way of {file}", file=file),
                remark("let one of the files stand alone"),
            )
        if len(chain) > MAX_ANCESTORS:
            raise _bad_parent(
                asked_by,
                remark("more than {most} files extend one another", most=MAX_ANCESTORS),
                remark("merge some of them"),
            )


def _read(file: str, asked_by: Origin | None) -> Given:
    try:
        text = read(file)
    except ScenarioError as error:
        if asked_by is None or error.line is not None:
            raise
        raise _bad_parent(asked_by, remark("{file}: {fault}", file=file, fault=error.fault), error.remedy) from None
    return spelled_out(Given(text.data, {path: Origin(file, line) for path, line in text.lines.items()}))


def _bad_parent(place: Origin, fault: str, remedy: str) -> ScenarioError:
    return ScenarioError(fault, file=place.file, line=place.line, key="extends", remedy=remedy)
