"""The assumptions that would flip the advice on hours, as they were stored beside results."""

import math
from dataclasses import asdict

import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment import beside
from sim.experiment.flips import Flips
from sim.experiment.integrity import FLIPS
from sim.experiment.results import Results

OF_FLIP = ("flips_at", "plus_minus", "way", "hours")


def keep(results: Results, found: Flips) -> None:
    """Store what was found beside the results."""
    beside.write(results, FLIPS, asdict(found))


def stored(results: Results) -> Flips | None:
    """Return what was found for these results; None if it was not asked for."""
    return beside.stored(results, FLIPS, Flips)


def is_damaged(results: Results) -> bool:
    """Return whether something was found for these results and cannot be read, or was found by another version."""
    return beside.is_damaged(results, FLIPS, Flips)


def table(found: Flips) -> Frame:
    """Return one row per assumption that was tried: those that flip the advice, the nearest first, then the others.

    `flips_at`, `plus_minus`, `way` and `hours` (0: stop) are nan where the advice does not flip, and where three others flip it
    nearer to their likely values.
    """
    flips = {one.path: one for one in found.flips}
    order = {path: place for place, path in enumerate(flips)}
    tried = sorted(found.tried, key=lambda one: (order.get(one.path, len(order)), not one.flips))
    rows = []
    for one in tried:
        flip = flips.get(one.path)
        of_flip = {name: math.nan if flip is None else getattr(flip, name) for name in OF_FLIP}
        rows.append(
            {"assumption": one.path, "value": one.value, "low": one.low, "high": one.high, "flips": one.flips, **of_flip}
        )
    return pd.DataFrame(rows)
