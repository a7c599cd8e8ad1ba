"""Print a digest of all that some worlds hold, to tell whether two builds live the same ones. Run as a script."""

import dataclasses
import hashlib

from sim.experiment.runner import replicate
from sim.model import simulate
from sim.model.record import Record, Table
from sim.model.twin import twin_of
from sim.scenario import load
from sim.version import build
from tests.places import ROOT

SCENARIOS = ("no_social", "hours_10", "hours_40", "today", "b2c", "launch")
SEED = 7


def digest(record: Record) -> str:
    """A hash of all tables of a record, to the last bit of every number and with the kind of each."""
    found = hashlib.sha256()
    for field in dataclasses.fields(record):
        held = getattr(record, field.name)
        found.update(repr([tuple(row) for row in held.rows] if isinstance(held, Table) else held).encode())
    return found.hexdigest()


def main() -> None:
    """Worlds, twins, replays and a trace of some scenarios, and what is measured of them."""
    print(build())
    for name in SCENARIOS:
        scenario = load(ROOT / "scenarios" / f"{name}.yaml")
        twin = simulate(twin_of(scenario), SEED, 0)
        for what, record in (
            ("twin", twin),
            ("world", simulate(scenario, SEED, 0)),
            ("replayed and traced", simulate(scenario, SEED, 0, twin, traced=5)),
        ):
            print(name, what, digest(record))
        tables = replicate((scenario,), SEED, 1, spillover=True)
        print(name, "measured", hashlib.sha256(repr(tables).encode()).hexdigest())


if __name__ == "__main__":
    main()
