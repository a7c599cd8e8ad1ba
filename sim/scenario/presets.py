"""Channels by year: what a channel of a known name is like in a year, from `channel_presets.yaml`."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from sim.remarks import remark
from sim.scenario.errors import ScenarioError
from sim.scenario.yaml import read_text

YEARS: Final = (2012, 2016, 2020, 2025)
ASSUMPTION: Final = "assumption"
RATES: Final = ("reach", "engagement_rate")  # change by a factor per year; other numbers by an amount
DIGITS: Final = 3  # of a number between two reference years


@dataclass(frozen=True)
class Reference:
    """A number of a channel at a reference year, its evidence and the reason for it."""

    year: int
    value: float | str
    evidence: str
    why: str


@dataclass(frozen=True)
class Preset:
    """A named channel: its fields, each with reference values in the order of years, and its other names."""

    name: str
    also: tuple[str, ...]
    fields: Mapping[str, tuple[Reference, ...]]


@cache
def presets() -> Mapping[str, Preset]:
    """Read the presets that come with the package, by name."""
    text = resources.files("sim.scenario").joinpath("channel_presets.yaml").read_text(encoding="utf-8")
    data = read_text(text, "channel_presets.yaml").data
    return MappingProxyType({name: _preset(name, entry) for name, entry in data.items()})


def _preset(name: str, entry: dict[str, Any]) -> Preset:
    fields = {field: tuple(Reference(**one) for one in given) for field, given in entry.items() if field != "also"}
    return Preset(name, tuple(entry.get("also", ())), MappingProxyType(fields))


@cache
def _by_any_name() -> Mapping[str, Preset]:
    return {name: preset for preset in presets().values() for name in (preset.name, *preset.also)}


def has_preset(name: str) -> bool:
    """Return whether a channel of that name, or of another name for it, has presets."""
    return name.lower() in _by_any_name()


def preset_named(name: str) -> Preset:
    """Find the preset of a channel by any of its names, in upper or lower case.

    Raises
    ------
    ScenarioError
        If there is none, with the names that there are.
    """
    if not has_preset(name):
        raise ScenarioError(
            remark("no channel {name} is known by year", name=repr(name)[:60]),
            remedy=remark("known are {names}", names=", ".join(_by_any_name())),
        )
    return _by_any_name()[name.lower()]


def channel_preset(name: str, year: int) -> dict[str, float | str]:
    """Return the fields of a channel in a year.

    Between two reference years `reach` and `engagement_rate` change by the same factor per year, and other numbers by the same
    amount; a word is that of the year before. All are constant before the first reference year and after the last.

    Raises
    ------
    ScenarioError
        If the channel is not known.

    Examples
    --------
    >>> channel_preset("twitter", 2025)["reach"]
    0.05
    """
    return dict(_in_year(preset_named(name).name, year))


@lru_cache(1024)
def _in_year(name: str, year: int) -> Mapping[str, float | str]:
    return {field: _value(field, known, year) for field, known in presets()[name].fields.items()}


def _value(field: str, known: tuple[Reference, ...], year: int) -> float | str:
    before, after = _around(known, year)
    if before is after or isinstance(before.value, str) or isinstance(after.value, str):
        return before.value
    share = (year - before.year) / (after.year - before.year)
    if field in RATES:
        value = math.exp((1.0 - share) * math.log(before.value) + share * math.log(after.value))
    else:
        value = (1.0 - share) * before.value + share * after.value
    return float(f"{value:.{DIGITS}g}")


def _around(known: tuple[Reference, ...], year: int) -> tuple[Reference, Reference]:
    """Return the reference values around a year: the same twice at a reference year, and beyond the first and the last."""
    count = bisect_right([one.year for one in known], year)
    before = known[max(count - 1, 0)]
    after = known[min(count, len(known) - 1)]
    return (before, before) if before.year == year or count == 0 else (before, after)


def preset_evidence(name: str, year: int) -> dict[str, tuple[str, str]]:
    """Return the evidence of each field of a channel in a year, and the reason for its value.

    A number between two reference years is published only if both have the same source. A word is that of the year
    before.

    Raises
    ------
    ScenarioError
        If the channel is not known.
    """
    found: dict[str, tuple[str, str]] = {}
    for field, known in preset_named(name).fields.items():
        before, after = _around(known, year)
        if before is after or isinstance(before.value, str):
            found[field] = (before.evidence, before.why)
        else:
            same = before.evidence == after.evidence
            whys = (f"{one.year}: {one.why} ({one.evidence})" for one in (before, after))
            found[field] = (before.evidence if same else ASSUMPTION, "; ".join(whys))
    return found
