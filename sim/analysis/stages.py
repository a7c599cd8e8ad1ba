"""A plan in stages, as it was stored beside results."""

from dataclasses import asdict

from sim.experiment import beside
from sim.experiment.integrity import STAGES
from sim.experiment.results import Results
from sim.experiment.staging import Staged


def keep(results: Results, found: Staged) -> None:
    """Store what was found beside the results."""
    beside.write(results, STAGES, asdict(found))


def stored(results: Results) -> Staged | None:
    """Return what was found for these results; None if it was not asked for."""
    return beside.stored(results, STAGES, Staged)


def is_damaged(results: Results) -> bool:
    """Return whether something was found for these results and cannot be read, or was found by another version."""
    return beside.is_damaged(results, STAGES, Staged)
