"""Results whose tables are drawn by lot: of as many points as one likes, and made at once."""

from pathlib import Path

from benchmarks.charts import write_drawn
from sim.experiment import Results, read
from sim.experiment.designs import grid, sampled
from tests.small import short


def drawn_by_lot(folder: Path, vary: tuple[str, ...], points: int | None, worlds: int) -> Results:
    """A Latin hypercube of so many points, or a grid if None."""
    design = grid(short(), vary) if points is None else sampled(short(), vary, "lhs", points, 1)
    write_drawn(folder, design, worlds)
    return read(folder)
