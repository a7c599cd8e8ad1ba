"""Queues of a world as the tables that vidigi animates: a log of those who wait, and where each of them is drawn."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.measures.events.queues import Place, Row
from sim.report.html.markup import safe_csv

ACROSS, DOWN, LEFT, TOP = 300, 110, 250, 100  # of places, in the units of the picture
PER_ROW = 2


def write(rows: Sequence[Row], places: Sequence[Place], log: Path, positions: Path) -> None:
    """Write the log, a row per thing that happens in the order of time, and a row per place."""
    frame = pd.DataFrame(rows, columns=list(Row._fields))
    safe_csv(frame.astype({"resource_id": "Int64"}), log)
    safe_csv(places_frame(places), positions)


def places_frame(places: Sequence[Place]) -> pd.DataFrame:
    """Return the places, two of them side by side, with who is needed there and how many there are."""
    rows = []
    for number, place in enumerate([Place("arrival", "arrival", 0), *places, Place("depart", "depart", 0)]):
        down, across = divmod(number, PER_ROW)
        resource = place.event if place.people else None
        people = place.people or None
        at = {"x": LEFT + ACROSS * across, "y": TOP + DOWN * ((len(places) + 1) // PER_ROW - down)}
        rows.append({"event": place.event, **at, "label": place.label, "resource": resource, "people": people})
    return pd.DataFrame(rows).astype({"people": "Int64"})
