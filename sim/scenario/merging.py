"""Laying what is given over what was there: one scenario file over another, overrides over a scenario."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from sim.remarks import remark
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import SPREADS, Parameter, expected, spot
from sim.scenario.schema.base import is_number
from sim.scenario.schema.scenario import Scenario
from sim.scenario.yaml import KeyPath, dotted

RANGE = ("low", "likely", "high")


@dataclass(frozen=True)
class Origin:
    """The place where a value was given: a file and a line, or an override (`--set PATH`, no line)."""

    file: str
    line: int | None = None


Origins = dict[KeyPath, Origin]
Ranges = dict[KeyPath, tuple[float, float, float]]
RangeFaults = dict[KeyPath, ScenarioError]
NO_NUMBER: Final = object()  # in the place of a faulty range, so that the whole is refused and the rest checked


@dataclass(frozen=True)
class Given:
    """Plain data and where each part of it was given."""

    data: dict[str, Any]
    origins: Origins = field(default_factory=dict)


def lay_over(older: Given, newer: Given, within: KeyPath = ()) -> Given:
    """Lay the newer data over the older.

    Mappings are merged; numbers, texts, lists and ranges are replaced, as are lognormal quantities given with their
    median. Nothing (null) removes an entry of a named collection. Whatever holds the path `within` is merged, so that
    `cycle_weeks.median` by itself keeps the spread.
    """
    origins = dict(older.origins)
    always = {within[:length] for length in range(len(within))}
    return Given(_lay_over(older.data, newer, (), origins, always), origins)


def _lay_over(old: dict[str, Any], newer: Given, path: KeyPath, origins: Origins, always: set[KeyPath]) -> dict[str, Any]:
    here = spot(path)
    result = dict(old)
    new = _part(newer.data, path)
    if here is not None and here.is_lognormal and any(name in new for name in SPREADS):
        for name in SPREADS:
            result.pop(name, None)
            origins.pop((*path, name), None)
    for name, value in new.items():
        below = (*path, name)
        before = result.get(name)
        if isinstance(value, dict) and isinstance(before, dict) and (below in always or _is_merged(below, value)):
            if below in newer.origins:
                origins[below] = newer.origins[below]
            result[name] = _lay_over(before, newer, below, origins, always)
            continue
        for gone in _paths(before, below):
            origins.pop(gone, None)
        if value is None and name in result and here is not None and here.is_collection:
            del result[name]
            continue
        result[name] = value
        origins.update({part: newer.origins[part] for part in _paths(value, below) if part in newer.origins})
    return result


def _part(data: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return the mapping at a path."""
    for step in path:
        data = data[str(step)]
    return data


def _is_merged(path: KeyPath, value: dict[str, Any]) -> bool:
    here = spot(path)
    if here is None or (here.is_lognormal and "median" in value):
        return False
    return here.section is not None or here.is_collection


def _paths(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the path of a value and of everything in it."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for step, part in parts:
        yield from _paths(part, (*path, step))


def spelled_out(given: Given) -> Given:
    """Return the data with each lognormal quantity that is given by one number, its mean, as a mapping.

    Its spread is that of the default. So is that of a mean given as low, likely and high.
    """
    origins = dict(given.origins)
    return Given(_spelled_out(given.data, (), origins), origins)


def _spelled_out(data: dict[str, Any], path: KeyPath, origins: Origins) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in data.items():
        below = (*path, name)
        here = spot(below)
        result[name] = value
        if here is None:
            continue
        if here.is_lognormal and (is_number(value) or (isinstance(value, dict) and set(value) == set(RANGE))):
            spread = here.parameter.default.sigma if here.parameter is not None and here.parameter.default is not None else 0.0
            result[name] = {"median": _median_of(value, spread), "sigma": spread}
            for part in [one for one in origins if one[: len(below)] == below]:
                origins[(*below, "median", *part[len(below) :])] = origins.pop(part)
        elif isinstance(value, dict):
            result[name] = _spelled_out(value, below, origins)
    return result


def _median_of(mean: Any, sigma: float) -> Any:
    """Return the median of a lognormal from its mean, or from each of a mean's low, likely and high."""
    if isinstance(mean, dict):
        return {name: _median_of(value, sigma) for name, value in mean.items()}
    return mean * math.exp(-0.5 * sigma**2) if is_number(mean) and mean > 0.0 else mean


def take_ranges(given: Given) -> tuple[Given, Ranges, RangeFaults]:
    """Return the data with the likely value of each range in its place, the ranges, and the faults of those that are none.

    In the place of a range that is not three possible numbers in their order is what is not a number.
    """
    ranges: Ranges = {}
    faults: RangeFaults = {}
    return Given(_likely(given.data, (), given.origins, ranges, faults), given.origins), ranges, faults


def _likely(data: dict[str, Any], path: KeyPath, origins: Origins, ranges: Ranges, faults: RangeFaults) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in data.items():
        below = (*path, name)
        here = spot(below)
        result[name] = value
        if not isinstance(value, dict) or here is None:
            continue
        if here.parameter is not None and here.parameter.is_number:
            try:
                ranges[below] = _range(value, here.parameter, below, origins)
                result[name] = value["likely"]
            except ScenarioError as fault:
                faults[below] = fault
                result[name] = NO_NUMBER
        else:
            result[name] = _likely(value, below, origins, ranges, faults)
    return result


def _range(value: dict[str, Any], parameter: Parameter, path: KeyPath, origins: Origins) -> tuple[float, float, float]:
    remedy = remark(
        "give {expected}, or {range} of such", expected=expected(parameter), range="{low: .., likely: .., high: ..}"
    )
    if set(value) != set(RANGE):
        raise fault_at(origins, path, remark("a range has low, likely and high, and nothing else"), remedy)
    for name in RANGE:
        try:
            parameter.check(value[name])
        except ValidationError:
            raise fault_at(
                origins, (*path, name), remark("{value} is not possible", value=repr(value[name])[:60]), remedy
            ) from None
    low, likely, high = (value[name] for name in RANGE)
    if not low <= likely <= high:
        raise fault_at(
            origins,
            path,
            remark(
                "low {low}, likely {likely}, high {high} are not in order",
                low=format(low, "g"),
                likely=format(likely, "g"),
                high=format(high, "g"),
            ),
            remark("give low <= likely <= high"),
        )
    return low, likely, high


def following(scenario: Scenario, origins: Origins) -> Origins:
    """Return origins with those of what follows from what the company states: its needs are as good as given by its author.

    Values of one file prevail over the needs of the files that it extends.

    Raises
    ------
    ScenarioError
        If the needs of the only segment are given beside the deals, or changed by an override.
    """
    stated: KeyPath = ("company", "deals_per_year")
    if scenario.company.deals_per_year == 0.0:
        return origins
    from_deals = origins.get(stated, Origin(dotted(stated)))
    places: list[KeyPath] = [("market", "segments", name, "needs_per_year") for name in scenario.market.segments]
    for place in places if len(places) == 1 else ():
        own = origins.get(place, from_deals)
        is_beside = own.file == from_deals.file and not scenario.company.solved_for
        if own != from_deals and (own.line is None or is_beside):
            deals = f"{scenario.company.deals_per_year:g}"
            fault = remark("it follows from company.deals_per_year ({deals})", deals=deals)
            raise fault_at(origins, place, fault, remark("give one of the two"))
    return {**origins, **dict.fromkeys(places, from_deals)}


def locate(origins: Origins, path: KeyPath) -> Origin | None:
    """Return where a path was given, or else what holds it."""
    for length in range(len(path), -1, -1):
        if path[:length] in origins:
            return origins[path[:length]]
    return None


def fault_at(origins: Origins, path: KeyPath, fault: str, remedy: str = "") -> ScenarioError:
    """Build an error about the value at a path, placed where it was given."""
    origin = locate(origins, path)
    key = dotted(path)
    if origin is None:
        return ScenarioError(fault, key=key or None, remedy=remedy)
    if origin.line is None:  # an override names its path already
        name = origin.file if origin.file.split()[-1:] == [key] or not key else f"{origin.file}: {key}"
        return ScenarioError(fault, key=name, remedy=remedy)
    return ScenarioError(fault, file=origin.file, line=origin.line, key=key or None, remedy=remedy)
