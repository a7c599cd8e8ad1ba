"""Families of worlds: how hours change, what touches do, how good records are, whether there are seasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from sim.experiment.designs import HOURS
from sim.experiment.ensemble import NO_EFFECT
from sim.scenario import Scenario, apply, load
from sim.scenario.shipped import shipped
from sim.scenario.yaml import read

FILE = Path(__file__).with_name("families.yaml")
GROUPS, SWITCHED_ON = "groups", "switched_on"
NO = "none"


@dataclass(frozen=True)
class Family:
    """A kind of world."""

    pattern: str
    effect: str
    records: str
    seasons: str

    @property
    def name(self) -> str:
        """A name for files of those who know the truth."""
        return f"{self.pattern}-{self.effect}-{self.records}-{self.seasons}"

    def scenario(self, hours: float) -> Scenario:
        """Return the scenario of such a world with so many hours per week."""
        said = _said()
        base = load(shipped()[said["base"]])
        changes = dict(said["patterns"][self.pattern]) | said["records"][self.records] | said["seasons"][self.seasons]
        return apply(base, changes | _effects(base, float(said["effects"][self.effect])) | {HOURS: hours, "name": self.name})


def patterns() -> tuple[str, ...]:
    """Return the patterns of hours."""
    return tuple(_said()["patterns"])


def families() -> list[Family]:
    """Return every pattern with every effect, each in two of the four combinations of records and seasons.

    A half fraction of the factorial: every two of the four factors meet in all their combinations alike often.
    """
    said = _said()
    found = []
    for (first, pattern), (second, effect), (third, records), (fourth, seasons) in product(
        *(enumerate(said[name]) for name in ("patterns", "effects", "records", "seasons"))
    ):
        if (first + second + third + fourth) % 2 == 0:
            found.append(Family(pattern, effect, records, seasons))
    return found


@cache
def _said() -> Mapping[str, Any]:
    said: Mapping[str, Any] = read(FILE).data
    return said


def _effects(base: Scenario, power: float) -> dict[str, Any]:
    """Return what touches do to minds, weaker by a power of the odds ratios; at 0 nothing has an effect."""
    if power == 1.0:
        return {}
    changes: dict[str, Any] = {f"effects.{name}": getattr(base.effects, name) ** power for name in NO_EFFECT}
    return changes | {"crises.trust_loss": base.crises.trust_loss * power}
