"""Overrides: `channels.network.reach=0.2` over a scenario that is there already."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.remarks import remark
from sim.scenario.errors import ScenarioError
from sim.scenario.faults import all_faults, nearest
from sim.scenario.fields import names_at, spot
from sim.scenario.merging import Given, Origin, Origins, Ranges, following, lay_over, spelled_out, take_ranges
from sim.scenario.presets import has_preset, preset_named
from sim.scenario.schema.scenario import Scenario, channel_start
from sim.scenario.yaml import KeyPath, dotted, read_text


def parse_override(text: str) -> tuple[str, Any]:
    """Parse `PATH=VALUE` into path and value; the value is YAML.

    Raises
    ------
    ScenarioError
        If there is no path, no `=`, or the value is not plain YAML.
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise ScenarioError(
            remark("this is not PATH=VALUE"),
            key=f"--set {text}",
            remedy=remark("write for example --set team.hours_per_week=5"),
        )
    try:
        return path, read_text(value).data
    except ScenarioError as error:
        raise ScenarioError(error.fault, key=f"--set {path}", remedy=error.remedy) from None


def apply(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Replace the values at some dotted paths of a scenario, checking the result as a file would be.

    Raises
    ------
    ScenarioError
        For a path that the scenario does not have, or a value that is not possible there.

    Examples
    --------
    >>> thin = sim.apply(sim.load("scenarios/first.yaml"), {"sales.margin": 0.2})
    >>> thin.sales.margin
    0.2
    """
    changed, _, _ = override(scenario, {}, {}, [(path, _whole(path, value)) for path, value in values.items()], prefix="")
    return changed


def _whole(path: str, value: Any) -> Any:
    """Turn a float without decimals into an int where only an int will do: designs make their levels with arithmetic.

    A negative zero is zero.
    """
    if isinstance(value, float):
        value += 0.0
    here = spot(tuple(path.split(".")))
    wants_int = here is not None and here.parameter is not None and here.parameter.annotation is int
    return int(value) if wants_int and isinstance(value, float) and value.is_integer() else value


def override(
    scenario: Scenario, origins: Origins, ranges: Ranges, values: list[tuple[str, Any]], prefix: str = "--set "
) -> tuple[Scenario, Origins, Ranges]:
    """Lay the values of some dotted paths over a scenario, its origins and its ranges; later values win."""
    base = Given(scenario.model_dump(mode="python"), {})
    named: list[KeyPath] = []
    for text, value in values:
        path = _place_of_number(text, base.data) if isinstance(value, int | float) else None
        if path is None:
            path = _resolve(text, base.data, value, prefix)
            base = lay_over(base, _nest(path, value, Origin(f"{prefix}{text}")), within=path)
        else:  # what lies over a number is another one: searches do this by the hundred thousand
            _holder(base.data, path)[str(path[-1])] = value
            base.origins[path] = Origin(f"{prefix}{text}")
        named.append(path)
    if base.data["channels_year"] != scenario.channels_year:
        base = Given(_of_another_year(base.data, scenario, {**origins, **base.origins}), base.origins)
    given, new_ranges, faults = take_ranges(base)
    try:
        changed = Scenario.model_validate(given.data)
    except ValidationError as error:
        places: Origins = dict(given.origins)
        if named:  # a fault of the whole, such as shares that do not sum to 1, is the doing of the last override
            places.setdefault((), Origin(f"{prefix}{values[-1][0]}"))
        written = {**origins, **given.origins} if origins else None
        raise all_faults(error, places, rank=lambda file: 0, ranges=faults, written=written) from None
    kept = {path: found for path, found in ranges.items() if not any(_touches(path, path_set) for path_set in named)}
    return changed, following(changed, {**origins, **given.origins}), {**kept, **new_ranges}


def _of_another_year(data: dict[str, Any], before: Scenario, origins: Origins) -> dict[str, Any]:
    """Leave out the numbers of channels that were those of the year before and that nobody gave: the new year gives its own."""
    channels = data["channels"]
    if not isinstance(channels, dict):
        return data
    changed: dict[str, Any] = {}
    for name, channel in channels.items():
        if not isinstance(channel, dict) or not has_preset(name):
            changed[name] = channel
            continue
        start = channel_start(name, before.channels_year)
        changed[name] = {
            field: value
            for field, value in channel.items()
            if field not in preset_named(name).fields or ("channels", name, field) in origins or value != start[field]
        }
    return {**data, "channels": changed}


def _nest(path: KeyPath, value: Any, origin: Origin) -> Given:
    """Return the value as a scenario file would have it."""
    data: Any = value
    for step in reversed(path):
        data = {step: data}
    origins: Origins = {}
    _mark(value, path, origin, origins)
    return spelled_out(Given(data, origins))


def _mark(value: Any, path: KeyPath, origin: Origin, origins: Origins) -> None:
    origins[path] = origin
    if isinstance(value, dict):
        for step, part in value.items():
            _mark(part, (*path, step), origin, origins)


def _touches(path: KeyPath, changed: KeyPath) -> bool:
    """Return whether a change at one path makes a range at another void."""
    here = spot(path[:-1])
    if here is not None and here.is_lognormal and path[:-1] == changed[:-1]:
        return path[-1] == changed[-1] or "median" not in (path[-1], changed[-1])
    return path[: len(changed)] == changed


def _place_of_number(text: str, data: dict[str, Any]) -> KeyPath | None:
    """Return the key path of a number that stands there and nothing else; None if a closer look is needed.

    That is, where names have dots, at quantities that may be given in several ways, and at anything that is not yet a number.
    """
    path = tuple(text.split("."))
    here: Any = data
    for step in path:
        if not isinstance(here, dict) or step not in here or any("." in str(name) for name in here):
            return None
        here = here[step]
    parent = spot(path[:-1])
    is_known = spot(path) is not None and parent is not None and not parent.is_lognormal
    return path if is_known and isinstance(here, int | float) else None


def _holder(data: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return the mapping that holds the last step of a path."""
    for step in path[:-1]:
        data = data[str(step)]
    return data


def _resolve(text: str, data: dict[str, Any], value: Any, prefix: str) -> KeyPath:
    """Resolve a dotted path to a key path; names of entries may contain dots.

    Raises
    ------
    ScenarioError
        If the scenario has no such path, with the nearest that it has.
    """
    if not text or text.endswith("."):
        raise ScenarioError(
            remark("this names no value"), key=f"{prefix}{text}", remedy=remark("write for example team.hours_per_week")
        )
    path: KeyPath = ()
    rest = text
    here: Any = data
    while rest:
        known = _names(path, here)
        step = _longest(rest, known)
        if step is None:
            if not _may_be_new(path, rest, value):
                wrong = (*path, rest.split(".")[0])
                remedy = nearest(wrong, known) if known else remark("{key} has no parts", key=dotted(path))
                raise ScenarioError(
                    remark("the scenario has no {wrong}", wrong=dotted(wrong)), key=f"{prefix}{text}", remedy=remedy
                )
            step = rest
        path = (*path, step)
        rest = rest[len(step) + 1 :]
        here = here.get(step, {}) if isinstance(here, dict) else {}
    return path


def _longest(rest: str, known: tuple[str, ...]) -> str | None:
    """Return the longest name that a path begins with; None if it begins with none."""
    begun = rest
    while begun not in known:
        begun, dot, _ = begun.rpartition(".")
        if not dot:
            return None
    return begun


def _names(path: KeyPath, here: Any) -> tuple[str, ...]:
    """Return the names that may follow: fields, existing entries, and entries that can be named beforehand."""
    at = spot(path)
    if at is None:
        return ()
    if at.is_collection and at.parameter is not None:
        entries = here if isinstance(here, dict) else {}  # an earlier override may have put anything here
        return tuple(dict.fromkeys((*entries, *at.parameter.entry_names)))
    return names_at(path)


def _may_be_new(path: KeyPath, rest: str, value: Any) -> bool:
    """Return whether this names a whole new entry; a part of an entry that does not exist is more likely a slip."""
    at = spot(path)
    named = at is not None and at.is_collection and spot((*path, rest)) is not None
    return named and isinstance(value, dict) and "." not in rest
