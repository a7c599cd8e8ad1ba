"""The effect of each guess on the answer in the common scenario, so that an author looks at the strongest ones first."""

from collections.abc import Iterable
from functools import cache
from importlib import resources

from sim.scenario.describe import Row
from sim.scenario.yaml import read_text


@cache
def effects() -> dict[str, float]:
    """Load mean absolute elementary effects on net return by path (Morris' mu*); `screening.yaml` explains how."""
    text = resources.files("sim.scenario").joinpath("screening.yaml").read_text(encoding="utf-8")
    return {path: float(effect) for path, effect in read_text(text, "screening.yaml").data.items()}


def assumed(rows: Iterable[Row]) -> list[tuple[Row, float | None]]:
    """Return the assumed and published values with their effects: strongest first, those not screened last."""
    known = effects()
    found = [(row, known.get(row.path)) for row in rows if row.tag in ("assumed", "published")]
    return sorted(found, key=lambda one: -1.0 if one[1] is None else one[1], reverse=True)
