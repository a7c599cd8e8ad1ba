"""Assumptions by their paths, as a director reads them."""

import re

from sim.report.text.translation import say
from sim.scenario.fields import Parameter, spot

IN_BRACKETS = re.compile(r" \([^()]*\)")  # sources and remarks


def meaning_of(path: str) -> str:
    """Say what the number at a path of a scenario means, without what its description has in brackets."""
    field, owner = _fields(path)
    if field is None:
        return path
    said = field.description if owner is None else f"{owner.description}: {field.description}"
    return IN_BRACKETS.sub("", say(said)).strip()


def unit_of(path: str, currency: str) -> str:
    """Say the unit of the number at a path of a scenario; empty if it has none."""
    field, owner = _fields(path)
    if field is None:
        return ""
    unit = owner.unit if owner is not None and field.name == "median" else field.unit
    if not unit or (owner is not None and field.name == "sigma"):
        return ""
    said = say(unit).replace(say("currency"), currency)
    return say("per {unit}", unit=said.removeprefix("1/")) if said.startswith("1/") else said


def _fields(path: str) -> tuple[Parameter | None, Parameter | None]:
    """Return the field at a path, and the one that it is a part of, if that is a lognormal quantity."""
    steps = tuple(path.split("."))
    here, above = spot(steps), spot(steps[:-1])
    owner = above.parameter if above is not None and above.is_lognormal else None
    return (None, None) if here is None else (here.parameter, owner)
