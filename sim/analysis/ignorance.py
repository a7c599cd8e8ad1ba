"""The decision while nobody knows which parameters are true, as it was stored beside results."""

from dataclasses import asdict

from sim.experiment import beside
from sim.experiment.ignorance import Decision
from sim.experiment.integrity import IGNORANCE
from sim.experiment.results import Results


def keep(results: Results, found: Decision) -> None:
    """Store what was found beside the results."""
    beside.write(results, IGNORANCE, asdict(found))


def is_damaged(results: Results) -> bool:
    """Return whether something was found for these results and cannot be read, or was found by another version."""
    return beside.is_damaged(results, IGNORANCE, Decision)


def stored(results: Results) -> Decision | None:
    """Return what was found for these results; None if it was not asked for."""
    return beside.stored(results, IGNORANCE, Decision)
