"""Early signs to look at, and the values below which to stop or change, as they were stored beside results."""

from dataclasses import asdict

import pandas as pd

from sim.analysis.frames import Frame, spread
from sim.experiment import beside
from sim.experiment.integrity import TRIP_WIRES
from sim.experiment.results import Results
from sim.experiment.trip_wires import TripWires


def keep(results: Results, found: TripWires) -> None:
    """Store what was found beside the results."""
    beside.write(results, TRIP_WIRES, asdict(found))


def stored(results: Results) -> TripWires | None:
    """Return what was found for these results; None if it was not asked for."""
    return beside.stored(results, TRIP_WIRES, TripWires)


def is_damaged(results: Results) -> bool:
    """Return whether something was found for these results and cannot be read, or was found by another version."""
    return beside.is_damaged(results, TRIP_WIRES, TripWires)


def table(found: TripWires) -> Frame:
    """Return one row per time: the sign, the value, the verdict, and how often it rings falsely or stays silent."""
    return pd.DataFrame(
        [
            {
                "after_quarters": one.after,
                "sign": one.sign,
                "value": one.value,
                "verdict": one.verdict,
                **spread("false_alarm_share", one.false_alarm_share),
                **spread("missed_share", one.missed_share),
            }
            for one in found.wires
        ]
    )
