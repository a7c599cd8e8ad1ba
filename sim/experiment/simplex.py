"""Shares that sum to 1: if some of them are given, the others make room in proportion to what they were."""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sim.experiment.errors import ResultsError
from sim.scenario import Scenario

SPLIT = "team.split"
OF_ONE = (  # paths of shares that sum to 1; what is before the star tells one sum from another
    r"(team\.split)\.([^.]+)",
    r"(content\.formats)\.([^.]+)\.mix",
    r"(market\.segments)\.([^.]+)\.share",
    r"(market\.roles)\.([^.]+)\.weight",
    r"(team\.members)\.([^.]+)\.share",
    r"(channels\.[^.]+\.engagement_mix)\.([^.]+)",
    r"(sales\.stages)\.([^.]+)\.share_of_cycle",
)


@lru_cache(1024)
def whole_of(path: str) -> str | None:
    """Return what a path is a share of; None if it is not a share."""
    for pattern in OF_ONE:
        found = re.fullmatch(pattern, path)
        if found:
            return found[1]
    return None


def from_uniforms(uniforms: Mapping[str, float]) -> dict[str, float]:
    """Turn a uniform below 1 for each share into shares of a whole, uniform over all ways to share it."""
    spacings = {name: -math.log1p(-uniform) for name, uniform in uniforms.items()}
    total = math.fsum(spacings.values())
    return {name: spacing / total if total > 0.0 else 1.0 / len(spacings) for name, spacing in spacings.items()}


def with_others(base: Scenario, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Add to the settings what the other shares become in the room that is left.

    Raises
    ------
    ResultsError
        If shares that are set sum to more than 1.
    """
    changed = dict(settings)
    for whole in {whole_of(path) for path in settings} - {None}:
        shares = _shares(base, str(whole))
        given = {path: float(value) for path, value in settings.items() if path in shares}
        others = {path: share for path, share in shares.items() if path not in given}
        room, theirs = 1.0 - math.fsum(given.values()), math.fsum(others.values())
        if not others:
            continue
        if room < -1e-9:
            raise ResultsError(f"shares of {whole} sum to {1.0 - room:g}; at most 1 is possible")
        scale = [share / theirs if theirs > 0.0 else 1.0 / len(others) for share in others.values()]
        changed |= {path: max(0.0, room) * part for path, part in zip(others, scale, strict=True)}
    return changed


def as_weights(base: Scenario, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Scale shares of one whole so that they sum to 1, where several of them are set; other settings stay as they are."""
    changed = dict(settings)
    wholes = [whole_of(path) for path in settings]
    for whole in {one for one in wholes if one is not None and wholes.count(one) > 1}:
        shares = _shares(base, whole)
        weights = shares | {path: float(value) for path, value in settings.items() if path in shares}
        total = math.fsum(weights.values())
        if total > 0.0:
            changed |= {path: weight / total for path, weight in weights.items()}
    return changed


def paths_of(base: Scenario, whole: str) -> list[str]:
    """Return the paths of all shares of a whole, such as `team.split`; empty if it has no shares."""
    return list(_shares(base, whole))


def _shares(base: Scenario, whole: str) -> dict[str, float]:
    found: dict[str, float] = {}
    here: Any = base.model_dump(mode="python")
    for step in whole.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    for name, entry in (here or {}).items():
        for path in (f"{whole}.{name}", *(f"{whole}.{name}.{key}" for key in (entry if isinstance(entry, dict) else ()))):
            if whole_of(path) == whole:
                found[path] = _value(here, path.removeprefix(f"{whole}."))
    return found


def _value(here: Any, path: str) -> float:
    for step in path.split("."):
        here = here[step]
    return float(here)
